//! The report for people.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZero;
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use legal_outputs::FaultKind;

use crate::check::{Fault, RunFault, RunResult, Status};
use crate::command::context::progress_enabled;
use crate::command::report::failure::{failure, repeat};
use crate::command::report::{Reporter, ShowOutput, output_text, stress};
use crate::session::{Event, Summary};
use crate::suite::Case;
use crate::tally::Tally;

/// What a report counts. Each of them gets a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Lessons.
    Lessons,
    /// The runs of one program.
    Runs {
        /// How many runs of its snapshot are not checked.
        left_out: usize,
    },
}

/// How much a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Failures and the summary.
    Quiet,
    /// Also a line for each lesson, or for each run if runs are counted.
    Normal,
    /// Also a line for each run.
    Verbose,
}

/// Writes a line when something ends, then the failures, then a summary. On a terminal a progress
/// bar shows what is running.
pub struct Human {
    scope: Scope,
    detail: Detail,
    show: Option<ShowOutput>,
    out: anstream::AutoStream<io::Stdout>,
    bar: ProgressBar,
    /// The runs under way, and how many there are of each.
    running: BTreeMap<String, usize>,
    /// By suite and run, so that two reports list them in the same order.
    failures: BTreeMap<(String, Option<usize>), String>,
    /// The names of lessons that failed, and whether only the text of their lines has changed.
    failed: BTreeMap<String, bool>,
    offer_bless: bool,
    /// How often every run is repeated, if it is.
    stress: Option<NonZero<u32>>,
}

impl Human {
    /// A report on standard output, with its progress bar on standard error. With `offer_bless` it
    /// says how to accept output of which only the text has changed.
    pub fn new(scope: Scope, detail: Detail, show: Option<ShowOutput>, offer_bless: bool) -> Self {
        let has_bar = detail > Detail::Quiet && progress_enabled();
        let bar = if has_bar { ProgressBar::no_length() } else { ProgressBar::hidden() };
        Self {
            scope,
            detail,
            show,
            out: anstream::stdout(),
            bar: bar.with_finish(ProgressFinish::AndClear),
            running: BTreeMap::new(),
            failures: BTreeMap::new(),
            failed: BTreeMap::new(),
            offer_bless,
            stress: None,
        }
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        let out = &mut self.out;
        self.bar.suspend(|| {
            writeln!(out, "{text}")?;
            out.flush()
        })
    }

    fn print_status(&mut self, status: Status, what: &str, time: Duration) -> io::Result<()> {
        let (label, style) = label_and_style(status);
        self.print(&format!("{style}{label:<8}{style:#} {what} ({:.2} s)", time.as_secs_f64()))
    }

    fn show_running(&self) {
        let titles: Vec<&str> = self.running.keys().map(String::as_str).collect();
        self.bar.set_message(titles.join(", "));
    }

    fn no_longer_running(&mut self, title: &str) {
        self.bar.inc(1);
        if let Some(number) = self.running.get_mut(title) {
            *number -= 1;
        }
        self.running.retain(|_, number| *number > 0);
        self.show_running();
    }

    fn run_ended(&mut self, case: Case<'_>, result: &RunResult) -> io::Result<()> {
        let title = case.title();
        self.no_longer_running(&title);
        if result.status == Status::Cancelled {
            return Ok(());
        }
        if result.status >= Status::Failed {
            let (place, text) = if has_not_started(result) {
                // No run of the suite can be started, so it is reported once.
                (None, format!("{}\n{}", case.suite.label, result.problem))
            } else {
                // Of a run that is repeated, it is known at its end which conditions repeat it best.
                let repeat = if self.stress.is_none() { repeat(case, None) } else { String::new() };
                (Some(case.index), failure(case, result) + &repeat)
            };
            // Only the first failure of a run that is repeated is shown.
            self.failures.entry((case.suite.label.clone(), place)).or_insert(text);
            if let Some(lesson) = case.suite.lesson() {
                *self.failed.entry(lesson.name.clone()).or_insert(true) &=
                    has_only_changed_text(result);
            }
        }
        let has_line = match self.scope {
            _ if self.stress.is_some() => false,
            Scope::Runs { .. } => self.detail >= Detail::Normal,
            Scope::Lessons => self.detail >= Detail::Verbose,
        };
        if has_line {
            self.print_status(result.status, &format!("$ {title}"), result.time)?;
        }
        if let Some(show) = self.show {
            let heading = if has_line { String::new() } else { format!("$ {title}\n") };
            self.print(format!("{heading}{}", output_text(show, result)).trim_end_matches('\n'))?;
        }
        Ok(())
    }

    fn run_stressed(&mut self, case: Case<'_>, tally: &Tally) -> io::Result<()> {
        let place = (case.suite.label.clone(), Some(case.index));
        if let Some(text) = self.failures.get_mut(&place) {
            *text += &stress::failures(tally);
            *text += &stress::saved_outputs(case, tally);
            *text += &repeat(case, self.stress.zip(tally.most_failures()));
        }
        if self.detail == Detail::Quiet && tally.status() < Status::Failed {
            return Ok(());
        }
        let (label, style) = label_and_style(tally.status());
        let (title, summary) = (case.title(), stress::summary(case.run(), tally));
        let longest = tally.longest.as_secs_f64();
        self.print(&format!(
            "{style}{label:<8}{style:#} $ {title}: {summary} (longest {longest:.2} s)"
        ))?;
        if self.detail == Detail::Verbose {
            let table = stress::behaviours(tally);
            self.print(table.trim_end_matches('\n'))?;
        }
        Ok(())
    }

