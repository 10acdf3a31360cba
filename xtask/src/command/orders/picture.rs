//! The orders of a snapshot as an SVG picture.

use regex::Regex;
use svg::node::element::Rectangle;

use super::layout::{Layout, PlacedLine};
use crate::command::drawing::{
    LINE, WIDTH, arrow, characters, line, picture, round, shorten, text, width, with_tooltip,
    without_program, wrap,
};

/// The space at the left and the right.
const MARGIN: f64 = 10.0;

/// The space between two boxes, and that between the frame of a box and its text.
const GAP: f64 = 12.0;

/// The space above a row of lanes, with the names of the lanes, and above a line across.
const ABOVE_LANES: f64 = 28.0;
const ABOVE_LINE: f64 = 12.0;

/// The text of a box has at most so many lines.
const MAX_LINES: usize = 3;

/// Where the box of a line is.
struct Place {
    /// Its middle.
    x: f64,
    top: f64,
    width: f64,
    height: f64,
    words: Vec<String>,
}

/// Draws the layout below its title.
pub fn draw(layout: &Layout) -> String {
    let Layout { lines, stderr, arrows, rules, .. } = layout;
    let title = layout.title();
    let (places, tops, height) = places(layout);
    let description = lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
    let mut document = picture(height, &title, &description);
    document = document.add(text(MARGIN, 1.3 * LINE, "", &title));
    let across = |y: f64| line("rule", (MARGIN, y), (WIDTH - MARGIN, y));
    for &row in rules {
        document = document.add(across(tops[row] + 6.0));
    }
    for &(from, to) in arrows {
        let (from, to) = (&places[from], &places[to]);
        let ends = ((from.x, from.top + from.height), (to.x, to.top));
        document = if from.x == to.x {
            document.add(line("arrow", ends.0, ends.1).set("marker-end", "url(#head)"))
        } else {
            document.add(arrow(ends.0, ends.1))
        };
    }
    for (Place { x, top, width: wide, height, words }, placed) in places.iter().zip(lines) {
        let PlacedLine { text: whole, column, lane, .. } = placed;
        if column.is_none() {
            document = document.add(across(top + height / 2.0));
        }
        let left = x - wide / 2.0;
        let frame = Rectangle::new()
            .set("class", "box")
            .set("x", round(left))
            .set("y", round(*top))
            .set("width", round(*wide))
            .set("height", round(*height))
            .set("rx", 4);
        let mut group = with_tooltip(whole).add(frame);
        for (number, words) in words.iter().enumerate() {
            let y = top + 1.07 * LINE + number as f64 * LINE;
            group = group.add(text(x - width(words) / 2.0, y, "", words));
        }
        let lane = shorten(lane, characters(wide - 4.0));
        document = document.add(text(left, top - 4.0, "faint", &lane)).add(group);
    }
    if let Some(row) = stderr {
        document = document.add(text(MARGIN, tops[*row] + LINE, "faint", "standard error"));
    }
    document.to_string()
}

/// The box of each line, where each row begins, and the height of the picture.
fn places(layout: &Layout) -> (Vec<Place>, Vec<f64>, f64) {
    let mut places: Vec<Place> = (0..layout.lines.len()).map(|line| place(layout, line)).collect();
    let mut tops = Vec::new();
    let mut top = 1.6 * LINE;
    for row in 0..layout.rows {
        tops.push(top);
        // Room for the words.
        top += if layout.stderr == Some(row) { LINE } else { 0.0 };
        let of_row = || (0..places.len()).filter(|&line| layout.lines[line].row == row);
        let is_across = of_row().any(|line| layout.lines[line].column.is_none());
        top += if is_across { ABOVE_LINE } else { ABOVE_LANES };
        let height = of_row().map(|line| places[line].height).fold(0.0, f64::max);
        for line in of_row().collect::<Vec<_>>() {
            places[line].top = top;
        }
        top += height;
    }
    (places, tops, top + ABOVE_LINE)
}

/// The box of a line, of which only the top is still to be found.
fn place(layout: &Layout, index: usize) -> Place {
    let line = &layout.lines[index];
    let words = short(&line.text, &layout.run);
    let inside = WIDTH - 2.0 * MARGIN;
    // A little more than the text needs, because `characters` rounds.
    let whole = width(&words) + 2.0 * GAP;
    let (x, width) = match column_of(layout, index) {
        Some((number, count)) if count > 1 => {
            let share = inside / count as f64;
            (MARGIN + share * (number as f64 + 0.5), share - GAP)
        }
        _ => (WIDTH / 2.0, whole.min(inside)),
    };
    let room = characters(width - GAP);
    let mut words = wrap(&words, room);
    if words.len() > MAX_LINES {
        words.truncate(MAX_LINES);
        let last = words.pop().unwrap_or_default();
        words.push(shorten(&format!("{last} …"), room));
    }
    let height = words.len() as f64 * LINE + 9.0;
    Place { x, top: 0.0, width, height, words }
}

/// In which of how many columns a line is. The lines of a row without arrows share its whole width. None
/// if the line goes across all of them.
fn column_of(layout: &Layout, index: usize) -> Option<(usize, usize)> {
    let Layout { columns, lines, arrows, .. } = layout;
    let column = lines[index].column?;
    let row = lines[index].row;
    let of_row = || (0..lines.len()).filter(|&line| lines[line].row == row);
    let touches = |&(from, to): &(usize, usize)| lines[from].row <= row && row <= lines[to].row;
    if of_row().count() > 1 && !arrows.iter().any(touches) {
        return Some((of_row().filter(|&line| line < index).count(), of_row().count()));
    }
    Some((column, *columns))
}

/// The text with `…` instead of the name of the lesson, if that is long, and instead of a regular
/// expression, which is hard to read.
fn short(text: &str, run: &str) -> String {
    let pattern = Regex::new(r"\{/.*?/\}").expect("it is well-formed");
    let text = pattern.replace_all(text, "{…}");
    let program = run.split(' ').next().unwrap_or_default();
    without_program(&text, program)
}
