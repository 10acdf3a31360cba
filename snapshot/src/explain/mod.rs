//! Says why an output is not legal, in the order in which a person wants to know it.
//!
//! Each question is the pairing or the search under rules that leave out what is asked later. First
//! which lines cannot be paired, whatever their numbers are. The other questions are asked of the
//! lines that can be paired: which numbers are out of range, if the lines cannot be paired because of
//! them alone. Then whether an order exists, if names and ranges did not matter; then whether names
//! can have one value each, and if they cannot, whether they can in another order; then which numbers
//! are out of range. Of these the first question with a negative answer tells what else is wrong.
//! Where the budget does not suffice for a question, the explanation is what has been proven before.

mod context;
mod joined;
mod lines;
mod order;
mod rest;
mod similar;
mod values;

use crate::budget::Budget;
use crate::expectation::{Expectation, PatternId};
use crate::explanation::{Explanation, Fault, FaultKind, SHOWN_FAULTS};
use crate::fit::{NameRule, Rules, Table, TooMuch};
use crate::output::{Stream, StreamLines, joined};
use crate::pairing;
use crate::search::{Place, SearchResult, search};
use crate::value::RangeRule;
use context::Context;

/// What proves that an output is not legal.
#[derive(Debug)]
pub(crate) enum Proof {
    /// A stream has more lines or fewer than are expected.
    Sizes,
    /// The lines cannot be paired with the expected lines.
    NoPairing,
    /// There is no order that includes the line at this index and all lines before it.
    NoOrder { at: usize },
}

