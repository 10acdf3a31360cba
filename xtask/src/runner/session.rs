//! Many runs, told as a stream of events.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, io};

use crate::runner::cancel::Cancel;
use crate::runner::group::Usage;
use crate::runner::process::{self, Limits};
use crate::runner::schedule::{Gate, Load, Progress, Task, Times, default_jobs, side_by_side};
use crate::runner::stress::{Stress, Tally};
use crate::runner::subject::{Outcome, Status, Subject};
use crate::runner::timings::{Cost, Timings};
use crate::runner::{Trouble, bless, report, write_whole};

/// How many bytes a program may write.
pub const OUTPUT_LIMIT: usize = 16 * 1024 * 1024;

/// What all runs have in common.
#[derive(Debug)]
pub struct Session {
    /// Lets runs in side by side, or alone.
    pub gate: Gate,
    /// Stops all of them.
    pub cancel: Cancel,
    /// Cargo's target folder, where there is one.
    pub target: Option<PathBuf>,
    /// How long each run may take; what its snapshot says where `None`.
    pub timeout: Option<Duration>,
    /// What each program may use, with all that it starts.
    pub group: Option<Usage>,
}

/// How to go about many runs.
#[derive(Debug)]
pub struct Manner {
    /// How many runs are under way at once.
    pub jobs: NonZero<usize>,
    /// No further run starts after the first failure.
    pub fail_fast: bool,
    /// Snapshots are rewritten after what the programs print; their paths start from this folder.
    pub bless_from: Option<PathBuf>,
    /// Every run is repeated.
    pub stress: Option<Stress>,
}

/// An example that cannot be run, or that was dealt with already.
#[derive(Debug)]
pub struct Unrun {
    /// What it is called in reports.
    pub label: String,
    /// How it came out.
    pub status: Status,
    /// Why, in lines for people.
    pub problem: String,
}

/// What happens, as it happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// All is ready.
    Started {
        /// How many examples, those that cannot be run among them.
        examples: usize,
        /// How many runs.
        runs: usize,
    },
    /// A run starts, or waits for others to end first.
    RunStarted {
        /// The program.
        subject: &'a Subject,
        /// Which of its runs.
        index: usize,
    },
    /// A run has ended.
    RunEnded {
        /// The program.
        subject: &'a Subject,
        /// Which of its runs.
        index: usize,
        /// Which time it was that it ran, from 1, where every run is repeated.
        round: Option<usize>,
        /// How.
        outcome: &'a Outcome,
    },
    /// A run could not be started, for a reason that holds for all runs of its program.
    RunNotStarted {
        /// The program.
        subject: &'a Subject,
        /// Which of its runs.
        index: usize,
        /// Why.
        trouble: &'a Trouble,
    },
    /// A run that is repeated has ended for the last time.
    RunStressed {
        /// The program.
        subject: &'a Subject,
        /// Which of its runs.
        index: usize,
        /// What came of it.
        tally: &'a Tally,
    },
    /// Runs wait for another session that uses the same target folder. Told once.
    Waiting,
    /// All runs of an example have ended, or no further one starts.
    ExampleEnded {
        /// What it is called.
        label: &'a str,
        /// The heaviest status of its runs.
        status: Status,
        /// The wall times of its runs, added up.
        time: Duration,
        /// What is wrong with the example as a whole, or was done about it. May be empty.
        problem: &'a str,
    },
    /// Everything has ended.
    Ended(&'a Summary),
}

/// What everything came to.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many examples ended with each status.
    pub examples: BTreeMap<Status, usize>,
    /// How many runs ended with each status.
    pub runs: BTreeMap<Status, usize>,
    /// How many runs there were to do.
    pub planned: usize,
    /// Wall time of everything.
    pub time: Duration,
    /// What each run cost.
    pub timings: Timings,
}

/// Takes each event, on any thread, one at a time.
pub type Tell<'a> = dyn FnMut(&Event<'_>) -> io::Result<()> + Send + 'a;

