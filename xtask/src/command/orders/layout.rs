//! Places the lines of a snapshot: a column for each lane, and each line below those before it.

use std::collections::HashMap;

use legal_outputs::{OrderCount, OutlineLane, OutlineLine, Stream};
use regex::Regex;

use crate::command::report::stress::MAX_LEGAL_ORDERS;
use crate::suite::Case;

/// The lines of a run, in rows and columns.
pub struct Layout {
    /// The run as the snapshot names it: `NAME ARG…`.
    pub run: String,
    /// How many orders of its lines are legal.
    pub orders: OrderCount,
    /// How many columns there are.
    pub columns: usize,
    /// The lines in the order of the snapshot.
    pub lines: Vec<PlacedLine>,
    /// How many rows there are.
    pub rows: usize,
    /// The row of the first line of standard error, if there is one.
    pub stderr: Option<usize>,
    /// Pairs of lines in one block of which the first comes first, and no line is between them.
    pub arrows: Vec<(usize, usize)>,
    /// The rows in the middle of a block before which everything comes before everything after, so that
    /// it needs no arrows.
    pub rules: Vec<usize>,
    /// Whether several lanes have the same lines, as with `LANE*N`.
    pub has_equal_lanes: bool,
}

/// A line with its place.
pub struct PlacedLine {
    /// Its text, in which `{name:TYPE}` is written as `{name}`.
    pub text: String,
    /// Its row, from the top.
    pub row: usize,
    /// Its column; `None` if it goes across all of them.
    pub column: Option<usize>,
    /// The name of its lane, if the line is the first one of the lane in its block. May be empty.
    pub lane: String,
    /// Its marks as the snapshot writes them, such as `@mark` and `<mark`.
    pub marks: String,
}

impl Layout {
    /// Places the lines of a run.
    pub fn of(case: Case<'_>) -> Self {
        let outline = case.run().outline();
        let is_repeated =
            |line: &OutlineLine| matches!(line.lane, OutlineLane::Named { count: Some(_), .. });
        let has_equal_lanes = outline.iter().any(is_repeated);
        let outline: Vec<OutlineLine> = outline.iter().flat_map(each_lane).collect();
        let (columns, column_of) = columns(&outline);
        let named = Regex::new(r"\{([a-z]\w*):(?:/.*?/|[^}/]*)\}").expect("it is well-formed");
        let mut arrows = arrows(&outline, &column_of);
        let rows = rows(&outline, &arrows);
        let rules = rules(&outline, &rows, &arrows);
        arrows
            .retain(|&(from, to)| !rules.iter().any(|&rule| rows[from] < rule && rule <= rows[to]));
        let begins_lane = |index: usize| {
            let mut before =
                outline[..index].iter().filter(|one| one.block == outline[index].block);
            before.all(|one| one.lane != outline[index].lane)
        };
        let place = |(index, line): (usize, &OutlineLine)| {
            let mark = line.mark.iter().map(|mark| format!("@{mark}"));
            let marks = line.after.iter().map(|mark| format!("<{mark}")).chain(mark);
            PlacedLine {
                text: named.replace_all(&line.text, "{$1}").into_owned(),
                row: rows[index],
                column: column_of[index],
                lane: if begins_lane(index) { lane_name(&line.lane) } else { String::new() },
                marks: marks.collect::<Vec<_>>().join(" "),
            }
        };
        let lines: Vec<PlacedLine> = outline.iter().enumerate().map(place).collect();
        let rows = rows.iter().max().map_or(0, |last| last + 1);
        let first = outline.iter().position(|line| line.stream == Stream::Stderr);
        let stderr = first.map(|index| lines[index].row);
        let orders = case.run().count_orders(MAX_LEGAL_ORDERS);
        let run = case.title();
        Self { run, orders, columns, lines, rows, stderr, arrows, rules, has_equal_lanes }
    }

    /// Whether a picture shows more than the lines in their order.
    pub fn is_worth_drawing(&self) -> bool {
        self.columns > 1 && !self.is_fixed()
    }

    /// Whether the lines come in the same order in every run.
    pub fn is_fixed(&self) -> bool {
        self.orders == OrderCount::Exactly(1) && !self.has_equal_lanes
    }

    /// The run, and how many orders of its lines are legal.
    pub fn title(&self) -> String {
        match self.orders {
            OrderCount::Exactly(1) => format!("{}: 1 order of its lines is legal", self.run),
            count => format!("{}: {count} orders of its lines are legal", self.run),
        }
    }
}

