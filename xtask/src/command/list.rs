//! `cargo xtask list`: every lesson with what it teaches.

use std::fmt::Write as _;

use crate::command::context::current_folder;
use crate::command::exit::{Exit, print};
use crate::error::Result;
use crate::workspace::{TOPICS, Workspace, slashes};

const EXAMPLES: &str = "\
Examples:
  cargo xtask list               every lesson, grouped by topic
  cargo xtask list --markdown    the index of the README";

/// How to list.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Print tables with links, as in the README
    #[arg(long)]
    markdown: bool,
}

/// Runs the command.
///
/// # Errors
/// When the workspace or a source cannot be read.
pub fn run(arguments: &Arguments) -> Result<Exit> {
    let workspace = Workspace::load(&current_folder()?)?;
    let text = if arguments.markdown { markdown(&workspace)? } else { plain(&workspace)? };
    print(&text)
}

/// Topic by topic the names, their arguments, and what they teach.
fn plain(workspace: &Workspace) -> Result<String> {
    let mut text = String::new();
    let mut rows = Vec::new();
    for lesson in &workspace.lessons {
        let arguments = lesson.arguments(&workspace.root)?;
        let call = format!("{} {arguments}", lesson.name).trim_end().to_owned();
        rows.push((&lesson.topic, call, lesson.summary(&workspace.root)?));
    }
    let width = rows.iter().map(|(_, call, _)| call.len()).max().unwrap_or(0);
    for topic in rows.chunk_by(|(one, ..), (other, ..)| one == other) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{}", topic[0].0);
        for (_, call, summary) in topic {
            let _ = writeln!(text, "  {call:<width$}  {summary}");
        }
    }
    Ok(text)
}

/// The index of the README: a table for each topic, in the order in which to read the lessons.
///
/// # Errors
/// When a source cannot be read.
pub fn markdown(workspace: &Workspace) -> Result<String> {
    let mut text = String::new();
    let mut topics: Vec<&str> = workspace.lessons.iter().map(|lesson| &*lesson.topic).collect();
    topics.sort_by_key(|topic| TOPICS.iter().position(|known| known == topic));
    topics.dedup();
    for topic in topics {
        let topic = workspace.reading_order(topic)?;
        let gap = if text.is_empty() { "" } else { "\n" };
        let package = &topic[0].package;
        let _ = writeln!(text, "{gap}### {package}\n\n| Program | Lesson |\n| --- | --- |");
        for lesson in topic {
            let link = slashes(&lesson.source);
            let arguments = match lesson.arguments(&workspace.root)?.as_str() {
                "" => String::new(),
                arguments => format!(" `{arguments}`"),
            };
            let summary = lesson.summary(&workspace.root)?.replace('|', "\\|");
            let _ = writeln!(text, "| [`{}`]({link}){arguments} | {summary} |", lesson.name);
        }
    }
    Ok(text)
}