impl Summary {
    /// The heaviest status of all.
    pub fn status(&self) -> Status {
        let of = |counts: &BTreeMap<Status, usize>| counts.keys().next_back().copied();
        of(&self.examples).max(of(&self.runs)).unwrap_or(Status::Passed)
    }
}

impl Session {
    /// A session of the workspace with this target folder.
    pub fn new(target: Option<&Path>, cancel: Cancel) -> Self {
        Self {
            gate: Gate::new(target),
            cancel,
            target: target.map(Path::to_owned),
            timeout: None,
            group: None,
        }
    }

    /// Runs one run and holds it to its snapshot. One that is only too slow gets a second try,
    /// alone; nothing else is ever tried twice. `on_wait` is called where another session keeps
    /// it waiting.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn hold(
        &self,
        subject: &Subject,
        index: usize,
        on_wait: &(dyn Fn() + Sync),
    ) -> Result<Outcome, Trouble> {
        let alone = subject.run(index).alone;
        let outcome = self.hold_once(subject, index, alone, on_wait)?;
        if !outcome.only_slow || subject.transcript.is_some() {
            return Ok(outcome);
        }
        let mut second = self.hold_once(subject, index, true, on_wait)?;
        match second.status {
            Status::Passed => second.status = Status::Slow,
            Status::Failed => second.problem.insert_str(0, "(the second try, alone)\n"),
            _ => {}
        }
        Ok(second)
    }

    fn hold_once(
        &self,
        subject: &Subject,
        index: usize,
        alone: bool,
        on_wait: &(dyn Fn() + Sync),
    ) -> Result<Outcome, Trouble> {
        if let Some(transcript) = &subject.transcript {
            return Ok(subject.judge_transcript(index, transcript));
        }
        let Some(pass) = self.gate.enter(alone, &self.cancel, on_wait) else {
            return Ok(Outcome::not_run());
        };
        let time = self.timeout.unwrap_or(subject.run(index).timeout);
        let limits = Limits { time, output: OUTPUT_LIMIT, group: self.group };
        let finished = process::run(subject.invocation(index), limits, &self.cancel)
            .map_err(|error| subject.cannot_run(&error))?;
        // Others may run while the output is judged.
        drop(pass);
        Ok(subject.judge(index, finished, limits))
    }

    /// Holds a program to all runs of its snapshot, side by side.
    ///
    /// # Errors
    /// What is wrong with those that fail, and how to repeat them, in lines for people.
    pub fn hold_subject(&self, subject: &Subject) -> Result<(), String> {
        let mut failures = BTreeMap::new();
        let load = |index| if subject.run(index).alone { Load::All } else { Load::UNKNOWN };
        side_by_side(
            subject.runs.iter().map(|&index| Task { number: index, load: load(index) }),
            default_jobs(),
            |index| self.hold(subject, index, &|| {}),
            |progress| {
                match progress {
                    Progress::Ended(index, Ok(outcome)) if outcome.status >= Status::Stopped => {
                        failures.insert(index, report::failure(subject, index, &outcome));
                    }
                    Progress::Ended(_, Err(trouble)) => {
                        // It is the same for every run.
                        failures = BTreeMap::from([(0, trouble.to_string())]);
                        return ControlFlow::Break(());
                    }
                    Progress::Started(_) | Progress::Ended(_, Ok(_)) => {}
                }
                ControlFlow::Continue(())
            },
        );
        if failures.is_empty() {
            Ok(())
        } else {
            Err(failures.into_values().collect::<Vec<_>>().join("\n\n"))
        }
    }

    /// Holds many programs to all runs of their snapshots, and tells how it goes. An error of
    /// `tell` stops everything.
    ///
    /// # Errors
    /// The error of `tell`.
    pub fn hold_all(
        &self,
        subjects: &[Subject],
        unrun: &[Unrun],
        manner: &Manner,
        times: &mut Times,
        tell: &mut Tell<'_>,
    ) -> io::Result<Summary> {
        let start = Instant::now();
        let rounds = manner.stress.as_ref().map_or(1, |stress| stress.rounds.get());
        let mut runs: Vec<(&Subject, usize)> = Vec::new();
        for subject in subjects {
            runs.extend(subject.runs.iter().map(|index| (subject, *index)));
        }
        let planned = runs.len() * rounds;

        let mut summary = Summary { planned, ..Summary::default() };
        tell(&Event::Started { examples: subjects.len() + unrun.len(), runs: planned })?;
        for Unrun { label, status, problem } in unrun {
            *summary.examples.entry(*status).or_default() += 1;
            tell(&Event::ExampleEnded { label, status: *status, time: Duration::ZERO, problem })?;
        }

        let mut accounts: BTreeMap<&str, Account<'_>> = (subjects.iter())
            .map(|subject| (&*subject.label, Account::open(subject, manner, rounds)))
            .collect();
        let tasks = in_order(&runs, times).into_iter().flat_map(|task| {
            // All rounds of a run together, so that it is told of as soon as they have ended.
            (0..rounds).map(move |round| Task { number: task.number * rounds + round, ..task })
        });
        // Told by those that wait, while others start and end.
        let tell = Mutex::new(tell);
        let tell = |event: &Event<'_>| tell.lock().unwrap_or_else(PoisonError::into_inner)(event);
        let waits = AtomicBool::new(false);
        let on_wait = || {
            if !waits.swap(true, Ordering::Relaxed) {
                // Whoever cannot be told of this will not be told of the end either.
                let _ = tell(&Event::Waiting);
            }
        };
        let mut told = Ok(());
        side_by_side(
            tasks,
            manner.jobs,
            |number| {
                let (subject, index) = runs[number / rounds];
                let mut outcome = self.hold(subject, index, &on_wait)?;
                if outcome.status == Status::Failed && manner.stress.is_none() {
                    outcome.blessable = bless::rewrite(&subject.text, index, &outcome).is_ok();
                }
                Ok(outcome)
            },
            |progress| {
                let step = match progress {
                    Progress::Started(number) => {
                        let (subject, index) = runs[number / rounds];
                        tell(&Event::RunStarted { subject, index })
                    }
                    Progress::Ended(number, outcome) => {
                        let (subject, index) = runs[number / rounds];
                        if let Ok(outcome) = &outcome
                            && outcome.status < Status::Stopped
                        {
                            times.note(subject.title(index), outcome.time, outcome.cpu);
                        }
                        let account = accounts.get_mut(&*subject.label).expect("each has one");
                        account.enter(index, 1 + number % rounds, outcome, &mut summary, &tell)
                    }
                };
                let failed = summary.status() >= Status::Failed;
                if step.is_err() {
                    self.cancel.set();
                    // Later errors only follow from the first one.
                    if told.is_ok() {
                        told = step;
                    }
                }
                if self.cancel.is_set() || manner.fail_fast && failed {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        );
        told?;
        for account in accounts.values_mut().filter(|account| account.has_begun()) {
            account.close(&mut summary, &tell)?;
        }
        times.save();
        summary.time = start.elapsed();
        tell(&Event::Ended(&summary))?;
        Ok(summary)
    }
}

/// The runs as tasks, by their index: the longest first, and those that run alone at the end, as
/// they have to wait for all others anyway.
fn in_order(runs: &[(&Subject, usize)], times: &Times) -> Vec<Task> {
    let mut tasks: Vec<(bool, f64, Task)> = (runs.iter().enumerate())
        .map(|(number, (subject, index))| {
            let (title, alone) = (subject.title(*index), subject.run(*index).alone);
            let load = if alone { Load::All } else { times.load_of(&title) };
            (alone, times.of(&title), Task { number, load })
        })
        .collect();
    tasks.sort_by(|(one_alone, one, _), (other_alone, other, _)| {
        one_alone.cmp(other_alone).then(other.total_cmp(one))
    });
    tasks.into_iter().map(|(.., task)| task).collect()
}

/// What is known of an example while its runs end.
struct Account<'a> {
    subject: &'a Subject,
    manner: &'a Manner,
    /// How often its runs, each repeated, are to end, and how often they still have to.
    planned: usize,
    missing: usize,
    /// What came of each run so far, by its index, where all are repeated.
    tallies: BTreeMap<usize, Tally>,
    status: Status,
    time: Duration,
    /// What is wrong with the example as a whole, or was done about it.
    problem: String,
    /// The snapshot's text as blessed so far.
    text: String,
}

