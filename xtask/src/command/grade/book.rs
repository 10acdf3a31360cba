//! The grade book: a row for each submission.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use legal_outputs::printable;
use serde::Serialize;

use crate::check::{RunResult, Status};
use crate::command::context::terminal_width;
use crate::command::drawing::shorten;
use crate::command::grade::reason::reason;
use crate::command::report::Reporter;
use crate::command::report::failures::Failures;
use crate::command::report::human::{count, count_by_status, label_and_style};
use crate::command::report::progress::Progress;
use crate::conditions::Round;
use crate::files::{in_file, write_atomically};
use crate::session::Event;
use crate::suite::Case;

/// The result of one submission.
#[derive(Debug, Serialize)]
struct Row {
    submission: String,
    status: Status,
    /// In so many runs it did what the snapshot allows.
    passed: usize,
    /// So many runs took place.
    runs: usize,
    /// What was wrong in the first run that failed.
    reason: String,
    /// Which run that is, and which round of it.
    #[serde(skip)]
    first_failure: Option<(usize, u32)>,
}

/// Collects the rows, and writes them at the end. Writes a report on each submission that fails.
pub struct Book {
    start: Instant,
    rows: BTreeMap<String, Row>,
    /// So many runs of each submission are planned.
    planned: usize,
    failures: Failures,
    /// The folder of the reports.
    output: PathBuf,
    /// The file for the rows as CSV.
    csv: Option<PathBuf>,
    /// The rows are printed as a table, and not as JSON.
    is_for_people: bool,
    progress: Progress,
}

