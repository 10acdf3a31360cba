//! The lanes in the middle of a search: how far each has come, and which values its names have.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{Expectation, PatternId, Slot, Step};
use crate::fit::{Fit, Reading, Rules, Value};
use crate::pattern::NameId;

/// The state of all lanes.
pub(super) struct State<'a> {
    pub(super) expectation: &'a Expectation,
    rules: Rules,
    /// For each output line its block.
    pub(super) block_of: Vec<usize>,
    /// For each `*N` the names that its lanes have for themselves.
    names_of_group: Vec<Vec<NameId>>,
    /// For each block that was begun, and each pattern, the slots whose next step has it.
    next: Vec<HashMap<PatternId, Alike>>,
    /// For each block and slot the number of steps done.
    pub(super) progress: Vec<Vec<usize>>,
    /// For each block and mark the number of lines that carry it and have come.
    marked: Vec<Vec<usize>>,
    /// For each name, and each of the lanes that have it, its value.
    bound: Vec<Vec<Option<Value>>>,
    /// Likewise, how many times it is still to come.
    to_come: Vec<Vec<usize>>,
    /// The thread name that has a value.
    thread_of: HashMap<Value, (NameId, usize)>,
    unbound_threads: usize,
    faults_left: usize,
    /// A move was left out because it has too many faults.
    pub(super) has_refused_faults: bool,
}

/// Slots by what they are like. Two slots that are alike lead to the same, so one is enough.
type Alike = BTreeMap<Likeness, BTreeSet<usize>>;

/// The kind of a slot, how many of its steps are done, and the values of its own names, as far as
/// they are still to come. Within a block, only a move of that slot changes it.
type Likeness = (usize, usize, Vec<u32>);

/// One way to continue: a line is the next step of a slot, read in one way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move<'a> {
    pub(super) slot: usize,
    pub(super) pattern: PatternId,
    pub(super) reading: &'a Reading,
    pub(super) faults: usize,
}

/// The names that a move has given a value, to undo it.
pub(super) type Bound = Vec<(NameId, usize)>;

impl<'a> State<'a> {
    /// Before the first line. The lines to come may have `max_faults` faults.
    pub(super) fn new(expectation: &'a Expectation, rules: Rules, max_faults: usize) -> Self {
        let name_ids = || (0..expectation.names.len()).map(NameId);
        let mut names_of_group = vec![Vec::new(); expectation.groups.len()];
        for name in name_ids() {
            if let Some(group) = expectation.name(name).group {
                names_of_group[group].push(name);
            }
        }
        let mut block_of = Vec::new();
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
        let unbound_threads = name_ids()
            .filter(|&name| expectation.name(name).is_thread)
            .map(|name| to_come[name.0].iter().filter(|&&times| times > 0).count())
            .sum();
        Self {
            expectation,
            rules,
            block_of,
            names_of_group,
            next: vec![HashMap::new(); expectation.blocks.len()],
            progress: expectation.blocks.iter().map(|block| vec![0; block.slots.len()]).collect(),
            marked: expectation.blocks.iter().map(|block| vec![0; block.marks.len()]).collect(),
            bound: name_ids().map(|name| vec![None; expectation.holders(name)]).collect(),
            to_come,
            thread_of: HashMap::new(),
            unbound_threads,
            faults_left: max_faults,
            has_refused_faults: false,
        }
    }

