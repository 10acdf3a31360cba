//! Values that are not equal, threads that are the same, and numbers out of range.

use std::collections::{BTreeMap, HashMap};

use super::context::Context;
use crate::explanation::{Fault, FaultKind};
use crate::fit::{Table, Value};
use crate::output::printable;
use crate::pattern::NameId;
use crate::search::Place;

/// A value of a name: the output line, the expected line, and the value.
type Use = (usize, usize, Value);

/// Names that have two values, and thread names that have the same value.
pub(super) fn unequal(
    context: &Context<'_>,
    table: &Table<'_>,
    places: &[Place<'_>],
) -> Vec<Fault> {
    let mut uses: BTreeMap<(NameId, usize), Vec<Use>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        for &(name, value) in &place.reading.names {
            let is_of_lane = context.expectation.name(name).group.is_some();
            let holder = if is_of_lane { place.member } else { 0 };
            uses.entry((name, holder)).or_default().push((at, place.line, value));
        }
    }
    let mut faults = Vec::new();
    for (&(name, _), uses) in &uses {
        let first = uses[0];
        for &other in uses.iter().filter(|(.., value)| *value != first.2) {
            faults.push(two_values(context, table, name, first, other));
        }
    }
    let mut thread_of: HashMap<Value, (NameId, usize)> = HashMap::new();
    for (&(name, _), uses) in &uses {
        if context.expectation.name(name).is_thread {
            let (at, line, value) = uses[0];
            let (other, first) = *thread_of.entry(value).or_insert((name, at));
            if first != at || other != name {
                let thread = printable(table.text(value));
                faults.push(same_thread(context, &thread, (other, first), (name, at), line));
            }
        }
    }
    faults
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

fn same_thread(
    context: &Context<'_>,
    thread: &str,
    (other, first_at): (NameId, usize),
    (name, at): (NameId, usize),
    line: usize,
) -> Fault {
    let first = context.position(first_at);
    let text = |name: NameId| &context.expectation.name(name).text;
    let message = if name == other {
        let name = text(name);
        format!("{{{name}}} is \"{thread}\" in two lanes (see {first}), but must differ")
    } else {
        let (other, name) = (text(other), text(name));
        format!("{{{other}}} and {{{name}}} are both \"{thread}\" (see {first}), but must differ")
    };
    let why = "each name of type `thread` stands for a different thread";
    context.fault(FaultKind::Equality, at, Some(line), &message, why)
}

/// Numbers out of range.
pub(super) fn out_of_range(context: &Context<'_>, places: &[Place<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, place) in places.iter().enumerate().filter(|(_, it)| !it.reading.is_in_range()) {
        let line = place.line;
        let pattern = &context.expectation.lines[line].pattern;
        for (number, range) in pattern.out_of_range(context.lines[at], context.budget) {
            let message =
                format!("{number} is not in {range}, as {} requires", context.expected(line));
            let why = range_rule(range);
            faults.push(context.fault(FaultKind::Range, at, Some(line), &message, why));
        }
    }
    faults
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
