//! Finds an order in which the lanes can have written an output, or proves that there is none.
//!
//! A search in depth, line by line: which lanes can have written this one, as far as each has
//! come and with what its names stand for? Three things keep it small. Lanes of one kind that
//! have come equally far are taken as one. A state from which every way has failed is remembered
//! and not entered again. And only what can still matter belongs to a state: how far each lane
//! is, and the texts of names that are still to come.
//!
//! Where the lines tell their lanes, the time is linear in the number of lines; where only the
//! values of names tell the lanes of a `*N`, it is that times N. Lanes that are alike multiply the
//! states, in the worst case exponentially; [`MAX_WORK`] and [`MAX_MEMORY`] bound the search, and
//! what they cut off is never taken for a verdict.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::fit::{Rules, Table, Value};
use crate::order::{Expectation, PatternId, Slot, Step};
use crate::pattern::NameId;

/// How many possibilities are looked at before the search is given up.
const MAX_WORK: usize = 2_000_000;

/// How many numbers the remembered states may hold in all, four bytes each.
const MAX_MEMORY: usize = 16_000_000;

/// What a search found.
#[derive(Debug)]
pub(crate) enum Found {
    /// For each output line, where it belongs.
    Order(Vec<Place>),
    /// No legal order exists.
    Nothing(Stuck),
    /// The search was given up: lanes that it could not tell apart, by a line of each.
    Undecided(Vec<usize>, Stuck),
}

/// The place of an output line in the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index in [`Expectation::lines`].
    pub(crate) line: usize,
    /// Which of the N lanes of a `*N`; 0 elsewhere.
    pub(crate) member: usize,
}

/// The farthest that a search came.
#[derive(Debug, Default)]
pub(crate) struct Stuck {
    /// The first output line that could not be placed.
    pub(crate) at: usize,
    /// The places of the lines before it.
    pub(crate) places: Vec<Place>,
}

/// Searches the order of an output that has as many lines as the snapshot. Where the rules are
/// lenient, at most `max_faults` times may the order lean on that. `paired` is a pairing of the
/// lines, if there is one: of equal ways it names the one to try first.
pub(crate) fn search(
    expectation: &Expectation,
    table: &Table,
    rules: Rules,
    paired: &[PatternId],
    max_faults: usize,
) -> Found {
    Search::new(expectation, table, rules, paired, max_faults).run()
}

struct Search<'a> {
    expectation: &'a Expectation,
    table: &'a Table,
    rules: Rules,
    paired: &'a [PatternId],
    /// For each output line its block.
    block_of: Vec<usize>,
    /// For each block that was begun, and each pattern, the slots whose next step has it.
    next: Vec<HashMap<PatternId, Alike>>,
    /// For each block and slot the number of steps done.
    progress: Vec<Vec<usize>>,
    /// For each block and mark the number of lines that carry it and have come.
    marked: Vec<Vec<usize>>,
    /// For each name, and each of the N lanes that have it, what it stands for.
    bound: Vec<Vec<Option<Value>>>,
    /// Likewise, how many places of it are still to come.
    to_come: Vec<Vec<usize>>,
    /// Which thread name has a value.
    thread_of: HashMap<Value, (NameId, usize)>,
    unbound_threads: usize,
    /// How many faults the moves to come may still have.
    faults_left: usize,
    dead: HashSet<Box<[u32]>>,
    memory: usize,
    work: usize,
}

/// Slots by what they are like: two that are alike lead to the same, so one of them is enough.
type Alike = BTreeMap<Likeness, BTreeSet<usize>>;

/// The kind of a slot, how many of its steps are done, and what its own names stand for as far as
/// they are still to come. Within a block, only a move of that slot changes it.
type Likeness = (usize, usize, Vec<u32>);

/// One way to go on from a state.
#[derive(Debug, Clone)]
struct Move {
    slot: usize,
    pattern: PatternId,
    /// What its line takes the names for.
    names: Vec<(NameId, Value)>,
    /// How much it leans on leniency.
    faults: usize,
}

/// A state of the search, and the ways that are still to be tried.
struct Frame {
    /// Tried from the back.
    moves: Vec<Move>,
    /// The move under way and the names that it has bound.
    taken: Option<(Move, Vec<(NameId, usize)>)>,
    /// What to remember if every way fails; absent where there is but one.
    state: Option<Box<[u32]>>,
}