    fn suite_ended(
        &mut self,
        label: &str,
        status: Status,
        time: Duration,
        problem: &str,
    ) -> io::Result<()> {
        if status >= Status::Failed && !problem.is_empty() {
            self.failures.insert((label.to_owned(), None), format!("{label}\n{problem}"));
        }
        let has_line = match self.scope {
            Scope::Runs { .. } => false,
            // Each of its runs has a line already, unless the suite as a whole failed.
            Scope::Lessons if self.stress.is_some() => !problem.is_empty(),
            Scope::Lessons => self.detail >= Detail::Normal || status >= Status::Slow,
        };
        if has_line && (status != Status::Cancelled || !problem.is_empty()) {
            self.print_status(status, label, time)?;
        }
        if status < Status::Failed && !problem.is_empty() {
            self.print(&format!("         {problem}"))?;
        }
        Ok(())
    }

    fn ended(&mut self, summary: &Summary) -> io::Result<()> {
        self.bar.finish_and_clear();
        for failure in std::mem::take(&mut self.failures).into_values() {
            self.print(&format!("\n{failure}"))?;
        }
        let gap = if summary.status() >= Status::Cancelled { "\n" } else { "" };
        self.print(&format!("{gap}{}", self.summary_line(summary)))?;
        let failed = std::mem::take(&mut self.failed);
        let names = |only_text: bool| {
            let names = failed.iter().filter(|(_, text)| **text || !only_text);
            names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
        };
        let (all, only_text) = (names(false), names(true));
        if !all.is_empty() {
            let stress = self.stress.map_or(String::new(), |rounds| format!(" --stress {rounds}"));
            self.print(&format!("repeat: cargo xtask run-all --exact {all}{stress}"))?;
        }
        if self.offer_bless && !only_text.is_empty() {
            self.print(&format!(
                "to accept the new output: cargo xtask run-all --exact {only_text} --bless"
            ))?;
        }
        Ok(())
    }

    /// `2 passed, 1 failed: 3 runs in 0.10 s`.
    fn summary_line(&self, summary: &Summary) -> String {
        // Of runs that are repeated, the line of each says how many rounds failed.
        let counts_suites = self.scope == Scope::Lessons || self.stress.is_some();
        let counts = if counts_suites { &summary.suites } else { &summary.runs };
        let counts: Vec<String> = (counts.iter())
            .map(|(status, number)| {
                let (_, style) = label_and_style(*status);
                format!("{style}{number} {}{style:#}", in_words(*status))
            })
            .collect();
        let mut line =
            if counts.is_empty() { "nothing was run".to_owned() } else { counts.join(", ") };
        let ended: usize = summary.runs.values().sum();
        if counts_suites {
            line += &format!(": {}", count(ended, "run"));
        }
        line += &format!(" in {:.2} s", summary.time.as_secs_f64());
        if ended < summary.planned {
            let missing = summary.planned - ended;
            line += &format!("; {missing} of {} were not started", count(summary.planned, "run"));
        }
        if let Scope::Runs { left_out: left_out @ 1.. } = self.scope {
            let expecting = if left_out == 1 { "that expects" } else { "that expect" };
            let left_out = count(left_out, "run");
            line += &format!("; left out: {left_out} {expecting} another exit code (see --all)");
        }
        line
    }
}

impl Reporter for Human {
    fn report(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started { runs, stress, .. } => {
                self.stress = *stress;
                let style =
                    ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}")
                        .expect("a literal template is well-formed");
                self.bar.set_style(style);
                self.bar.set_length(*runs as u64);
                self.bar.enable_steady_tick(Duration::from_millis(200));
                Ok(())
            }
            Event::RunStarted { case } => {
                *self.running.entry(case.title()).or_default() += 1;
                self.show_running();
                Ok(())
            }
            Event::RunEnded { case, result, .. } => self.run_ended(*case, result),
            Event::RunStressed { case, tally } => self.run_stressed(*case, tally),
            Event::SuiteEnded { label, status, time, problem } => {
                self.suite_ended(label, *status, *time, problem)
            }
            Event::Ended(summary) => self.ended(summary),
        }
    }
}

fn has_not_started(result: &RunResult) -> bool {
    let not_started =
        |fault: &Fault| matches!(fault, Fault::Run { kind: RunFault::NotStarted, .. });
    result.faults.iter().any(not_started)
}

/// Whether only the text of lines is wrong, so that `--bless` may help.
fn has_only_changed_text(result: &RunResult) -> bool {
    result.faults.iter().all(|fault| match fault {
        Fault::Output(fault) => {
            matches!(fault.kind, FaultKind::Unexpected | FaultKind::Missing)
        }
        Fault::Run { .. } => false,
    })
}

/// `1 run`, `2 runs`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn label_and_style(status: Status) -> (&'static str, Style) {
    let (label, colour) = match status {
        Status::Passed => ("ok", AnsiColor::Green),
        Status::Slow => ("slow", AnsiColor::Yellow),
        Status::Blessed => ("blessed", AnsiColor::Cyan),
        Status::Cancelled => ("cancelled", AnsiColor::Yellow),
        Status::Failed => ("FAILED", AnsiColor::Red),
        Status::Error => ("ERROR", AnsiColor::Red),
    };
    (label, colour.on_default().bold())
}

/// The status in words, after a number.
pub(super) fn in_words(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Slow => "too slow at first, but passed when repeated alone",
        Status::Blessed => "blessed",
        Status::Cancelled => "cancelled",
        Status::Failed => "failed",
        Status::Error => "not checked because of an error",
    }
}
