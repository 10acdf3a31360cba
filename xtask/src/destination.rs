//! The folder that copies are written to, all or nothing.

use std::path::{Component, Path, PathBuf};
use std::{fs, io, path};

use tempfile::TempDir;

use crate::error::{Error, Result};

/// A new or empty folder. Everything is written to a draft folder first.
pub struct Destination {
    /// The nearest folder that exists already.
    existing: PathBuf,
    /// The folders to be created below it.
    new: PathBuf,
    /// Lies in `existing`, and is removed when dropped.
    draft: TempDir,
}

impl Destination {
    /// Checks the folder, and creates the draft folder.
    ///
    /// # Errors
    /// When the folder is not empty, lies in the workspace at `root`, or cannot be written to.
    pub fn new(folder: &Path, root: &Path) -> Result<Self> {
        let rejected =
            |why: &str| Error::new(format!("cannot copy to `{}`: {why}", folder.display()));
        let not_found = |error: io::Error| Error::io("find the folder", folder, &error);
        let absolute = path::absolute(folder).map_err(not_found)?;
        let existing = absolute.ancestors().find(|above| above.symlink_metadata().is_ok());
        let existing = existing.ok_or_else(|| rejected("no folder above it exists"))?;
        let new = absolute.strip_prefix(existing).unwrap_or(Path::new("")).to_owned();
        if new.components().any(|part| part == Component::ParentDir) {
            return Err(rejected("there is a `..` after a folder that does not exist"));
        }
        if !existing.is_dir() {
            return Err(rejected(&format!("`{}` is not a folder", existing.display())));
        }
        // Links and `..` may lead into the workspace, whatever the path looks like.
        let real = existing.canonicalize().map_err(not_found)?;
        if real.starts_with(root.canonicalize().map_err(not_found)?) {
            return Err(rejected("it lies in the workspace of the lessons"));
        }
        let is_empty = fs::read_dir(existing).map_err(not_found)?.next().is_none();
        if new.as_os_str().is_empty() && !is_empty {
            return Err(rejected("it is not empty"));
        }
        // On Windows a canonical path looks unlike what people write, and `..` is gone anyway.
        let existing = if cfg!(windows) { existing.to_owned() } else { real };
        let draft = tempfile::Builder::new().prefix(".copy-").tempdir_in(&existing);
        let draft = draft.map_err(|error| Error::io("write to", &existing, &error))?;
        Ok(Self { existing, new, draft })
    }

    /// Where something will be that is written to [`draft_path`](Self::draft_path).
    pub fn final_path(&self, below: &Path) -> PathBuf {
        // Joining an empty path would add a slash at the end.
        let parts = self.existing.components().chain(self.new.components());
        parts.chain(below.components()).collect()
    }

    /// Where to write it.
    pub fn draft_path(&self, below: &Path) -> PathBuf {
        self.draft.path().join(&self.new).join(below)
    }

    /// Moves everything to its final place. After an error nothing of it is left there.
    ///
    /// # Errors
    /// When something cannot be moved.
    pub fn publish(self) -> Result<()> {
        let mut moved: Vec<PathBuf> = Vec::new();
        let result = fs::read_dir(self.draft.path()).and_then(|mut entries| {
            entries.try_for_each(|entry| {
                let entry = entry?;
                let place = self.existing.join(entry.file_name());
                fs::rename(entry.path(), &place)?;
                moved.push(place);
                Ok(())
            })
        });
        result.map_err(|error| {
            for path in moved {
                // The first error is the one that matters.
                let _ =
                    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            }
            Error::io("write", &self.final_path(Path::new("")), &error)
        })
    }
}
