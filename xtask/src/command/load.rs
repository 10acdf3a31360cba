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
  cargo xtask load                               the two of the notebook, side by side
  cargo xtask load daemon                        one example
  cargo xtask load event 1                       with an argument
  cargo xtask load cpu_load_sequential 9000 cpu_load_pool_map 9000
  cargo xtask load 'distributed_map 5000000 -w 2' -o two.svg
  cargo xtask load --format json                 the samples, for a program

A word that starts with a letter names an example, any other is an argument of the one before it.
In quotes a word is a name with all its arguments. Each example has to run for 0.3 s at least. It
runs where you are and alone, after a second in which the load of other programs is measured. What
it prints is not shown. A load is sampled every 0.1 s, as the mean of 0.2 s.

What does not show all, after Ctrl-C, a time limit, or trouble with one of several examples, is
drawn in a file that ends in .partial.svg.

Exit code: 0 all is well, 1 an example did not end well, 2 trouble, 130 stopped by Ctrl-C.";

/// The examples that are drawn where none is named, and what an optimised build gets to do, so that
/// it takes about as long.
const USUAL: [&str; 2] = ["cpu_load_sequential", "cpu_load_pool_map"];
const USUAL_RELEASE: &str = "80000";

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
    /// Where the picture goes [default: `xtask/load` in the target folder, named by what runs].
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
    let calls = calls(&catalog, &arguments.words, arguments.release)?;
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
        let mut told = Ok(());
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
            if arguments.format == MessageFormat::Human {
                told = tell(&run, limits);
            }
            runs.push(run);
            if told.is_err() {
                break;
            }
        }

        if let Some(trouble) = trouble.take_if(|_| runs.is_empty()) {
            return Err(trouble);
        }
        // A pipe has no picture of an earlier run that should stay.
        let is_pipe = file.metadata().is_ok_and(|there| !there.is_file());
        let is_whole = runs.len() == calls.len() && !runs.iter().any(Watched::is_cut_off);
        let file = if is_whole || is_pipe { file } else { file.with_extension(PARTIAL) };
        if !runs.is_empty() {
            picture::save(&file, &runs)?;
        }
        let drawn = (!runs.is_empty()).then_some(&*file);
        let told = told.and_then(|()| match arguments.format {
            MessageFormat::Json => tell_programs(drawn, &runs, limits),
            MessageFormat::Human => tell_end(drawn, &calls[runs.len()..], &cancel),
        });
        match (trouble, told) {
            (Some(trouble), _) => Err(trouble),
            (None, Err(error)) => unwritten(&error),
            (None, Ok(())) => Ok(match runs.iter().all(|run| run.ending == Ending::Well) {
                _ if cancel.is_set() => Exit::Interrupted,
                true => Exit::Well,
                false => Exit::Difference,
            }),
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
    command.args(&call.arguments);
    match watch(&call.title(), command, limits, live, cancel)? {
        Some(run) if Figures::of(&run).is_some() => Ok(Some(run)),
        Some(run) if run.ending != Ending::Stopped => {
            Err(Trouble(nothing_to_see(call, root, &run, limits)))
        }
        _ => Ok(None),
    }
}

/// Says where the picture is, and what is not in it because somebody stopped everything.
fn tell_end(drawn: Option<&Path>, missing: &[Call<'_>], cancel: &Cancel) -> io::Result<()> {
    if cancel.is_set() && !missing.is_empty() {
        let missing: Vec<String> =
            missing.iter().map(|call| format!("`{}`", call.title())).collect();
        line(&format!("stopped without a load of {} to draw", missing.join(", ")))?;
    }
    match drawn {
        Some(file) => line(&format!("picture: {}", file.display())),
        None => Ok(()),
    }
}

/// Which examples the words name, each with the arguments that follow it.
fn calls<'a>(
    catalog: &'a Catalog,
    words: &[String],
    release: bool,
) -> Result<Vec<Call<'a>>, Trouble> {
    if words.is_empty() {
        let arguments = if release { vec![USUAL_RELEASE.to_owned()] } else { Vec::new() };
        let usual = USUAL
            .iter()
            .map(|name| Ok(Call { example: catalog.find(name)?, arguments: arguments.clone() }));
        return usual.collect();
    }
    let mut calls: Vec<Call<'a>> = Vec::new();
    for word in words {
        if word.contains(char::is_whitespace) {
            let parts = shlex::split(word)
                .ok_or_else(|| Trouble(format!("`{word}` has a quote without its end")))?;
            let Some((name, arguments)) = parts.split_first() else {
                return Err(Trouble(format!("`{word}` names no example")));
            };
            calls.push(Call { example: catalog.find(name)?, arguments: arguments.to_vec() });
        } else if word.starts_with(char::is_alphabetic) {
            let example = catalog.find(word).map_err(|Trouble(problem)| match calls.last() {
                None => Trouble(problem),
                Some(call) => {
                    let title = call.title();
                    Trouble(format!(
                        "{problem}\nan argument of `{title}` is written `'{title} {word}'`"
                    ))
                }
            })?;
            calls.push(Call { example, arguments: Vec::new() });
        } else if let Some(call) = calls.last_mut() {
            call.arguments.push(word.clone());
        } else {
            return Err(Trouble(format!("`{word}` is an argument, but no example is before it")));
        }
    }
    Ok(calls)
}

/// Where the picture goes when nobody says: into the target folder, named by what runs.
fn usual_file(target: &Path, calls: &[Call<'_>]) -> Result<PathBuf, Trouble> {
    /// No system takes names that are much longer than twice this.
    const LONGEST: usize = 120;

    let folder = own_folder(target).join("load");
    fs::create_dir_all(&folder)
        .map_err(|error| Trouble::with("make the folder", &folder, &error))?;
    let titles = calls.iter().map(Call::title).collect::<Vec<_>>().join("-");
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "-_.".contains(*letter);
    let letters = titles.chars().map(|letter| if is_plain(&letter) { letter } else { '_' });
    Ok(folder.join(letters.take(LONGEST).collect::<String>() + ".svg"))
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
    /// The picture, if there was something to draw.
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
    /// What is wrong with its end, if something is.
    problem: Option<String>,
    figures: Option<Figures>,
}

fn tell_programs(drawn: Option<&Path>, runs: &[Watched], limits: Limits) -> io::Result<()> {
    let report = Report {
        picture: drawn.map(|file| file.to_string_lossy().into_owned()),
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
