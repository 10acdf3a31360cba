//! What is wrong with the text of a snapshot.

use std::fmt;

/// One place where a snapshot's text breaks the rules of the notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotationError {
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in the line, in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
    /// How to correct it.
    pub remedy: String,
}

/// `LINE:COLUMN: PROBLEM; REMEDY`. Put the file's path and a colon in front.
impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.line, self.column, self.problem, self.remedy)
    }
}

impl std::error::Error for NotationError {}

/// Collects the errors of a file.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<NotationError>);

impl Errors {
    pub(crate) fn add(
        &mut self,
        line: usize,
        column: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (problem, remedy) = (problem.into(), remedy.into());
        self.0.push(NotationError { line, column, problem, remedy });
    }

    /// The value, if there is no error; else the first error of each line, in the order of the file:
    /// further errors of a line often follow from the first.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T, Vec<NotationError>> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|error| (error.line, error.column));
        self.0.dedup_by_key(|error| error.line);
        Err(self.0)
    }
}