impl Frame {
    fn slot(&self) -> Option<usize> {
        self.taken.as_ref().map(|(move_, _)| move_.slot)
    }
}

/// The slots of the farthest way so far. Only what has changed since is copied to a new one.
#[derive(Default)]
struct Trail {
    slots: Vec<usize>,
    /// So many of the first moves have not been taken back since.
    unchanged: usize,
}

impl Trail {
    fn take_over(&mut self, stack: &[Frame]) {
        self.slots.truncate(self.unchanged);
        self.slots.extend(stack[self.slots.len()..].iter().filter_map(Frame::slot));
        self.unchanged = self.slots.len();
    }
}

impl<'a> Search<'a> {
    fn new(
        expectation: &'a Expectation,
        table: &'a Table,
        rules: Rules,
        paired: &'a [PatternId],
        max_faults: usize,
    ) -> Self {
        let mut block_of = Vec::new();
        let copies = |name: NameId| {
            expectation.name(name).group.map_or(1, |group| expectation.groups[group].count)
        };
        let name_ids = || (0..expectation.names.len()).map(NameId);
        let mut to_come: Vec<_> = name_ids().map(|name| vec![0; copies(name)]).collect();
        for (index, block) in expectation.blocks.iter().enumerate() {
            block_of.resize(block_of.len() + block.size, index);
            for slot in &block.slots {
                for step in slot.steps.iter() {
                    for name in expectation.lines[step.line].pattern.names() {
                        to_come[name.0][member_for(expectation, name, slot)] += 1;
                    }
                }
            }
        }
        let unbound_threads = name_ids()
            .filter(|&name| expectation.name(name).is_thread)
            .map(|name| to_come[name.0].iter().filter(|&&places| places > 0).count())
            .sum();
        Self {
            expectation,
            table,
            rules,
            paired,
            block_of,
            next: vec![HashMap::new(); expectation.blocks.len()],
            progress: expectation.blocks.iter().map(|block| vec![0; block.slots.len()]).collect(),
            marked: expectation.blocks.iter().map(|block| vec![0; block.marks.len()]).collect(),
            bound: name_ids().map(|name| vec![None; copies(name)]).collect(),
            to_come,
            thread_of: HashMap::new(),
            unbound_threads,
            faults_left: max_faults,
            dead: HashSet::new(),
            memory: 0,
            work: 0,
        }
    }

    /// Enters all slots of a block, before its first line.
    fn begin(&mut self, block: usize) {
        let slots = self.expectation.blocks[block].slots.len();
        self.work += slots / 16;
        self.next[block].clear();
        for number in 0..slots {
            self.enter(block, number);
        }
    }

    /// Enters a slot where its next step can be found. Where it has none, there is nothing to find.
    fn enter(&mut self, block: usize, number: usize) {
        if let Some((pattern, likeness)) = self.likeness(block, number) {
            self.next[block]
                .entry(pattern)
                .or_default()
                .entry(likeness)
                .or_default()
                .insert(number);
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
        }
    }

    fn likeness(&self, block: usize, number: usize) -> Option<(PatternId, Likeness)> {
        let slot = &self.expectation.blocks[block].slots[number];
        let done = self.progress[block][number];
        let step = slot.steps.get(done)?;
        Some((step.pattern, (slot.kind, done, self.texts_of(slot))))
    }

