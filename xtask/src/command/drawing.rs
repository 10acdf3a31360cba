//! What the pictures of `timeline` and `orders` have in common.

use svg::Document;
use svg::node::element::{
    Definitions, Description, Group, Line, Marker, Path, Rectangle, Style, Text, Title,
};

/// The width of a picture, in pixels.
pub const WIDTH: f64 = 800.0;

/// The size of the letters, in pixels.
pub const LETTERS: f64 = 11.0;

/// The height of a line of text.
pub const LINE: f64 = 15.0;

/// Colours of Okabe and Ito, which colour-blind people can tell apart.
pub const COLOURS: [&str; 6] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

const STYLE: &str = "
.paper { fill: #FFFFFF }
text { fill: #1F2328; stroke: #FFFFFF; stroke-width: 3px; paint-order: stroke }
text.faint { fill: #59636E }
text.fault { fill: #B42318 }
.rule { stroke: #D0D7DE }
.arrow { stroke: #8C959F; fill: none }
.head { fill: #8C959F }
circle.fault { stroke: #B42318 }
.box { fill: #F6F8FA; stroke: #8C959F }
@media (prefers-color-scheme: dark) {
  .paper { fill: #0D1117 }
  text { fill: #F0F6FC; stroke: #0D1117 }
  text.faint { fill: #9198A1 }
  text.fault { fill: #FF8A80 }
  .rule { stroke: #3D444D }
  circle.fault { stroke: #FF8A80 }
  .box { fill: #151B23 }
}
";

/// An empty picture of this height, with a title and a description for those who cannot see it.
pub fn picture(height: f64, title: &str, description: &str) -> Document {
    let head = Path::new().set("d", "M0,0 L6,3 L0,6 z").set("class", "head");
    let marker = Marker::new()
        .set("id", "head")
        .set("orient", "auto")
        .set("markerWidth", 6)
        .set("markerHeight", 6)
        .set("refX", 6)
        .set("refY", 3)
        .add(head);
    let paper = Rectangle::new().set("class", "paper").set("width", "100%").set("height", "100%");
    Document::new()
        .set("role", "img")
        .set("width", WIDTH)
        .set("height", height)
        .set("viewBox", (0, 0, WIDTH, height))
        .set("font-family", "ui-monospace, Menlo, Consolas, monospace")
        .set("font-size", LETTERS)
        .add(Title::new(title))
        .add(Description::new().add(svg::node::Text::new(description)))
        .add(Style::new(STYLE))
        .add(Definitions::new().add(marker))
        .add(paper)
}

/// The width of a text, in pixels. The fonts that browsers use are at most this wide.
pub fn width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTERS * 0.61
}

/// How many characters fit in this width.
pub fn characters(pixels: f64) -> usize {
    (pixels / (LETTERS * 0.61)) as usize
}

/// A text that begins at `x`. `y` is its base line.
pub fn text(x: f64, y: f64, class: &str, content: &str) -> Text {
    Text::new(content).set("x", round(x)).set("y", round(y)).set("class", class)
}

/// A line from one point to another.
pub fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> Line {
    Line::new()
        .set("class", class)
        .set("x1", round(from.0))
        .set("y1", round(from.1))
        .set("x2", round(to.0))
        .set("y2", round(to.1))
}

/// A curve with a head. It leaves the first point and reaches the second one vertically. One straight
/// up or down would hide others, so it becomes an arc, which is the wider the longer it is.
pub fn arrow(from: (f64, f64), to: (f64, f64)) -> Path {
    let bend = (to.1 - from.1) / 2.0;
    let is_steep = (to.0 - from.0).abs() < 6.0;
    let arc = if is_steep { bend.abs() / 3.0 } else { 0.0 };
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(round);
    let [x3, y3, x4, y4] = [from.0 - arc, from.1 + bend, to.0 - arc, to.1 - bend].map(round);
    let curve = format!("M{x1},{y1} C{x3},{y3} {x4},{y4} {x2},{y2}");
    Path::new().set("class", "arrow").set("marker-end", "url(#head)").set("d", curve)
}

/// A group that shows this text when the pointer is over it.
pub fn with_tooltip(text: &str) -> Group {
    Group::new().add(Title::new(text))
}

/// A coordinate with one decimal.
pub fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// The beginning of a text, with `…` where it was cut, in at most `length` characters.
pub fn shorten(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let start: String = text.chars().take(length.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// The text with `…` instead of the name of the lesson, which the title says already. A short name may
/// be a word of the text.
pub fn without_program(text: &str, program: &str) -> String {
    if program.len() > 15 { text.replace(program, "…") } else { text.to_owned() }
}

/// Breaks a text into lines of at most this many characters, between words. A longer word is shortened.
pub fn wrap(text: &str, length: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let word = shorten(word, length);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= length => {
                *line += &format!(" {word}");
            }
            _ => lines.push(word),
        }
    }
    lines
}
