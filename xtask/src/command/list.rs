//! `cargo xtask list`: every example, with its lesson.

use std::fmt::Write as _;

use crate::command::{Exit, present_folder, print};
use crate::runner::Trouble;
use crate::runner::catalog::Catalog;

const EXAMPLES: &str = "\
Examples:
  cargo xtask list               names and lessons, topic by topic
  cargo xtask list --markdown    the index of the README";

/// How to list.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Print tables with links, as the README has them.
    #[arg(long)]
    markdown: bool,
}

/// Runs the command.
///
/// # Errors
/// When the workspace or a source cannot be read.
pub fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let catalog = Catalog::load(&present_folder()?)?;
    let text = if arguments.markdown { markdown(&catalog)? } else { plain(&catalog)? };
    print(&text)
}

/// Topic by topic the names, what they take, and their lessons.
fn plain(catalog: &Catalog) -> Result<String, Trouble> {
    let mut text = String::new();
    let mut rows = Vec::new();
    for example in &catalog.examples {
        let arguments = example.arguments(&catalog.root)?;
        let call = format!("{} {arguments}", example.name).trim_end().to_owned();
        rows.push((&example.topic, call, example.lesson(&catalog.root)?));
    }
    let width = rows.iter().map(|(_, call, _)| call.len()).max().unwrap_or(0);
    for topic in rows.chunk_by(|(one, ..), (other, ..)| one == other) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{}", topic[0].0);
        for (_, call, lesson) in topic {
            let _ = writeln!(text, "  {call:<width$}  {lesson}");
        }
    }
    Ok(text)
}

/// The index of the README: a table for each topic.
///
/// # Errors
/// When a source cannot be read.
pub fn markdown(catalog: &Catalog) -> Result<String, Trouble> {
    let mut text = String::new();
    for topic in catalog.examples.chunk_by(|one, other| one.topic == other.topic) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ =
            writeln!(text, "{gap}### {}\n\n| Program | Lesson |\n| --- | --- |", topic[0].package);
        for example in topic {
            // A link has the slashes of every system.
            let link = example.source.to_string_lossy().replace('\\', "/");
            let arguments = match example.arguments(&catalog.root)?.as_str() {
                "" => String::new(),
                arguments => format!(" `{arguments}`"),
            };
            let lesson = example.lesson(&catalog.root)?.replace('|', "\\|");
            let _ = writeln!(text, "| [`{}`]({link}){arguments} | {lesson} |", example.name);
        }
    }
    Ok(text)
}
