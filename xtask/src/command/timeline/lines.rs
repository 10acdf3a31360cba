//! The lines of one run, and which thread printed each of them.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use legal_outputs::{OutlineLane, OutlineLine, Stream, printable};

use super::naming::{names, without_name};
use super::order::Order;
use crate::check::{Fault, RunResult, messages};
use crate::command::drawing::without_program;
use crate::suite::Case;

/// So many lines are drawn, and no more.
const MAX_LINES: usize = 300;

/// One run.
pub struct Timeline {
    /// The run as the snapshot names it: `NAME ARG…`.
    pub title: String,
    /// The names of the threads, in the order in which they print their first lines. May be empty.
    pub threads: Vec<String>,
    /// The lines in the order in which they came.
    pub lines: Vec<Line>,
    /// What the snapshot says about the order of lines of different threads.
    pub order: Order,
    /// The lines before which all lines of a block have come.
    pub block_ends: HashSet<usize>,
    /// How many further lines are not drawn.
    pub omitted: usize,
    /// How long the program ran.
    pub time: Duration,
    /// What is wrong, in a sentence each.
    pub faults: Vec<String>,
}

/// One line of the output.
pub struct Line {
    /// The index of its thread.
    pub thread: usize,
    /// When it came, from the start of the program.
    pub time: Duration,
    /// Its text.
    pub text: String,
    /// Its text without the name of its thread at the beginning, and without the name of the lesson.
    pub label: String,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// A line of the output, and the line of the snapshot that it stands for.
pub(super) struct Source<'a> {
    pub stream: Stream,
    number: usize,
    time: Duration,
    pub text: String,
    /// With the number of its lane, if it is one of several.
    pub expected: Option<(&'a OutlineLine, usize)>,
}

impl Timeline {
    /// The timeline of a run with this result.
    pub fn of(case: Case<'_>, result: &RunResult) -> Self {
        let outline = case.run().outline();
        let (sources, omitted) = sources(case, result, &outline);
        let mut threads: Vec<String> = Vec::new();
        let mut lines = Vec::new();
        let program = &case.run().program;
        for (source, name) in sources.iter().zip(names(&sources)) {
            let label = without_name(&source.text, name.as_deref().unwrap_or_default());
            let label = without_program(label, program);
            let known = name.as_ref().and_then(|name| threads.iter().position(|one| one == name));
            let thread = known.unwrap_or_else(|| {
                threads.push(name.unwrap_or_default());
                threads.len() - 1
            });
            let fault = fault_of(source, result);
            let (time, text) = (source.time, source.text.clone());
            lines.push(Line { thread, time, text, label, fault });
        }
        let is_legal = result.reading.is_some();
        Self {
            title: case.title(),
            order: if is_legal { Order::of(&sources, &lines) } else { Order::default() },
            threads,
            lines,
            block_ends: block_ends(&sources),
            omitted,
            time: result.time,
            faults: messages(&result.faults).lines().map(str::to_owned).collect(),
        }
    }

    /// A line or more: whether the output is legal, and if not, why.
    pub fn verdict(&self) -> String {
        let Self { title, faults, .. } = self;
        if faults.is_empty() {
            return format!("{title}: the output is legal\n");
        }
        let faults = faults.iter().map(|fault| format!("  {fault}\n"));
        format!("{title}: the output is not legal\n{}", faults.collect::<String>())
    }
}

/// The lines of both streams in the order in which they came, and how many more there are.
fn sources<'a>(
    case: Case<'_>,
    result: &RunResult,
    outline: &'a [OutlineLine],
) -> (Vec<Source<'a>>, usize) {
    let mut sources = Vec::new();
    let mut total = 0;
    let mut guess = Guess::default();
    let origins = result.reading.as_ref().map(|reading| &reading.origins);
    let streams = [(Stream::Stdout, &result.stdout), (Stream::Stderr, &result.stderr)].into_iter();
    for ((stream, bytes), times) in streams.zip(&result.line_times) {
        let text = String::from_utf8_lossy(bytes);
        for (number, (text, &time)) in text.lines().zip(times).enumerate().take(MAX_LINES) {
            let expected = match origins {
                Some(origins) => {
                    let origin = origins[total + number];
                    let line = outline.iter().find(|line| line.number == origin.line);
                    line.map(|line| (line, origin.lane))
                }
                None => guess.expected(outline, &case.run().lines_like(stream, text)),
            };
            let text = printable(text);
            sources.push(Source { stream, number: number + 1, time, text, expected });
        }
        total += text.lines().count();
    }
    sources.sort_by_key(|source| source.time);
    sources.truncate(MAX_LINES);
    let omitted = total - sources.len();
    (sources, omitted)
}

/// Which lines of the snapshot the lines of an illegal output may stand for: each the first one that
/// it looks like and that is not yet used.
#[derive(Default)]
struct Guess {
    used: HashMap<usize, usize>,
}

impl Guess {
    fn expected<'a>(
        &mut self,
        outline: &'a [OutlineLine],
        candidates: &[usize],
    ) -> Option<(&'a OutlineLine, usize)> {
        let lines = outline.iter().filter(|line| candidates.contains(&line.number));
        for line in lines {
            let lanes = match line.lane {
                OutlineLane::Named { count: Some(count), .. } => count,
                _ => 1,
            };
            let used = self.used.entry(line.number).or_default();
            if *used < lanes {
                *used += 1;
                return Some((line, *used - 1));
            }
        }
        None
    }
}

/// What is wrong with a line.
fn fault_of(source: &Source<'_>, result: &RunResult) -> Option<String> {
    result.faults.iter().find_map(|fault| match fault {
        Fault::Output(fault)
            if fault.stream == source.stream && fault.output_line == Some(source.number) =>
        {
            Some(fault.message.clone())
        }
        _ => None,
    })
}

/// The lines that begin another block than the line before them, where one of the two has lanes.
fn block_ends(sources: &[Source<'_>]) -> HashSet<usize> {
    let mut ends = HashSet::new();
    for (index, pair) in sources.windows(2).enumerate() {
        let [Some((before, _)), Some((after, _))] = [pair[0].expected, pair[1].expected] else {
            continue;
        };
        let has_lanes = [before, after].iter().any(|line| line.lane != OutlineLane::Barrier);
        if before.stream == after.stream && before.block != after.block && has_lanes {
            ends.insert(index + 1);
        }
    }
    ends
}
