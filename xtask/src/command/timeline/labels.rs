//! Where the texts of the lines are in a picture of a timeline.

use super::lines::{Line, Timeline};
use crate::command::drawing::{WIDTH, shorten, width};

/// The greatest length of a line's text in the picture, in characters.
const SHOWN: usize = 64;

/// The text of a line.
pub(super) struct Label {
    pub words: String,
    /// Where it begins.
    pub start: f64,
    /// How far above its dot it is, in lines of text.
    pub level: usize,
}

impl Label {
    fn end(&self) -> f64 {
        self.start + width(&self.words)
    }
}

/// Places the text of each line, so that no text covers another one. It begins at its dot, or so far to
/// the left that it ends within the picture. The texts of dots that are close together form a
/// staircase, with the first one at the top.
pub(super) fn labels(timeline: &Timeline, x: &[f64]) -> Vec<Label> {
    let label = |(line, &x): (&Line, &f64)| {
        let words = shorten(&line.label, SHOWN);
        let start = (x + 3.0).min(WIDTH - 8.0 - width(&words));
        Label { words, start, level: 0 }
    };
    let mut labels: Vec<Label> = timeline.lines.iter().zip(x).map(label).collect();
    for index in (0..labels.len()).rev() {
        let (this, later) = (&labels[index], index + 1..labels.len());
        let levels = later.filter_map(|other| {
            let same_thread = timeline.lines[other].thread == timeline.lines[index].thread;
            let that = &labels[other];
            let is_apart = this.end() + 10.0 <= that.start || that.end() + 10.0 <= this.start;
            (same_thread && !is_apart).then_some(that.level + 1)
        });
        labels[index].level = levels.max().unwrap_or(0);
    }
    labels
}
