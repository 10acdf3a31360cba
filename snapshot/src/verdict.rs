//! Whether an output is legal.

use std::fmt;

use crate::budget::Budget;
use crate::expectation::Expectation;
use crate::explain::{Proof, explain, not_utf8};
use crate::explanation::Explanation;
use crate::fit::{Rules, Table, TooMuch};
use crate::output::{Output, StreamLines, joined, printable};
use crate::pairing;
use crate::reading::{Reading, reading};
use crate::search::{SearchResult, search};

/// Of an output with more lines than this above the expected number, the rest is not looked at:
/// the first lines tell what is wrong.
const MAX_EXTRA_LINES: usize = 100_000;

/// The result of [`Run::check`](crate::Run::check).
#[derive(Debug)]
pub enum Verdict {
    /// The output is legal.
    Legal(Reading),
    /// The output is not legal.
    Illegal(Explanation),
    /// The search would take too long, because lanes of the snapshot are too alike. This is never a
    /// pass: the snapshot must be corrected.
    Undecided(Undecided),
}

/// Why there is no verdict. Its `Display` names the lanes that are too alike.
#[derive(Debug)]
pub struct Undecided(Reason);

#[derive(Debug)]
enum Reason {
    /// Lanes that are too alike, each with the number of its first line in the snapshot.
    Lanes(Vec<(String, usize)>),
    /// An expected line, by its text and number, matches a line of the output in too many ways.
    Readings { expected: String, number: usize, line: String },
    /// The output has too many lines.
    Size(usize),
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot decide whether the output is legal: ")?;
        match &self.0 {
            Reason::Lanes(lanes) => {
                let lanes = lanes.iter().map(|(lane, line)| format!("`{lane}` (line {line})"));
                let lanes = lanes.collect::<Vec<_>>().join(", ");
                write!(
                    f,
                    "these lanes of the snapshot are too alike: {lanes}; there are too many orders \
                     to try. Let the lines say which lane they belong to, order the lanes with \
                     marks, or put a line without a lane between their parts"
                )
            }
            Reason::Readings { expected, number, line } => write!(
                f,
                "`{expected}` (line {number} of the snapshot) matches \"{line}\" in too many ways. \
                 Put some text between its values, or use narrower types"
            ),
            Reason::Size(lines) => write!(
                f,
                "checking its {lines} lines takes too long. Let the run print fewer lines"
            ),
        }
    }
}

/// Decides whether an output is one of those that are expected.
pub(crate) fn check(expectation: &Expectation, output: Output<'_>, budget: &Budget) -> Verdict {
    let expected = expectation.sizes();
    let limits = expected.map(|size| size.saturating_add(MAX_EXTRA_LINES));
    let streams = [
        StreamLines::split(output.stdout, limits[0]),
        StreamLines::split(output.stderr, limits[1]),
    ];
    if let Some(explanation) = not_utf8(&streams) {
        return Verdict::Illegal(explanation);
    }
    let lines = joined(&streams);
    let proof = match read(expectation, &lines, streams[0].lines.len(), budget) {
        Ok(Ok(reading)) => return Verdict::Legal(reading),
        Ok(Err(proof)) => proof,
        Err(too_much) => return Verdict::Undecided(undecided(expectation, &lines, &too_much)),
    };
    Verdict::Illegal(explain(expectation, &streams, &proof, budget))
}

/// The reading of a legal output, or the proof that it is not legal.
fn read(
    expectation: &Expectation,
    lines: &[&str],
    stdout_size: usize,
    budget: &Budget,
) -> Result<Result<Reading, Proof>, TooMuch> {
    if [stdout_size, lines.len() - stdout_size] != expectation.sizes() {
        return Ok(Err(Proof::Sizes));
    }
    let table = Table::strict(expectation, lines, budget)?;
    let Some(paired) = pairing::of_run(expectation, &table, Rules::STRICT, budget)? else {
        return Ok(Err(Proof::NoPairing));
    };
    match search(expectation, &table, Rules::STRICT, &paired, 0, budget) {
        SearchResult::Order(places) => Ok(Ok(reading(expectation, &table, lines, &places, budget))),
        SearchResult::NoOrder { furthest, .. } => Ok(Err(Proof::NoOrder { at: furthest.len() })),
        SearchResult::GaveUp(too_much) => Err(too_much),
    }
}

fn undecided(expectation: &Expectation, lines: &[&str], too_much: &TooMuch) -> Undecided {
    Undecided(match too_much {
        TooMuch::Readings { line, pattern } => {
            let expected = &expectation.lines[expectation.patterns[*pattern]];
            Reason::Readings {
                expected: printable(&expected.text),
                number: expected.number,
                line: printable(lines[*line]),
            }
        }
        TooMuch::Lanes(alike) => {
            let mut lanes: Vec<(String, usize)> = Vec::new();
            for &line in alike {
                let name = expectation.lane_name(line);
                if !lanes.iter().any(|(known, _)| *known == name) {
                    lanes.push((name, expectation.lines[line].number));
                }
            }
            Reason::Lanes(lanes)
        }
        TooMuch::Size => Reason::Size(lines.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Snapshot;

    /// However small the budget is, a verdict is the one that a large budget gives, or none. An
    /// output that is not legal has a fault.
    #[test]
    fn a_small_budget_never_changes_a_verdict() {
        let lanes = "a| s{x:int}\na| t\na| {x}\nb| s{y:int}\nb| t\nb| {y}\n";
        let ranges = "| {1..=3} s\n| {2..=9} s\n{1..2} s\n";
        let mut decided = [0; 2];
        for (snapshot, stdout, is_legal) in [
            (lanes, "s1\ns2\nt\nt\n2\n1\n", true),
            (lanes, "s1\ns2\nt\nt\n2\n3\n", false),
            (lanes, "s1\nt\ns2\n2\nt\n1\n", false),
            (lanes, "s1\ns2\nt\nt\n2\n", false),
            (lanes, "s1\ns2\nt\nu\n2\n1\n", false),
            (ranges, "9 s\n1 s\n1 s\n", true),
            (ranges, "9 s\n1 s\n3 s\n", false),
            (ranges, "1 s\n9 s\n9 s\n9 s\n", false),
        ] {
            let snapshot = Snapshot::parse(&format!("$ p\n{snapshot}")).expect("no errors");
            let output = Output { stdout: stdout.as_bytes(), stderr: b"" };
            for units in 0..2_000 {
                match check(&snapshot.runs[0].expectation, output, &Budget::new(units)) {
                    Verdict::Legal(_) => assert!(is_legal, "{units} units: {stdout}"),
                    Verdict::Illegal(explanation) => {
                        assert!(!is_legal, "{units} units: {stdout}{explanation}");
                        assert!(!explanation.faults.is_empty(), "{units} units: {stdout}");
                    }
                    Verdict::Undecided(_) => continue,
                }
                decided[usize::from(is_legal)] += 1;
            }
        }
        assert!(decided.iter().all(|&count| count > 1_000), "{decided:?}");
    }
}
