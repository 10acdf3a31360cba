//! `cargo xtask check`: any program, in any language, held to a snapshot.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::command::{Exit, Options, present_folder};
use crate::runner::Trouble;
use crate::runner::cancel::Cancel;
use crate::runner::catalog::Catalog;
use crate::runner::group::Usage;
use crate::runner::report::Scope;
use crate::runner::schedule::Times;
use crate::runner::session::OUTPUT_LIMIT;
use crate::runner::subject::Subject;

const EXAMPLES: &str = "\
Examples:
  cargo xtask check daemon -- python3 my_daemon.py
  cargo xtask check event --all -- ./my_event         bad arguments too
  cargo xtask check lock --runs 20 -- ./my_lock       is it only right by luck?
  cargo xtask check --snapshot my.snap -- ./my_program
  cargo xtask check daemon --transcript output.txt    an output that was saved
  python3 my_daemon.py | cargo xtask check daemon --transcript -

The arguments of each run are put behind COMMAND. Runs that expect an exit code other than 0 are
left out unless there is --all, or --run names one.

A transcript is standard output, and judged as such: what the exit code was, it does not tell. It
is held to the run that --run names, or else to the only one that expects exit code 0.

Each program is ended, with all that it has started, when it takes too long (see --timeout), has
written 16 MiB, or goes beyond --max-processes or --max-memory. Those two are counted on Linux only,
twenty times a second. It is no sandbox: a program can read and write what you can, and one that
leaves its process group on purpose gets away. What you do not trust belongs into a container.

Exit code: 0 all is well, 1 a difference was found, 2 trouble, 130 stopped by Ctrl-C.";

/// What to hold to which snapshot.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask check [OPTIONS] NAME -- COMMAND...\n       \
                      cargo xtask check [OPTIONS] NAME --transcript FILE\n       \
                      cargo xtask check [OPTIONS] --snapshot FILE ...",
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
    /// Hold it to this run only, named as in the snapshot behind its `$`.
    #[arg(long, value_name = "'NAME ARGUMENT…'", conflicts_with = "all")]
    run: Option<String>,
    /// Run nothing, but judge this saved standard output [`-`: what comes on standard input].
    #[arg(long, value_name = "FILE", conflicts_with_all = ["command", "stress", "all"])]
    transcript: Option<PathBuf>,
    /// How many processes a run may have at a time.
    #[arg(long, value_name = "N", default_value_t = 256)]
    max_processes: usize,
    /// How much memory they may use together.
    #[arg(long, value_name = "MIB", default_value_t = 4096)]
    max_memory: u64,
    #[command(flatten)]
    options: Options,
    /// The program, and the arguments that it always gets.
    #[arg(last = true, required_unless_present = "transcript", value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such example or run, its snapshot is broken, or a transcript cannot be read.
pub fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let cancel = Cancel::on_ctrl_c()?;
    let here = present_folder()?;
    let command = arguments.command.clone();
    let (mut subject, target) = match (&arguments.name, &arguments.snapshot) {
        (Some(name), _) if name.ends_with(".snap") => {
            return Err(Trouble(format!("`{name}` is no example; write `--snapshot {name}`")));
        }
        (Some(name), _) => {
            let catalog = Catalog::load(&here)?;
            let path = &catalog.find(name)?.snapshot;
            (Subject::of_command(command, &catalog.root, path)?, Some(catalog.target))
        }
        // A snapshot needs no workspace.
        (None, path) => {
            let path = path.as_deref().expect("clap asks for a name or a snapshot");
            (Subject::of_command(command, &here, path)?, None)
        }
    };
    let left_out = arguments.choose_runs(&mut subject)?;
    if let Some(path) = &arguments.transcript {
        subject.transcript = Some(read_transcript(path, &subject)?);
    }
    let mut session = arguments.options.session(target.as_deref(), cancel);
    session.group =
        Some(Usage { processes: arguments.max_processes, memory: arguments.max_memory });
    // The times of another program say nothing of the example's.
    let times = Times::default();
    arguments.options.hold(session, times, &[subject], &[], Scope::Runs { left_out }, None)
}

impl Arguments {
    /// Leaves a subject the runs that count. Returns how many were left out unasked.
    fn choose_runs(&self, subject: &mut Subject) -> Result<usize, Trouble> {
        let path = subject.path.display().to_string();
        let runs = std::mem::take(&mut subject.runs);
        let titles = |runs: &[usize]| {
            runs.iter().map(|&index| format!("\n  {}", subject.title(index))).collect::<String>()
        };
        if let Some(wanted) = &self.run {
            let wanted = shlex::split(wanted);
            let title = |index| shlex::split(&subject.title(index));
            let found = runs.iter().copied().find(|&index| wanted == title(index));
            let found = found.ok_or_else(|| {
                Trouble(format!("`{path}` has no such run; it has:{}", titles(&runs)))
            })?;
            subject.runs = vec![found];
            return Ok(0);
        }
        let is_well = |index: &usize| self.all || subject.run(*index).exit == 0;
        let chosen: Vec<usize> = runs.iter().copied().filter(is_well).collect();
        if chosen.is_empty() {
            return Err(Trouble(format!(
                "no run of `{path}` expects exit code 0: `--all` holds the others too"
            )));
        }
        if self.transcript.is_some() && chosen.len() > 1 {
            return Err(Trouble(format!(
                "`{path}` has several runs: say with `--run` of which one the transcript is:{}",
                titles(&chosen)
            )));
        }
        let left_out = if self.transcript.is_some() { 0 } else { runs.len() - chosen.len() };
        subject.runs = chosen;
        Ok(left_out)
    }
}

fn read_transcript(path: &Path, subject: &Subject) -> Result<Vec<u8>, Trouble> {
    let mut text = Vec::new();
    let most = OUTPUT_LIMIT as u64;
    let read = if path == Path::new("-") {
        io::stdin().lock().take(most + 1).read_to_end(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut text))
    };
    read.map_err(|error| Trouble::with("read", path, &error))?;
    if text.len() > OUTPUT_LIMIT {
        let most = OUTPUT_LIMIT / (1024 * 1024);
        return Err(Trouble(format!("`{}` has more than {most} MiB", path.display())));
    }
    if subject.runs.iter().any(|&index| subject.run(index).expects_stderr()) {
        return Err(Trouble(
            "this run expects lines on standard error, which no transcript has".to_owned(),
        ));
    }
    Ok(text)
}
