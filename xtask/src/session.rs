//! Checks all runs of many suites, and reports progress as a stream of events.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::bless::Blesser;
use crate::check::{Checker, RunResult, Status};
use crate::conditions::{self, Conditions, Round};
use crate::executor::{self, Observer};
use crate::saved_outputs::SavedOutputs;
use crate::suite::{Case, Suite};
use crate::tally::{Tally, worst};

/// How to check many runs.
pub struct SessionOptions {
    /// The conditions of all runs. If `None`, the rounds of each run are split among several.
    pub conditions: Option<Conditions>,
    /// No further run starts after the first failure.
    pub fail_fast: bool,
    /// No further run of a suite starts after so many that never ended by themselves.
    pub max_endless: usize,
    /// Every run is repeated this many times, and its failing outputs are saved.
    pub stress: Option<NonZero<u32>>,
    /// The folder in which failing outputs are saved.
    pub outputs: PathBuf,
    /// Rewrites snapshots so that failing runs pass.
    pub blesser: Option<Blesser>,
}

/// A lesson, or a submission, that has no runs to check. The reason is known before anything is checked.
#[derive(Debug)]
pub struct Skipped {
    /// What it is called in reports.
    pub label: String,
    /// Its status.
    pub status: Status,
    /// The reason, in lines for people.
    pub problem: String,
    /// How many runs a draft of its snapshot took.
    pub runs: usize,
}

impl Skipped {
    /// A suite that has no runs.
    pub fn new(label: impl Into<String>, status: Status, problem: impl Into<String>) -> Self {
        Self { label: label.into(), status, problem: problem.into(), runs: 0 }
    }
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
        /// How often every run is repeated, if it is.
        stress: Option<NonZero<u32>>,
    },
    /// A run starts.
    RunStarted {
        /// Which run.
        case: Case<'a>,
    },
    /// A run has ended.
    RunEnded {
        /// Which run.
        case: Case<'a>,
        /// Which of its rounds, if every run is repeated.
        round: Option<Round>,
        /// The verdict.
        result: &'a RunResult,
    },
    /// The last round of a run that is repeated has ended, or no further one starts.
    RunStressed {
        /// Which run.
        case: Case<'a>,
        /// The results of its rounds.
        tally: &'a Tally,
    },
    /// All runs of a suite have ended, or no further one starts.
    SuiteEnded {
        /// What the suite is called.
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

impl Summary {
    /// The worst status of all.
    pub fn status(&self) -> Status {
        worst(&self.suites).max(worst(&self.runs))
    }
}

/// One round of a run.
#[derive(Debug, Clone, Copy)]
struct Job<'a> {
    case: Case<'a>,
    round: Round,
}

/// Checks all runs of these suites. An error of `emit` stops everything.
///
/// # Errors
/// The error of `emit`, or that the system starts no thread.
pub fn check_all(
    checker: &Checker,
    suites: &[Suite],
    skipped: &[Skipped],
    options: SessionOptions,
    emit: impl FnMut(&Event<'_>) -> io::Result<()> + Send,
) -> io::Result<Summary> {
    let start = Instant::now();
    let rounds = options.stress.unwrap_or(NonZero::<u32>::MIN);
    let (alone, shared): (Vec<Case<'_>>, Vec<Case<'_>>) =
        suites.iter().flat_map(Suite::cases).partition(|case| case.run().alone);
    let planned = (shared.len() + alone.len()).saturating_mul(rounds.get() as usize);

    let mut tracker = Tracker {
        checker,
        stress: options.stress,
        fail_fast: options.fail_fast,
        max_endless: options.max_endless,
        outputs: SavedOutputs::below(options.outputs),
        blesser: options.blesser,
        suites: HashMap::new(),
        summary: Summary { planned, ..Summary::default() },
        emit,
        emit_error: None,
    };
    let (suites, stress) = (suites.len() + skipped.len(), options.stress);
    tracker.emit(&Event::Started { suites, runs: planned, stress });
    for lesson in skipped {
        tracker.skip(lesson);
    }
    let parts = match options.conditions {
        Some(conditions) => vec![(conditions, rounds.get())],
        None => conditions::split(rounds.get()),
    };
    // Runs that must be alone come last.
    let alone_parts = vec![(Conditions::Alone, rounds.get())];
    for (cases, parts) in [(shared, parts), (alone, alone_parts)] {
        let mut done = 0;
        for (conditions, part) in parts {
            let numbers = done + 1..=done + part;
            // All rounds of a run come one after another.
            let jobs = cases.iter().flat_map(|&case| {
                let round = move |number| Round { number, of: rounds, conditions };
                numbers.clone().map(move |number| Job { case, round: round(number) })
            });
            let workers = conditions.programs().min(cases.len().saturating_mul(part as usize));
            let one_core = conditions == Conditions::Pinned;
            let check = |job: Job<'_>| checker.check_on(job.case, one_core);
            executor::run(jobs, workers, check, &mut tracker)?;
            done += part;
        }
    }
    tracker.finish(start)
}

/// Follows the runs, counts their results, and turns them into events.
struct Tracker<'a, E> {
    checker: &'a Checker,
    stress: Option<NonZero<u32>>,
    fail_fast: bool,
    max_endless: usize,
    outputs: SavedOutputs,
    blesser: Option<Blesser>,
    /// The suites that have begun and not ended, by their labels.
    suites: HashMap<&'a str, SuiteProgress<'a>>,
    summary: Summary,
    emit: E,
    /// The first error of `emit`. Later ones only follow from it.
    emit_error: Option<io::Error>,
}

