//! `cargo xtask check`: checks any program, in any language, against a snapshot.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::cancel::Cancel;
use crate::command::check_and_report::check_and_report;
use crate::command::context::current_folder;
use crate::command::exit::Exit;
use crate::command::options::Options;
use crate::command::report::human::Scope;
use crate::error::{Error, Result};
use crate::files::runner_folder;
use crate::process::OUTPUT_LIMIT;
use crate::suite::{Case, RunFolder, Subject, Suite};
use crate::workspace::Workspace;

const EXAMPLES: &str = "\
Examples:
  cargo xtask check daemon -- python3 my_daemon.py
  cargo xtask check event --all -- ./my_event         also the runs that expect an error
  cargo xtask check lock --stress 20 -- ./my_lock     check it 20 times
  cargo xtask check --snapshot my.snap -- ./my_program
  cargo xtask check daemon --transcript output.txt    check a saved output
  python3 my_daemon.py | cargo xtask check daemon --transcript -

The arguments of each run are appended to COMMAND. Runs that expect an exit code other than 0 are
left out unless you give --all, or name one with --run.

A transcript contains only standard output, so the exit code and standard error of the program are
not checked. It is checked against the run that you name with --run, or the only run that expects
exit code 0.

When a program reaches its time limit (see --timeout), has written 16 MiB, or exceeds
--max-processes or --max-memory, it is killed with all processes in its process group. Processes and
memory are counted on Linux only, twenty times a second. This is not a sandbox: the program can read
and write what you can, and a process that has left its process group is not killed. Run programs
that you do not trust in a container.

Exit code: 0 everything passed, 1 a check failed, 2 an error, 130 stopped by Ctrl-C.";

/// What is wrong if a part of the command line is missing, which the forms show.
const FORMS: &str = "\
name one snapshot and one program, with `--` before the program:
  cargo xtask check NAME -- COMMAND...
  cargo xtask check --snapshot FILE -- COMMAND...
Instead of a program, `--transcript FILE` names an output that was saved.";

/// What to check, and against which snapshot.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask check [OPTIONS] NAME -- COMMAND...\n       \
                      cargo xtask check [OPTIONS] NAME --transcript FILE\n       \
                      cargo xtask check [OPTIONS] --snapshot FILE -- COMMAND...\n       \
                      cargo xtask check [OPTIONS] --snapshot FILE --transcript FILE",
)]
pub struct Arguments {
    /// The lesson whose snapshot to use
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// A program without `--` before it, which is an error
    #[arg(hide = true)]
    misplaced: Vec<OsString>,
    /// Use this snapshot instead of a lesson's
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Also check the runs that expect an exit code other than 0
    #[arg(long)]
    all: bool,
    /// Check only this run, written as in the snapshot after `$`
    #[arg(long, value_name = "'NAME ARGUMENT…'", conflicts_with = "all")]
    run: Option<String>,
    /// Check the standard output saved in FILE instead of running a program; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["command", "stress", "all", "timeout", "jobs"])]
    transcript: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
    /// The program and its first arguments; the arguments of each run are appended
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// When the arguments do not name a snapshot and a program, there is no such lesson or run, its snapshot
/// is broken, or a transcript cannot be read.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    let has_subject = arguments.transcript.is_some() || !arguments.command.is_empty();
    let words = match (&arguments.name, &arguments.snapshot) {
        _ if !has_subject || !arguments.misplaced.is_empty() => return Err(Error::new(FORMS)),
        (Some(name), None) => vec![name.clone()],
        (None, Some(path)) => vec!["--snapshot".to_owned(), path.display().to_string()],
        _ => return Err(Error::new(FORMS)),
    };
    let here = current_folder()?;
    let subject = match &arguments.transcript {
        Some(path) => Subject::Transcript(read_transcript(path)?),
        None => Subject::Command {
            words: arguments.command.clone(),
            folder: RunFolder::Current,
            snapshot: words,
        },
    };
    let (mut suite, outputs) = match (&arguments.name, &arguments.snapshot) {
        (Some(name), _) if name.ends_with(".snap") => {
            let problem = format!("`{name}` is not a lesson; write `--snapshot {name}`");
            return Err(Error::new(problem));
        }
        (Some(name), _) => {
            let workspace = Workspace::load(&here)?;
            let path = &workspace.find(name)?.snapshot;
            (Suite::load(&workspace.root, path, subject)?, runner_folder(&workspace.target))
        }
        // A snapshot needs no workspace.
        (None, path) => {
            let path = path.as_deref().expect("there is a name or a snapshot");
            (Suite::load(&here, path, subject)?, env::temp_dir())
        }
    };
    let left_out = arguments.choose_runs(&mut suite)?;
    let checker = arguments.options.run.checker(cancel.clone());
    let scope = Scope::Runs { left_out };
    check_and_report(&arguments.options, &checker, &[suite], &[], scope, outputs, None)
}

impl Arguments {
    /// Removes the runs that are not to be checked. Returns how many of them expect another exit code
    /// than 0 and were removed for that.
    fn choose_runs(&self, suite: &mut Suite) -> Result<usize> {
        let path = suite.path.display().to_string();
        let all = std::mem::take(&mut suite.runs);
        let titles = |runs: &[usize]| {
            runs.iter()
                .map(|&index| format!("\n  {}", Case { suite: &*suite, index }.title()))
                .collect::<String>()
        };
        let is_transcript = matches!(suite.subject, Subject::Transcript(_));
        let chosen: Vec<usize> = if let Some(wanted) = &self.run {
            let wanted = shlex::split(wanted);
            let is_wanted = |index: &usize| {
                wanted == shlex::split(&Case { suite: &*suite, index: *index }.title())
            };
            let found = all.iter().copied().find(is_wanted).ok_or_else(|| {
                Error::new(format!("`{path}` has no such run; it has:{}", titles(&all)))
            })?;
            vec![found]
        } else if self.all {
            all.clone()
        } else {
            let advice = if is_transcript { "; name one with `--run`" } else { "; add `--all`" };
            suite.successful_runs(advice)?
        };
        if is_transcript && chosen.len() > 1 {
            return Err(Error::new(format!(
                "`{path}` has several runs; name the one of the transcript with `--run`:{}",
                titles(&chosen)
            )));
        }
        if is_transcript && suite.snapshot.runs[chosen[0]].expects_stderr() {
            return Err(Error::new(
                "this run expects lines on standard error, and a transcript has none",
            ));
        }
        let named = self.run.is_some() || is_transcript;
        let left_out = if named { 0 } else { all.len() - chosen.len() };
        suite.runs = chosen;
        Ok(left_out)
    }
}

fn read_transcript(path: &Path) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let limit = OUTPUT_LIMIT as u64;
    let read = if path == Path::new("-") {
        io::stdin().lock().take(limit + 1).read_to_end(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut text))
    };
    read.map_err(|error| Error::io("read", path, &error))?;
    if text.len() > OUTPUT_LIMIT {
        let limit = OUTPUT_LIMIT / (1024 * 1024);
        return Err(Error::new(format!("`{}` has more than {limit} MiB", path.display())));
    }
    Ok(text)
}
