//! A snapshot is the set of all legal outputs of a program.

use std::fmt;
use std::time::Duration;

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
    pub fn parse(_text: &str) -> Result<Self, Vec<NotationError>> {
        todo!()
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
}

impl Run {
    /// Decides whether the output is one of the legal ones. Judges the two streams only: exit
    /// code and time are the caller's.
    pub fn judge(&self, _output: Output<'_>) -> Verdict {
        todo!()
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

/// What [`Run::judge`] finds.
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
}

/// Why an output is not legal. Its `Display` is several lines for people: the faults, then the
/// real output with the places marked.
#[derive(Debug)]
pub struct Explanation {
    /// With upper bounds on times lifted (`{0.2..0.4} seconds` as `{0.2..} seconds`) the output
    /// would be legal: the program was only slow.
    pub only_slow: bool,
}

impl fmt::Display for Explanation {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

/// Why there is no verdict. Its `Display` names the lanes that are too alike.
#[derive(Debug)]
pub struct Undecided {}

impl fmt::Display for Undecided {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

/// Rewrites a snapshot's text after real outputs, as far as they prove it: the literal text of
/// lines that can be aligned for certain. Orders, ranges, equalities and notes stay.
///
/// `outputs` are pairs of a run's index in [`Snapshot::runs`] and what that run printed.
pub fn bless(_text: &str, _outputs: &[(usize, Output<'_>)]) -> Blessed {
    todo!()
}

/// What [`bless`] made.
#[derive(Debug)]
pub struct Blessed {
    /// The new text of the snapshot; the old one where nothing could be proven.
    pub text: String,
    /// For runs that could not be brought to pass: the index of the run, and why.
    pub refused: Vec<(usize, String)>,
}

/// Writes a first snapshot out of several outputs of one run of `program`: the orders that all of
/// them kept, and placeholders for what changed. Ends with a line end.
///
/// # Errors
/// Why the outputs have no common shape.
pub fn draft(
    _program: &str,
    _arguments: &[String],
    _exit: i32,
    _outputs: &[Output<'_>],
) -> Result<String, String> {
    todo!()
}
