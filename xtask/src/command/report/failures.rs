//! The reports on everything that failed, for people.

use std::collections::BTreeMap;
use std::num::NonZero;

use crate::check::{Fault, RunFault, RunResult, Status};
use crate::command::report::failure::{failure, repeat};
use crate::command::report::stress;
use crate::suite::Case;
use crate::tally::Tally;

/// Collects a text for each run that failed, and for each suite that failed as a whole.
#[derive(Default)]
pub struct Failures {
    /// By suite and run, so that two reports list them in the same order.
    texts: BTreeMap<(String, Option<usize>), String>,
    /// How often every run is repeated, if it is.
    pub stress: Option<NonZero<u32>>,
    /// The commands that repeat a failure are left out.
    pub hides_commands: bool,
}

impl Failures {
    /// Adds a run if it failed. Of a run that is repeated, only the first failure is kept.
    pub fn run_ended(&mut self, case: Case<'_>, result: &RunResult) {
        if result.status < Status::Failed {
            return;
        }
        let (place, text) = if has_not_started(result) {
            // No run of the suite can be started, so it is reported once.
            (None, format!("{}\n{}", case.suite.label, result.problem))
        } else {
            // Of a run that is repeated, it is known at its end which conditions repeat it best.
            let is_last = !self.hides_commands && self.stress.is_none();
            let repeat = if is_last { repeat(case, None) } else { String::new() };
            (Some(case.index), failure(case, result) + &repeat)
        };
        self.texts.entry((case.suite.label.clone(), place)).or_insert(text);
    }

    /// Adds to the failure of a run that is repeated what its other rounds showed.
    pub fn run_stressed(&mut self, case: Case<'_>, tally: &Tally) {
        let place = (case.suite.label.clone(), Some(case.index));
        if let Some(text) = self.texts.get_mut(&place) {
            *text += &stress::failures(tally);
            *text += &stress::saved_outputs(case, tally, !self.hides_commands);
            if !self.hides_commands {
                *text += &repeat(case, self.stress.zip(tally.most_failures()));
            }
        }
    }

    /// Adds a suite if it failed as a whole.
    pub fn suite_ended(&mut self, label: &str, status: Status, problem: &str) {
        if status >= Status::Failed && !problem.is_empty() {
            self.texts.insert((label.to_owned(), None), format!("{label}\n{problem}"));
        }
    }

    /// Removes and returns the texts of one suite.
    pub fn take(&mut self, label: &str) -> Vec<String> {
        let is_of_suite = |((suite, _), _): &(_, _)| suite == label;
        let texts = std::mem::take(&mut self.texts).into_iter();
        let (taken, rest): (BTreeMap<(String, Option<usize>), String>, _) =
            texts.partition(is_of_suite);
        self.texts = rest;
        taken.into_values().collect()
    }

    /// Removes and returns all texts.
    pub fn take_all(&mut self) -> Vec<String> {
        std::mem::take(&mut self.texts).into_values().collect()
    }
}

fn has_not_started(result: &RunResult) -> bool {
    let not_started =
        |fault: &Fault| matches!(fault, Fault::Run { kind: RunFault::NotStarted, .. });
    result.faults.iter().any(not_started)
}
