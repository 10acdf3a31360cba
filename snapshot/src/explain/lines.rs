//! Lines that are not expected, and expected lines that never came.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::context::Context;
use super::joined::{self, Missing, TORN, take, take_joined, take_mixed};
use super::rest::Rest;
use super::similar::{most_similar, out_of_range, refused};
use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{ExpectedLine, PatternId};
use crate::explanation::{Fault, FaultKind, SHOWN_FAULTS};
use crate::fit::{NameRule, Rules, Table, TooMuch};
use crate::output::Stream;
use crate::pairing::{self, Pairer};
use crate::search::{SearchResult, search};
use crate::value::RangeRule;

/// An unexpected line is compared with at most so many missing lines.
const MAX_COMPARED: usize = 200;

/// Of lines that compete for one place, so many are tried.
const MAX_COMPETING: usize = 8;

const ONCE: &str = "each line of the snapshot stands for one line of the output, or for one in each of \
                    N lanes";

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
        let kind = match part.lines.len() {
            size if size > expected => FaultKind::Unexpected,
            size if size < expected => FaultKind::Missing,
            _ => return None,
        };
        let (stream, size) = (part.stream, part.lines.len());
        let message = format!("{stream} has {size} lines, but the snapshot expects {expected}");
        Some(context.fault_of_run(kind, stream, message))
    });
    faults.collect()
}

/// What cannot be paired.
pub(super) struct Unpaired<'a> {
    /// None if everything can be paired.
    pub(super) faults: Vec<Fault>,
    pub(super) rest: Rest<'a>,
}

/// Lines that no expected line is left for, and expected lines that never came.
///
/// # Errors
/// Pairing the lines takes too long.
pub(super) fn unpaired<'a>(
    context: &Context<'a>,
    table: &mut Table<'_>,
) -> Result<Unpaired<'a>, TooMuch> {
    let rules = Rules { ranges: RangeRule::AnyNumber, names: NameRule::None };
    let mut results = Vec::new();
    for part in parts(context) {
        let mut pairer = Pairer::new(context.expectation, table, rules, context.budget);
        let paired = pairer.pair(part.lines.clone(), part.expected.clone());
        let paired = paired.map_err(|OutOfBudget| TooMuch::Size)?;
        let missing = missing(context, &part, &paired);
        let unpaired = part.lines.clone().zip(paired).filter(|(_, pattern)| pattern.is_none());
        let unexpected: Vec<usize> = unpaired.map(|(at, _)| at).collect();
        results.push((part, unexpected, missing));
    }
    let replaced = match results.as_mut_slice() {
        [(_, unexpected, missing), (_, others, more)]
        | [(_, others, more), (_, unexpected, missing)]
            if others.is_empty() && more.is_empty() =>
        {
            replaced(context, table, unexpected, missing)
        }
        _ => None,
    };
    if let Some((at, _)) = replaced {
        for (_, unexpected, _) in results.iter_mut().filter(|(_, lines, _)| !lines.is_empty()) {
            *unexpected = vec![at];
        }
    }
    let (mut faults, mut joined) = (Vec::new(), Vec::new());
    let (mut all_unexpected, mut all_missing) = (Vec::new(), Vec::new());
    for (part, mut unexpected, mut missing) in results {
        if part.expected.is_empty() && part.lines.len() > 1 {
            faults.push(nothing_expected(context, &part));
        } else {
            let is_strange = |at: &usize| table.of_line(*at).is_empty();
            let (mut strange, others): (Vec<usize>, _) =
                unexpected.into_iter().partition(is_strange);
            let several = take_joined(context, &mut strange, &mut missing);
            unexpected = [strange.clone(), others.clone()].concat();
            unexpected.sort_unstable();
            let mut never_came_lines = missing.clone();
            let mixed = take_mixed(context, &mut strange, &mut never_came_lines);
            let mut not_mixed = [strange, others].concat();
            not_mixed.sort_unstable();
            let mut of_lines: Vec<Fault> = match replaced {
                Some((at, line)) if unexpected == [at] => {
                    never_came_lines.clear();
                    vec![out_of_place(context, at, line)]
                }
                _ => unexpected_lines(context, table, &part, &not_mixed, &mut never_came_lines),
            };
            of_lines.extend(several.iter().map(|line| joined::fault(context, line)));
            of_lines.extend(mixed);
            of_lines.sort_by_key(|fault| (fault.kind != FaultKind::Torn, fault.output_line));
            faults.extend(of_lines);
            faults.extend(never_came(context, &never_came_lines));
            joined.extend(several);
        }
        all_unexpected.extend(unexpected);
        all_missing.extend(missing);
    }
    let rest = Rest::new(context, &all_unexpected, &joined, &all_missing);
    Ok(Unpaired { faults, rest })
}

