//! The structure of a run, for drawing it.

use crate::budget::Budget;
use crate::expectation::{Expectation, Lane, Mark};
use crate::output::Stream;
use crate::pattern::Pattern;

/// One line that a run expects, with its place among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineLine {
    /// Its line in the snapshot's file, from 1. An [`Origin`](crate::Origin) refers to it by this
    /// number.
    pub number: usize,
    /// Its text as the snapshot writes it, without the gutter.
    pub text: String,
    /// The stream that it comes on.
    pub stream: Stream,
    /// The number of its block in the run, from 0. The lines of one block may interleave, and the
    /// blocks of a stream follow one another.
    pub block: usize,
    /// The lane that it belongs to.
    pub lane: OutlineLane,
    /// The mark that it carries.
    pub mark: Option<String>,
    /// The marks that it waits for.
    pub after: Vec<String>,
}

/// The lane of an [`OutlineLine`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OutlineLane {
    /// It has none: it comes after every line above it and before every line below it.
    Barrier,
    /// `|`: a lane for this line alone.
    Anonymous,
    /// `LANE|`, or `LANE*N|`.
    Named {
        /// The name of the lane.
        name: String,
        /// For how many lanes it stands, if it is a `LANE*N`.
        count: Option<usize>,
    },
}

/// The lines of a run in the order of the snapshot.
pub(crate) fn outline(expectation: &Expectation) -> Vec<OutlineLine> {
    let blocks = expectation.blocks.iter().enumerate();
    let lines = blocks.flat_map(|(block, of)| of.lines.clone().map(move |line| (block, line)));
    let lines = lines.map(|(block, index)| {
        let line = &expectation.lines[index];
        let gutter = line.gutter.as_ref();
        let name_of = |mark: &Mark| mark.name.clone();
        OutlineLine {
            number: line.number,
            text: line.text.clone(),
            stream: Stream::BOTH[usize::from(index >= expectation.stdout_lines)],
            block,
            lane: match gutter.map(|gutter| &gutter.lane) {
                None => OutlineLane::Barrier,
                Some(Lane::Anonymous) => OutlineLane::Anonymous,
                Some(Lane::Named { name, count }) => {
                    OutlineLane::Named { name: name.clone(), count: *count }
                }
            },
            mark: gutter.and_then(|gutter| gutter.mark.as_ref()).map(name_of),
            after: gutter
                .map_or_else(Vec::new, |gutter| gutter.after.iter().map(name_of).collect()),
        }
    });
    lines.collect()
}

/// The expected lines of a stream that `text` looks like, by their numbers.
pub(crate) fn lines_like(expectation: &Expectation, stream: Stream, text: &str) -> Vec<usize> {
    let budget = Budget::new(Budget::VERDICT);
    let (stdout, stderr) = expectation.lines.split_at(expectation.stdout_lines);
    let lines = match stream {
        Stream::Stdout => stdout,
        Stream::Stderr => stderr,
    };
    let is_like = |pattern: &Pattern| matches!(pattern.lenient_values(text, &budget), Ok(Some(_)));
    lines.iter().filter(|line| is_like(&line.pattern)).map(|line| line.number).collect()
}
