//! Lines that are not expected, and expected lines that never came.

use std::collections::HashMap;
use std::ops::Range;

use super::context::Context;
use crate::budget::OutOfBudget;
use crate::expectation::PatternId;
use crate::explanation::{Fault, FaultKind, SHOWN_FAULTS};
use crate::fit::{NameRule, Rules, Table, TooMuch};
use crate::output::{SHOWN_LENGTH, Stream};
use crate::pairing::Pairer;
use crate::value::{Kind, RangeRule};

/// An unexpected line is compared with at most so many missing lines.
const MAX_COMPARED: usize = 200;

/// The units that may be spent on reading a part of a line by one pattern.
const MAX_PART: usize = 1_000;

const ONLY_EXPECTED: &str = "the output may have no other lines than the snapshot";
const EVERY_LINE: &str = "every line of the snapshot must come";

/// The part of the output and of the snapshot that belongs to one stream.
struct Part {
    stream: Stream,
    lines: Range<usize>,
    expected: Range<usize>,
}

fn parts(context: &Context<'_>) -> [Part; 2] {
    let (lines, expected) = (context.stdout_size, context.expectation.stdout_lines);
    let (all_lines, all_expected) = (context.lines.len(), context.expectation.lines.len());
    [
        Part { stream: Stream::Stdout, lines: 0..lines, expected: 0..expected },
        Part { stream: Stream::Stderr, lines: lines..all_lines, expected: expected..all_expected },
    ]
}

/// The streams that have more or fewer lines than are expected.
pub(super) fn sizes(context: &Context<'_>) -> Vec<Fault> {
    let sizes = context.expectation.sizes();
    let faults = parts(context).into_iter().zip(sizes).filter_map(|(part, expected)| {
        let (kind, why) = match part.lines.len() {
            size if size > expected => (FaultKind::Unexpected, ONLY_EXPECTED),
            size if size < expected => (FaultKind::Missing, EVERY_LINE),
            _ => return None,
        };
        let (stream, size) = (part.stream, part.lines.len());
        let message = format!("{stream} has {size} lines, but the snapshot expects {expected}");
        Some(context.fault_of_run(kind, stream, message, why))
    });
    faults.collect()
}

/// Lines that no expected line is left for, and expected lines that never came.
///
/// # Errors
/// Pairing the lines takes too long.
pub(super) fn unpaired(context: &Context<'_>, table: &Table<'_>) -> Result<Vec<Fault>, TooMuch> {
    let rules = Rules { ranges: RangeRule::AnyNumber, names: NameRule::None };
    let mut results = Vec::new();
    for part in parts(context) {
        let mut pairer = Pairer::new(context.expectation, table, rules, context.budget);
        let paired = pairer.pair(part.lines.clone(), part.expected.clone());
        let paired = paired.map_err(|OutOfBudget| TooMuch::Size)?;
        let missing = pairer.missing();
        let unpaired = part.lines.clone().zip(paired).filter(|(_, pattern)| pattern.is_none());
        let unpaired: Vec<usize> = unpaired.map(|(at, _)| at).collect();
        results.push((part, unpaired, missing));
    }
    let mut faults = Vec::new();
    for (part, unpaired, missing) in results {
        if part.expected.is_empty() && part.lines.len() > 1 {
            faults.push(nothing_expected(context, &part));
        } else {
            faults.extend(unexpected_lines(context, table, &part, &unpaired, &missing));
            faults.extend(missing.iter().map(|&(line, count)| never_came(context, line, count)));
        }
    }
    Ok(faults)
}

fn nothing_expected(context: &Context<'_>, part: &Part) -> Fault {
    let at = part.lines.start;
    let (line, count) = (context.quoted(at), part.lines.len());
    let message = format!("{line} is the first of {count} lines, but the snapshot expects none");
    context.fault(FaultKind::Unexpected, at, None, &message, ONLY_EXPECTED)
}

/// An expected line that never came, or not often enough.
fn never_came(context: &Context<'_>, line: usize, missing: usize) -> Fault {
    let is_stdout = line < context.expectation.stdout_lines;
    let stream = if is_stdout { Stream::Stdout } else { Stream::Stderr };
    let place = if is_stdout { "" } else { " on standard error" };
    let came = match (missing, context.expectation.count(line)) {
        (_, 1) => format!("never came{place}"),
        (missing, count) if missing == count => {
            format!("never came{place}, but must come {count} times")
        }
        (missing, count) => {
            format!("came {} times{place}, but must come {count} times", count - missing)
        }
    };
    let message = format!("{} {came}", context.expected(line));
    Fault {
        snapshot_line: Some(context.expectation.lines[line].number),
        ..context.fault_of_run(FaultKind::Missing, stream, message, EVERY_LINE)
    }
}

