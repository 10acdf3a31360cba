//! What people and programs read of the events of a session.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::Serialize;

use crate::runner::session::{Event, Summary};
use crate::runner::stress::Tally;
use crate::runner::subject::{Finding, Outcome, Status, Subject};
use crate::runner::timings::Cost;
use crate::runner::{Trouble, may_move};

/// Makes something of events.
pub trait Reporter {
    /// Takes the next event.
    ///
    /// # Errors
    /// When what is made of it cannot be written.
    fn take(&mut self, event: &Event<'_>) -> io::Result<()>;
}

/// Several reports of the same events.
impl Reporter for Vec<Box<dyn Reporter + Send>> {
    fn take(&mut self, event: &Event<'_>) -> io::Result<()> {
        // An error of one keeps nothing from the others.
        self.iter_mut().map(|reporter| reporter.take(event)).fold(Ok(()), Result::and)
    }
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
    failure_with(subject, index, outcome, "")
}

/// The same, with what the snapshot says, for those who did not write it.
fn failure_with(subject: &Subject, index: usize, outcome: &Outcome, quoted: &str) -> String {
    let mut text = format!(
        "$ {}   ({}:{})\n{}\n{quoted}",
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

/// What a snapshot says of a run: the note at its beginning, then its lines, those that are not
/// kept marked. Lines far from these are left out.
fn quoted(subject: &Subject, index: usize, outcome: &Outcome) -> String {
    const LINES_AROUND: usize = 6;

    let broken: Vec<usize> = (outcome.findings.iter())
        .filter_map(|finding| match finding {
            Finding::Output(fault) => fault.snapshot_line,
            Finding::End { .. } => None,
        })
        .collect();
    let first = subject.run(index).line;
    let end = (subject.snapshot.runs.get(index + 1)).map_or(usize::MAX, |next| next.line);
    let mut text = format!("\nwhat holds in every run, {}:\n", subject.path.display());
    let note = subject.text.lines().take_while(|line| !line.starts_with("$ "));
    let note = note.collect::<Vec<_>>().join("\n");
    for line in note.trim().lines() {
        text.push_str(&format!("        {line}\n"));
    }
    if !note.is_empty() {
        text.push('\n');
    }
    let mut left_out = false;
    for (line, number) in subject.text.trim_end().lines().zip(1..end).skip(first - 1) {
        let marks = || broken.iter().chain([&first]);
        if marks().all(|mark| mark.abs_diff(number) > LINES_AROUND) {
            left_out = true;
            continue;
        }
        if std::mem::take(&mut left_out) {
            text.push_str("          …\n");
        }
        let sign = if broken.contains(&number) { '>' } else { ' ' };
        text.push_str(format!("{sign} {number:>5} | {line}").trim_end());
        text.push('\n');
    }
    if left_out {
        text.push_str("          …\n");
    }
    text
}

/// The commands that repeat a run.
fn repeats(subject: &Subject, index: usize) -> Vec<String> {
    if subject.transcript.is_some() {
        return Vec::new();
    }
    let run_all = subject
        .example
        .iter()
        .map(|example| format!("cargo xtask run-all --exact {}", example.name));
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
    /// The runs under way, each as often as it is.
    running: BTreeMap<String, usize>,
    /// By what they are about, as two sessions should tell them in one order.
    failures: BTreeMap<(String, Option<usize>), String>,
    /// The names of examples that failed, and of those whose snapshots could be rewritten.
    failed: BTreeSet<String>,
    blessable: BTreeSet<String>,
    /// Every run is repeated.
    stressed: bool,
}

impl People {
    /// A report on standard output, its progress bar on standard error.
    pub fn new(scope: Scope, detail: Detail, show: Option<ShowOutput>) -> Self {
        let moves = detail > Detail::Quiet && may_move();
        let bar = if moves { ProgressBar::no_length() } else { ProgressBar::hidden() };
        Self {
            timings: false,
            scope,
            detail,
            show,
            out: anstream::stdout(),
            bar: bar.with_finish(ProgressFinish::AndClear),
            running: BTreeMap::new(),
            failures: BTreeMap::new(),
            failed: BTreeSet::new(),
            blessable: BTreeSet::new(),
            stressed: false,
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
        let titles: Vec<&str> = self.running.keys().map(String::as_str).collect();
        self.bar.set_message(titles.join(", "));
    }

    fn no_longer_running(&mut self, title: &str) {
        self.bar.inc(1);
        if let Some(times) = self.running.get_mut(title) {
            *times -= 1;
        }
        self.running.retain(|_, times| *times > 0);
        self.show_running();
    }

    fn run_ended(
        &mut self,
        subject: &Subject,
        index: usize,
        is_repeated: bool,
        outcome: &Outcome,
    ) -> io::Result<()> {
        let title = subject.title(index);
        self.no_longer_running(&title);
        if outcome.status == Status::Stopped {
            return Ok(());
        }
        if outcome.status > Status::Stopped {
            // Of a run that is repeated the first failure is shown, and the others are kept.
            let place = (subject.label.clone(), Some(index));
            let scope = self.scope;
            self.failures.entry(place).or_insert_with(|| match scope {
                Scope::Runs { .. } => {
                    failure_with(subject, index, outcome, &quoted(subject, index, outcome))
                }
                Scope::Examples => failure(subject, index, outcome),
            });
            if let Some(example) = &subject.example {
                self.failed.insert(example.name.clone());
                if outcome.blessable {
                    self.blessable.insert(example.name.clone());
                }
            }
        }
        let has_line = match self.scope {
            Scope::Runs { .. } => Detail::Normal,
            Scope::Examples => Detail::Verbose,
        };
        if is_repeated {
            return Ok(());
        }
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

    fn run_stressed(&mut self, subject: &Subject, index: usize, tally: &Tally) -> io::Result<()> {
        self.stressed = true;
        let title = subject.title(index);
        if !tally.kept.is_empty() {
            let place = (subject.label.clone(), Some(index));
            let text = self.failures.entry(place).or_default();
            for kept in &tally.kept {
                *text += &match kept {
                    Ok(path) => format!("\nkept: {}", path.display()),
                    Err(trouble) => format!("\n{trouble}"),
                };
            }
        }
        if self.detail == Detail::Quiet && tally.failures() == 0 {
            return Ok(());
        }
        let mut line = format!("$ {title}: {}", count(tally.rounds(), "time"));
        for (status, times) in &tally.statuses {
            if *status != Status::Passed {
                line += &format!(", {times} {}", in_words(*status));
            }
        }
        let (word, style) = look(tally.status());
        let orders = count(tally.orders.len(), "order");
        let longest = tally.longest.as_secs_f64();
        self.print(&format!("{style}{word:<8}{style:#} {line}, {orders} (longest {longest:.2} s)"))
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
            // Its runs have had their lines, unless it is in trouble as a whole.
            Scope::Examples if self.stressed => !problem.is_empty(),
            Scope::Examples => self.detail >= Detail::Normal || status >= Status::Slow,
        };
        if has_line && (status != Status::Stopped || !problem.is_empty()) {
            self.line(status, label, time)?;
        }
        if status <= Status::Stopped && !problem.is_empty() {
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
            line += &format!(": {}", count(ended, "run"));
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
        let joined = |names: &BTreeSet<String>| {
            names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
        };
        if !self.failed.is_empty() {
            let failed = joined(&self.failed);
            self.print(&format!("repeat: cargo xtask run-all --exact {failed}"))?;
        }
        if !self.blessable.is_empty() {
            let blessable = joined(&self.blessable);
            self.print(&format!(
                "accept what they print now: cargo xtask run-all --exact {blessable} --bless"
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
                *self.running.entry(subject.title(*index)).or_default() += 1;
                self.show_running();
                Ok(())
            }
            Event::RunEnded { subject, index, round, outcome } => {
                self.run_ended(subject, *index, round.is_some(), outcome)
            }
            Event::RunNotStarted { subject, index, .. } => {
                self.no_longer_running(&subject.title(*index));
                Ok(())
            }
            Event::RunStressed { subject, index, tally } => {
                self.run_stressed(subject, *index, tally)
            }
            Event::Waiting if self.detail == Detail::Quiet => Ok(()),
            Event::Waiting => {
                self.print("waiting  for runs of another session in this workspace to end")
            }
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

/// `1 run`, `2 runs`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
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
        Status::Slow => "passed at the second try, alone",
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

/// A report for programs: an event a line, each a JSON object. The README of this package says
/// what stands in them.
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
            Event::RunEnded { subject, index, round, outcome } => Message::Run {
                example: &subject.label,
                run: subject.title(*index),
                snapshot: subject.path.to_string_lossy().into_owned(),
                line: subject.run(*index).line,
                round: *round,
                status: outcome.status,
                seconds: outcome.time.as_secs_f64(),
                cpu_seconds: outcome.cpu.map(|cpu| cpu.as_secs_f64()),
                problem: some(&outcome.problem),
                faults: &outcome.findings,
                repeat: repeats(subject, *index),
                output: self.show.map(|show| shown(show, outcome)),
            },
            Event::RunNotStarted { subject, index, trouble } => Message::RunNotStarted {
                example: &subject.label,
                run: subject.title(*index),
                problem: &trouble.0,
            },
            Event::RunStressed { subject, index, tally } => Message::Stress {
                example: &subject.label,
                run: subject.title(*index),
                rounds: tally.rounds(),
                statuses: &tally.statuses,
                orders: tally.orders.len(),
                seconds: tally.longest.as_secs_f64(),
                kept: (tally.kept.iter().flatten())
                    .map(|path| path.to_string_lossy().into_owned())
                    .collect(),
                not_kept: tally.kept.iter().filter_map(|kept| kept.as_ref().err()).collect(),
            },
            Event::Waiting => Message::Waiting,
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
        #[serde(skip_serializing_if = "Option::is_none")]
        round: Option<usize>,
        status: Status,
        seconds: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        cpu_seconds: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        faults: &'a [Finding],
        repeat: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        output: Option<String>,
    },
    RunNotStarted {
        example: &'a str,
        run: String,
        problem: &'a str,
    },
    Stress {
        example: &'a str,
        run: String,
        rounds: usize,
        statuses: &'a BTreeMap<Status, usize>,
        orders: usize,
        seconds: f64,
        kept: Vec<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        not_kept: Vec<&'a Trouble>,
    },
    Waiting,
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
