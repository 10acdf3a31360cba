//! The orders of a snapshot as an SVG picture.

use svg::node::element::Rectangle;

use super::layout::{Layout, PlacedLine};
use crate::command::drawing::{
    LINE, WIDTH, arrow, characters, line, picture, round, shorten, text, width, with_tooltip,
};

/// The space at the left and the right.
const MARGIN: f64 = 10.0;

/// The height of a row of lanes, of a row with a line across, and of the box around a text.
const LANES: f64 = 52.0;
const ACROSS: f64 = 36.0;
const BOX: f64 = 24.0;

/// Draws the layout below its title.
pub fn draw(layout: &Layout) -> String {
    let Layout { columns, lines, rows, stderr, arrows, .. } = layout;
    let title = layout.title();
    let top = 2.0 * LINE;
    // Where each row ends.
    let mut height = top;
    let ends: Vec<f64> = (0..*rows)
        .map(|row| {
            let is_across = lines.iter().any(|line| line.row == row && line.column.is_none());
            height += if is_across { ACROSS } else { LANES };
            height
        })
        .collect();
    let inside = WIDTH - 2.0 * MARGIN;
    let column_width = inside / *columns.max(&1) as f64;
    let middle_of = |column: Option<usize>| {
        column.map_or(WIDTH / 2.0, |column| MARGIN + column_width * (column as f64 + 0.5))
    };
    // The middle of a line's box.
    let place = |line: &PlacedLine| (middle_of(line.column), ends[line.row] - ACROSS / 2.0);

    let description = lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
    let mut document = picture(height, &title, &description);
    document = document.add(text(MARGIN, 1.3 * LINE, "", &title));
    for &(from, to) in arrows {
        let (from, to) = (place(&lines[from]), place(&lines[to]));
        let ends = ((from.0, from.1 + BOX / 2.0), (to.0, to.1 - BOX / 2.0));
        document = if from.0 == to.0 {
            document.add(line("arrow", ends.0, ends.1).set("marker-end", "url(#head)"))
        } else {
            document.add(arrow(ends.0, ends.1))
        };
    }
    for (index, (x, y)) in lines.iter().map(place).enumerate() {
        let PlacedLine { text: words, column, lane, .. } = &lines[index];
        if column.is_none() {
            document = document.add(line("rule", (MARGIN, y), (WIDTH - MARGIN, y)));
        }
        let space = if column.is_some() { column_width - 12.0 } else { inside };
        let short = shorten(words, characters(space - 12.0));
        let wide = if column.is_some() { space } else { width(&short) + 12.0 };
        let frame = Rectangle::new()
            .set("class", "box")
            .set("x", round(x - wide / 2.0))
            .set("y", round(y - BOX / 2.0))
            .set("width", round(wide))
            .set("height", BOX)
            .set("rx", 4);
        let lane = shorten(lane, characters(column_width - 16.0));
        let lane_at = text(x - wide / 2.0, y - BOX / 2.0 - 4.0, "faint", &lane);
        let words_at = text(x - width(&short) / 2.0, y + 4.0, "", &short);
        document = document.add(lane_at).add(with_tooltip(words).add(frame).add(words_at));
    }
    if let Some(row) = stderr {
        let y = ends[*row] - ACROSS + 4.0;
        document = document.add(text(MARGIN, y, "faint", "standard error"));
    }
    document.to_string()
}
