//! The reports on a session, for people, for programs and for CI systems.

mod failure;
pub mod failures;
pub mod human;
pub mod json;
pub mod junit;
pub mod progress;
pub mod stress;

use std::io;

use clap::ValueEnum;

use crate::check::RunResult;
use crate::session::Event;

/// Writes a report of events.
pub trait Reporter {
    /// Receives the next event.
    ///
    /// # Errors
    /// When the report cannot be written.
    fn report(&mut self, event: &Event<'_>) -> io::Result<()>;
}

/// Which outputs a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowOutput {
    /// As the program wrote it.
    Raw,
    /// The same lines in the order of the snapshot, so that two runs can be compared.
    Normalised,
}

/// An output, standard error after standard output. Each line ends with a line end.
fn output_text(show: ShowOutput, result: &RunResult) -> String {
    let raw = |stream| String::from_utf8_lossy(stream).lines().map(str::to_owned).collect();
    let [stdout, stderr]: [Vec<String>; 2] = match (&result.reading, show) {
        (Some(reading), ShowOutput::Normalised) => [reading.stdout.clone(), reading.stderr.clone()],
        // An illegal output has no order in the snapshot.
        _ => [raw(&result.stdout), raw(&result.stderr)],
    };
    let mut lines = stdout;
    if !stderr.is_empty() {
        lines.push("(standard error)".to_owned());
        lines.extend(stderr);
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
