//! `cargo xtask orders`: draws which orders of lines a snapshot allows.

mod layout;
pub mod picture;
pub mod table;

use std::path::PathBuf;

use crate::command::calls::calls;
use crate::command::context::{current_folder, terminal_width};
use crate::command::exit::{Exit, print};
use crate::error::{Error, Result};
use crate::files::write_atomically;
use crate::suite::{Case, Subject, Suite};
use crate::workspace::Workspace;

pub use layout::Layout;

const EXAMPLES: &str = "\
Examples:
  cargo xtask orders barrier
  cargo xtask orders event 0                      the run with this argument
  cargo xtask orders barrier -o barrier.svg
  cargo xtask orders --snapshot my.snap

A column stands for a lane, which prints its lines from top to bottom. The lines of different
columns may come in any order, except that a line with `<mark` comes after every line with
`@mark`. A line across all columns comes after everything above it and before everything below it.
In a picture, arrows show the same. `{name}` stands for a value that is the same in all places.

Nothing is run. Without arguments, the run is the one that the header of the lesson shows.";

/// Which run of which snapshot to draw, and where.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask orders [OPTIONS] NAME [ARG]...\n       \
                      cargo xtask orders [OPTIONS] --snapshot FILE",
)]
pub struct Arguments {
    /// The lesson, and the arguments of the run
    #[arg(
        value_name = "NAME",
        required_unless_present = "snapshot",
        conflicts_with = "snapshot",
        allow_negative_numbers = true
    )]
    words: Vec<String>,
    /// Draw the first run of this snapshot instead of a lesson's
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Write a picture to this file instead of printing text
    #[arg(short, long, value_name = "FILE.svg")]
    output: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such lesson or run, the snapshot is broken, or the picture cannot be written.
pub fn run(arguments: &Arguments) -> Result<Exit> {
    let here = current_folder()?;
    // Nothing is run, so there is no output.
    let no_output = Subject::Transcript(Vec::new());
    let (suite, index) = if let Some(path) = &arguments.snapshot {
        // A snapshot needs no workspace.
        let suite = Suite::load(&here, path, no_output)?;
        (suite, 0)
    } else {
        let workspace = Workspace::load(&here)?;
        let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
        let calls = calls(&workspace, &words)?;
        let [call] = calls.as_slice() else {
            return Err(Error::new("only one lesson can be drawn at a time"));
        };
        let suite = Suite::load(&workspace.root, &call.lesson.snapshot, no_output)?;
        let index = call.find_run(&suite, &workspace.root)?;
        (suite, index)
    };
    let layout = Layout::of(Case { suite: &suite, index });
    let Some(file) = &arguments.output else {
        return print(&table::draw(&layout, terminal_width()));
    };
    write_atomically(file, &picture::draw(&layout))
        .map_err(|error| Error::io("write", file, &error))?;
    print(&format!("{}\npicture: {}\n", layout.title(), file.display()))
}
