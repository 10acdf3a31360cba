//! The report for programs: one JSON object per line. The README of this package describes them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::check::{Fault, Status};
use crate::command::report::stress::{MAX_LEGAL_ORDERS, MAX_ROWS};
use crate::command::report::{Reporter, ShowOutput, output_text};
use crate::conditions::Conditions;
use crate::error::Error;
use crate::session::Event;
use crate::tally::{Count, Tally};

/// Writes each event as one line on standard output.
pub struct Json {
    show: Option<ShowOutput>,
}

impl Json {
    /// A report that contains the outputs if `show` says which.
    pub fn new(show: Option<ShowOutput>) -> Self {
        Self { show }
    }
}

impl Reporter for Json {
    fn report(&mut self, event: &Event<'_>) -> io::Result<()> {
        let non_empty = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let message = match event {
            Event::Started { suites, runs, .. } => {
                Message::Started { suites: *suites, runs: *runs }
            }
            Event::RunStarted { case } => {
                Message::RunStarted { suite: &case.suite.label, run: case.title() }
            }
            Event::RunEnded { case, round, result } => Message::Run {
                suite: &case.suite.label,
                run: case.title(),
                snapshot: case.suite.path.to_string_lossy().into_owned(),
                line: case.run().line,
                round: round.map(|round| round.number),
                conditions: round.map(|round| round.conditions),
                status: result.status,
                seconds: result.time.as_secs_f64(),
                problem: non_empty(&result.problem),
                faults: &result.faults,
                repeat: case.repeat_commands(round.map(|round| (round.of, round.conditions))),
                output: self.show.map(|show| output_text(show, result)),
            },
            Event::RunStressed { case, tally } => Message::Stress {
                suite: &case.suite.label,
                run: case.title(),
                rounds: tally.rounds(),
                statuses: &tally.statuses,
                conditions: &tally.conditions,
                orders: tally.orders(),
                legal_orders: case.run().count_orders(MAX_LEGAL_ORDERS).to_string(),
                behaviours: tally.behaviours(),
                most_frequent: behaviours(tally),
                failures: failures(tally),
                seconds: tally.longest.as_secs_f64(),
                saved_outputs: (tally.saved_outputs.iter())
                    .map(|path| path.to_string_lossy().into_owned())
                    .collect(),
                save_error: tally.save_error.as_ref(),
            },
            Event::SuiteEnded { label, status, time, problem } => Message::Suite {
                suite: label,
                status: *status,
                seconds: time.as_secs_f64(),
                problem: non_empty(problem),
            },
            Event::Ended(summary) => Message::Ended {
                status: summary.status(),
                seconds: summary.time.as_secs_f64(),
                suites: &summary.suites,
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
        suites: usize,
        runs: usize,
    },
    RunStarted {
        suite: &'a str,
        run: String,
    },
    Run {
        suite: &'a str,
        run: String,
        snapshot: String,
        line: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        round: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        conditions: Option<Conditions>,
        status: Status,
        seconds: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        faults: &'a [Fault],
        repeat: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        output: Option<String>,
    },
    Stress {
        suite: &'a str,
        run: String,
        rounds: usize,
        statuses: &'a BTreeMap<Status, usize>,
        conditions: &'a BTreeMap<Conditions, Count>,
        orders: usize,
        legal_orders: String,
        behaviours: usize,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        most_frequent: Vec<SeenBehaviour<'a>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        failures: Vec<FailureCount<'a>>,
        seconds: f64,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        saved_outputs: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        save_error: Option<&'a Error>,
    },
    Suite {
        suite: &'a str,
        status: Status,
        seconds: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
    },
    Ended {
        status: Status,
        seconds: f64,
        suites: &'a BTreeMap<Status, usize>,
        runs: &'a BTreeMap<Status, usize>,
        planned: usize,
    },
}

#[derive(Serialize)]
struct SeenBehaviour<'a> {
    times: usize,
    behaviour: String,
    example: &'a str,
}

#[derive(Serialize)]
struct FailureCount<'a> {
    times: usize,
    message: &'a str,
}

fn behaviours(tally: &Tally) -> Vec<SeenBehaviour<'_>> {
    let seen = tally.most_frequent().into_iter().take(MAX_ROWS);
    seen.map(|seen| SeenBehaviour {
        times: seen.times,
        behaviour: seen.behaviour.to_string(),
        example: &seen.example,
    })
    .collect()
}

fn failures(tally: &Tally) -> Vec<FailureCount<'_>> {
    let failures = tally.failures().into_iter();
    failures.map(|kind| FailureCount { times: kind.times, message: &kind.message }).collect()
}
