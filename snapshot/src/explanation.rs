//! Why an output is not legal, and how to show it.

use std::collections::HashSet;
use std::fmt;

use crate::output::{Stream, StreamLines, printable};

/// Why an output is not legal. Its `Display` has several lines for people: the faults, then the
/// output with the faulty lines marked.
#[derive(Debug)]
pub struct Explanation {
    /// What is wrong; never empty.
    pub faults: Vec<Fault>,
    /// The output would be legal without upper bounds of times (`{0.2..0.4} seconds` as
    /// `{0.2..} seconds`): the program was only slow.
    pub only_slow: bool,
    /// The lines of both streams.
    lines: [Vec<String>; 2],
    /// How many more lines each stream had.
    omitted: [usize; 2],
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// The stream that it is in.
    pub stream: Stream,
    /// The line of the stream that shows it, from 1.
    pub output_line: Option<usize>,
    /// The line of the snapshot that the output breaks, from 1.
    pub snapshot_line: Option<usize>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The rule of the notation that the output breaks, in a sentence. Empty if the message says it.
    pub why: String,
}

/// The ways in which an output can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum FaultKind {
    /// A line is not UTF-8.
    NotUtf8,
    /// No expected line matches this line, or not so many of them.
    Unexpected,
    /// A line consists of several expected lines, or of pieces of them, because their newlines came
    /// later.
    Torn,
    /// An expected line never came.
    Missing,
    /// A line came before another line that must come first.
    Order,
    /// Two values are not equal that must be, or equal that must not be.
    Equality,
    /// A number is out of range.
    Range,
}

/// Of one kind of fault, more than this are only counted.
pub(crate) const SHOWN_FAULTS: usize = 8;

/// How many lines before and after a marked one are shown.
const LINES_AROUND: usize = 4;

impl Explanation {
    pub(crate) fn new(faults: Vec<Fault>, only_slow: bool, streams: &[StreamLines<'_>; 2]) -> Self {
        let lines = streams.each_ref().map(|stream| {
            stream.lines.iter().map(|line| line.clone().into_owned()).collect::<Vec<_>>()
        });
        Self { faults, only_slow, lines, omitted: streams.each_ref().map(|stream| stream.omitted) }
    }

    /// The output lines that no expected line matches.
    pub(crate) fn unexpected(&self) -> impl Iterator<Item = &str> {
        let faults = self.faults.iter().filter(|fault| fault.kind == FaultKind::Unexpected);
        faults.filter_map(|fault| {
            let lines = match fault.stream {
                Stream::Stdout => &self.lines[0],
                Stream::Stderr => &self.lines[1],
            };
            lines.get(fault.output_line? - 1).map(String::as_str)
        })
    }

    /// Shows the marked lines of a stream and those around them.
    fn show_stream(
        &self,
        f: &mut fmt::Formatter<'_>,
        stream: Stream,
        lines: &[String],
        omitted: usize,
    ) -> fmt::Result {
        if lines.is_empty() {
            return writeln!(f, "\n{stream} was empty");
        }
        let faults = self.faults.iter().filter(|fault| fault.stream == stream).take(SHOWN_FAULTS);
        let marked: HashSet<usize> = faults.filter_map(|fault| fault.output_line).collect();
        // The last line of standard error often names the cause.
        let ends_matter = marked.is_empty() || stream == Stream::Stderr;
        let is_near = |number: usize| {
            !(1..=lines.len()).contains(&number)
                || marked.iter().any(|&mark| mark.abs_diff(number) <= LINES_AROUND)
                || ends_matter && (number <= LINES_AROUND || number + LINES_AROUND > lines.len())
        };
        writeln!(f, "\n{stream}, as the program wrote it:")?;
        let mut hidden = 0;
        for (number, line) in (1..).zip(lines) {
            // A single line is shown and not only counted.
            if is_near(number) || is_near(number - 1) && is_near(number + 1) {
                show_gap(f, std::mem::take(&mut hidden))?;
                let sign = if marked.contains(&number) { '>' } else { ' ' };
                writeln!(f, "{sign} {number:>5} | {}", printable(line))?;
            } else {
                hidden += 1;
            }
        }
        show_gap(f, hidden + omitted)
    }
}

fn show_gap(f: &mut fmt::Formatter<'_>, lines: usize) -> fmt::Result {
    match lines {
        0 => Ok(()),
        count => writeln!(f, "          … {count} lines"),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of_kind in self.faults.chunk_by(|one, other| one.kind == other.kind) {
            let shown = &of_kind[..of_kind.len().min(SHOWN_FAULTS)];
            for same_rule in shown.chunk_by(|one, other| one.why == other.why) {
                for fault in same_rule {
                    writeln!(f, "{}", fault.message)?;
                }
                if !same_rule[0].why.is_empty() {
                    writeln!(f, "    why: {}", same_rule[0].why)?;
                }
            }
            if of_kind.len() > SHOWN_FAULTS {
                writeln!(f, "and {} more of this kind", of_kind.len() - SHOWN_FAULTS)?;
            }
        }
        let mut streams: Vec<_> =
            Stream::BOTH.into_iter().zip(&self.lines).zip(self.omitted).collect();
        // The first fault and the stream that it is in come first.
        let first = self.faults.first().map(|fault| fault.stream);
        streams.sort_by_key(|((stream, _), _)| Some(*stream) != first);
        for ((stream, lines), omitted) in streams {
            let has_fault = self.faults.iter().any(|fault| fault.stream == stream);
            if has_fault || !lines.is_empty() {
                self.show_stream(f, stream, lines, omitted)?;
            }
        }
        Ok(())
    }
}
