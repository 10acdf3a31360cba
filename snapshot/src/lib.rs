//! A snapshot is the set of all legal outputs of a program.
//!
//! This folder knows no file, no process and no clock. Read it in this order:
//!
//! - `notation`: from the text of a snapshot to its runs, or to what is wrong with it;
//! - `value` and `pattern`: the text of one line, and the ways to read an output line by it;
//! - `order`: lanes, marks and barriers, laid out as blocks;
//! - `fit`, `pairing`, `search`: whether an output is legal. First the table of which pattern
//!   allows which line; then whether lines and patterns can be paired at all, block by block;
//!   then whether an order of the lanes exists that respects every wait and every equality;
//! - `explain`: what is wrong with an output that is not legal;
//! - `bless` and `draft`: a snapshot brought up to date, and a first one.

use std::fmt;
use std::time::Duration;

mod bless;
mod draft;
mod explain;
mod fit;
mod notation;
mod order;
mod pairing;
mod pattern;
mod search;
mod value;

#[cfg(test)]
mod tests;

pub use bless::bless;
pub use draft::draft;
pub use explain::{Explanation, Fault, FaultKind, Stream, printable};
pub use notation::DEFAULT_TIMEOUT;

use fit::{Rules, Scope, Table, TooMuch};
use order::{Expectation, PatternId};
use search::{Found, Place};

/// A parsed snapshot file.
#[derive(Debug)]
pub struct Snapshot {
    /// The runs, in the order of the file. Never empty.
    pub runs: Vec<Run>,
}

impl Snapshot {
    /// Reads the notation. All errors of the text are reported, not only the first.
    ///
    /// # Errors
    /// What is wrong with the notation, in the order of the lines.
    pub fn parse(text: &str) -> Result<Self, Vec<NotationError>> {
        notation::parse(text)
    }
}

/// One place where a snapshot's text is not in the notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotationError {
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in the line, in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub remedy: String,
}

/// `LINE:COLUMN: PROBLEM; REMEDY`: put the file's path and a colon in front.
impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.line, self.column, self.problem, self.remedy)
    }
}

/// One run of a program and what is legal for it: a `$` line and all that follows it.
#[derive(Debug)]
pub struct Run {
    /// The line of its `$` in the file, from 1.
    pub line: usize,
    /// The program's name.
    pub program: String,
    /// The program's arguments.
    pub arguments: Vec<String>,
    /// The exit code it must end with.
    pub exit: i32,
    /// How long it may take.
    pub timeout: Duration,
    /// Nothing else may run beside it.
    pub alone: bool,
    expectation: Expectation,
}

impl Run {
    /// Decides whether the output is one of the legal ones. Judges the two streams only: exit
    /// code and time are the caller's.
    pub fn check(&self, output: Output<'_>) -> Verdict {
        let expected = self.expectation.sizes();
        let most = expected.map(|size| size.saturating_add(TOO_MANY_LINES));
        let streams =
            [StreamText::cut(output.stdout, most[0]), StreamText::cut(output.stderr, most[1])];
        if streams.iter().any(|stream| !stream.foreign.is_empty()) {
            return Verdict::Illegal(explain::not_utf8(&streams));
        }
        let lines: Vec<&str> =
            streams.iter().flat_map(|stream| stream.lines.iter().map(String::as_str)).collect();
        let sizes = [streams[0].lines.len(), streams[1].lines.len()];
        if sizes == expected {
            let table = match Table::new(&self.expectation, &lines, Rules::STRICT, Scope::Block) {
                Ok(table) => table,
                Err(too_much) => return self.undecidable(&lines, &too_much),
            };
            if let Some(paired) = pairing::of_run(&self.expectation, &table) {
                match search::search(&self.expectation, &table, Rules::STRICT, &paired, 0) {
                    Found::Order(places) => {
                        return Verdict::Legal(self.reading(&lines, &places));
                    }
                    Found::Undecided(lanes, _) => return self.too_alike(&lanes),
                    Found::Nothing(_) => {}
                }
            }
        }
        match explain::explain(&self.expectation, &streams) {
            Ok(explanation) => Verdict::Illegal(explanation),
            Err(too_much) => self.undecidable(&lines, &too_much),
        }
    }

    /// Whether lines on standard error are expected.
    pub fn expects_stderr(&self) -> bool {
        self.expectation.sizes()[1] > 0
    }

    fn reading(&self, lines: &[&str], places: &[Place]) -> Reading {
        // Lanes of a `*N` stand in the order in which they first wrote something.
        let mut lane_of: Vec<Vec<Option<usize>>> =
            self.expectation.groups.iter().map(|group| vec![None; group.count]).collect();
        let mut seen = vec![0; lane_of.len()];
        let origins: Vec<Origin> = (places.iter())
            .map(|place| {
                let expected = &self.expectation.lines[place.line];
                let lane = expected.group.map_or(0, |group| {
                    *lane_of[group][place.member].get_or_insert_with(|| {
                        seen[group] += 1;
                        seen[group] - 1
                    })
                });
                Origin { line: expected.number, lane }
            })
            .collect();
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by_key(|&at| (places[at].line, origins[at].lane));
        let stdout_size = self.expectation.sizes()[0];
        let mut stdout: Vec<String> = order.iter().map(|&at| lines[at].to_owned()).collect();
        let stderr = stdout.split_off(stdout_size);
        Reading { stdout, stderr, origins }
    }

