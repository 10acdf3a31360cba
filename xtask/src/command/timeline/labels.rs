//! Where the texts of the lines are in a picture of a timeline.

use std::cmp::Ordering;

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

    /// Whether the text would cover this place, or nearly so.
    fn covers(&self, x: f64) -> bool {
        self.start - 3.0 < x && x < self.end() + 3.0
    }
}

/// Places the text of each line, so that no text covers another one, or the line between another text
/// and its dot. It begins at its dot, or so far to the left that it ends within the picture. The texts
/// of dots that are close together form a staircase, with the first one at the top.
pub(super) fn labels(timeline: &Timeline, x: &[f64]) -> Vec<Label> {
    let label = |(line, &x): (&Line, &f64)| {
        let words = shorten(&line.label, SHOWN);
        let start = (x + 3.0).min(WIDTH - 8.0 - width(&words));
        Label { words, start, level: 0 }
    };
    let mut labels: Vec<Label> = timeline.lines.iter().zip(x).map(label).collect();
    for thread in 0..timeline.threads.len() {
        let of_thread = |index: &usize| timeline.lines[*index].thread == thread;
        let indexes: Vec<usize> = (0..x.len()).rev().filter(of_thread).collect();
        for (position, &index) in indexes.iter().enumerate() {
            let is_free = |level: &usize| {
                indexes[..position].iter().all(|&other| {
                    let (this, that) = (&labels[index], &labels[other]);
                    match that.level.cmp(level) {
                        Ordering::Less => !that.covers(x[index]),
                        Ordering::Equal => {
                            this.end() + 10.0 <= that.start || that.end() + 10.0 <= this.start
                        }
                        Ordering::Greater => !this.covers(x[other]),
                    }
                })
            };
            // At the latest above all others there is room, unless a line crosses one of them.
            let level = (0..=position).find(is_free).unwrap_or(position);
            labels[index].level = level;
        }
    }
    labels
}
