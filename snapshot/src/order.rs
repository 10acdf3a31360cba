//! Which lines a run expects, and in which orders they may come.
//!
//! The expected lines of a stream fall into blocks that follow one another: a line without a
//! gutter is a block of its own, consecutive gutter lines are one. How many lines a block takes
//! is known beforehand, so each block has its fixed place in the output. Inside a block every
//! lane is a sequence of steps, and a step may have to wait for marks.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::notation::Errors;
use crate::pattern::{NameId, Pattern};

/// More lines than this in one run are taken for a slip in a `*N`.
const MAX_LINES: usize = 1_000_000;

/// One line of the snapshot.
#[derive(Debug)]
pub(crate) struct ExpectedLine {
    /// Line in the file, from 1.
    pub(crate) number: usize,
    /// Its text as written, without the gutter.
    pub(crate) text: String,
    pub(crate) gutter: Option<Gutter>,
    /// The `*N` lanes that it belongs to.
    pub(crate) group: Option<usize>,
    pub(crate) pattern: Pattern,
}

/// What stands before the `|` of a line.
#[derive(Debug)]
pub(crate) struct Gutter {
    pub(crate) lane: Lane,
    pub(crate) mark: Option<Mark>,
    pub(crate) after: Vec<Mark>,
}

#[derive(Debug)]
pub(crate) enum Lane {
    /// `|`: a lane for this line alone.
    Anonymous,
    /// `lane|`, `lane*N|`.
    Named { name: String, count: Option<usize> },
}

/// The name of a mark, and its column in the file.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) name: String,
    pub(crate) column: usize,
}

/// A value that has a name.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// The line of the file that gives it.
    pub(crate) line: usize,
    /// The `*N` lanes each of which has it for itself; the whole run where absent.
    pub(crate) group: Option<usize>,
    /// Of type `thread`: no two of them are the same.
    pub(crate) is_thread: bool,
}

/// The N lanes of a `LANE*N`, wherever they stand in the run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) lane: String,
    pub(crate) count: usize,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}*{}", self.lane, self.count)
    }
}

impl Lane {
    pub(crate) fn group(&self) -> Option<Group> {
        match self {
            Self::Named { name, count: Some(count) } => {
                Some(Group { lane: name.clone(), count: *count })
            }
            _ => None,
        }
    }
}

/// Index of a pattern in [`Expectation::patterns`].
pub(crate) type PatternId = usize;

/// All that a run expects of both streams.
#[derive(Debug)]
pub(crate) struct Expectation {
    /// The lines of standard output, then those of standard error.
    pub(crate) lines: Vec<ExpectedLine>,
    /// How many of `lines` are of standard output.
    pub(crate) stdout_lines: usize,
    pub(crate) names: Vec<Name>,
    pub(crate) groups: Vec<Group>,
    /// The blocks of standard output, then those of standard error.
    pub(crate) blocks: Vec<Block>,
    /// The different patterns of all lines, by one line that has each.
    pub(crate) patterns: Vec<usize>,
    /// The pattern of each line.
    pub(crate) pattern_of: Vec<PatternId>,
}

/// Lines that may interleave, or one that may not.
#[derive(Debug)]
pub(crate) struct Block {
    /// Index of its first line in [`Expectation::lines`].
    pub(crate) first_line: usize,
    /// How many output lines it takes.
    pub(crate) size: usize,
    /// The lanes, each as often as its count says.
    pub(crate) slots: Vec<Slot>,
    /// How many output lines carry each mark.
    pub(crate) marks: Vec<usize>,
}

impl Block {
    /// The index behind its last line.
    pub(crate) fn end_line(&self) -> usize {
        let lines = self.slots.iter().flat_map(|slot| slot.steps.iter()).map(|step| step.line);
        lines.max().map_or(self.first_line, |last| last + 1)
    }
}

/// One lane in a block, or one of the N lanes of a `*N`.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) steps: Arc<[Step]>,
    /// Slots of one kind differ in nothing but their progress and what their names stand for.
    pub(crate) kind: usize,
    /// The `*N` lanes that it belongs to, and which of them it is.
    pub(crate) member: Option<(usize, usize)>,
}

/// One expected line in a lane.
#[derive(Debug)]
pub(crate) struct Step {
    /// Index in [`Expectation::lines`].
    pub(crate) line: usize,
    pub(crate) pattern: PatternId,
    /// The mark that it carries, by its index in [`Block::marks`].
    pub(crate) mark: Option<usize>,
    /// The marks that it waits for.
    pub(crate) after: Vec<usize>,
}

