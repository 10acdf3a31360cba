//! The report for people.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use legal_outputs::FaultKind;

use crate::check::{Fault, RunResult, Status};
use crate::command::report::failures::Failures;
use crate::command::report::progress::Progress;
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

/// Which commands a report advises after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// None at all.
    None,
    /// Those that repeat it.
    Repeat,
    /// Also the one that accepts output of which only the text has changed.
    RepeatOrBless,
}

/// Writes a line when something ends, then the failures, then a summary. On a terminal a progress
/// bar shows what is running.
pub struct Human {
    scope: Scope,
    detail: Detail,
    show: Option<ShowOutput>,
    out: anstream::AutoStream<io::Stdout>,
    progress: Progress,
    failures: Failures,
    /// The names of lessons that failed, and whether only the text of their lines has changed.
    failed: BTreeMap<String, bool>,
    advice: Advice,
}

impl Human {
    /// A report on standard output, with its progress bar on standard error.
    pub fn new(scope: Scope, detail: Detail, show: Option<ShowOutput>, advice: Advice) -> Self {
        Self {
            scope,
            detail,
            show,
            out: anstream::stdout(),
            progress: Progress::new(detail > Detail::Quiet),
            failures: Failures::default(),
            failed: BTreeMap::new(),
            advice,
        }
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        let out = &mut self.out;
        self.progress.suspend(|| {
            writeln!(out, "{text}")?;
            out.flush()
        })
    }

    fn print_status(&mut self, status: Status, what: &str, time: Duration) -> io::Result<()> {
        let (label, style) = label_and_style(status);
        self.print(&format!("{style}{label:<8}{style:#} {what} ({:.2} s)", time.as_secs_f64()))
    }

    fn run_ended(&mut self, case: Case<'_>, result: &RunResult) -> io::Result<()> {
        let title = case.title();
        self.progress.ended(&title);
        if result.status == Status::Cancelled {
            return Ok(());
        }
        self.failures.run_ended(case, result);
        if result.status >= Status::Failed
            && let Some(lesson) = case.suite.lesson()
        {
            let only_text = self.failed.entry(lesson.name.clone()).or_insert(true);
            *only_text &= has_only_changed_text(result);
        }
        let has_line = match self.scope {
            _ if self.failures.stress.is_some() => false,
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
        self.failures.run_stressed(case, tally);
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
        self.failures.suite_ended(label, status, problem);
        let has_line = match self.scope {
            Scope::Runs { .. } => false,
            // Each of its runs has a line already, unless the suite as a whole failed.
            Scope::Lessons if self.failures.stress.is_some() => !problem.is_empty(),
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
        self.progress.finish();
        for failure in self.failures.take_all() {
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
            let stress =
                self.failures.stress.map_or(String::new(), |rounds| format!(" --stress {rounds}"));
            self.print(&format!("repeat: cargo xtask run-all --exact {all}{stress}"))?;
        }
        if self.advice == Advice::RepeatOrBless && !only_text.is_empty() {
            self.print(&format!(
                "to accept the new output: cargo xtask run-all --exact {only_text} --bless"
            ))?;
        }
        Ok(())
    }

    /// `2 passed, 1 failed: 3 runs in 0.10 s`.
    fn summary_line(&self, summary: &Summary) -> String {
        // Of runs that are repeated, the line of each says how many rounds failed.
        let counts_suites = self.scope == Scope::Lessons || self.failures.stress.is_some();
        let counts = if counts_suites { &summary.suites } else { &summary.runs };
        let mut line =
            if counts.is_empty() { "nothing was run".to_owned() } else { count_by_status(counts) };
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
                self.failures.stress = *stress;
                self.failures.hides_commands = self.advice == Advice::None;
                self.progress.start(*runs);
                Ok(())
            }
            Event::RunStarted { case } => {
                self.progress.started(case.title());
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

/// Whether only the text of lines is wrong, so that `--bless` may help.
fn has_only_changed_text(result: &RunResult) -> bool {
    result.faults.iter().all(|fault| match fault {
        Fault::Output(fault) => {
            matches!(fault.kind, FaultKind::Unexpected | FaultKind::Missing)
        }
        Fault::Run { .. } => false,
    })
}

/// `2 passed, 1 failed`.
pub fn count_by_status(counts: &BTreeMap<Status, usize>) -> String {
    let counts = counts.iter().map(|(status, number)| {
        let (_, style) = label_and_style(*status);
        format!("{style}{number} {}{style:#}", in_words(*status))
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// `1 run`, `2 runs`.
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The status as a line of a report begins with it.
pub fn label_and_style(status: Status) -> (&'static str, Style) {
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
pub fn in_words(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Slow => "too slow at first, but passed when repeated alone",
        Status::Blessed => "blessed",
        Status::Cancelled => "cancelled",
        Status::Failed => "failed",
        Status::Error => "not checked because of an error",
    }
}
