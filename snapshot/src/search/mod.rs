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

mod state;

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{Expectation, PatternId};
use crate::fit::{Fit, Reading, Rules, Table, TooMuch};
use crate::pattern::NameId;
use state::{Bound, Move, State};

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
    let state = State::new(expectation, rules, max_faults);
    let (dead, lines_of) = (HashSet::new(), OnceCell::new());
    Search { table, rules, paired, budget, state, dead, lines_of }.run()
}

struct Search<'a, 'b> {
    table: &'a Table<'a>,
    rules: Rules,
    paired: &'b [PatternId],
    budget: &'b Budget,
    state: State<'a>,
    /// States from which every way has failed.
    dead: HashSet<Box<[u32]>>,
    /// For each pattern the output lines that it matches. Only needed where there is a choice.
    lines_of: OnceCell<Vec<Vec<(usize, &'a Fit)>>>,
}

/// A state of the search, and the ways that are still to be tried.
struct Frame<'a> {
    /// Tried from the end.
    moves: Vec<Move<'a>>,
    /// The current move, and the names that it has bound.
    taken: Option<(Move<'a>, Bound)>,
    /// What to remember if every way fails; absent where there is only one.
    key: Option<Box<[u32]>>,
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

impl<'a> Search<'a, '_> {
    fn run(mut self) -> SearchResult<'a> {
        let mut stack: Vec<Frame<'a>> = Vec::new();
        let mut furthest = Trail::default();
        loop {
            if stack.len() == self.state.block_of.len() {
                return SearchResult::Order(self.places(&stack));
            }
            let Ok(frame) = self.frame(stack.len()) else {
                return SearchResult::GaveUp(self.alike_lanes(&stack));
            };
            let is_dead_end = frame.moves.is_empty() && frame.key.is_none();
            if is_dead_end && stack.len() > furthest.slots.len() {
                furthest.update(&stack);
            }
            stack.push(frame);
            // Take the next way, of the deepest state that has one.
            loop {
                let Some(mut frame) = stack.pop() else {
                    return SearchResult::NoOrder {
                        furthest: self.state.expected_lines(&furthest.slots),
                        more_faults_may_help: self.state.has_refused_faults,
                    };
                };
                let depth = stack.len();
                furthest.unchanged = furthest.unchanged.min(depth);
                if let Some((taken, bound)) = frame.taken.take() {
                    self.state.undo(depth, taken, &bound);
                }
                if let Some(next) = frame.moves.pop() {
                    let bound = self.state.take(depth, next);
                    frame.taken = Some((next, bound));
                    stack.push(frame);
                    break;
                }
                if let Some(key) = frame.key {
                    // If this uses up the budget, the next state fails.
                    let _ = self.budget.spend(4 + key.len() / 2);
                    self.dead.insert(key);
                }
            }
        }
    }

    /// The state before the output line `at`, with the ways to continue.
    fn frame(&mut self, at: usize) -> Result<Frame<'a>, OutOfBudget> {
        let mut moves = self.state.moves(at, self.table.of_line(at), self.budget)?;
        let mut key = None;
        if moves.len() > 1 {
            let state = self.state.key(at);
            self.budget.spend(state.len() / 8)?;
            if self.dead.contains(&state) {
                moves.clear();
            }
            key = Some(state);
            self.put_best_last(at, &mut moves)?;
        }
        Ok(Frame { moves, taken: None, key })
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
        let block = self.state.block_of[at];
        let slot = &self.state.expectation.blocks[block].slots[way.slot];
        let lines_of = self.lines_of.get_or_init(|| self.lines_by_pattern());
        let value_of = |name: NameId| {
            let of_move = || way.reading.names.iter().find(|(other, _)| *other == name);
            self.state.value(name, slot).or_else(|| of_move().map(|&(_, value)| value))
        };
        let can_be = |fit: &Fit| {
            fit.readings(self.rules.ranges).any(|reading| {
                let mut names = reading.names.iter();
                names.all(|&(name, value)| value_of(name).is_none_or(|known| known == value))
            })
        };
        let mut due = at;
        let done = self.state.progress[block][way.slot] + 1;
        for step in slot.steps[done..].iter().take(LOOKAHEAD) {
            let lines = &lines_of[step.pattern];
            let mut found = None;
            for &(line, fit) in &lines[lines.partition_point(|&(line, _)| line <= due)..] {
                self.budget.spend(1)?;
                if self.state.block_of[line] != block {
                    break;
                }
                if can_be(fit) {
                    found = Some(line);
                    break;
                }
            }
            match found {
                Some(line) => due = line,
                None => return Ok(self.state.block_of.len()),
            }
        }
        Ok(due)
    }

    fn lines_by_pattern(&self) -> Vec<Vec<(usize, &'a Fit)>> {
        let mut lines_of = vec![Vec::new(); self.state.expectation.patterns.len()];
        for line in 0..self.table.len() {
            for fit in self.table.of_line(line) {
                lines_of[fit.pattern].push((line, fit));
            }
        }
        lines_of
    }

    fn places(&self, stack: &[Frame<'a>]) -> Vec<Place<'a>> {
        let moves: Vec<Move<'a>> = stack.iter().filter_map(Frame::taken).collect();
        let slots: Vec<usize> = moves.iter().map(|taken| taken.slot).collect();
        let lines = self.state.expected_lines(&slots).into_iter().zip(moves).enumerate();
        let places = lines.map(|(at, (line, taken))| {
            let slot = &self.state.expectation.blocks[self.state.block_of[at]].slots[taken.slot];
            let member = slot.member.map_or(0, |(_, member)| member);
            Place { line, member, reading: taken.reading }
        });
        places.collect()
    }

    /// The lanes that could not be told apart: those among which the search had a choice most often.
    fn alike_lanes(&self, stack: &[Frame<'a>]) -> TooMuch {
        let State { expectation, block_of, .. } = &self.state;
        let mut choices: HashMap<usize, usize> = HashMap::new();
        for (at, frame) in stack.iter().enumerate().filter(|(_, frame)| frame.key.is_some()) {
            let slots = &expectation.blocks[block_of[at]].slots;
            for way in frame.moves.iter().copied().chain(frame.taken()) {
                *choices.entry(slots[way.slot].steps[0].line).or_default() += 1;
            }
        }
        if choices.is_empty() {
            let block = &expectation.blocks[block_of[stack.len()]];
            return TooMuch::lanes(expectation, block.first_lines());
        }
        let mut lanes: Vec<(usize, usize)> = choices.into_iter().collect();
        lanes.sort_by_key(|&(line, count)| (Reverse(count), line));
        TooMuch::lanes(expectation, lanes.into_iter().map(|(line, _)| line))
    }
}