/// Output lines that no expected line is left for.
fn unexpected_lines(
    context: &Context<'_>,
    table: &Table<'_>,
    part: &Part,
    unpaired: &[usize],
    missing: &[(usize, usize)],
) -> Vec<Fault> {
    let mut first_line_of: HashMap<PatternId, usize> = HashMap::new();
    for line in part.expected.clone().rev() {
        first_line_of.insert(context.expectation.pattern_of[line], line);
    }
    let missing: Vec<usize> = missing.iter().map(|&(line, _)| line).take(MAX_COMPARED).collect();
    let mut suggested: Vec<usize> = Vec::new();
    let mut faults = Vec::new();
    for &at in unpaired {
        let matching = table.of_line(at).iter().find_map(|fit| {
            let line = *first_line_of.get(&fit.pattern)?;
            Some((line, fit.is_in_range()))
        });
        let fault = |line: Option<usize>, what: &str, why: &str| {
            let message = format!("{} {what}", context.quoted(at));
            context.fault(FaultKind::Unexpected, at, line, &message, why)
        };
        faults.push(match matching {
            Some((line, true)) => {
                let what = format!("is an extra line matching {}", context.expected(line));
                let why = "each line of the snapshot stands for one line of the output, or for \
                           one in each of N lanes";
                fault(Some(line), &what, why)
            }
            Some((line, false)) => {
                let what = format!("is not expected: {}", out_of_range(context, at, line));
                fault(Some(line), &what, ONLY_EXPECTED)
            }
            // Comparisons take time, so only for what is shown, and with each line once.
            None if faults.len() < SHOWN_FAULTS => {
                let others: Vec<usize> =
                    missing.iter().copied().filter(|line| !suggested.contains(line)).collect();
                if let Some([first, second]) = two_in_one(context, at, &missing) {
                    let [one, other] = [first, second].map(|line| context.expected(line));
                    let what = format!("is two lines in one, {one} and {other}");
                    let why = "a thread must write a line and its end at once, or another thread \
                               can write in between";
                    fault(Some(first), &what, why)
                } else if let Some(line) = most_similar(context, at, &others) {
                    suggested.push(line);
                    let what = format!("is not expected; did you mean {}?", context.expected(line));
                    fault(Some(line), &what, ONLY_EXPECTED)
                } else {
                    fault(None, "is not expected", ONLY_EXPECTED)
                }
            }
            None => fault(None, "is not expected", ONLY_EXPECTED),
        });
    }
    faults
}

/// Which numbers of an output line are out of the ranges of an expected line.
fn out_of_range(context: &Context<'_>, at: usize, line: usize) -> String {
    let pattern = &context.expectation.lines[line].pattern;
    let values = pattern.lenient_values(context.lines[at], context.budget);
    let numbers =
        values.ok().flatten().into_iter().flatten().filter_map(|value| match value.kind {
            Kind::Range(range) if !value.kind.allows(value.text, RangeRule::Exact) => {
                Some(format!("{} is not in {}", value.text, range.source))
            }
            _ => None,
        });
    let numbers = numbers.collect::<Vec<_>>().join(", ");
    format!("{numbers}, as {} requires", context.expected(line))
}

/// The expected line that an output line resembles most, if it resembles one.
fn most_similar(context: &Context<'_>, at: usize, expected: &[usize]) -> Option<usize> {
    let cut = |text: &str| text.chars().take(SHOWN_LENGTH).collect::<String>();
    let line = cut(context.lines[at]);
    let mut best: Option<(f64, usize)> = None;
    for &other in expected {
        let text = cut(&context.expectation.lines[other].text);
        context.budget.spend(line.len() * text.len() / 2).ok()?;
        let similarity = strsim::normalized_levenshtein(&line, &text);
        if similarity >= 0.5 && best.is_none_or(|(known, _)| similarity > known) {
            best = Some((similarity, other));
        }
    }
    best.map(|(_, line)| line)
}

/// The two missing lines that an output line is made of: what happens if threads write the text of
/// a line and its end separately.
fn two_in_one(context: &Context<'_>, at: usize, missing: &[usize]) -> Option<[usize; 2]> {
    let text = context.lines[at];
    if text.len() > SHOWN_LENGTH {
        return None;
    }
    let matching = |text: &str| {
        missing.iter().copied().find(|&line| {
            let pattern = &context.expectation.lines[line].pattern;
            let may_match = text.starts_with(pattern.prefix()) && text.ends_with(pattern.suffix());
            may_match
                && context
                    .budget
                    .part(MAX_PART, |part| pattern.lenient_values(text, part))
                    .is_ok_and(|values| values.is_some())
        })
    };
    text.char_indices().skip(1).find_map(|(cut, _)| {
        context.budget.spend(2 * missing.len()).ok()?;
        let (first, second) = text.split_at(cut);
        Some([matching(first)?, matching(second)?])
    })
}