    /// The ways to continue with the output line `at`, by the patterns that match it.
    ///
    /// # Errors
    /// The budget is used up.
    pub(super) fn moves(
        &mut self,
        at: usize,
        fits: &'a [Fit],
        budget: &Budget,
    ) -> Result<Vec<Move<'a>>, OutOfBudget> {
        let index = self.block_of[at];
        let block = &self.expectation.blocks[index];
        if at.checked_sub(1).is_none_or(|before| self.block_of[before] != index) {
            budget.spend(2 * block.slots.len())?;
            self.begin(index);
        }
        budget.spend(fits.len() / 4)?;
        let mut moves: Vec<Move<'a>> = Vec::new();
        for fit in fits {
            let Some(alike) = self.next[index].get(&fit.pattern) else { continue };
            budget.spend(alike.len() / 4)?;
            for slots in alike.values() {
                let Some(&number) = slots.first() else { continue };
                let slot = &block.slots[number];
                if !self.is_open(index, &slot.steps[self.progress[index][number]]) {
                    continue;
                }
                for reading in fit.readings(self.rules.ranges) {
                    let Some(faults) = self.faults(slot, reading) else { continue };
                    if faults <= self.faults_left {
                        moves.push(Move { slot: number, pattern: fit.pattern, reading, faults });
                    } else {
                        self.has_refused_faults = true;
                    }
                }
            }
        }
        budget.spend(10 + 2 * moves.len())?;
        Ok(moves)
    }

    /// Whether all marks that a step waits for have come.
    fn is_open(&self, block: usize, step: &Step) -> bool {
        let totals = &self.expectation.blocks[block].marks;
        step.after.iter().all(|&mark| self.marked[block][mark] == totals[mark])
    }

    /// How many faults a reading has: numbers out of range, names with two values, threads with two
    /// names. `None` if the rules forbid it.
    fn faults(&self, slot: &Slot, reading: &Reading) -> Option<usize> {
        let mut unequal = usize::from(reading.is_contradictory);
        for (number, &(name, value)) in reading.names.iter().enumerate() {
            let holder = holder(self.expectation, name, slot);
            let known = self.bound[name.0][holder];
            let is_thread = |name: NameId| self.expectation.name(name).is_thread;
            let is_taken = || {
                let is_in_line = reading.names[..number]
                    .iter()
                    .any(|&(other, same)| same == value && other != name && is_thread(other));
                let other = self.thread_of.get(&value);
                is_in_line || other.is_some_and(|&other| other != (name, holder))
            };
            let has_other_value = known.is_some_and(|known| known != value);
            unequal += usize::from(has_other_value || is_thread(name) && is_taken());
        }
        let is_allowed = unequal == 0 || !self.rules.names_are_equal;
        is_allowed.then_some(unequal + usize::from(!reading.is_in_range()))
    }

    /// Makes a move with the output line `at`.
    pub(super) fn take(&mut self, at: usize, way: Move<'a>) -> Bound {
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
                if expectation.name(name).is_thread {
                    self.unbound_threads -= 1;
                    self.thread_of.entry(value).or_insert((name, holder));
                }
                bound.push((name, holder));
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

    /// Undoes the last move, which was made with the output line `at`.
    pub(super) fn undo(&mut self, at: usize, way: Move<'a>, bound: &Bound) {
        let expectation = self.expectation;
        let block = self.block_of[at];
        self.leave(block, way.slot);
        self.progress[block][way.slot] -= 1;
        self.faults_left += way.faults;
        let (slot, step) = self.step(at, way.slot);
        if let Some(mark) = step.mark {
            self.marked[block][mark] -= 1;
        }
        for &(name, holder) in bound.iter().rev() {
            let value = self.bound[name.0][holder].take();
            if expectation.name(name).is_thread {
                self.unbound_threads += 1;
                if let Some(value) = value
                    && self.thread_of.get(&value) == Some(&(name, holder))
                {
                    self.thread_of.remove(&value);
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

    /// Enters all slots of a block, before its first line.
    fn begin(&mut self, block: usize) {
        self.next[block].clear();
        for number in 0..self.expectation.blocks[block].slots.len() {
            self.enter(block, number);
        }
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

    /// The values of the names that this one of N lanes has for itself, as far as they are still to
    /// come.
    fn own_values(&self, slot: &Slot) -> Vec<u32> {
        slot.member.map_or_else(Vec::new, |(group, member)| self.values_of_member(group, member))
    }

    fn values_of_member(&self, group: usize, member: usize) -> Vec<u32> {
        self.names_of_group[group].iter().map(|&name| self.live(name, member)).collect()
    }

    /// The value of a name; 0 where it is open or the name does not come again. A name that may
    /// have several values counts too: how many faults the rest needs depends on it.
    fn live(&self, name: NameId, holder: usize) -> u32 {
        match self.bound[name.0][holder] {
            Some(value) if self.to_come[name.0][holder] > 0 => value + 1,
            _ => 0,
        }
    }

    /// The value of a name in a slot's lane, if it has one.
    pub(super) fn value(&self, name: NameId, slot: &Slot) -> Option<Value> {
        self.bound[name.0][holder(self.expectation, name, slot)]
    }

    /// All that decides whether the output can be placed from the line `at` on.
    pub(super) fn key(&self, at: usize) -> Box<[u32]> {
        let block = self.block_of[at];
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
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
                state.push(self.live(NameId(index), 0));
            }
        }
        // If two threads may have the same value and faults are not counted, it does not matter
        // which values are taken.
        let counts_faults = narrow(self.faults_left) < u32::MAX;
        if self.unbound_threads > 0 && (self.rules.names_are_equal || counts_faults) {
            let from = state.len();
            state.extend(self.thread_of.keys());
            state[from..].sort_unstable();
        }
        state.into()
    }

    /// The expected lines that these slots wrote, one after another.
    pub(super) fn expected_lines(&self, slots: &[usize]) -> Vec<usize> {
        let mut done: Vec<Vec<usize>> = self.progress.iter().map(|p| vec![0; p.len()]).collect();
        let placed = slots.iter().enumerate().map(|(at, &number)| {
            let block = self.block_of[at];
            let step = &self.expectation.blocks[block].slots[number].steps[done[block][number]];
            done[block][number] += 1;
            step.line
        });
        placed.collect()
    }
}

/// Which of the lanes that have a name a slot is.
fn holder(expectation: &Expectation, name: NameId, slot: &Slot) -> usize {
    match (expectation.name(name).group, slot.member) {
        (Some(_), Some((_, member))) => member,
        _ => 0,
    }
}
