//! The lines of one run, and which thread printed each of them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use legal_outputs::{OutlineLane, OutlineLine, Stream, printable};
use regex::Regex;

use crate::check::{Fault, RunResult, messages};
use crate::suite::Case;

/// So many lines are drawn, and no more.
const MAX_LINES: usize = 300;

/// One run.
pub struct Timeline {
    /// The run as the snapshot names it: `NAME ARG…`.
    pub title: String,
    /// The names of the threads, in the order in which they print their first lines.
    pub threads: Vec<String>,
    /// The lines in the order in which they came.
    pub lines: Vec<Line>,
    /// Pairs of lines of different threads, of which the snapshot says that the first comes first.
    pub arrows: Vec<(usize, usize)>,
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
    /// Its text without the thread id or the name at its beginning, if that names its thread, and
    /// without the name of the lesson.
    pub label: String,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// A line of the output, and the line of the snapshot that it stands for.
struct Source<'a> {
    stream: Stream,
    number: usize,
    time: Duration,
    text: String,
    /// With the number of its lane, if it is one of several.
    expected: Option<(&'a OutlineLine, usize)>,
}

impl Timeline {
    /// The timeline of a run with this result.
    pub fn of(case: Case<'_>, result: &RunResult) -> Self {
        let outline = case.run().outline();
        let (sources, omitted) = sources(case, result, &outline);
        let labels = labels(&sources);
        let mut threads: Vec<String> = Vec::new();
        let mut lines = Vec::new();
        let program = &case.run().program;
        for (source, (name, label)) in sources.iter().zip(labels) {
            // The title says the name of the lesson already. A short one may be a word of the text.
            let is_long = program.len() > 15;
            let label = if is_long { label.replace(program.as_str(), "…") } else { label };
            let thread = threads.iter().position(|known| *known == name).unwrap_or_else(|| {
                threads.push(name);
                threads.len() - 1
            });
            let fault = fault_of(source, result);
            let (time, text) = (source.time, source.text.clone());
            lines.push(Line { thread, time, text, label, fault });
        }
        let is_legal = result.reading.is_some();
        Self {
            title: case.title(),
            arrows: if is_legal { arrows(&sources, &lines) } else { Vec::new() },
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

/// For each line the name of the thread that printed it, and the text without that name.
fn labels(sources: &[Source<'_>]) -> Vec<(String, String)> {
    let id = Regex::new(r"ThreadId\(\d+\)").expect("the expression is well-formed");
    let named_id = Regex::new(r"\{([a-z]\w*):thread\}").expect("the expression is well-formed");
    let speaker = Regex::new(r"^(\w+): ").expect("the expression is well-formed");

    let mut id_names: HashMap<String, String> = HashMap::new();
    let mut speakers: HashMap<String, usize> = HashMap::new();
    for source in sources {
        if let Some(id) = id.find(&source.text)
            && let Some((line, _)) = source.expected
            && let Some(name) = named_id.captures(&line.text)
        {
            id_names.entry(id.as_str().to_owned()).or_insert_with(|| name[1].to_owned());
        }
        if let Some(found) = speaker.captures(&source.text) {
            *speakers.entry(found[1].to_owned()).or_default() += 1;
        }
    }
    let mut anonymous = 0;
    let label = |source: &Source<'_>| {
        let Source { stream, text, expected, .. } = source;
        let lane = expected.map(|(line, number)| (&line.lane, number));
        if let Some((OutlineLane::Named { name, count }, number)) = lane {
            let number = if count.is_some() { format!(" {}", number + 1) } else { String::new() };
            return (format!("{name}{number}"), text.clone());
        }
        if let Some(id) = id.find(text) {
            let id = id.as_str();
            let name = id_names.get(id).map_or(id, String::as_str);
            return (
                name.to_owned(),
                text.strip_prefix(id).unwrap_or(text).trim_start().to_owned(),
            );
        }
        if let Some(found) = speaker.captures(text)
            && speakers[&found[1]] > 1
        {
            return (found[1].to_owned(), text[found[0].len()..].to_owned());
        }
        let name = match (lane, stream) {
            (Some((OutlineLane::Anonymous, _)), _) => {
                anonymous += 1;
                format!("lane {anonymous}")
            }
            (_, Stream::Stderr) => "stderr".to_owned(),
            // No line of the snapshot is like it, so its thread is not known.
            (None, Stream::Stdout) => "?".to_owned(),
            _ => "main".to_owned(),
        };
        (name, text.clone())
    };
    sources.iter().map(label).collect()
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

/// Pairs of lines of different threads that the snapshot orders by a mark or by a barrier. Before and
/// after a barrier, only the last and the first line of each thread count.
fn arrows(sources: &[Source<'_>], lines: &[Line]) -> Vec<(usize, usize)> {
    let mut arrows = Vec::new();
    // The first and the last line of each thread in each block.
    let mut ends: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
    for (to, source) in sources.iter().enumerate() {
        let Some((line, _)) = source.expected else { continue };
        ends.entry((line.block, lines[to].thread)).or_insert((to, to)).1 = to;
        for (from, other) in sources.iter().enumerate() {
            let marked = other.expected.filter(|(other, _)| other.block == line.block);
            let mark = marked.and_then(|(other, _)| other.mark.as_ref());
            if mark.is_some_and(|mark| line.after.contains(mark)) {
                arrows.push((from, to));
            }
        }
    }
    for (&(block, _), &(_, from)) in &ends {
        let next = ends.range((block + 1, 0)..(block + 2, 0));
        let next = next.map(|(_, &(to, _))| to);
        let same_stream = next.filter(|&to| sources[to].stream == sources[from].stream);
        arrows.extend(same_stream.map(|to| (from, to)));
    }
    arrows.retain(|&(from, to)| lines[from].thread != lines[to].thread);
    arrows
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
