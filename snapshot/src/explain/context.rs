//! What all questions need: the output that is explained, and names for its lines.

use crate::budget::Budget;
use crate::expectation::Expectation;
use crate::explanation::{Fault, FaultKind};
use crate::output::{Stream, printable};

/// An output that is not legal.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) expectation: &'a Expectation,
    /// The lines of both streams, those of standard error after those of standard output.
    pub(super) lines: &'a [&'a str],
    /// Where each of them stands in its stream, from 1.
    pub(super) numbers: &'a [usize],
    /// How many of `lines` belong to standard output.
    pub(super) stdout_size: usize,
    pub(super) budget: &'a Budget,
}

impl Context<'_> {
    /// The stream of an output line, and the line's number in it, from 1.
    pub(super) fn stream_of(&self, at: usize) -> (Stream, usize) {
        let stream = if at < self.stdout_size { Stream::Stdout } else { Stream::Stderr };
        (stream, self.numbers[at])
    }

    /// `line 3`, or `line 1 of standard error`.
    pub(super) fn position(&self, at: usize) -> String {
        match self.stream_of(at) {
            (Stream::Stdout, number) => format!("line {number}"),
            (stream, number) => format!("line {number} of {stream}"),
        }
    }

    /// An output line in quotes.
    pub(super) fn quoted(&self, at: usize) -> String {
        format!("\"{}\"", printable(self.lines[at]))
    }

    /// An expected line, with its place in the snapshot.
    pub(super) fn expected(&self, line: usize) -> String {
        let line = &self.expectation.lines[line];
        format!("\"{}\" (line {} of the snapshot)", printable(&line.text), line.number)
    }

    /// A fault that the output line `at` shows; `line` is the expected line that it breaks.
    pub(super) fn fault(
        &self,
        kind: FaultKind,
        at: usize,
        line: Option<usize>,
        message: &str,
        why: impl Into<String>,
    ) -> Fault {
        let (stream, number) = self.stream_of(at);
        Fault {
            kind,
            stream,
            output_line: Some(number),
            snapshot_line: line.map(|line| self.expectation.lines[line].number),
            message: format!("{}: {message}", self.position(at)),
            why: why.into(),
        }
    }

    /// A fault that no single line shows.
    pub(super) fn fault_of_run(
        &self,
        kind: FaultKind,
        stream: Stream,
        message: impl Into<String>,
    ) -> Fault {
        let (message, why) = (message.into(), String::new());
        Fault { kind, stream, output_line: None, snapshot_line: None, message, why }
    }
}