impl Expectation {
    /// Lays out the lines, the first `stdout_lines` of which are of standard output.
    #[expect(clippy::mutable_key_type, reason = "a regular expression is known by its source")]
    pub(crate) fn new(
        lines: Vec<ExpectedLine>,
        stdout_lines: usize,
        names: Vec<Name>,
        groups: Vec<Group>,
        errors: &mut Errors,
    ) -> Self {
        let mut ids = HashMap::new();
        let mut patterns = Vec::new();
        let mut pattern_of = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let id = *ids.entry(line.pattern.clone()).or_insert_with(|| {
                patterns.push(index);
                patterns.len() - 1
            });
            pattern_of.push(id);
        }

        let mut expectation =
            Self { lines, stdout_lines, names, groups, blocks: Vec::new(), patterns, pattern_of };
        let mut total = 0;
        for line in 0..expectation.lines.len() {
            total += expectation.count(line);
            if total > MAX_LINES {
                let problem = format!("the run expects more than {MAX_LINES} lines");
                errors.add(expectation.lines[line].number, 1, problem, "make the counts smaller");
                return expectation;
            }
        }
        for (from, to) in expectation.block_bounds() {
            let block = expectation.block(from, to, errors);
            expectation.blocks.push(block);
        }
        expectation
    }

    pub(crate) fn pattern(&self, id: PatternId) -> &Pattern {
        &self.lines[self.patterns[id]].pattern
    }

    /// How many output lines this expected line stands for.
    pub(crate) fn count(&self, line: usize) -> usize {
        self.lines[line].group.map_or(1, |group| self.groups[group].count)
    }

    /// How many lines standard output has, and standard error.
    pub(crate) fn sizes(&self) -> [usize; 2] {
        let size = |lines: std::ops::Range<usize>| lines.map(|line| self.count(line)).sum();
        [size(0..self.stdout_lines), size(self.stdout_lines..self.lines.len())]
    }

    /// Names a lane as the snapshot does.
    pub(crate) fn lane_name(&self, line: usize) -> String {
        match self.lines[line].gutter.as_ref().map(|gutter| &gutter.lane) {
            Some(Lane::Named { name, count: None }) => name.clone(),
            Some(Lane::Named { name, count: Some(count) }) => format!("{name}*{count}"),
            Some(Lane::Anonymous) | None => format!("| {}", self.lines[line].text),
        }
    }

    pub(crate) fn name(&self, id: NameId) -> &Name {
        &self.names[id.0]
    }

    fn block_bounds(&self) -> Vec<(usize, usize)> {
        let mut bounds = Vec::new();
        let mut from = 0;
        for (index, line) in self.lines.iter().enumerate() {
            let ends = line.gutter.is_none()
                || index + 1 == self.stdout_lines
                || self.lines.get(index + 1).is_none_or(|next| next.gutter.is_none());
            if ends {
                bounds.push((from, index + 1));
                from = index + 1;
            }
        }
        bounds
    }

    fn block(&self, from: usize, to: usize, errors: &mut Errors) -> Block {
        let mut marks = Marks::default();
        let mut lanes = self.lanes(from, to, &mut marks, errors);
        for step in lanes.iter_mut().flat_map(|lane| &mut lane.steps) {
            let line = &self.lines[step.line];
            step.after = marks.awaited(line.gutter.as_ref(), line.number, errors);
        }
        self.refuse_cycle(&lanes, &marks, errors);

        let mut kinds = HashMap::new();
        let mut slots = Vec::new();
        for LaneLines { name, steps, .. } in lanes {
            let group = self.lines[steps[0].line].group;
            let shape: Vec<_> =
                steps.iter().map(|step| (step.pattern, step.mark, step.after.clone())).collect();
            let next = kinds.len();
            // The names of a `*N` are its own, so no other lane is of its kind.
            let own = group.and(name);
            let kind = *kinds.entry((own, shape)).or_insert(next);
            let steps: Arc<[Step]> = steps.into();
            for number in 0..group.map_or(1, |group| self.groups[group].count) {
                let member = group.map(|group| (group, number));
                slots.push(Slot { steps: Arc::clone(&steps), kind, member });
            }
        }
        let size = (from..to).map(|line| self.count(line)).sum();
        Block { first_line: from, size, slots, marks: marks.totals }
    }

    /// The lanes of a block in the order of their first lines. What their steps wait for is open.
    fn lanes(
        &self,
        from: usize,
        to: usize,
        marks: &mut Marks,
        errors: &mut Errors,
    ) -> Vec<LaneLines<'_>> {
        let mut lanes: Vec<LaneLines<'_>> = Vec::new();
        let mut lane_of: HashMap<&str, usize> = HashMap::new();
        for index in from..to {
            let line = &self.lines[index];
            let (name, count) = match line.gutter.as_ref().map(|gutter| &gutter.lane) {
                Some(Lane::Named { name, count }) => (Some(name.as_str()), *count),
                Some(Lane::Anonymous) | None => (None, None),
            };
            let step = Step {
                line: index,
                pattern: self.pattern_of[index],
                mark: marks.carried(line.gutter.as_ref(), self.count(index)),
                after: Vec::new(),
            };
            let known = name.and_then(|name| lane_of.get(name));
            let Some(lane) = known.map(|&known| &mut lanes[known]) else {
                lane_of.extend(name.map(|name| (name, lanes.len())));
                lanes.push(LaneLines { name, count, steps: vec![step] });
                continue;
            };
            if lane.count != count {
                let written = |count: Option<usize>| {
                    count.map_or_else(|| "no count".to_owned(), |count| format!("*{count}"))
                };
                let problem = format!(
                    "the lane {} has {} here and {} in line {}",
                    name.unwrap_or_default(),
                    written(count),
                    written(lane.count),
                    self.lines[lane.steps[0].line].number,
                );
                let remedy = "give a lane one count in a block, or name two lanes";
                errors.add(line.number, 1, problem, remedy);
            }
            lane.steps.push(step);
        }
        lanes
    }

    /// Reports lines that wait for one another. That the N lanes of a `*N` are taken as one
    /// changes nothing: what one of them waits for they all do.
    fn refuse_cycle(&self, lanes: &[LaneLines<'_>], marks: &Marks, errors: &mut Errors) {
        // A line can come when the line before it in its lane and all its marks have.
        let mut unmarked: Vec<usize> = vec![0; marks.totals.len()];
        for step in lanes.iter().flat_map(|lane| &lane.steps) {
            if let Some(mark) = step.mark {
                unmarked[mark] += 1;
            }
        }
        let mut progress = vec![0; lanes.len()];
        let mut moved = true;
        while moved {
            moved = false;
            for (lane, done) in lanes.iter().zip(&mut progress) {
                while let Some(step) = lane.steps.get(*done) {
                    if step.after.iter().any(|&mark| unmarked[mark] > 0) {
                        break;
                    }
                    if let Some(mark) = step.mark {
                        unmarked[mark] -= 1;
                    }
                    *done += 1;
                    moved = true;
                }
            }
        }
        let stuck: Vec<&Step> =
            lanes.iter().zip(&progress).filter_map(|(lane, &done)| lane.steps.get(done)).collect();
        let Some(first) = stuck.iter().map(|step| step.line).min() else { return };
        let line = &self.lines[first];
        let numbers: Vec<String> =
            stuck.iter().map(|step| self.lines[step.line].number.to_string()).collect();
        let problem = match numbers.as_slice() {
            [_] => "no order is possible: the line waits for itself".to_owned(),
            numbers => format!(
                "no order is possible: each of the lines {} waits for another",
                numbers.join(", ")
            ),
        };
        let column = line.gutter.as_ref().and_then(|gutter| gutter.after.first());
        let remedy = "take out one `<` of the circle";
        errors.add(line.number, column.map_or(1, |mark| mark.column), problem, remedy);
    }
}

