//! The times as text.

use super::{Comparison, SpeedUp};

/// Draws the times in a table, and the speed-ups in another one.
pub(super) fn draw(comparisons: &[Comparison], speed_ups: &[SpeedUp]) -> String {
    let labels = comparisons.iter().map(|comparison| comparison.label().chars().count());
    let wide = labels.max().unwrap_or(0);
    let mut text = format!("{:wide$}  {:>9}  {:>9}  Python / Rust\n", "", "Python", "Rust");
    for comparison in comparisons {
        let (title, [python, rust]) = (comparison.label(), comparison.seconds());
        let ratio = python / rust;
        text += &format!("{title:wide$}  {python:>7.3} s  {rust:>7.3} s  {ratio:>13.1}\n");
    }
    if speed_ups.is_empty() {
        return text;
    }
    text += "\nSpeed-up of three computations at the same time:\n";
    for SpeedUp { title, python, rust } in speed_ups {
        text += &format!("{title:wide$}  {python:>9.1}  {rust:>9.1}\n");
    }
    text
}
