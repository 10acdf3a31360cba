//! What a page says that a changed program does, and whether it does so.

use std::path::Path;

use super::{Block, Change};
use crate::check::{Checker, Fault, RunFault, RunResult, Status};
use crate::error::{Error, Result};
use crate::process::can_pin;
use crate::suite::{RunFolder, Subject, Suite};

/// How often the changed program does what a block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Often {
    /// It may do so.
    Maybe,
    Sometimes,
    Usually,
    Always,
    /// In every run, and it is still running at its time limit.
    NeverEnds,
}

/// What a program may do, and in how many runs it did.
pub(crate) struct Claim {
    often: Often,
    /// The changed program, and the snapshot of the block.
    pub suite: Suite,
    /// The index of the run.
    run: usize,
    seen: usize,
}

impl Change {
    /// Runs the changed program, built as `program`, often enough to see that it does what the page
    /// says.
    ///
    /// # Errors
    /// What it does instead, or what is wrong with the page.
    pub fn check(&self, program: &Path, root: &Path, checker: &Checker) -> Result<()> {
        let mut claims = self.claims(program, root)?;
        let rounds = claims.iter().map(|claim| claim.often.rounds()).max().unwrap_or(0);
        for round in 0..rounds {
            let case = claims[0].suite.cases().next().expect("each block has a run");
            // Half of the rounds have one core only.
            let one_core = round % 2 == 1 && can_pin();
            let finished = checker
                .run_case(case, case.run().alone, one_core)
                .map_err(|result| Error::new(result.problem))?;
            let mut problems = Vec::new();
            let mut is_explained = false;
            for Claim { often, suite, run, seen } in &mut claims {
                let run = &suite.snapshot.runs[*run];
                let result = checker.check_finished(run, finished.clone());
                let is_met = often.is_met_by(&result);
                *seen += usize::from(is_met);
                is_explained |= is_met;
                problems.push(result.problem);
            }
            if !is_explained {
                let problem = &problems[0];
                return Err(
                    self.error(&format!("the changed program does not do this:\n{problem}"))
                );
            }
            let is_over = |claim: &Claim| {
                claim.often < Often::Usually && claim.seen >= claim.often.least(rounds)
            };
            if claims.iter().all(is_over) {
                break;
            }
        }
        match claims.iter().find(|claim| claim.seen < claim.often.least(rounds)) {
            Some(Claim { often, seen, .. }) => Err(self.error(&format!(
                "the changed program does what the block ```snapshot{} says in {seen} of {rounds} runs",
                often.words()
            ))),
            None => Ok(()),
        }
    }

    /// What the page says that the changed program does. Never empty.
    pub(crate) fn claims(&self, program: &Path, root: &Path) -> Result<Vec<Claim>> {
        let mut claims = Vec::new();
        for Block { info, body } in self.blocks() {
            let Some(words) = info.strip_prefix("snapshot") else { continue };
            let often = Often::parse(words.trim())
                .ok_or_else(|| self.error(&format!("a block begins with ```{info}")))?;
            let suite = Suite::of_text(&self.path, body.to_owned(), subject(program, root))?;
            if suite.runs.len() != 1 {
                return Err(self.error(&format!("the block ```{info} must have one run")));
            }
            claims.push(Claim { often, suite, run: 0, seen: 0 });
        }
        let Some(first) = claims.first() else {
            return Err(self.error("it does not say what the changed program does"));
        };
        if claims.iter().all(|claim| claim.often < Often::Always) {
            let arguments = &first.suite.snapshot.runs[0].arguments;
            let suite = self.lesson_suite(program, root)?;
            let run = suite.snapshot.runs.iter().position(|run| run.arguments == *arguments);
            claims.extend(run.map(|run| Claim { often: Often::Maybe, suite, run, seen: 0 }));
        }
        Ok(claims)
    }

    /// The changed program, and the snapshot of the lesson.
    pub(crate) fn lesson_suite(&self, program: &Path, root: &Path) -> Result<Suite> {
        Suite::load(root, &self.lesson.snapshot, subject(program, root))
    }
}

/// The changed program. Like a lesson, it runs in the root of the workspace.
fn subject(program: &Path, root: &Path) -> Subject {
    let (words, folder) = (vec![program.into()], RunFolder::At(root.to_owned()));
    Subject::Command { words, folder, snapshot: Vec::new() }
}

impl Often {
    fn parse(words: &str) -> Option<Self> {
        match words {
            "" => Some(Self::Always),
            "usually" => Some(Self::Usually),
            "sometimes" => Some(Self::Sometimes),
            "never ends" => Some(Self::NeverEnds),
            _ => None,
        }
    }

    /// How many runs show whether it is true. What is usually or sometimes so has to be much more
    /// frequent than that, or the verdict would depend on chance.
    fn rounds(self) -> usize {
        match self {
            Self::Maybe => 1,
            Self::NeverEnds => 2,
            Self::Always => 4,
            Self::Usually => 40,
            Self::Sometimes => 400,
        }
    }

    /// In how many of `rounds` runs it must be seen.
    fn least(self, rounds: usize) -> usize {
        match self {
            Self::Maybe => 0,
            Self::Sometimes => 1,
            Self::Usually => rounds / 2,
            Self::Always | Self::NeverEnds => rounds,
        }
    }

    /// What the page says after `snapshot`.
    fn words(self) -> &'static str {
        match self {
            Self::Maybe | Self::Always => "",
            Self::Sometimes => " sometimes",
            Self::Usually => " usually",
            Self::NeverEnds => " never ends",
        }
    }

    fn is_met_by(self, result: &RunResult) -> bool {
        let is_timeout =
            |fault: &Fault| matches!(fault, Fault::Run { kind: RunFault::Timeout, .. });
        match self {
            Self::NeverEnds => !result.faults.is_empty() && result.faults.iter().all(is_timeout),
            _ => result.status == Status::Passed,
        }
    }
}
