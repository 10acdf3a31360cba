//! The options that `run-all` and `check` have in common.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::RangedU64ValueParser;

use crate::cancel::Cancel;
use crate::check::{Checker, Status};
use crate::command::exit::{Exit, cannot_report};
use crate::command::report::human::{Detail, Human, Scope};
use crate::command::report::json::Json;
use crate::command::report::junit::Junit;
use crate::command::report::{Reporter, ShowOutput};
use crate::error::Result;
use crate::session::{self, Blesser, Event, SessionOptions, Skipped};
use crate::suite::Suite;

/// The most rounds that one run may have.
const MAX_ROUNDS: u64 = 1_000_000;

/// The most programs that may run at once.
const MAX_JOBS: u64 = 1_000;

/// Most lessons only wait, so a core can have this many of them at once.
const DEFAULT_JOBS_PER_CORE: usize = 8;

/// Who reads the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// Lines for people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// How to run programs and how to report.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Show what each program prints [raw: as it was, normalised: in the order of the snapshot]
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true,
          default_missing_value = "raw")]
    show_output: Option<ShowOutput>,
    /// Maximum number of programs to run at once [default: 8 for each core]
    #[arg(short, long, value_name = "N",
          value_parser = RangedU64ValueParser::<usize>::new().range(1..=MAX_JOBS))]
    jobs: Option<usize>,
    /// Override the time limit of every run
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Maximum number of processes of one run, including those that it starts
    #[arg(long, value_name = "N", default_value_t = Checker::USAGE.processes)]
    max_processes: usize,
    /// Maximum memory of one run, including the processes that it starts
    #[arg(long, value_name = "MIB", default_value_t = Checker::USAGE.memory)]
    max_memory: u64,
    /// Start no further run after the first failure
    #[arg(long)]
    fail_fast: bool,
    /// Report only failures and the summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Report each run instead of each lesson
    #[arg(short, long)]
    verbose: bool,
    /// Repeat every run N times, and count its failures and the orders of its lines
    #[arg(long, visible_alias = "runs", value_name = "N",
          value_parser = RangedU64ValueParser::<u32>::new().range(1..=MAX_ROUNDS),
          conflicts_with_all = ["show_output", "fail_fast"])]
    stress: Option<u32>,
    /// Write the report for people, or as JSON for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
    /// Also write a JUnit XML report to FILE
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Options {
    /// A checker with these limits.
    pub fn checker(&self, cancel: Cancel) -> Checker {
        let mut checker = Checker::new(cancel);
        checker.timeout = self.timeout;
        checker.usage.processes = self.max_processes;
        checker.usage.memory = self.max_memory;
        checker
    }

    /// Checks these suites and reports the results. Failing outputs are saved below the folder
    /// `outputs`.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn check_all(
        &self,
        checker: &Checker,
        suites: &[Suite],
        skipped: &[Skipped],
        scope: Scope,
        outputs: PathBuf,
        blesser: Option<Box<dyn Blesser>>,
    ) -> Result<Exit> {
        let mut reporters = self.reporters(scope)?;
        let options = SessionOptions {
            jobs: self.jobs.and_then(NonZero::new).unwrap_or_else(default_jobs),
            fail_fast: self.fail_fast,
            stress: self.stress.and_then(NonZero::new),
            outputs,
            blesser,
        };
        let summary = session::check_all(checker, suites, skipped, options, |event: &Event<'_>| {
            // If one reporter fails, the others still get the event.
            reporters.iter_mut().map(|reporter| reporter.report(event)).fold(Ok(()), Result::and)
        });
        match summary {
            Err(error) => cannot_report(&error),
            Ok(_) if checker.cancel.is_set() => Ok(Exit::Interrupted),
            Ok(summary) => Ok(match summary.status() {
                Status::Passed | Status::Slow | Status::Blessed => Exit::Success,
                Status::Cancelled => Exit::Interrupted,
                Status::Failed => Exit::Difference,
                Status::Error => Exit::Error,
            }),
        }
    }

    fn reporters(&self, scope: Scope) -> Result<Vec<Box<dyn Reporter + Send>>> {
        let mut reporters: Vec<Box<dyn Reporter + Send>> = Vec::new();
        if let Some(path) = &self.junit {
            reporters.push(Box::new(Junit::create(path)?));
        }
        reporters.push(match self.message_format {
            MessageFormat::Human => {
                let detail = match (self.quiet, self.verbose) {
                    (true, _) => Detail::Quiet,
                    (_, true) => Detail::Verbose,
                    (false, false) => Detail::Normal,
                };
                Box::new(Human::new(scope, detail, self.show_output))
            }
            MessageFormat::Json => Box::new(Json::new(self.show_output)),
        });
        Ok(reporters)
    }
}

fn default_jobs() -> NonZero<usize> {
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    cores.saturating_mul(NonZero::new(DEFAULT_JOBS_PER_CORE).unwrap_or(NonZero::<usize>::MIN))
}

/// Parses a number of seconds on the command line.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "it must be a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