/// Explains an output that has lines which are not UTF-8. `None` if it has none.
pub(crate) fn not_utf8(streams: &[StreamLines<'_>; 2]) -> Option<Explanation> {
    let mut faults = Vec::new();
    for (stream, name) in streams.iter().zip(Stream::BOTH) {
        faults.extend(stream.not_utf8.iter().map(|&index| Fault {
            kind: FaultKind::NotUtf8,
            stream: name,
            output_line: Some(index + 1),
            snapshot_line: None,
            message: format!("line {} of {name} is not UTF-8", index + 1),
            why: String::new(),
        }));
    }
    (!faults.is_empty()).then(|| Explanation::new(faults, false, streams))
}

/// Explains an output that is proven not to be legal.
pub(crate) fn explain(
    expectation: &Expectation,
    streams: &[StreamLines<'_>; 2],
    proof: &Proof,
    budget: &Budget,
) -> Explanation {
    let lines = joined(streams);
    let stdout_size = streams[0].lines.len();
    let numbers: Vec<usize> = (1..=stdout_size).chain(1..=lines.len() - stdout_size).collect();
    let context = Context { expectation, lines: &lines, numbers: &numbers, stdout_size, budget };
    let (mut faults, only_slow) = faults(&context, proof).unwrap_or_default();
    if faults.is_empty() {
        faults = proven(&context, proof);
    }
    if expectation.sizes()[1] == 0 {
        // What a program writes to standard error although it should not is usually the cause.
        faults.sort_by_key(|fault| fault.stream == Stream::Stdout);
    }
    Explanation::new(faults, only_slow, streams)
}

/// Neither numbers nor names matter.
const SHAPES: Rules = Rules { ranges: RangeRule::AnyNumber, names: NameRule::None };
/// Names do not matter.
const IN_RANGE: Rules = Rules { ranges: RangeRule::Exact, ..SHAPES };
/// Numbers do not matter.
const EQUAL: Rules = Rules { names: NameRule::All, ..SHAPES };
/// Upper bounds of times do not matter.
const SLOW: Rules = Rules { ranges: RangeRule::SlowAllowed, ..EQUAL };

/// What is wrong, and whether the program was only slow. No faults where the answer takes too long.
fn faults(context: &Context<'_>, proof: &Proof) -> Result<(Vec<Fault>, bool), TooMuch> {
    let Context { expectation, lines, budget, .. } = *context;
    if matches!(proof, Proof::NoOrder { .. }) {
        // All lines are paired, with their values in range.
        let table = Table::lenient_by_block(expectation, lines, budget)?;
        return order_or_values(context, &table);
    }
    let mut table = budget.half(|half| Table::lenient(expectation, lines, half))?;
    let unpaired = lines::unpaired(context, &mut table)?;
    if unpaired.faults.is_empty() {
        return of_paired_lines(context, &table);
    }
    drop(table);
    let more = of_rest(&unpaired.rest.context(context)).unwrap_or_default();
    Ok((in_order(unpaired.faults, more), false))
}

/// What is wrong with the lines that can be paired, if it is proven that something is.
fn of_rest(context: &Context<'_>) -> Result<Vec<Fault>, TooMuch> {
    let Context { expectation, lines, budget, .. } = *context;
    let table = budget.half(|half| Table::lenient(expectation, lines, half))?;
    if let Some(paired) = pairing::of_run(expectation, &table, Rules::STRICT, budget)? {
        let search = |half: &Budget| search(expectation, &table, Rules::STRICT, &paired, 0, half);
        if !matches!(budget.half(search), SearchResult::NoOrder { .. }) {
            return Ok(Vec::new());
        }
    }
    Ok(of_paired_lines(context, &table)?.0)
}

/// Two lists of faults, the one whose first fault comes first in the output before the other.
fn in_order(mut faults: Vec<Fault>, mut more: Vec<Fault>) -> Vec<Fault> {
    let place = |faults: &[Fault]| {
        let first = faults.iter().find(|fault| fault.output_line.is_some());
        first.map(|fault| (fault.stream == Stream::Stderr, fault.output_line))
    };
    if place(&more).is_some_and(|more| place(&faults).is_some_and(|first| more < first)) {
        std::mem::swap(&mut faults, &mut more);
    }
    faults.extend(more);
    faults
}

/// What is wrong where each line has its pattern, so that the sizes are right, and whether the
/// program was only slow. The questions are asked block by block.
fn of_paired_lines(
    context: &Context<'_>,
    table: &Table<'_>,
) -> Result<(Vec<Fault>, bool), TooMuch> {
    let Context { expectation, budget, .. } = *context;
    let Some(paired) = pairing::of_run(expectation, table, SHAPES, budget)? else {
        let order = search(expectation, table, SHAPES, &[], usize::MAX, budget);
        return Ok((order_fault(context, table, order), false));
    };
    if pairing::of_run(expectation, table, IN_RANGE, budget)?.is_none() {
        let faults = match places(context, table, EQUAL) {
            Some(places) => values::out_of_range(context, &places),
            None => {
                let mut faults = values::out_of_range_as_paired(context, table, &paired);
                faults.extend(order_or_values(context, table).unwrap_or_default().0);
                faults
            }
        };
        return Ok((faults, places(context, table, SLOW).is_some()));
    }
    order_or_values(context, table)
}

/// What is wrong where each line can be paired with its numbers in range.
fn order_or_values(
    context: &Context<'_>,
    table: &Table<'_>,
) -> Result<(Vec<Fault>, bool), TooMuch> {
    let paired = pairing::of_run(context.expectation, table, SHAPES, context.budget)?;
    let any_names = match with_fewest_faults(context, table, SHAPES, &paired.unwrap_or_default()) {
        SearchResult::Order(places) => places,
        other => return Ok((order_fault(context, table, other), false)),
    };
    // Without numbers out of range this is the search that has already failed.
    if table.has_out_of_range()
        && let Some(equal) = places(context, table, EQUAL)
    {
        let slow = places(context, table, SLOW);
        let only_slow = slow.is_some();
        return Ok((values::out_of_range(context, &slow.unwrap_or(equal)), only_slow));
    }
    Ok((unequal(context, table, &any_names), false))
}

/// What is wrong where lines have an order only if names may have several values.
fn unequal(context: &Context<'_>, table: &Table<'_>, any_names: &[Place<'_>]) -> Vec<Fault> {
    let in_any_order = order::in_any_order(context.expectation);
    let relaxed = Context { expectation: &in_any_order, ..*context };
    let equal = places(&relaxed, table, EQUAL).unwrap_or_default();
    let mut swapped = order::swapped_in_named_lane(context, &equal);
    swapped.extend(order::swapped_in_lane(context, table, any_names));
    if !swapped.is_empty() {
        return swapped;
    }
    let (unequal, names) = values::unequal(context, table, any_names);
    let single = names.into_iter().map(NameRule::AllBut).chain([NameRule::SameIdentityAllowed]);
    for names in single.take(SHOWN_FAULTS) {
        if let Some(places) = places(context, table, Rules { names, ..SHAPES }) {
            let (faults, _) = values::unequal(context, table, &places);
            if !faults.is_empty() {
                return faults;
            }
        }
    }
    unequal
}

/// The fault that a search without a result shows; none if it gave up.
fn order_fault(context: &Context<'_>, table: &Table<'_>, result: SearchResult<'_>) -> Vec<Fault> {
    match result {
        SearchResult::NoOrder { furthest, .. } => vec![order::fault(context, table, &furthest)],
        SearchResult::Order(_) | SearchResult::GaveUp(_) => Vec::new(),
    }
}

/// The places of all lines under some rules, if the budget suffices to find them.
fn places<'a>(context: &Context<'a>, table: &'a Table<'a>, rules: Rules) -> Option<Vec<Place<'a>>> {
    let pair = |half: &Budget| pairing::of_run(context.expectation, table, rules, half);
    let paired = context.budget.half(pair).ok()??;
    match with_fewest_faults(context, table, rules, &paired) {
        SearchResult::Order(places) => Some(places),
        SearchResult::NoOrder { .. } | SearchResult::GaveUp(_) => None,
    }
}

/// Searches an order that makes as little use of the lenient rules as possible: what is wrong then
/// is what a person would name.
fn with_fewest_faults<'a>(
    context: &Context<'a>,
    table: &'a Table<'a>,
    rules: Rules,
    paired: &[PatternId],
) -> SearchResult<'a> {
    let search = |max_faults: usize| {
        let expectation = context.expectation;
        context.budget.half(|half| search(expectation, table, rules, paired, max_faults, half))
    };
    for max_faults in [1, 2, 4, 8] {
        match search(max_faults) {
            SearchResult::NoOrder { more_faults_may_help: true, .. } => {}
            SearchResult::GaveUp(_) => break,
            result => return result,
        }
    }
    search(usize::MAX)
}

/// The faults that the proof shows by itself.
fn proven(context: &Context<'_>, proof: &Proof) -> Vec<Fault> {
    match *proof {
        Proof::Sizes => lines::sizes(context),
        Proof::NoPairing => {
            let message = "the lines of the output cannot be assigned to the lines of the snapshot";
            vec![context.fault_of_run(FaultKind::Order, Stream::Stdout, message)]
        }
        Proof::NoOrder { at } => vec![order::no_order(context, at)],
    }
}
