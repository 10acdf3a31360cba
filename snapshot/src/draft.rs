//! Writes a first snapshot out of several outputs: the orders that every one of them kept, and
//! placeholders for what changed.
//!
//! It is a draft. What never happened in a few runs may still be legal, so a person has to read
//! it; the note that it begins with says so.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::notation::{escaped, with_backslash_if_needed};
use crate::{Output, Snapshot, StreamText, Verdict};

/// Values that may change from run to run.
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"ThreadId\([0-9]+\)|-?[0-9]+\.[0-9]+|-?[0-9]+").expect("the expression is sound")
});

/// Writes a first snapshot out of several outputs of one run of `program`: the orders that all of
/// them kept, and placeholders for what changed. Ends with a line end.
///
/// # Errors
/// Why the outputs have no common shape.
pub fn draft(
    program: &str,
    arguments: &[String],
    exit: i32,
    outputs: &[Output<'_>],
) -> Result<String, String> {
    let words = std::iter::once(program).chain(arguments.iter().map(String::as_str));
    let command = shlex::try_join(words).map_err(|error| error.to_string())?;
    let mut text = format!(
        "A draft out of {} runs. Loosen what the program does not guarantee, and write here what it\n\
         does; narrow the placeholders to ranges and names.\n\n$ {command}\n",
        outputs.len()
    );
    if exit != 0 {
        text.push_str(&format!("% exit {exit}\n"));
    }
    let streams: [fn(&Output<'_>) -> StreamText; 2] =
        [|output| StreamText::new(output.stdout), |output| StreamText::new(output.stderr)];
    for (stream, setting) in streams.into_iter().zip(["", "% stderr\n"]) {
        let texts: Vec<StreamText> = outputs.iter().map(stream).collect();
        if texts.iter().any(|text| !text.foreign.is_empty()) {
            return Err("the program writes what is not UTF-8".to_owned());
        }
        if texts.iter().any(|text| !text.lines.is_empty()) {
            let runs: Vec<&[String]> = texts.iter().map(|text| text.lines.as_slice()).collect();
            text.push_str(setting);
            text.push_str(&draft_stream(&runs)?);
        }
    }

    let snapshot = Snapshot::parse(&text).map_err(|errors| format!("{}", errors[0]))?;
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

fn draft_stream(runs: &[&[String]]) -> Result<String, String> {
    let mut items = items(runs)?;
    items.sort_by_key(|item| item.came_at[0]);
    let mut text = String::new();
    let mut from = 0;
    let mut last = 0;
    for to in 1..=items.len() {
        // Where the same lines have come in every run, a block ends.
        last = items[to - 1].came_at.iter().copied().fold(last, usize::max);
        if last < to {
            text.push_str(&match &items[from..to] {
                [only] => format!("{}\n", with_backslash_if_needed(&only.text)),
                block => draft_block(block),
            });
            from = to;
        }
    }
    Ok(text)
}

/// Lines of different runs that are one expected line: of one shape, and of those the first in
/// one run is the first in another.
fn items(runs: &[&[String]]) -> Result<Vec<Item>, String> {
    // The shape of a line is what stands between its values.
    let mut shapes: BTreeMap<Vec<&str>, Vec<Vec<usize>>> = BTreeMap::new();
    for (run, lines) in runs.iter().enumerate() {
        for (at, line) in lines.iter().enumerate() {
            let shape = VALUE.split(line).collect();
            shapes.entry(shape).or_insert_with(|| vec![Vec::new(); runs.len()])[run].push(at);
        }
    }
    let mut items = Vec::new();
    for places in shapes.into_values() {
        if let Some(other) = places.iter().position(|of_run| of_run.len() != places[0].len()) {
            let (run, at) = match places[0].first() {
                Some(&at) => (0, at),
                None => (other, places[other][0]),
            };
            return Err(format!("not every run prints \"{}\" equally often", runs[run][at]));
        }
        // Values that are the same ones in every run tell the lines apart: the number of a worker
        // stays, the time that it took does not.
        let mut by_key: BTreeMap<Vec<&str>, Vec<Vec<usize>>> = BTreeMap::new();
        let stable = stable_values(runs, &places);
        for (run, of_run) in places.iter().enumerate() {
            for &at in of_run {
                let values = VALUE.find_iter(&runs[run][at]).map(|value| value.as_str());
                let key = values.enumerate().filter(|(index, _)| stable.contains(index));
                by_key
                    .entry(key.map(|(_, value)| value).collect())
                    .or_insert_with(|| vec![Vec::new(); runs.len()])[run]
                    .push(at);
            }
        }
        let are_even = |places: &Vec<Vec<usize>>| places.iter().all(|p| p.len() == places[0].len());
        let groups: Vec<Vec<Vec<usize>>> = if by_key.values().all(are_even) {
            by_key.into_values().collect()
        } else {
            vec![places]
        };
        for places in groups {
            let lines = places.iter().zip(runs);
            let lines = lines.flat_map(|(of_run, run)| of_run.iter().map(|&at| run[at].as_str()));
            items.extend(in_turn(&with_placeholders(&lines.collect::<Vec<_>>()), &places));
        }
    }
    Ok(items)
}

/// Which values of lines of one shape, counted from the left, are the same ones in every run.
fn stable_values(runs: &[&[String]], places: &[Vec<usize>]) -> Vec<usize> {
    let column = |run: usize, index: usize| {
        let lines = places[run].iter().map(|&at| &runs[run][at]);
        let mut values: Vec<&str> =
            lines.filter_map(|line| VALUE.find_iter(line).nth(index)).map(|v| v.as_str()).collect();
        values.sort_unstable();
        values
    };
    let count = places[0].first().map_or(0, |&at| VALUE.find_iter(&runs[0][at]).count());
    let is_thread = |index: usize| column(0, index).iter().any(|value| value.starts_with("Thread"));
    (0..count)
        .filter(|&index| !is_thread(index))
        .filter(|&index| (1..runs.len()).all(|run| column(run, index) == column(0, index)))
        .collect()
}

fn in_turn(text: &str, places: &[Vec<usize>]) -> Vec<Item> {
    (0..places[0].len())
        .map(|turn| Item {
            text: text.to_owned(),
            came_at: places.iter().map(|of_run| of_run[turn]).collect(),
        })
        .collect()
}

/// Lines of one shape as one text, with placeholders for the values in which they differ.
fn with_placeholders(lines: &[&str]) -> String {
    let values: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| VALUE.find_iter(line).map(|value| value.as_str()).collect())
        .collect();
    let mut text = String::new();
    let mut end = 0;
    for (index, value) in VALUE.find_iter(lines[0]).enumerate() {
        text.push_str(&escaped(&lines[0][end..value.start()]));
        end = value.end();
        let mut all = values.iter().map(|of_line| of_line[index]);
        // Ids are given out in order, so a few runs may well agree on one that is not certain.
        if value.as_str().starts_with("ThreadId") {
            text.push_str("{thread}");
        } else if all.clone().all(|other| other == value.as_str()) {
            text.push_str(&escaped(value.as_str()));
        } else if all.any(|value| value.contains('.')) {
            text.push_str("{float}");
        } else {
            text.push_str("{int}");
        }
    }
    text.push_str(&escaped(&lines[0][end..]));
    text
}

/// Lines that interleaved: as few lanes as a first fit finds, and marks for orders across them.
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
        let before: Vec<usize> =
            (0..items.len()).filter(|&earlier| items[earlier].always_precedes(item)).collect();
        after[later] = before
            .iter()
            .copied()
            .filter(|&one| lane_of[one] != lane_of[later])
            .filter(|&one| !before.iter().any(|&other| items[one].always_precedes(&items[other])))
            .collect();
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
