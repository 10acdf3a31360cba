//! Timelines as tables: a column for each thread.

use super::lines::{Line, Timeline};
use crate::command::drawing::shorten;

/// The width of the times, with what separates them from the first column.
const TIMES: usize = 10;

/// A narrower column would show nothing of its lines.
const MIN_COLUMN: usize = 10;

/// Draws the timelines one below the other, in lines of at most `width` characters.
pub fn draw(timelines: &[Timeline], width: usize) -> String {
    let tables = timelines.iter().map(|timeline| draw_one(timeline, width));
    tables.collect::<Vec<_>>().join("\n")
}

fn draw_one(timeline: &Timeline, width: usize) -> String {
    let Timeline { threads, lines, block_ends, omitted, time, .. } = timeline;
    let column = (width - TIMES) / threads.len().max(1);
    let has_columns = column >= MIN_COLUMN;
    // Where there are too many threads for columns, the name of its thread stands before each line.
    let names = threads.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(20);
    let cell = |thread: usize, text: &str| {
        if has_columns {
            format!("{:indent$}{}", "", shorten(text, column - 2), indent = thread * column)
        } else {
            let name = shorten(&threads[thread], names);
            format!("{name:names$}  {}", shorten(text, width - TIMES - names - 2))
        }
    };
    let heading: String = if has_columns {
        threads.iter().map(|name| format!("{:column$}", shorten(name, column - 2))).collect()
    } else {
        "thread".to_owned()
    };
    let mut text = format!("$ {}\n\n{:>8}  {}\n", timeline.title, "seconds", heading.trim_end());
    for (index, Line { thread, time, label, fault, .. }) in lines.iter().enumerate() {
        if block_ends.contains(&index) {
            text += &format!("{:TIMES$}{}\n", "", "─".repeat(width - TIMES));
        }
        let sign = if fault.is_some() { ">" } else { "" };
        let time = format!("{sign} {:.3}", time.as_secs_f64());
        text += &format!("{time:>8}  {}\n", cell(*thread, label));
    }
    if *omitted > 0 {
        text += &format!("{:TIMES$}… and {omitted} more lines\n", "");
    }
    text += &format!("{:>8.3}  (the program has ended)\n\n", time.as_secs_f64());
    text + &timeline.verdict()
}