/// A line once for each lane that it belongs to, unless these are very many.
fn each_lane(line: &OutlineLine) -> Vec<OutlineLine> {
    /// So many lanes have a column each.
    const MAX_LANES: usize = 4;

    match &line.lane {
        OutlineLane::Named { name, count: Some(count) } if *count <= MAX_LANES => {
            let lane =
                |number| OutlineLane::Named { name: format!("{name} {number}"), count: None };
            (1..=*count).map(|number| OutlineLine { lane: lane(number), ..line.clone() }).collect()
        }
        _ => vec![line.clone()],
    }
}

/// How many columns there are, and the column of each line. A lane has one column, also if it stands
/// for very many. Lines with no other line in their lane share the columns that are left.
fn columns(outline: &[OutlineLine]) -> (usize, Vec<Option<usize>>) {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut column_of = Vec::new();
    for (index, line) in outline.iter().enumerate() {
        let key = match line.lane {
            OutlineLane::Barrier => {
                column_of.push(None);
                continue;
            }
            OutlineLane::Named { .. } => lane_name(&line.lane),
            OutlineLane::Anonymous => {
                let before = outline[..index].iter().filter(|other| other.block == line.block);
                format!("|{}", before.filter(|other| other.lane == line.lane).count())
            }
        };
        let next = known.len();
        column_of.push(Some(*known.entry(key).or_insert(next)));
    }
    (known.len(), column_of)
}

fn lane_name(lane: &OutlineLane) -> String {
    match lane {
        OutlineLane::Barrier | OutlineLane::Anonymous => String::new(),
        OutlineLane::Named { name, count: None } => format!("{name}:"),
        OutlineLane::Named { name, count: Some(count) } => format!("{name}, {count} times:"),
    }
}

/// Pairs of lines of one block of which the first comes first: the next line of a lane, and a line
/// that waits for a mark.
fn arrows(outline: &[OutlineLine], column_of: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut arrows = Vec::new();
    for (to, line) in outline.iter().enumerate() {
        let of_block = || (0..outline.len()).filter(|&other| outline[other].block == line.block);
        if line.lane != OutlineLane::Anonymous {
            let before =
                of_block().filter(|&other| other < to && column_of[other] == column_of[to]);
            arrows.extend(before.max().map(|from| (from, to)));
        }
        let marked = of_block().filter(|&other| {
            outline[other].mark.as_ref().is_some_and(|mark| line.after.contains(mark))
        });
        arrows.extend(marked.map(|from| (from, to)));
    }
    arrows.sort_unstable();
    arrows.dedup();
    arrows
}

/// The row of each line: below the lines that come before it in its block, and below all earlier
/// blocks.
fn rows(outline: &[OutlineLine], arrows: &[(usize, usize)]) -> Vec<usize> {
    let mut rows = vec![0; outline.len()];
    let mut top = 0;
    for block in outline.chunk_by(|one, other| one.block == other.block) {
        let first = outline.partition_point(|line| line.block < block[0].block);
        let of_block = first..first + block.len();
        rows[of_block.clone()].fill(top);
        // A line may wait for one below it, so one pass over the arrows is not always enough.
        while let Some(&(from, to)) =
            arrows.iter().find(|&&(from, to)| of_block.contains(&from) && rows[to] <= rows[from])
        {
            rows[to] = rows[from] + 1;
        }
        top = rows[of_block].iter().max().map_or(top, |last| last + 1);
    }
    rows
}

/// The rows in the middle of a block before which all lines above come before all lines below, if that
/// needs several arrows.
fn rules(outline: &[OutlineLine], rows: &[usize], arrows: &[(usize, usize)]) -> Vec<usize> {
    let mut rules = Vec::new();
    for block in outline.chunk_by(|one, other| one.block == other.block) {
        let first = outline.partition_point(|line| line.block < block[0].block);
        let of_block = || first..first + block.len();
        let mut rows_of_block: Vec<usize> = of_block().map(|line| rows[line]).collect();
        rows_of_block.sort_unstable();
        rows_of_block.dedup();
        for &rule in rows_of_block.iter().skip(1) {
            let crossing = || {
                arrows.iter().filter(|&&(from, to)| {
                    of_block().contains(&from) && rows[from] < rule && rule <= rows[to]
                })
            };
            let above = || of_block().filter(|&line| rows[line] < rule);
            let below = || of_block().filter(|&line| rows[line] >= rule);
            // Whatever comes last above the rule must come before whatever comes first below it.
            let is_last =
                |line: &usize| !arrows.iter().any(|&(from, to)| from == *line && rows[to] < rule);
            let is_first =
                |line: &usize| !arrows.iter().any(|&(from, to)| to == *line && rows[from] >= rule);
            let is_ordered = above()
                .filter(is_last)
                .all(|from| below().filter(is_first).all(|to| arrows.contains(&(from, to))));
            if is_ordered && crossing().count() > 2 {
                rules.push(rule);
            }
        }
    }
    rules
}