/// The expected lines that have not come, in their order, and how often each of them is missing.
/// Where a line can be one of several blocks, it is one of the block that has begun, or else of the
/// next one. Of equal lines in a block the last one is missing.
fn missing(
    context: &Context<'_>,
    part: &Part,
    paired: &[Option<PatternId>],
) -> Vec<(usize, usize)> {
    let expectation = context.expectation;
    let blocks = expectation.blocks.iter();
    let blocks = blocks.filter(|block| part.expected.contains(&block.lines.start));
    // For each pattern the blocks that have it, and how many lines of it are left there.
    let mut left: HashMap<PatternId, BTreeMap<usize, usize>> = HashMap::new();
    let mut block_of = HashMap::new();
    for (index, block) in blocks.enumerate() {
        for line in block.lines.clone() {
            let left = left.entry(expectation.pattern_of[line]).or_default();
            *left.entry(index).or_default() += expectation.count(line);
            block_of.insert(line, index);
        }
    }
    let mut current = 0;
    for pattern in paired.iter().flatten() {
        let Some(left) = left.get_mut(pattern) else { continue };
        let next = left.range(current..).next();
        current = next.map_or(current, |(&index, _)| index);
        let Some((&index, _)) = next.or_else(|| left.first_key_value()) else { continue };
        let lines = left.entry(index).or_default();
        *lines -= 1;
        if *lines == 0 {
            left.remove(&index);
        }
    }
    let mut missing = Vec::new();
    for line in part.expected.clone().rev() {
        let left = left.get_mut(&expectation.pattern_of[line]);
        let Some(left) = left.and_then(|left| left.get_mut(&block_of[&line])) else { continue };
        let count = expectation.count(line).min(*left);
        *left -= count;
        if count > 0 {
            missing.push((line, count));
        }
    }
    missing.reverse();
    missing
}

/// Where one line is unexpected, and one never came: the line that stands in the place of the missing
/// one, and the missing one. `None` if no line does, or if it is the unexpected one, which competes
/// with no other line.
fn replaced(
    context: &Context<'_>,
    table: &mut Table<'_>,
    unexpected: &[usize],
    missing: &[(usize, usize)],
) -> Option<(usize, usize)> {
    let (&[at], &[(line, 1)]) = (unexpected, missing) else { return None };
    // The lines that share a pattern with it, directly or through others.
    let mut lines = vec![at];
    let mut patterns: HashSet<PatternId> =
        table.of_line(at).iter().map(|fit| fit.pattern).collect();
    if patterns.is_empty() {
        return None;
    }
    for other in (0..context.lines.len()).filter(|&other| other != at) {
        let fits = table.of_line(other);
        context.budget.spend(1 + fits.len()).ok()?;
        if fits.iter().any(|fit| patterns.contains(&fit.pattern)) {
            patterns.extend(fits.iter().map(|fit| fit.pattern));
            lines.push(other);
        }
    }
    let expectation = context.expectation;
    let found = lines.into_iter().take(MAX_COMPETING).find(|&candidate| {
        let pattern = expectation.pattern_of[line];
        table.with_stand_in(candidate, pattern, |table| {
            let is_legal = |part: &Budget| {
                let paired = pairing::of_run(expectation, table, Rules::STRICT, part).ok()??;
                let result = search(expectation, table, Rules::STRICT, &paired, 0, part);
                matches!(result, SearchResult::Order(_)).then_some(())
            };
            context.budget.part(context.budget.left() / 16, is_legal).is_some()
        })
    });
    found.filter(|&found| found != at).map(|found| (found, line))
}

/// An output line that stands in the place of an expected one.
fn out_of_place(context: &Context<'_>, at: usize, line: usize) -> Fault {
    let (text, expected) = (context.quoted(at), context.expected(line));
    let message = format!("{text} is not expected; {expected} must come in its place");
    context.fault(FaultKind::Unexpected, at, Some(line), &message, "")
}

/// Of several lines where none is expected, the one that says most: the last one if Python reports an
/// exception, or else the first one that is not empty.
fn nothing_expected(context: &Context<'_>, part: &Part) -> Fault {
    let mut lines = part.lines.clone().filter(|&at| !context.lines[at].is_empty());
    let first = lines.next().unwrap_or(part.lines.start);
    let text = context.lines[first];
    let is_python = text.starts_with("Traceback") || text.starts_with("Exception in thread");
    let at = if is_python { lines.next_back().unwrap_or(first) } else { first };
    let (line, count) = (context.quoted(at), part.lines.len());
    let which = if at == part.lines.start { "the first" } else { "one" };
    let message = format!("{line} is {which} of {count} lines, but the snapshot expects none");
    context.fault(FaultKind::Unexpected, at, None, &message, "")
}

