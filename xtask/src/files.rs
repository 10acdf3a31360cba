//! Files that the runner writes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use tempfile::NamedTempFile;

/// The folder in Cargo's target folder that belongs to the runner.
pub(crate) fn runner_folder(target: &Path) -> PathBuf {
    target.join("xtask")
}

/// Writes a file so that at every moment it is either the old one or the new one as a whole.
///
/// # Errors
/// When the file or its folder cannot be written.
pub(crate) fn write_atomically(path: &Path, text: &str) -> io::Result<()> {
    // A symbolic link stays one: the file that it leads to is replaced.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // A device or a pipe cannot be replaced.
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, text);
    }
    let mut draft = draft_beside(path)?;
    draft.write_all(text.as_bytes())?;
    draft.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file in the folder of `path`, which can take its place.
///
/// # Errors
/// When the folder cannot be written to.
pub(crate) fn draft_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".draft-");
    // Otherwise only the owner could read the file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

/// Finds out whether a file could be written, so that no lesson runs in vain.
///
/// # Errors
/// When it could not.
pub(crate) fn check_writable(file: &Path) -> io::Result<()> {
    match file.metadata() {
        Ok(file) if file.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        // To open a pipe could mean to wait for a reader.
        Ok(file) if !file.is_file() => Ok(()),
        _ => draft_beside(file).map(drop),
    }
}

/// The error, with the file that it is about.
pub(crate) fn in_file(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", path.display()))
}
