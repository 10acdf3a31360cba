//! One run of a program, and its legal outputs.

use std::time::Duration;

use crate::budget::Budget;
use crate::expectation::Expectation;
use crate::output::Output;
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
    /// How long the program may take.
    pub timeout: Duration,
    /// No other program may run at the same time.
    pub alone: bool,
    pub(crate) expectation: Expectation,
}

impl Run {
    /// Decides whether an output is legal. Checks the two streams only: the exit code and the time
    /// limit are up to the caller.
    ///
    /// The work is bounded, so a verdict takes at most about a second in an optimised build.
    pub fn check(&self, output: Output<'_>) -> Verdict {
        check(&self.expectation, output, &Budget::new(Budget::VERDICT))
    }

    /// Whether the snapshot expects lines on standard error. Otherwise it must be empty.
    pub fn expects_stderr(&self) -> bool {
        self.expectation.sizes()[1] > 0
    }
}
