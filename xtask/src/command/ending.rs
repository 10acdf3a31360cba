//! How a program has ended that was not checked against a snapshot.

use legal_outputs::printable;

use crate::check::{faults_of_end, messages};
use crate::process::{Finished, Limits};

/// Why a program did not end well, with the last lines of its standard error. `None` if it did.
pub(super) fn problem(finished: &Finished, limits: Limits) -> Option<String> {
    let faults = faults_of_end(finished, 0, limits);
    if faults.is_empty() {
        return None;
    }
    let stderr = String::from_utf8_lossy(&finished.stderr);
    let lines: Vec<&str> = stderr.lines().collect();
    let last = lines[lines.len().saturating_sub(20)..].iter();
    let last: String = last.map(|line| format!("\n  {}", printable(line))).collect();
    Some(format!("{}{last}", messages(&faults)))
}
