//! Checks suites and reports the results: what `run-all`, `check` and `grade` have in common.

use std::path::PathBuf;

use crate::bless::Blesser;
use crate::check::{Checker, Status};
use crate::command::exit::{Exit, cannot_report};
use crate::command::options::Options;
use crate::command::report::Reporter;
use crate::command::report::human::Scope;
use crate::error::Result;
use crate::session::{self, SessionOptions, Skipped};
use crate::suite::Suite;

/// Checks these suites as the options say, and writes the reports. Failing outputs are saved below
/// the folder `outputs`.
///
/// # Errors
/// When a report cannot be written.
pub fn check_and_report(
    options: &Options,
    checker: &Checker,
    suites: &[Suite],
    skipped: &[Skipped],
    scope: Scope,
    outputs: PathBuf,
    blesser: Option<Blesser>,
) -> Result<Exit> {
    let reporters = options.reporters(scope, blesser.is_some())?;
    report_session(options.session(outputs, blesser), reporters, checker, suites, skipped)
}

/// Checks these suites, and lets the reporters write what happens.
///
/// # Errors
/// When a report cannot be written.
pub fn report_session(
    options: SessionOptions,
    mut reporters: Vec<Box<dyn Reporter + Send>>,
    checker: &Checker,
    suites: &[Suite],
    skipped: &[Skipped],
) -> Result<Exit> {
    let summary = session::check_all(checker, suites, skipped, options, |event| {
        // If one reporter fails, the others still get the event.
        reporters.iter_mut().map(|reporter| reporter.report(event)).fold(Ok(()), Result::and)
    });
    match summary {
        Err(error) => cannot_report(&error),
        Ok(_) if checker.cancel.is_by_user() => Ok(Exit::Interrupted),
        Ok(summary) => Ok(match summary.status() {
            Status::Passed | Status::Slow | Status::Blessed => Exit::Success,
            Status::Cancelled => Exit::Interrupted,
            Status::Failed => Exit::Failed,
            Status::Error => Exit::Error,
        }),
    }
}
