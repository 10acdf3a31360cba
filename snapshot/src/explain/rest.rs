//! What remains of an output and of the snapshot without the lines that are unexpected and those
//! that never came. Whatever is wrong with the rest is worth knowing too.

use std::collections::HashMap;

use super::context::Context;
use super::joined::Joined;
use crate::expectation::{Block, Expectation, Slot, Step};

/// The lines of an output that have their place, and the expected lines that came.
pub(super) struct Rest<'a> {
    expectation: Expectation,
    lines: Vec<&'a str>,
    /// The line of the stream in which each of them stands, from 1.
    numbers: Vec<usize>,
    stdout_size: usize,
}

impl<'a> Rest<'a> {
    /// What remains without these output lines and without so many of these expected lines. Joined
    /// lines are taken apart.
    pub(super) fn new(
        context: &Context<'a>,
        unexpected: &[usize],
        joined: &[Joined],
        missing: &[(usize, usize)],
    ) -> Self {
        let joined_at: HashMap<usize, &Joined> =
            joined.iter().map(|line| (line.at, line)).collect();
        let mut is_unexpected = vec![false; context.lines.len()];
        for &at in unexpected.iter().chain(joined.iter().flat_map(|line| &line.newlines)) {
            is_unexpected[at] = true;
        }
        let (mut lines, mut numbers, mut stdout_size) = (Vec::new(), Vec::new(), 0);
        for (at, line) in context.lines.iter().enumerate() {
            match joined_at.get(&at) {
                Some(joined) => {
                    lines.extend(joined.parts.iter().map(|(_, range)| &line[range.clone()]));
                }
                None if is_unexpected[at] => {}
                None => lines.push(line),
            }
            numbers.resize(lines.len(), context.stream_of(at).1);
            if at < context.stdout_size {
                stdout_size = lines.len();
            }
        }
        let expectation = without(context.expectation, missing);
        Self { expectation, lines, numbers, stdout_size }
    }

    pub(super) fn context<'r>(&'r self, context: &Context<'r>) -> Context<'r> {
        Context {
            expectation: &self.expectation,
            lines: &self.lines,
            numbers: &self.numbers,
            stdout_size: self.stdout_size,
            budget: context.budget,
        }
    }
}

/// What is expected without so many of some lines. Of a `*N` it is the last lanes that do without.
fn without(expectation: &Expectation, missing: &[(usize, usize)]) -> Expectation {
    let mut rest = expectation.clone();
    for &(line, count) in missing {
        rest.absent[line] += count;
    }
    let absent = &rest.absent;
    for block in &mut rest.blocks {
        if block.lines.clone().any(|line| absent[line] > 0) {
            *block = block_without(expectation, block, absent);
        }
    }
    rest
}

fn block_without(expectation: &Expectation, block: &Block, absent: &[usize]) -> Block {
    let mut size = 0;
    let mut marks = vec![0; block.marks.len()];
    let mut kinds: HashMap<(usize, Vec<usize>), usize> = HashMap::new();
    let mut slots = Vec::new();
    for slot in &block.slots {
        let number = slot.member.map_or(0, |(_, number)| number);
        let came = |step: &&Step| number + absent[step.line] < expectation.count(step.line);
        let steps: Vec<Step> = slot.steps.iter().filter(came).cloned().collect();
        size += steps.len();
        for mark in steps.iter().filter_map(|step| step.mark) {
            marks[mark] += 1;
        }
        if steps.is_empty() {
            continue;
        }
        // Lanes of one kind stay alike if the same of their lines are left.
        let left = (0..slot.steps.len()).filter(|&step| came(&&slot.steps[step])).collect();
        let next = kinds.len();
        let kind = *kinds.entry((slot.kind, left)).or_insert(next);
        slots.push(Slot { steps: steps.into(), kind, member: slot.member });
    }
    Block { lines: block.lines.clone(), size, slots, marks }
}
