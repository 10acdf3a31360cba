//! The options that `run-all`, `check` and `grade` have in common.

use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::{EnumValueParser, PossibleValue, RangedU64ValueParser, TypedValueParser};

use crate::bless::Blesser;
use crate::cancel::Cancel;
use crate::check::Checker;
use crate::command::report::human::{Advice, Detail, Human, Scope};
use crate::command::report::json::Json;
use crate::command::report::junit::Junit;
use crate::command::report::{Reporter, ShowOutput};
use crate::conditions::{Conditions, MAX_JOBS};
use crate::error::Result;
use crate::session::SessionOptions;

/// The most rounds that one run may have.
const MAX_ROUNDS: u64 = 1_000_000;

/// The form of the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// Text for people
    #[default]
    Human,
    /// One JSON object per line
    Json,
}

/// How to run programs.
#[derive(Debug, clap::Args)]
pub struct RunOptions {
    /// Maximum number of programs to run at once [default: 8 for each core; with --stress see
    /// --conditions]
    #[arg(short, long, value_name = "N", conflicts_with = "conditions",
          value_parser = RangedU64ValueParser::<usize>::new().range(1..=MAX_JOBS as u64))]
    jobs: Option<usize>,
    /// Override the time limit of every run
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Maximum number of processes of one program and its children (Linux only)
    #[arg(long, value_name = "N", default_value_t = Checker::MAX_PROCESSES,
          value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    max_processes: usize,
    /// Maximum memory of one program and its children (Linux only)
    #[arg(long, value_name = "MIB", default_value_t = Checker::MAX_MEMORY,
          value_parser = clap::value_parser!(u64).range(1..))]
    max_memory: u64,
    /// Repeat every run N times, and report how often it failed and how many different orders its lines
    /// had
    #[arg(long, value_name = "N",
          value_parser = RangedU64ValueParser::<u32>::new().range(1..=MAX_ROUNDS))]
    stress: Option<u32>,
    /// Run all programs under these conditions [default with --stress: a mix of them]
    ///
    /// How many programs run at once, and on how many cores, decides which races show. So --stress
    /// varies it: of 100 rounds, 30 run alone, 30 pinned, 20 per-core and 20 overloaded. Where a program
    /// cannot be pinned, the others share its rounds. A run that its snapshot marks as `alone` always
    /// runs alone. For programs that wait for long, `-j 50` takes the least time.
    #[arg(long, value_name = "WHICH",
          value_parser = EnumValueParser::<Conditions>::new().try_map(available))]
    conditions: Option<Conditions>,
}

impl RunOptions {
    /// A checker with these limits.
    pub fn checker(&self, cancel: Cancel) -> Checker {
        let mut checker = Checker::new(cancel);
        checker.timeout = self.timeout;
        checker.max_processes = self.max_processes;
        checker.max_memory = self.max_memory;
        checker
    }

    /// How to check many runs. Failing outputs are saved below the folder `outputs`.
    pub fn session(&self, outputs: PathBuf) -> SessionOptions {
        SessionOptions {
            conditions: self.conditions(),
            fail_fast: false,
            max_endless: usize::MAX,
            stress: self.stress.and_then(NonZero::new),
            outputs,
            blesser: None,
        }
    }

    /// How many rounds each run has.
    pub fn rounds(&self) -> usize {
        self.stress.map_or(1, |rounds| rounds as usize)
    }

    /// The conditions of all runs. `None` is a mix.
    fn conditions(&self) -> Option<Conditions> {
        let jobs = self.jobs.and_then(NonZero::new).map(Conditions::Jobs);
        let default = if self.stress.is_none() { Some(Conditions::Overloaded) } else { None };
        self.conditions.or(jobs).or(default)
    }
}

