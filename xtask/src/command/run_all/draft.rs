//! Drafts the snapshot of a lesson that has none.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use legal_outputs::Output;

use crate::check::{Checker, Status, faults_of_end, messages};
use crate::error::{Error, Result};
use crate::files::write_atomically;
use crate::process::{End, Finished};
use crate::session::Skipped;
use crate::workspace::Lesson;

/// How many outputs a draft is made from. What differs between them becomes a placeholder.
const DRAFT_RUNS: usize = 5;

/// Writes the first snapshot of a lesson, from several runs without arguments.
pub fn draft(checker: &Checker, lesson: &Lesson, root: &Path, program: &Path) -> Skipped {
    let path = lesson.snapshot.display();
    let no_draft = |why: &str| format!("cannot draft the snapshot `{path}`: {why}");
    let mut runs = Vec::new();
    let (status, problem) = match run_for_draft(checker, root, program, &mut runs) {
        Err(error) => (Status::Error, error.to_string()),
        Ok(End::Cancelled) => (Status::Cancelled, String::new()),
        Ok(_) => match text_of_draft(checker, lesson, &runs) {
            Err(why) => (Status::Failed, no_draft(&why)),
            Ok(text) => match write(&root.join(&lesson.snapshot), &text) {
                Err(error) => (Status::Error, no_draft(&error.to_string())),
                Ok(()) => (
                    Status::Blessed,
                    format!(
                        "drafted `{path}` from {DRAFT_RUNS} runs; review it before you commit it"
                    ),
                ),
            },
        },
    };
    Skipped { label: lesson.label(), status, problem, runs: runs.len() }
}

/// Runs the program until there are enough runs, or one does not end by itself. Returns how the last
/// one ended.
fn run_for_draft(
    checker: &Checker,
    root: &Path,
    program: &Path,
    runs: &mut Vec<Finished>,
) -> Result<End> {
    loop {
        let mut command = Command::new(program);
        command.current_dir(root);
        let finished = checker.run(command, checker.limits(legal_outputs::DEFAULT_TIMEOUT), false);
        let finished = finished.map_err(|error| Error::io("run", program, &error))?;
        let end = finished.end;
        if end == End::Cancelled {
            return Ok(end);
        }
        runs.push(finished);
        if runs.len() == DRAFT_RUNS || !matches!(end, End::Exited(_)) {
            return Ok(end);
        }
    }
}

/// A snapshot that all these runs pass, or why there is none.
fn text_of_draft(checker: &Checker, lesson: &Lesson, runs: &[Finished]) -> Result<String, String> {
    let mut exits = Vec::new();
    for run in runs {
        let exit = match run.end {
            End::Exited(status) => status.code(),
            _ => None,
        };
        let limits = checker.limits(legal_outputs::DEFAULT_TIMEOUT);
        let faults = faults_of_end(run, exit.unwrap_or(0), limits);
        if !faults.is_empty() {
            return Err(messages(&faults));
        }
        exits.extend(exit);
    }
    exits.dedup();
    let [exit] = exits[..] else {
        return Err("the program's exit code differs from run to run".to_owned());
    };
    let outputs: Vec<Output<'_>> =
        runs.iter().map(|run| Output { stdout: &run.stdout, stderr: &run.stderr }).collect();
    legal_outputs::draft(&lesson.name, &[], exit, &outputs)
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(file.parent().expect("a snapshot lies in the folder of its topic"))?;
    write_atomically(file, text)
}
