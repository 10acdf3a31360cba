//! Whether lines and patterns can be paired at all, orders and equalities left aside: bipartite
//! matching, in which a pattern takes as many lines as it has capacity.

use std::collections::VecDeque;

use crate::fit::Table;
use crate::order::{Block, Expectation, PatternId};

/// A largest pairing.
#[derive(Debug)]
pub(crate) struct Pairing {
    /// For each line its pattern, if it got one. Of lines that compete the earlier one gets it.
    pub(crate) pattern_of: Vec<Option<PatternId>>,
    /// For each pattern how many lines it could still take.
    pub(crate) spare: Vec<usize>,
}

impl Pairing {
    /// Which of these expected lines never came, in their order, and how often each is lacking. Of
    /// equal ones it is the last.
    pub(crate) fn missing(
        &self,
        expectation: &Expectation,
        expected: std::ops::Range<usize>,
    ) -> Vec<(usize, usize)> {
        let mut spare = self.spare.clone();
        let mut missing = Vec::new();
        for line in expected.rev() {
            let spare = &mut spare[expectation.pattern_of[line]];
            let lacking = expectation.count(line).min(*spare);
            *spare -= lacking;
            if lacking > 0 {
                missing.push((line, lacking));
            }
        }
        missing.reverse();
        missing
    }

    /// The pattern of each line, where every line got one and every pattern is used up.
    fn perfect(self) -> Option<Vec<PatternId>> {
        let is_used_up = self.spare.iter().all(|&spare| spare == 0);
        self.pattern_of.into_iter().collect::<Option<_>>().filter(|_| is_used_up)
    }
}

/// A pattern for each line of the output, block by block, such that every expected line is used as
/// often as it has to come. `None` where that cannot be. The sizes of the streams fit.
pub(crate) fn of_run(expectation: &Expectation, table: &Table) -> Option<Vec<PatternId>> {
    let mut patterns = Vec::with_capacity(table.text_of.len());
    for block in &expectation.blocks {
        let lines = patterns.len()..patterns.len() + block.size;
        match block.slots.as_slice() {
            // A barrier needs no search.
            [slot] if slot.steps.len() == 1 => {
                let pattern = slot.steps[0].pattern;
                table.of_line(lines.start).iter().find(|fit| fit.pattern == pattern)?;
                patterns.push(pattern);
            }
            _ => patterns.extend(of_block(expectation, block, table, lines).perfect()?),
        }
    }
    Some(patterns)
}

/// A largest pairing of a block with the output lines in its place.
pub(crate) fn of_block(
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

/// Finds a largest pairing of the given lines with patterns of the given capacity. As many lines as
/// can be go to a pattern whose ranges they keep.
pub(crate) fn largest(
    table: &Table,
    lines: std::ops::Range<usize>,
    capacity: Vec<usize>,
) -> Pairing {
    let patterns = capacity.len();
    let mut pairer = Pairer {
        table,
        first: lines.start,
        pairing: Pairing { pattern_of: vec![None; lines.len()], spare: capacity },
        lines_of: vec![Vec::new(); patterns],
        reached_from: vec![(0, 0); patterns],
        searches: 0,
    };
    for out_of_range_too in [false, true] {
        // A text that found no path finds none later either.
        let mut hopeless = vec![false; table.fits.len()];
        for line in lines.clone() {
            let text = table.text_of[line];
            if pairer.pairing.pattern_of[line - lines.start].is_none() && !hopeless[text] {
                hopeless[text] = !pairer.pair(line, out_of_range_too);
            }
        }
    }
    pairer.pairing
}

struct Pairer<'a> {
    table: &'a Table,
    first: usize,
    pairing: Pairing,
    lines_of: Vec<Vec<usize>>,
    /// The search that reached a pattern last, and the line from which it did.
    reached_from: Vec<(usize, usize)>,
    searches: usize,
}

impl Pairer<'_> {
    /// Pairs one more line, by a shortest augmenting path, sought in breadth (Berge 1957).
    fn pair(&mut self, line: usize, out_of_range_too: bool) -> bool {
        self.searches += 1;
        let mut queue = VecDeque::from([line]);
        let mut free = None;
        'search: while let Some(from) = queue.pop_front() {
            let fits = self.table.of_line(from).iter();
            for fit in fits.filter(|fit| out_of_range_too || fit.in_range()) {
                if self.reached_from[fit.pattern].0 == self.searches {
                    continue;
                }
                self.reached_from[fit.pattern] = (self.searches, from);
                if self.pairing.spare[fit.pattern] > 0 {
                    free = Some(fit.pattern);
                    break 'search;
                }
                queue.extend(&self.lines_of[fit.pattern]);
            }
        }
        let Some(mut pattern) = free else { return false };
        self.pairing.spare[pattern] -= 1;
        loop {
            let from = self.reached_from[pattern].1;
            let before = self.pairing.pattern_of[from - self.first].replace(pattern);
            self.lines_of[pattern].push(from);
            let Some(before) = before else { return true };
            self.lines_of[before].retain(|&other| other != from);
            pattern = before;
        }
    }
}
