//! Reads the notation of snapshot files: the runs of a file here, a line's settings, text and names
//! in the modules below.
//!
//! Each function reads one construct and reports what is wrong with it. Reading continues after an
//! error, so that the errors of all lines are reported at once.

mod line;
mod names;
mod settings;
mod value;

use crate::error::{Errors, NotationError};
use crate::layout::lay_out;
use crate::run::Run;
use settings::Settings;

pub(crate) use line::{escape_beginning, escape_braces, gutter_of};
pub use settings::DEFAULT_TIMEOUT;

/// A parsed snapshot file.
#[derive(Debug)]
pub struct Snapshot {
    /// The runs, in the order of the file. Never empty.
    pub runs: Vec<Run>,
}

impl Snapshot {
    /// Reads the text of a snapshot file.
    ///
    /// # Errors
    /// The first error of each line, in the order of the file.
    pub fn parse(text: &str) -> Result<Self, Vec<NotationError>> {
        let mut errors = Errors::default();
        let mut runs = Vec::new();
        let mut current: Option<RunText<'_>> = None;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(command) = line.strip_prefix("$ ") {
                runs.extend(current.take().map(|run| run.read(&mut errors)));
                current = Some(RunText { number, command, lines: Vec::new() });
            } else if let Some(run) = &mut current {
                run.lines.push((number, line));
            } else if line.trim_start().starts_with('$') {
                let problem = "a line of the note starts with `$`, but not with a run";
                let remedy =
                    "write `$ NAME ARGUMENT…` at the start of the line, or reword the note";
                errors.add(number, 1, problem, remedy);
            }
        }
        match current {
            Some(run) => runs.push(run.read(&mut errors)),
            None => {
                let remedy = "start a run with a line `$ NAME ARGUMENT…`";
                errors.add(1, 1, "the snapshot has no run", remedy);
            }
        }
        errors.or(Self { runs })
    }
}

/// The text of one run, from its `$` to the next.
struct RunText<'a> {
    /// The line of its `$` in the file, from 1.
    number: usize,
    /// What follows the `$ `.
    command: &'a str,
    /// The lines after it, with their numbers.
    lines: Vec<(usize, &'a str)>,
}

impl RunText<'_> {
    fn read(mut self, errors: &mut Errors) -> Run {
        while self.lines.last().is_some_and(|(_, line)| line.is_empty()) {
            self.lines.pop();
        }
        let (program, arguments) = self.read_command(errors);
        let mut settings = Settings::default();
        let (mut lines, mut unread) = (Vec::new(), Vec::new());
        for &(number, line) in &self.lines {
            if let Some(setting) = line.strip_prefix("% ") {
                settings.read(number, setting, lines.len(), errors);
            } else if let Some(line) = line::read(number, line, errors) {
                lines.push(line);
            } else {
                unread.push(line);
            }
        }
        let stdout_lines = settings.stderr_from.unwrap_or(lines.len());
        let (lines, names, groups) = names::resolve(lines, &unread, errors);
        Run {
            line: self.number,
            program,
            arguments,
            exit: settings.exit.unwrap_or(0),
            timeout: settings.time_limit(errors),
            takes: settings.takes,
            alone: settings.alone.is_some(),
            expectation: lay_out(lines, stdout_lines, names, groups, errors),
        }
    }

    /// The name of the program, and its arguments.
    fn read_command(&self, errors: &mut Errors) -> (String, Vec<String>) {
        let Some(words) = shlex::split(self.command) else {
            let column = 3 + open_quote(self.command);
            let remedy = "close it, or put `\\` before it";
            errors.add(self.number, column, "a quote is not closed", remedy);
            return (String::new(), Vec::new());
        };
        let mut words = words.into_iter();
        let program = words.next().unwrap_or_else(|| {
            let remedy = "write `$ NAME ARGUMENT…`";
            errors.add(self.number, 3, "the run does not name a program", remedy);
            String::new()
        });
        (program, words.collect())
    }
}

/// Where the quote begins that is not closed, in characters.
fn open_quote(command: &str) -> usize {
    let mut open = None;
    let mut letters = command.chars().enumerate();
    while let Some((at, c)) = letters.next() {
        match (open, c) {
            (Some((quote, _)), _) if c == quote => open = None,
            (Some(('\'', _)), _) => {}
            (_, '\\') => match letters.next() {
                Some(_) => {}
                None => return at,
            },
            (None, '"' | '\'') => open = Some((c, at)),
            _ => {}
        }
    }
    open.map_or(0, |(_, at)| at)
}
