//! The reason in one line why a run failed.

use legal_outputs::printable;

use crate::check::{Fault, RunFault, RunResult};

/// What was wrong first, in one line.
pub fn reason(result: &RunResult) -> String {
    let text = match result.faults.first() {
        Some(Fault::Run { kind: RunFault::ExitCode | RunFault::Signal, message }) => {
            match last_words(&result.stderr) {
                Some(line) => format!("{message}: {line}"),
                None => message.clone(),
            }
        }
        // What was done about it, and what helps, is in the full report.
        Some(Fault::Run { message, .. }) => {
            let end = message.find(", so ").or(message.find("; ")).unwrap_or(message.len());
            message[..end].to_owned()
        }
        Some(Fault::Output(_)) if result.stdout.is_empty() && result.stderr.is_empty() => {
            "the program printed nothing".to_owned()
        }
        Some(Fault::Output(fault)) => fault.message.clone(),
        None => result.problem.clone(),
    };
    text.lines().next().unwrap_or_default().to_owned()
}

/// The last line that a program wrote to standard error, where most languages say why it ended.
fn last_words(stderr: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(stderr);
    let is_message = |line: &&str| !line.trim().is_empty() && !line.starts_with("note: ");
    text.lines().rev().find(is_message).map(printable)
}
