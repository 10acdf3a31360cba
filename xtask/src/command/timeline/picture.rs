//! Timelines as one SVG picture: time runs to the right, and each thread has a row.

use std::slice;
use std::time::Duration;

use svg::Document;
use svg::node::element::{Circle, Rectangle};

use super::lines::Timeline;
use crate::command::drawing::{
    COLOURS, LINE, WIDTH, arrow, characters, line, picture, round, shorten, text, width,
    with_tooltip,
};

/// The space for the names of the threads, and the space to the right of the last dot for its text.
const LEFT: f64 = 110.0;
const RIGHT: f64 = 230.0;

/// The greatest length of a line's text in the picture, in characters.
const SHOWN: usize = 44;

/// What the signs in the picture mean.
const KEY: &str = "dot: a line that a thread prints · bar: until its next line";
const KEY_OF_ARROWS: &str = " · arrow: always comes before";

/// At most so many faults are written below the title.
const SHOWN_FAULTS: usize = 3;

/// If all lines come within this time, they are drawn at equal distances, in their order.
const SHORT: Duration = Duration::from_millis(20);

/// Whether a picture shows more than the lines do: several threads, or the time between the lines.
pub fn is_worth_drawing(timeline: &Timeline) -> bool {
    timeline.threads.len() > 1 || matches!(Scale::of(slice::from_ref(timeline)), Scale::Time(..))
}

/// Draws the timelines below each other, on one scale.
pub fn draw(timelines: &[Timeline]) -> String {
    let scale = Scale::of(timelines);
    let panels: Vec<Panel<'_>> = timelines.iter().map(|one| Panel::lay_out(one, &scale)).collect();
    let height = panels.iter().map(|panel| panel.height).sum::<f64>() + 4.2 * LINE;
    let titles: Vec<&str> = timelines.iter().map(|timeline| timeline.title.as_str()).collect();
    let description: String = timelines.iter().map(describe).collect();
    let title = format!("When each thread prints a line: {}", titles.join(", "));
    let mut document = picture(height, &title, &description);
    let mut top = 0.0;
    for panel in &panels {
        document = panel.draw(document, top, &scale);
        top += panel.height;
    }
    let has_arrows = timelines.iter().any(|timeline| !timeline.arrows.is_empty());
    let key = format!("{KEY}{}", if has_arrows { KEY_OF_ARROWS } else { "" });
    scale.draw_axis(document, top).add(text(10.0, top + 3.6 * LINE, "faint", &key)).to_string()
}

/// What is written at a line's dot, which is at `x`. It ends within the picture.
fn label(line: &super::lines::Line, x: f64) -> String {
    shorten(&line.label, SHOWN.min(characters(WIDTH - x - 8.0)))
}

/// The lines in words.
fn describe(timeline: &Timeline) -> String {
    let line = |line: &super::lines::Line| {
        let (seconds, thread) = (line.time.as_secs_f64(), &timeline.threads[line.thread]);
        format!("{seconds:.3} s, {thread}: {}\n", line.text)
    };
    let lines: String = timeline.lines.iter().map(line).collect();
    format!("{}{lines}", timeline.verdict())
}

/// Where on the picture a line is.
enum Scale {
    /// By its time in seconds, from the first to the second.
    Time(f64, f64),
    /// By its place among the lines of the run. All came within so many seconds.
    Order(f64),
}

impl Scale {
    fn of(timelines: &[Timeline]) -> Self {
        let times = || timelines.iter().flat_map(|run| &run.lines).map(|line| line.time);
        let first = times().min().unwrap_or_default();
        let within = times().max().unwrap_or_default() - first;
        if within < SHORT {
            return Self::Order(within.as_secs_f64());
        }
        let end = timelines.iter().map(|timeline| timeline.time).max().unwrap_or_default();
        Self::Time(first.as_secs_f64(), times().max().unwrap_or_default().max(end).as_secs_f64())
    }

