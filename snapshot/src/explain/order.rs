//! Lines in an order that is not allowed.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::context::Context;
use crate::expectation::{Block, Expectation, Slot};
use crate::explanation::{Fault, FaultKind};
use crate::fit::{Table, Value};
use crate::output::Stream;
use crate::pattern::NameId;
use crate::search::Place;

/// Why the line after the longest beginning that can be placed must not stand there. `placed` are
/// the expected lines of that beginning.
pub(super) fn fault(context: &Context<'_>, table: &Table<'_>, placed: &[usize]) -> Fault {
    let expectation = context.expectation;
    let at = placed.len();
    // For each expected line how many lines have come.
    let mut came: Vec<usize> = vec![0; expectation.lines.len()];
    for &line in placed {
        came[line] += 1;
    }
    let mut end = 0;
    let block = expectation.blocks.iter().find(|block| {
        end += block.size;
        at < end
    });
    let Some(block) = block else { return no_order(context, at) };
    let is_pending = |line: &usize| came[*line] < expectation.count(*line);
    let matches = |line: usize, at: usize| {
        table.of_line(at).iter().any(|fit| fit.pattern == expectation.pattern_of[line])
    };

    let end_of_stream = match context.stream_of(at) {
        (Stream::Stdout, _) => expectation.stdout_lines,
        (Stream::Stderr, _) => expectation.lines.len(),
    };
    let candidate = (block.lines.start..end_of_stream)
        .find(|line| is_pending(line) && matches(*line, at))
        .and_then(|line| Some((line, awaited(context, block, &came, line)?)));
    if let Some((line, (first, why))) = candidate {
        let later = (at + 1..context.lines.len()).find(|&later| matches(first, later));
        return too_early(context, at, line, first, later, why);
    }
    let next: Vec<String> =
        block.lines.clone().filter(is_pending).take(3).map(|line| context.expected(line)).collect();
    let message =
        format!("{} cannot come here; still to come: {}", context.quoted(at), next.join(", "));
    context.fault(FaultKind::Order, at, block.lines.clone().find(is_pending), &message, "")
}

/// The output line `at` stands for the expected line `line`, which must come after `first`. That
/// comes at the output line `later`, if at all.
fn too_early(
    context: &Context<'_>,
    at: usize,
    line: usize,
    first: usize,
    later: Option<usize>,
    why: String,
) -> Fault {
    let later = later.map(|later| format!(", but comes at {}", context.position(later)));
    let message = format!(
        "{} came too early: {} must come first{}",
        context.quoted(at),
        context.expected(first),
        later.unwrap_or_default()
    );
    context.fault(FaultKind::Order, at, Some(line), &message, why)
}

/// For an output line that cannot come after the lines before it, for a reason that no single rule
/// gives.
pub(super) fn no_order(context: &Context<'_>, at: usize) -> Fault {
    let message = format!(
        "{} cannot come here: no order of the lanes and no values of the names allow it after the \
         lines before it",
        context.quoted(at)
    );
    context.fault(FaultKind::Order, at, None, &message, "")
}

/// An expected line that must come before another one and has not come, and the rule that says so.
/// `came` tells for each expected line how many lines have come.
fn awaited(
    context: &Context<'_>,
    block: &Block,
    came: &[usize],
    line: usize,
) -> Option<(usize, String)> {
    let expectation = context.expectation;
    let number = |line: usize| expectation.lines[line].number;
    let is_pending = |line: &usize| came[*line] < expectation.count(*line);
    if line >= block.lines.end {
        let first = block.lines.clone().find(is_pending)?;
        // A block of lanes ends with its stream, or before a line without a lane.
        let has_lane = expectation.lines[first].gutter.is_some();
        let barrier = number(if has_lane { block.lines.end } else { first });
        let why = format!(
            "line {barrier} of the snapshot is not in a lane, so it must come after every line \
             above it and before every line below it"
        );
        return Some((first, why));
    }

    let lane = block.slots.iter().find(|slot| slot.steps.iter().any(|step| step.line == line));
    let steps = &lane?.steps;
    let step = steps.iter().find(|step| step.line == line)?;
    // Of the lines before it in its lane the first one from which on no more have come than of the
    // line itself.
    let before: Vec<usize> =
        steps.iter().map(|step| step.line).take_while(|&other| other != line).collect();
    let arrived = |line: usize| came[line] + expectation.absent[line];
    let lacking = before.iter().rev().take_while(|&&other| arrived(other) <= arrived(line));
    if let Some(&first) = lacking.last() {
        return Some((first, lane_rule(context, line)));
    }

    let first = (block.slots.iter().flat_map(|slot| slot.steps.iter()))
        .filter(|other| other.mark.is_some_and(|mark| step.after.contains(&mark)))
        .map(|other| other.line)
        .find(is_pending)?;
    let mark = &expectation.lines[first].gutter.as_ref()?.mark.as_ref()?.name;
    let why = format!(
        "`<{mark}` in line {} of the snapshot makes it wait for every line marked `@{mark}`",
        number(line)
    );
    Some((first, why))
}