    fn too_alike(&self, lanes: &[usize]) -> Verdict {
        let mut named: Vec<(String, usize)> = Vec::new();
        for &line in lanes {
            let name = self.expectation.lane_name(line);
            if !named.iter().any(|(known, _)| *known == name) {
                named.push((name, self.expectation.lines[line].number));
            }
        }
        Verdict::Undecided(Undecided(Why::TooAlike(named)))
    }

    fn undecidable(&self, lines: &[&str], too_much: &TooMuch) -> Verdict {
        let line_of = |pattern: &PatternId| self.expectation.patterns[*pattern];
        match too_much {
            TooMuch::Readings(line, pattern) => {
                let expected = &self.expectation.lines[line_of(pattern)];
                Verdict::Undecided(Undecided(Why::TooManyReadings {
                    expected: printable(&expected.text),
                    number: expected.number,
                    line: printable(lines[*line]),
                }))
            }
            TooMuch::Fits(patterns) => {
                self.too_alike(&patterns.iter().map(line_of).collect::<Vec<_>>())
            }
        }
    }
}

/// What a program wrote, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    /// Standard output.
    pub stdout: &'a [u8],
    /// Standard error.
    pub stderr: &'a [u8],
}

/// An output with so many lines more than expected is looked at no further: that it is not legal
/// is certain, and the first lines tell why.
const TOO_MANY_LINES: usize = 100_000;

/// A stream as lines.
struct StreamText {
    lines: Vec<String>,
    /// The lines that are not UTF-8, by their index.
    foreign: Vec<usize>,
    /// How many lines more there were.
    left_out: usize,
}

impl StreamText {
    fn new(bytes: &[u8]) -> Self {
        Self::cut(bytes, usize::MAX)
    }

    /// The first lines, at most so many.
    fn cut(bytes: &[u8], most: usize) -> Self {
        let mut text = Self { lines: Vec::new(), foreign: Vec::new(), left_out: 0 };
        let complete = bytes.strip_suffix(b"\n");
        if bytes.is_empty() {
            return text;
        }
        let mut pieces = complete.unwrap_or(bytes).split(|&byte| byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            if text.lines.len() == most {
                text.left_out = 1 + pieces.count();
                break;
            }
            let has_end = pieces.peek().is_some() || complete.is_some();
            let line = if has_end { piece.strip_suffix(b"\r").unwrap_or(piece) } else { piece };
            if std::str::from_utf8(line).is_err() {
                text.foreign.push(text.lines.len());
            }
            text.lines.push(String::from_utf8_lossy(line).into_owned());
        }
        text
    }
}

/// What [`Run::check`] finds.
#[derive(Debug)]
pub enum Verdict {
    /// The output is legal: this is how it can be read.
    Legal(Reading),
    /// It is not.
    Illegal(Explanation),
    /// The search would take too long: lanes of the snapshot are too alike. Never a pass; the
    /// snapshot has to be mended.
    Undecided(Undecided),
}

/// How a legal output is read: which of its lines stands for which line of the snapshot.
#[derive(Debug)]
pub struct Reading {
    /// The lines of standard output, put in the order of the snapshot.
    pub stdout: Vec<String>,
    /// The lines of standard error, put in the order of the snapshot.
    pub stderr: Vec<String>,
    /// What each line of the output stands for, in the order in which they came, those of standard
    /// error behind those of standard output. Two outputs came in the same order if this is the
    /// same, whatever values stand in them.
    pub origins: Vec<Origin>,
}

/// The expected line that a line of an output stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Its number in the snapshot's file, from 1.
    pub line: usize,
    /// Which of the lanes of a `*N` wrote it, from 0, in the order in which they first wrote
    /// something; 0 elsewhere.
    pub lane: usize,
}

/// Why there is no verdict. Its `Display` names the lanes that are too alike.
#[derive(Debug)]
pub struct Undecided(Why);

#[derive(Debug)]
enum Why {
    /// These lanes are too alike. With each the number of its first line in the snapshot.
    TooAlike(Vec<(String, usize)>),
    /// An expected line, by its text and number, can be read into a line of the output in too many
    /// ways.
    TooManyReadings { expected: String, number: usize, line: String },
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the snapshot cannot be decided: ")?;
        match &self.0 {
            Why::TooAlike(lanes) => {
                let lanes = lanes.iter().map(|(lane, line)| format!("`{lane}` (line {line})"));
                let lanes = lanes.collect::<Vec<_>>().join(", ");
                write!(
                    f,
                    "its lanes are too alike: {lanes}; the search for a legal order was given up. \
                     Let their lines say which lane they are of, order them with marks, or put a \
                     barrier between their parts"
                )
            }
            Why::TooManyReadings { expected, number, line } => write!(
                f,
                "`{expected}` (line {number}) can be read in too many ways into \"{line}\"; put \
                 some text between its values, or give them narrower types"
            ),
        }
    }
}
