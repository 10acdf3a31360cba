//! What the samples come to, in numbers and in words.

use std::fmt::Write as _;
use std::thread;
use std::time::Duration;

use serde::Serialize;

use crate::runner::load::sample::{EVERY, SPAN};
use crate::runner::load::{Ending, Watched};
use crate::runner::process::Limits;

/// What the samples of one run come to. Loads are in cores: 1.5 is one and a half of them busy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// How many cores the machine has.
    pub cores: usize,
    /// The mean load of all cores while the example ran, 0 to 1.
    pub mean_load: f64,
    /// How many cores were busy while the example ran.
    pub busy: f64,
    /// How many cores were busy before the start: with other programs.
    pub before: f64,
    /// How many cores the example kept busy: its CPU time for each second where that is known,
    /// else what was busy besides what had been busy before. `None` where other programs were busy
    /// then, as they may do more or less by now.
    pub example: Option<f64>,
    /// How many cores were busy with something else while the example ran.
    pub others: Option<f64>,
}

/// Other programs that keep more than this share of all cores busy disturb the picture.
const BUSY: f64 = 0.1;

/// How long a run takes at least if one sample is sure to begin and end within it.
fn shortest() -> Duration {
    SPAN + EVERY
}

impl Figures {
    /// What this run comes to, out of the samples that lie within it. `None` where none does.
    pub fn of(watched: &Watched) -> Option<Self> {
        let mean_of = |from: f64, to: f64| {
            let within = watched.samples.iter().filter(|one| one.from >= from && one.to <= to);
            let loads: Vec<f64> = within.map(super::Sample::mean).collect();
            (!loads.is_empty()).then(|| loads.iter().sum::<f64>() / loads.len() as f64)
        };
        let cores = watched.cores();
        let mean_load = mean_of(0.0, watched.seconds)?;
        let busy = mean_load * cores as f64;
        let before = mean_of(f64::NEG_INFINITY, 0.0).unwrap_or(0.0) * cores as f64;
        let example = match watched.cpu_seconds {
            Some(seconds) => Some(seconds / watched.seconds),
            None => (before <= BUSY * cores as f64).then(|| (busy - before).max(0.0)),
        };
        let others = example.map(|example| (busy - example).max(0.0));
        Some(Self { cores, mean_load, busy, before, example, others })
    }
}

/// What it means that a program keeps this many cores busy, if it may use so many. `is_alone`: no
/// other program takes a part of them.
fn kind(example: f64, usable: usize, is_alone: bool) -> &'static str {
    if example < 0.1 {
        "it waits nearly all the time"
    } else if usable > 1 && example >= 0.85 * usable as f64 {
        "all that there are"
    } else if (0.85..1.15).contains(&example) {
        if usable > 1 && is_alone {
            "one piece of work after another"
        } else {
            "one piece of work after another, or several that share a core"
        }
    } else if example < 0.85 {
        "it waits now and then, or has to share its core"
    } else {
        "more than one, and not all"
    }
}

/// What the picture of this run shows, in lines for people.
pub fn in_words(watched: &Watched, limits: Limits) -> String {
    let mut text = format!("{}: {:.2} s", watched.title, watched.seconds);
    match watched.cpu_seconds {
        Some(seconds) => _ = write!(text, ", CPU time {seconds:.2} s"),
        None => text += ", CPU time unknown: this system does not tell",
    }
    if let Some(problem) = problem(watched, limits) {
        _ = write!(text, "\n  {problem}");
    }
    let Some(figures) = Figures::of(watched) else {
        _ = write!(text, "\n  too short for a sample");
        return text;
    };
    let Figures { cores, mean_load, busy, before, example, others } = figures;
    let usable = thread::available_parallelism().map_or(cores, |number| number.get().min(cores));
    _ = write!(
        text,
        "\n  mean load of all cores: {:.0} %, that is {busy:.2} of {cores} busy",
        mean_load * 100.0
    );
    if usable < cores {
        _ = write!(text, " (it may use {usable})");
    }
    let (Some(example), Some(others)) = (example, others) else {
        _ = write!(
            text,
            "\n  how much of that the example did is not known: other programs kept {before:.2} \
             cores busy before the start"
        );
        return text;
    };
    let is_alone = others.max(before) <= BUSY * cores as f64;
    let kind = kind(example, usable, is_alone);
    _ = write!(text, "\n  the example kept {example:.2} cores busy: {kind}");
    _ = write!(
        text,
        "\n  other programs: {others:.2} cores meanwhile, {before:.2} before the start"
    );
    if !is_alone {
        text += "; close them for a clear picture";
    }
    text
}

/// What is wrong with the way in which the example ended.
pub fn problem(watched: &Watched, limits: Limits) -> Option<String> {
    match &watched.ending {
        Ending::Well => None,
        Ending::Badly { why } => Some(format!("it ended with {}", why.replace('\n', "\n  "))),
        Ending::Time => Some(format!(
            "it was still running after {} s and was ended (see --timeout)",
            limits.time.as_secs_f64()
        )),
        Ending::Output => Some(limits.too_much_output()),
        Ending::Stopped => Some("it was stopped".to_owned()),
    }
}

