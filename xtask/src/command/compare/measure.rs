//! Runs the programs in turn, and finds the median of their times.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use indicatif::ProgressBar;

use crate::cancel::Cancel;
use crate::check::Checker;
use crate::command::ending::problem;
use crate::error::{Error, Result};
use crate::process::{self, End};

/// What to run for one lesson.
pub(super) struct Programs<'a> {
    /// The lesson and its arguments.
    pub title: String,
    /// The command that runs it in Python.
    pub python: Vec<OsString>,
    /// The command that runs it in Rust.
    pub rust: Vec<OsString>,
    /// The arguments of both.
    pub arguments: &'a [String],
}

/// The median times of a lesson, from the start of the program to its end, in seconds.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The lesson and its arguments.
    pub title: String,
    /// In Python.
    pub python: f64,
    /// In Rust.
    pub rust: f64,
}

/// How many times as fast three computations are at the same time as one after another.
#[derive(Debug, Clone)]
pub struct SpeedUp {
    /// What computes: three threads, or three processes.
    pub title: &'static str,
    /// In Python.
    pub python: f64,
    /// In Rust.
    pub rust: f64,
}

/// The lesson that makes three computations one after another.
const SEQUENTIAL: &str = "single_thread_with_busy_wait";

/// The lessons that make three computations at the same time, what computes, and how many computations
/// the lesson makes before.
const PARALLEL: [(&str, &str, f64); 2] = [
    ("multi_thread_with_busy_wait", "three threads", 1.0),
    ("multiprocessing_with_busy_wait", "three processes", 0.0),
];

impl Comparison {
    /// How many times as long Python takes.
    pub fn ratio(&self) -> f64 {
        self.python / self.rust
    }
}

impl SpeedUp {
    /// The speed-ups of the lessons among these that compute, if the same computations were measured
    /// one after another.
    pub fn all(comparisons: &[Comparison]) -> Vec<Self> {
        let mut all = Vec::new();
        for sequential in comparisons {
            let Some(arguments) = sequential.title.strip_prefix(SEQUENTIAL) else { continue };
            for (name, title, before) in PARALLEL {
                let parallel = format!("{name}{arguments}");
                let parallel = comparisons.iter().find(|other| other.title == parallel);
                let Some(parallel) = parallel else { continue };
                let speed_up = |sequential: f64, parallel: f64| {
                    sequential / (parallel - before * sequential / 3.0)
                };
                let python = speed_up(sequential.python, parallel.python);
                let rust = speed_up(sequential.rust, parallel.rust);
                all.push(Self { title, python, rust });
            }
        }
        all
    }
}

/// Runs each program in Python and then in Rust, in each round. `None` if a program was stopped or did
/// not end well. In the latter case the reason is on standard error.
///
/// # Errors
/// When a program cannot be started.
pub(super) fn measure(
    programs: &[Programs<'_>],
    rounds: u32,
    limit: Duration,
    bar: &ProgressBar,
    cancel: &Cancel,
) -> Result<Option<Vec<Comparison>>> {
    let mut samples = vec![[const { Vec::new() }; 2]; programs.len()];
    for _ in 0..rounds {
        for (program, samples) in programs.iter().zip(&mut samples) {
            bar.set_message(program.title.clone());
            for (command, samples) in [&program.python, &program.rust].into_iter().zip(samples) {
                match run_once(program, command, limit, cancel)? {
                    Ok(time) => samples.push(time.as_secs_f64()),
                    Err(problem) => {
                        bar.finish_and_clear();
                        if !cancel.is_set() {
                            // If standard error is closed, the exit code still reports the failure.
                            let _ = writeln!(anstream::stderr(), "error: {problem}");
                        }
                        return Ok(None);
                    }
                }
            }
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let disturbed = |(program, samples): (&Programs<'_>, &[Vec<f64>; 2])| {
        samples.iter().any(|times| is_disturbed(times)).then(|| format!("`{}`", program.title))
    };
    let disturbed: Vec<String> = programs.iter().zip(&samples).filter_map(disturbed).collect();
    if !disturbed.is_empty() {
        // The report is right without it.
        let _ = writeln!(
            anstream::stderr(),
            "warning: the times of the rounds differ by more than 30 % for {}; other programs disturb \
             the measurement; close them and run it again",
            disturbed.join(", ")
        );
    }
    let comparisons = programs.iter().zip(samples).map(|(program, samples)| {
        let [python, rust] = samples.map(median);
        Comparison { title: program.title.clone(), python, rust }
    });
    Ok(Some(comparisons.collect()))
}

/// Runs a program once. The inner error says why it did not end well.
fn run_once(
    program: &Programs<'_>,
    words: &[OsString],
    limit: Duration,
    cancel: &Cancel,
) -> Result<Result<Duration, String>> {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args(program.arguments);
    let limits = Checker::new(cancel.clone()).limits(limit);
    let finished = process::run(command, limits, cancel)
        .map_err(|error| Error::io("run", Path::new(&words[0]), &error))?;
    if finished.end == End::Cancelled {
        return Ok(Err("cancelled".to_owned()));
    }
    if let Some(problem) = problem(&finished, limits) {
        let file = Path::new(&words[words.len() - 1]).display();
        let title = &program.title;
        return Ok(Err(format!("`{title}` did not end well as `{file}`: {problem}")));
    }
    Ok(Ok(finished.time))
}

/// Whether the rounds of one program took such different times that others must have disturbed them.
fn is_disturbed(times: &[f64]) -> bool {
    let (min, max) =
        times.iter().fold((f64::MAX, 0.0_f64), |(min, max), time| (min.min(*time), max.max(*time)));
    max > 1.3 * min
}

/// The number in the middle, or the mean of the two numbers there.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let (below, above) = ((numbers.len() - 1) / 2, numbers.len() / 2);
    (numbers[below] + numbers[above]) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![5.0]), 5.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0, 4.0]), 3.0);
    }

    #[test]
    fn rounds_that_differ_much_were_disturbed() {
        assert!(is_disturbed(&[1.2, 1.0, 1.31]));
        assert!(!is_disturbed(&[1.2, 1.0, 1.29]));
        assert!(!is_disturbed(&[5.0]));
    }

    #[test]
    fn a_speed_up_compares_three_computations_with_three() {
        let comparison = |name: &str, python: f64, rust: f64| Comparison {
            title: format!("{name}_with_busy_wait 50"),
            python,
            rust,
        };
        let mut comparisons = vec![
            // With a GIL, and with three cores: one computation takes 2 s in Python, and 1 s in Rust.
            comparison("multi_thread", 8.0, 2.0),
            comparison("single_thread", 6.0, 3.0),
            comparison("multiprocessing", 3.0, 1.5),
        ];
        let speed_ups = SpeedUp::all(&comparisons);
        let numbers: Vec<_> =
            speed_ups.iter().map(|one| (one.title, one.python, one.rust)).collect();
        assert_eq!(numbers, [("three threads", 1.0, 3.0), ("three processes", 2.0, 2.0)]);

        // Other computations cannot be compared.
        comparisons[1].title += "0";
        assert!(SpeedUp::all(&comparisons).is_empty());
    }
}