/// The lines of a lane in a block. Of a `*N` there is one, which stands for all of them.
struct LaneLines<'a> {
    name: Option<&'a str>,
    count: Option<usize>,
    steps: Vec<Step>,
}

/// The marks of a block while it is read.
#[derive(Default)]
struct Marks {
    ids: HashMap<String, usize>,
    totals: Vec<usize>,
}

impl Marks {
    fn carried(&mut self, gutter: Option<&Gutter>, count: usize) -> Option<usize> {
        let mark = gutter?.mark.as_ref()?;
        let next = self.totals.len();
        let id = *self.ids.entry(mark.name.clone()).or_insert(next);
        if id == next {
            self.totals.push(0);
        }
        self.totals[id] += count;
        Some(id)
    }

    fn awaited(&self, gutter: Option<&Gutter>, number: usize, errors: &mut Errors) -> Vec<usize> {
        let mut ids = Vec::new();
        for mark in gutter.iter().flat_map(|gutter| &gutter.after) {
            match self.ids.get(&mark.name) {
                Some(&id) => ids.push(id),
                None => {
                    let problem = format!("no line of this block is marked \"{}\"", mark.name);
                    let remedy =
                        format!("mark the line that has to come first, `lane@{}|`", mark.name);
                    errors.add(number, mark.column, problem, remedy);
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