/// Why there is nothing to draw.
pub fn too_short(watched: &Watched) -> String {
    format!(
        "`{}` ended after {:.3} s: to see its load it has to run for {} s at least",
        watched.title,
        watched.seconds,
        shortest().as_secs_f64()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::load::tests::watched;

    const LIMITS: Limits =
        Limits { time: Duration::from_millis(2500), output: 16 * 1024 * 1024, group: None };

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    #[test]
    fn without_cpu_time_what_was_busy_before_is_told_apart() {
        let figures = Figures::of(&watched("its", &[[1.0, 0.1], [0.2, 0.9]])).unwrap();
        assert_eq!(figures.cores, 2);
        assert!(near(figures.mean_load, 0.55), "{figures:?}");
        assert!(near(figures.busy, 1.1), "{figures:?}");
        assert!(near(figures.before, 0.1), "{figures:?}");
        assert!(near(figures.example.unwrap(), 1.0), "{figures:?}");
        assert!(near(figures.others.unwrap(), 0.1), "{figures:?}");
    }

    #[test]
    fn without_cpu_time_beside_busy_programs_nothing_is_claimed() {
        let mut run = watched("its", &[[1.0, 0.5]; 5]);
        for sample in &mut run.samples[..10] {
            sample.loads = vec![0.3, 0.0];
        }
        let figures = Figures::of(&run).unwrap();
        assert_eq!((figures.example, figures.others), (None, None));
        let words = in_words(&run, LIMITS);
        assert!(words.ends_with(
            "\n  how much of that the example did is not known: other programs kept 0.30 cores \
             busy before the start"
        ));
    }

    #[test]
    fn cpu_time_tells_what_is_the_example() {
        let mut run = watched("its", &[[1.0, 0.5]; 4]);
        run.cpu_seconds = Some(0.2);
        let figures = Figures::of(&run).unwrap();
        assert!(near(figures.busy, 1.5), "{figures:?}");
        assert!(near(figures.example.unwrap(), 0.5), "{figures:?}");
        assert!(near(figures.others.unwrap(), 1.0), "{figures:?}");
    }

    #[test]
    fn samples_across_the_start_or_the_end_do_not_count() {
        let mut run = watched("its", &[[0.5, 0.5]; 3]);
        for sample in &mut run.samples {
            if sample.from < 0.0 && sample.to > -0.05 || sample.to > run.seconds {
                sample.loads = vec![1.0, 1.0];
                sample.to += 0.01;
            }
        }
        let figures = Figures::of(&run).unwrap();
        assert!(near(figures.busy, 1.0), "{figures:?}");
        assert!(near(figures.before, 0.1), "{figures:?}");
    }

    #[test]
    fn a_run_without_a_sample_has_no_figures() {
        let run = watched("its", &[]);
        assert_eq!(Figures::of(&run), None);
        assert_eq!(
            too_short(&run),
            "`its` ended after 0.000 s: to see its load it has to run for 0.3 s at least"
        );
    }

    #[test]
    fn each_kind_of_work_has_its_words() {
        assert_eq!(kind(0.02, 2, true), "it waits nearly all the time");
        assert!(kind(0.5, 2, true).starts_with("it waits now and then"));
        assert_eq!(kind(0.97, 2, true), "one piece of work after another");
        assert!(kind(0.97, 2, false).ends_with("or several that share a core"));
        assert!(kind(0.97, 1, true).ends_with("or several that share a core"));
        assert_eq!(kind(1.4, 2, true), "more than one, and not all");
        assert_eq!(kind(1.9, 2, true), "all that there are");
        assert_eq!(kind(3.0, 8, true), "more than one, and not all");
        assert_eq!(kind(7.5, 8, true), "all that there are");
    }

    #[test]
    fn words_name_the_end_and_the_others() {
        let mut run = watched("its 5", &[[1.0, 1.0]; 5]);
        let words = in_words(&run, LIMITS);
        assert!(words.starts_with("its 5: 0.50 s, CPU time unknown: this system"), "{words}");
        assert!(words.contains("100 %, that is 2.00 of 2 busy"), "{words}");
        assert!(words.ends_with("other programs: 0.10 cores meanwhile, 0.10 before the start"));

        run.cpu_seconds = Some(0.5);
        let words = in_words(&run, LIMITS);
        assert!(words.starts_with("its 5: 0.50 s, CPU time 0.50 s\n"), "{words}");
        assert!(words.ends_with(
            "1.00 cores meanwhile, 0.10 before the start; close them for a clear picture"
        ));

        run.cpu_seconds = None;
        run.ending = Ending::Time;
        let words = in_words(&run, LIMITS);
        assert!(words.contains("\n  it was still running after 2.5 s and was ended"), "{words}");
        run.ending = Ending::Output;
        assert!(in_words(&run, LIMITS).contains("it wrote more than 16 MiB and was ended"));
        run.ending = Ending::Badly { why: "exit status: 3\noh\nno".to_owned() };
        assert!(in_words(&run, LIMITS).contains("\n  it ended with exit status: 3\n  oh\n  no\n"));
    }
}
