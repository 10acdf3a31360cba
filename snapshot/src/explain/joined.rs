//! Output lines that consist of several expected lines.
//!
//! A thread that writes the text of a line and its newline in two steps lets others write in between.
//! Then several texts stand in one line, and their newlines follow as empty lines. Where the texts
//! cannot come from different threads, a newline was left out. A thread that writes the text in several
//! steps also leaves a piece of it for a later line.

use std::ops::Range;

use super::context::Context;
use crate::budget::{Budget, OutOfBudget};
use crate::expectation::Lane;
use crate::explanation::{Fault, FaultKind};
use crate::output::SHOWN_LENGTH;

/// The units that may be spent on reading a part of a line by one pattern.
const MAX_PART: usize = 1_000;

/// The units that may be spent on finding the parts of one line.
const MAX_PARTS: usize = 100_000;

/// So many lines are looked at, at most.
const MAX_LINES: usize = 20;

/// A line is split into so many parts at most.
const MOST_PARTS: usize = 4;

/// An output line that consists of several expected lines.
#[derive(Debug)]
pub(super) struct Joined {
    pub(super) at: usize,
    /// The expected lines, and where in the output line they stand.
    pub(super) parts: Vec<(usize, Range<usize>)>,
    /// The empty lines that the newlines of the parts have made, if it is torn.
    pub(super) newlines: Vec<usize>,
}

/// The expected lines that are missing, and how often.
pub(super) type Missing = Vec<(usize, usize)>;

/// Why a line is torn.
pub(super) const TORN: &str = "a thread wrote the text of a line, and another thread wrote before the newline came; \
                    write the text and its newline in one call, in Python `print(\"text\\n\", end=\"\", \
                    flush=True)`; `flush=True` alone does not help";

/// Takes one out of the missing lines.
pub(super) fn take(missing: &mut Missing, line: usize) {
    if let Some((_, count)) = missing.iter_mut().find(|(other, _)| *other == line) {
        *count -= 1;
    }
    missing.retain(|&(_, count)| count > 0);
}

/// The first lines that are short enough to be taken apart.
fn short(context: &Context<'_>, unexpected: &[usize]) -> Vec<usize> {
    let is_short = |at: &usize| (1..=SHOWN_LENGTH).contains(&context.lines[*at].len());
    unexpected.iter().copied().filter(is_short).take(MAX_LINES).collect()
}

/// Finds out which of the lines that are unexpected consist of lines that are missing. Takes out both,
/// and the empty lines that belong to them.
pub(super) fn take_joined(
    context: &Context<'_>,
    unexpected: &mut Vec<usize>,
    missing: &mut Missing,
) -> Vec<Joined> {
    let mut all = Vec::new();
    for at in short(context, unexpected) {
        if missing.iter().map(|(_, count)| count).sum::<usize>() < 2 {
            break;
        }
        let text = context.lines[at];
        let find = |budget: &Budget| {
            (2..=MOST_PARTS).find_map(|count| {
                let mut parts = Vec::new();
                let found = split(context, budget, text, 0, count, missing, &mut parts);
                found.is_ok_and(|found| found).then_some(parts)
            })
        };
        let Some(parts) = context.budget.part(MAX_PARTS, find) else { continue };
        let lines: Vec<usize> = parts.iter().map(|&(line, _)| line).collect();
        for &line in &lines {
            take(missing, line);
        }
        unexpected.retain(|&other| other != at);
        let mut empty = unexpected.clone();
        empty.retain(|&other| context.lines[other].is_empty());
        // Usually the newlines come after the text.
        empty.sort_by_key(|&other| (other < at, other));
        empty.truncate(parts.len() - 1);
        if empty.len() + 1 < parts.len() || !can_be_torn(context, &lines) {
            empty.clear();
        }
        unexpected.retain(|other| !empty.contains(other));
        all.push(Joined { at, parts, newlines: empty });
    }
    all
}

/// Splits the text from `start` on into as many missing lines, each used as often as it is missing.
fn split(
    context: &Context<'_>,
    budget: &Budget,
    text: &str,
    start: usize,
    count: usize,
    missing: &Missing,
    parts: &mut Vec<(usize, Range<usize>)>,
) -> Result<bool, OutOfBudget> {
    let ends = text[start..].char_indices().skip(1).map(|(end, _)| start + end);
    let ends = ends.filter(|_| count > 1).chain([text.len()].into_iter().filter(|_| count == 1));
    for end in ends {
        budget.spend(2 * missing.len())?;
        let part = &text[start..end];
        let line = missing.iter().find(|&&(line, times)| {
            let used = parts.iter().filter(|(other, _)| *other == line).count();
            used < times && matches(context, budget, line, part)
        });
        let Some(&(line, _)) = line else { continue };
        parts.push((line, start..end));
        if count == 1 || split(context, budget, text, end, count - 1, missing, parts)? {
            return Ok(true);
        }
        parts.pop();
    }
    Ok(false)
}