/// Expected lines that never came, or not often enough. Of several that never came, the first one
/// tells how many there are.
fn never_came(context: &Context<'_>, missing: &[(usize, usize)]) -> Vec<Fault> {
    let is_whole = |&(line, count): &(usize, usize)| context.expectation.count(line) == count;
    let total = missing.iter().filter(|line| is_whole(line)).count();
    let mut faults: Vec<Fault> =
        missing.iter().map(|&(line, count)| missing_line(context, line, count)).collect();
    if total > 1
        && let Some(first) = missing.iter().position(is_whole)
    {
        let line = missing[first].0;
        let (place, expected) = (place(context, line), context.expected(line));
        faults[first].message = format!("{total} lines never came{place}, the first: {expected}");
    }
    faults
}

/// The stream of an expected line, in a sentence.
fn place(context: &Context<'_>, line: usize) -> &'static str {
    if line < context.expectation.stdout_lines { "" } else { " on standard error" }
}

/// An expected line that never came, or not often enough.
fn missing_line(context: &Context<'_>, line: usize, missing: usize) -> Fault {
    let is_stdout = line < context.expectation.stdout_lines;
    let stream = if is_stdout { Stream::Stdout } else { Stream::Stderr };
    let place = place(context, line);
    let came = match (missing, context.expectation.count(line)) {
        (_, 1) => format!("never came{place}"),
        (missing, count) if missing == count => {
            format!("never came{place}, but must come {count} times")
        }
        (missing, count) => {
            let times = match count - missing {
                1 => "once".to_owned(),
                times => format!("{times} times"),
            };
            format!("came {times}{place}, but must come {count} times")
        }
    };
    let message = format!("{} {came}", context.expected(line));
    let ExpectedLine { number, hint, .. } = &context.expectation.lines[line];
    Fault {
        snapshot_line: Some(*number),
        why: hint.clone().unwrap_or_default(),
        ..context.fault_of_run(FaultKind::Missing, stream, message)
    }
}

/// Output lines that no expected line is left for. A missing line that one of them was probably meant
/// to be is taken out of `missing`: it is named there.
fn unexpected_lines(
    context: &Context<'_>,
    table: &Table<'_>,
    part: &Part,
    unpaired: &[usize],
    missing: &mut Missing,
) -> Vec<Fault> {
    let mut first_line_of: HashMap<PatternId, usize> = HashMap::new();
    for line in part.expected.clone().rev() {
        first_line_of.insert(context.expectation.pattern_of[line], line);
    }
    let mut found: HashMap<usize, (usize, String, &str)> = HashMap::new();
    let mut only_out_of_range = HashMap::new();
    for (index, &at) in unpaired.iter().enumerate() {
        let matching = table.of_line(at).iter().find_map(|fit| {
            let line = *first_line_of.get(&fit.pattern)?;
            Some((line, fit.is_in_range()))
        });
        // Comparisons take time, so only for what is shown.
        let compared = if index < SHOWN_FAULTS { MAX_COMPARED } else { 0 };
        let others: Vec<usize> = missing.iter().map(|&(line, _)| line).take(compared).collect();
        if let Some((line, true)) = matching {
            let what = format!("is an extra line matching {}", context.expected(line));
            found.insert(at, (line, what, ONCE));
        } else if let Some((line, refusals, is_torn)) = refused(context, at, &others) {
            let expected = context.expected(line);
            let what = format!("is not expected: {refusals}, as {expected} requires");
            found.insert(at, (line, what, if is_torn { TORN } else { "" }));
            take(missing, line);
        } else if let Some((line, false)) = matching {
            only_out_of_range.insert(at, line);
        }
    }
    let shown = unpaired.iter().take(SHOWN_FAULTS).copied();
    let others: Vec<usize> = shown.filter(|at| !found.contains_key(at)).collect();
    for (at, line) in most_similar(context, &others, missing, MAX_COMPARED) {
        let what = format!("is not expected; did you mean {}?", context.expected(line));
        found.insert(at, (line, what, ""));
        take(missing, line);
    }
    for (at, line) in only_out_of_range {
        found.entry(at).or_insert_with(|| {
            (line, format!("is not expected: {}", out_of_range(context, at, line)), "")
        });
    }
    let faults = unpaired.iter().map(|&at| {
        let (line, what, why) = match found.remove(&at) {
            Some((line, what, why)) => (Some(line), what, why),
            None => (None, "is not expected".to_owned(), ""),
        };
        let message = format!("{} {what}", context.quoted(at));
        let kind = if why == TORN { FaultKind::Torn } else { FaultKind::Unexpected };
        context.fault(kind, at, line, &message, why)
    });
    faults.collect()
}
