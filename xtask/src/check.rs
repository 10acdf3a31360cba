//! Checks one run: runs the program, and compares what it did with what the snapshot allows.

use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use legal_outputs::{Output, Reading, Run, Verdict, printable};
use serde::Serialize;

use crate::cancel::Cancel;
use crate::error::Result;
use crate::process::{self, End, Finished, GRACE, Leak, Limits, OUTPUT_LIMIT, Usage};
use crate::suite::{self, Subject, Suite};

/// Checks runs, each within the same limits.
#[derive(Debug)]
pub struct Checker {
    /// Stops all runs.
    pub cancel: Cancel,
    /// The time limit of every run; each has the limit of its snapshot if `None`.
    pub timeout: Option<Duration>,
    /// What each program may use, with everything that it starts.
    pub usage: Usage,
    /// Locked for writing by a run that must not share the machine with another.
    machine: RwLock<()>,
}

/// How a run, a lesson or everything ended. The worst status is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The output is legal.
    Passed,
    /// The output is legal, but the program was fast enough only when nothing else was running.
    Slow,
    /// The snapshot was rewritten, and now the output is legal.
    Blessed,
    /// It was cancelled, so there is no verdict.
    Cancelled,
    /// The program does what the snapshot does not allow.
    Failed,
    /// There is no verdict because of an error, such as a broken snapshot.
    Error,
}

/// The verdict on one run.
#[derive(Debug)]
pub struct RunResult {
    /// The verdict in one word.
    pub status: Status,
    /// Wall time of the program.
    pub time: Duration,
    /// What is wrong, in several lines for people. Empty if nothing is.
    pub problem: String,
    /// What is wrong, one by one.
    pub faults: Vec<Fault>,
    /// What the program wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
    /// Which line of the snapshot each line of the output stands for, if the output is legal.
    pub reading: Option<Reading>,
    /// The only faults are broken upper bounds of times.
    only_slow: bool,
}

/// One thing that is wrong with a run.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Fault {
    /// With what the program printed.
    Output(legal_outputs::Fault),
    /// With how it ended, or with the snapshot.
    Run {
        /// What it is.
        kind: RunFault,
        /// A whole sentence.
        message: String,
    },
}

/// The ways in which a run can go wrong, apart from its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunFault {
    /// It ended with another exit code than the snapshot's.
    ExitCode,
    /// It was ended by a signal.
    Signal,
    /// It reached its time limit.
    Timeout,
    /// It wrote too much.
    TooMuchOutput,
    /// It had too many processes.
    TooManyProcesses,
    /// It used too much memory.
    TooMuchMemory,
    /// A process that it started kept its output open.
    Leak,
    /// The engine cannot decide whether the output is legal.
    Undecided,
}

impl Checker {
    /// Each program may have 256 processes and use 4096 MiB of memory.
    pub const USAGE: Usage = Usage { processes: 256, memory: 4096 };

    /// A checker that limits each run by the time of its snapshot and by [`USAGE`](Self::USAGE).
    pub fn new(cancel: Cancel) -> Self {
        Self { cancel, timeout: None, usage: Self::USAGE, machine: RwLock::new(()) }
    }

    /// Checks one run. If only upper bounds of times are broken, the machine may have been busy:
    /// then the run is repeated once, with nothing else running. Nothing else is ever repeated.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn check(&self, suite: &Suite, index: usize) -> Result<RunResult> {
        let run = suite.run(index);
        let (words, folder) = match &suite.subject {
            Subject::Transcript(stdout) => return Ok(check_output(run, stdout.clone())),
            Subject::Lesson { program, root, .. } => (&[program.into()][..], Some(root)),
            Subject::Command { words, folder } => (&words[..], folder.as_ref()),
        };
        let first = self.check_once(run, words, folder, run.alone)?;
        if !first.only_slow {
            return Ok(first);
        }
        let mut second = self.check_once(run, words, folder, true)?;
        match second.status {
            Status::Passed => second.status = Status::Slow,
            Status::Failed => {
                let note = "this was the second attempt, with nothing else running\n";
                second.problem.insert_str(0, note);
            }
            _ => {}
        }
        Ok(second)
    }

    fn check_once(
        &self,
        run: &Run,
        words: &[std::ffi::OsString],
        folder: Option<&std::path::PathBuf>,
        alone: bool,
    ) -> Result<RunResult> {
        let limits = Limits { time: self.timeout.unwrap_or(run.timeout), usage: self.usage };
        let command = suite::command(words, &run.arguments, folder.map(|path| &**path));
        let finished = self.run(command, limits, alone);
        let finished = finished.map_err(|error| suite::cannot_run(Path::new(&words[0]), &error))?;
        Ok(check_finished(run, finished, limits))
    }

    /// Runs a program beside others, or with nothing else running.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn run(
        &self,
        command: std::process::Command,
        limits: Limits,
        alone: bool,
    ) -> std::io::Result<Finished> {
        // The lock guards no data, so a panic elsewhere has broken nothing.
        if alone {
            let _guard = self.machine.write().unwrap_or_else(PoisonError::into_inner);
            process::run(command, limits, &self.cancel)
        } else {
            let _guard = self.machine.read().unwrap_or_else(PoisonError::into_inner);
            process::run(command, limits, &self.cancel)
        }
    }
}

