//! How busy each core is, drawn on a terminal.

use std::fmt::Write as _;

use indicatif::{ProgressBar, ProgressStyle};

use crate::runner::load::{Watched, sample};
use crate::runner::may_move;

/// From an idle core to a busy one.
const LEVELS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// How long a bar is, and how wide a chart, in characters.
const BAR: usize = 40;
const CHART: usize = 60;

/// A machine with more cores than this has no line for each of them.
const MANY: usize = 16;

/// Bars that move while an example runs. Clones show the same bars.
#[derive(Debug, Clone)]
pub struct Live(ProgressBar);

impl Live {
    /// Bars on standard error, where that is a terminal and a person looks on.
    pub fn new() -> Self {
        Self(if may_move() { ProgressBar::no_length() } else { ProgressBar::hidden() })
    }

    /// Says what comes now.
    pub fn phase(&self, what: &str) {
        let style = ProgressStyle::with_template("{prefix} ({elapsed})\n{msg}")
            .expect("a literal template is well-formed");
        self.0.reset();
        self.0.set_style(style);
        self.0.set_prefix(what.to_owned());
    }

    /// Shows how busy each core is now.
    pub fn show(&self, sample: &sample::Reading) {
        if !self.0.is_hidden() {
            self.0.set_message(bars(&sample.loads));
        }
    }

    /// Takes the bars away.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}

/// A bar for each core: a line where there are few of them, else a character.
fn bars(loads: &[f64]) -> String {
    let mut text = String::new();
    if loads.len() > MANY {
        for (number, cores) in loads.chunks(CHART).enumerate() {
            let gap = if number == 0 { "cores   " } else { "\n        " };
            text += gap;
            text.extend(cores.iter().map(|load| level(*load)));
        }
        return text;
    }
    for (core, load) in loads.iter().enumerate() {
        let full = (load * BAR as f64).round() as usize;
        let gap = if core == 0 { "" } else { "\n" };
        let _ = write!(
            text,
            "{gap}{:<8}{}{} {:>3.0} %",
            format!("core {core}"),
            "█".repeat(full),
            "░".repeat(BAR.saturating_sub(full)),
            load * 100.0
        );
    }
    text
}

/// A small chart of a whole run: a line for each core, where there are few of them, and one for
/// their mean; below it, where the example started and ended.
pub fn chart(watched: &Watched) -> String {
    let samples = &watched.samples;
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
        return String::new();
    };
    let (from, to) = (first.from, last.to);
    let width = samples.len().min(CHART);
    // Which column a time belongs to.
    let column = |time: f64| {
        let share = (time - from) / (to - from).max(f64::MIN_POSITIVE);
        ((share * width as f64 + 1e-6).floor().max(0.0) as usize).min(width - 1)
    };
    let mut columns = vec![Vec::new(); width];
    for sample in samples {
        columns[column(sample.middle())].push(sample);
    }
    let row = |name: &str, load: &dyn Fn(&super::Sample) -> f64| {
        let mut row = format!("  {name:<8}");
        let mut before = load(first);
        for samples in &columns {
            if !samples.is_empty() {
                before = samples.iter().map(|one| load(one)).sum::<f64>() / samples.len() as f64;
            }
            row.push(level(before));
        }
        row.trim_end().to_owned() + "\n"
    };

    let mut text = String::new();
    let cores = watched.cores();
    if cores <= MANY {
        for core in 0..cores {
            text += &row(&format!("core {core}"), &|sample| {
                sample.loads.get(core).copied().unwrap_or(0.0)
            });
        }
    }
    text += &row("mean", &super::Sample::mean);
    let start = format!("{}└ start", " ".repeat(10 + column(0.0)));
    let end = format!("end {:.1} s ┘", watched.seconds);
    let gap = 11 + column(watched.seconds);
    let gap = gap.saturating_sub(start.chars().count() + end.chars().count());
    let _ = writeln!(text, "{start}{}{end}", " ".repeat(gap.max(1)));
    text
}

fn level(load: f64) -> char {
    LEVELS[((load * 8.0).round() as usize).min(8)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::load::tests::watched;

    #[test]
    fn a_few_cores_have_a_line_each() {
        let text = bars(&[0.0, 0.5, 1.0]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], format!("core 0  {}   0 %", "░".repeat(40)));
        assert_eq!(lines[1], format!("core 1  {}{}  50 %", "█".repeat(20), "░".repeat(20)));
        assert_eq!(lines[2], format!("core 2  {} 100 %", "█".repeat(40)));
    }

    #[test]
    fn many_cores_have_a_character_each() {
        let loads: Vec<f64> = (0..64).map(|core| f64::from(core) / 63.0).collect();
        let text = bars(&loads);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("cores       ▁▁▁▁▁▁▁▁▂"), "{text}");
        assert_eq!(lines[1], "        ████");
    }

    #[test]
    fn a_chart_shows_each_core_over_time() {
        let run = watched("its", &[[1.0, 0.0], [0.0, 1.0]].repeat(10));
        let expected = "  core 0  ▁▁▁▁▁▁▁▁▁▁█ █ █ █ █ █ █ █ █ █\n";
        let chart = chart(&run);
        let lines: Vec<_> = chart.lines().collect();
        assert_eq!(lines[0], expected.trim_end(), "{chart}");
        assert!(lines[2].starts_with("  mean"), "{chart}");
        assert_eq!(lines[3].chars().position(|it| it == '└'), Some(20), "{chart}");
        assert!(lines[3].ends_with("end 2.0 s ┘"), "{chart}");
    }

    #[test]
    fn a_chart_of_a_long_run_is_no_wider() {
        let chart = chart(&watched("its", &vec![[0.5, 1.0]; 1000]));
        assert!(chart.lines().all(|line| line.chars().count() <= 10 + CHART), "{chart}");
    }
}