impl Book {
    /// A book with a row for each of these submissions, of which so many runs are planned.
    pub fn new<'a>(
        submissions: impl Iterator<Item = &'a str>,
        planned: usize,
        output: &Path,
        csv: Option<&Path>,
        is_for_people: bool,
    ) -> Self {
        let row = |name: &str| Row {
            submission: name.to_owned(),
            status: Status::Cancelled,
            passed: 0,
            runs: 0,
            reason: String::new(),
            first_failure: None,
        };
        Self {
            start: Instant::now(),
            rows: submissions.map(|name| (name.to_owned(), row(name))).collect(),
            planned,
            failures: Failures::default(),
            output: output.to_owned(),
            csv: csv.map(Path::to_owned),
            is_for_people,
            progress: Progress::new(is_for_people),
        }
    }

    fn row(&mut self, submission: &str) -> &mut Row {
        self.rows.get_mut(submission).expect("each submission has a row")
    }

    fn run_ended(&mut self, case: Case<'_>, round: Option<Round>, result: &RunResult) {
        self.progress.ended(&case.suite.label);
        self.failures.run_ended(case, result);
        let row = self.row(&case.suite.label);
        row.runs += usize::from(result.status != Status::Cancelled);
        row.passed += usize::from(result.status < Status::Cancelled);
        if result.status >= Status::Failed {
            // Rounds may end in another order than the one in which they started.
            let place = (case.index, round.map_or(0, |round| round.number));
            if row.first_failure.is_none_or(|first| place < first) {
                row.first_failure = Some(place);
                row.reason = reason(result);
            }
        }
    }

    fn submission_ended(&mut self, name: &str, status: Status, problem: &str) -> io::Result<()> {
        self.failures.suite_ended(name, status, problem);
        let report = self.report_path(name);
        let planned = self.planned;
        let row = self.row(name);
        row.status = status;
        if status == Status::Failed && (1..planned).contains(&row.runs) {
            row.reason += &format!("; {} not started", count(planned - row.runs, "run"));
        }
        if let Some(line) = problem.lines().next() {
            row.reason = printable(line);
        }
        let text = self.failures.take(name).join("\n\n");
        if text.is_empty() {
            // A report of an earlier time would mislead.
            return match std::fs::remove_file(&report) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(in_file(&report, &error))
                }
                _ => Ok(()),
            };
        }
        write_atomically(&report, &format!("{}\n", text.trim_end()))
            .map_err(|error| in_file(&report, &error))
    }

    fn report_path(&self, name: &str) -> PathBuf {
        self.output.join(format!("{name}.txt"))
    }

    fn ended(&mut self) -> io::Result<()> {
        self.progress.finish();
        if let Some(csv) = &self.csv {
            self.write_csv(csv).map_err(|error| in_file(csv, &error))?;
        }
        let mut out = anstream::stdout();
        if self.is_for_people {
            let width = io::stdout().is_terminal().then(terminal_width);
            write!(out, "{}\n{}\n", self.table(width), self.summary())?;
        } else {
            for row in self.rows.values() {
                serde_json::to_writer(&mut out, &Message { event: "submission", row })?;
                writeln!(out)?;
            }
        }
        out.flush()
    }

    fn write_csv(&self, path: &Path) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in self.rows.values() {
            writer.serialize(row)?;
        }
        let text = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        write_atomically(path, &String::from_utf8_lossy(&text))
    }

    /// A line for each submission, which is cut at this width.
    fn table(&self, width: Option<usize>) -> String {
        let names = self.rows.values().map(|row| printable(&row.submission));
        let cells: Vec<[String; 3]> = (self.rows.values().zip(names))
            .map(|(row, name)| {
                let passed = match row.runs {
                    0 => "no run".to_owned(),
                    runs => format!("{} of {runs}", row.passed),
                };
                [name, passed, row.reason.clone()]
            })
            .collect();
        let longest = |column: usize, heading: &str| {
            let lengths = cells.iter().map(|cells| cells[column].chars().count());
            lengths.chain([heading.len()]).max().unwrap_or(0)
        };
        let (names, runs) = (longest(0, "submission"), longest(1, "passed"));
        let line = |cells: [&str; 4], style: String, reset: String| {
            let [name, result, passed, reason] = cells;
            let start = format!("{name:<names$}  {style}{result:<9}{reset}  {passed:<runs$}  ");
            let room = width.map(|width| width.saturating_sub(names + runs + 15));
            let reason = room.map_or(reason.to_owned(), |room| shorten(reason, room));
            format!("{}\n", (start + &reason).trim_end())
        };
        let heading = ["submission", "result", "passed", "reason"];
        let mut text = line(heading, String::new(), String::new());
        for (row, [name, passed, reason]) in self.rows.values().zip(&cells) {
            let (label, style) = label_and_style(row.status);
            let cells = [name.as_str(), label, passed, reason];
            text += &line(cells, style.to_string(), format!("{style:#}"));
        }
        text
    }

    /// `3 passed, 3 failed: 6 submissions in 5.31 s`, and where the reports are.
    fn summary(&self) -> String {
        let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
        for row in self.rows.values() {
            *counts.entry(row.status).or_default() += 1;
        }
        let has_reports = counts.keys().any(|status| *status >= Status::Failed);
        let mut text = format!(
            "{}: {} in {:.2} s",
            count_by_status(&counts),
            count(self.rows.len(), "submission"),
            self.start.elapsed().as_secs_f64()
        );
        if has_reports {
            let output = self.output.display();
            text += &format!("\nthe report on each submission that failed is in {output}");
        }
        if self.failures.stress.is_none() {
            text += "\neach program ran once; `--stress 100` finds races";
        }
        text
    }
}

impl Reporter for Book {
    fn report(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started { runs, stress, .. } => {
                self.failures.stress = *stress;
                self.progress.start(*runs);
            }
            Event::RunStarted { case } => self.progress.started(case.suite.label.clone()),
            Event::RunEnded { case, round, result } => self.run_ended(*case, *round, result),
            Event::RunStressed { case, tally } => self.failures.run_stressed(*case, tally),
            Event::SuiteEnded { label, status, problem, .. } => {
                return self.submission_ended(label, *status, problem);
            }
            Event::Ended(_) => return self.ended(),
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Message<'a> {
    event: &'static str,
    #[serde(flatten)]
    row: &'a Row,
}
