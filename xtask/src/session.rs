//! Checks all runs of many suites, and reports progress as a stream of events.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use legal_outputs::Origin;

use crate::check::{Checker, RunResult, Status};
use crate::error::{Error, Result};
use crate::executor::{self, Progress};
use crate::saved_outputs::SavedOutputs;
use crate::suite::Suite;

/// How to check many runs.
pub struct SessionOptions {
    /// How many runs are under way at once.
    pub jobs: NonZero<usize>,
    /// No further run starts after the first failure.
    pub fail_fast: bool,
    /// Every run is repeated this many times, and its failing outputs are saved.
    pub stress: Option<NonZero<u32>>,
    /// The folder in which failing outputs are saved.
    pub outputs: PathBuf,
    /// Rewrites snapshots.
    pub blesser: Option<Box<dyn Blesser>>,
}

/// Rewrites the snapshots of failing runs.
pub trait Blesser: Send {
    /// Changes the snapshot so that this result passes, and the status to [`Status::Blessed`]; or
    /// adds to the problem why that cannot be done.
    fn bless(&mut self, suite: &Suite, index: usize, result: &mut RunResult);

    /// Saves the snapshot of a suite whose runs have ended. Returns what was done, if anything.
    ///
    /// # Errors
    /// When the file cannot be written, or was changed while the programs ran.
    fn save(&mut self, suite: &Suite) -> Result<Option<String>>;
}

/// A lesson whose runs are not started, for a reason that is known before.
#[derive(Debug)]
pub struct Skipped {
    /// What it is called in reports.
    pub label: String,
    /// How it ended.
    pub status: Status,
    /// Why, in lines for people.
    pub problem: String,
    /// How many runs it has had already.
    pub runs: usize,
}

/// What happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// Everything is ready.
    Started {
        /// Number of suites, including those that are skipped.
        suites: usize,
        /// Number of runs.
        runs: usize,
    },
    /// A run starts.
    RunStarted {
        /// Its suite.
        suite: &'a Suite,
        /// Which run of its snapshot.
        index: usize,
    },
    /// A run has ended.
    RunEnded {
        /// Its suite.
        suite: &'a Suite,
        /// Which run of its snapshot.
        index: usize,
        /// How often it has been started, counted from 1, if every run is repeated.
        round: Option<u32>,
        /// The verdict.
        result: &'a RunResult,
    },
    /// The program of a run cannot be started.
    RunNotStarted {
        /// Its suite.
        suite: &'a Suite,
        /// Which run of its snapshot.
        index: usize,
        /// Why.
        error: &'a Error,
    },
    /// The last round of a run that is repeated has ended, or no further one starts.
    RunStressed {
        /// Its suite.
        suite: &'a Suite,
        /// Which run of its snapshot.
        index: usize,
        /// All rounds.
        tally: &'a Tally,
    },
    /// All runs of a suite have ended, or no further one starts.
    SuiteEnded {
        /// What it is called.
        label: &'a str,
        /// The worst status of its runs.
        status: Status,
        /// The sum of the wall times of its runs.
        time: Duration,
        /// What is wrong with the suite as a whole, or what was done about it. May be empty.
        problem: &'a str,
    },
    /// Everything has ended.
    Ended(&'a Summary),
}

/// Receives each event, one at a time.
pub trait EventSink: FnMut(&Event<'_>) -> io::Result<()> + Send {}

impl<F: FnMut(&Event<'_>) -> io::Result<()> + Send> EventSink for F {}

/// The result of everything.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many suites ended with each status.
    pub suites: BTreeMap<Status, usize>,
    /// How many runs ended with each status.
    pub runs: BTreeMap<Status, usize>,
    /// How many runs were planned.
    pub planned: usize,
    /// Wall time of everything.
    pub time: Duration,
}

/// The results of a run that is repeated.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many rounds ended with each status.
    pub statuses: BTreeMap<Status, usize>,
    /// The different orders in which the lines of legal outputs came.
    pub orders: HashSet<Vec<Origin>>,
    /// The files of the first failing outputs.
    pub saved_outputs: Vec<PathBuf>,
    /// Why an output could not be saved.
    pub save_error: Option<Error>,
    /// Wall time of the longest round.
    pub longest: Duration,
}

