//! Snapshots rewritten after what the programs printed, as far as that proves anything.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::runner::catalog::Example;
use crate::runner::process::{self, End, Finished, Limits};
use crate::runner::session::{OUTPUT_LIMIT, Session};
use crate::runner::subject::Outcome;
use crate::runner::{Trouble, write_whole};
use legal_outputs::Output;

/// How many outputs a draft is made of: what differs between them differs from run to run.
const DRAFT_RUNS: usize = 5;

/// The snapshot's text with the run of this index rewritten so that the outcome passes.
///
/// # Errors
/// Why one outcome does not prove how that would have to be done.
pub(super) fn rewrite(text: &str, index: usize, outcome: &Outcome) -> Result<String, String> {
    if !outcome.only_output {
        return Err("the program does not end as it should".to_owned());
    }
    let output = Output { stdout: &outcome.stdout, stderr: &outcome.stderr };
    legal_outputs::bless(text, index, output)
}

/// What came of the attempt to draft a snapshot.
#[derive(Debug)]
pub enum Draft {
    /// It is written.
    Written,
    /// Why the runs have no snapshot in common.
    Refused(String),
    /// Somebody stopped everything.
    Stopped,
}

/// Writes the first snapshot of an example that has none, out of several runs without arguments.
///
/// # Errors
/// When the program cannot be started, or the snapshot cannot be written.
pub fn draft(
    session: &Session,
    example: &Example,
    root: &Path,
    program: &Path,
) -> Result<Draft, Trouble> {
    let path = &example.snapshot;
    let refused = |why: &str| {
        Ok(Draft::Refused(format!("cannot draft the snapshot `{}`: {why}", path.display())))
    };
    let limits = Limits {
        time: session.timeout.unwrap_or(legal_outputs::DEFAULT_TIMEOUT),
        output: OUTPUT_LIMIT,
        group: session.group,
    };
    let mut outputs: Vec<Finished> = Vec::new();
    let mut exit = None;
    for _ in 0..DRAFT_RUNS {
        let Some(_pass) = session.gate.enter(false, &session.cancel, || {}) else {
            return Ok(Draft::Stopped);
        };
        let mut command = Command::new(program);
        command.current_dir(root);
        let finished = process::run(command, limits, &session.cancel)
            .map_err(|error| Trouble::with("run", program, &error))?;
        let status = match finished.end {
            End::Own(status) => status,
            End::Cancelled => return Ok(Draft::Stopped),
            _ => return refused("the program does not end by itself, or writes too much"),
        };
        let Some(code) = status.code() else {
            return refused(&format!("the program was ended by a {status}"));
        };
        if *exit.get_or_insert(code) != code {
            return refused("the program's exit code differs from run to run");
        }
        outputs.push(finished);
    }
    let outputs: Vec<Output<'_>> = (outputs.iter())
        .map(|finished| Output { stdout: &finished.stdout, stderr: &finished.stderr })
        .collect();
    let text = match legal_outputs::draft(&example.name, &[], exit.unwrap_or(0), &outputs) {
        Ok(text) => text,
        Err(why) => return refused(&why),
    };

    let file = root.join(path);
    let folder = file.parent().expect("a snapshot lies in the folder of its topic");
    fs::create_dir_all(folder)
        .and_then(|()| write_whole(&file, &text))
        .map(|()| Draft::Written)
        .map_err(|error| Trouble::with("write", path, &error))
}
