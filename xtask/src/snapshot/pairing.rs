//! Whether lines and patterns can be paired at all, orders and equalities left aside: bipartite
//! matching, in which a pattern takes as many lines as it has capacity.

use std::collections::VecDeque;

use super::fit::Table;
use super::order::{Block, Expectation, PatternId};

/// A largest pairing.
#[derive(Debug)]
pub(super) struct Pairing {
    /// For each line its pattern, if it got one. Of lines that compete the earlier one gets it.
    pub(super) pattern_of: Vec<Option<PatternId>>,
    /// For each pattern how many lines it could still take.
    pub(super) spare: Vec<usize>,
}

impl Pairing {
    pub(super) fn is_perfect(&self) -> bool {
        self.pattern_of.iter().all(Option::is_some) && self.spare.iter().all(|&spare| spare == 0)
    }
}

/// Whether the output can be paired with the expected lines, block by block. The sizes of the
/// streams fit.
pub(super) fn is_possible(expectation: &Expectation, table: &Table) -> bool {
    let mut from = 0;
    expectation.blocks.iter().all(|block| {
        let to = from + block.size;
        let lines = std::mem::replace(&mut from, to)..to;
        match block.slots.as_slice() {
            // A barrier needs no search.
            [slot] if slot.steps.len() == 1 => {
                table.of_line(lines.start).iter().any(|fit| fit.pattern == slot.steps[0].pattern)
            }
            _ => of_block(expectation, block, table, lines).is_perfect(),
        }
    })
}

/// A largest pairing of a block with the output lines in its place.
pub(super) fn of_block(
    expectation: &Expectation,
    block: &Block,
    table: &Table,
    lines: std::ops::Range<usize>,
) -> Pairing {
    let mut capacity = vec![0; expectation.patterns.len()];
    for step in block.slots.iter().flat_map(|slot| slot.steps.iter()) {
        capacity[step.pattern] += 1;
    }
    largest(table, lines, capacity)
}

/// Finds a largest pairing of the given lines with patterns of the given capacity: from each line
/// on, a shortest augmenting path is sought in breadth (Berge 1957).
pub(super) fn largest(
    table: &Table,
    lines: std::ops::Range<usize>,
    capacity: Vec<usize>,
) -> Pairing {
    let first = lines.start;
    let mut pairing = Pairing { pattern_of: vec![None; lines.len()], spare: capacity };
    let mut lines_of: Vec<Vec<usize>> = vec![Vec::new(); pairing.spare.len()];
    // A text that found no path finds none later either.
    let mut hopeless = vec![false; table.fits.len()];
    // The line from which the search reached a pattern, by the number of the search.
    let mut reached_from: Vec<(usize, usize)> = vec![(usize::MAX, 0); pairing.spare.len()];
    for line in lines {
        if hopeless[table.text_of[line]] {
            continue;
        }
        let mut queue = VecDeque::from([line]);
        let mut free = None;
        'search: while let Some(from) = queue.pop_front() {
            for fit in table.of_line(from) {
                if reached_from[fit.pattern].0 == line {
                    continue;
                }
                reached_from[fit.pattern] = (line, from);
                if pairing.spare[fit.pattern] > 0 {
                    free = Some(fit.pattern);
                    break 'search;
                }
                queue.extend(&lines_of[fit.pattern]);
            }
        }
        let Some(mut pattern) = free else {
            hopeless[table.text_of[line]] = true;
            continue;
        };
        pairing.spare[pattern] -= 1;
        loop {
            let from = reached_from[pattern].1;
            let before = pairing.pattern_of[from - first].replace(pattern);
            lines_of[pattern].push(from);
            let Some(before) = before else { break };
            lines_of[before].retain(|&other| other != from);
            pattern = before;
        }
    }
    pairing
}
