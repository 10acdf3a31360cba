//! `cargo xtask check`: any program, in any language, held to a snapshot.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::command::{Exit, Options, present_folder};
use crate::runner::Trouble;
use crate::runner::cancel::Cancel;
use crate::runner::catalog::Catalog;
use crate::runner::report::Scope;
use crate::runner::schedule::Times;
use crate::runner::session::Session;
use crate::runner::subject::Subject;

const EXAMPLES: &str = "\
Examples:
  cargo xtask check daemon -- python3 my_daemon.py
  cargo xtask check daemon --all -- ./my_daemon       bad arguments too
  cargo xtask check --snapshot my.snap -- ./my_program

The arguments of each run are put behind COMMAND. Runs that expect an exit code other than 0 are
left out unless there is --all.

Exit code: 0 all is well, 1 a difference was found, 2 trouble, 130 stopped by Ctrl-C.";

/// What to hold to which snapshot.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask check [OPTIONS] NAME -- COMMAND...\n       \
                      cargo xtask check [OPTIONS] --snapshot FILE -- COMMAND...",
)]
pub struct Arguments {
    /// The example whose snapshot it is.
    #[arg(value_name = "NAME", required_unless_present = "snapshot", conflicts_with = "snapshot")]
    name: Option<String>,
    /// A snapshot that is no example's.
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Hold the program to every run.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    options: Options,
    /// The program, and the arguments that it always gets.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such example, or its snapshot is broken.
pub fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let cancel = Cancel::on_ctrl_c()?;
    let here = present_folder()?;
    let command = arguments.command.clone();
    let (mut subject, target) = match (&arguments.name, &arguments.snapshot) {
        (Some(name), _) => {
            let catalog = Catalog::load(&here)?;
            let path = &catalog.find(name)?.snapshot;
            (Subject::of_command(command, &catalog.root, path)?, Some(catalog.target))
        }
        // A snapshot needs no workspace.
        (None, path) => {
            let path = path.as_deref().unwrap_or(Path::new(""));
            (Subject::of_command(command, &here, path)?, None)
        }
    };
    let all = subject.runs.len();
    if !arguments.all {
        let snapshot = &subject.snapshot;
        subject.runs.retain(|index| snapshot.runs[*index].exit == 0);
    }
    let left_out = all - subject.runs.len();
    if left_out == all {
        return Err(Trouble(format!(
            "no run of `{}` expects exit code 0: `--all` holds the others too",
            subject.path.display()
        )));
    }
    let session = Session::new(target.as_deref(), cancel);
    // The times of another program say nothing of the example's.
    let times = Times::default();
    arguments.options.hold(session, times, &[subject], &[], Scope::Runs { left_out }, None)
}
