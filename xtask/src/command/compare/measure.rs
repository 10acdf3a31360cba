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

/// How long a lesson takes.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The lesson and its arguments.
    pub title: String,
    /// In Python.
    pub python: Times,
    /// In Rust.
    pub rust: Times,
}

/// Median times of a program, in seconds.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// From the start of the program to its end.
    pub whole: f64,
    /// The totals that it prints, in their order.
    pub totals: Vec<f64>,
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

/// Totals have two decimals, so a shorter one, in seconds, has too few digits.
const MIN_TOTAL: f64 = 0.05;

/// The lesson that makes three computations one after another, and prints the total.
const SEQUENTIAL: &str = "single_thread_with_busy_wait";

/// The lesson that makes one computation on a thread and then three on threads, and prints both totals.
const THREADS: &str = "multi_thread_with_busy_wait";

/// The lesson that makes three computations in processes, and prints the total.
const PROCESSES: &str = "multiprocessing_with_busy_wait";

impl Comparison {
    /// The seconds in Python and in Rust: the last totals that the programs print, because these are the
    /// times that the lesson is about, or the times of whole runs if a total is missing or has too few
    /// digits.
    pub fn seconds(&self) -> [f64; 2] {
        self.totals().unwrap_or([self.python.whole, self.rust.whole])
    }

    fn totals(&self) -> Option<[f64; 2]> {
        let totals = [self.python.totals.last()?, self.rust.totals.last()?].map(|total| *total);
        totals.iter().all(|total| *total >= MIN_TOTAL).then_some(totals)
    }

    /// The lesson, and whether its times are those of whole runs.
    pub fn label(&self) -> String {
        let note = if self.totals().is_some() { "" } else { " (whole run)" };
        format!("{}{note}", self.title)
    }
}

impl SpeedUp {
    /// The speed-ups of the lessons among these that compute, from the totals that they print. Three
    /// threads are compared with one thread, and three processes with one process.
    pub fn all(comparisons: &[Comparison]) -> Vec<Self> {
        let mut all = Vec::new();
        for lesson in comparisons {
            let has_both = [&lesson.python, &lesson.rust].iter().all(|of| of.totals.len() == 2);
            if lesson.title.starts_with(THREADS) && has_both {
                all.extend(Self::of("three threads", 3.0, lesson, lesson));
            } else if let Some(arguments) = lesson.title.strip_prefix(PROCESSES) {
                let sequential = format!("{SEQUENTIAL}{arguments}");
                let sequential = comparisons.iter().find(|other| other.title == sequential);
                let speed_up = |alone| Self::of("three processes", 1.0, alone, lesson);
                all.extend(sequential.and_then(speed_up));
            }
        }
        all
    }

    /// How many times as long `times` the first total of one lesson is as the last total of another.
    /// None if a total is missing, or too short for the two decimals that are printed.
    fn of(
        title: &'static str,
        times: f64,
        alone: &Comparison,
        together: &Comparison,
    ) -> Option<Self> {
        let ratio = |alone: &Times, together: &Times| {
            let (alone, together) = (*alone.totals.first()?, *together.totals.last()?);
            (alone.min(together) >= MIN_TOTAL).then(|| times * alone / together)
        };
        let python = ratio(&alone.python, &together.python)?;
        let rust = ratio(&alone.rust, &together.rust)?;
        Some(Self { title, python, rust })
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
                    Ok(times) => samples.push(times),
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
    let disturbed = |(program, samples): (&Programs<'_>, &[Vec<Times>; 2])| {
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
        let [python, rust] = samples.map(|samples| medians(&samples));
        Comparison { title: program.title.clone(), python, rust }
    });
    Ok(Some(comparisons.collect()))
}

/// Runs a program once, and returns its times. The inner error says why it did not end well.
fn run_once(
    program: &Programs<'_>,
    words: &[OsString],
    limit: Duration,
    cancel: &Cancel,
) -> Result<Result<Times, String>> {
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
    let output = String::from_utf8_lossy(&finished.stdout);
    Ok(Ok(Times { whole: finished.time.as_secs_f64(), totals: totals(&output) }))
}