/// The reports for programs and for CI systems.
#[derive(Debug, clap::Args)]
pub struct ReportOptions {
    /// Write the report for people, or as JSON for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
    /// Also write a JUnit XML report to FILE
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl ReportOptions {
    /// Whether the report on standard output is for people.
    pub fn is_for_people(&self) -> bool {
        self.message_format == MessageFormat::Human
    }

    /// The reporters that are not for people.
    ///
    /// # Errors
    /// When a file cannot be created.
    pub fn reporters(&self, show: Option<ShowOutput>) -> Result<Vec<Box<dyn Reporter + Send>>> {
        let mut reporters: Vec<Box<dyn Reporter + Send>> = Vec::new();
        if let Some(path) = &self.junit {
            reporters.push(Box::new(Junit::new(path)?));
        }
        if !self.is_for_people() {
            reporters.push(Box::new(Json::new(show)));
        }
        Ok(reporters)
    }
}

/// How `run-all` and `check` run programs and report.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Show what each program prints
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true,
          default_missing_value = "raw")]
    show_output: Option<ShowOutput>,
    #[command(flatten)]
    pub run: RunOptions,
    /// Do not start more runs after the first failure
    #[arg(long, conflicts_with = "stress")]
    fail_fast: bool,
    /// Report only failures and the summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Report each run instead of each lesson. With --stress, also each behaviour
    ///
    /// The table of behaviours shows how often each one came, and one output. A behaviour is written as
    /// `6 6(1) 8(2)`: the numbers of the snapshot's lines in the order in which they came. After a line
    /// with ids of threads, `(1)` is the first thread that the output shows, and `(2)` the second.
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    report: ReportOptions,
}

impl Options {
    /// How to check many runs. Failing outputs are saved below the folder `outputs`.
    pub fn session(&self, outputs: PathBuf, blesser: Option<Blesser>) -> SessionOptions {
        SessionOptions { fail_fast: self.fail_fast, blesser, ..self.run.session(outputs) }
    }

    /// The reports to write. If `bless` is on, the report for people does not offer it.
    ///
    /// # Errors
    /// When a file cannot be created.
    pub fn reporters(&self, scope: Scope, bless: bool) -> Result<Vec<Box<dyn Reporter + Send>>> {
        let mut reporters = self.report.reporters(self.show_output)?;
        if self.report.is_for_people() {
            let detail = match (self.quiet, self.verbose) {
                (true, _) => Detail::Quiet,
                (_, true) => Detail::Verbose,
                (false, false) => Detail::Normal,
            };
            let offers_bless = !bless && self.run.stress.is_none();
            let advice = if offers_bless { Advice::RepeatOrBless } else { Advice::Repeat };
            reporters.push(Box::new(Human::new(scope, detail, self.show_output, advice)));
        }
        Ok(reporters)
    }
}

impl ValueEnum for Conditions {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Alone, Self::Pinned, Self::PerCore, Self::Overloaded]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Alone => "One program at a time",
            Self::Pinned => {
                "Half as many programs as cores; all threads of a program share one core (Linux only)"
            }
            Self::PerCore => "One program for each core",
            Self::Overloaded => "Eight programs for each core",
            Self::Jobs(_) => return None,
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

fn available(conditions: Conditions) -> Result<Conditions, &'static str> {
    let problem = "this system cannot keep a program on one core";
    if conditions.are_available() { Ok(conditions) } else { Err(problem) }
}

/// Parses a number of seconds above 0 on the command line.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|number| Duration::try_from_secs_f64(number).ok());
    let above_zero = seconds.filter(|time| !time.is_zero());
    above_zero.ok_or_else(|| "it must be a number of seconds above 0".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command};

    use super::*;
    use crate::conditions::MIX;

    #[test]
    fn the_help_describes_the_mix() {
        let mut command = Options::augment_args(Command::new("check").term_width(0));
        let help = command.render_long_help().to_string();
        let shares = MIX.map(|(conditions, share)| format!("{share} {}", conditions.name()));
        let [alone, pinned, per_core, overloaded] =
            shares.map(|text| text.replace(" alone", " run alone"));
        let expected = format!("of 100 rounds, {alone}, {pinned}, {per_core} and {overloaded}.");
        assert!(help.contains(&expected), "{help}");
    }
}
