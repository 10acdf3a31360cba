//! Runs repeated many times: how often each failed, and in how many orders its lines came.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::runner::report::failure;
use crate::runner::subject::{Outcome, Status, Subject};
use crate::runner::{Trouble, own_folder};
use legal_outputs::Origin;

/// How to repeat every run.
#[derive(Debug)]
pub struct Stress {
    /// How often each run runs.
    pub rounds: NonZero<usize>,
    /// Where failing outputs are kept. The folder is made for the first of them.
    pub folder: PathBuf,
}

impl Stress {
    /// So many rounds, with a folder of its own in the target folder, or in the system's folder for
    /// temporary files where there is no target folder.
    pub fn new(rounds: NonZero<usize>, target: Option<&Path>) -> Self {
        let parent = target.map_or_else(std::env::temp_dir, own_folder);
        Self { rounds, folder: parent.join(format!("stress-{}", std::process::id())) }
    }

    /// Keeps a failing output with what is wrong with it, and says in which file.
    fn keep(
        &self,
        subject: &Subject,
        index: usize,
        round: usize,
        outcome: &Outcome,
    ) -> Result<PathBuf, Trouble> {
        let label = subject.label.replace('/', "-");
        let path = self.folder.join(format!("{label}-{}-{round}.txt", subject.run(index).line));
        let mut text = failure(subject, index, outcome).into_bytes();
        for (stream, bytes) in
            [("standard output", &outcome.stdout), ("standard error", &outcome.stderr)]
        {
            text.extend_from_slice(format!("\n\n--- {stream} ---\n").as_bytes());
            text.extend_from_slice(bytes);
        }
        fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| Trouble::with("keep the output in", &path, &error))?;
        Ok(path)
    }
}

/// What came of a run that is repeated.
#[derive(Debug, Default)]
pub struct Tally {
    /// How often it ended with each status.
    pub statuses: BTreeMap<Status, usize>,
    /// The different orders in which the lines of legal outputs came.
    pub orders: HashSet<Vec<Origin>>,
    /// Where each failing output is kept, or why it is not.
    pub kept: Vec<Result<PathBuf, Trouble>>,
    /// Wall time of the longest.
    pub longest: Duration,
}

impl Tally {
    /// How often it has run.
    pub fn rounds(&self) -> usize {
        self.statuses.values().sum()
    }

    /// How often the outcome was a failure or trouble.
    pub fn failures(&self) -> usize {
        self.statuses.range(Status::Failed..).map(|(_, count)| count).sum()
    }

    /// The heaviest status of all.
    pub fn status(&self) -> Status {
        self.statuses.keys().next_back().copied().unwrap_or(Status::Passed)
    }

    pub(super) fn count(
        &mut self,
        stress: &Stress,
        subject: &Subject,
        index: usize,
        round: usize,
        outcome: &Outcome,
    ) {
        *self.statuses.entry(outcome.status).or_default() += 1;
        self.longest = self.longest.max(outcome.time);
        if let Some(reading) = &outcome.reading {
            self.orders.insert(reading.origins.clone());
        }
        if outcome.status >= Status::Failed {
            self.kept.push(stress.keep(subject, index, round, outcome));
        }
    }
}