    fn run(mut self) -> Found {
        let total = self.block_of.len();
        let mut stack: Vec<Frame> = Vec::new();
        let mut farthest = Trail::default();
        let mut failures: HashMap<usize, usize> = HashMap::new();
        loop {
            if stack.len() == total {
                return Found::Order(self.places(stack.iter().filter_map(Frame::slot)));
            }
            let frame = self.frame(stack.len());
            let is_dead_end = frame.moves.is_empty() && frame.state.is_none();
            if is_dead_end && stack.len() > farthest.slots.len() {
                farthest.take_over(&stack);
            }
            stack.push(frame);
            if self.work > MAX_WORK || self.memory > MAX_MEMORY {
                for (depth, frame) in stack.iter().enumerate() {
                    self.blame(depth, frame, &mut failures);
                }
                if failures.is_empty() {
                    failures = self.lanes_of_block(stack.len() - 1);
                }
                return Found::Undecided(most(failures), self.stuck(&farthest));
            }
            // Take the next way, of the deepest state that has one.
            loop {
                let Some(mut frame) = stack.pop() else {
                    return Found::Nothing(self.stuck(&farthest));
                };
                let depth = stack.len();
                farthest.unchanged = farthest.unchanged.min(depth);
                if let Some((move_, bound)) = frame.taken.take() {
                    self.undo(depth, &move_, &bound);
                    if frame.state.is_some() {
                        *failures.entry(self.line_of(depth, move_.slot)).or_default() += 1;
                    }
                }
                if let Some(move_) = frame.moves.pop() {
                    let bound = self.take(depth, &move_);
                    frame.taken = Some((move_, bound));
                    stack.push(frame);
                    break;
                }
                if let Some(state) = frame.state {
                    let size = state.len() + 8;
                    if self.dead.insert(state) {
                        self.memory += size;
                    }
                }
            }
        }
    }

    /// The state before the output line `at`, with the ways that lead on.
    fn frame(&mut self, at: usize) -> Frame {
        let mut moves = self.moves(at);
        self.work += 1 + moves.len();
        let mut state = None;
        if moves.len() > 1 {
            let key = self.state(at);
            self.work += key.len() / 16;
            if self.dead.contains(&key) {
                moves.clear();
            }
            state = Some(key);
        }
        // First those without faults, then those that leave less open; of these the lane that has
        // to go on soonest, and the pattern that the pairing gave to this line. Tried from the back.
        if moves.len() > 1 {
            let dues: Vec<usize> = moves.iter().map(|move_| self.due(at, move_)).collect();
            self.work += dues.iter().map(|due| (due - at) / 16).sum::<usize>();
            let mut order: Vec<(usize, Move)> = dues.into_iter().zip(moves).collect();
            order.sort_by_key(|(due, move_)| {
                let is_other = self.paired.get(at).is_some_and(|paired| *paired != move_.pattern);
                (move_.faults, move_.names.len(), *due, is_other)
            });
            moves = order.into_iter().rev().map(|(_, move_)| move_).collect();
        }
        Frame { moves, taken: None, state }
    }

    fn moves(&mut self, at: usize) -> Vec<Move> {
        let expectation = self.expectation;
        let index = self.block_of[at];
        if at.checked_sub(1).is_none_or(|before| self.block_of[before] != index) {
            self.begin(index);
        }
        let block = &expectation.blocks[index];
        let mut moves: Vec<Move> = Vec::new();
        for fit in self.table.of_line(at) {
            let Some(alike) = self.next[index].get(&fit.pattern) else { continue };
            self.work += alike.len() / 64;
            for slots in alike.values() {
                let Some(&number) = slots.first() else { continue };
                let slot = &block.slots[number];
                if !self.is_open(index, &slot.steps[self.progress[index][number]]) {
                    continue;
                }
                for reading in &fit.readings {
                    if let Some(faults) = self.faults(slot, &reading.names) {
                        let faults = faults + usize::from(!reading.in_range);
                        if faults <= self.faults_left {
                            let names = reading.names.clone();
                            let pattern = fit.pattern;
                            moves.push(Move { slot: number, pattern, names, faults });
                        }
                    }
                }
            }
        }
        moves
    }

    /// Whether all marks that a step waits for have come.
    fn is_open(&self, block: usize, step: &Step) -> bool {
        let totals = &self.expectation.blocks[block].marks;
        step.after.iter().all(|&mark| self.marked[block][mark] == totals[mark])
    }

    /// Which names a reading would give two texts, or two threads one: `None` where the rules
    /// forbid it, else how many.
    fn faults(&self, slot: &Slot, reading: &[(NameId, Value)]) -> Option<usize> {
        let mut faults = 0;
        for (number, &(name, value)) in reading.iter().enumerate() {
            let member = member_for(self.expectation, name, slot);
            if self.bound[name.0][member].is_some_and(|known| known != value) {
                if !self.rules.frees(name) {
                    return None;
                }
                faults += 1;
            } else if self.expectation.name(name).is_thread {
                let in_line = reading[..number].iter().find(|&&(other, same)| {
                    same == value && other != name && self.expectation.name(other).is_thread
                });
                let elsewhere =
                    self.thread_of.get(&value).is_some_and(|&holder| holder != (name, member));
                if in_line.is_some() || elsewhere {
                    if self.rules.parts_threads() {
                        return None;
                    }
                    faults += 1;
                }
            }
        }
        Some(faults)
    }

