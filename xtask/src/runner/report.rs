//! What people and programs read of the events of a session.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::Serialize;

use crate::runner::session::{Event, Summary};
use crate::runner::subject::{Outcome, Status, Subject};
use crate::runner::timings::Cost;

/// Makes something of events.
pub trait Reporter {
    /// Takes the next event.
    ///
    /// # Errors
    /// When what is made of it cannot be written.
    fn take(&mut self, event: &Event<'_>) -> io::Result<()>;
}

/// Which outputs a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowOutput {
    /// As the program wrote it.
    Raw,
    /// The same lines in the order of the snapshot, so that two runs can be compared.
    Normalised,
}

/// What is written about a run that failed: which one, what is wrong, how to repeat it.
pub fn failure(subject: &Subject, index: usize, outcome: &Outcome) -> String {
    let mut text = format!(
        "$ {}   ({}:{})\n{}\n",
        subject.title(index),
        subject.path.display(),
        subject.run(index).line,
        if outcome.status == Status::Stopped { "it was stopped" } else { &outcome.problem },
    );
    for (number, command) in repeats(subject, index).iter().enumerate() {
        let word = if number == 0 { "repeat:" } else { "   or:" };
        text.push_str(&format!("{word} {command}\n"));
    }
    text.pop();
    text
}

/// The commands that repeat a run.
fn repeats(subject: &Subject, index: usize) -> Vec<String> {
    let run_all =
        subject.example.iter().map(|example| format!("cargo xtask run-all {}", example.name));
    run_all.chain([subject.direct_command(index)]).collect()
}

/// What a report counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The examples.
    Examples,
    /// The runs of one program.
    Runs {
        /// How many runs its snapshot has besides.
        left_out: usize,
    },
}

/// How much a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Failures and the summary.
    Quiet,
    /// A line besides for each that is counted.
    Normal,
    /// A line besides for each run.
    Verbose,
}

/// A report for people: lines as things end, the failures at the end, a summary; on a terminal a
/// progress bar.
pub struct People {
    /// The summary tells what each run cost.
    pub timings: bool,
    scope: Scope,
    detail: Detail,
    show: Option<ShowOutput>,
    out: anstream::AutoStream<io::Stdout>,
    bar: ProgressBar,
    running: BTreeSet<String>,
    /// By what they are about, as two sessions should tell them in one order.
    failures: BTreeMap<(String, Option<usize>), String>,
    /// The names of examples that failed.
    failed: BTreeSet<String>,
    blessable: bool,
}

impl People {
    /// A report on standard output, its progress bar on standard error.
    pub fn new(scope: Scope, detail: Detail, show: Option<ShowOutput>) -> Self {
        // What moves is for a person who looks on.
        let moves = io::stderr().is_terminal()
            && detail > Detail::Quiet
            && env::var_os("CI").is_none()
            && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb");
        let bar = if moves { ProgressBar::no_length() } else { ProgressBar::hidden() };
        Self {
            timings: false,
            scope,
            detail,
            show,
            out: anstream::stdout(),
            bar: bar.with_finish(ProgressFinish::AndClear),
            running: BTreeSet::new(),
            failures: BTreeMap::new(),
            failed: BTreeSet::new(),
            blessable: false,
        }
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        let out = &mut self.out;
        self.bar.suspend(|| {
            writeln!(out, "{text}")?;
            out.flush()
        })
    }

    fn line(&mut self, status: Status, what: &str, time: Duration) -> io::Result<()> {
        let (word, style) = look(status);
        self.print(&format!("{style}{word:<8}{style:#} {what} ({:.2} s)", time.as_secs_f64()))
    }

