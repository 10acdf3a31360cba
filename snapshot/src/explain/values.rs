//! Values that are not equal, identities that are the same, and numbers out of range.

use std::collections::{BTreeMap, HashMap};

use super::context::Context;
use crate::expectation::{Name, PatternId};
use crate::explanation::{Fault, FaultKind};
use crate::fit::{Table, Value};
use crate::output::printable;
use crate::pattern::NameId;
use crate::search::Place;
use crate::value::{Kind, RangeRule};

/// A value of a name: the output line, the expected line, and the value.
type Use = (usize, usize, Value);

/// Names that have two values or one that they must not have, and names of an identifying type that
/// have the same value; then the names of the former.
pub(super) fn unequal(
    context: &Context<'_>,
    table: &Table<'_>,
    places: &[Place<'_>],
) -> (Vec<Fault>, Vec<NameId>) {
    let mut uses: BTreeMap<(NameId, usize), Vec<Use>> = BTreeMap::new();
    let mut others: BTreeMap<(NameId, usize), Vec<Use>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        for (uses, values) in
            [(&mut uses, &place.reading.names), (&mut others, &place.reading.others)]
        {
            for &(name, value) in values {
                let is_of_lane = context.expectation.name(name).group.is_some();
                let holder = if is_of_lane { place.member } else { 0 };
                uses.entry((name, holder)).or_default().push((at, place.line, value));
            }
        }
    }
    let mut faults = Vec::new();
    let mut names: Vec<NameId> = Vec::new();
    for (key, uses) in &uses {
        let (name, first) = (key.0, uses[0]);
        let two = uses.iter().filter(|(.., value)| *value != first.2);
        let two = two.map(|&other| two_values(context, table, name, first, other));
        let same = others.get(key).into_iter().flatten().filter(|(.., value)| *value == first.2);
        let same = same.map(|&other| not_another(context, table, name, first, other));
        let known = faults.len();
        faults.extend(two.chain(same));
        if faults.len() > known && names.last() != Some(&name) {
            names.push(name);
        }
    }
    let mut owner_of: HashMap<Value, (NameId, usize)> = HashMap::new();
    for (&(name, _), uses) in &uses {
        if context.expectation.name(name).kind.is_identity() {
            let (at, line, value) = uses[0];
            let (other, first) = *owner_of.entry(value).or_insert((name, at));
            if first != at || other != name {
                let identity = printable(table.text(value));
                faults.push(same_identity(context, &identity, (other, first), (name, at), line));
            }
        }
    }
    (faults, names)
}

fn two_values(
    context: &Context<'_>,
    table: &Table<'_>,
    name: NameId,
    (first_at, _, first): Use,
    (at, line, value): Use,
) -> Fault {
    let name = context.expectation.name(name);
    let text = &name.text;
    let message = format!(
        "{{{text}}} is \"{}\" here but \"{}\" in {}; the two must be equal (line {} of the snapshot \
         defines {{{text}}})",
        printable(table.text(value)),
        printable(table.text(first)),
        context.position(first_at),
        name.line
    );
    let scope = match name.group {
        Some(group) => format!("in each of the lanes {}", context.expectation.groups[group]),
        None => "in the whole run".to_owned(),
    };
    let why = format!("{{{text}}} stands for the same text {scope}");
    context.fault(FaultKind::Equality, at, Some(line), &message, why)
}

fn not_another(
    context: &Context<'_>,
    table: &Table<'_>,
    name: NameId,
    (first_at, ..): Use,
    (at, line, value): Use,
) -> Fault {
    let Name { text, kind, .. } = context.expectation.name(name);
    let what = kind.noun();
    let message = format!(
        "{{!{text}}} is \"{}\", the same as {{{text}}} in {}, but must be another {what}",
        printable(table.text(value)),
        context.position(first_at),
    );
    context.fault(FaultKind::Equality, at, Some(line), &message, "")
}

fn same_identity(
    context: &Context<'_>,
    identity: &str,
    (other, first_at): (NameId, usize),
    (name, at): (NameId, usize),
    line: usize,
) -> Fault {
    let first = context.position(first_at);
    let text = |name: NameId| &context.expectation.name(name).text;
    let message = if name == other {
        let name = text(name);
        format!("{{{name}}} is \"{identity}\" in two lanes (see {first}), but must differ")
    } else {
        let (other, name) = (text(other), text(name));
        format!("{{{other}}} and {{{name}}} are both \"{identity}\" (see {first}), but must differ")
    };
    let noun = context.expectation.name(name).kind.noun();
    let kind = if noun == "thread" { "thread" } else { "unique" };
    let why = format!("each name of type `{kind}` stands for a different {noun}");
    context.fault(FaultKind::Equality, at, Some(line), &message, why)
}

/// Numbers out of range, where each line has its place.
pub(super) fn out_of_range(context: &Context<'_>, places: &[Place<'_>]) -> Vec<Fault> {
    let lines = places.iter().enumerate().filter(|(_, place)| !place.reading.is_in_range());
    lines.flat_map(|(at, place)| out_of_range_in_line(context, at, place.line)).collect()
}

/// Numbers out of range, where each line has only a pattern.
pub(super) fn out_of_range_as_paired(
    context: &Context<'_>,
    table: &Table<'_>,
    paired: &[PatternId],
) -> Vec<Fault> {
    let expectation = context.expectation;
    let mut faults = Vec::new();
    let mut lines = paired.iter().enumerate();
    for block in &expectation.blocks {
        let line_of: HashMap<PatternId, usize> =
            block.lines.clone().rev().map(|line| (expectation.pattern_of[line], line)).collect();
        for (at, pattern) in lines.by_ref().take(block.size) {
            let fit = table.of_line(at).iter().find(|fit| fit.pattern == *pattern);
            if fit.is_some_and(|fit| !fit.is_in_range()) {
                faults.extend(out_of_range_in_line(context, at, line_of[pattern]));
            }
        }
    }
    faults
}

fn out_of_range_in_line(context: &Context<'_>, at: usize, line: usize) -> Vec<Fault> {
    let pattern = &context.expectation.lines[line].pattern;
    let values = pattern.lenient_values(context.lines[at], context.budget);
    let faults = values.ok().flatten().into_iter().flatten().filter_map(|value| match value.kind {
        Kind::Range(range) if !value.kind.allows(value.text, RangeRule::Exact) => {
            let (number, range) = (value.text, &range.source);
            let message =
                format!("{number} is not in {range}, as {} requires", context.expected(line));
            Some(context.fault(FaultKind::Range, at, Some(line), &message, range_rule(range)))
        }
        _ => None,
    });
    faults.collect()
}

/// What a range allows, in a sentence.
fn range_rule(range: &str) -> String {
    let (low, high) = range.split_once("..").unwrap_or((range, ""));
    match (high, high.strip_prefix('=')) {
        ("", _) => format!("{{{range}}} allows numbers that are at least {low}"),
        (_, Some(high)) => {
            format!("{{{range}}} allows numbers that are at least {low} and at most {high}")
        }
        (high, None) => {
            format!("{{{range}}} allows numbers that are at least {low} and less than {high}")
        }
    }
}
