//! Lessons with a change in them, and pages that say what the changed program does.
//!
//! Such a page, for example `examples-threads/tries/daemon.md`, has fenced blocks:
//!
//! - ` ```diff `: the change, as a unified diff of the lesson.
//! - ` ```snapshot `: what the changed program prints in every run, in the notation of snapshots.
//! - ` ```snapshot usually `: what it prints in at least half of the runs.
//! - ` ```snapshot sometimes `: what it prints in at least one run.
//! - ` ```snapshot never ends `: what it prints in every run, and then it reaches its time limit.
//! - ` ```error E0373 `: the program does not compile, and one of the errors has this code.
//!
//! If no block says what happens in every run, the other runs print what the lesson allows. A block
//! has one run, and the runs of all blocks have the same arguments.

use std::fs;
use std::path::{Path, PathBuf};

use crate::build::{Built, cargo, run_build};
use crate::cancel::Cancel;
use crate::check::{Checker, Fault, RunFault, RunResult, Status};
use crate::error::{Error, Result};
use crate::process::can_pin;
use crate::project::Project;
use crate::suite::{Subject, Suite};
use crate::workspace::{Lesson, Workspace};

/// A lesson, and a page that describes a change of it.
#[derive(Debug, Clone)]
pub struct Change {
    /// The lesson.
    pub lesson: Lesson,
    /// The name of the changed program.
    pub name: String,
    /// The file of the page.
    pub path: PathBuf,
    /// The page.
    pub text: String,
}

/// A fenced block of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'t> {
    /// What follows the three backticks.
    pub info: &'t str,
    /// The lines between the fences.
    pub body: &'t str,
}

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
    /// The Try of a lesson.
    ///
    /// # Errors
    /// When its page cannot be read.
    pub fn of_try(lesson: &Lesson, root: &Path) -> Result<Self> {
        let path = lesson.folder().join("tries").join(format!("{}.md", lesson.name));
        let text = fs::read_to_string(root.join(&path))
            .map_err(|error| Error::io("read", &path, &error))?;
        Ok(Self { lesson: lesson.clone(), name: lesson.name.clone(), path, text })
    }

    /// What the page says before its first block.
    pub fn prose(&self) -> &str {
        self.text.split("\n```").next().unwrap_or_default().trim()
    }

    /// The fenced blocks of the page.
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut rest = self.text.as_str();
        while let Some((_, block)) = rest.split_once("\n```")
            && let Some((info, body)) = block.split_once('\n')
        {
            let end = body.find("```").unwrap_or(body.len());
            blocks.push(Block { info: info.trim(), body: &body[..end] });
            rest = body[end..].get(3..).unwrap_or_default();
        }
        blocks
    }

    /// The change as a unified diff.
    ///
    /// # Errors
    /// When the page has none.
    pub fn diff(&self) -> Result<&str> {
        let diff = self.blocks().into_iter().find(|block| block.info == "diff");
        diff.map(|block| block.body).ok_or_else(|| self.error("it has no block ```diff"))
    }

    /// The source of the lesson with the change in it.
    ///
    /// # Errors
    /// When the diff cannot be read, or does not apply to the lesson.
    pub fn source(&self, root: &Path) -> Result<String> {
        let lesson = &self.lesson.source;
        let source = fs::read_to_string(root.join(lesson))
            .map_err(|error| Error::io("read", lesson, &error))?;
        let patch = diffy::Patch::from_str(self.diff()?)
            .map_err(|error| self.error(&format!("its diff cannot be read: {error}")))?;
        diffy::apply(&source, &patch).map_err(|error| {
            self.error(&format!("its diff does not apply to `{}`: {error}", lesson.display()))
        })
    }

    /// The code of an error that the compiler reports for the changed program, if it does.
    pub fn compiler_error(&self) -> Option<&str> {
        self.blocks().into_iter().find_map(|block| block.info.strip_prefix("error "))
    }

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
            let is_over =
                |claim: &Claim| claim.often < Often::Usually && claim.seen >= claim.often.least();
            if claims.iter().all(is_over) {
                break;
            }
        }
        match claims.iter().find(|claim| claim.seen < claim.often.least()) {
            Some(Claim { often, seen, .. }) => Err(self.error(&format!(
                "a block says `{often:?}`, but the changed program did that in {seen} of {rounds} runs"
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

    fn error(&self, problem: &str) -> Error {
        Error::new(format!("{}: {problem}", self.path.display()))
    }
}

/// The changed program. Like a lesson, it runs in the root of the workspace.
fn subject(program: &Path, root: &Path) -> Subject {
    let (words, folder) = (vec![program.into()], Some(root.to_owned()));
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

    /// In how many of these runs it must be seen.
    fn least(self) -> usize {
        match self {
            Self::Maybe => 0,
            Self::Sometimes => 1,
            Self::Usually => self.rounds() / 2,
            Self::Always | Self::NeverEnds => self.rounds(),
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

/// Builds changed lessons, all with one Cargo, in a workspace of their own below Cargo's target
/// folder. The errors of those that do not compile are in the result.
///
/// # Errors
/// When a diff does not apply, a file cannot be written, Cargo cannot be run or the build is
/// cancelled.
pub fn build_changed(changes: &[Change], workspace: &Workspace, cancel: &Cancel) -> Result<Built> {
    let folder = workspace.target.join("changed");
    let write = |path: PathBuf, text: &str| {
        // Cargo builds a file again if it was written again.
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(());
        }
        let parent = path.parent().expect("it is below the folder");
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        written.map_err(|error| Error::io("write", &path, &error))
    };
    let members: Vec<&String> = changes.iter().map(|change| &change.name).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    write(folder.join("Cargo.toml"), &manifest)?;
    if let Ok(lock) = fs::read_to_string(workspace.root.join("Cargo.lock"))
        && !folder.join("Cargo.lock").exists()
    {
        write(folder.join("Cargo.lock"), &lock)?;
    }
    for change in changes {
        let source = change.source(&workspace.root)?;
        let member = folder.join(&change.name);
        let project =
            Project::of_source(&change.lesson, &change.name, &source, workspace, &member)?;
        write(member.join("Cargo.toml"), &project.manifest)?;
        write(member.join("src/main.rs"), &project.source)?;
    }
    let mut command = cargo();
    command.current_dir(&folder).args([
        "build",
        "--keep-going",
        "--quiet",
        "--message-format=json",
    ]);
    command.arg("--target-dir").arg(folder.join("target"));
    // Nobody debugs these programs, and without what that needs they are built twice as fast.
    command.env("CARGO_PROFILE_DEV_DEBUG", "false");
    run_build(command, cancel)
}
