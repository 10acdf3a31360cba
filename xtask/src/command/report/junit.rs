//! The report for CI systems, in JUnit's XML.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::check::{RunResult, Status};
use crate::command::report::Reporter;
use crate::command::report::failure::{failure, repeat};
use crate::conditions::Round;
use crate::error::{Error, Result};
use crate::files::{check_writable, in_file, write_atomically};
use crate::session::{Event, Summary};
use crate::suite::Case;
use crate::tally::Tally;

/// How many bytes of each stream of a failing run the report contains. It is kept in memory until
/// the end.
const MAX_OUTPUT: usize = 64 * 1024;

/// Collects one suite per lesson with one case per run, and writes them at the end. If every run is
/// repeated, its case has the first failure of its rounds.
pub struct Junit {
    path: PathBuf,
    suites: BTreeMap<String, TestSuite>,
    /// The first failure of a run that is repeated, by suite and run.
    first_failures: BTreeMap<(String, usize), TestCase>,
}

impl Junit {
    /// A report in this file.
    ///
    /// # Errors
    /// When the file could not be written: it is better to know that before all runs than after them.
    pub fn new(path: &Path) -> Result<Self> {
        check_writable(path).map_err(|error| Error::io("write", path, &error))?;
        let (suites, first_failures) = Default::default();
        Ok(Self { path: path.to_owned(), suites, first_failures })
    }

    fn add(&mut self, label: &str, case: TestCase) {
        let suite = self.suites.entry(label.to_owned());
        suite.or_insert_with(|| TestSuite::new(label)).add_test_case(case);
    }

    fn run_ended(&mut self, case: Case<'_>, round: Option<Round>, result: &RunResult) {
        let label = &case.suite.label;
        if round.is_none() {
            self.add(label, test_case_of_run(case, round, result));
        } else if result.status >= Status::Failed {
            let first = self.first_failures.entry((label.clone(), case.index));
            first.or_insert_with(|| test_case_of_run(case, round, result));
        }
    }

    fn run_stressed(&mut self, case: Case<'_>, tally: &Tally) {
        let label = &case.suite.label;
        let failure = self.first_failures.remove(&(label.clone(), case.index));
        let mut test_case =
            failure.unwrap_or_else(|| test_case(case.title(), label, tally.status(), ""));
        test_case.set_time(tally.longest);
        self.add(label, test_case);
    }

    /// What is wrong with a lesson as a whole is a case of its own.
    fn suite_ended(&mut self, label: &str, status: Status, time: Duration, problem: &str) {
        if status >= Status::Failed && !problem.is_empty() {
            self.add(label, test_case(label.to_owned(), label, status, problem));
        }
        if let Some(suite) = self.suites.get_mut(label) {
            suite.set_time(time);
        }
    }

    fn ended(&mut self, summary: &Summary) -> io::Result<()> {
        let mut report = Report::new("cargo xtask");
        report.set_time(summary.time);
        report.add_test_suites(std::mem::take(&mut self.suites).into_values());
        let text = report.to_string().map_err(io::Error::other)?;
        write_atomically(&self.path, &text).map_err(|error| in_file(&self.path, &error))
    }
}

impl Reporter for Junit {
    fn report(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::RunEnded { case, round, result } => {
                self.run_ended(*case, *round, result);
            }
            Event::RunStressed { case, tally } => self.run_stressed(*case, tally),
            Event::SuiteEnded { label, status, time, problem } => {
                self.suite_ended(label, *status, *time, problem);
            }
            Event::Ended(summary) => self.ended(summary)?,
            Event::Started { .. } | Event::RunStarted { .. } => {}
        }
        Ok(())
    }
}

fn test_case_of_run(case: Case<'_>, round: Option<Round>, result: &RunResult) -> TestCase {
    let label = &case.suite.label;
    let mut test_case = test_case(case.title(), label, result.status, &result.problem);
    test_case.set_time(result.time);
    if result.status >= Status::Failed {
        let stress = round.map(|round| (round.of, round.conditions));
        test_case.status.set_description(failure(case, result) + &repeat(case, stress));
        let cut = |bytes: &[u8]| bytes[..bytes.len().min(MAX_OUTPUT)].to_vec();
        test_case.set_system_out_lossy(cut(&result.stdout));
        test_case.set_system_err_lossy(cut(&result.stderr));
    }
    test_case
}

fn test_case(name: String, label: &str, status: Status, problem: &str) -> TestCase {
    let mut status = match status {
        Status::Passed | Status::Slow | Status::Blessed => TestCaseStatus::success(),
        Status::Cancelled => TestCaseStatus::skipped(),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if !problem.is_empty() {
        status.set_message(problem.lines().next().unwrap_or_default());
        status.set_description(problem);
    }
    let mut case = TestCase::new(name, status);
    case.set_classname(label);
    case
}
