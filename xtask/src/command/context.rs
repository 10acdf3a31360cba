//! What a command has to know about its surroundings.

use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};

use crate::error::{Error, Result};

/// Whether a person is watching standard error, so that progress may be shown there.
pub(super) fn progress_enabled() -> bool {
    io::stderr().is_terminal()
        && env::var_os("CI").is_none()
        && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// A bar with this many steps and a message. It is hidden unless a person is watching.
pub(super) fn progress_bar(steps: u64) -> ProgressBar {
    let bar = if progress_enabled() { ProgressBar::new(steps) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {wide_msg}");
    bar.with_style(style.expect("a literal template is well-formed"))
}

/// The folder that the command runs in.
///
/// # Errors
/// When it was removed, for example.
pub(super) fn current_folder() -> Result<PathBuf> {
    env::current_dir()
        .map_err(|error| Error::new(format!("cannot find the current folder: {error}")))
}

/// How many characters fit in a line of standard output; 80 if it is not a terminal.
pub(super) fn terminal_width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout());
    terminal.map_or(80, |(width, _)| usize::from(width.0).max(40))
}
