//! `cargo xtask compare`: measures how long lessons take in Python and in Rust.

mod measure;
pub mod picture;
mod table;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use crate::build::{BuildOptions, build};
use crate::cancel::Cancel;
use crate::command::calls::calls;
use crate::command::context::{current_folder, progress_bar};
use crate::command::exit::{Exit, print_measured};
use crate::command::options::seconds;
use crate::error::{Error, Result};
use crate::files::{check_writable, write_atomically};
use crate::python;
use crate::workspace::Workspace;
use measure::{Programs, measure};

pub use measure::{Comparison, SpeedUp, Times};

const EXAMPLES: &str = "\
Examples:
  cargo xtask compare                    the lessons whose point is time
  cargo xtask compare pool_map event 1   these lessons, one of them with an argument
  cargo xtask compare -o compare.svg     also draw the times as bars

A word that starts with a letter names a lesson. Any other word is an argument of the lesson
before it. A word in quotes is a name with all its arguments.

In each round every lesson runs in Python and then in Rust, built with optimisations. The report
shows the median of the total that the program prints last, or of the whole run if it prints none
or less than 0.05 s, and how many times as long Python takes.

For the lessons with a busy wait it also shows the speed-up: how many times as fast three
computations are at the same time, on three threads or in three processes, as one after another.
Three threads are compared with one thread of `multi_thread_with_busy_wait`, and three processes
with `single_thread_with_busy_wait`, by the totals that these lessons print.

Other programs change the times, so close them first.

Exit code: 0 all lessons were measured, 1 a program did not end well, 2 error, 130 stopped by
Ctrl-C.";

/// What runs by default: what waits, and then what computes, for some seconds in Python.
const DEFAULT: &[&str] = &[
    "single_thread_with_blocking_wait 0.2",
    "multi_thread_with_blocking_wait 0.2",
    "concurrent_tasks 0.2",
    "single_thread_with_busy_wait 10000",
    "multi_thread_with_busy_wait 10000",
    "multiprocessing_with_busy_wait 10000",
];

/// Which lessons to measure, and how often.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask compare [OPTIONS] [NAME [ARG]...]...",
)]
pub struct Arguments {
    /// Lessons, each with its arguments [default: the lessons whose point is time]
    #[arg(value_name = "NAME", allow_negative_numbers = true)]
    words: Vec<String>,
    /// Run each program N times
    #[arg(long, value_name = "N", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// Also draw the times to this file
    #[arg(short, long, value_name = "FILE.svg")]
    output: Option<PathBuf>,
    /// End a program after this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60")]
    timeout: Duration,
}

/// Runs the command.
///
/// # Errors
/// When there is no such lesson, it has no program in Python, there is no Python, a lesson cannot be
/// built or started, or the picture cannot be written.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    print_measured(compare(arguments, cancel), "nothing was compared", cancel)
}

/// Measures the lessons and draws them. Returns what to print, or `None` if a program was stopped or
/// did not end well.
fn compare(arguments: &Arguments, cancel: &Cancel) -> Result<Option<String>> {
    let workspace = Workspace::load(&current_folder()?)?;
    let mut words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    if words.is_empty() {
        words.extend(DEFAULT);
    }
    let calls = calls(&workspace, &words)?;
    let mut scripts = Vec::new();
    for call in &calls {
        let lesson = call.lesson;
        let script = lesson.python(&workspace.root).ok_or_else(|| {
            let (folder, name) = (lesson.folder(), &lesson.name);
            let folder = folder.display();
            Error::new(format!("`{name}` has no program in Python: `{folder}/python/{name}.py`"))
        })?;
        scripts.push(workspace.root.join(script));
    }
    let python = python::interpreter()?;
    if let Some(file) = &arguments.output {
        check_writable(file).map_err(|error| Error::io("write", file, &error))?;
    }
    let options = BuildOptions { release: true, quiet: !io::stderr().is_terminal() };
    let built = build(&workspace.root, calls.iter().map(|call| call.lesson), options, cancel)?;
    let programs = calls.iter().zip(scripts).map(|(call, script)| Programs {
        title: call.title(),
        python: vec![python.clone().into(), script.into()],
        rust: vec![built[&call.lesson.name].clone().into()],
        arguments: &call.arguments,
    });
    let programs: Vec<Programs<'_>> = programs.collect();

    let bar = progress_bar(u64::from(arguments.rounds) * calls.len() as u64);
    let measured = measure(&programs, arguments.rounds, arguments.timeout, &bar, cancel)?;
    let Some(comparisons) = measured else { return Ok(None) };
    let speed_ups = SpeedUp::all(&comparisons);
    let mut report = table::draw(&comparisons, &speed_ups);
    if let Some(file) = &arguments.output {
        write_atomically(file, &picture::draw(&comparisons, &speed_ups))
            .map_err(|error| Error::io("write", file, &error))?;
        report += &format!("picture: {}\n", file.display());
    }
    Ok(Some(report))
}
