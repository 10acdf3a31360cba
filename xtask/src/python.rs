//! Finds the Python that runs the programs in Python.

use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};

/// The oldest version on which the programs run, as major and minor version.
const OLDEST: [u32; 2] = [3, 11];

/// The name of the command that runs Python.
pub const COMMAND: &str = if cfg!(windows) { "python" } else { "python3" };

/// The interpreter itself: the `python3` of the search path may be a script that takes longer than the
/// program that it runs.
///
/// # Errors
/// When there is none, or it is too old.
pub fn interpreter() -> Result<PathBuf> {
    let name = COMMAND;
    let [major, minor] = OLDEST;
    let need = format!("the programs in Python need Python {major}.{minor} or newer");
    let script = "import sys; print(*sys.version_info[:2]); print(sys.executable)";
    let output = Command::new(name).args(["-X", "utf8", "-c", script]).output();
    let output =
        output.map_err(|error| Error::new(format!("cannot run `{name}`: {error}; {need}")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    let (version, path) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let version: Vec<u32> = version.split(' ').filter_map(|part| part.parse().ok()).collect();
    match version[..] {
        [major, minor] if [major, minor] >= OLDEST => Ok(path.trim().into()),
        [major, minor] => Err(Error::new(format!("`{name}` is Python {major}.{minor}; {need}"))),
        _ => Err(Error::new(format!("`{name}` does not work; {need}"))),
    }
}