impl RunResult {
    /// Whether nothing is wrong but the output.
    pub(crate) fn has_only_output_faults(&self) -> bool {
        self.faults.iter().all(|fault| matches!(fault, Fault::Output(_)))
    }
}

/// Compares a saved standard output with what a run allows. How the program ended is not known.
fn check_output(run: &Run, stdout: Vec<u8>) -> RunResult {
    verdict(run, stdout, Vec::new(), Duration::ZERO, Vec::new())
}

/// Compares how a program ended, and what it wrote, with what a run allows.
fn check_finished(run: &Run, finished: Finished, limits: Limits) -> RunResult {
    let faults = faults_of_end(&finished, run.exit, limits);
    let Finished { end, stdout, stderr, time, .. } = finished;
    match end {
        End::Cancelled => {
            let status = Status::Cancelled;
            let (problem, reading) = (String::new(), None);
            RunResult { status, time, problem, faults, stdout, stderr, reading, only_slow: false }
        }
        // An explanation of so many lines would not help.
        End::TooMuchOutput => {
            let stream = if stdout.is_empty() { &stderr } else { &stdout };
            let problem = format!("{}\n{}", messages(&faults), beginning(stream));
            let (status, reading) = (Status::Failed, None);
            RunResult { status, time, problem, faults, stdout, stderr, reading, only_slow: false }
        }
        End::Exited(_) | End::TimedOut | End::TooManyProcesses | End::TooMuchMemory => {
            verdict(run, stdout, stderr, time, faults)
        }
    }
}

/// Adds what is wrong with the output to the faults of the program's end.
fn verdict(
    run: &Run,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    time: Duration,
    mut faults: Vec<Fault>,
) -> RunResult {
    let ended_well = faults.is_empty();
    let mut problem = messages(&faults);
    let mut status = if ended_well { Status::Passed } else { Status::Failed };
    let (mut reading, mut only_slow) = (None, false);
    match run.check(Output { stdout: &stdout, stderr: &stderr }) {
        Verdict::Legal(legal) => reading = Some(legal),
        Verdict::Illegal(explanation) => {
            status = Status::Failed;
            only_slow = ended_well && explanation.only_slow;
            problem = format!("{problem}\n{explanation}");
            faults.extend(explanation.faults.into_iter().map(Fault::Output));
        }
        Verdict::Undecided(undecided) => {
            status = Status::Error;
            let message = undecided.to_string();
            problem = format!("{problem}\n{message}");
            faults.push(Fault::Run { kind: RunFault::Undecided, message });
        }
    }
    let problem = problem.trim().to_owned();
    RunResult { status, time, problem, faults, stdout, stderr, reading, only_slow }
}

/// What is wrong with a program's end, whatever it printed.
fn faults_of_end(finished: &Finished, expected: i32, limits: Limits) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |kind, message: String| faults.push(Fault::Run { kind, message });
    let Usage { processes, memory } = limits.usage;
    match finished.end {
        End::Exited(status) => match status.code() {
            Some(code) if code == expected => {}
            Some(code) => add(
                RunFault::ExitCode,
                format!("it ended with exit code {code} instead of {expected}"),
            ),
            // Only a signal leaves no exit code; `status` says which one.
            None => add(RunFault::Signal, format!("it was ended by a {status}")),
        },
        End::TimedOut => add(
            RunFault::Timeout,
            format!(
                "it was still running after {}, so it was killed, with everything that it had \
                 started",
                seconds(limits.time)
            ),
        ),
        End::TooMuchOutput => add(RunFault::TooMuchOutput, too_much_output()),
        End::TooManyProcesses => add(
            RunFault::TooManyProcesses,
            format!("it had more than {processes} processes, so all of them were killed"),
        ),
        End::TooMuchMemory => add(
            RunFault::TooMuchMemory,
            format!("it used more than {memory} MiB of memory, so it was killed"),
        ),
        End::Cancelled => {}
    }
    match finished.leak {
        Some(Leak::Killed) => add(
            RunFault::Leak,
            format!(
                "a process that it had started kept its output open for {} after its end, so it \
                 was killed; wait for that process before the program ends",
                seconds(GRACE)
            ),
        ),
        Some(Leak::Escaped) => add(
            RunFault::Leak,
            "a process that it had started left its process group and keeps its output open; it \
             cannot be found, so it may still be running"
                .to_owned(),
        ),
        None => {}
    }
    faults
}

/// What is wrong with a program that wrote too much.
pub(crate) fn too_much_output() -> String {
    format!("it wrote more than {} MiB, so it was killed", OUTPUT_LIMIT / (1024 * 1024))
}

/// The messages of faults, one a line.
fn messages(faults: &[Fault]) -> String {
    let message = |fault: &Fault| match fault {
        Fault::Run { message, .. } => message.clone(),
        Fault::Output(fault) => fault.message.clone(),
    };
    faults.iter().map(message).collect::<Vec<_>>().join("\n")
}

/// The first lines of an output that is too long to show.
fn beginning(stream: &[u8]) -> String {
    let start = String::from_utf8_lossy(&stream[..stream.len().min(4000)]);
    let lines = start.lines().take(10).map(|line| format!("\n    {}", printable(line)));
    format!("it began with:{}", lines.collect::<String>())
}

/// A time as a snapshot writes it: `0.2 s`.
fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
