//! `cargo xtask load`: runs examples and draws how busy each core was.

use std::collections::HashMap;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use crate::command::{Exit, MessageFormat, present_folder, seconds, unless_stopped, unwritten};
use crate::runner::build::{Manner, build};
use crate::runner::cancel::Cancel;
use crate::runner::catalog::{Catalog, Example};
use crate::runner::load::chart::{self, Live};
use crate::runner::load::figures::{self, Figures};
use crate::runner::load::picture;
use crate::runner::load::{Ending, Watched, sample, watch};
use crate::runner::process::Limits;
use crate::runner::schedule::{Gate, cores};
use crate::runner::session::OUTPUT_LIMIT;
use crate::runner::subject::words;
use crate::runner::{Trouble, own_folder};

const EXAMPLES: &str = "\
Examples:
  cargo xtask load                                the two of the notebook, side by side
  cargo xtask load cpu_load_pool_map              one example
  cargo xtask load parallel_map 20000             with an argument
  cargo xtask load cpu_load_sequential 9000 cpu_load_pool_map 9000
  cargo xtask load 'event 2' 'queue' -o two.svg   words in quotes: a name and its arguments
  cargo xtask load --format json                  the samples, for a program

A word that starts with a letter names an example, any other is an argument of the one before it.
Each example runs alone, after a second in which the load of other programs is measured. What it
prints is not shown. A load is sampled every 0.1 s, as the mean of 0.2 s. After Ctrl-C, or trouble
with one of several examples, what there is so far is drawn in a file that ends in .partial.svg.

Exit code: 0 all is well, 1 an example did not end well, 2 trouble, 130 stopped by Ctrl-C.";

/// The examples that are drawn where none is named.
const USUAL: [&str; 2] = ["cpu_load_sequential", "cpu_load_pool_map"];

/// Which examples, and where the picture goes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask load [OPTIONS] [NAME [ARG]...]...",
)]
pub struct Arguments {
    /// Examples, each with its arguments [default: cpu_load_sequential cpu_load_pool_map].
    #[arg(value_name = "NAME", allow_negative_numbers = true)]
    words: Vec<String>,
    /// Where the picture goes [default: the names, in the folder `xtask/load` of the target folder].
    #[arg(short, long, value_name = "FILE.svg")]
    output: Option<PathBuf>,
    /// Tell the load to people, or to programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: MessageFormat,
    /// Give each example this many seconds [default: 10 for each core].
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Build with optimisations.
    #[arg(long)]
    release: bool,
}

/// An example and what it gets.
#[derive(Debug)]
struct Call<'a> {
    example: &'a Example,
    arguments: Vec<String>,
}

impl Call<'_> {
    /// As a person would write it: `NAME ARG…`.
    fn title(&self) -> String {
        words([&self.example.name].into_iter().chain(&self.arguments))
    }
}

/// Runs the command.
///
/// # Errors
/// When there is no such example, the picture cannot be written, an example cannot be built or
/// started, or ends too soon, or the system does not tell the load of its cores.
pub fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let cancel = Cancel::on_ctrl_c()?;
    let catalog = Catalog::load(&present_folder()?)?;
    let calls = calls(&catalog, &arguments.words)?;
    let file = match &arguments.output {
        Some(file) => file.clone(),
        None => usual_file(&catalog.target, &calls)?,
    };
    picture::check_writable(&file)?;

    let manner = Manner { release: arguments.release, quiet: !io::stderr().is_terminal() };
    let examples = calls.iter().map(|call| call.example);
    let built = build(&catalog.root, examples, manner, &cancel);
    unless_stopped(built, &cancel, |programs| {
        let time = arguments.timeout.unwrap_or(Duration::from_secs(10) * cores().get() as u32);
        let limits = Limits { time, output: OUTPUT_LIMIT, group: None };
        let gate = Gate::new(Some(&catalog.target));
        let live = Live::new();
        let mut runs = Vec::new();
        let mut trouble = None;
        for call in &calls {
            let Some(_alone) = gate.enter(true, &cancel, say_waiting) else { break };
            let run = match run_one(call, &catalog.root, &programs, limits, &live, &cancel) {
                Ok(Some(run)) => run,
                Ok(None) => break,
                Err(one) => {
                    trouble = Some(one);
                    break;
                }
            };
            if arguments.format == MessageFormat::Human
                && let Err(error) = tell(&run, limits)
            {
                return unwritten(&error);
            }
            runs.push(run);
        }
        match trouble {
            Some(trouble) if runs.is_empty() => Err(trouble),
            Some(trouble) => {
                finish(arguments.format, &file.with_extension(PARTIAL), &runs, limits, &cancel)?;
                Err(trouble)
            }
            None if cancel.is_set() => {
                finish(arguments.format, &file.with_extension(PARTIAL), &runs, limits, &cancel)
            }
            None => finish(arguments.format, &file, &runs, limits, &cancel),
        }
    })
}

/// What ends the name of a picture that does not show all, in place of `svg`: the picture of an
/// earlier run stays, as that is a whole one.
const PARTIAL: &str = "partial.svg";