    fn take(&mut self, at: usize, move_: &Move) -> Vec<(NameId, usize)> {
        let expectation = self.expectation;
        let block = self.block_of[at];
        self.leave(block, move_.slot);
        let (slot, step) = self.step(at, move_.slot);
        let mut bound = Vec::new();
        for name in expectation.lines[step.line].pattern.names() {
            self.to_come[name.0][member_for(expectation, name, slot)] -= 1;
        }
        for &(name, value) in &move_.names {
            let member = member_for(expectation, name, slot);
            if self.bound[name.0][member].is_none() {
                self.bound[name.0][member] = Some(value);
                if expectation.name(name).is_thread {
                    self.unbound_threads -= 1;
                    self.thread_of.entry(value).or_insert((name, member));
                }
                bound.push((name, member));
            }
        }
        if let Some(mark) = step.mark {
            self.marked[block][mark] += 1;
        }
        self.progress[block][move_.slot] += 1;
        self.faults_left -= move_.faults;
        self.enter(block, move_.slot);
        bound
    }

    fn undo(&mut self, at: usize, move_: &Move, bound: &[(NameId, usize)]) {
        let expectation = self.expectation;
        let block = self.block_of[at];
        self.leave(block, move_.slot);
        self.progress[block][move_.slot] -= 1;
        self.faults_left += move_.faults;
        let (slot, step) = self.step(at, move_.slot);
        if let Some(mark) = step.mark {
            self.marked[block][mark] -= 1;
        }
        for &(name, member) in bound.iter().rev() {
            let value = self.bound[name.0][member].take();
            if expectation.name(name).is_thread {
                self.unbound_threads += 1;
                if let Some(value) = value
                    && self.thread_of.get(&value) == Some(&(name, member))
                {
                    self.thread_of.remove(&value);
                }
            }
        }
        for name in expectation.lines[step.line].pattern.names() {
            self.to_come[name.0][member_for(expectation, name, slot)] += 1;
        }
        self.enter(block, move_.slot);
    }

    /// The first output line at which the lane of a move can have come to its end in this block, as
    /// far as its own lines tell.
    fn due(&self, at: usize, move_: &Move) -> usize {
        let block = self.block_of[at];
        let slot = &self.expectation.blocks[block].slots[move_.slot];
        let stands_for = |name: NameId| {
            let of_move = || move_.names.iter().find(|(other, _)| *other == name);
            let known = self.bound[name.0][member_for(self.expectation, name, slot)];
            known.or_else(|| of_move().map(|&(_, value)| value))
        };
        let mut due = at;
        for step in &slot.steps[self.progress[block][move_.slot] + 1..] {
            let can_be = |line: &usize| {
                let mut fits = self.table.of_line(*line).iter();
                fits.find(|fit| fit.pattern == step.pattern).is_some_and(|fit| {
                    fit.readings.iter().any(|reading| {
                        let mut names = reading.names.iter();
                        names.all(|&(name, value)| stands_for(name).is_none_or(|it| it == value))
                    })
                })
            };
            let end = self.block_of.len();
            due = (due + 1..end)
                .take_while(|&line| self.block_of[line] == block)
                .find(can_be)
                .unwrap_or(end);
        }
        due
    }

    /// A slot in the block of the output line `at`, and its next step.
    fn step(&self, at: usize, number: usize) -> (&'a Slot, &'a Step) {
        let expectation = self.expectation;
        let block = self.block_of[at];
        let slot = &expectation.blocks[block].slots[number];
        (slot, &slot.steps[self.progress[block][number]])
    }

    /// A line of the slot's lane, to name it by.
    fn line_of(&self, at: usize, slot: usize) -> usize {
        self.expectation.blocks[self.block_of[at]].slots[slot].steps[0].line
    }

    /// What the names of a `*N` lane stand for in this one of the N, as far as they are still to
    /// come.
    fn texts_of(&self, slot: &Slot) -> Vec<u32> {
        slot.member.map_or_else(Vec::new, |(group, member)| self.texts_of_member(group, member))
    }

