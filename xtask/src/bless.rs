//! Rewrites the text of snapshots.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use legal_outputs::Output;

use crate::check::{Fault, RunResult, Status};
use crate::error::{Error, Result};
use crate::files::write_atomically;
use crate::suite::{Case, Suite};

/// Rewrites the snapshots of failing runs.
pub struct Blesser {
    root: PathBuf,
    /// The snapshots that have changed and are not saved yet, by their paths.
    texts: HashMap<PathBuf, String>,
}

impl Blesser {
    /// Rewrites snapshots of the workspace with this root.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), texts: HashMap::new() }
    }

    /// Changes the snapshot so that this result passes. If that cannot be done, the problem says why.
    pub fn bless(&mut self, case: Case<'_>, result: &mut RunResult) {
        let Suite { path, text, .. } = case.suite;
        let text = self.texts.get(path).unwrap_or(text);
        let output = Output { stdout: &result.stdout, stderr: &result.stderr };
        let blessed = if result.faults.iter().all(|fault| matches!(fault, Fault::Output(_))) {
            legal_outputs::bless(text, case.index, output)
        } else {
            Err("the program does not end as it should".to_owned())
        };
        match blessed {
            Ok(text) => {
                self.texts.insert(path.clone(), text);
                result.status = Status::Blessed;
                result.problem.clear();
                result.faults.clear();
            }
            Err(why) => result.problem += &format!("\nnot blessed: {why}"),
        }
    }

    /// Saves the snapshot of a suite. Returns what was done, if anything.
    ///
    /// # Errors
    /// When the file cannot be read or written, or was changed while the programs ran.
    pub fn save(&mut self, suite: &Suite) -> Result<Option<String>> {
        let Some(text) = self.texts.remove(&suite.path) else { return Ok(None) };
        let (file, path) = (self.root.join(&suite.path), suite.path.display());
        let current = fs::read_to_string(&file);
        if current.map_err(|error| Error::io("read", &suite.path, &error))? != suite.text {
            let why = "it was changed while the programs ran";
            return Err(Error::new(format!("cannot write `{path}`: {why}")));
        }
        write_atomically(&file, &text).map_err(|error| Error::io("write", &suite.path, &error))?;
        Ok(Some(format!("rewrote `{path}`")))
    }
}
