//! The report on a run that was repeated, for people.

use legal_outputs::{OrderCount, Run, printable};

use crate::check::Status;
use crate::command::report::human::{count, in_words};
use crate::suite::{Case, shell_words};
use crate::tally::Tally;

/// Legal orders are counted up to this number.
pub const MAX_LEGAL_ORDERS: u64 = 1_000_000_000;

/// The table of behaviours has at most this many rows.
pub const MAX_ROWS: usize = 20;

/// An example is cut after this many characters.
const MAX_EXAMPLE: usize = 100;

/// So many kinds of failures are listed.
const MAX_FAILURES: usize = 10;

/// `200 runs, 3 failed (3 of 60 pinned), 5 of 120 legal orders, 87 behaviours`.
pub fn summary(run: &Run, tally: &Tally) -> String {
    let mut text = count(tally.rounds(), "run");
    for (status, number) in &tally.statuses {
        if *status != Status::Passed {
            text += &format!(", {number} {}", in_words(*status));
        }
    }
    text += &failures_by_conditions(tally);
    let (seen, behaviours) = (tally.orders(), tally.behaviours());
    // Only the orders of passing rounds are counted.
    if seen > 0 {
        text += &match run.count_orders(MAX_LEGAL_ORDERS) {
            OrderCount::Exactly(1) => format!(", {seen} of 1 legal order"),
            legal => format!(", {seen} of {legal} legal orders"),
        };
    }
    if behaviours > seen {
        text += &format!(", {}", count(behaviours, "behaviour"));
    }
    text
}

/// ` (3 of 30 alone, 12 of 30 pinned)`, if some rounds failed and there were different conditions.
fn failures_by_conditions(tally: &Tally) -> String {
    let failures = tally.conditions.iter().filter(|(_, count)| count.failed > 0);
    let failures: Vec<String> = failures
        .map(|(conditions, count)| {
            format!("{} of {} {}", count.failed, count.rounds, conditions.name())
        })
        .collect();
    let is_empty = failures.is_empty() || tally.conditions.len() == 1;
    if is_empty { String::new() } else { format!(" ({})", failures.join(", ")) }
}

/// A table of behaviours, the most frequent first: how often each was seen, the order of the
/// snapshot's lines, and the lines of one output.
pub fn behaviours(tally: &Tally) -> String {
    let mut text = format!(
        "{:>12}  the lines of the snapshot in the order in which they came, and one output\n",
        "seen"
    );
    let (mut others, mut rows) = (tally.behaviours(), 0);
    for seen in tally.most_frequent().into_iter().take(MAX_ROWS) {
        let example = printable(&seen.example.trim_end().replace('\n', " / "));
        let short: String = example.chars().take(MAX_EXAMPLE).collect();
        let dots = if short.len() < example.len() { "…" } else { "" };
        let times = count(seen.times, "time");
        text += &format!("{times:>12}  {}\n{:14}{short}{dots}\n", seen.behaviour, "");
        (others, rows) = (others - 1, rows + 1);
    }
    if rows == 0 {
        return String::new();
    }
    if others > 0 {
        text += &format!("{:14}and {}\n", "", count(others, "other behaviour"));
    }
    text
}

/// What went wrong and how often, if more than one round failed.
pub fn failures(tally: &Tally) -> String {
    let kinds = tally.failures();
    let times: usize = kinds.iter().map(|kind| kind.times).sum();
    if times < 2 {
        return String::new();
    }
    let mut text = format!(
        "\nthe first fault in each of the {times} failing rounds, with one example of each kind:"
    );
    for kind in kinds.iter().take(MAX_FAILURES) {
        text += &format!("\n{:>12}  {}", count(kind.times, "time"), kind.message);
    }
    if kinds.len() > MAX_FAILURES {
        text += &format!("\n{:14}and {} more kinds of failures", "", kinds.len() - MAX_FAILURES);
    }
    text
}

/// The folder with the saved outputs, their names, and the command that checks one again.
pub fn saved_outputs(case: Case<'_>, tally: &Tally, has_command: bool) -> String {
    let mut text = String::new();
    if let Some(folder) = tally.saved_outputs.first().and_then(|path| path.parent()) {
        let names = tally.saved_outputs.iter().filter_map(|path| path.file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
        text += &format!(
            "\nthe first failing outputs are in {}: {}",
            folder.display(),
            names.join(", ")
        );
        if has_command && let Some(command) = case.transcript_command() {
            let file = tally.saved_outputs[0].display().to_string();
            text += &format!("\ncheck one of them again: {command} {}", shell_words([&file]));
        }
    }
    if let Some(error) = &tally.save_error {
        text += &format!("\n{error}");
    }
    text
}