impl Summary {
    /// The worst status of all.
    pub fn status(&self) -> Status {
        worst(&self.suites).max(worst(&self.runs))
    }
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
}

fn worst(counts: &BTreeMap<Status, usize>) -> Status {
    counts.keys().next_back().copied().unwrap_or(Status::Passed)
}

/// One run to be checked.
#[derive(Debug, Clone, Copy)]
struct Job<'a> {
    suite: &'a Suite,
    /// Which run of the snapshot.
    index: usize,
    /// Counted from 1.
    round: u32,
}

/// Checks all runs of these suites. An error of `emit` stops everything.
///
/// # Errors
/// The error of `emit`.
pub fn check_all(
    checker: &Checker,
    suites: &[Suite],
    skipped: &[Skipped],
    options: SessionOptions,
    mut emit: impl EventSink,
) -> io::Result<Summary> {
    let start = Instant::now();
    let rounds = options.stress.map_or(1, NonZero::get);
    let runs = |alone: bool| {
        let runs = suites.iter().flat_map(|suite| suite.runs.iter().map(move |run| (suite, *run)));
        runs.filter(move |(suite, index)| suite.run(*index).alone == alone)
    };
    let runs: Vec<(&Suite, usize)> = runs(false).chain(runs(true)).collect();
    // All rounds of a run come one after another, so that its result is known early.
    let jobs = runs
        .iter()
        .flat_map(|&(suite, index)| (1..=rounds).map(move |round| Job { suite, index, round }));
    let planned = runs.len().saturating_mul(rounds as usize);
    let workers = options.jobs.get().min(planned);
    let fail_fast = options.fail_fast;

    emit(&Event::Started { suites: suites.len() + skipped.len(), runs: planned })?;
    let mut fold = Fold {
        stress: options.stress,
        outputs: SavedOutputs::below(options.outputs),
        blesser: options.blesser,
        suites: HashMap::new(),
        summary: Summary { planned, ..Summary::default() },
        emit,
    };
    for one in skipped {
        fold.skipped(one)?;
    }
    let mut emitted = Ok(());
    executor::run(
        jobs,
        workers,
        |job| checker.check(job.suite, job.index),
        |progress| {
            let step = match progress {
                Progress::Started(job) => fold.started(job),
                Progress::Ended(job, result) => fold.ended(job, result),
            };
            if step.is_err() {
                checker.cancel.set();
                // Later errors only follow from the first one.
                if emitted.is_ok() {
                    emitted = step;
                }
            }
            let failed = fold.summary.status() >= Status::Failed;
            if checker.cancel.is_set() || fail_fast && failed {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    emitted?;
    fold.finish(start)
}

/// Turns results into events, and counts them.
struct Fold<'a, E> {
    stress: Option<NonZero<u32>>,
    outputs: SavedOutputs,
    blesser: Option<Box<dyn Blesser>>,
    /// The suites that have begun and not ended, by their labels.
    suites: HashMap<&'a str, SuiteProgress<'a>>,
    summary: Summary,
    emit: E,
}

/// What is known of a suite before all of its runs have ended.
struct SuiteProgress<'a> {
    suite: &'a Suite,
    /// How many jobs have not ended.
    remaining: usize,
    /// The rounds so far of each run that is repeated, by its index.
    tallies: BTreeMap<usize, Tally>,
    status: Status,
    time: Duration,
    problem: String,
}

impl<'a, E: EventSink> Fold<'a, E> {
    fn skipped(&mut self, skipped: &Skipped) -> io::Result<()> {
        let Skipped { label, status, problem, runs } = skipped;
        *self.summary.suites.entry(*status).or_default() += 1;
        if *runs > 0 {
            *self.summary.runs.entry(*status).or_default() += runs;
            self.summary.planned += runs;
        }
        let (status, time) = (*status, Duration::ZERO);
        (self.emit)(&Event::SuiteEnded { label, status, time, problem })
    }

    fn started(&mut self, job: Job<'a>) -> io::Result<()> {
        let Job { suite, index, .. } = job;
        let rounds = self.stress.map_or(1, NonZero::get) as usize;
        self.suites.entry(&suite.label).or_insert_with(|| SuiteProgress {
            suite,
            remaining: suite.runs.len() * rounds,
            tallies: BTreeMap::new(),
            status: Status::Passed,
            time: Duration::ZERO,
            problem: String::new(),
        });
        (self.emit)(&Event::RunStarted { suite, index })
    }

    fn ended(&mut self, job: Job<'a>, result: Result<RunResult>) -> io::Result<()> {
        let Job { suite, index, round } = job;
        let progress = self.suites.get_mut(&*suite.label).expect("the suite has begun");
        let status = match result {
            Ok(mut result) => {
                if let Some(blesser) = &mut self.blesser
                    && result.status == Status::Failed
                {
                    blesser.bless(suite, index, &mut result);
                }
                progress.time += result.time;
                let repeated = self.stress.map(|_| round);
                (self.emit)(&Event::RunEnded { suite, index, round: repeated, result: &result })?;
                if let Some(rounds) = self.stress {
                    let tally = progress.tallies.entry(index).or_default();
                    tally.add(&mut self.outputs, job, &result);
                    if tally.rounds() == rounds.get() as usize {
                        (self.emit)(&Event::RunStressed { suite, index, tally })?;
                        progress.tallies.remove(&index);
                    }
                }
                result.status
            }
            // Every run of a suite fails for the same reason, so it is reported for the suite.
            Err(error) => {
                progress.problem = error.to_string();
                (self.emit)(&Event::RunNotStarted { suite, index, error: &error })?;
                Status::Error
            }
        };
        *self.summary.runs.entry(status).or_default() += 1;
        progress.status = progress.status.max(status);
        progress.remaining -= 1;
        if progress.remaining > 0 {
            return Ok(());
        }
        let progress = self.suites.remove(&*suite.label).expect("the suite has begun");
        self.suite_ended(progress)
    }

    fn suite_ended(&mut self, progress: SuiteProgress<'_>) -> io::Result<()> {
        let SuiteProgress { suite, tallies, mut status, time, mut problem, .. } = progress;
        // Rounds that have ended count, even if others did not start.
        for (index, tally) in &tallies {
            (self.emit)(&Event::RunStressed { suite, index: *index, tally })?;
        }
        if let Some(blesser) = &mut self.blesser {
            let saved = blesser.save(suite).unwrap_or_else(|error| {
                status = Status::Error;
                Some(error.to_string())
            });
            problem = [problem, saved.unwrap_or_default()].join("\n").trim().to_owned();
        }
        *self.summary.suites.entry(status).or_default() += 1;
        let (label, problem) = (&*suite.label, &*problem);
        (self.emit)(&Event::SuiteEnded { label, status, time, problem })
    }

    /// Ends the suites of which some runs did not start, and then everything.
    fn finish(mut self, start: Instant) -> io::Result<Summary> {
        let mut rest: Vec<SuiteProgress<'_>> =
            std::mem::take(&mut self.suites).into_values().collect();
        rest.sort_by_key(|progress| &*progress.suite.label);
        for mut progress in rest {
            progress.status = progress.status.max(Status::Cancelled);
            self.suite_ended(progress)?;
        }
        self.summary.time = start.elapsed();
        (self.emit)(&Event::Ended(&self.summary))?;
        Ok(self.summary)
    }
}

impl Tally {
    fn add(&mut self, outputs: &mut SavedOutputs, job: Job<'_>, result: &RunResult) {
        *self.statuses.entry(result.status).or_default() += 1;
        self.longest = self.longest.max(result.time);
        if let Some(reading) = &result.reading {
            self.orders.insert(reading.origins.clone());
        }
        let is_full = self.saved_outputs.len() == SavedOutputs::MAX_PER_RUN;
        if result.status >= Status::Failed && !is_full && self.save_error.is_none() {
            match outputs.save(job.suite, job.index, job.round, result) {
                Ok(path) => self.saved_outputs.push(path),
                Err(error) => self.save_error = Some(error),
            }
        }
    }
}
