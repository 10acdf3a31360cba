//! The results of a run that is repeated.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::time::Duration;

use legal_outputs::{Behaviour, FaultKind};
use serde::Serialize;

use crate::check::{Fault, RunFault, RunResult, Status};
use crate::conditions::{Conditions, Round};
use crate::error::Error;
use crate::saved_outputs::SavedOutputs;
use crate::suite::Case;

/// Of so many behaviours, and kinds of failures, the details are kept. The others are only counted.
const MAX_DETAILS: usize = 1_000;

/// The results of a run that is repeated.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many rounds ended with each status.
    pub statuses: BTreeMap<Status, usize>,
    /// How many rounds took place under each condition.
    pub conditions: BTreeMap<Conditions, Count>,
    /// Hashes of the different orders in which the lines of legal outputs came.
    orders: HashSet<u64>,
    /// Hashes of the different behaviours that legal outputs show.
    behaviours: HashSet<u64>,
    /// The first of these behaviours, by their hashes.
    seen: HashMap<u64, Seen>,
    /// What went wrong, and how often.
    failures: HashMap<FailureKind, Failures>,
    /// The files of the first failing outputs.
    pub saved_outputs: Vec<PathBuf>,
    /// Why an output could not be saved.
    pub save_error: Option<Error>,
    /// Wall time of the longest round.
    pub longest: Duration,
}

/// How many rounds took place, and how many of them failed.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Count {
    /// All of them.
    pub rounds: u32,
    /// Those that failed.
    pub failed: u32,
}

/// A behaviour, and how often it was seen.
#[derive(Debug)]
pub struct Seen {
    /// In so many rounds.
    pub times: usize,
    /// The order of the lines, and which thread wrote each of them.
    pub behaviour: Behaviour,
    /// One output that shows it.
    pub example: String,
}

/// Failures that have the same cause.
#[derive(Debug)]
pub struct Failures {
    /// In so many rounds.
    pub times: usize,
    /// What was wrong in one of them.
    pub message: String,
}

/// Two failures count as one kind if their first fault breaks the same line of the snapshot in the same
/// way. If it breaks no line, the messages must be equal, apart from their digits.
#[derive(Debug, PartialEq, Eq, Hash)]
enum FailureKind {
    Line(FaultKind, usize),
    Message(String),
    Run(RunFault),
}

impl Tally {
    /// How many rounds have ended.
    pub fn rounds(&self) -> usize {
        self.statuses.values().sum()
    }

    /// The worst status of all rounds.
    pub fn status(&self) -> Status {
        worst(&self.statuses)
    }

    /// The conditions under which the largest part of the rounds failed, if any did.
    pub fn most_failures(&self) -> Option<Conditions> {
        let part = |count: Count| f64::from(count.failed) / f64::from(count.rounds);
        let failed = self.conditions.iter().filter(|(_, count)| count.failed > 0);
        let most = failed.max_by(|(_, one), (_, other)| part(**one).total_cmp(&part(**other)));
        most.map(|(conditions, _)| *conditions)
    }

    /// In how many different orders the lines of legal outputs came.
    pub fn orders(&self) -> usize {
        self.orders.len()
    }

    /// How many different behaviours legal outputs showed.
    pub fn behaviours(&self) -> usize {
        self.behaviours.len()
    }

    /// The behaviours whose details are known, the most frequent first.
    pub fn most_frequent(&self) -> Vec<&Seen> {
        let mut seen: Vec<&Seen> = self.seen.values().collect();
        seen.sort_by_key(|seen| (Reverse(seen.times), &seen.behaviour));
        seen
    }

    /// The kinds of failures, the most frequent first.
    pub fn failures(&self) -> Vec<&Failures> {
        let mut failures: Vec<&Failures> = self.failures.values().collect();
        failures.sort_by_key(|kind| (Reverse(kind.times), &kind.message));
        failures
    }

    /// Adds the result of a round.
    pub(crate) fn add(
        &mut self,
        outputs: &mut SavedOutputs,
        case: Case<'_>,
        round: Round,
        result: &RunResult,
    ) {
        let count = self.conditions.entry(round.conditions).or_default();
        count.rounds += 1;
        count.failed += u32::from(result.status >= Status::Failed);
        *self.statuses.entry(result.status).or_default() += 1;
        self.longest = self.longest.max(result.time);
        if let Some(reading) = &result.reading {
            self.orders.insert(hash(&reading.origins));
            self.add_behaviour(reading.behaviour(), &result.stdout);
        }
        if result.status < Status::Failed {
            return;
        }
        self.add_failure(result);
        let is_full = self.saved_outputs.len() == SavedOutputs::MAX_PER_RUN;
        if !is_full && self.save_error.is_none() {
            match outputs.save(case, round.number, result) {
                Ok(path) => self.saved_outputs.push(path),
                Err(error) => self.save_error = Some(error),
            }
        }
    }

    fn add_behaviour(&mut self, behaviour: Behaviour, stdout: &[u8]) {
        let key = hash(&behaviour);
        self.behaviours.insert(key);
        if let Some(seen) = self.seen.get_mut(&key) {
            seen.times += 1;
        } else if self.seen.len() < MAX_DETAILS {
            let example = String::from_utf8_lossy(stdout).into_owned();
            self.seen.insert(key, Seen { times: 1, behaviour, example });
        }
    }

    fn add_failure(&mut self, result: &RunResult) {
        let Some(fault) = result.faults.first() else { return };
        let (kind, message) = match fault {
            Fault::Output(fault) => {
                let without_digits = || fault.message.replace(|c: char| c.is_ascii_digit(), "");
                let kind = match fault.snapshot_line {
                    Some(line) => FailureKind::Line(fault.kind, line),
                    None => FailureKind::Message(without_digits()),
                };
                (kind, &fault.message)
            }
            Fault::Run { kind, message } => (FailureKind::Run(*kind), message),
        };
        if let Some(failures) = self.failures.get_mut(&kind) {
            failures.times += 1;
        } else if self.failures.len() < MAX_DETAILS {
            self.failures.insert(kind, Failures { times: 1, message: message.clone() });
        }
    }
}

/// The worst status of all; `Passed` if there is none.
pub fn worst(counts: &BTreeMap<Status, usize>) -> Status {
    counts.keys().next_back().copied().unwrap_or(Status::Passed)
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
