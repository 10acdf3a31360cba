//! The subcommands of `cargo xtask`.

pub mod check;
pub mod copy;
pub mod list;
pub mod load;
mod options;
mod report;
pub mod run_all;

use std::env;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{ColorChoice, Parser, Subcommand};

use crate::cancel::Cancel;
use crate::error::{Error, Result};

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
    /// Run lessons and draw how busy each core is meanwhile
    Load(load::Arguments),
    /// Copy lessons, each as a Cargo project of its own
    Copy(copy::Arguments),
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

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Success,
    /// A difference was found.
    Difference,
    /// Bad usage, a broken snapshot, a failed build.
    Error,
    /// Ctrl-C.
    Interrupted,
    /// The pipe that the report is written to was closed.
    ClosedPipe,
}

/// The exit codes of `diff`, and 128 plus the number of the signal that usually ends a program.
impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Difference => 1,
            Exit::Error => 2,
            Exit::Interrupted => 130,
            Exit::ClosedPipe => 141,
        })
    }
}

/// Prints the result of a command.
fn print(text: &str) -> Result<Exit> {
    match anstream::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Ok(()) => Ok(Exit::Success),
        Err(error) => cannot_report(&error),
    }
}

/// The end of a command that cannot write its report.
fn cannot_report(error: &io::Error) -> Result<Exit> {
    if error.kind() == ErrorKind::BrokenPipe {
        Ok(Exit::ClosedPipe)
    } else {
        Err(Error::new(format!("cannot write the report: {error}")))
    }
}

/// Goes on with a result, unless Ctrl-C has ended the command; then an error only follows from that.
fn unless_cancelled<T>(
    result: Result<T>,
    cancel: &Cancel,
    go_on: impl FnOnce(T) -> Result<Exit>,
) -> Result<Exit> {
    if cancel.is_set() { Ok(Exit::Interrupted) } else { go_on(result?) }
}

/// Whether a person is watching standard error, so that progress may be shown there.
fn progress_enabled() -> bool {
    io::IsTerminal::is_terminal(&io::stderr())
        && env::var_os("CI").is_none()
        && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

fn current_folder() -> Result<PathBuf> {
    env::current_dir().map_err(|error| Error::new(format!("cannot find this folder: {error}")))
}

/// Parses a number of seconds on the command line.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "it must be a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
