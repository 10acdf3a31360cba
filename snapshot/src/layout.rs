//! Lays out the expected lines of a run as blocks of lanes, and refuses orders that are impossible.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::Errors;
use crate::expectation::{
    Block, Expectation, ExpectedLine, Group, Gutter, Lane, Name, PatternId, Slot, Step,
};
use crate::pattern::Pattern;

/// A run that expects more lines than this has a mistake in a `*N`.
const MAX_LINES: usize = 1_000_000;

/// Lays out the lines, the first `stdout_lines` of which belong to standard output.
pub(crate) fn lay_out(
    lines: Vec<ExpectedLine>,
    stdout_lines: usize,
    names: Vec<Name>,
    groups: Vec<Group>,
    errors: &mut Errors,
) -> Expectation {
    let (patterns, pattern_of) = different_patterns(&lines);
    let (blocks, absent) = (Vec::new(), vec![0; lines.len()]);
    let mut expectation =
        Expectation { lines, stdout_lines, names, groups, blocks, patterns, pattern_of, absent };
    let mut total = 0;
    for line in 0..expectation.lines.len() {
        total += expectation.count(line);
        if total > MAX_LINES {
            let problem = format!("the run expects more than {MAX_LINES} lines");
            errors.add(expectation.lines[line].number, 1, problem, "use smaller counts of lanes");
            return expectation;
        }
    }
    expectation.blocks = block_bounds(&expectation)
        .into_iter()
        .map(|(from, to)| block(&expectation, from, to, errors))
        .collect();
    expectation
}

#[expect(clippy::mutable_key_type, reason = "a regular expression is compared by its source")]
fn different_patterns(lines: &[ExpectedLine]) -> (Vec<usize>, Vec<PatternId>) {
    let mut ids: HashMap<&Pattern, PatternId> = HashMap::new();
    let mut patterns = Vec::new();
    let mut pattern_of = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        pattern_of.push(*ids.entry(&line.pattern).or_insert_with(|| {
            patterns.push(index);
            patterns.len() - 1
        }));
    }
    (patterns, pattern_of)
}

fn block_bounds(expectation: &Expectation) -> Vec<(usize, usize)> {
    let lines = &expectation.lines;
    let mut bounds = Vec::new();
    let mut from = 0;
    for (index, line) in lines.iter().enumerate() {
        let ends = line.gutter.is_none()
            || index + 1 == expectation.stdout_lines
            || lines.get(index + 1).is_none_or(|next| next.gutter.is_none());
        if ends {
            bounds.push((from, index + 1));
            from = index + 1;
        }
    }
    bounds
}

fn block(expectation: &Expectation, from: usize, to: usize, errors: &mut Errors) -> Block {
    let mut marks = Marks::default();
    let mut lanes = lanes(expectation, from, to, &mut marks, errors);
    for step in lanes.iter_mut().flat_map(|lane| &mut lane.steps) {
        let line = &expectation.lines[step.line];
        step.after = marks.awaited(line.gutter.as_ref(), line.number, errors);
    }
    refuse_cycle(expectation, &lanes, &marks, errors);

    let mut kinds = HashMap::new();
    let mut slots = Vec::new();
    for LaneLines { name, steps, .. } in lanes {
        let group = expectation.lines[steps[0].line].group;
        let shape: Vec<_> =
            steps.iter().map(|step| (step.pattern, step.mark, step.after.clone())).collect();
        let next = kinds.len();
        // The names of a `*N` are its own, so no other lane is of its kind.
        let own = group.and(name);
        let kind = *kinds.entry((own, shape)).or_insert(next);
        let steps: Arc<[Step]> = steps.into();
        for number in 0..group.map_or(1, |group| expectation.groups[group].count) {
            let member = group.map(|group| (group, number));
            slots.push(Slot { steps: Arc::clone(&steps), kind, member });
        }
    }
    let size = (from..to).map(|line| expectation.count(line)).sum();
    Block { lines: from..to, size, slots, marks: marks.totals }
}

/// The lines of a lane in a block. A `*N` has one, which stands for all N lanes.
struct LaneLines<'a> {
    name: Option<&'a str>,
    count: Option<usize>,
    steps: Vec<Step>,
}