impl<'a> Account<'a> {
    fn open(subject: &'a Subject, manner: &'a Manner, rounds: usize) -> Self {
        let planned = subject.runs.len() * rounds;
        Self {
            subject,
            manner,
            planned,
            missing: planned,
            tallies: BTreeMap::new(),
            status: Status::Passed,
            time: Duration::ZERO,
            problem: String::new(),
            text: subject.text.clone(),
        }
    }

    /// Whether some of its runs have ended and others have not.
    fn has_begun(&self) -> bool {
        (1..self.planned).contains(&self.missing)
    }

    /// A run has ended. With the last one the account is closed.
    fn enter(
        &mut self,
        index: usize,
        round: usize,
        outcome: Result<Outcome, Trouble>,
        summary: &mut Summary,
        tell: &impl Fn(&Event<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let subject = self.subject;
        let status = match outcome {
            Ok(mut outcome) => {
                if self.manner.bless_from.is_some() && outcome.status == Status::Failed {
                    self.bless(index, &mut outcome);
                }
                self.time += outcome.time;
                summary.timings.costs.push(Cost {
                    title: subject.title(index),
                    time: outcome.time,
                    cpu: outcome.cpu,
                    alone: subject.run(index).alone,
                });
                let stress = self.manner.stress.as_ref();
                let round = stress.map(|_| round);
                tell(&Event::RunEnded { subject, index, round, outcome: &outcome })?;
                if let (Some(stress), Some(round)) = (stress, round) {
                    let tally = self.tallies.entry(index).or_default();
                    tally.count(stress, subject, index, round, &outcome);
                    if tally.rounds() == stress.rounds.get() {
                        tell(&Event::RunStressed { subject, index, tally })?;
                        self.tallies.remove(&index);
                    }
                }
                outcome.status
            }
            // The same holds for all runs of a program, so it is told once, of the whole.
            Err(trouble) => {
                tell(&Event::RunNotStarted { subject, index, trouble: &trouble })?;
                self.problem = trouble.to_string();
                Status::Trouble
            }
        };
        *summary.runs.entry(status).or_default() += 1;
        self.status = self.status.max(status);
        self.missing -= 1;
        if self.missing == 0 { self.close(summary, tell) } else { Ok(()) }
    }

    /// Saves what was blessed, and tells how the example came out.
    fn close(
        &mut self,
        summary: &mut Summary,
        tell: &impl Fn(&Event<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.missing > 0 {
            self.status = self.status.max(Status::Stopped);
        }
        let Self { subject, .. } = self;
        if let Some(root) = &self.manner.bless_from
            && self.text != subject.text
        {
            let saved = save(&root.join(&subject.path), &subject.text, &self.text);
            let what = match saved {
                Ok(()) => format!("rewrote `{}`", subject.path.display()),
                Err(error) => {
                    self.status = Status::Trouble;
                    Trouble::with("write", &subject.path, &error).to_string()
                }
            };
            self.problem = [&*self.problem, &what].join("\n").trim_start().to_owned();
        }
        *summary.examples.entry(self.status).or_default() += 1;
        tell(&Event::ExampleEnded {
            label: &subject.label,
            status: self.status,
            time: self.time,
            problem: &self.problem,
        })
    }

    fn bless(&mut self, index: usize, outcome: &mut Outcome) {
        match bless::rewrite(&self.text, index, outcome) {
            Ok(text) => {
                self.text = text;
                outcome.status = Status::Blessed;
            }
            Err(why) => outcome.problem += &format!("\nnot blessed: {why}"),
        }
    }
}

/// Rewrites a snapshot, unless somebody else did since it was read.
fn save(path: &Path, old: &str, new: &str) -> io::Result<()> {
    if fs::read_to_string(path)? != old {
        return Err(io::Error::other("it was changed while the programs ran"));
    }
    write_whole(path, new)
}
