//! Failing outputs that are saved, so that they can be looked at and checked again.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::check::RunResult;
use crate::error::{Error, Result};
use crate::suite::Case;

/// A private folder with the first failing outputs of each run. It is created for the first of them.
#[derive(Debug)]
pub struct SavedOutputs {
    parent: PathBuf,
    folder: Option<PathBuf>,
}

impl SavedOutputs {
    /// How many outputs of one run are saved.
    pub const MAX_PER_RUN: usize = 3;

    /// How many bytes of each stream are saved. What is cut off is missing when the output is checked
    /// again.
    const MAX_BYTES: usize = 256 * 1024;

    /// Saves in a new folder below this one.
    pub fn below(parent: PathBuf) -> Self {
        Self { parent, folder: None }
    }

    /// Saves standard output in a file, and standard error, if there is any, in a second one with
    /// the extension `stderr`. Returns the path of the first.
    ///
    /// # Errors
    /// When the folder or a file cannot be written.
    pub fn save(&mut self, case: Case<'_>, round: u32, result: &RunResult) -> Result<PathBuf> {
        let folder = match &self.folder {
            Some(folder) => folder,
            None => {
                let created = create_private_folder(&self.parent)
                    .map_err(|error| Error::io("save the output in", &self.parent, &error))?;
                self.folder.insert(created)
            }
        };
        let label = case.suite.label.replace('/', "-");
        let name = format!("{label}-{}-{round}", case.run().line);
        let stdout = folder.join(format!("{name}.stdout"));
        let stderr = folder.join(format!("{name}.stderr"));
        let cut = |bytes: &[u8]| bytes[..bytes.len().min(Self::MAX_BYTES)].to_vec();
        let written = fs::write(&stdout, cut(&result.stdout)).and_then(|()| {
            if result.stderr.is_empty() { Ok(()) } else { fs::write(&stderr, cut(&result.stderr)) }
        });
        written.map_err(|error| Error::io("save the output in", &stdout, &error))?;
        Ok(stdout)
    }
}

/// Creates a new folder that only the user can read.
fn create_private_folder(parent: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(parent)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    Ok(builder.prefix("failed-").tempdir_in(parent)?.keep())
}
