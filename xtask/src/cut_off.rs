//! The last line of a program that was killed, which may lack its end.

use legal_outputs::{Fault, FaultKind, Stream, printable};

/// The last line of a program that was killed is not a wrong one, if it has no end. `streams` are
/// standard output and standard error.
pub(crate) fn say_what_was_cut_off(faults: &mut [Fault], streams: [&[u8]; 2]) {
    let last_lines = streams.map(|bytes| {
        // After a last line with an end, this is empty.
        let lines = bytes.split(|&byte| byte == b'\n');
        (1..).zip(lines).last().unwrap_or_default()
    });
    for fault in faults.iter_mut().filter(|fault| fault.kind == FaultKind::Unexpected) {
        let ((number, last), stream) = match fault.stream {
            Stream::Stdout => (last_lines[0], ""),
            Stream::Stderr => (last_lines[1], " of standard error"),
        };
        if !last.is_empty() && fault.output_line == Some(number) {
            let text = printable(&String::from_utf8_lossy(last));
            fault.message =
                format!("line {number}{stream}: \"{text}\" was cut off when the program was ended");
        }
    }
}
