//! Whether the lines of an output can be paired with patterns at all, if orders and equal values
//! did not matter: bipartite matching, in which a pattern takes as many lines as it has to.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{Expectation, PatternId};
use crate::fit::{Rules, Table, TooMuch};

/// A pattern for each line of the output, block by block, such that every expected line is used as
/// often as it must come. `None` where that is impossible. The sizes of the streams must be those
/// that are expected.
///
/// # Errors
/// It takes too long.
pub(crate) fn of_run(
    expectation: &Expectation,
    table: &Table<'_>,
    rules: Rules,
    budget: &Budget,
) -> Result<Option<Vec<PatternId>>, TooMuch> {
    let mut pairer = Pairer::new(expectation, table, rules, budget);
    let mut patterns = Vec::with_capacity(table.len());
    for block in &expectation.blocks {
        let lines = patterns.len()..patterns.len() + block.size;
        let paired = pairer.pair(lines, block.lines.clone());
        let paired =
            paired.map_err(|OutOfBudget| TooMuch::lanes(expectation, block.first_lines()))?;
        match paired.into_iter().collect::<Option<Vec<_>>>() {
            Some(paired) => patterns.extend(paired),
            None => return Ok(None),
        }
    }
    Ok(Some(patterns))
}

/// Pairs lines with patterns.
pub(crate) struct Pairer<'a> {
    expectation: &'a Expectation,
    table: &'a Table<'a>,
    rules: Rules,
    budget: &'a Budget,
    /// The expected lines of the last pairing.
    expected: Range<usize>,
    /// For each pattern how many lines it can still take.
    spare: Vec<usize>,
    /// For each pattern the lines that it has.
    lines_of: Vec<Vec<usize>>,
    /// For each pattern the number of the search that reached it last, and from which line.
    reached_from: Vec<(usize, usize)>,
    searches: usize,
}

impl<'a> Pairer<'a> {
    pub(crate) fn new(
        expectation: &'a Expectation,
        table: &'a Table<'a>,
        rules: Rules,
        budget: &'a Budget,
    ) -> Self {
        let patterns = expectation.patterns.len();
        Self {
            expectation,
            table,
            rules,
            budget,
            expected: 0..0,
            spare: vec![0; patterns],
            lines_of: vec![Vec::new(); patterns],
            reached_from: vec![(0, 0); patterns],
            searches: 0,
        }
    }

    /// A largest pairing of output lines with the patterns of expected lines: for each output line
    /// its pattern, if it has one. Where lines compete, the earlier one has it. As many lines as
    /// possible have a pattern whose ranges they respect.
    ///
    /// # Errors
    /// The budget is used up.
    pub(crate) fn pair(
        &mut self,
        lines: Range<usize>,
        expected: Range<usize>,
    ) -> Result<Vec<Option<PatternId>>, OutOfBudget> {
        for line in std::mem::replace(&mut self.expected, expected.clone()) {
            self.spare[self.expectation.pattern_of[line]] = 0;
            self.lines_of[self.expectation.pattern_of[line]].clear();
        }
        for line in expected {
            self.spare[self.expectation.pattern_of[line]] += self.expectation.count(line);
        }
        let mut paired = vec![None; lines.len()];
        for only_in_range in [true, false] {
            // A text that cannot be paired now cannot be paired later either.
            let mut hopeless = HashSet::new();
            for line in lines.clone() {
                let text = self.table.text_id(line);
                if paired[line - lines.start].is_none()
                    && !hopeless.contains(&text)
                    && !self.pair_line(line, lines.start, only_in_range, &mut paired)?
                {
                    hopeless.insert(text);
                }
            }
        }
        Ok(paired)
    }

    /// The expected lines that have not come according to the last [`Pairer::pair`], in their
    /// order, and how often each of them is missing. Of equal ones it is the last.
    pub(crate) fn missing(&self) -> Vec<(usize, usize)> {
        let mut given: HashMap<PatternId, usize> = HashMap::new();
        let mut missing = Vec::new();
        for line in self.expected.clone().rev() {
            let pattern = self.expectation.pattern_of[line];
            let given = given.entry(pattern).or_default();
            let count = self.expectation.count(line).min(self.spare[pattern] - *given);
            *given += count;
            if count > 0 {
                missing.push((line, count));
            }
        }
        missing.reverse();
        missing
    }

    /// Pairs one more line, by a shortest augmenting path, found breadth first (Berge 1957).
    /// `false` if there is none.
    fn pair_line(
        &mut self,
        line: usize,
        first: usize,
        only_in_range: bool,
        paired: &mut [Option<PatternId>],
    ) -> Result<bool, OutOfBudget> {
        self.searches += 1;
        let mut queue = VecDeque::from([line]);
        let mut free = None;
        'search: while let Some(from) = queue.pop_front() {
            let fits = self.table.of_line(from);
            self.budget.spend(1 + fits.len() / 16)?;
            for fit in fits {
                if self.reached_from[fit.pattern].0 == self.searches
                    || only_in_range && !fit.is_in_range()
                    || !fit.is_allowed(self.rules)
                {
                    continue;
                }
                self.reached_from[fit.pattern] = (self.searches, from);
                if self.spare[fit.pattern] > 0 {
                    free = Some(fit.pattern);
                    break 'search;
                }
                queue.extend(&self.lines_of[fit.pattern]);
            }
        }
        let Some(mut pattern) = free else { return Ok(false) };
        self.spare[pattern] -= 1;
        loop {
            let from = self.reached_from[pattern].1;
            let before = paired[from - first].replace(pattern);
            self.lines_of[pattern].push(from);
            let Some(before) = before else { return Ok(true) };
            self.budget.spend(self.lines_of[before].len() / 16)?;
            self.lines_of[before].retain(|&other| other != from);
            pattern = before;
        }
    }
}
