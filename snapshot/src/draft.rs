//! Drafts a first snapshot from several outputs: the orders that all of them have in common, and
//! placeholders for what differs.
//!
//! What never happened in a few runs may still be legal, so a person has to review the draft. The
//! note at its beginning says so.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::notation::{Snapshot, escape_beginning, escape_braces};
use crate::output::{Output, StreamLines};
use crate::verdict::Verdict;

/// Values that may differ from run to run.
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    // Without a dot, an exponent has a sign: the `3e8` of a hash is no number.
    let number = r"-?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+][0-9]+)?";
    Regex::new(&format!(r"ThreadId\([0-9]+\)|{number}")).expect("the expression is valid")
});

/// Where more lines than this interleave, lanes are not worth reading.
const MAX_INTERLEAVED: usize = 500;

/// Drafts a snapshot from several outputs of one run of `program`: the orders that all of them have
/// in common, and placeholders for what differs. The text ends with a line end.
///
/// # Errors
/// Why the outputs have no common form, in a sentence.
pub fn draft(
    program: &str,
    arguments: &[String],
    exit: i32,
    outputs: &[Output<'_>],
) -> Result<String, String> {
    let words = std::iter::once(program).chain(arguments.iter().map(String::as_str));
    let command = shlex::try_join(words).map_err(|error| error.to_string())?;
    let mut text = format!(
        "A draft from {} runs. Write here what the program guarantees. Then loosen the orders that\n\
         it does not guarantee, and narrow the placeholders to ranges and names.\n\n$ {command}\n",
        outputs.len()
    );
    if exit != 0 {
        text.push_str(&format!("% exit {exit}\n"));
    }
    let stdout = outputs.iter().map(|output| output.stdout).collect();
    let stderr: Vec<&[u8]> = outputs.iter().map(|output| output.stderr).collect();
    for (streams, setting) in [(stdout, ""), (stderr, "% stderr\n")] {
        let streams = streams.into_iter().map(|bytes| StreamLines::split(bytes, usize::MAX));
        let streams: Vec<StreamLines<'_>> = streams.collect();
        if streams.iter().any(|stream| !stream.not_utf8.is_empty()) {
            return Err("the output is not UTF-8".to_owned());
        }
        if streams.iter().any(|stream| !stream.lines.is_empty()) {
            text.push_str(setting);
            text.push_str(&draft_stream(&streams)?);
        }
    }

    let snapshot = Snapshot::parse(&text).map_err(|errors| errors[0].to_string())?;
    for output in outputs {
        match snapshot.runs[0].check(*output) {
            Verdict::Legal(_) => {}
            Verdict::Illegal(_) => return Err("no draft allows all of its outputs".to_owned()),
            Verdict::Undecided(undecided) => return Err(undecided.to_string()),
        }
    }
    Ok(text)
}

/// An expected line: its text, and where it came in each run.
struct Item {
    text: String,
    came_at: Vec<usize>,
}

impl Item {
    fn always_precedes(&self, other: &Self) -> bool {
        self.came_at.iter().zip(&other.came_at).all(|(one, other)| one < other)
    }
}

fn draft_stream(runs: &[StreamLines<'_>]) -> Result<String, String> {
    let mut items = items(runs)?;
    items.sort_by_key(|item| item.came_at[0]);
    let mut text = String::new();
    let mut from = 0;
    let mut last = 0;
    for to in 1..=items.len() {
        // Where the same lines have come in every run, a block ends.
        last = items[to - 1].came_at.iter().copied().fold(last, usize::max);
        if last < to {
            match &items[from..to] {
                [only] => text.push_str(&format!("{}\n", escape_beginning(&only.text))),
                block if block.len() <= MAX_INTERLEAVED => text.push_str(&draft_block(block)),
                block => return Err(format!("too many lines interleave: {}", block.len())),
            }
            from = to;
        }
    }
    Ok(text)
}

/// A line of a run: where it came, and its values.
struct Line<'a> {
    at: usize,
    text: &'a str,
    values: Vec<&'a str>,
}

impl<'a> Line<'a> {
    fn all_of(stream: &'a StreamLines<'_>) -> Vec<Self> {
        let lines = stream.lines.iter().enumerate().map(|(at, text)| {
            let values = VALUE.find_iter(text).map(|value| value.as_str());
            Self { at, text, values: values.collect() }
        });
        lines.collect()
    }
}

/// Lines of one shape, for each run.
type ByRun<'l, 'a> = Vec<Vec<&'l Line<'a>>>;

/// Which lines of different runs are one expected line: those of one shape, in the order in which
/// they came.
fn items(runs: &[StreamLines<'_>]) -> Result<Vec<Item>, String> {
    let runs: Vec<Vec<Line<'_>>> = runs.iter().map(Line::all_of).collect();
    let none = || -> ByRun<'_, '_> { vec![Vec::new(); runs.len()] };
    // The shape of a line is what stands between its values.
    let mut shapes: BTreeMap<Vec<&str>, ByRun<'_, '_>> = BTreeMap::new();
    for (run, lines) in runs.iter().enumerate() {
        for line in lines {
            let shape = VALUE.split(line.text).collect();
            shapes.entry(shape).or_insert_with(none)[run].push(line);
        }
    }
    let mut items = Vec::new();
    for lines in shapes.into_values() {
        let is_even = |lines: &ByRun<'_, '_>| lines.iter().all(|run| run.len() == lines[0].len());
        if !is_even(&lines) {
            let text = lines.iter().flatten().next().map_or("", |line| line.text);
            return Err(format!("not every run prints \"{text}\" equally often"));
        }
        // Values that are the same in every run tell the lines apart: the number of a worker stays,
        // the time that it took does not.
        let stable = stable_values(&lines);
        let mut groups: BTreeMap<Vec<&str>, ByRun<'_, '_>> = BTreeMap::new();
        for (run, of_run) in lines.iter().enumerate() {
            for &line in of_run {
                let key = stable.iter().map(|&index| line.values[index]).collect();
                groups.entry(key).or_insert_with(none)[run].push(line);
            }
        }
        let groups =
            if groups.values().all(is_even) { groups.into_values().collect() } else { vec![lines] };
        for lines in groups {
            let text = with_placeholders(&lines);
            items.extend((0..lines[0].len()).map(|turn| Item {
                text: text.clone(),
                came_at: lines.iter().map(|run| run[turn].at).collect(),
            }));
        }
    }
    Ok(items)
}

/// Which values of lines of one shape, counted from the left, are the same in every run. A thread's
/// id is none: ids are given out in order, so it can be the same in a few runs by chance.
fn stable_values(lines: &ByRun<'_, '_>) -> Vec<usize> {
    let sorted = |run: &[&Line<'_>], index: usize| {
        let mut values: Vec<String> =
            run.iter().map(|line| line.values[index].to_owned()).collect();
        values.sort_unstable();
        values
    };
    let count = lines[0].first().map_or(0, |line| line.values.len());
    let is_stable = |&index: &usize| {
        let first = sorted(&lines[0], index);
        !first[0].starts_with("ThreadId") && lines.iter().all(|run| sorted(run, index) == first)
    };
    (0..count).filter(is_stable).collect()
}

/// Lines of one shape as one text, with placeholders for the values in which they differ.
fn with_placeholders(lines: &ByRun<'_, '_>) -> String {
    let Some(first) = lines.iter().flatten().next() else { return String::new() };
    let mut text = String::new();
    let mut end = 0;
    for (index, value) in VALUE.find_iter(first.text).enumerate() {
        text.push_str(&escape_braces(&first.text[end..value.start()]));
        end = value.end();
        let all = || lines.iter().flatten().map(|line| line.values[index]);
        text.push_str(if value.as_str().starts_with("ThreadId") {
            "{thread}"
        } else if all().all(|other| other == value.as_str()) {
            value.as_str()
        } else if all().any(|value| value.contains(['.', 'e', 'E'])) {
            "{float}"
        } else {
            "{int}"
        });
    }
    text.push_str(&escape_braces(&first.text[end..]));
    text
}

/// Lines that interleave: as few lanes as a first fit finds, and marks for orders across lanes.
fn draft_block(items: &[Item]) -> String {
    let mut lanes: Vec<Vec<usize>> = Vec::new();
    let mut lane_of = vec![0; items.len()];
    for (index, item) in items.iter().enumerate() {
        let fitting = lanes
            .iter()
            .position(|lane| lane.last().is_some_and(|&last| items[last].always_precedes(item)));
        lane_of[index] = fitting.unwrap_or(lanes.len());
        match fitting {
            Some(lane) => lanes[lane].push(index),
            None => lanes.push(vec![index]),
        }
    }
    // Orders that neither a lane nor others imply.
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (later, item) in items.iter().enumerate() {
        // Of each lane the last line that always comes first implies the lines before it.
        let last_before = |lane: &Vec<usize>| {
            let count = lane.partition_point(|&earlier| items[earlier].always_precedes(item));
            lane[..count].last().copied()
        };
        let before: Vec<usize> = lanes.iter().filter_map(last_before).collect();
        let is_implied =
            |&one: &usize| before.iter().any(|&other| items[one].always_precedes(&items[other]));
        let own = lane_of[later];
        let needed = before.iter().copied().filter(|one| lane_of[*one] != own && !is_implied(one));
        after[later] = needed.collect();
        after[later].sort_unstable();
    }
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        let is_marked = after.iter().any(|waits| waits.contains(&index));
        let is_single = lanes[lane_of[index]].len() == 1 && !is_marked && after[index].is_empty();
        if !is_single {
            text.push_str(&lane_name(lane_of[index]));
        }
        if is_marked {
            text.push_str(&format!("@m{}", index + 1));
        }
        for wait in &after[index] {
            text.push_str(&format!("<m{}", wait + 1));
        }
        text.push_str(&format!("| {}\n", item.text));
    }
    text
}

/// `a` to `z`, then `lane27` and so on.
fn lane_name(index: usize) -> String {
    match u8::try_from(index) {
        Ok(index) if index < 26 => char::from(b'a' + index).to_string(),
        _ => format!("lane{}", index + 1),
    }
}
