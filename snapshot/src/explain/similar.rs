//! Which expected line an unexpected output line was probably meant to be.

use super::context::Context;
use super::joined::{Missing, take};
use crate::budget::Budget;
use crate::output::SHOWN_LENGTH;
use crate::pattern::{Pattern, Piece, ValueInLine};
use crate::value::{Kind, RangeRule};

/// The units that may be spent on reading an unexpected line by one pattern.
const MAX_PART: usize = 1_000;

/// Which numbers of an output line are out of the ranges of an expected line.
pub(super) fn out_of_range(context: &Context<'_>, at: usize, line: usize) -> String {
    let pattern = &context.expectation.lines[line].pattern;
    let values = pattern.lenient_values(context.lines[at], context.budget);
    let refusals = refusals(&values.ok().flatten().unwrap_or_default());
    format!("{}, as {} requires", refusals.join(", "), context.expected(line))
}

/// Why values are not of their types, or out of their ranges.
fn refusals(values: &[ValueInLine<'_, '_>]) -> Vec<String> {
    let refused = values.iter().filter(|value| !value.kind.allows(value.text, RangeRule::Exact));
    refused.map(|value| value.kind.refusal(value.text)).collect()
}

/// The expected line that an output line would match if the fewest of its values had other types, and
/// why they do not; also whether several threads have written one of them. A line that consists of values alone says little, so it counts only if no other
/// is missing.
pub(super) fn refused(
    context: &Context<'_>,
    at: usize,
    expected: &[usize],
) -> Option<(usize, String, bool)> {
    let (text, pattern_of) = (context.lines[at], &context.expectation.pattern_of);
    let refused = expected.iter().filter_map(|&line| {
        let pattern = &context.expectation.lines[line].pattern;
        let may_match = text.starts_with(pattern.prefix()) && text.ends_with(pattern.suffix());
        let is_only = || expected.iter().all(|&other| pattern_of[other] == pattern_of[line]);
        if !may_match || !pattern.has_literal() && !is_only() {
            return None;
        }
        let read = |part: &Budget| pattern.loose_values(text, part);
        let values = context.budget.part(MAX_PART, read).ok()??;
        let is_torn = context.expectation.lines[line].gutter.is_some()
            && values.iter().any(|value| *value.kind == Kind::Thread && is_several_ids(value.text));
        let refusals = refusals(&values);
        (!refusals.is_empty()).then_some((line, refusals, is_torn))
    });
    let (line, refusals, is_torn) = refused.min_by_key(|(_, refusals, _)| refusals.len())?;
    Some((line, refusals.join(", "), is_torn))
}

/// Whether a text consists of the ids of several threads, which one thread does not write.
fn is_several_ids(text: &str) -> bool {
    let ids: Vec<&str> = text.split_inclusive(')').collect();
    ids.len() > 1
        && ids.iter().all(|id| Kind::Thread.allows(id, RangeRule::Exact))
        && ids.iter().any(|id| *id != ids[0])
}

/// The expected lines that output lines resemble, each as often as it is missing: of all pairs the
/// most similar ones. At most `limit` of the missing lines are looked at.
pub(super) fn most_similar(
    context: &Context<'_>,
    lines: &[usize],
    missing: &Missing,
    limit: usize,
) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for &at in lines {
        let text: Vec<char> = context.lines[at].chars().take(SHOWN_LENGTH).collect();
        for &(line, _) in missing.iter().take(limit) {
            if context.budget.spend(text.len() * SHOWN_LENGTH / 2).is_err() {
                break;
            }
            let similarity = similarity(&context.expectation.lines[line].pattern, &text);
            if similarity >= 0.5 {
                pairs.push((similarity, at, line));
            }
        }
    }
    pairs.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    let (mut missing, mut found) = (missing.clone(), Vec::new());
    for (_, at, line) in pairs {
        let is_free = found.iter().all(|&(other, _)| other != at);
        if is_free && missing.iter().any(|&(other, _)| other == line) {
            take(&mut missing, line);
            found.push((at, line));
        }
    }
    found
}

/// How similar a line is to a pattern, from 0 to 1: how little has to be edited, or, if one begins with
/// the other, how much is common. Any text will do for a value.
fn similarity(pattern: &Pattern, text: &[char]) -> f64 {
    let letters = pattern.pieces.iter().flat_map(|piece| match piece {
        Piece::Literal(text) => text.chars().map(Some).collect(),
        Piece::Value { .. } => vec![None],
    });
    let letters: Vec<Option<char>> = letters.take(SHOWN_LENGTH).collect();
    let common = letters.len().min(text.len());
    if letters.iter().zip(text).all(|(letter, c)| *letter == Some(*c)) {
        return 2.0 * common as f64 / (letters.len() + text.len()) as f64;
    }
    // The edit distance between the letters so far and each beginning of the text.
    let mut distances: Vec<usize> = (0..=text.len()).collect();
    for &letter in &letters {
        let mut diagonal = distances[0];
        distances[0] += usize::from(letter.is_some());
        for (end, &c) in (1..).zip(text) {
            let (above, left) = (distances[end], distances[end - 1]);
            distances[end] = match letter {
                Some(letter) => (diagonal + usize::from(letter != c)).min(above + 1).min(left + 1),
                None => above.min(left),
            };
            diagonal = above;
        }
    }
    let literal = letters.iter().flatten().count();
    // A value takes whatever there is, so the letters around it have to fit better.
    let has_value = literal < letters.len();
    let size = if has_value { 0.6 * literal as f64 } else { literal.max(text.len()) as f64 };
    if literal == 0 { 0.0 } else { 1.0 - distances[text.len()] as f64 / size }
}
