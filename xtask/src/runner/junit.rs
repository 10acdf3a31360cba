//! A report in JUnit's XML, which CI systems read.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::runner::Trouble;
use crate::runner::report::{Reporter, failure};
use crate::runner::session::{Event, Summary};
use crate::runner::subject::{Outcome, Status, Subject};

/// Collects a suite for each example and a case for each of its runs, and writes them at the end.
pub struct Junit {
    path: PathBuf,
    file: File,
    suites: BTreeMap<String, TestSuite>,
}

impl Junit {
    /// A report in this file.
    ///
    /// # Errors
    /// When the file cannot be made: better before all runs than after them.
    pub fn create(path: &Path) -> Result<Self, Trouble> {
        let file = File::create(path).map_err(|error| Trouble::with("write", path, &error))?;
        Ok(Self { path: path.to_owned(), file, suites: BTreeMap::new() })
    }

    fn add(&mut self, label: &str, case: TestCase) {
        let suite = self.suites.entry(label.to_owned());
        suite.or_insert_with(|| TestSuite::new(label)).add_test_case(case);
    }

    fn run_ended(
        &mut self,
        subject: &Subject,
        index: usize,
        round: Option<usize>,
        outcome: &Outcome,
    ) {
        let mut name = subject.title(index);
        if let Some(round) = round {
            name += &format!(" (round {round})");
        }
        let mut status = status(outcome.status, &outcome.problem);
        if outcome.status >= Status::Failed {
            status.set_description(failure(subject, index, outcome));
        }
        let mut case = TestCase::new(name, status);
        case.set_classname(&*subject.label).set_time(outcome.time);
        if outcome.status >= Status::Failed {
            case.set_system_out_lossy(&outcome.stdout).set_system_err_lossy(&outcome.stderr);
        }
        self.add(&subject.label, case);
    }

    /// An example that failed as a whole is a case of its own.
    fn example_ended(&mut self, label: &str, whole: Status, time: Duration, problem: &str) {
        if whole >= Status::Failed && !problem.is_empty() {
            let mut case = TestCase::new(label, status(whole, problem));
            case.set_classname(label);
            self.add(label, case);
        }
        if let Some(suite) = self.suites.get_mut(label) {
            suite.set_time(time);
        }
    }

    fn ended(&mut self, summary: &Summary) -> io::Result<()> {
        let mut report = Report::new("cargo xtask");
        report.set_time(summary.time);
        report.add_test_suites(std::mem::take(&mut self.suites).into_values());
        report.serialize(&mut self.file).map_err(|error| {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            io::Error::other(format!("`{}`: {cause}", self.path.display()))
        })
    }
}

impl Reporter for Junit {
    fn take(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::RunEnded { subject, index, round, outcome } => {
                self.run_ended(subject, *index, *round, outcome);
            }
            Event::ExampleEnded { label, status, time, problem } => {
                self.example_ended(label, *status, *time, problem);
            }
            Event::Ended(summary) => self.ended(summary)?,
            Event::Started { .. }
            | Event::RunStarted { .. }
            | Event::RunNotStarted { .. }
            | Event::RunStressed { .. }
            | Event::Waiting => {}
        }
        Ok(())
    }
}

fn status(status: Status, problem: &str) -> TestCaseStatus {
    let mut case = match status {
        Status::Passed | Status::Slow | Status::Blessed => return TestCaseStatus::success(),
        Status::Stopped => return TestCaseStatus::skipped(),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Trouble => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    case.set_message(problem.lines().next().unwrap_or_default());
    case.set_description(problem);
    case
}
