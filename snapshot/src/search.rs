//! Finds an order in which the lanes can have written an output, or proves that there is none.
//!
//! A depth-first search, line by line: which lanes can have written this line, given how far each
//! lane has come and which values its names have? Three things keep the search small. Lanes of one
//! kind that have come equally far count as one. A state from which every way has failed is
//! remembered and not entered again. And a state consists only of what can still matter: how far
//! each lane is, and the values of names that appear again.
//!
//! Where each line tells its lane, the time is linear in the number of lines. Where only the values
//! of names tell the lanes of a `*N`, it is that times N. Lanes that are alike multiply the states,
//! in the worst case exponentially; the budget bounds the search, which then has no result.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::binding::{Bindings, Bound};
use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{Expectation, PatternId, Slot, Step};
use crate::fit::{Fit, Reading, Rules, Table, TooMuch};
use crate::pattern::NameId;

/// Of a long lane, only so many steps ahead are considered to choose what to try first.
const LOOKAHEAD: usize = 32;

/// What a search found.
#[derive(Debug)]
pub(crate) enum SearchResult<'a> {
    /// For each output line its place in the snapshot.
    Order(Vec<Place<'a>>),
    /// No order is legal.
    NoOrder {
        /// The longest beginning of the output that can be placed: the expected line of each of its
        /// lines.
        furthest: Vec<usize>,
        /// More faults might make an order possible.
        more_faults_may_help: bool,
    },
    /// The budget is used up.
    GaveUp(TooMuch),
}

/// The place of an output line in the snapshot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Index in [`Expectation::lines`].
    pub(crate) line: usize,
    /// Which of the N lanes of a `*N`; 0 elsewhere.
    pub(crate) member: usize,
    /// How the line is read.
    pub(crate) reading: &'a Reading,
}

/// Searches the order of an output that has as many lines as are expected. Each time that the order
/// makes use of a lenient rule is a fault, and `max_faults` of them are allowed. `paired` is a
/// pairing of the lines, which decides what to try first among equal ways.
pub(crate) fn search<'a>(
    expectation: &'a Expectation,
    table: &'a Table<'a>,
    rules: Rules,
    paired: &[PatternId],
    max_faults: usize,
    budget: &Budget,
) -> SearchResult<'a> {
    Search::new(expectation, table, rules, paired, max_faults, budget).run()
}

struct Search<'a, 'b> {
    expectation: &'a Expectation,
    table: &'a Table<'a>,
    rules: Rules,
    paired: &'b [PatternId],
    budget: &'b Budget,
    /// For each output line its block.
    block_of: Vec<usize>,
    /// For each block that was begun, and each pattern, the slots whose next step has it.
    next: Vec<HashMap<PatternId, Alike>>,
    /// For each block and slot the number of steps done.
    progress: Vec<Vec<usize>>,
    /// For each block and mark the number of lines that carry it and have come.
    marked: Vec<Vec<usize>>,
    names: Bindings<'a>,
    faults_left: usize,
    /// A move was left out because it has too many faults.
    is_limited: bool,
    /// States from which every way has failed.
    dead: HashSet<Box<[u32]>>,
    /// For each pattern the output lines that it matches. Only needed where there is a choice.
    lines_of: OnceCell<Vec<Vec<(usize, &'a Fit)>>>,
}

/// Slots by what they are like. Two slots that are alike lead to the same, so one is enough.
type Alike = BTreeMap<Likeness, BTreeSet<usize>>;

/// The kind of a slot, how many of its steps are done, and the values of its own names, as far as
/// they are still to come. Within a block, only a move of that slot changes it.
type Likeness = (usize, usize, Vec<u32>);

/// One way to continue from a state.
#[derive(Debug, Clone, Copy)]
struct Move<'a> {
    slot: usize,
    pattern: PatternId,
    reading: &'a Reading,
    faults: usize,
}

/// A state of the search, and the ways that are still to be tried.
struct Frame<'a> {
    /// Tried from the end.
    moves: Vec<Move<'a>>,
    /// The current move, and the names that it has bound.
    taken: Option<(Move<'a>, Bound)>,
    /// What to remember if every way fails; absent where there is only one.
    state: Option<Box<[u32]>>,
}

impl<'a> Frame<'a> {
    fn taken(&self) -> Option<Move<'a>> {
        self.taken.as_ref().map(|(taken, _)| *taken)
    }
}

/// The slots of the longest way so far. Only what has changed since is copied to a new one.
#[derive(Default)]
struct Trail {
    slots: Vec<usize>,
    /// So many of the first moves have not been undone since.
    unchanged: usize,
}

