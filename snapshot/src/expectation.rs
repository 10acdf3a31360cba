//! Which lines a run expects, and in which orders they may come.
//!
//! The expected lines of a stream fall into blocks that follow one another: a line without a
//! gutter is a block of its own, and consecutive lines with gutters are one block. How many output
//! lines a block takes is known beforehand, so each block has a fixed place in the output. Inside a
//! block every lane is a sequence of steps, and a step may have to wait for marks.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::pattern::{NameId, Pattern};
use crate::value::Kind;

/// All that a run expects of both streams.
#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    /// The lines of standard output, then those of standard error.
    pub(crate) lines: Vec<ExpectedLine>,
    /// How many of `lines` belong to standard output.
    pub(crate) stdout_lines: usize,
    pub(crate) names: Vec<Name>,
    pub(crate) groups: Vec<Group>,
    /// The blocks of standard output, then those of standard error.
    pub(crate) blocks: Vec<Block>,
    /// The different patterns of all lines: for each, the index of one line that has it.
    pub(crate) patterns: Vec<usize>,
    /// The pattern of each line.
    pub(crate) pattern_of: Vec<PatternId>,
    /// How often each line is left out. Nothing is, but while an output is explained that lacks
    /// lines.
    pub(crate) absent: Vec<usize>,
}

/// Index of a pattern in [`Expectation::patterns`].
pub(crate) type PatternId = usize;

/// One line of the snapshot.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedLine {
    /// Line in the file, from 1.
    pub(crate) number: usize,
    /// Its text as written, without the gutter.
    pub(crate) text: String,
    pub(crate) gutter: Option<Gutter>,
    /// What it may have been meant to be, if it looks like another part of the notation.
    pub(crate) hint: Option<String>,
    /// The `*N` lanes that it belongs to.
    pub(crate) group: Option<usize>,
    pub(crate) pattern: Pattern,
}

/// What stands before the `|` of a line.
#[derive(Debug, Clone)]
pub(crate) struct Gutter {
    pub(crate) lane: Lane,
    pub(crate) mark: Option<Mark>,
    pub(crate) after: Vec<Mark>,
}

#[derive(Debug, Clone)]
pub(crate) enum Lane {
    /// `|`: a lane for this line alone.
    Anonymous,
    /// `lane|`, `lane*N|`.
    Named { name: String, count: Option<usize> },
}

/// The name of a mark, and its column in the file.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) name: String,
    pub(crate) column: usize,
}

/// A name that the run gives to a value.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// The line of the file that defines it.
    pub(crate) line: usize,
    /// The `*N` lanes, each of which has the name for itself; the whole run where absent.
    pub(crate) group: Option<usize>,
    pub(crate) kind: Kind,
}

/// The N lanes of a `LANE*N`, wherever they stand in the run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// Lines that may interleave, or one line without a gutter.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Its lines, as indices in [`Expectation::lines`].
    pub(crate) lines: Range<usize>,
    /// How many output lines it takes.
    pub(crate) size: usize,
    /// The lanes, each as often as its count says.
    pub(crate) slots: Vec<Slot>,
    /// How many output lines carry each mark.
    pub(crate) marks: Vec<usize>,
}

/// One lane in a block, or one of the N lanes of a `*N`.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) steps: Arc<[Step]>,
    /// Slots of one kind differ only in their progress and in the values of their names.
    pub(crate) kind: usize,
    /// The `*N` lanes that it belongs to, and which of them it is.
    pub(crate) member: Option<(usize, usize)>,
}

/// One expected line in a lane.
#[derive(Debug, Clone)]
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
    pub(crate) fn pattern(&self, id: PatternId) -> &Pattern {
        &self.lines[self.patterns[id]].pattern
    }

    /// How many output lines an expected line stands for.
    pub(crate) fn count(&self, line: usize) -> usize {
        self.lines[line].group.map_or(1, |group| self.groups[group].count) - self.absent[line]
    }

    /// How many lines standard output has, and standard error.
    pub(crate) fn sizes(&self) -> [usize; 2] {
        let size = |lines: Range<usize>| lines.map(|line| self.count(line)).sum();
        [size(0..self.stdout_lines), size(self.stdout_lines..self.lines.len())]
    }

    /// The name of a line's lane, as the snapshot writes it.
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

    /// How many lanes have a name for themselves; 1 for a name of the whole run.
    pub(crate) fn holders(&self, name: NameId) -> usize {
        self.name(name).group.map_or(1, |group| self.groups[group].count)
    }
}

impl Block {
    /// The first line of each lane.
    pub(crate) fn first_lines(&self) -> impl Iterator<Item = usize> {
        let mut last = None;
        self.slots.iter().map(|slot| slot.steps[0].line).filter(move |&line| {
            let is_new = last != Some(line);
            last = Some(line);
            is_new
        })
    }
}