/// The seconds of each line `Total time taken: 1.25 second(s)`.
fn totals(output: &str) -> Vec<f64> {
    let seconds = |line: &str| {
        line.strip_prefix("Total time taken: ")?.strip_suffix(" second(s)")?.parse().ok()
    };
    output.lines().filter_map(seconds).collect()
}

/// Whether the rounds of one program took such different times that others must have disturbed them.
fn is_disturbed(rounds: &[Times]) -> bool {
    let whole = || rounds.iter().map(|times| times.whole);
    whole().fold(0.0, f64::max) > 1.3 * whole().fold(f64::MAX, f64::min)
}

/// The median of each time. Only the totals that each round has printed have one.
fn medians(rounds: &[Times]) -> Times {
    let totals = rounds.iter().map(|times| times.totals.len()).min().unwrap_or(0);
    let total = |index: usize| median(rounds.iter().map(|times| times.totals[index]).collect());
    Times {
        whole: median(rounds.iter().map(|times| times.whole).collect()),
        totals: (0..totals).map(total).collect(),
    }
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
        let disturbed = |times: &[f64]| {
            let round = |&whole: &f64| Times { whole, ..Times::default() };
            is_disturbed(&times.iter().map(round).collect::<Vec<_>>())
        };
        assert!(disturbed(&[1.2, 1.0, 1.31]));
        assert!(!disturbed(&[1.2, 1.0, 1.29]));
        assert!(!disturbed(&[5.0]));
    }

    #[test]
    fn the_last_total_counts_unless_it_is_too_short() {
        let times = |totals: &[f64]| Times { whole: 9.0, totals: totals.to_vec() };
        let seconds = |python: &[f64], rust: &[f64]| {
            let (python, rust) = (times(python), times(rust));
            Comparison { title: String::new(), python, rust }.seconds()
        };
        assert_eq!(seconds(&[1.0, 2.0], &[0.5]), [2.0, 0.5]);
        assert_eq!(seconds(&[1.0], &[0.01]), [9.0, 9.0]);
        assert_eq!(seconds(&[], &[1.0]), [9.0, 9.0]);
    }

    #[test]
    fn the_totals_are_read_from_the_lines() {
        let output =
            "Total time taken: 1.25 second(s)\nTotal: 1\nTotal time taken: 2.00 second(s)\n";
        assert_eq!(totals(output), [1.25, 2.0]);
        assert!(totals("Total time taken: long second(s)\n").is_empty());
    }

    #[test]
    fn a_speed_up_compares_three_computations_with_one() {
        let times = |totals: &[f64]| Times { whole: 9.0, totals: totals.to_vec() };
        let comparison = |name: &str, python: &[f64], rust: &[f64]| Comparison {
            title: format!("{name}_with_busy_wait 50"),
            python: times(python),
            rust: times(rust),
        };
        // With a GIL, and with three cores: one computation takes 2 s in Python, and 1 s in Rust.
        let mut comparisons = vec![
            comparison("multi_thread", &[2.0, 6.0], &[1.0, 1.0]),
            comparison("multiprocessing", &[3.0], &[1.5]),
            comparison("single_thread", &[6.0], &[3.0]),
        ];
        let speed_ups = SpeedUp::all(&comparisons);
        let numbers: Vec<_> =
            speed_ups.iter().map(|one| (one.title, one.python, one.rust)).collect();
        assert_eq!(numbers, [("three threads", 1.0, 3.0), ("three processes", 2.0, 2.0)]);

        // Other computations cannot be compared, and neither can times that are too short.
        comparisons[2].title += "0";
        assert_eq!(SpeedUp::all(&comparisons).len(), 1);
        comparisons[0].rust.totals[1] = 0.04;
        assert!(SpeedUp::all(&comparisons).is_empty());
        comparisons[0].rust.totals.pop();
        assert!(SpeedUp::all(&comparisons).is_empty());
    }
}