/// The lanes of a block in the order of their first lines. What their steps wait for is not yet
/// known.
fn lanes<'a>(
    expectation: &'a Expectation,
    from: usize,
    to: usize,
    marks: &mut Marks,
    errors: &mut Errors,
) -> Vec<LaneLines<'a>> {
    let mut lanes: Vec<LaneLines<'_>> = Vec::new();
    let mut lane_of: HashMap<&str, usize> = HashMap::new();
    for index in from..to {
        let line = &expectation.lines[index];
        let (name, count) = match line.gutter.as_ref().map(|gutter| &gutter.lane) {
            Some(Lane::Named { name, count }) => (Some(name.as_str()), *count),
            Some(Lane::Anonymous) | None => (None, None),
        };
        let step = Step {
            line: index,
            pattern: expectation.pattern_of[index],
            mark: marks.carried(line.gutter.as_ref(), expectation.count(index)),
            after: Vec::new(),
        };
        let known = name.and_then(|name| lane_of.get(name));
        let Some(lane) = known.map(|&known| &mut lanes[known]) else {
            lane_of.extend(name.map(|name| (name, lanes.len())));
            lanes.push(LaneLines { name, count, steps: vec![step] });
            continue;
        };
        if lane.count != count {
            let problem = format!(
                "this lane is `{}` here but `{}` in line {}",
                expectation.lane_name(index),
                expectation.lane_name(lane.steps[0].line),
                expectation.lines[lane.steps[0].line].number,
            );
            let remedy = "write the same count in all of a block, or use two names";
            errors.add(line.number, 1, problem, remedy);
        }
        lane.steps.push(step);
    }
    lanes
}

/// Reports lines that wait for one another. Here the N lanes of a `*N` can count as one lane,
/// because all of them wait for the same marks.
fn refuse_cycle(
    expectation: &Expectation,
    lanes: &[LaneLines<'_>],
    marks: &Marks,
    errors: &mut Errors,
) {
    // A line can come once the line before it in its lane and all its marks have come.
    let mut marks_to_come: Vec<usize> = vec![0; marks.totals.len()];
    for step in lanes.iter().flat_map(|lane| &lane.steps) {
        if let Some(mark) = step.mark {
            marks_to_come[mark] += 1;
        }
    }
    let mut progress = vec![0; lanes.len()];
    let mut waiting_for: Vec<Vec<usize>> = vec![Vec::new(); marks.totals.len()];
    let mut ready: Vec<usize> = (0..lanes.len()).collect();
    while let Some(lane) = ready.pop() {
        while let Some(step) = lanes[lane].steps.get(progress[lane]) {
            if let Some(&mark) = step.after.iter().find(|&&mark| marks_to_come[mark] > 0) {
                waiting_for[mark].push(lane);
                break;
            }
            progress[lane] += 1;
            if let Some(mark) = step.mark {
                marks_to_come[mark] -= 1;
                if marks_to_come[mark] == 0 {
                    ready.append(&mut waiting_for[mark]);
                }
            }
        }
    }
    let waiting: Vec<&Step> =
        lanes.iter().zip(&progress).filter_map(|(lane, &done)| lane.steps.get(done)).collect();
    let Some(first) = waiting.iter().map(|step| step.line).min() else { return };
    let line = &expectation.lines[first];
    let numbers: Vec<String> =
        waiting.iter().map(|step| expectation.lines[step.line].number.to_string()).collect();
    let problem = match numbers.as_slice() {
        [_] => "no order is possible: the line waits for itself".to_owned(),
        numbers => {
            format!("no order is possible: lines {} wait for one another", numbers.join(", "))
        }
    };
    let column = line.gutter.as_ref().and_then(|gutter| gutter.after.first());
    let remedy = "remove one `<` of this cycle";
    errors.add(line.number, column.map_or(1, |mark| mark.column), problem, remedy);
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
                    let problem = format!("no line of this block has the mark \"{}\"", mark.name);
                    let remedy =
                        format!("mark the line that must come first, `lane@{}|`", mark.name);
                    errors.add(number, mark.column, problem, remedy);
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
