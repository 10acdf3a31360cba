//! `cargo xtask timeline`: runs lessons and draws which thread printed each line, and when.

mod labels;
mod lines;
mod naming;
mod order;
pub mod picture;
pub mod table;

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use indicatif::ProgressBar;

use crate::build::{BuildOptions, build};
use crate::cancel::Cancel;
use crate::check::{Checker, RunResult, Status};
use crate::command::calls::{Call, calls};
use crate::command::context::{current_folder, progress_enabled, terminal_width};
use crate::command::exit::{Exit, print};
use crate::command::options::seconds;
use crate::error::{Error, Result};
use crate::files::{check_writable, write_atomically};
use crate::suite::{Case, RunFolder, Subject, Suite};
use crate::workspace::Workspace;

pub use lines::Timeline;
pub use order::Order;

const EXAMPLES: &str = "\
Examples:
  cargo xtask timeline queue                         draw one run as a table
  cargo xtask timeline event 0.1                     with an argument
  cargo xtask timeline single_thread_with_blocking_wait 0.2 concurrent_tasks 0.2 -o waits.svg
  cargo xtask timeline daemon -- python3 my_daemon.py

A word that starts with a letter names a lesson. Any other word is an argument of the lesson
before it. A word in quotes is a name with all its arguments. The snapshot of the lesson must have
a run with these arguments. Without arguments, it is the run that the header of the lesson shows.

A column, or in a picture a row, stands for a thread, a task or a process. It is the one that the
line names at its beginning (`ThreadId(2)`, `worker 1`, `main`, or a name with a colon), or a lane
of the snapshot. All other lines are in `main`, or in `?` if no line of the snapshot is like them.
Where a rule is drawn, everything before it always comes before everything after it. The time of a
line is when it arrived here. If your program collects its output, let it flush each line.

Exit code: 0 every output is legal, 1 an output is not, 2 an error, 130 stopped by Ctrl-C. With 1
and 130 the picture shows what came until then.";

/// What to run, and where to draw it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask timeline [OPTIONS] NAME [ARG]... [NAME [ARG]...]...\n       \
                      cargo xtask timeline [OPTIONS] NAME [ARG]... -- COMMAND...",
)]
pub struct Arguments {
    /// Lessons, each with its arguments
    #[arg(value_name = "NAME", required = true, allow_negative_numbers = true)]
    words: Vec<String>,
    /// Write a picture to this file instead of printing a table
    #[arg(short, long, value_name = "FILE.svg")]
    output: Option<PathBuf>,
    /// Override the time limit of every run
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Build with optimisations
    #[arg(long)]
    release: bool,
    /// Run this program instead of the lesson; the arguments are appended
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such lesson or run, a snapshot is broken, a lesson cannot be built or started, or
/// the picture cannot be written.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    let workspace = Workspace::load(&current_folder()?)?;
    let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    let calls = calls(&workspace, &words)?;
    if calls.len() > 1 && !arguments.command.is_empty() {
        return Err(Error::new("a command can be drawn for one lesson only; name one"));
    }
    if let Some(file) = &arguments.output {
        check_writable(file).map_err(|error| Error::io("write", file, &error))?;
    }
    let suites = arguments.suites(&workspace, &calls, cancel)?;

    let mut checker = Checker::new(cancel.clone());
    checker.timeout = arguments.timeout;
    let mut timelines = Vec::new();
    let mut worst = Status::Passed;
    for suite in &suites {
        let case = Case { suite, index: suite.runs[0] };
        let result = check_with_progress(&checker, case);
        if result.status == Status::Error {
            return Err(Error::new(format!("{}: {}", case.title(), result.problem)));
        }
        worst = worst.max(result.status);
        timelines.push(Timeline::of(case, &result));
        if cancel.is_set() {
            break;
        }
    }
    let text = match &arguments.output {
        None => table::draw(&timelines, terminal_width()),
        Some(file) => {
            write_atomically(file, &picture::draw(&timelines))
                .map_err(|error| Error::io("write", file, &error))?;
            let verdicts = timelines.iter().map(Timeline::verdict);
            format!("{}picture: {}\n", verdicts.collect::<String>(), file.display())
        }
    };
    let printed = print(&text)?;
    Ok(match worst {
        _ if printed != Exit::Success => printed,
        _ if cancel.is_set() => Exit::Interrupted,
        Status::Failed => Exit::Failed,
        _ => Exit::Success,
    })
}

impl Arguments {
    /// What to check: for each call a suite with that one run.
    fn suites(
        &self,
        workspace: &Workspace,
        calls: &[Call<'_>],
        cancel: &Cancel,
    ) -> Result<Vec<Suite>> {
        let root = &workspace.root;
        let programs = if self.command.is_empty() {
            let quiet = !io::stderr().is_terminal();
            let options = BuildOptions { release: self.release, quiet };
            build(root, calls.iter().map(|call| call.lesson), options, cancel)?
        } else {
            HashMap::new()
        };
        let suite = |call: &Call<'_>| {
            let mut suite = if let Some(program) = programs.get(&call.lesson.name) {
                Suite::of_lesson(call.lesson, root, program)?
            } else {
                let snapshot = vec![call.lesson.name.clone()];
                let words = self.command.clone();
                let folder = RunFolder::Current;
                let subject = Subject::Command { words, folder, snapshot };
                Suite::load(root, &call.lesson.snapshot, subject)?
            };
            suite.runs = vec![call.find_run(&suite, root)?];
            Ok(suite)
        };
        calls.iter().map(suite).collect()
    }
}

/// Checks a run, with a spinner while it lasts.
fn check_with_progress(checker: &Checker, case: Case<'_>) -> RunResult {
    let spinner =
        if progress_enabled() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    spinner.set_message(format!("running {}", case.title()));
    spinner.enable_steady_tick(Duration::from_millis(100));
    let result = checker.check(case);
    spinner.finish_and_clear();
    result
}
