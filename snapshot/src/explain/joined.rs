//! Output lines that consist of several expected lines.
//!
//! A thread that writes the text of a line and its newline in two steps lets others write in between.
//! Then several texts stand in one line, and their newlines follow as empty lines. Where the texts
//! cannot come from different threads, a newline was left out.

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
type Missing = Vec<(usize, usize)>;

/// Finds out which of the lines that are unexpected consist of lines that are missing. Takes out both,
/// and the empty lines that belong to them.
pub(super) fn take_joined(
    context: &Context<'_>,
    unexpected: &mut Vec<usize>,
    missing: &mut Missing,
) -> Vec<Joined> {
    let mut all = Vec::new();
    let is_short = |at: &usize| (2..=SHOWN_LENGTH).contains(&context.lines[*at].len());
    let short: Vec<usize> = unexpected.iter().copied().filter(is_short).take(MAX_LINES).collect();
    for at in short {
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
        for (line, _) in &parts {
            if let Some((_, count)) = missing.iter_mut().find(|(other, _)| other == line) {
                *count -= 1;
            }
        }
        missing.retain(|&(_, count)| count > 0);
        unexpected.retain(|&other| other != at);
        let mut empty = unexpected.clone();
        empty.retain(|&other| context.lines[other].is_empty());
        // Usually the newlines come after the text.
        empty.sort_by_key(|&other| (other < at, other));
        empty.truncate(parts.len() - 1);
        if empty.len() + 1 < parts.len() || !can_be_torn(context, &parts) {
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

/// Whether different lanes of one block can have written all parts.
fn can_be_torn(context: &Context<'_>, parts: &[(usize, Range<usize>)]) -> bool {
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
    let block = block_of(parts[0].0);
    parts.iter().enumerate().all(|(index, &(line, _))| {
        let lane = lane_of(line);
        let is_same = |other: &(usize, _)| lane.is_some() && lane_of(other.0) == lane;
        has_lane(line) && block_of(line) == block && !parts[..index].iter().any(is_same)
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
        let why = "a thread wrote the text of a line, and another thread wrote before the newline \
                   came; write the text and its newline in one call, in Python `print(\"text\\n\", \
                   end=\"\", flush=True)`; `flush=True` alone does not help";
        (FaultKind::Torn, why)
    };
    let text = context.quoted(joined.at);
    let message = format!("{text} is {count} lines in one: {} and {last}", expected.join(", "));
    context.fault(kind, joined.at, Some(joined.parts[0].0), &message, why)
}