impl Trail {
    fn update(&mut self, stack: &[Frame<'_>]) {
        self.slots.truncate(self.unchanged);
        let new = stack[self.slots.len()..].iter().filter_map(Frame::taken);
        self.slots.extend(new.map(|taken| taken.slot));
        self.unchanged = self.slots.len();
    }
}

impl<'a, 'b> Search<'a, 'b> {
    fn new(
        expectation: &'a Expectation,
        table: &'a Table<'a>,
        rules: Rules,
        paired: &'b [PatternId],
        max_faults: usize,
        budget: &'b Budget,
    ) -> Self {
        let block_of = expectation.blocks.iter().enumerate();
        let block_of = block_of.flat_map(|(index, block)| vec![index; block.size]).collect();
        Self {
            expectation,
            table,
            rules,
            paired,
            budget,
            block_of,
            next: vec![HashMap::new(); expectation.blocks.len()],
            progress: expectation.blocks.iter().map(|block| vec![0; block.slots.len()]).collect(),
            marked: expectation.blocks.iter().map(|block| vec![0; block.marks.len()]).collect(),
            names: Bindings::new(expectation),
            faults_left: max_faults,
            is_limited: false,
            dead: HashSet::new(),
            lines_of: OnceCell::new(),
        }
    }

    fn run(mut self) -> SearchResult<'a> {
        let mut stack: Vec<Frame<'a>> = Vec::new();
        let mut furthest = Trail::default();
        let mut is_exhausted = false;
        loop {
            if stack.len() == self.block_of.len() {
                return SearchResult::Order(self.places(&stack));
            }
            match self.frame(stack.len()) {
                Ok(frame) if !is_exhausted => {
                    let is_dead_end = frame.moves.is_empty() && frame.state.is_none();
                    if is_dead_end && stack.len() > furthest.slots.len() {
                        furthest.update(&stack);
                    }
                    stack.push(frame);
                }
                _ => {
                    return SearchResult::GaveUp(TooMuch::lanes(
                        self.expectation,
                        self.alike_lanes(&stack),
                    ));
                }
            }
            // Take the next way, of the deepest state that has one.
            loop {
                let Some(mut frame) = stack.pop() else {
                    return SearchResult::NoOrder {
                        furthest: self.expected_lines(&furthest.slots),
                        more_faults_may_help: self.is_limited,
                    };
                };
                let depth = stack.len();
                furthest.unchanged = furthest.unchanged.min(depth);
                if let Some((taken, bound)) = frame.taken.take() {
                    self.undo(depth, taken, &bound);
                }
                if let Some(next) = frame.moves.pop() {
                    let bound = self.take(depth, next);
                    frame.taken = Some((next, bound));
                    stack.push(frame);
                    break;
                }
                if let Some(state) = frame.state {
                    is_exhausted |= self.budget.spend(4 + state.len() / 2).is_err();
                    self.dead.insert(state);
                }
            }
        }
    }