/// Runs an example and watches it. `None` when it was stopped before there was a load to draw.
fn run_one(
    call: &Call<'_>,
    root: &Path,
    programs: &HashMap<String, PathBuf>,
    limits: Limits,
    live: &Live,
    cancel: &Cancel,
) -> Result<Option<Watched>, Trouble> {
    let program = programs
        .get(&call.example.name)
        .ok_or_else(|| Trouble(format!("Cargo builds no program of `{}`", call.example.name)))?;
    let mut command = Command::new(program);
    command.args(&call.arguments).current_dir(root);
    match watch(&call.title(), command, limits, live, cancel)? {
        Some(run) if Figures::of(&run).is_some() => Ok(Some(run)),
        Some(run) if run.ending != Ending::Stopped => {
            Err(Trouble(nothing_to_see(call, root, &run, limits)))
        }
        _ => Ok(None),
    }
}

/// Draws what there is and says how everything came out.
fn finish(
    format: MessageFormat,
    file: &Path,
    runs: &[Watched],
    limits: Limits,
    cancel: &Cancel,
) -> Result<Exit, Trouble> {
    let drawn = !runs.is_empty();
    if drawn {
        picture::save(file, runs)?;
    }
    let told = match format {
        MessageFormat::Json => tell_programs(file, runs, limits),
        MessageFormat::Human if drawn => line(&format!("picture: {}", file.display())),
        MessageFormat::Human => line("stopped before there was a load to draw"),
    };
    if let Err(error) = told {
        return unwritten(&error);
    }
    Ok(match runs.iter().all(|run| run.ending == Ending::Well) {
        _ if cancel.is_set() => Exit::Interrupted,
        true => Exit::Well,
        false => Exit::Difference,
    })
}

/// Which examples the words name, each with the arguments that follow it.
fn calls<'a>(catalog: &'a Catalog, words: &[String]) -> Result<Vec<Call<'a>>, Trouble> {
    if words.is_empty() {
        let usual = USUAL
            .iter()
            .map(|name| Ok(Call { example: catalog.find(name)?, arguments: Vec::new() }));
        return usual.collect();
    }
    let mut calls: Vec<Call<'a>> = Vec::new();
    for word in words {
        if word.contains(char::is_whitespace) {
            let parts = shlex::split(word)
                .ok_or_else(|| Trouble(format!("`{word}` has a quote without its end")))?;
            if let Some((name, arguments)) = parts.split_first() {
                calls.push(Call { example: catalog.find(name)?, arguments: arguments.to_vec() });
            }
        } else if word.starts_with(char::is_alphabetic) {
            calls.push(Call { example: catalog.find(word)?, arguments: Vec::new() });
        } else if let Some(call) = calls.last_mut() {
            call.arguments.push(word.clone());
        } else {
            return Err(Trouble(format!("`{word}` is an argument, but no example is before it")));
        }
    }
    Ok(calls)
}

/// Where the picture goes when nobody says: the examples' names, in the target folder.
fn usual_file(target: &Path, calls: &[Call<'_>]) -> Result<PathBuf, Trouble> {
    let folder = own_folder(target).join("load");
    fs::create_dir_all(&folder)
        .map_err(|error| Trouble::with("make the folder", &folder, &error))?;
    let names: Vec<_> = calls.iter().map(|call| &*call.example.name).collect();
    let name = match names.as_slice() {
        [first, .., last] if names.len() > 4 => format!("{first}-to-{last}"),
        _ => names.join("-"),
    };
    Ok(folder.join(name + ".svg"))
}

/// Why an example has no load to draw, and what to do about it.
fn nothing_to_see(call: &Call<'_>, root: &Path, run: &Watched, limits: Limits) -> String {
    if let Some(problem) = figures::problem(run, limits) {
        return format!("`{}` has no load to draw: {problem}", run.title);
    }
    let mut text = figures::too_short(run);
    if let Ok(takes) = call.example.arguments(root)
        && !takes.is_empty()
    {
        text += &format!("; give it more to do: cargo xtask load {} {takes}", call.example.name);
    }
    text
}

/// What one run shows, in words, and on a terminal as a chart.
fn tell(run: &Watched, limits: Limits) -> io::Result<()> {
    line(&figures::in_words(run, limits))?;
    if io::stdout().is_terminal() {
        line(&chart::chart(run))?;
    }
    Ok(())
}

fn line(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    writeln!(out, "{text}")?;
    out.flush()
}

/// What `--format json` prints: one object. Times are in seconds since the start of each run.
#[derive(Serialize)]
struct Report<'a> {
    /// The picture. Absent where there was nothing to draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    /// Seconds from one sample to the next.
    every: f64,
    /// Seconds of which a sample is the mean.
    span: f64,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
struct Run<'a> {
    #[serde(flatten)]
    watched: &'a Watched,
    /// What is wrong with its end. Absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    figures: Option<Figures>,
}

fn tell_programs(file: &Path, runs: &[Watched], limits: Limits) -> io::Result<()> {
    let report = Report {
        picture: (!runs.is_empty()).then(|| file.to_string_lossy().into_owned()),
        every: sample::EVERY.as_secs_f64(),
        span: sample::SPAN.as_secs_f64(),
        runs: (runs.iter())
            .map(|watched| Run {
                watched,
                problem: figures::problem(watched, limits),
                figures: Figures::of(watched),
            })
            .collect(),
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &report)?;
    writeln!(out)?;
    out.flush()
}

fn say_waiting() {
    // Who cannot read it has to wait all the same.
    let _ = writeln!(
        anstream::stderr(),
        "waiting for runs of another session in this workspace to end"
    );
}
