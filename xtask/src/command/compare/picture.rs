//! The times as an SVG picture with bars.

use svg::Document;
use svg::node::element::Rectangle;

use super::{Comparison, SpeedUp};
use crate::command::drawing::{
    COLOURS, LINE, WIDTH, characters, line, picture, round, shorten, text, width, with_tooltip,
};

/// The space at the left and the right.
const MARGIN: f64 = 10.0;

/// Where the bars begin, and the space after the longest one for its number.
const LEFT: f64 = 300.0;
const RIGHT: f64 = 90.0;

/// The height of a bar, and of the pair of bars with the space below it.
const BAR: f64 = 13.0;
const PAIR: f64 = 2.0 * BAR + 10.0;

/// The height of a panel's title, with its scale.
const HEAD: f64 = 2.5 * LINE;

/// What the picture shows, for both languages.
struct Pair {
    title: String,
    numbers: [f64; 2],
}

/// Draws the times, and below them the speed-ups if there are any.
pub fn draw(comparisons: &[Comparison], speed_ups: &[SpeedUp]) -> String {
    let times = comparisons
        .iter()
        .map(|comparison| Pair { title: comparison.label(), numbers: comparison.seconds() });
    let speed_ups = speed_ups.iter().map(|SpeedUp { title, python, rust }| Pair {
        title: (*title).to_owned(),
        numbers: [*python, *rust],
    });
    let (times, speed_ups): (Vec<_>, Vec<_>) = (times.collect(), speed_ups.collect());
    let mut panels =
        vec![Panel { title: "Time in seconds; the shorter bar is faster", pairs: &times }];
    if !speed_ups.is_empty() {
        let title =
            "How many times as fast three computations at the same time are as one after another";
        panels.push(Panel { title, pairs: &speed_ups });
    }
    let height = panels.iter().map(Panel::height).sum::<f64>() + LINE;
    let description: String = panels.iter().map(Panel::describe).collect();
    let mut document = picture(height, "The lessons in Python and in Rust", &description);
    let mut top = 0.0;
    for panel in &panels {
        document = panel.draw(document, top);
        top += panel.height();
    }
    document.to_string()
}

struct Panel<'a> {
    title: &'static str,
    pairs: &'a [Pair],
}

const LANGUAGES: [&str; 2] = ["Python", "Rust"];

impl Panel<'_> {
    fn height(&self) -> f64 {
        HEAD + PAIR * self.pairs.len() as f64
    }

    fn describe(&self) -> String {
        let pair = |Pair { title, numbers: [python, rust] }: &Pair| {
            format!("{title}: Python {}, Rust {}\n", shown(*python), shown(*rust))
        };
        let pairs: String = self.pairs.iter().map(pair).collect();
        format!("{}:\n{pairs}", self.title)
    }

    fn draw(&self, mut document: Document, top: f64) -> Document {
        document = document.add(text(MARGIN, top + 1.5 * LINE, "", self.title));
        let numbers = self.pairs.iter().flat_map(|pair| pair.numbers);
        let longest = numbers.fold(f64::MIN_POSITIVE, f64::max);
        let scale = (WIDTH - LEFT - RIGHT) / longest;
        let mut y = top + HEAD;
        for Pair { title, numbers } in self.pairs {
            let short = shorten(title, characters(LEFT - 2.0 * MARGIN));
            let middle = y + BAR + 4.0;
            let title_at = text(LEFT - MARGIN - width(&short), middle, "", &short);
            document = document.add(with_tooltip(title).add(title_at));
            for ((number, language), colour) in numbers.iter().zip(LANGUAGES).zip(COLOURS) {
                let long = number * scale;
                let bar = Rectangle::new()
                    .set("x", LEFT)
                    .set("y", round(y))
                    .set("width", round(long))
                    .set("height", BAR - 1.0)
                    .set("fill", colour);
                let words = format!("{} {language}", shown(*number));
                let words = text(LEFT + long + 5.0, y + BAR - 3.0, "faint", &words);
                document = document.add(bar).add(words);
                y += BAR;
            }
            y += PAIR - 2.0 * BAR;
        }
        document.add(line("rule", (LEFT, top + HEAD - 4.0), (LEFT, y - 6.0)))
    }
}

/// A number with at most two decimals: fewer if it is large.
fn shown(number: f64) -> String {
    match number {
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}
