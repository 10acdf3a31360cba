//! What a learner has done, in a file beside the exercises. Without it only the marks in the list, and
//! the numbers of the hints that were shown, are lost.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files::write_atomically;

/// What a learner has done, by the name of the exercise.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// The exercises whose check has passed.
    pub solved: Vec<String>,
    /// How many hints were shown.
    pub hints: BTreeMap<String, usize>,
}

impl Progress {
    /// Reads it from this folder. A file that is missing counts as empty.
    ///
    /// # Errors
    /// When the file cannot be read. It is not replaced, because it is the learner's.
    pub fn load(folder: &Path) -> Result<Self> {
        let file = file(folder);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::io("read", &file, &error)),
        };
        serde_json::from_str(&text).map_err(|error| {
            Error::new(format!("`{}` is broken; repair or remove it: {error}", file.display()))
        })
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).expect("names and numbers can be written");
        let file = file(folder);
        write_atomically(&file, &text).map_err(|error| Error::io("write", &file, &error))
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("progress.json")
}