    /// The state before the output line `at`, with the ways to continue.
    fn frame(&mut self, at: usize) -> Result<Frame<'a>, OutOfBudget> {
        let mut moves = self.moves(at)?;
        self.budget.spend(10 + 2 * moves.len())?;
        let mut state = None;
        if moves.len() > 1 {
            let key = self.state(at);
            self.budget.spend(key.len() / 8)?;
            if self.dead.contains(&key) {
                moves.clear();
            }
            state = Some(key);
            self.put_best_last(at, &mut moves)?;
        }
        Ok(Frame { moves, taken: None, state })
    }

    fn moves(&mut self, at: usize) -> Result<Vec<Move<'a>>, OutOfBudget> {
        let index = self.block_of[at];
        if at.checked_sub(1).is_none_or(|before| self.block_of[before] != index) {
            self.begin(index)?;
        }
        let block = &self.expectation.blocks[index];
        let mut moves: Vec<Move<'a>> = Vec::new();
        let fits = self.table.of_line(at);
        self.budget.spend(fits.len() / 4)?;
        for fit in fits {
            let Some(alike) = self.next[index].get(&fit.pattern) else { continue };
            self.budget.spend(alike.len() / 4)?;
            for slots in alike.values() {
                let Some(&number) = slots.first() else { continue };
                let slot = &block.slots[number];
                self.budget.spend(self.names.excluded_in_lane(slot) / 2)?;
                if !self.is_open(index, &slot.steps[self.progress[index][number]]) {
                    continue;
                }
                for reading in fit.readings(self.rules) {
                    let Some(faults) = self.names.faults(self.rules, slot, reading) else {
                        continue;
                    };
                    if faults <= self.faults_left {
                        moves.push(Move { slot: number, pattern: fit.pattern, reading, faults });
                    } else {
                        self.is_limited = true;
                    }
                }
            }
        }
        Ok(moves)
    }

    /// Sorts ways such that the most promising one is tried first: with the fewest faults, then
    /// with the fewest names, then in the lane that must continue soonest, then by the pattern that
    /// the pairing gave to this line.
    fn put_best_last(&self, at: usize, moves: &mut Vec<Move<'a>>) -> Result<(), OutOfBudget> {
        let mut rated = Vec::with_capacity(moves.len());
        for &way in moves.iter() {
            let is_other = self.paired.get(at).is_some_and(|paired| *paired != way.pattern);
            let names = way.reading.names.len();
            rated.push(((way.faults, names, self.due(at, way)?, is_other), way));
        }
        rated.sort_by_key(|(rating, _)| *rating);
        moves.clear();
        moves.extend(rated.into_iter().rev().map(|(_, way)| way));
        Ok(())
    }

    /// The first output line at which the lane of a move can have come to its end in this block,
    /// judging by its own lines.
    fn due(&self, at: usize, way: Move<'a>) -> Result<usize, OutOfBudget> {
        let block = self.block_of[at];
        let slot = &self.expectation.blocks[block].slots[way.slot];
        let lines_of = self.lines_of.get_or_init(|| self.lines_by_pattern());
        let value_of = |name: NameId| {
            let of_move = || way.reading.names.iter().find(|(other, _)| *other == name);
            self.names.value(name, slot).or_else(|| of_move().map(|&(_, value)| value))
        };
        let can_be = |fit: &Fit| {
            fit.readings(self.rules).any(|reading| {
                let mut names = reading.names.iter();
                names.all(|&(name, value)| value_of(name).is_none_or(|known| known == value))
            })
        };
        let mut due = at;
        let done = self.progress[block][way.slot] + 1;
        for step in slot.steps[done..].iter().take(LOOKAHEAD) {
            let lines = &lines_of[step.pattern];
            let mut found = None;
            for &(line, fit) in &lines[lines.partition_point(|&(line, _)| line <= due)..] {
                self.budget.spend(1)?;
                if self.block_of[line] != block {
                    break;
                }
                if can_be(fit) {
                    found = Some(line);
                    break;
                }
            }
            match found {
                Some(line) => due = line,
                None => return Ok(self.block_of.len()),
            }
        }
        Ok(due)
    }

    fn lines_by_pattern(&self) -> Vec<Vec<(usize, &'a Fit)>> {
        let mut lines_of = vec![Vec::new(); self.expectation.patterns.len()];
        for line in 0..self.table.len() {
            for fit in self.table.of_line(line) {
                lines_of[fit.pattern].push((line, fit));
            }
        }
        lines_of
    }

    /// Enters all slots of a block, before its first line.
    fn begin(&mut self, block: usize) -> Result<(), OutOfBudget> {
        let slots = self.expectation.blocks[block].slots.len();
        self.budget.spend(2 * slots)?;
        self.next[block].clear();
        for number in 0..slots {
            self.enter(block, number);
        }
        Ok(())
    }

    /// Enters a slot where its next step can be found, if it has one.
    fn enter(&mut self, block: usize, number: usize) {
        if let Some((pattern, likeness)) = self.likeness(block, number) {
            let alike = self.next[block].entry(pattern).or_default();
            alike.entry(likeness).or_default().insert(number);
        }
    }

    /// Takes a slot out, before it changes.
    fn leave(&mut self, block: usize, number: usize) {
        if let Some((pattern, likeness)) = self.likeness(block, number)
            && let Some(alike) = self.next[block].get_mut(&pattern)
            && let Some(slots) = alike.get_mut(&likeness)
        {
            slots.remove(&number);
            if slots.is_empty() {
                alike.remove(&likeness);
            }
            if alike.is_empty() {
                self.next[block].remove(&pattern);
            }
        }
    }

    fn likeness(&self, block: usize, number: usize) -> Option<(PatternId, Likeness)> {
        let slot = &self.expectation.blocks[block].slots[number];
        let done = self.progress[block][number];
        let step = slot.steps.get(done)?;
        Some((step.pattern, (slot.kind, done, self.names.of_lane(slot))))
    }

    /// Whether all marks that a step waits for have come.
    fn is_open(&self, block: usize, step: &Step) -> bool {
        let totals = &self.expectation.blocks[block].marks;
        step.after.iter().all(|&mark| self.marked[block][mark] == totals[mark])
    }

    fn take(&mut self, at: usize, way: Move<'a>) -> Bound {
        let block = self.block_of[at];
        self.leave(block, way.slot);
        let (slot, step) = self.step(at, way.slot);
        let bound = self.names.bind(slot, step.line, way.reading);
        if let Some(mark) = step.mark {
            self.marked[block][mark] += 1;
        }
        self.progress[block][way.slot] += 1;
        self.faults_left -= way.faults;
        self.enter(block, way.slot);
        bound
    }

    fn undo(&mut self, at: usize, way: Move<'a>, bound: &Bound) {
        let block = self.block_of[at];
        self.leave(block, way.slot);
        self.progress[block][way.slot] -= 1;
        self.faults_left += way.faults;
        let (slot, step) = self.step(at, way.slot);
        if let Some(mark) = step.mark {
            self.marked[block][mark] -= 1;
        }
        self.names.unbind(slot, step.line, way.reading, bound);
        self.enter(block, way.slot);
    }

    /// A slot in the block of the output line `at`, and its next step.
    fn step(&self, at: usize, number: usize) -> (&'a Slot, &'a Step) {
        let expectation = self.expectation;
        let block = self.block_of[at];
        let slot = &expectation.blocks[block].slots[number];
        (slot, &slot.steps[self.progress[block][number]])
    }

    /// All that decides whether the output can be placed from the line `at` on.
    fn state(&self, at: usize) -> Box<[u32]> {
        let block = self.block_of[at];
        let mut state = vec![narrow(at), narrow(self.faults_left)];
        let slots = &self.expectation.blocks[block].slots;
        let mut lanes: Vec<Likeness> = slots
            .iter()
            .zip(&self.progress[block])
            .map(|(slot, &done)| (slot.kind, done, self.names.of_lane(slot)))
            .collect();
        lanes.sort_unstable();
        for (_, done, values) in lanes {
            state.push(narrow(done));
            state.extend(values);
        }
        for (group, lanes) in self.expectation.groups.iter().enumerate() {
            if slots.iter().any(|slot| slot.member.is_some_and(|(own, _)| own == group)) {
                continue;
            }
            let mut values: Vec<_> =
                (0..lanes.count).map(|member| self.names.of_member(group, member)).collect();
            values.sort_unstable();
            state.extend(values.into_iter().flatten());
        }
        for (index, name) in self.expectation.names.iter().enumerate() {
            if name.group.is_none() {
                self.names.push_known(NameId(index), 0, &mut state);
            }
        }
        // If two names may have the same identity and faults are not counted, it does not matter
        // which values are taken.
        let counts_faults = narrow(self.faults_left) < u32::MAX;
        if !self.rules.allow_same_identity() || counts_faults {
            self.names.push_identities(&mut state);
        }
        state.into()
    }

    /// The expected lines that these slots wrote, one after another.
    fn expected_lines(&self, slots: &[usize]) -> Vec<usize> {
        let mut done: Vec<Vec<usize>> = self.progress.iter().map(|p| vec![0; p.len()]).collect();
        let placed = slots.iter().enumerate().map(|(at, &number)| {
            let block = self.block_of[at];
            let step = &self.expectation.blocks[block].slots[number].steps[done[block][number]];
            done[block][number] += 1;
            step.line
        });
        placed.collect()
    }

    fn places(&self, stack: &[Frame<'a>]) -> Vec<Place<'a>> {
        let moves: Vec<Move<'a>> = stack.iter().filter_map(Frame::taken).collect();
        let slots: Vec<usize> = moves.iter().map(|taken| taken.slot).collect();
        let lines = self.expected_lines(&slots).into_iter().zip(moves).enumerate();
        let places = lines.map(|(at, (line, taken))| {
            let slot = &self.expectation.blocks[self.block_of[at]].slots[taken.slot];
            let member = slot.member.map_or(0, |(_, member)| member);
            Place { line, member, reading: taken.reading }
        });
        places.collect()
    }

    /// The lanes that could not be told apart, each by an expected line: those among which the
    /// search had a choice most often.
    fn alike_lanes(&self, stack: &[Frame<'a>]) -> Vec<usize> {
        let mut choices: HashMap<usize, usize> = HashMap::new();
        for (at, frame) in stack.iter().enumerate().filter(|(_, frame)| frame.state.is_some()) {
            let slots = &self.expectation.blocks[self.block_of[at]].slots;
            for way in frame.moves.iter().copied().chain(frame.taken()) {
                *choices.entry(slots[way.slot].steps[0].line).or_default() += 1;
            }
        }
        if choices.is_empty() {
            return self.expectation.blocks[self.block_of[stack.len()]].first_lines().collect();
        }
        let mut lanes: Vec<(usize, usize)> = choices.into_iter().collect();
        lanes.sort_by_key(|&(line, count)| (std::cmp::Reverse(count), line));
        lanes.into_iter().map(|(line, _)| line).collect()
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