    fn show_running(&self) {
        self.bar
            .set_message(self.running.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
    }

    fn run_ended(&mut self, subject: &Subject, index: usize, outcome: &Outcome) -> io::Result<()> {
        let title = subject.title(index);
        self.bar.inc(1);
        self.running.remove(&title);
        self.show_running();
        if outcome.status == Status::Stopped {
            return Ok(());
        }
        if outcome.status > Status::Stopped {
            let failure = failure(subject, index, outcome);
            self.failures.insert((subject.label.clone(), Some(index)), failure);
            if let Some(example) = &subject.example {
                self.failed.insert(example.name.clone());
                self.blessable |= outcome.only_output;
            }
        }
        let has_line = match self.scope {
            Scope::Runs { .. } => Detail::Normal,
            Scope::Examples => Detail::Verbose,
        };
        if self.detail >= has_line {
            self.line(outcome.status, &format!("$ {title}"), outcome.time)?;
        }
        if let Some(show) = self.show {
            let heading =
                if self.detail >= has_line { String::new() } else { format!("$ {title}\n") };
            self.print(&format!("{heading}{}", shown(show, outcome)))?;
        }
        Ok(())
    }

    fn example_ended(
        &mut self,
        label: &str,
        status: Status,
        time: Duration,
        problem: &str,
    ) -> io::Result<()> {
        if status > Status::Stopped && !problem.is_empty() {
            self.failures.insert((label.to_owned(), None), format!("{label}\n{problem}"));
        }
        let has_line = match self.scope {
            Scope::Runs { .. } => false,
            Scope::Examples => self.detail >= Detail::Normal || status >= Status::Slow,
        };
        if has_line && status != Status::Stopped {
            self.line(status, label, time)?;
        }
        if status == Status::Blessed {
            self.print(&format!("         {problem}"))?;
        }
        Ok(())
    }

    fn ended(&mut self, summary: &Summary) -> io::Result<()> {
        self.bar.finish_and_clear();
        for failure in std::mem::take(&mut self.failures).into_values() {
            self.print(&format!("\n{failure}"))?;
        }
        let counts = match self.scope {
            Scope::Examples => &summary.examples,
            Scope::Runs { .. } => &summary.runs,
        };
        let counts: Vec<String> = (counts.iter())
            .map(|(status, count)| {
                let (_, style) = look(*status);
                format!("{style}{count} {}{style:#}", in_words(*status))
            })
            .collect();
        let mut line =
            if counts.is_empty() { "nothing was run".to_owned() } else { counts.join(", ") };
        let ended: usize = summary.runs.values().sum();
        if self.scope == Scope::Examples {
            line += &format!(": {ended} run{}", if ended == 1 { "" } else { "s" });
        }
        line += &format!(" in {:.2} s", summary.time.as_secs_f64());
        if ended < summary.planned {
            line += &format!(
                "; {} of {} runs were not started",
                summary.planned - ended,
                summary.planned
            );
        }
        if let Scope::Runs { left_out: left_out @ 1.. } = self.scope {
            line += &format!("; left out: {left_out} that expect another exit code (see --all)");
        }
        let gap = if summary.status() >= Status::Stopped { "\n" } else { "" };
        if self.timings {
            self.print(&format!("\n{}", timings(summary)))?;
        }
        self.print(&format!("{gap}{line}"))?;
        let failed = self.failed.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        if !failed.is_empty() {
            self.print(&format!("repeat: cargo xtask run-all {failed}"))?;
        }
        if self.blessable {
            self.print(&format!(
                "accept what they print now: cargo xtask run-all {failed} --bless"
            ))?;
        }
        Ok(())
    }
}

impl Reporter for People {
    fn take(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started { runs, .. } => {
                let style =
                    ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}")
                        .expect("a literal template is well-formed");
                self.bar.set_style(style);
                self.bar.set_length(*runs as u64);
                self.bar.enable_steady_tick(Duration::from_millis(200));
                Ok(())
            }
            Event::RunStarted { subject, index } => {
                self.running.insert(subject.title(*index));
                self.show_running();
                Ok(())
            }
            Event::RunEnded { subject, index, outcome } => self.run_ended(subject, *index, outcome),
            Event::ExampleEnded { label, status, time, problem } => {
                self.example_ended(label, *status, *time, problem)
            }
            Event::Ended(summary) => self.ended(summary),
        }
    }
}

/// What each run cost, the longest first; then how fast all could have been, and how fast they were.
fn timings(summary: &Summary) -> String {
    let wall = summary.time.as_secs_f64();
    let mut costs: Vec<&Cost> = summary.timings.costs.iter().collect();
    costs.sort_by_key(|cost| Reverse(cost.time));
    let mut text = "    time      CPU   share\n".to_owned();
    for Cost { title, time, cpu, alone } in costs {
        let time = time.as_secs_f64();
        let cpu = cpu.map_or("N/A".to_owned(), |cpu| format!("{:.2} s", cpu.as_secs_f64()));
        let alone = if *alone { "   (alone)" } else { "" };
        let share = 100.0 * time / wall;
        text += &format!("{time:>6.2} s {cpu:>8} {share:>5.1} %   {title}{alone}\n");
    }
    let bound = summary.timings.bound().as_secs_f64();
    text + &format!(
        "bound {bound:.2} s on {} cores, wall time {wall:.2} s, ratio {:.2}",
        summary.timings.cores,
        wall / bound
    )
}

