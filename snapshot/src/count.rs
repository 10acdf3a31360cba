//! Counts the orders of lines that a run allows.
//!
//! The blocks of a stream follow one another, and the two streams are captured separately, so the
//! numbers of their orders are multiplied. In a block, lanes that do not wait for one another
//! interleave freely, and a formula tells in how many ways. Lanes that wait are counted line by line:
//! for each state that they can be in, how many beginnings lead to it. A state consists of how far
//! each lane is, and lanes of one kind that are equally far count as one, with their number.
//!
//! Lanes that are alike are numbered in the order in which they first write a line. So the next lane
//! of a kind to begin is always the same one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use crate::budget::Budget;
use crate::expectation::{Block, Expectation, Step};
use crate::pattern::{NameId, Pattern};

/// How many orders of lines a run allows: the result of [`Run::count_orders`](crate::Run::count_orders).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderCount {
    /// So many.
    Exactly(u64),
    /// More than this; how many is not known. It is the limit that was given, or less where counting
    /// up to the limit would take too long.
    MoreThan(u64),
}

/// `15` or `more than 1000`.
impl fmt::Display for OrderCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(count) => write!(f, "{count}"),
            Self::MoreThan(count) => write!(f, "more than {count}"),
        }
    }
}

/// Counts up to `limit`.
pub(crate) fn count_orders(expectation: &Expectation, limit: u64, budget: &Budget) -> OrderCount {
    let counter = Counter { cap: u128::from(limit) + 1, budget };
    let mut names_before = HashSet::new();
    let mut total = Count { at_least: 1, is_exact: true };
    for block in &expectation.blocks {
        let kinds = kinds(expectation, block, &names_before);
        total = counter.both(total, counter.block(block, kinds));
        let names = block.lines.clone().flat_map(|line| expectation.lines[line].pattern.names());
        names_before.extend(names);
    }
    let at_least = u64::try_from(total.at_least).unwrap_or(u64::MAX);
    if total.at_least == counter.cap {
        OrderCount::MoreThan(limit)
    } else if total.is_exact {
        OrderCount::Exactly(at_least)
    } else {
        OrderCount::MoreThan(with_one_digit(at_least - 1))
    }
}

/// A number rounded down to one digit and zeros.
fn with_one_digit(number: u64) -> u64 {
    let power = number.checked_ilog10().map_or(1, |digits| 10_u64.pow(digits));
    number / power * power
}

/// The lanes of one kind in a block.
struct Kind<'e> {
    steps: &'e [Step],
    lanes: usize,
    /// The lanes have had their numbers since an earlier block.
    is_numbered: bool,
}

impl Kind<'_> {
    /// The marks that its lines carry or wait for.
    fn marks(&self) -> impl Iterator<Item = usize> {
        self.steps.iter().flat_map(|step| step.after.iter().copied().chain(step.mark))
    }

    fn waits(&self) -> bool {
        self.steps.iter().any(|step| !step.after.is_empty())
    }
}

fn kinds<'e>(
    expectation: &'e Expectation,
    block: &'e Block,
    names_before: &HashSet<NameId>,
) -> Vec<Kind<'e>> {
    let mut kinds: Vec<Kind<'e>> = Vec::new();
    for slot in &block.slots {
        if let Some(kind) = kinds.get_mut(slot.kind) {
            kind.lanes += 1;
            continue;
        }
        let lines = slot.steps.iter().map(|step| &expectation.lines[step.line].pattern);
        // The N lanes of a `*N` are those of an earlier block if a name says which is which.
        let is_numbered = lines
            .flat_map(Pattern::names)
            .any(|name| expectation.name(name).group.is_some() && names_before.contains(&name));
        kinds.push(Kind { steps: &slot.steps, lanes: 1, is_numbered });
    }
    kinds
}

/// A number of orders.
#[derive(Clone, Copy)]
struct Count {
    /// Never 0, as every snapshot allows an order.
    at_least: u128,
    is_exact: bool,
}

