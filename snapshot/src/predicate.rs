//! The legal outputs of a run as a predicate, for `assert_cmd` and other test libraries.
//!
//! A type that is a predicate for bytes and for text cannot be given to `assert_cmd`, which accepts
//! both and then cannot tell which one is meant. So [`Run`] is a predicate for bytes, which is what
//! a program writes, and [`TextPredicate`] is one for text.

use std::fmt;

use predicates_core::Predicate;
use predicates_core::reflection::{Case, PredicateReflection, Product};

use crate::output::Output;
use crate::run::Run;
use crate::verdict::Verdict;

/// Whether a standard output is legal, if nothing was written to standard error. A case that fails
/// has the explanation as its product. An output that cannot be decided does not pass.
impl Predicate<[u8]> for Run {
    fn eval(&self, stdout: &[u8]) -> bool {
        matches!(self.check(Output { stdout, stderr: b"" }), Verdict::Legal(_))
    }

    fn find_case<'a>(&'a self, expected: bool, stdout: &[u8]) -> Option<Case<'a>> {
        find_case(self, self, expected, stdout)
    }
}

/// The same for a borrowed run, so that `.stdout(&snapshot.runs[0])` can be written.
impl Predicate<[u8]> for &Run {
    fn eval(&self, stdout: &[u8]) -> bool {
        (**self).eval(stdout)
    }

    fn find_case<'a>(&'a self, expected: bool, stdout: &[u8]) -> Option<Case<'a>> {
        (**self).find_case(expected, stdout)
    }
}

impl PredicateReflection for Run {}

impl PredicateReflection for &Run {}

/// `stdout is a legal output of PROGRAM`.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stdout is a legal output of {}", self.program)
    }
}

/// A run as a predicate for text. See [`Run::text_predicate`].
#[derive(Debug)]
pub struct TextPredicate<'r>(&'r Run);

impl Run {
    /// The run as a predicate for text; the run itself is one for bytes.
    pub fn text_predicate(&self) -> TextPredicate<'_> {
        TextPredicate(self)
    }
}

impl Predicate<str> for TextPredicate<'_> {
    fn eval(&self, stdout: &str) -> bool {
        self.0.eval(stdout.as_bytes())
    }

    fn find_case<'a>(&'a self, expected: bool, stdout: &str) -> Option<Case<'a>> {
        find_case(self, self.0, expected, stdout.as_bytes())
    }
}

impl PredicateReflection for TextPredicate<'_> {}

impl fmt::Display for TextPredicate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn find_case<'a>(
    predicate: &'a dyn PredicateReflection,
    run: &Run,
    expected: bool,
    stdout: &[u8],
) -> Option<Case<'a>> {
    let explanation = match run.check(Output { stdout, stderr: b"" }) {
        Verdict::Legal(_) => return expected.then(|| Case::new(Some(predicate), true)),
        Verdict::Illegal(explanation) => explanation.to_string(),
        Verdict::Undecided(undecided) => undecided.to_string(),
    };
    let case = || Case::new(Some(predicate), false);
    (!expected).then(|| case().add_product(Product::new("explanation", explanation)))
}
