//! Timelines as one SVG picture: time runs to the right, and each thread has a row.

use std::slice;
use std::time::Duration;

use svg::Document;
use svg::node::element::{Circle, Rectangle};

use super::labels::{Label, labels};
use super::lines::{Line, Timeline};
use super::naming::MAIN;
use crate::command::drawing::{
    COLOURS, LINE, WIDTH, arrow, characters, line, picture, round, shorten, text, width,
    with_tooltip, wrap,
};

/// The space for the names of the threads, and the space to the right of the last dot.
const LEFT: f64 = 120.0;
const RIGHT: f64 = 90.0;

/// At most so many faults are written below the title.
const SHOWN_FAULTS: usize = 3;

/// If all lines come within this time, they are drawn at equal distances, in their order.
const SHORT: Duration = Duration::from_millis(20);

/// The lines of a single thread are only worth a picture if they are apart for so long.
const LONG: Duration = Duration::from_millis(100);

/// Whether a picture shows more than the output does: several threads, or the time between the lines.
pub fn is_worth_drawing(timeline: &Timeline) -> bool {
    timeline.threads.len() > 1 || span(slice::from_ref(timeline)) >= LONG
}

/// Draws the timelines below each other, on one scale.
pub fn draw(timelines: &[Timeline]) -> String {
    let scale = Scale::of(timelines);
    let panels: Vec<Panel<'_>> = timelines.iter().map(|one| Panel::lay_out(one, &scale)).collect();
    let key = wrap(&key(&panels), characters(WIDTH - 20.0));
    let panels_height = panels.iter().map(|panel| panel.height).sum::<f64>();
    let height = panels_height + scale.axis_height() + (0.7 + key.len() as f64) * LINE;
    let titles: Vec<&str> = timelines.iter().map(|timeline| timeline.title.as_str()).collect();
    let description: String = timelines.iter().map(describe).collect();
    let title = format!("When each thread prints a line: {}", titles.join(", "));
    let mut document = picture(height, &title, &description);
    let mut top = 0.0;
    for panel in &panels {
        document = panel.draw(document, top);
        top += panel.height;
    }
    document = scale.draw_axis(document, top);
    top += scale.axis_height();
    for (number, words) in key.iter().enumerate() {
        let y = top + (1.1 + number as f64) * LINE;
        document = document.add(text(10.0, y, "faint", words));
    }
    document.to_string()
}

