//! `cargo xtask load`: runs lessons and draws how busy each core was.

mod picture;
mod sample;

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{fs, thread};

use indicatif::ProgressBar;

use crate::build::{BuildOptions, build};
use crate::cancel::Cancel;
use crate::check::Checker;
use crate::command::calls::{Call, calls};
use crate::command::context::{current_folder, progress_bar};
use crate::command::ending::problem;
use crate::command::exit::{Exit, print_measured};
use crate::command::options::seconds;
use crate::error::{Error, Result};
use crate::files::{check_writable, runner_folder, write_atomically};
use crate::process::{self, End};
use crate::workspace::Workspace;
use sample::{Run, measure};

const EXAMPLES: &str = "\
Examples:
  cargo xtask load            the notebook's two lessons, side by side
  cargo xtask load event 1    one lesson, with an argument
  cargo xtask load 'distributed_map 5000000 -w 2' -o two.svg

A word that starts with a letter names a lesson. Any other word is an argument of the lesson before
it. A word in quotes is a name with all its arguments.

The lessons run one after another, in the current folder, and each must run for at least 0.3 s. What
they print is not shown. Other programs are part of the picture too, so close them first.

Exit code: 0 the picture was drawn, 1 a lesson did not end well, 2 error, 130 stopped by Ctrl-C.
With 1, 2 and 130 no picture is drawn, and an older one stays as it is.";

/// What runs by default. An optimised build gets more to do, so that it takes about as long.
const DEFAULT: &[&str] = &["cpu_load_sequential", "cpu_load_pool_map"];
const DEFAULT_RELEASE: &[&str] = &["cpu_load_sequential", "80000", "cpu_load_pool_map", "80000"];

/// How long a lesson must run, in seconds. Then one whole sample lies within its run.
const SHORTEST: f64 = 0.3;

/// Which lessons to run, and where to write the picture.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask load [OPTIONS] [NAME [ARG]...]...",
)]
pub struct Arguments {
    /// Lessons, each with its arguments [default: cpu_load_sequential cpu_load_pool_map].
    #[arg(value_name = "NAME", allow_negative_numbers = true)]
    words: Vec<String>,
    /// Write the picture to this file [default: xtask/load.svg in the target folder].
    #[arg(short, long, value_name = "FILE.svg")]
    output: Option<PathBuf>,
    /// End a lesson after this many seconds [default: 10 for each core].
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Build with optimisations.
    #[arg(long)]
    release: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is no such lesson, the picture cannot be written, a lesson cannot be built or
/// started or ends too soon, or the system does not report how busy its cores are.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    print_measured(run_and_draw(arguments, cancel), "no picture was drawn", cancel)
}

/// Builds and runs the lessons and writes the picture. Returns what to print, or `None` if a lesson
/// was stopped or did not end well.
fn run_and_draw(arguments: &Arguments, cancel: &Cancel) -> Result<Option<String>> {
    let workspace = Workspace::load(&current_folder()?)?;
    let mut words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    if words.is_empty() {
        words.extend(if arguments.release { DEFAULT_RELEASE } else { DEFAULT });
    }
    let calls = calls(&workspace, &words)?;
    let folder = runner_folder(&workspace.target);
    fs::create_dir_all(&folder).map_err(|error| Error::io("create", &folder, &error))?;
    let file = arguments.output.clone().unwrap_or_else(|| folder.join("load.svg"));
    let cannot_write = |error: io::Error| Error::io("write", &file, &error);
    check_writable(&file).map_err(cannot_write)?;

    let options = BuildOptions { release: arguments.release, quiet: !io::stderr().is_terminal() };
    let programs = build(&workspace.root, calls.iter().map(|call| call.lesson), options, cancel)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let time = arguments.timeout.unwrap_or(Duration::from_secs(10) * cores as u32);
    let bar = progress_bar(calls.len() as u64);
    let mut runs = Vec::new();
    for call in &calls {
        let Some(run) = run_one(call, &programs, time, &bar, cancel)? else { return Ok(None) };
        runs.push(run);
        bar.inc(1);
    }
    write_atomically(&file, &picture::draw(&runs)).map_err(cannot_write)?;
    Ok(Some(report(&runs, &file)))
}

/// Runs one lesson and measures it. `None` if it was stopped or did not end well. In the latter
/// case the reason is on standard error.
fn run_one(
    call: &Call<'_>,
    programs: &HashMap<String, PathBuf>,
    time: Duration,
    bar: &ProgressBar,
    cancel: &Cancel,
) -> Result<Option<Run>> {
    let title = call.title();
    let program = programs
        .get(&call.lesson.name)
        .ok_or_else(|| Error::new(format!("Cargo builds no program for `{title}`")))?;
    let mut command = Command::new(program);
    command.args(&call.arguments);
    let limits = Checker::new(cancel.clone()).limits(time);
    let measured = measure(
        &title,
        || process::run(command, limits, cancel),
        || cancel.is_set(),
        |busy| bar.set_message(format!("{title}: {busy:.1} cores busy")),
    );
    let Some((finished, run)) = measured.map_err(Error::new)? else { return Ok(None) };
    let finished = finished.map_err(|error| Error::io("run", program, &error))?;
    match problem(&finished, limits) {
        _ if finished.end == End::Cancelled => Ok(None),
        Some(problem) => {
            bar.finish_and_clear();
            // If standard error is closed, the exit code still reports the failure.
            let _ = writeln!(
                anstream::stderr(),
                "error: `{title}` did not end well, so no picture was drawn: {problem}"
            );
            Ok(None)
        }
        None if run.seconds < SHORTEST => Err(Error::new(format!(
            "`{title}` ended after {:.2} s, but must run for at least {SHORTEST} s to be drawn; \
             give it more to do",
            run.seconds
        ))),
        None => Ok(Some(run)),
    }
}

/// One line for each run, a warning where other programs disturbed it, and where the picture is.
fn report(runs: &[Run], file: &Path) -> String {
    let mut text = String::new();
    for run in runs {
        text += &format!("{}: {}\n", run.title, run.summary());
        if let Some(others) = run.others {
            text += &format!(
                "  The picture proves nothing about this lesson, because other programs kept \
                 {others:.1} cores busy.\n  Close them and run it again.\n"
            );
        }
    }
    text + &format!("picture: {}\n", file.display())
}
