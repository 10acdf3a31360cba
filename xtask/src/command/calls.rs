//! Lessons and their arguments, as words of a command line.

use std::path::Path;

use crate::error::{Error, Result};
use crate::suite::{Suite, shell_words};
use crate::workspace::{Lesson, Workspace};

/// A lesson and its arguments.
pub(super) struct Call<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// What follows its name.
    pub arguments: Vec<String>,
}

impl Call<'_> {
    /// The call as you would type it: `NAME ARG…`.
    pub fn title(&self) -> String {
        shell_words([&self.lesson.name].into_iter().chain(&self.arguments))
    }

    /// The index of the run with these arguments, or without arguments of the run that the header of
    /// the lesson shows.
    ///
    /// # Errors
    /// When the snapshot has no such run, or the header cannot be read.
    pub fn find_run(&self, suite: &Suite, root: &Path) -> Result<usize> {
        let arguments = if self.arguments.is_empty() {
            &self.lesson.sample_arguments(root)?
        } else {
            &self.arguments
        };
        let mut runs = suite.snapshot.runs.iter();
        runs.position(|run| run.arguments == *arguments).ok_or_else(|| {
            let titles: String =
                suite.cases().map(|case| format!("\n  {}", case.title())).collect();
            let path = suite.path.display();
            Error::new(format!("`{path}` has no run `{}`; it has:{titles}", self.title()))
        })
    }
}

/// The lessons that the words name, each with the arguments that follow it.
pub(super) fn calls<'a>(workspace: &'a Workspace, words: &[&str]) -> Result<Vec<Call<'a>>> {
    let mut calls: Vec<Call<'a>> = Vec::new();
    for &word in words {
        if word.contains(char::is_whitespace) {
            let mut parts = shlex::split(word)
                .ok_or_else(|| Error::new(format!("`{word}` has a quote that is never closed")))?
                .into_iter();
            let lesson = workspace.find(&parts.next().unwrap_or_default())?;
            calls.push(Call { lesson, arguments: parts.collect() });
        } else if word.starts_with(char::is_alphabetic) {
            let lesson =
                workspace.find(word).map_err(|error| match calls.last().map(Call::title) {
                    None => error,
                    Some(title) => Error::new(format!(
                        "{error}\nto pass it to `{title}` as an argument, write `'{title} {word}'`"
                    )),
                })?;
            calls.push(Call { lesson, arguments: Vec::new() });
        } else {
            let call = calls.last_mut();
            let call =
                call.ok_or_else(|| Error::new(format!("no lesson comes before `{word}`")))?;
            call.arguments.push(word.to_owned());
        }
    }
    Ok(calls)
}