/// What is known of a suite before all of its runs have ended.
struct SuiteProgress<'a> {
    suite: &'a Suite,
    /// How many jobs have not ended.
    remaining: usize,
    /// How many runs had to be ended because they ran, or wrote, for too long.
    endless: usize,
    /// The rounds so far of each run that is repeated, by its index.
    tallies: BTreeMap<usize, Tally>,
    status: Status,
    time: Duration,
}

impl<'a, E: FnMut(&Event<'_>) -> io::Result<()> + Send> Observer<Job<'a>, RunResult>
    for Tracker<'a, E>
{
    fn should_stop(&self) -> bool {
        let failed = self.summary.status() >= Status::Failed;
        self.checker.cancel.is_set() || self.fail_fast && failed
    }

    fn wants(&self, Job { case, .. }: Job<'a>) -> bool {
        let progress = self.suites.get(&*case.suite.label);
        progress.is_none_or(|progress| progress.endless < self.max_endless)
    }

    fn started(&mut self, Job { case, .. }: Job<'a>) {
        let rounds = self.stress.map_or(1, NonZero::get) as usize;
        self.suites.entry(&case.suite.label).or_insert_with(|| SuiteProgress {
            suite: case.suite,
            remaining: case.suite.runs.len() * rounds,
            endless: 0,
            tallies: BTreeMap::new(),
            status: Status::Passed,
            time: Duration::ZERO,
        });
        self.emit(&Event::RunStarted { case });
    }

    fn ended(&mut self, Job { case, round }: Job<'a>, mut result: RunResult) {
        if let Some(blesser) = &mut self.blesser
            && result.status == Status::Failed
        {
            blesser.bless(case, &mut result);
        }
        *self.summary.runs.entry(result.status).or_default() += 1;
        let repeated = self.stress.map(|_| round);
        self.emit(&Event::RunEnded { case, round: repeated, result: &result });

        let label = &*case.suite.label;
        let mut progress = self.suites.remove(label).expect("the suite has begun");
        progress.time += result.time;
        progress.status = progress.status.max(result.status);
        progress.remaining -= 1;
        progress.endless += usize::from(result.is_endless());
        if let Some(rounds) = self.stress {
            let mut tally = progress.tallies.remove(&case.index).unwrap_or_default();
            tally.add(&mut self.outputs, case, round, &result);
            if tally.rounds() == rounds.get() as usize {
                self.emit(&Event::RunStressed { case, tally: &tally });
            } else {
                progress.tallies.insert(case.index, tally);
            }
        }
        if progress.remaining == 0 {
            self.suite_ended(progress);
        } else {
            self.suites.insert(label, progress);
        }
    }
}

impl<'a, E: FnMut(&Event<'_>) -> io::Result<()> + Send> Tracker<'a, E> {
    fn emit(&mut self, event: &Event<'_>) {
        if let Err(error) = (self.emit)(event) {
            self.checker.cancel.set();
            self.emit_error.get_or_insert(error);
        }
    }

    fn skip(&mut self, skipped: &Skipped) {
        let Skipped { label, status, problem, runs } = skipped;
        *self.summary.suites.entry(*status).or_default() += 1;
        if *runs > 0 {
            *self.summary.runs.entry(*status).or_default() += runs;
            self.summary.planned += runs;
        }
        let (status, time) = (*status, Duration::ZERO);
        self.emit(&Event::SuiteEnded { label, status, time, problem });
    }

    fn suite_ended(&mut self, progress: SuiteProgress<'a>) {
        let SuiteProgress { suite, tallies, mut status, time, .. } = progress;
        // Rounds that have ended count, even if others did not start.
        for (&index, tally) in &tallies {
            self.emit(&Event::RunStressed { case: Case { suite, index }, tally });
        }
        let saved = self.blesser.as_mut().map_or(Ok(None), |blesser| blesser.save(suite));
        let problem = saved.unwrap_or_else(|error| {
            status = Status::Error;
            Some(error.to_string())
        });
        *self.summary.suites.entry(status).or_default() += 1;
        let (label, problem) = (&*suite.label, problem.unwrap_or_default());
        self.emit(&Event::SuiteEnded { label, status, time, problem: &problem });
    }

    /// Ends the suites of which some runs did not start, and then everything.
    fn finish(mut self, start: Instant) -> io::Result<Summary> {
        let mut rest: Vec<SuiteProgress<'_>> =
            std::mem::take(&mut self.suites).into_values().collect();
        rest.sort_by_key(|progress| &*progress.suite.label);
        for mut progress in rest {
            progress.status = progress.status.max(Status::Cancelled);
            self.suite_ended(progress);
        }
        self.summary.time = start.elapsed();
        let summary = std::mem::take(&mut self.summary);
        self.emit(&Event::Ended(&summary));
        self.emit_error.map_or(Ok(summary), Err)
    }
}