fn look(status: Status) -> (&'static str, Style) {
    let (word, colour) = match status {
        Status::Passed => ("ok", AnsiColor::Green),
        Status::Slow => ("slow", AnsiColor::Yellow),
        Status::Blessed => ("blessed", AnsiColor::Cyan),
        Status::Stopped => ("stopped", AnsiColor::Yellow),
        Status::Failed => ("FAILED", AnsiColor::Red),
        Status::Trouble => ("TROUBLE", AnsiColor::Red),
    };
    (word, colour.on_default().bold())
}

fn in_words(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Slow => "passed alone, too slow beside others",
        Status::Blessed => "blessed",
        Status::Stopped => "stopped",
        Status::Failed => "failed",
        Status::Trouble => "in trouble",
    }
}

/// An output as lines, standard error behind standard output.
fn shown(show: ShowOutput, outcome: &Outcome) -> String {
    let raw = |stream| String::from_utf8_lossy(stream).lines().map(str::to_owned).collect();
    let [stdout, stderr]: [Vec<String>; 2] = match (&outcome.reading, show) {
        (Some(reading), ShowOutput::Normalised) => [reading.stdout.clone(), reading.stderr.clone()],
        // What is not legal has no order in the snapshot.
        _ => [raw(&outcome.stdout), raw(&outcome.stderr)],
    };
    let mut lines = stdout;
    if !stderr.is_empty() {
        lines.push("(standard error)".to_owned());
        lines.extend(stderr);
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A report for programs: an event a line, each a JSON object.
///
/// `event` is one of
/// - `started`: `examples`, `runs` (how many);
/// - `run-started`: `example`, `run` (as the snapshot names it);
/// - `run`: `example`, `run`, `snapshot` and `line` (where it stands), `status`, `seconds`,
///   `cpu_seconds` (absent where the system does not tell), `problem` (text, absent where nothing is wrong), `repeat` (commands), `output` (with
///   `--show-output`);
/// - `example`: `example`, `status`, `seconds` (its runs added up), `problem`;
/// - `ended`: `status`, `seconds`, `bound_seconds` (what no schedule gets below), `examples` and `runs` (how many ended with each status),
///   `planned` (runs).
///
/// A `status` is `passed`, `slow`, `blessed`, `stopped`, `failed` or `trouble`.
pub struct Json {
    show: Option<ShowOutput>,
}

impl Json {
    /// A report on standard output.
    pub fn new(show: Option<ShowOutput>) -> Self {
        Self { show }
    }
}

impl Reporter for Json {
    fn take(&mut self, event: &Event<'_>) -> io::Result<()> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let message = match event {
            Event::Started { examples, runs } => {
                Message::Started { examples: *examples, runs: *runs }
            }
            Event::RunStarted { subject, index } => {
                Message::RunStarted { example: &subject.label, run: subject.title(*index) }
            }
            Event::RunEnded { subject, index, outcome } => Message::Run {
                example: &subject.label,
                run: subject.title(*index),
                snapshot: subject.path.to_string_lossy().into_owned(),
                line: subject.run(*index).line,
                status: outcome.status,
                seconds: outcome.time.as_secs_f64(),
                cpu_seconds: outcome.cpu.map(|cpu| cpu.as_secs_f64()),
                problem: some(&outcome.problem),
                repeat: repeats(subject, *index),
                output: self.show.map(|show| shown(show, outcome)),
            },
            Event::ExampleEnded { label, status, time, problem } => Message::Example {
                example: label,
                status: *status,
                seconds: time.as_secs_f64(),
                problem: some(problem),
            },
            Event::Ended(summary) => Message::Ended {
                status: summary.status(),
                seconds: summary.time.as_secs_f64(),
                bound_seconds: summary.timings.bound().as_secs_f64(),
                examples: &summary.examples,
                runs: &summary.runs,
                planned: summary.planned,
            },
        };
        let mut out = io::stdout().lock();
        serde_json::to_writer(&mut out, &message)?;
        writeln!(out)?;
        out.flush()
    }
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Message<'a> {
    Started {
        examples: usize,
        runs: usize,
    },
    RunStarted {
        example: &'a str,
        run: String,
    },
    Run {
        example: &'a str,
        run: String,
        snapshot: String,
        line: usize,
        status: Status,
        seconds: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        cpu_seconds: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
        repeat: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        output: Option<String>,
    },
    Example {
        example: &'a str,
        status: Status,
        seconds: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
    },
    Ended {
        status: Status,
        seconds: f64,
        bound_seconds: f64,
        examples: &'a BTreeMap<Status, usize>,
        runs: &'a BTreeMap<Status, usize>,
        planned: usize,
    },
}
