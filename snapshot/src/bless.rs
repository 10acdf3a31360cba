//! Brings a snapshot up to date, as far as one output proves how.
//!
//! One output can prove the literal text of a line whose place is certain. It cannot prove that an
//! order, a range or an equality no longer holds, so none of these is ever changed, and the new
//! snapshot must allow the output that it was made from.

use std::collections::HashMap;

use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{Block, Expectation};
use crate::explanation::{Explanation, Fault, FaultKind};
use crate::fit::{Rules, Table};
use crate::notation::{Snapshot, escape_beginning, escape_braces, gutter_of};
use crate::output::{Output, Stream, StreamLines, joined};
use crate::pairing::Pairer;
use crate::run::Run;
use crate::verdict::Verdict;

/// Rewrites the text of a snapshot so that a run allows an output: the literal text of lines that
/// can be aligned with certainty. `index` is the place of the run in
/// [`Snapshot::runs`]. Orders, placeholders and notes stay as they are.
///
/// # Errors
/// Why this output does not prove how to correct the run, in a sentence.
pub fn bless(text: &str, index: usize, output: Output<'_>) -> Result<String, String> {
    let parse = |text: &str| {
        let snapshot = Snapshot::parse(text).map_err(|_| "the snapshot has errors".to_owned())?;
        snapshot.runs.into_iter().nth(index).ok_or_else(|| "there is no such run".to_owned())
    };
    let run = parse(text)?;
    let changes = match run.check(output) {
        Verdict::Legal(_) => return Ok(text.to_owned()),
        Verdict::Undecided(undecided) => return Err(undecided.to_string()),
        Verdict::Illegal(explanation) => changes(&run, output, &explanation)?,
    };
    let text = with_changes(text, &changes);
    match parse(&text)?.check(output) {
        Verdict::Legal(_) => Ok(text),
        Verdict::Undecided(undecided) => Err(undecided.to_string()),
        Verdict::Illegal(explanation) => Err(more_than_text(&explanation.faults[0])),
    }
}

fn more_than_text(fault: &Fault) -> String {
    format!("more than the text of lines has changed: {}", fault.message)
}

fn too_long(_: impl Sized) -> String {
    "aligning the lines takes too long".to_owned()
}

/// The new text after the gutter, for lines of the file, by their numbers.
type Changes = HashMap<usize, String>;

fn changes(run: &Run, output: Output<'_>, explanation: &Explanation) -> Result<Changes, String> {
    let expectation = &run.expectation;
    let streams = [output.stdout, output.stderr].map(|bytes| StreamLines::split(bytes, usize::MAX));
    for ((stream, expected), name) in streams.iter().zip(expectation.sizes()).zip(Stream::BOTH) {
        let size = stream.lines.len();
        if size != expected {
            return Err(format!(
                "{name} has {size} lines, but the snapshot expects {expected}: add or remove lines \
                 by hand"
            ));
        }
    }
    let is_text = |fault: &Fault| matches!(fault.kind, FaultKind::Unexpected | FaultKind::Missing);
    if let Some(fault) = explanation.faults.iter().find(|fault| !is_text(fault)) {
        return Err(more_than_text(fault));
    }
    let lines = joined(&streams);
    let budget = Budget::new(Budget::VERDICT);
    let table = Table::strict(expectation, &lines, &budget).map_err(too_long)?;
    let mut pairer = Pairer::new(expectation, &table, Rules::STRICT, &budget);

    let mut changes = HashMap::new();
    let mut new_lines = Vec::new();
    let mut from = 0;
    for block in &expectation.blocks {
        let aligned = aligned(expectation, block, &table, &mut pairer, from)?;
        from += block.size;
        for (line, at) in aligned {
            let mut texts: Vec<&str> = at.into_iter().map(|at| lines[at]).collect();
            new_lines.extend_from_slice(&texts);
            texts.dedup();
            let expected = &expectation.lines[line];
            let number = expected.number;
            if expected.pattern.as_literal().is_none() {
                return Err(format!(
                    "line {number} of the snapshot has placeholders: change it by hand"
                ));
            }
            let [text] = texts.as_slice() else {
                return Err(format!(
                    "line {number} of the snapshot cannot become both \"{}\"",
                    texts.join("\" and \"")
                ));
            };
            let text = escape_braces(text);
            let is_in_lane = expected.gutter.is_some();
            changes.insert(number, if is_in_lane { text } else { escape_beginning(&text) });
        }
    }
    // A line that is expected elsewhere has moved: then an order has changed and not a text.
    let everywhere = Table::lenient(expectation, &new_lines, &budget).map_err(too_long)?;
    let is_elsewhere = (0..new_lines.len()).any(|line| !everywhere.of_line(line).is_empty());
    let mut unexpected: Vec<&str> = explanation.unexpected().collect();
    unexpected.sort_unstable();
    new_lines.sort_unstable();
    if new_lines == unexpected && !is_elsewhere {
        Ok(changes)
    } else {
        Err(more_than_text(&explanation.faults[0]))
    }
}