struct Counter<'b> {
    /// A greater number counts as this one. All numbers are multiplied and added only, so whether
    /// the result reaches it does not depend on that.
    cap: u128,
    budget: &'b Budget,
}

impl Counter<'_> {
    fn product(&self, one: u128, other: u128) -> u128 {
        one.saturating_mul(other).min(self.cap)
    }

    fn both(&self, one: Count, other: Count) -> Count {
        Count {
            at_least: self.product(one.at_least, other.at_least),
            is_exact: one.is_exact && other.is_exact,
        }
    }

    fn block(&self, block: &Block, kinds: Vec<Kind<'_>>) -> Count {
        let mut total = Count { at_least: 1, is_exact: true };
        let mut size = 0;
        for part in parts(block, kinds) {
            let count = match part.as_slice() {
                [kind] if !kind.waits() => self.alike(kind),
                part => self.waiting(part),
            };
            let lines: usize = part.iter().map(|kind| kind.lanes * kind.steps.len()).sum();
            size += lines;
            let interleaved = Count { at_least: self.choices(size, lines), is_exact: true };
            total = self.both(self.both(total, count), interleaved);
        }
        total
    }

    /// The orders of lanes of one kind that do not wait. They are added one after another: the lines
    /// of a new lane are some of all lines, and always the first one if that gives it its number.
    fn alike(&self, kind: &Kind<'_>) -> Count {
        let steps = kind.steps.len();
        let mut at_least = 1;
        for size in (1..=kind.lanes).map(|lanes| lanes * steps) {
            let choices = if kind.is_numbered {
                self.choices(size, steps)
            } else {
                self.choices(size - 1, steps - 1)
            };
            at_least = self.product(at_least, choices);
        }
        Count { at_least, is_exact: true }
    }

    /// In how many ways `some` of `all` can be chosen.
    fn choices(&self, all: usize, some: usize) -> u128 {
        let some = some.min(all - some);
        let mut choices: u128 = 1;
        for number in 1..=some {
            choices = choices * (all - some + number) as u128 / number as u128;
            if choices >= self.cap {
                return self.cap;
            }
        }
        choices
    }

    /// The orders of lanes that wait for one another.
    fn waiting(&self, kinds: &[Kind<'_>]) -> Count {
        let states = States::new(kinds);
        let size: usize = kinds.iter().map(|kind| kind.lanes * kind.steps.len()).sum();
        let mut beginnings = BTreeMap::from([(states.first(), 1)]);
        let mut at_least = 1;
        for _ in 0..size {
            let mut longer: BTreeMap<State, u128> = BTreeMap::new();
            // Every beginning can be completed, so there are at least as many orders.
            let mut total = 0;
            for (state, &count) in &beginnings {
                for (next, lanes) in states.after(state) {
                    let ways = self.product(count, lanes as u128);
                    total = (total + ways).min(self.cap);
                    if self.budget.spend(10 + next.len() / 2).is_err() || total == self.cap {
                        return Count { at_least: total.max(at_least), is_exact: false };
                    }
                    let known = longer.entry(next).or_default();
                    *known = (*known + ways).min(self.cap);
                }
            }
            at_least = total;
            beginnings = longer;
        }
        Count { at_least, is_exact: true }
    }
}

/// The kinds of a block, those together that wait for one another.
fn parts<'e>(block: &Block, kinds: Vec<Kind<'e>>) -> Vec<Vec<Kind<'e>>> {
    let mut is_awaited = vec![false; block.marks.len()];
    for mark in kinds.iter().flat_map(|kind| kind.steps).flat_map(|step| &step.after) {
        is_awaited[*mark] = true;
    }
    // Kinds with a mark in common are linked; each link leads to an earlier kind of the same part.
    let mut links: Vec<usize> = (0..kinds.len()).collect();
    let mut kind_of_mark = vec![None; block.marks.len()];
    for (index, kind) in kinds.iter().enumerate() {
        for mark in kind.marks().filter(|&mark| is_awaited[mark]) {
            let other = first_of_part(&mut links, *kind_of_mark[mark].get_or_insert(index));
            let first = first_of_part(&mut links, index);
            links[first.max(other)] = first.min(other);
        }
    }
    let mut parts: BTreeMap<usize, Vec<Kind<'e>>> = BTreeMap::new();
    for (index, kind) in kinds.into_iter().enumerate() {
        parts.entry(first_of_part(&mut links, index)).or_default().push(kind);
    }
    parts.into_values().collect()
}

