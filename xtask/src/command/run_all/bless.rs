//! `--bless`: rewrites the text of snapshots, and drafts those that are missing.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use legal_outputs::Output;

use crate::check::{Checker, RunResult, Status};
use crate::error::{Error, Result};
use crate::files::write_atomically;
use crate::process::{End, Finished, Limits};
use crate::session::{Blesser, Skipped};
use crate::suite::{Suite, cannot_run};
use crate::workspace::Lesson;

/// The snapshots that are changed so far, by their paths.
pub struct Snapshots {
    root: PathBuf,
    texts: HashMap<PathBuf, String>,
}

impl Snapshots {
    /// No snapshot of this workspace is changed yet.
    pub fn unchanged(root: &Path) -> Self {
        Self { root: root.to_owned(), texts: HashMap::new() }
    }
}

impl Blesser for Snapshots {
    fn bless(&mut self, suite: &Suite, index: usize, result: &mut RunResult) {
        let text = self.texts.get(&suite.path).unwrap_or(&suite.text);
        let output = Output { stdout: &result.stdout, stderr: &result.stderr };
        let blessed = if result.has_only_output_faults() {
            legal_outputs::bless(text, index, output)
        } else {
            Err("the program does not end as it should".to_owned())
        };
        match blessed {
            Ok(text) => {
                self.texts.insert(suite.path.clone(), text);
                result.status = Status::Blessed;
            }
            Err(why) => result.problem += &format!("\nnot blessed: {why}"),
        }
    }

    fn save(&mut self, suite: &Suite) -> Result<Option<String>> {
        let Some(text) = self.texts.remove(&suite.path) else { return Ok(None) };
        let file = self.root.join(&suite.path);
        let failed = |error| Error::io("write", &suite.path, &error);
        if fs::read_to_string(&file).map_err(failed)? != suite.text {
            let path = suite.path.display();
            let problem = format!("cannot write `{path}`: it was changed while the programs ran");
            return Err(Error::new(problem));
        }
        write_atomically(&file, &text).map_err(failed)?;
        Ok(Some(format!("rewrote `{}`", suite.path.display())))
    }
}

/// How many outputs a draft is made from. What differs between them becomes a placeholder.
const DRAFT_RUNS: usize = 5;

/// Writes the first snapshot of a lesson, from several runs without arguments.
pub fn draft(checker: &Checker, lesson: &Lesson, root: &Path, program: &Path) -> Skipped {
    let path = lesson.snapshot.display();
    let (status, problem, runs) = match runs_for_draft(checker, root, program) {
        Ok(None) => (Status::Cancelled, String::new(), 0),
        Err(error) => (Status::Error, error.to_string(), 0),
        Ok(Some(runs)) => match write_draft(lesson, root, &runs) {
            Ok(()) => {
                let problem = format!("drafted `{path}` from {DRAFT_RUNS} runs: read it closely");
                (Status::Blessed, problem, runs.len())
            }
            Err(DraftError::NoDraft(why)) => {
                let problem = format!("cannot draft the snapshot `{path}`: {why}");
                (Status::Failed, problem, runs.len())
            }
            Err(DraftError::Write(error)) => (Status::Error, error.to_string(), runs.len()),
        },
    };
    Skipped { label: lesson.label(), status, problem, runs }
}

/// Runs the program several times. `None` if everything was cancelled.
fn runs_for_draft(checker: &Checker, root: &Path, program: &Path) -> Result<Option<Vec<Finished>>> {
    let limits = Limits {
        time: checker.timeout.unwrap_or(legal_outputs::DEFAULT_TIMEOUT),
        usage: checker.usage,
    };
    let mut runs = Vec::new();
    while runs.len() < DRAFT_RUNS {
        let mut command = Command::new(program);
        command.current_dir(root);
        let finished = checker.run(command, limits, false);
        let finished = finished.map_err(|error| cannot_run(program, &error))?;
        if finished.end == End::Cancelled {
            return Ok(None);
        }
        let has_exited = matches!(finished.end, End::Exited(_));
        runs.push(finished);
        if !has_exited {
            break;
        }
    }
    Ok(Some(runs))
}

enum DraftError {
    /// The outputs have no snapshot in common.
    NoDraft(String),
    /// The snapshot cannot be written.
    Write(Error),
}

fn write_draft(lesson: &Lesson, root: &Path, runs: &[Finished]) -> Result<(), DraftError> {
    let no_draft = |why: &str| DraftError::NoDraft(why.to_owned());
    let mut exit = None;
    for run in runs {
        let End::Exited(status) = run.end else {
            return Err(no_draft("the program does not end by itself, or writes too much"));
        };
        let code = status.code();
        let code = code.ok_or_else(|| no_draft(&format!("the program was ended by a {status}")))?;
        if *exit.get_or_insert(code) != code {
            return Err(no_draft("the program's exit code differs from run to run"));
        }
    }
    let outputs: Vec<Output<'_>> =
        runs.iter().map(|run| Output { stdout: &run.stdout, stderr: &run.stderr }).collect();
    let text = legal_outputs::draft(&lesson.name, &[], exit.unwrap_or(0), &outputs);
    let text = text.map_err(DraftError::NoDraft)?;

    let file = root.join(&lesson.snapshot);
    let folder = file.parent().expect("a snapshot lies in the folder of its topic");
    fs::create_dir_all(folder)
        .and_then(|()| write_atomically(&file, &text))
        .map_err(|error| DraftError::Write(Error::io("write", &lesson.snapshot, &error)))
}