    /// The place of a time, or of the line with this index among `count`.
    fn x(&self, time: Duration, index: usize, count: usize) -> f64 {
        let share = match self {
            Self::Time(from, to) => (time.as_secs_f64() - from) / (to - from),
            Self::Order(_) => (index as f64 + 0.5) / count as f64,
        };
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    fn draw_axis(&self, document: Document, top: f64) -> Document {
        let end = WIDTH - RIGHT;
        let words = |content: &str| text(10.0, top + 2.5 * LINE, "faint", content);
        let mut document = document.add(line("rule", (LEFT, top), (end, top)));
        let Self::Time(from, to) = *self else {
            let Self::Order(within) = self else { unreachable!("there are two kinds of scales") };
            let milliseconds = (within * 1000.0).ceil().max(1.0);
            return document.add(words(&format!(
                "in the order in which the lines came, all within {milliseconds} ms"
            )));
        };
        let step = tick_step(to - from);
        let mut tick = (from / step).ceil() * step;
        while tick <= to {
            let x = self.x(Duration::from_secs_f64(tick), 0, 1);
            let label = format!("{}", (tick * 1000.0).round() / 1000.0);
            document = document.add(line("rule", (x, top), (x, top + 4.0))).add(text(
                x - width(&label) / 2.0,
                top + 4.0 + LINE,
                "faint",
                &label,
            ));
            tick += step;
        }
        document.add(words("seconds since the start of the program; the dashed line is its end"))
    }
}

/// A round number of seconds, of which at most eight fit in a range.
fn tick_step(range: f64) -> f64 {
    let power = 10_f64.powf((range / 8.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
    steps.into_iter().find(|step| range / step <= 8.0).unwrap_or(range)
}

/// Where the parts of one timeline are.
struct Panel<'t> {
    timeline: &'t Timeline,
    /// The lines below the title.
    faults: Vec<String>,
    /// The place of each line's dot, from the left.
    x: Vec<f64>,
    /// How far above its dot the text of each line is, in lines of text.
    levels: Vec<usize>,
    /// The place of each row, from the top of the panel.
    rows: Vec<f64>,
    height: f64,
}

impl<'t> Panel<'t> {
    fn lay_out(timeline: &'t Timeline, scale: &Scale) -> Self {
        let count = timeline.lines.len();
        let place = |(index, line): (usize, &super::lines::Line)| scale.x(line.time, index, count);
        let x: Vec<f64> = timeline.lines.iter().enumerate().map(place).collect();
        let mut faults: Vec<String> = timeline.faults.iter().take(SHOWN_FAULTS).cloned().collect();
        if timeline.faults.len() > SHOWN_FAULTS {
            faults.push(format!("and {} more faults", timeline.faults.len() - SHOWN_FAULTS));
        }
        if timeline.omitted > 0 {
            faults.push(format!("{} more lines are not drawn", timeline.omitted));
        }
        let levels = levels(timeline, &x);
        let mut y = 2.0 * LINE + faults.len() as f64 * LINE;
        let mut rows = Vec::new();
        for thread in 0..timeline.threads.len() {
            let of_thread = (timeline.lines.iter().zip(&levels))
                .filter(|(line, _)| line.thread == thread)
                .map(|(_, &level)| level + 1);
            y += LINE * of_thread.max().unwrap_or(1) as f64 + 8.0;
            rows.push(y);
            y += 10.0;
        }
        Self { timeline, faults, x, levels, rows, height: y + LINE / 2.0 }
    }

    fn draw(&self, mut document: Document, top: f64, scale: &Scale) -> Document {
        let Self { timeline, faults, x, levels, rows, .. } = self;
        let Timeline { title, threads, lines, arrows, time, .. } = timeline;
        let is_legal = timeline.faults.is_empty();
        let class = if is_legal { "" } else { "fault" };
        let title = if is_legal { title.clone() } else { format!("{title}: not legal") };
        let all = characters(WIDTH - 20.0);
        for (number, words) in [title].iter().chain(faults).enumerate() {
            let y = top + LINE * (number as f64 + 1.3);
            document =
                document.add(with_tooltip(words).add(text(10.0, y, class, &shorten(words, all))));
        }
        if let Scale::Time(..) = scale {
            let end = scale.x(*time, 0, 1);
            let from = top + rows.first().map_or(0.0, |row| row - LINE);
            let to = top + rows.last().copied().unwrap_or_default() + 10.0;
            document =
                document.add(line("rule", (end, from), (end, to)).set("stroke-dasharray", "2 3"));
        }
        for (thread, (name, y)) in threads.iter().zip(rows).enumerate() {
            let short = shorten(name, characters(LEFT - 24.0));
            let left = LEFT - 16.0 - width(&short);
            document = document.add(with_tooltip(name).add(text(left, top + y + 4.0, "", &short)));
            document = document.add(line("rule", (LEFT, top + y), (WIDTH - RIGHT, top + y)));
            let dots: Vec<f64> = (lines.iter().zip(x))
                .filter(|(line, _)| line.thread == thread)
                .map(|(_, &x)| x)
                .collect();
            for pair in dots.windows(2) {
                let bar = Rectangle::new()
                    .set("x", round(pair[0]))
                    .set("y", round(top + y - 3.0))
                    .set("width", round(pair[1] - pair[0]))
                    .set("height", 6)
                    .set("fill", COLOURS[thread % COLOURS.len()])
                    .set("opacity", 0.45);
                document = document.add(bar);
            }
        }
        let dot = |index: usize| (x[index], top + rows[lines[index].thread]);
        for &(from, to) in arrows {
            let (from, to) = (dot(from), dot(to));
            // The arrow begins and ends at the edge of a dot.
            let edge = 5.0 * (to.1 - from.1).signum();
            document = document.add(arrow((from.0, from.1 + edge), (to.0, to.1 - edge)));
        }
        for (index, line_of_run) in lines.iter().enumerate() {
            let (x, y) = dot(index);
            let above = y - 9.0 - levels[index] as f64 * LINE;
            let class = if line_of_run.fault.is_some() { "fault" } else { "" };
            let circle = Circle::new()
                .set("class", class)
                .set("cx", round(x))
                .set("cy", round(y))
                .set("r", 4)
                .set("stroke-width", 3)
                .set("fill", COLOURS[line_of_run.thread % COLOURS.len()]);
            let seconds = line_of_run.time.as_secs_f64();
            let mut tooltip = format!("{seconds:.3} s: {}", line_of_run.text);
            if let Some(fault) = &line_of_run.fault {
                tooltip += &format!("\n{fault}");
            }
            let label = text(x + 3.0, above, class, &label(line_of_run, x));
            let mut group = with_tooltip(&tooltip);
            if levels[index] > 0 {
                group = group.add(line("rule", (x, y), (x, above)));
            }
            document = document.add(group.add(circle).add(label));
        }
        document
    }
}

/// How far above its dot the text of each line is, so that no text covers another one, or the line
/// between another text and its dot. The texts of dots that are close together form a staircase,
/// with the first one at the top.
fn levels(timeline: &Timeline, x: &[f64]) -> Vec<usize> {
    let mut levels = vec![0; x.len()];
    for thread in 0..timeline.threads.len() {
        // Where the leftmost text of each level begins.
        let mut starts: Vec<f64> = Vec::new();
        for (index, line) in timeline.lines.iter().enumerate().rev() {
            if line.thread == thread {
                let end = x[index] + width(&label(line, x[index])) + 10.0;
                // No text there, or line to a text above it, may be in the way.
                let is_free = |&level: &usize| starts[level..].iter().all(|&start| end <= start);
                let level = (0..starts.len()).find(is_free).unwrap_or(starts.len());
                starts.resize(starts.len().max(level + 1), 0.0);
                (levels[index], starts[level]) = (level, x[index]);
            }
        }
    }
    levels
}