/// What the signs in the picture mean.
fn key(panels: &[Panel<'_>]) -> String {
    let any = |is_drawn: &dyn Fn(&Panel<'_>) -> bool| panels.iter().any(is_drawn);
    let signs = [
        (true, "dot: a line of the output"),
        (any(&|panel| panel.has_bars()), "bar: until the next line"),
        (any(&|panel| !panel.timeline.order.arrows.is_empty()), "arrow: always comes before"),
        (
            any(&|panel| !panel.timeline.order.rules.is_empty()),
            "vertical line: all before it comes before all after it",
        ),
        (any(&|panel| panel.end.is_some()), "dashed line: the end of the program"),
    ];
    let signs = signs.iter().filter(|(is_drawn, _)| *is_drawn).map(|(_, meaning)| *meaning);
    signs.collect::<Vec<_>>().join(" · ")
}

/// How long it took from the first line of all timelines to the last one.
fn span(timelines: &[Timeline]) -> Duration {
    let times = || timelines.iter().flat_map(|run| &run.lines).map(|line| line.time);
    times().max().unwrap_or_default() - times().min().unwrap_or_default()
}

/// The lines in words.
fn describe(timeline: &Timeline) -> String {
    let line = |line: &Line| {
        let thread = match timeline.threads[line.thread].as_str() {
            "" => String::new(),
            name => format!(", {name}"),
        };
        format!("{:.3} s{thread}: {}\n", line.time.as_secs_f64(), line.label)
    };
    let lines: String = timeline.lines.iter().map(line).collect();
    format!("{}{lines}", timeline.verdict())
}

/// Where on the picture a line is.
enum Scale {
    /// By its time, from the start of the program to so many seconds.
    Time(f64),
    /// By its place among the lines of the run. All came within so many seconds.
    Order(f64),
}

impl Scale {
    fn of(timelines: &[Timeline]) -> Self {
        let span = span(timelines);
        if span < SHORT {
            return Self::Order(span.as_secs_f64());
        }
        let times = timelines.iter().flat_map(|run| &run.lines).map(|line| line.time);
        let ends = timelines.iter().map(|timeline| timeline.time);
        Self::Time(times.chain(ends).max().unwrap_or_default().as_secs_f64())
    }

    /// The place of a time, or of the line with this index among `count`.
    fn x(&self, time: Duration, index: usize, count: usize) -> f64 {
        let share = match self {
            Self::Time(end) => time.as_secs_f64() / end,
            Self::Order(_) => (index as f64 + 0.5) / count as f64,
        };
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    fn axis_height(&self) -> f64 {
        match self {
            Self::Time(_) => 2.5 * LINE,
            Self::Order(_) => LINE,
        }
    }

    fn draw_axis(&self, mut document: Document, top: f64) -> Document {
        let y = top + self.axis_height();
        let words = |content: &str| text(10.0, y, "faint", content);
        let end = match *self {
            Self::Time(end) => end,
            Self::Order(within) => {
                let milliseconds = (within * 1000.0).ceil().max(1.0);
                return document.add(words(&format!(
                    "in the order in which the lines came, all within {milliseconds} ms"
                )));
            }
        };
        document = document.add(line("rule", (LEFT, top), (WIDTH - RIGHT, top)));
        let step = tick_step(end);
        for number in 0..=(end / step) as u32 {
            let tick = f64::from(number) * step;
            let x = self.x(Duration::from_secs_f64(tick), 0, 1);
            let label = format!("{}", (tick * 1000.0).round() / 1000.0);
            let at = x - width(&label) / 2.0;
            document = document.add(line("rule", (x, top), (x, top + 4.0)));
            document = document.add(text(at, top + 4.0 + LINE, "faint", &label));
        }
        document.add(words("seconds since the start of the program"))
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
    /// The texts of the lines.
    labels: Vec<Label>,
    /// Whether the distance between dots means a time.
    is_to_scale: bool,
    /// The place of the program's end, if it is not that of the last dot.
    end: Option<f64>,
    /// The place of each row, from the top of the panel.
    rows: Vec<f64>,
    height: f64,
}

impl<'t> Panel<'t> {
    fn lay_out(timeline: &'t Timeline, scale: &Scale) -> Self {
        let count = timeline.lines.len();
        let place = |(index, line): (usize, &Line)| scale.x(line.time, index, count);
        let x: Vec<f64> = timeline.lines.iter().enumerate().map(place).collect();
        let is_to_scale = matches!(scale, Scale::Time(_));
        let end = scale.x(timeline.time, count, count);
        let is_apart = x.last().is_none_or(|last| end - last > 6.0);
        let mut faults: Vec<String> = timeline.faults.iter().take(SHOWN_FAULTS).cloned().collect();
        if timeline.faults.len() > SHOWN_FAULTS {
            faults.push(format!("and {} more faults", timeline.faults.len() - SHOWN_FAULTS));
        }
        if timeline.omitted > 0 {
            faults.push(format!("{} more lines are not drawn", timeline.omitted));
        }
        let labels = labels(timeline, &x);
        let mut y = 2.0 * LINE + faults.len() as f64 * LINE;
        let mut rows = Vec::new();
        for thread in 0..timeline.threads.len() {
            let of_thread = (timeline.lines.iter().zip(&labels))
                .filter(|(line, _)| line.thread == thread)
                .map(|(_, label)| label.level + 1);
            y += LINE * of_thread.max().unwrap_or(1) as f64 + 8.0;
            rows.push(y);
            y += 10.0;
        }
        Self {
            timeline,
            faults,
            x,
            labels,
            is_to_scale,
            end: (is_to_scale && is_apart).then_some(end),
            rows,
            height: y + LINE / 2.0,
        }
    }

    /// Whether a thread prints several lines at different times.
    fn has_bars(&self) -> bool {
        let lines = &self.timeline.lines;
        let follows =
            |line: &Line| lines.iter().filter(|one| one.thread == line.thread).count() > 1;
        self.is_to_scale && lines.iter().any(follows)
    }

    /// The main thread has the same colour in all pictures.
    fn colour(&self, thread: usize) -> &'static str {
        let threads = &self.timeline.threads;
        if threads[thread] == MAIN {
            return COLOURS[0];
        }
        let before = threads[..thread].iter().filter(|name| *name != MAIN).count();
        COLOURS[1 + before % (COLOURS.len() - 1)]
    }

    fn draw(&self, mut document: Document, top: f64) -> Document {
        let Self { timeline, faults, x, labels, rows, .. } = self;
        let Timeline { title, threads, lines, order, .. } = timeline;
        let is_legal = timeline.faults.is_empty();
        let class = if is_legal { "" } else { "fault" };
        let title = if is_legal { title.clone() } else { format!("{title}: not legal") };
        let all = characters(WIDTH - 20.0);
        for (number, words) in [title].iter().chain(faults).enumerate() {
            let y = top + LINE * (number as f64 + 1.3);
            document =
                document.add(with_tooltip(words).add(text(10.0, y, class, &shorten(words, all))));
        }
        let from = top + rows.first().map_or(0.0, |row| row - LINE);
        let to = top + rows.last().copied().unwrap_or_default() + 10.0;
        if let Some(end) = self.end {
            let dashes = line("arrow", (end, from), (end, to)).set("stroke-dasharray", "3 3");
            document = document.add(dashes);
        }
        for &next in &order.rules {
            let x = x[next] - ((x[next] - x[next - 1]) / 2.0).min(8.0);
            document = document.add(line("arrow", (x, from), (x, to)));
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
            for pair in dots.windows(2).filter(|_| self.is_to_scale) {
                let bar = Rectangle::new()
                    .set("x", round(pair[0]))
                    .set("y", round(top + y - 3.0))
                    .set("width", round(pair[1] - pair[0]))
                    .set("height", 6)
                    .set("fill", self.colour(thread))
                    .set("opacity", 0.45);
                document = document.add(bar);
            }
        }
        let dot = |index: usize| (x[index], top + rows[lines[index].thread]);
        for &(from, to) in &order.arrows {
            let (from, to) = (dot(from), dot(to));
            // The arrow begins and ends at the edge of a dot.
            let edge = 5.0 * (to.1 - from.1).signum();
            document = document.add(arrow((from.0, from.1 + edge), (to.0, to.1 - edge)));
        }
        for (index, line_of_run) in lines.iter().enumerate() {
            let (x, y) = dot(index);
            let Label { words, start, level } = &labels[index];
            let above = y - 9.0 - *level as f64 * LINE;
            let class = if line_of_run.fault.is_some() { "fault" } else { "" };
            let circle = Circle::new()
                .set("class", class)
                .set("cx", round(x))
                .set("cy", round(y))
                .set("r", 4)
                .set("stroke-width", 3)
                .set("fill", self.colour(line_of_run.thread));
            let seconds = line_of_run.time.as_secs_f64();
            let mut tooltip = format!("{seconds:.3} s: {}", line_of_run.text);
            if let Some(fault) = &line_of_run.fault {
                tooltip += &format!("\n{fault}");
            }
            let label = text(*start, above, class, words);
            let mut group = with_tooltip(&tooltip);
            if *level > 0 {
                group = group.add(line("rule", (x, y), (x, above)));
            }
            document = document.add(group.add(circle).add(label));
        }
        document
    }
}
