//! What keeps a command from doing its work.

use std::path::Path;
use std::{error, fmt, io};

use serde::Serialize;

/// Bad usage, a broken snapshot, a failed build: anything but a difference in an output. Its
/// `Display` is one sentence without a full stop, which names the path that it is about.
#[derive(Debug, Clone, Serialize)]
pub struct Error(String);

/// What may fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// `cannot ACTION PATH: ERROR`.
    pub fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("cannot {action} `{}`: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Error {}
