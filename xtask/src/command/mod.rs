//! The subcommands of `cargo xtask`.

mod calls;
pub mod check;
mod check_and_report;
pub mod compare;
mod context;
pub mod copy;
mod drawing;
mod ending;
pub mod exercise;
pub mod exit;
pub mod grade;
pub mod list;
pub mod load;
mod options;
pub mod orders;
pub mod pictures;
pub mod report;
pub mod run_all;
pub mod timeline;
pub mod try_change;

use std::ffi::OsString;

use clap::{ColorChoice, Parser, Subcommand};

use crate::cancel::Cancel;
use crate::error::{Error, Result};
use exit::Exit;

/// Run the lessons and check their output against snapshots of all legal outputs
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours; `auto` uses them on a terminal unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", default_value_t, display_order = 100)]
    pub color: ColorChoice,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build and run every lesson, and check its output against its snapshot
    RunAll(run_all::Arguments),
    /// List every lesson with what it teaches
    List(list::Arguments),
    /// Check any program, in any language, against the snapshot of a lesson
    Check(check::Arguments),
    /// Check all programs in a folder against the snapshot of a lesson
    Grade(grade::Arguments),
    /// Run lessons and draw which thread printed each line, and when
    Timeline(timeline::Arguments),
    /// Draw which orders of lines a snapshot allows
    Orders(orders::Arguments),
    /// Run a lesson with the change that its Try proposes
    Try(try_change::Arguments),
    /// Run lessons and draw how busy each core is meanwhile
    Load(load::Arguments),
    /// Draw the pictures in the documents again
    Pictures(pictures::Arguments),
    /// Measure how long lessons take in Python and in Rust
    Compare(compare::Arguments),
    /// Practise with programs that have a fault
    Exercise(exercise::Arguments),
    /// Copy each lesson into its own Cargo project
    Copy(copy::Arguments),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// Those of the subcommand.
    pub fn run(&self, cancel: &Cancel) -> Result<Exit> {
        match self {
            Self::RunAll(arguments) => run_all::run(arguments, cancel),
            Self::List(arguments) => list::run(arguments),
            Self::Check(arguments) => check::run(arguments, cancel),
            Self::Grade(arguments) => grade::run(arguments, cancel),
            Self::Timeline(arguments) => timeline::run(arguments, cancel),
            Self::Orders(arguments) => orders::run(arguments),
            Self::Try(arguments) => try_change::run(arguments, cancel),
            Self::Load(arguments) => load::run(arguments, cancel),
            Self::Compare(arguments) => compare::run(arguments, cancel),
            Self::Pictures(arguments) => pictures::run(arguments, run_words, cancel),
            Self::Exercise(arguments) => exercise::run(arguments, cancel),
            Self::Copy(arguments) => copy::run(arguments, cancel),
        }
    }
}

/// Runs the command that has these arguments.
///
/// # Errors
/// When there is no such command; and those of the command.
pub fn run_words(words: Vec<OsString>, cancel: &Cancel) -> Result<Exit> {
    let words = [OsString::from("cargo xtask")].into_iter().chain(words);
    let arguments =
        Arguments::try_parse_from(words).map_err(|error| Error::new(error.to_string()))?;
    arguments.command.run(cancel)
}

impl Arguments {
    /// Applies the choice of colours to everything that is printed from now on.
    pub fn apply_color(&self) {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
