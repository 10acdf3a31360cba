//! The report on one run that failed, for people.

use std::num::NonZero;

use crate::check::{Fault, RunResult};
use crate::conditions::Conditions;
use crate::suite::{Case, Suite};

/// Which run failed, what is wrong, and what the snapshot says.
pub fn failure(case: Case<'_>, result: &RunResult) -> String {
    let text = format!(
        "$ {}   ({}:{})\n{}\n{}",
        case.title(),
        case.suite.path.display(),
        broken_lines(result).first().unwrap_or(&case.run().line),
        result.problem,
        quote(case, result)
    );
    text.trim_end().to_owned()
}

/// How to repeat a run, with as many rounds under these conditions if every run is repeated.
pub fn repeat(case: Case<'_>, stress: Option<(NonZero<u32>, Conditions)>) -> String {
    let mut text = String::new();
    for (number, command) in case.repeat_commands(stress).iter().enumerate() {
        let word = if number == 0 { "\nrepeat:" } else { "    or:" };
        text += &format!("\n{word} {command}");
    }
    text
}

/// What the snapshot says: the note at its beginning, then the lines of the run, with a mark at
/// those that the output breaks. Lines far from these are left out.
fn quote(case: Case<'_>, result: &RunResult) -> String {
    const LINES_AROUND: usize = 6;

    let broken = broken_lines(result);
    let Suite { path, text: snapshot, .. } = case.suite;
    let first = case.run().line;
    let end = case.suite.snapshot.runs.get(case.index + 1).map_or(usize::MAX, |next| next.line);
    let mut text = format!("\nthe snapshot, {}:\n", path.display());
    let note = snapshot.lines().take_while(|line| !line.starts_with("$ "));
    let note = note.collect::<Vec<_>>().join("\n");
    for line in note.trim().lines() {
        text += &format!("        {line}\n");
    }
    if !note.is_empty() {
        text.push('\n');
    }
    let last = snapshot.trim_end().lines().count().min(end - 1);
    let is_near = |number: usize| {
        let mut marks = broken.iter().chain([&first]);
        number > last || marks.any(|mark| mark.abs_diff(number) <= LINES_AROUND)
    };
    let mut left_out = false;
    for (line, number) in snapshot.lines().zip(1..=last).skip(first - 1) {
        // A single line is shown and not left out.
        let is_shown = is_near(number) || is_near(number - 1) && is_near(number + 1);
        if !is_shown {
            left_out = true;
            continue;
        }
        if std::mem::take(&mut left_out) {
            text += "          …\n";
        }
        let sign = if broken.contains(&number) { '>' } else { ' ' };
        text += format!("{sign} {number:>5} | {line}").trim_end();
        text.push('\n');
    }
    if left_out {
        text += "          …\n";
    }
    text
}

/// The lines of the snapshot that the output breaks.
fn broken_lines(result: &RunResult) -> Vec<usize> {
    let lines = result.faults.iter().filter_map(|fault| match fault {
        Fault::Output(fault) => fault.snapshot_line,
        Fault::Run { .. } => None,
    });
    lines.collect()
}