/// Which output lines the missing lines of a block have become, where that is certain: if one
/// expected line alone is missing, or if all missing lines are in one lane, which keeps its order.
fn aligned(
    expectation: &Expectation,
    block: &Block,
    table: &Table<'_>,
    pairer: &mut Pairer<'_>,
    from: usize,
) -> Result<Vec<(usize, Vec<usize>)>, String> {
    let lines = from..from + block.size;
    let paired = pairer.pair(lines.clone(), block.lines.clone());
    let paired = paired.map_err(|OutOfBudget| too_long(()))?;
    let unpaired: Vec<usize> = lines
        .clone()
        .zip(&paired)
        .filter(|(_, pattern)| pattern.is_none())
        .map(|it| it.0)
        .collect();
    if unpaired.is_empty() {
        return Ok(Vec::new());
    }
    let missing = pairer.missing();
    // If another pairing is as large, other lines can be the ones that have changed.
    let is_missing =
        |pattern| missing.iter().any(|&(line, _)| expectation.pattern_of[line] == pattern);
    let is_ambiguous = lines.zip(&paired).any(|(at, pattern)| {
        let fits = table.of_line(at);
        match pattern {
            None => !fits.is_empty(),
            Some(_) => fits.iter().any(|fit| is_missing(fit.pattern)),
        }
    });
    let is_whole = |&(line, count): &(usize, usize)| count == expectation.count(line);
    let is_certain = !is_ambiguous && missing.iter().all(is_whole);
    let lane = expectation.lane_name(missing[0].0);
    let is_one_lane =
        missing.iter().all(|&(line, count)| count == 1 && expectation.lane_name(line) == lane);
    if is_certain && missing.len() == 1 {
        Ok(vec![(missing[0].0, unpaired)])
    } else if is_certain && is_one_lane {
        Ok(missing.iter().zip(unpaired).map(|(&(line, _), at)| (line, vec![at])).collect())
    } else {
        let numbers: Vec<String> =
            missing.iter().map(|&(line, _)| expectation.lines[line].number.to_string()).collect();
        Err(format!(
            "it is not certain which lines of the output belong to the lines {} of the snapshot now",
            numbers.join(", ")
        ))
    }
}

/// The file with new texts after the gutters of some lines. All else stays, line ends too.
fn with_changes(text: &str, changes: &Changes) -> String {
    let mut new = String::new();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let Some(text) = changes.get(&number) else {
            new.push_str(line);
            continue;
        };
        let content = line.trim_end_matches(['\n', '\r']);
        let gutter = gutter_of(content);
        new.push_str(gutter);
        if gutter.ends_with('|') {
            new.push(' ');
        }
        new.push_str(text);
        new.push_str(&line[content.len()..]);
    }
    new
}