fn lane_rule(context: &Context<'_>, line: usize) -> String {
    let lane = context.expectation.lane_name(line);
    format!("both lines are in the lane `{lane}`, and the lines of a lane come in order")
}

/// Lines of a `*N` that by their names belong to one lane, and in it have the wrong order.
pub(super) fn swapped_in_lane(
    context: &Context<'_>,
    table: &Table<'_>,
    places: &[Place<'_>],
) -> Vec<Fault> {
    let expectation = context.expectation;
    let mut lanes: BTreeMap<(NameId, Value), Vec<(usize, usize)>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        let group = expectation.lines[place.line].group;
        for &(name, value) in &place.reading.names {
            if group.is_some() && expectation.name(name).group == group {
                lanes.entry((name, value)).or_default().push((at, place.line));
            }
        }
    }
    let mut lanes: Vec<_> = lanes.into_iter().collect();
    lanes.sort_by_key(|((name, value), _)| (*name, table.text(*value)));
    swapped(context, lanes.into_iter().map(|(_, lines)| lines))
}

/// The same expectation, but the lines of a lane may come in any order, unless it is a lane of a `*N`.
pub(super) fn in_any_order(expectation: &Expectation) -> Expectation {
    let mut relaxed = expectation.clone();
    for slots in relaxed.blocks.iter_mut().map(|block| &mut block.slots) {
        let lanes = std::mem::take(slots);
        for slot in lanes {
            if slot.member.is_some() {
                slots.push(slot);
                continue;
            }
            let first = (slot.kind + 1) * expectation.lines.len();
            slots.extend(slot.steps.iter().enumerate().map(|(index, step)| Slot {
                steps: [step.clone()].into(),
                kind: first + index,
                member: None,
            }));
        }
    }
    relaxed
}

/// Lines of a lane in the wrong order. `places` are those of [`in_any_order`].
pub(super) fn swapped_in_named_lane(context: &Context<'_>, places: &[Place<'_>]) -> Vec<Fault> {
    let slots = context.expectation.blocks.iter().flat_map(|block| &block.slots);
    let mut lane_of = HashMap::new();
    for (lane, slot) in slots.filter(|slot| slot.member.is_none()).enumerate() {
        lane_of.extend(slot.steps.iter().map(|step| (step.line, lane)));
    }
    let mut lanes: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        if let Some(&lane) = lane_of.get(&place.line) {
            lanes.entry(lane).or_default().push((at, place.line));
        }
    }
    swapped(context, lanes.into_values())
}

/// The neighbours in a lane that have the wrong order. A lane is a list of output lines, each with its
/// expected line.
fn swapped(context: &Context<'_>, lanes: impl Iterator<Item = Vec<(usize, usize)>>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for lines in lanes {
        let different: HashSet<usize> = lines.iter().map(|&(_, line)| line).collect();
        // If two lanes have one value, the value does not tell them apart.
        if different.len() < lines.len() {
            continue;
        }
        for pair in lines.windows(2).filter(|pair| pair[0].1 > pair[1].1) {
            let [(early, line), (late, first)] = [pair[0], pair[1]];
            let why = lane_rule(context, line);
            faults.push(too_early(context, early, line, first, Some(late), why));
        }
    }
    faults
}