    fn texts_of_member(&self, group: usize, member: usize) -> Vec<u32> {
        let names = self.expectation.names.iter().enumerate();
        names
            .filter(|(_, name)| name.group == Some(group))
            .map(|(name, _)| self.live(NameId(name), member))
            .collect()
    }

    /// What a name stands for, 0 where that is open or the name does not come again. A name that
    /// the rules free counts too: how many faults the rest needs depends on it.
    fn live(&self, name: NameId, member: usize) -> u32 {
        match self.bound[name.0][member] {
            Some(value) if self.to_come[name.0][member] > 0 => value + 1,
            _ => 0,
        }
    }

    /// All on which it depends whether the output can be placed from the line `at` on.
    fn state(&self, at: usize) -> Box<[u32]> {
        let block = self.block_of[at];
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut state = vec![narrow(at), narrow(self.faults_left)];
        let slots = &self.expectation.blocks[block].slots;
        let mut lanes: Vec<(usize, usize, Vec<u32>)> = slots
            .iter()
            .zip(&self.progress[block])
            .map(|(slot, &done)| (slot.kind, done, self.texts_of(slot)))
            .collect();
        lanes.sort_unstable();
        for (_, done, texts) in lanes {
            state.push(narrow(done));
            state.extend(texts);
        }
        for (group, lanes) in self.expectation.groups.iter().enumerate() {
            if slots.iter().any(|slot| slot.member.is_some_and(|(own, _)| own == group)) {
                continue;
            }
            let mut texts: Vec<_> =
                (0..lanes.count).map(|member| self.texts_of_member(group, member)).collect();
            texts.sort_unstable();
            state.extend(texts.into_iter().flatten());
        }
        for (index, name) in self.expectation.names.iter().enumerate() {
            if name.group.is_none() {
                state.push(self.live(NameId(index), 0));
            }
        }
        // Where nobody counts faults, threads that need not differ make no difference.
        let counts_faults = narrow(self.faults_left) < u32::MAX;
        if self.unbound_threads > 0 && (self.rules.parts_threads() || counts_faults) {
            let from = state.len();
            state.extend(self.thread_of.keys());
            state[from..].sort_unstable();
        }
        state.into()
    }

    /// Where the lines belong that these slots wrote, one after another.
    fn places(&self, slots: impl Iterator<Item = usize>) -> Vec<Place> {
        let mut done: Vec<Vec<usize>> = self.progress.iter().map(|p| vec![0; p.len()]).collect();
        slots
            .enumerate()
            .map(|(at, number)| {
                let block = self.block_of[at];
                let slot = &self.expectation.blocks[block].slots[number];
                let step = &slot.steps[done[block][number]];
                done[block][number] += 1;
                Place { line: step.line, member: slot.member.map_or(0, |(_, member)| member) }
            })
            .collect()
    }

    fn stuck(&self, farthest: &Trail) -> Stuck {
        let slots = &farthest.slots;
        Stuck { at: slots.len(), places: self.places(slots.iter().copied()) }
    }

    fn lanes_of_block(&self, at: usize) -> HashMap<usize, usize> {
        let slots = self.expectation.blocks[self.block_of[at]].slots.iter();
        slots.map(|slot| (slot.steps[0].line, 0)).collect()
    }

    fn blame(&self, at: usize, frame: &Frame, failures: &mut HashMap<usize, usize>) {
        if frame.state.is_some() {
            for move_ in frame.moves.iter().chain(frame.taken.as_ref().map(|(move_, _)| move_)) {
                *failures.entry(self.line_of(at, move_.slot)).or_default() += 1;
            }
        }
    }
}

/// Which of the lanes that have the name it is in this slot.
fn member_for(expectation: &Expectation, name: NameId, slot: &Slot) -> usize {
    match (expectation.name(name).group, slot.member) {
        (Some(_), Some((_, member))) => member,
        _ => 0,
    }
}

/// The lanes that most ways led through in vain, at most four.
fn most(failures: HashMap<usize, usize>) -> Vec<usize> {
    let mut lanes: Vec<(usize, usize)> = failures.into_iter().collect();
    lanes.sort_by_key(|&(line, count)| (std::cmp::Reverse(count), line));
    lanes.truncate(4);
    lanes.into_iter().map(|(line, _)| line).collect()
}