fn first_of_part(links: &mut [usize], mut index: usize) -> usize {
    while links[index] != index {
        links[index] = links[links[index]];
        index = links[index];
    }
    index
}

/// How many steps each lane has done: the lanes of a kind together, in ascending order.
type State = Box<[u32]>;

/// The states of lanes that wait for one another.
struct States<'k, 'e> {
    kinds: &'k [Kind<'e>],
    /// The place of each kind in a state.
    places: Vec<Range<usize>>,
    /// For each mark what must be done before a line that waits for it can come: for a kind, by its
    /// first place, so many steps in each of its lanes.
    needs: HashMap<usize, Vec<(usize, u32)>>,
}

impl<'k, 'e> States<'k, 'e> {
    fn new(kinds: &'k [Kind<'e>]) -> Self {
        let mut places = Vec::new();
        let mut needs: HashMap<usize, Vec<(usize, u32)>> = HashMap::new();
        let mut end = 0;
        for kind in kinds {
            let start = end;
            end += kind.lanes;
            places.push(start..end);
            for (step, done) in kind.steps.iter().zip(1..) {
                if let Some(mark) = step.mark {
                    needs.entry(mark).or_default().push((start, done));
                }
            }
        }
        Self { kinds, places, needs }
    }

    fn first(&self) -> State {
        vec![0; self.places.last().map_or(0, |last| last.end)].into()
    }

    /// The states after one more line, each with the number of lanes that can have written it.
    fn after(&self, state: &State) -> Vec<(State, usize)> {
        let mut next = Vec::new();
        for (kind, places) in self.kinds.iter().zip(&self.places) {
            let mut end = places.start;
            for lanes in state[places.clone()].chunk_by(|one, other| one == other) {
                end += lanes.len();
                let Some(step) = kind.steps.get(lanes[0] as usize) else { continue };
                let needs = step.after.iter().filter_map(|mark| self.needs.get(mark)).flatten();
                if needs.into_iter().any(|&(place, done)| state[place] < done) {
                    continue;
                }
                let mut state = state.clone();
                // The last of equal numbers, so that the order stays.
                state[end - 1] += 1;
                let gets_number = lanes[0] == 0 && !kind.is_numbered;
                next.push((state, if gets_number { 1 } else { lanes.len() }));
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Snapshot;

    fn count(snapshot: &str, limit: u64, budget: usize) -> String {
        let snapshot = Snapshot::parse(&format!("$ p\n{snapshot}")).expect("no errors");
        count_orders(&snapshot.runs[0].expectation, limit, &Budget::new(budget)).to_string()
    }

    /// A bound that is known when the work is used up is less than the number of orders.
    #[test]
    fn a_small_budget_gives_a_bound() {
        let snapshot = "w*3@m| a\nw*3| b\nv*3<m| c\nx| d\nx| e\n";
        let exact: u64 = count(snapshot, u64::MAX, 1_000_000).parse().expect("a number");
        let mut bounds = 0;
        for budget in 0..2_000 {
            let text = count(snapshot, u64::MAX, budget);
            match text.strip_prefix("more than ") {
                Some(bound) => {
                    assert!(bound.parse::<u64>().expect("a number") < exact, "{budget}: {text}");
                    bounds += 1;
                }
                None => assert_eq!(text, exact.to_string()),
            }
        }
        assert!(bounds > 100, "{bounds}");
    }

    #[test]
    fn a_bound_has_one_digit() {
        for (number, expected) in [(0, 0), (7, 7), (10, 10), (1_999, 1_000), (987, 900)] {
            assert_eq!(with_one_digit(number), expected);
        }
    }
}
