//! The subcommands of `cargo xtask`.

pub mod check;
pub mod copy;
pub mod list;
pub mod load;
pub mod run_all;

use std::env;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};

use crate::runner::Trouble;
use crate::runner::cancel::Cancel;
use crate::runner::junit::Junit;
use crate::runner::report::{Detail, Json, People, Reporter, Scope, ShowOutput};
use crate::runner::schedule::Times;
use crate::runner::session::{Manner, Session, Unrun};
use crate::runner::stress::Stress;
use crate::runner::subject::{Status, Subject};

/// Runs the examples and holds their output to snapshots of what is legal.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Whether reports have colours: `auto` is on a terminal, unless `NO_COLOR` is set.
    #[arg(long, global = true, value_name = "WHEN", default_value_t, display_order = 100)]
    pub color: ColorChoice,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the examples, run every run of their snapshots, and compare.
    RunAll(run_all::Arguments),
    /// Name every example, with its lesson.
    List(list::Arguments),
    /// Hold any program, in any language, to the snapshot of an example.
    Check(check::Arguments),
    /// Run examples and draw how busy each core was.
    Load(load::Arguments),
    /// Make a Cargo project of an example, or of several.
    Copy(copy::Arguments),
}

impl Arguments {
    /// Makes the choice of colours hold for all that is printed from now on.
    pub fn apply_color(&self) {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// Who a report is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// Lines for people.
    #[default]
    Human,
    /// A JSON object a line.
    Json,
}

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Well,
    /// A difference was found.
    Difference,
    /// Bad usage, a broken snapshot, a failed build.
    Trouble,
    /// Ctrl-C.
    Interrupted,
    /// Nobody reads the report any more.
    Unread,
}

/// Those of `diff`, and 128 plus the number of the signal that would have ended another program.
impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Well => 0,
            Exit::Difference => 1,
            Exit::Trouble => 2,
            Exit::Interrupted => 130,
            Exit::Unread => 141,
        })
    }
}

/// How to run and to report, in the words of `run-all` and `check`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Show what each program prints [as it was: raw, in the snapshot's order: normalised].
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true,
          default_missing_value = "raw")]
    show_output: Option<ShowOutput>,
    /// How many programs run at once, at the most [default: as many as the cores bear].
    #[arg(short, long, value_name = "N")]
    jobs: Option<std::num::NonZero<usize>>,
    /// Give each run this many seconds, instead of what its snapshot gives.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Start nothing more after the first failure.
    #[arg(long)]
    fail_fast: bool,
    /// Report failures and the summary only.
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Report each run, not only each example.
    #[arg(short, long)]
    verbose: bool,
    /// Run every run N times, and count failures and the orders in which lines come.
    #[arg(long, visible_alias = "runs", value_name = "N",
          conflicts_with_all = ["show_output", "fail_fast"])]
    stress: Option<std::num::NonZero<usize>>,
    /// Show what each run cost, and how fast all of them could have been.
    #[arg(long)]
    timings: bool,
    /// Report to people, or to programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
    /// Write a report in JUnit's XML besides.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Options {
    /// What all runs have in common.
    fn session(&self, target: Option<&Path>, cancel: Cancel) -> Session {
        let mut session = Session::new(target, cancel);
        session.timeout = self.timeout;
        session
    }

    /// Holds these programs to their snapshots and reports it all.
    fn hold(
        &self,
        session: Session,
        mut times: Times,
        subjects: &[Subject],
        unrun: &[Unrun],
        scope: Scope,
        bless_from: Option<PathBuf>,
    ) -> Result<Exit, Trouble> {
        let detail = match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            (false, false) => Detail::Normal,
        };
        let reporter: Box<dyn Reporter + Send> = match self.message_format {
            MessageFormat::Human => {
                let mut people = People::new(scope, detail, self.show_output);
                people.timings = self.timings;
                Box::new(people)
            }
            MessageFormat::Json => Box::new(Json::new(self.show_output)),
        };
        let mut reporters = vec![reporter];
        if let Some(path) = &self.junit {
            reporters.insert(0, Box::new(Junit::create(path)?));
        }
        let manner = Manner {
            jobs: self.jobs.unwrap_or_else(crate::runner::schedule::default_jobs),
            fail_fast: self.fail_fast,
            bless_from,
            stress: self.stress.map(|rounds| Stress::new(rounds, session.target.as_deref())),
        };
        let told = session
            .hold_all(subjects, unrun, &manner, &mut times, &mut |event| reporters.take(event));
        match told {
            Err(error) => unwritten(&error),
            Ok(_) if session.cancel.is_set() => Ok(Exit::Interrupted),
            Ok(summary) => Ok(match summary.status() {
                Status::Passed | Status::Slow | Status::Blessed => Exit::Well,
                Status::Stopped => Exit::Interrupted,
                Status::Failed => Exit::Difference,
                Status::Trouble => Exit::Trouble,
            }),
        }
    }
}

/// Prints what a command has found.
fn print(text: &str) -> Result<Exit, Trouble> {
    match anstream::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Ok(()) => Ok(Exit::Well),
        Err(error) => unwritten(&error),
    }
}

/// How a command ends that cannot write its report.
fn unwritten(error: &io::Error) -> Result<Exit, Trouble> {
    if error.kind() == ErrorKind::BrokenPipe {
        Ok(Exit::Unread)
    } else {
        Err(Trouble(format!("cannot write the report: {error}")))
    }
}

/// Ends a command that was stopped as such, whatever trouble the stop has made.
fn unless_stopped<T>(
    result: Result<T, Trouble>,
    cancel: &Cancel,
    go_on: impl FnOnce(T) -> Result<Exit, Trouble>,
) -> Result<Exit, Trouble> {
    match result {
        _ if cancel.is_set() => Ok(Exit::Interrupted),
        result => go_on(result?),
    }
}

fn present_folder() -> Result<PathBuf, Trouble> {
    env::current_dir().map_err(|error| Trouble(format!("cannot find the present folder: {error}")))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "it must be a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
