//! The last line of a program that was killed, which may lack its end.

use legal_outputs::{FaultKind, Stream, printable};

use crate::check::{Fault, RunFault, RunResult};

/// If the program was killed while it wrote a line, the line is not a wrong one.
pub(crate) fn say_what_was_cut_off(faults: &mut [legal_outputs::Fault], result: &RunResult) {
    use RunFault::{Signal, Timeout, TooManyProcesses, TooMuchMemory};
    let is_kill = |fault: &Fault| match fault {
        Fault::Run { kind, .. } => {
            matches!(kind, Signal | Timeout | TooManyProcesses | TooMuchMemory)
        }
        Fault::Output(_) => false,
    };
    if !result.faults.iter().any(is_kill) {
        return;
    }
    for fault in faults.iter_mut().filter(|fault| fault.kind == FaultKind::Unexpected) {
        let (bytes, stream) = match fault.stream {
            Stream::Stdout => (&result.stdout, ""),
            Stream::Stderr => (&result.stderr, " of standard error"),
        };
        let lines = bytes.split(|&byte| byte == b'\n');
        // After a last line with an end, this is empty.
        let (number, last) = (1..).zip(lines).last().unwrap_or_default();
        if !last.is_empty() && fault.output_line == Some(number) {
            let text = printable(&String::from_utf8_lossy(last));
            fault.message =
                format!("line {number}{stream}: \"{text}\" was cut off when the program was ended");
        }
    }
}