fn matches(context: &Context<'_>, budget: &Budget, line: usize, text: &str) -> bool {
    let pattern = &context.expectation.lines[line].pattern;
    let may_match = text.starts_with(pattern.prefix()) && text.ends_with(pattern.suffix());
    may_match
        && budget
            .part(MAX_PART, |part| pattern.lenient_values(text, part))
            .is_ok_and(|values| values.is_some())
}

/// Finds out which pairs of unexpected lines consist of the pieces of two lines that are missing. Takes
/// out both pairs.
pub(super) fn take_mixed(
    context: &Context<'_>,
    unexpected: &mut Vec<usize>,
    missing: &mut Missing,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let short = short(context, unexpected);
    for (index, &at) in short.iter().enumerate() {
        if !unexpected.contains(&at) {
            continue;
        }
        let find = |budget: &Budget| {
            let mut later = short[index + 1..].iter().filter(|other| unexpected.contains(other));
            later.find_map(|&other| Some((other, mixed(context, budget, [at, other], missing)?)))
        };
        let Some((other, [first, second])) = context.budget.part(MAX_PARTS, find) else { continue };
        for line in [first, second] {
            take(missing, line);
        }
        unexpected.retain(|line| ![at, other].contains(line));
        let message = format!(
            "{} and {} in {} are pieces of two lines: {} and {}",
            context.quoted(at),
            context.quoted(other),
            context.position(other),
            context.expected(first),
            context.expected(second),
        );
        faults.push(context.fault(FaultKind::Torn, at, Some(first), &message, TORN));
    }
    faults
}

/// The two missing lines, in their order, of which one is a piece of the first text with the second
/// text after it, and the other one is the rest of the first text.
fn mixed(
    context: &Context<'_>,
    budget: &Budget,
    [at, other]: [usize; 2],
    missing: &Missing,
) -> Option<[usize; 2]> {
    let (text, end_of_line) = (context.lines[at], context.lines[other]);
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let find = |text: &str, is_left: &dyn Fn(usize, usize) -> bool| {
        let mut lines = missing.iter().filter(|&&(line, count)| is_left(line, count));
        lines.find(|&&(line, _)| matches(context, budget, line, text)).map(|&(line, _)| line)
    };
    for (index, &start) in bounds.iter().enumerate() {
        for &end in &bounds[index + 1..] {
            budget.spend(2 * missing.len()).ok()?;
            let continued = format!("{}{end_of_line}", &text[start..end]);
            let rest = format!("{}{}", &text[..start], &text[end..]);
            let Some(line) = find(&continued, &|_, _| true) else { continue };
            let is_left =
                |other, count| (other != line || count > 1) && can_be_torn(context, &[line, other]);
            if let Some(other) = find(&rest, &is_left) {
                return Some([line.min(other), line.max(other)]);
            }
        }
    }
    None
}

/// Whether different lanes of one block can have written all these lines.
fn can_be_torn(context: &Context<'_>, lines: &[usize]) -> bool {
    let block_of = |line: usize| {
        context.expectation.blocks.iter().position(|block| block.lines.contains(&line))
    };
    let lane_of = |line: usize| {
        let gutter = context.expectation.lines[line].gutter.as_ref()?;
        match &gutter.lane {
            Lane::Named { name, count: None } => Some(name.as_str()),
            Lane::Named { count: Some(_), .. } | Lane::Anonymous => None,
        }
    };
    let has_lane = |line: usize| context.expectation.lines[line].gutter.is_some();
    let block = block_of(lines[0]);
    lines.iter().enumerate().all(|(index, &line)| {
        let lane = lane_of(line);
        let is_same = |&other: &usize| lane.is_some() && lane_of(other) == lane;
        has_lane(line) && block_of(line) == block && !lines[..index].iter().any(is_same)
    })
}

/// The fault that a joined line is.
pub(super) fn fault(context: &Context<'_>, joined: &Joined) -> Fault {
    let mut expected: Vec<String> =
        joined.parts.iter().map(|&(line, _)| context.expected(line)).collect();
    let last = expected.pop().unwrap_or_default();
    let count = ["two", "three", "four"][joined.parts.len() - 2];
    let (kind, why) = if joined.newlines.is_empty() {
        (FaultKind::Unexpected, "the program wrote no newline after each of them")
    } else {
        (FaultKind::Torn, TORN)
    };
    let text = context.quoted(joined.at);
    let message = format!("{text} is {count} lines in one: {} and {last}", expected.join(", "));
    context.fault(kind, joined.at, Some(joined.parts[0].0), &message, why)
}
