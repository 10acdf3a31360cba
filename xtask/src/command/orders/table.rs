//! The orders of a snapshot as text.

use super::layout::Layout;
use crate::command::drawing::shorten;

/// Draws the layout below its title, in lines of at most `width` characters.
pub fn draw(layout: &Layout, width: usize) -> String {
    let Layout { columns, lines, rows, stderr, arrows, rules, .. } = layout;
    let column = width / columns.max(&1);
    let rule = format!("{}\n", "─".repeat(width));
    let mut text = format!("{}\n\n", layout.title());
    let mut was_across = true;
    for row in 0..*rows {
        let of_row: Vec<usize> =
            (0..lines.len()).filter(|&index| lines[index].row == row).collect();
        let across = of_row.iter().find(|&&index| lines[index].column.is_none());
        if row > 0 && !(was_across && across.is_some()) {
            let is_ruled = was_across || across.is_some() || rules.contains(&row);
            text += if is_ruled { &rule } else { "" };
        }
        if *stderr == Some(row) {
            text += "standard error:\n";
        }
        was_across = across.is_some();
        if let Some(&index) = across {
            text += &format!("{}\n", shorten(&lines[index].text, width));
            continue;
        }
        let follows = |index: usize| {
            let same_column = |other: usize| lines[other].column == lines[index].column;
            arrows.iter().any(|&(from, to)| to == index && same_column(from))
        };
        let mut add = |cell: &dyn Fn(usize) -> String| {
            let cells = (0..*columns).map(|number| {
                let index = of_row.iter().find(|&&index| lines[index].column == Some(number));
                let text = index.map_or(String::new(), |&index| cell(index));
                format!("{:column$}", shorten(&text, column.saturating_sub(2)))
            });
            let cells = cells.collect::<String>();
            // A row of empty cells is left out.
            if !cells.trim().is_empty() {
                text += &format!("{}\n", cells.trim_end());
            }
        };
        add(&|index| lines[index].lane.clone());
        add(&|index| if follows(index) { "↓".to_owned() } else { String::new() });
        add(&|index| lines[index].text.clone());
        add(&|index| lines[index].marks.clone());
    }
    text
}
