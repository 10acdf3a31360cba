//! How commands end.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use crate::cancel::Cancel;
use crate::error::{Error, Result};

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Success,
    /// A check failed.
    Failed,
    /// Bad usage, a broken snapshot, a failed build.
    Error,
    /// Ctrl-C.
    Interrupted,
    /// The pipe that the report is written to was closed.
    ClosedPipe,
}

/// The exit codes of `diff`, and 128 plus the number of the signal that usually ends a program.
impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Failed => 1,
            Exit::Error => 2,
            Exit::Interrupted => 130,
            Exit::ClosedPipe => 141,
        })
    }
}

/// Prints the result of a command.
///
/// # Errors
/// When it cannot be written, unless the pipe was closed.
pub(super) fn print(text: &str) -> Result<Exit> {
    match anstream::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Ok(()) => Ok(Exit::Success),
        Err(error) => cannot_report(&error),
    }
}

/// The end of a command that measures programs. Prints its report, or after Ctrl-C what that means.
/// `None` is a program that did not end well.
///
/// # Errors
/// Those of the command, and of printing.
pub(super) fn print_measured(
    measured: Result<Option<String>>,
    after_ctrl_c: &str,
    cancel: &Cancel,
) -> Result<Exit> {
    match measured {
        Ok(Some(report)) => print(&report),
        _ if cancel.is_set() => {
            print(&format!("stopped by Ctrl-C; {after_ctrl_c}\n"))?;
            Ok(Exit::Interrupted)
        }
        not_measured => not_measured.map(|_| Exit::Failed),
    }
}

/// The end of a command that cannot write its report.
///
/// # Errors
/// This error, unless the pipe was closed.
pub(super) fn cannot_report(error: &io::Error) -> Result<Exit> {
    if error.kind() == ErrorKind::BrokenPipe {
        Ok(Exit::ClosedPipe)
    } else {
        Err(Error::new(format!("cannot write the report: {error}")))
    }
}
