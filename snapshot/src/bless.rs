//! Brings a snapshot up to date, as far as one output proves how.
//!
//! What one output can prove is the text of a line whose place is certain. It cannot prove that
//! an order, a range or an equality no longer holds, so none of these is ever touched, and the
//! new snapshot has to allow the very output that it was made from.

use crate::explain::likeness;
use crate::fit::{Rules, Scope, Table};
use crate::notation::{escaped, with_backslash_if_needed};
use crate::order::{Block, Expectation};
use crate::pattern::{Pattern, Piece};
use crate::value::{Kind, RangeRule};
use crate::{Explanation, Fault, FaultKind, Output, Run, Snapshot, StreamText, Verdict, pairing};

/// Rewrites a snapshot's text after what the run of this index in [`Snapshot::runs`] printed, as
/// far as that proves it: the literal text of lines that can be aligned for certain. Orders,
/// ranges, equalities and notes stay.
///
/// # Errors
/// Why this output does not prove how the run could be brought to pass.
pub fn bless(text: &str, index: usize, output: Output<'_>) -> Result<String, String> {
    let parse = |text: &str| {
        let snapshot = Snapshot::parse(text);
        snapshot.map_err(|_| "the snapshot is broken".to_owned()).and_then(|mut snapshot| {
            let exists = index < snapshot.runs.len();
            if exists {
                Ok(snapshot.runs.swap_remove(index))
            } else {
                Err("there is no such run".to_owned())
            }
        })
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

/// A line of the file, by its number, and the text that it should have behind its gutter.
type Change = (usize, String);

fn changes(
    run: &Run,
    output: Output<'_>,
    explanation: &Explanation,
) -> Result<Vec<Change>, String> {
    let expectation = &run.expectation;
    let streams = [StreamText::new(output.stdout), StreamText::new(output.stderr)];
    if streams.iter().any(|stream| !stream.foreign.is_empty()) {
        return Err("the output is not UTF-8".to_owned());
    }
    let names = ["standard output", "standard error"];
    for ((stream, expected), name) in streams.iter().zip(expectation.sizes()).zip(names) {
        if stream.lines.len() != expected {
            return Err(format!(
                "{name} has {} lines, where the snapshot has {expected}: add or take out lines by hand",
                stream.lines.len()
            ));
        }
    }
    let is_text = |fault: &&Fault| matches!(fault.kind, FaultKind::Unexpected | FaultKind::Missing);
    if let Some(fault) = explanation.faults.iter().find(|fault| !is_text(fault)) {
        return Err(more_than_text(fault));
    }
    let lines: Vec<&str> =
        streams.iter().flat_map(|stream| stream.lines.iter().map(String::as_str)).collect();
    let table = Table::new(expectation, &lines, Rules::STRICT, Scope::Block)
        .map_err(|_| "its lines can be read in too many ways".to_owned())?;

    let mut changes = Vec::new();
    let mut new_lines = Vec::new();
    let mut from = 0;
    for block in &expectation.blocks {
        let to = from + block.size;
        for (line, texts) in aligned(expectation, block, &table, &lines, from..to)? {
            let texts: Vec<&str> = texts.into_iter().map(|at| lines[at]).collect();
            new_lines.extend_from_slice(&texts);
            let expected = &expectation.lines[line];
            let mut new: Vec<Option<String>> =
                texts.iter().map(|text| retold(&expected.pattern, &expected.text, text)).collect();
            new.dedup();
            let [Some(new)] = new.as_slice() else {
                return Err(format!(
                    "line {} of the snapshot cannot become \"{}\" with its placeholders kept",
                    expected.number,
                    texts.join("\" and \"")
                ));
            };
            let is_barrier = expected.gutter.is_none();
            let new = if is_barrier { with_backslash_if_needed(new) } else { new.clone() };
            changes.push((expected.number, new));
        }
        from = to;
    }
    // A line that is expected elsewhere has moved: that is an order, not a text.
    let mut unexpected: Vec<&str> = explanation.unexpected().collect();
    unexpected.sort_unstable();
    new_lines.sort_unstable();
    let everywhere = Table::new(expectation, &new_lines, Rules::STRICT, Scope::Run);
    let is_elsewhere =
        everywhere.map_or(true, |table| table.fits.iter().any(|fits| !fits.is_empty()));
    if new_lines == unexpected && !is_elsewhere {
        Ok(changes)
    } else {
        Err(more_than_text(&explanation.faults[0]))
    }
}

/// Which output lines the expected lines that never came stand for now, where that is certain:
/// a line without gutter has one place; of one lane all lines are in order; and if one expected
/// line alone is missing, it is that.
fn aligned(
    expectation: &Expectation,
    block: &Block,
    table: &Table,
    lines_text: &[&str],
    lines: std::ops::Range<usize>,
) -> Result<Vec<(usize, Vec<usize>)>, String> {
    let first = lines.start;
    let pairing = pairing::of_block(expectation, block, table, lines);
    let unpaired: Vec<usize> = (pairing.pattern_of.iter().enumerate())
        .filter(|(_, pattern)| pattern.is_none())
        .map(|(at, _)| first + at)
        .collect();
    if unpaired.is_empty() {
        return Ok(Vec::new());
    }
    let missing = pairing.missing(expectation, block.first_line..block.end_line());
    // Where another pairing is as large, other lines would be the ones that have changed.
    let missing_fits = |at: &usize| {
        let mut fits = table.of_line(*at).iter();
        fits.any(|fit| missing.iter().any(|(line, _)| expectation.pattern_of[*line] == fit.pattern))
    };
    let is_taken = |at: &usize| !table.of_line(*at).is_empty();
    let others = (first..first + pairing.pattern_of.len()).filter(|at| !unpaired.contains(at));
    let is_ambiguous =
        unpaired.iter().any(is_taken) || others.into_iter().any(|at| missing_fits(&at));
    let is_whole =
        !is_ambiguous && missing.iter().all(|&(line, lacking)| lacking == expectation.count(line));
    let first_missing = missing[0].0;
    let of_one_lane = missing.iter().all(|&(line, lacking)| {
        lacking == 1 && expectation.lane_name(line) == expectation.lane_name(first_missing)
    });
    // Two lines that are more alike the other way round have changed places.
    let like = |line: usize, at: usize| likeness(lines_text[at], &expectation.lines[line].text);
    let in_this_order = missing
        .iter()
        .zip(&unpaired)
        .all(|(&(line, _), &at)| unpaired.iter().all(|&other| like(line, other) <= like(line, at)));
    if is_whole && missing.len() == 1 {
        Ok(vec![(first_missing, unpaired)])
    } else if is_whole && of_one_lane && in_this_order {
        Ok(missing.iter().zip(unpaired).map(|(&(line, _), at)| (line, vec![at])).collect())
    } else {
        let numbers: Vec<String> =
            missing.iter().map(|&(line, _)| expectation.lines[line].number.to_string()).collect();
        Err(format!(
            "it is not certain which of the lines {} of the snapshot is which now",
            numbers.join(", ")
        ))
    }
}

/// Longer lines are not aligned.
const MAX_LENGTH: usize = 200;

/// The pattern's source text with its placeholders, rewritten to allow `line`. `None` where the
/// placeholders do not fit, or fit equally well in several places.
fn retold(pattern: &Pattern, source: &str, line: &str) -> Option<String> {
    if pattern.as_literal().is_some() {
        return Some(escaped(line));
    }
    let placeholders = crate::notation::placeholders(source);
    let letters: Vec<(usize, char)> = line.char_indices().collect();
    if letters.len() > MAX_LENGTH {
        return None;
    }
    let text = |from: usize, to: usize| {
        let at = |index: usize| letters.get(index).map_or(line.len(), |(at, _)| *at);
        &line[at(from)..at(to)]
    };

    // Literals and values in turn, a literal first and last.
    let mut literals = vec![String::new()];
    let mut kinds = Vec::new();
    for piece in &pattern.pieces {
        match piece {
            Piece::Literal(literal) => literals.last_mut()?.push_str(literal),
            Piece::Value { kind, .. } => {
                kinds.push(kind);
                literals.push(String::new());
            }
        }
    }

    // For each place where the pieces so far can end: the smallest number of letters to change
    // in their literals, in how many ways it is reached, and one of them.
    let end = letters.len();
    let mut best: Vec<Option<(usize, usize, Vec<usize>)>> = vec![None; end + 1];
    best[0] = Some((0, 1, Vec::new()));
    for (index, literal) in literals.iter().enumerate() {
        let is_last = index == kinds.len();
        let mut after_literal: Vec<Option<(usize, usize, Vec<usize>)>> = vec![None; end + 1];
        for (from, way) in best.iter().enumerate() {
            let Some((cost, ways, cuts)) = way else { continue };
            for to in if is_last { end..=end } else { from..=end } {
                let change = strsim::levenshtein(literal, text(from, to));
                offer(&mut after_literal[to], cost + change, *ways, cuts, to);
            }
        }
        best = after_literal;
        let Some(kind) = kinds.get(index) else { break };
        let mut after_value = vec![None; end + 1];
        for (from, way) in best.iter().enumerate() {
            let Some((cost, ways, cuts)) = way else { continue };
            for (to, way) in after_value.iter_mut().enumerate().skip(from) {
                if kind.admits(text(from, to), RangeRule::Whole) {
                    offer(way, *cost, *ways, cuts, to);
                }
            }
        }
        best = after_value;
    }
    let (_, ways, cuts) = best[end].take()?;
    if ways > 1 {
        return None;
    }
    // The unit behind a range is part of what the range means.
    for (index, kind) in kinds.iter().enumerate() {
        let behind = text(cuts[2 * index + 1], cuts[2 * index + 2]);
        if matches!(kind, Kind::Range(_)) && first_word(behind) != first_word(&literals[index + 1])
        {
            return None;
        }
    }
    let mut new = String::new();
    let mut from = 0;
    for (index, &to) in cuts.iter().enumerate() {
        if index % 2 == 0 {
            new.push_str(&escaped(text(from, to)));
        } else {
            new.push_str(placeholders.get(index / 2)?);
        }
        from = to;
    }
    Some(new)
}

fn first_word(text: &str) -> &str {
    let word = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    &word[..word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len())]
}

/// Keeps the cheaper of two ways, and counts those that are equally cheap.
fn offer(
    best: &mut Option<(usize, usize, Vec<usize>)>,
    cost: usize,
    ways: usize,
    cuts: &[usize],
    cut: usize,
) {
    match best {
        Some((known, known_ways, _)) if *known == cost => *known_ways += ways,
        Some((known, ..)) if *known < cost => {}
        _ => {
            let mut cuts = cuts.to_vec();
            cuts.push(cut);
            *best = Some((cost, ways, cuts));
        }
    }
}

/// The file with other texts behind the gutters of some lines. All else stays, line ends too.
fn with_changes(text: &str, changes: &[Change]) -> String {
    let mut new = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let Some((_, text)) = changes.iter().find(|(number, _)| *number == index + 1) else {
            new.push_str(line);
            continue;
        };
        let content = line.trim_end_matches(['\n', '\r']);
        let gutter = crate::notation::gutter_of(content);
        new.push_str(gutter);
        if gutter.ends_with('|') {
            new.push(' ');
        }
        new.push_str(text);
        new.push_str(&line[content.len()..]);
    }
    new
}
