//! One run of a program, and its legal outputs.

use std::time::Duration;

use crate::budget::Budget;
use crate::count::{OrderCount, count_orders};
use crate::duration::DurationRange;
use crate::expectation::Expectation;
use crate::outline::{OutlineLine, lines_like, outline};
use crate::output::{Output, Stream};
use crate::verdict::{Verdict, check};

/// One run of a program, and the set of all its legal outputs: a `$` line of a snapshot and
/// everything up to the next.
#[derive(Debug)]
pub struct Run {
    /// The line of its `$` in the file, from 1.
    pub line: usize,
    /// The name of the program.
    pub program: String,
    /// The arguments of the program.
    pub arguments: Vec<String>,
    /// The exit code that the program must end with.
    pub exit: i32,
    /// The time limit, after which the program is ended.
    pub timeout: Duration,
    /// How long the program must take and how long it may take, if the snapshot says so.
    pub takes: Option<DurationRange>,
    /// No other program may run at the same time.
    pub alone: bool,
    pub(crate) expectation: Expectation,
}

impl Run {
    /// Decides whether an output is legal. Checks the two streams only: the exit code and how
    /// long the program takes are up to the caller.
    ///
    /// The work is bounded, so a verdict takes at most about a second in an optimised build.
    pub fn check(&self, output: Output<'_>) -> Verdict {
        check(&self.expectation, output, &Budget::new(Budget::VERDICT))
    }

    /// Counts the orders of lines that the run allows, up to a limit.
    ///
    /// An order says for each line of the output which line of the snapshot it stands for, and which
    /// of the N lanes of a `*N` wrote it. These lanes are numbered in the order in which they write
    /// their first lines, because only their order tells them apart: three lanes with two lines each
    /// have 15 orders. Other lanes that have the same lines and wait for the same marks count as
    /// such lanes too. A later block knows the lanes of a `*N` again if they have a name in both.
    ///
    /// The orders of the two streams are independent, as the streams are captured separately. What
    /// the values are does not matter. The work is bounded, so a count takes at most about a second
    /// in an optimised build.
    pub fn count_orders(&self, limit: u64) -> OrderCount {
        count_orders(&self.expectation, limit, &Budget::new(Budget::COUNT))
    }

    /// The lines that the run expects and how they are ordered, in the order of the snapshot: what is
    /// needed to draw them.
    pub fn outline(&self) -> Vec<OutlineLine> {
        outline(&self.expectation)
    }

    /// The expected lines that a line of this stream could stand for, by their numbers in the file, if
    /// its numbers were in range and its names had the right values: what is needed to draw an output
    /// that is not legal. They are in the order of the snapshot.
    pub fn lines_like(&self, stream: Stream, line: &str) -> Vec<usize> {
        lines_like(&self.expectation, stream, line)
    }

    /// Whether the snapshot expects lines on standard error. Otherwise it must be empty.
    pub fn expects_stderr(&self) -> bool {
        self.expectation.sizes()[1] > 0
    }
}
