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

use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{Expectation, PatternId, Slot, Step};
use crate::fit::{Fit, Reading, Rules, Table, TooMuch, Value};
use crate::pattern::{NameId, NameUse};

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
    /// For each `*N` the names that its lanes have for themselves.
    names_of_group: Vec<Vec<NameId>>,
    /// For each block that was begun, and each pattern, the slots whose next step has it.
    next: Vec<HashMap<PatternId, Alike>>,
    /// For each block and slot the number of steps done.
    progress: Vec<Vec<usize>>,
    /// For each block and mark the number of lines that carry it and have come.
    marked: Vec<Vec<usize>>,
    /// For each name, and each of the lanes that have it, its value.
    bound: Vec<Vec<Option<Value>>>,
    /// Likewise, the values that came while it had none and that it must not have, each with the
    /// number of times.
    excluded: Vec<Vec<BTreeMap<Value, usize>>>,
    /// For each name whether a `{!name}` excludes values.
    is_excluding: Vec<bool>,
    /// For each name, and each of the lanes that have it, how many times it is still to come.
    to_come: Vec<Vec<usize>>,
    /// The name of an identifying type that has a value.
    owner_of: HashMap<Value, (NameId, usize)>,
    unbound_identities: usize,
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
    taken: Option<(Move<'a>, Vec<(NameId, usize)>)>,
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
        let name_ids = || (0..expectation.names.len()).map(NameId);
        let mut names_of_group = vec![Vec::new(); expectation.groups.len()];
        for name in name_ids() {
            if let Some(group) = expectation.name(name).group {
                names_of_group[group].push(name);
            }
        }
        let mut block_of = Vec::new();
        let mut is_excluding = vec![false; expectation.names.len()];
        for name_use in expectation.lines.iter().flat_map(|line| line.pattern.name_uses()) {
            is_excluding[name_use.name().0] |= matches!(name_use, NameUse::Other(_));
        }
        let mut to_come: Vec<_> =
            name_ids().map(|name| vec![0; expectation.holders(name)]).collect();
        for (index, block) in expectation.blocks.iter().enumerate() {
            block_of.resize(block_of.len() + block.size, index);
            for slot in &block.slots {
                for step in slot.steps.iter() {
                    for name in expectation.lines[step.line].pattern.names() {
                        to_come[name.0][holder(expectation, name, slot)] += 1;
                    }
                }
            }
        }
        let unbound_identities = name_ids()
            .filter(|&name| expectation.name(name).kind.is_identity())
            .map(|name| to_come[name.0].iter().filter(|&&times| times > 0).count())
            .sum();
        Self {
            expectation,
            table,
            rules,
            paired,
            budget,
            block_of,
            names_of_group,
            next: vec![HashMap::new(); expectation.blocks.len()],
            progress: expectation.blocks.iter().map(|block| vec![0; block.slots.len()]).collect(),
            marked: expectation.blocks.iter().map(|block| vec![0; block.marks.len()]).collect(),
            bound: name_ids().map(|name| vec![None; expectation.holders(name)]).collect(),
            excluded: name_ids()
                .map(|name| vec![BTreeMap::new(); expectation.holders(name)])
                .collect(),
            is_excluding,
            to_come,
            owner_of: HashMap::new(),
            unbound_identities,
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
                self.budget.spend(self.excluded_in_lane(slot) / 2)?;
                if !self.is_open(index, &slot.steps[self.progress[index][number]]) {
                    continue;
                }
                for reading in fit.readings(self.rules) {
                    let Some(faults) = self.faults(slot, reading) else { continue };
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
            let known = self.bound[name.0][holder(self.expectation, name, slot)];
            known.or_else(|| of_move().map(|&(_, value)| value))
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
        Some((step.pattern, (slot.kind, done, self.own_values(slot))))
    }

    /// Whether all marks that a step waits for have come.
    fn is_open(&self, block: usize, step: &Step) -> bool {
        let totals = &self.expectation.blocks[block].marks;
        step.after.iter().all(|&mark| self.marked[block][mark] == totals[mark])
    }

    /// How often a reading breaks what lenient rules allow to break: numbers out of range, names
    /// with two values or with one that they must not have, identities with two names. `None` if
    /// the rules forbid it.
    fn faults(&self, slot: &Slot, reading: &Reading) -> Option<usize> {
        let mut faults =
            usize::from(!reading.is_in_range()) + usize::from(reading.is_contradictory);
        for &(name, value) in &reading.others {
            let holder = holder(self.expectation, name, slot);
            if self.bound[name.0][holder] == Some(value) {
                if !self.rules.allow_several_values(name) {
                    return None;
                }
                faults += 1;
            }
        }
        for (number, &(name, value)) in reading.names.iter().enumerate() {
            let holder = holder(self.expectation, name, slot);
            let is_refused = match self.bound[name.0][holder] {
                Some(known) => known != value,
                None => self.excluded[name.0][holder].contains_key(&value),
            };
            if is_refused {
                if !self.rules.allow_several_values(name) {
                    return None;
                }
                faults += 1;
            } else if self.expectation.name(name).kind.is_identity() {
                let is_in_line = reading.names[..number].iter().any(|&(other, same)| {
                    same == value
                        && other != name
                        && self.expectation.name(other).kind.is_identity()
                });
                let known = self.owner_of.get(&value);
                if is_in_line || known.is_some_and(|&known| known != (name, holder)) {
                    if !self.rules.allow_same_identity() {
                        return None;
                    }
                    faults += 1;
                }
            }
        }
        Some(faults)
    }

    fn take(&mut self, at: usize, way: Move<'a>) -> Vec<(NameId, usize)> {
        let expectation = self.expectation;
        let block = self.block_of[at];
        self.leave(block, way.slot);
        let (slot, step) = self.step(at, way.slot);
        let mut bound = Vec::new();
        for name in expectation.lines[step.line].pattern.names() {
            self.to_come[name.0][holder(expectation, name, slot)] -= 1;
        }
        for &(name, value) in &way.reading.names {
            let holder = holder(expectation, name, slot);
            if self.bound[name.0][holder].is_none() {
                self.bound[name.0][holder] = Some(value);
                if expectation.name(name).kind.is_identity() {
                    self.unbound_identities -= 1;
                    self.owner_of.entry(value).or_insert((name, holder));
                }
                bound.push((name, holder));
            }
        }
        for &(name, value) in &way.reading.others {
            let holder = holder(expectation, name, slot);
            if self.bound[name.0][holder].is_none() {
                *self.excluded[name.0][holder].entry(value).or_default() += 1;
            }
        }
        if let Some(mark) = step.mark {
            self.marked[block][mark] += 1;
        }
        self.progress[block][way.slot] += 1;
        self.faults_left -= way.faults;
        self.enter(block, way.slot);
        bound
    }

    fn undo(&mut self, at: usize, way: Move<'a>, bound: &[(NameId, usize)]) {
        let expectation = self.expectation;
        let block = self.block_of[at];
        self.leave(block, way.slot);
        self.progress[block][way.slot] -= 1;
        self.faults_left += way.faults;
        let (slot, step) = self.step(at, way.slot);
        if let Some(mark) = step.mark {
            self.marked[block][mark] -= 1;
        }
        for &(name, value) in &way.reading.others {
            let holder = holder(expectation, name, slot);
            let excluded = &mut self.excluded[name.0][holder];
            if self.bound[name.0][holder].is_none()
                && let Some(times) = excluded.get_mut(&value)
            {
                *times -= 1;
                if *times == 0 {
                    excluded.remove(&value);
                }
            }
        }
        for &(name, holder) in bound.iter().rev() {
            let value = self.bound[name.0][holder].take();
            if expectation.name(name).kind.is_identity() {
                self.unbound_identities += 1;
                if let Some(value) = value
                    && self.owner_of.get(&value) == Some(&(name, holder))
                {
                    self.owner_of.remove(&value);
                }
            }
        }
        for name in expectation.lines[step.line].pattern.names() {
            self.to_come[name.0][holder(expectation, name, slot)] += 1;
        }
        self.enter(block, way.slot);
    }

    /// A slot in the block of the output line `at`, and its next step.
    fn step(&self, at: usize, number: usize) -> (&'a Slot, &'a Step) {
        let expectation = self.expectation;
        let block = self.block_of[at];
        let slot = &expectation.blocks[block].slots[number];
        (slot, &slot.steps[self.progress[block][number]])
    }

    /// The values of the names that this one of N lanes has for itself, as far as they are still to
    /// come.
    fn own_values(&self, slot: &Slot) -> Vec<u32> {
        slot.member.map_or_else(Vec::new, |(group, member)| self.values_of_member(group, member))
    }

    fn values_of_member(&self, group: usize, member: usize) -> Vec<u32> {
        let mut values = Vec::with_capacity(self.names_of_group[group].len());
        for &name in &self.names_of_group[group] {
            self.push_known(name, member, &mut values);
        }
        values
    }

    /// How many values are excluded for the names that a lane has for itself.
    fn excluded_in_lane(&self, slot: &Slot) -> usize {
        let Some((group, member)) = slot.member else { return 0 };
        let names = self.names_of_group[group].iter();
        names.map(|name| self.excluded[name.0][member].len()).sum()
    }

    /// Adds to a state what is known about the value of a name and still matters: the value, or 0
    /// where it is open or the name does not come again; then the values that an open name must not
    /// have, and before them how many they are. A name that may have several values counts too: how
    /// many faults the rest needs depends on it.
    fn push_known(&self, name: NameId, holder: usize, state: &mut Vec<u32>) {
        let value = self.bound[name.0][holder];
        state.push(match value {
            Some(value) if self.to_come[name.0][holder] > 0 => value + 1,
            _ => 0,
        });
        if self.is_excluding[name.0] {
            let excluded = Some(&self.excluded[name.0][holder]).filter(|_| value.is_none());
            state.push(excluded.map_or(0, |excluded| narrow(excluded.len())));
            state.extend(excluded.into_iter().flat_map(BTreeMap::keys));
        }
    }

    /// All that decides whether the output can be placed from the line `at` on.
    fn state(&self, at: usize) -> Box<[u32]> {
        let block = self.block_of[at];
        let mut state = vec![narrow(at), narrow(self.faults_left)];
        let slots = &self.expectation.blocks[block].slots;
        let mut lanes: Vec<Likeness> = slots
            .iter()
            .zip(&self.progress[block])
            .map(|(slot, &done)| (slot.kind, done, self.own_values(slot)))
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
                (0..lanes.count).map(|member| self.values_of_member(group, member)).collect();
            values.sort_unstable();
            state.extend(values.into_iter().flatten());
        }
        for (index, name) in self.expectation.names.iter().enumerate() {
            if name.group.is_none() {
                self.push_known(NameId(index), 0, &mut state);
            }
        }
        // If two names may have the same identity and faults are not counted, it does not matter
        // which values are taken.
        let counts_faults = narrow(self.faults_left) < u32::MAX;
        if self.unbound_identities > 0 && (!self.rules.allow_same_identity() || counts_faults) {
            let from = state.len();
            state.extend(self.owner_of.keys());
            state[from..].sort_unstable();
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

/// Which of the lanes that have a name a slot is.
fn holder(expectation: &Expectation, name: NameId, slot: &Slot) -> usize {
    match (expectation.name(name).group, slot.member) {
        (Some(_), Some((_, member))) => member,
        _ => 0,
    }
}
