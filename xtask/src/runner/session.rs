//! Many runs, told as a stream of events.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io};

use crate::runner::cancel::Cancel;
use crate::runner::process::{self, Limits};
use crate::runner::schedule::{Gate, Progress, Times, default_jobs, side_by_side};
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
    /// How long each run may take; what its snapshot says where `None`.
    pub timeout: Option<Duration>,
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
        /// How.
        outcome: &'a Outcome,
    },
    /// All runs of an example have ended.
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
        Self { gate: Gate::new(target), cancel, timeout: None }
    }

    /// Runs one run and holds it to its snapshot. One that is only too slow gets a second try,
    /// alone; nothing else is ever tried twice.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn hold(&self, subject: &Subject, index: usize) -> Result<Outcome, Trouble> {
        let alone = subject.run(index).alone;
        let outcome = self.hold_once(subject, index, alone)?;
        if !outcome.only_slow {
            return Ok(outcome);
        }
        let mut second = self.hold_once(subject, index, true)?;
        match second.status {
            Status::Passed => second.status = Status::Slow,
            Status::Failed => second.problem.insert_str(0, "(the second try, alone)\n"),
            _ => {}
        }
        Ok(second)
    }

    fn hold_once(&self, subject: &Subject, index: usize, alone: bool) -> Result<Outcome, Trouble> {
        let Some(pass) = self.gate.enter(alone, &self.cancel) else {
            return Ok(Outcome::not_run());
        };
        let time = self.timeout.unwrap_or(subject.run(index).timeout);
        let limits = Limits { time, output: OUTPUT_LIMIT };
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
        side_by_side(
            subject.runs.iter().copied(),
            default_jobs(),
            |index| self.hold(subject, index),
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
        let mut runs: Vec<(&Subject, usize)> = Vec::new();
        for subject in subjects {
            runs.extend(subject.runs.iter().map(|index| (subject, *index)));
        }
        let seconds: Vec<f64> =
            runs.iter().map(|(subject, index)| times.of(&subject.title(*index))).collect();
        // Those that run alone come last: they have to wait for all others anyway.
        let mut order: Vec<usize> = (0..runs.len()).collect();
        let alone = |task: usize| runs[task].0.run(runs[task].1).alone;
        order.sort_by(|one, other| {
            (alone(*one).cmp(&alone(*other))).then(seconds[*other].total_cmp(&seconds[*one]))
        });

        let mut summary = Summary { planned: runs.len(), ..Summary::default() };
        tell(&Event::Started { examples: subjects.len() + unrun.len(), runs: runs.len() })?;
        for Unrun { label, status, problem } in unrun {
            *summary.examples.entry(*status).or_default() += 1;
            tell(&Event::ExampleEnded { label, status: *status, time: Duration::ZERO, problem })?;
        }

        let mut accounts: BTreeMap<&str, Account> =
            (subjects.iter()).map(|subject| (&*subject.label, Account::open(subject))).collect();
        let mut told = Ok(());
        side_by_side(
            order,
            manner.jobs,
            |task| {
                let (subject, index) = runs[task];
                self.hold(subject, index)
            },
            |progress| {
                let step = match progress {
                    Progress::Started(task) => {
                        let (subject, index) = runs[task];
                        tell(&Event::RunStarted { subject, index })
                    }
                    Progress::Ended(task, outcome) => {
                        let (subject, index) = runs[task];
                        if let Ok(outcome) = &outcome
                            && outcome.status < Status::Stopped
                        {
                            times.note(subject.title(index), outcome.time);
                        }
                        let account = accounts.get_mut(&*subject.label).expect("each has one");
                        account.enter(subject, index, outcome, manner, &mut summary, tell)
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
        times.save();
        summary.time = start.elapsed();
        tell(&Event::Ended(&summary))?;
        Ok(summary)
    }
}

/// What is known of an example while its runs end.
struct Account {
    missing: usize,
    status: Status,
    time: Duration,
    /// What is wrong with the example as a whole, or was done about it.
    problem: String,
    /// The snapshot's text as blessed so far.
    text: String,
}

impl Account {
    fn open(subject: &Subject) -> Self {
        Self {
            missing: subject.runs.len(),
            status: Status::Passed,
            time: Duration::ZERO,
            problem: String::new(),
            text: subject.text.clone(),
        }
    }

    fn enter(
        &mut self,
        subject: &Subject,
        index: usize,
        outcome: Result<Outcome, Trouble>,
        manner: &Manner,
        summary: &mut Summary,
        tell: &mut Tell<'_>,
    ) -> io::Result<()> {
        let status = match outcome {
            Ok(mut outcome) => {
                if manner.bless_from.is_some() && outcome.status == Status::Failed {
                    self.bless(index, &mut outcome);
                }
                self.time += outcome.time;
                summary.timings.costs.push(Cost {
                    title: subject.title(index),
                    time: outcome.time,
                    cpu: outcome.cpu,
                    alone: subject.run(index).alone,
                });
                tell(&Event::RunEnded { subject, index, outcome: &outcome })?;
                outcome.status
            }
            // The same holds for all runs of a program, so it is told once, of the whole.
            Err(trouble) => {
                self.problem = trouble.to_string();
                Status::Trouble
            }
        };
        *summary.runs.entry(status).or_default() += 1;
        self.status = self.status.max(status);
        self.missing -= 1;
        if self.missing > 0 {
            return Ok(());
        }

        if let Some(root) = &manner.bless_from
            && self.text != subject.text
        {
            match save(&root.join(&subject.path), &subject.text, &self.text) {
                Ok(()) => self.problem = format!("rewrote `{}`", subject.path.display()),
                Err(error) => {
                    self.status = Status::Trouble;
                    self.problem = Trouble::with("write", &subject.path, &error).to_string();
                }
            }
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
