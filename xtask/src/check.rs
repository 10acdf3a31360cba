//! Checks one run: runs the program, and compares what it did with what the snapshot allows.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::Command;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use legal_outputs::{Output, Reading, Run, Verdict, printable};
use serde::Serialize;

use crate::cancel::Cancel;
use crate::cut_off::say_what_was_cut_off;
use crate::error::Error;
use crate::process::{self, End, Finished, GRACE, Leak, Limits, OUTPUT_LIMIT};
use crate::suite::{Case, Subject};

/// Checks runs, each within the same limits.
#[derive(Debug)]
pub struct Checker {
    /// Stops all runs.
    pub cancel: Cancel,
    /// The time limit of every run; each has the limit of its snapshot if `None`.
    pub timeout: Option<Duration>,
    /// How many processes a run may have.
    pub max_processes: usize,
    /// How much memory the processes of a run may use together, in MiB.
    pub max_memory: u64,
    /// Locked for writing by a run that must not share the machine with another.
    machine: RwLock<()>,
}

/// How a run, a lesson or everything ended. The worst status is the greatest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The output is legal.
    #[default]
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
#[derive(Debug, Default)]
pub struct RunResult {
    /// The verdict in one word.
    pub status: Status,
    /// Wall time of the program.
    pub time: Duration,
    /// What is wrong, in several lines for people. Empty if nothing is.
    pub problem: String,
    /// Each thing that is wrong.
    pub faults: Vec<Fault>,
    /// What the program wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
    /// When each line of the two streams came, after the program's start. Of a stream with very many
    /// lines only the first have times.
    pub line_times: [Vec<Duration>; 2],
    /// Which line of the snapshot each line of the output stands for, if the output is legal.
    pub reading: Option<Reading>,
    /// The only faults are times that are too long.
    only_slow: bool,
}

impl RunResult {
    /// Whether the program had to be ended because it ran, or wrote, for too long.
    pub fn is_endless(&self) -> bool {
        let is_endless = |kind| matches!(kind, RunFault::Timeout | RunFault::TooMuchOutput);
        let mut faults = self.faults.iter();
        faults.any(|fault| matches!(fault, Fault::Run { kind, .. } if is_endless(*kind)))
    }
}

/// One thing that is wrong with a run.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Fault {
    /// The output is not legal.
    Output(legal_outputs::Fault),
    /// Something else went wrong.
    Run {
        /// What it is.
        kind: RunFault,
        /// A whole sentence.
        message: String,
    },
}

/// The ways in which a run can go wrong, apart from its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunFault {
    /// The program cannot be started.
    NotStarted,
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
    /// It took less time, or more, than the snapshot says.
    Duration,
    /// A process that it started kept its output open.
    Leak,
    /// The engine cannot decide whether the output is legal.
    Undecided,
}

impl Fault {
    /// The program did not end by itself.
    fn is_kill(&self) -> bool {
        use RunFault::{Signal, Timeout, TooManyProcesses, TooMuchMemory};
        matches!(self, Self::Run { kind: Signal | Timeout | TooManyProcesses | TooMuchMemory, .. })
    }
}

impl Checker {
    /// How many processes a run may have, if nothing else is said.
    pub const MAX_PROCESSES: usize = 256;

    /// How much memory a run may use, if nothing else is said, in MiB.
    pub const MAX_MEMORY: u64 = 4096;

    /// A checker with the usual limits.
    pub fn new(cancel: Cancel) -> Self {
        Self {
            cancel,
            timeout: None,
            max_processes: Self::MAX_PROCESSES,
            max_memory: Self::MAX_MEMORY,
            machine: RwLock::new(()),
        }
    }

    /// Checks one run. If only upper bounds of times are broken, the machine may have been busy:
    /// then the run is repeated once, with nothing else running. No other failing run is repeated.
    pub fn check(&self, case: Case<'_>) -> RunResult {
        self.check_on(case, false)
    }

    /// The same, but all threads of the program share one core if `one_core` is set. The second
    /// attempt has every core.
    pub(crate) fn check_on(&self, case: Case<'_>, one_core: bool) -> RunResult {
        if let Subject::Transcript(stdout) = &case.suite.subject {
            // How the program ended is not known.
            let result = RunResult { stdout: stdout.clone(), ..RunResult::default() };
            return with_output_checked(case.run(), result);
        }
        let first = self.check_once(case, case.run().alone, one_core);
        if !first.only_slow {
            return first;
        }
        let mut second = self.check_once(case, true, false);
        match second.status {
            Status::Passed => second.status = Status::Slow,
            Status::Failed => {
                let note = "the program was too slow in two attempts; nothing else was running during \
                            the second one, which is shown here\n";
                second.problem.insert_str(0, note);
            }
            _ => {}
        }
        second
    }

    fn check_once(&self, case: Case<'_>, alone: bool, one_core: bool) -> RunResult {
        match self.run_case(case, alone, one_core) {
            Ok(finished) => self.check_finished(case.run(), finished),
            Err(result) => *result,
        }
    }

    /// Runs the program of a case.
    ///
    /// # Errors
    /// The result of a program that cannot be started.
    pub(crate) fn run_case(
        &self,
        case: Case<'_>,
        alone: bool,
        one_core: bool,
    ) -> Result<Finished, Box<RunResult>> {
        let run = case.run();
        // The folder is removed when this is dropped.
        let (command, _folder) = match case.command() {
            Ok(command) => command,
            Err(error) => {
                let problem = format!("cannot create a folder for the run: {error}");
                let result = RunResult { status: Status::Error, problem, ..RunResult::default() };
                return Err(Box::new(result));
            }
        };
        let program = Path::new(command.get_program()).to_owned();
        let limits = Limits { one_core, ..self.limits(run.timeout) };
        self.run(command, limits, alone).map_err(|error| Box::new(not_started(&program, &error)))
    }

    /// Compares how a program ended, and what it wrote, with what a run allows.
    pub(crate) fn check_finished(&self, run: &Run, finished: Finished) -> RunResult {
        let faults = faults_of_end(&finished, run.exit, self.limits(run.timeout));
        let Finished { end, stdout, stderr, line_times, time, .. } = finished;
        let mut result =
            RunResult { time, faults, stdout, stderr, line_times, ..RunResult::default() };
        if let (End::Exited(_), Some(takes)) = (end, &run.takes)
            && let Err(fault) = takes.check(time)
        {
            result.only_slow = fault.too_long && result.faults.is_empty();
            result.faults.push(Fault::Run { kind: RunFault::Duration, message: fault.message });
        }
        result.problem = messages(&result.faults);
        if !result.faults.is_empty() {
            result.status = Status::Failed;
        }
        match end {
            End::Cancelled => RunResult { status: Status::Cancelled, ..result },
            // An explanation of so many lines would not help.
            End::TooMuchOutput => {
                let stream = if result.stdout.is_empty() { &result.stderr } else { &result.stdout };
                result.problem += &beginning(stream);
                result
            }
            End::Exited(_) | End::TimedOut | End::TooManyProcesses | End::TooMuchMemory => {
                with_output_checked(run, result)
            }
        }
    }

    /// The limits of a run, for which its snapshot gives this time.
    pub(crate) fn limits(&self, time: Duration) -> Limits {
        Limits {
            time: self.timeout.unwrap_or(time),
            processes: self.max_processes,
            memory: self.max_memory,
            one_core: false,
        }
    }

    /// Runs a program beside others, or with nothing else running.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn run(
        &self,
        command: Command,
        limits: Limits,
        alone: bool,
    ) -> io::Result<Finished> {
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

/// The program cannot be started. The message also says what to do about it.
fn not_started(program: &Path, error: &io::Error) -> RunResult {
    let hint = match error.kind() {
        ErrorKind::NotFound if program.components().count() == 1 => {
            "; write `./NAME` for a program in this folder, and put the interpreter before a script"
        }
        ErrorKind::PermissionDenied => {
            "; put the interpreter before a script, or make the script executable"
        }
        _ => "",
    };
    let problem = format!("{}{hint}", Error::io("run", program, error));
    let faults = vec![Fault::Run { kind: RunFault::NotStarted, message: problem.clone() }];
    RunResult { status: Status::Error, problem, faults, ..RunResult::default() }
}

/// Adds to a result what is wrong with its output.
fn with_output_checked(run: &Run, mut result: RunResult) -> RunResult {
    match run.check(Output { stdout: &result.stdout, stderr: &result.stderr }) {
        Verdict::Legal(reading) => {
            result.reading = Some(reading);
            if !result.faults.is_empty() {
                result.problem += "\nits output is legal";
            }
        }
        Verdict::Illegal(mut explanation) => {
            if result.faults.iter().any(Fault::is_kill) {
                say_what_was_cut_off(&mut explanation.faults, [&result.stdout, &result.stderr]);
            }
            result.status = Status::Failed;
            let other_faults = !result.faults.is_empty() && !result.only_slow;
            result.only_slow = explanation.only_slow && !other_faults;
            result.problem = format!("{}\n{explanation}", result.problem).trim().to_owned();
            result.faults.extend(explanation.faults.into_iter().map(Fault::Output));
        }
        Verdict::Undecided(undecided) => {
            if result.status == Status::Passed {
                result.status = Status::Error;
            }
            let message = undecided.to_string();
            result.problem = format!("{}\n{message}", result.problem).trim().to_owned();
            result.faults.push(Fault::Run { kind: RunFault::Undecided, message });
        }
    }
    result
}

/// What is wrong with a program's end, whatever it printed.
pub(crate) fn faults_of_end(finished: &Finished, expected: i32, limits: Limits) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |kind, message: String| faults.push(Fault::Run { kind, message });
    let Limits { time, processes, memory, .. } = limits;
    match finished.end {
        End::Exited(status) => match status.code() {
            Some(code) if code == expected => {}
            Some(code) => add(
                RunFault::ExitCode,
                format!("the program ended with exit code {code} instead of {expected}"),
            ),
            // Only a signal leaves no exit code; `status` says which one.
            None => add(RunFault::Signal, format!("the program was ended by a {status}")),
        },
        End::TimedOut => add(
            RunFault::Timeout,
            format!(
                "the program was still running after {}, so it was killed, with all processes in \
                 its process group",
                seconds(time)
            ),
        ),
        End::TooMuchOutput => {
            let limit = OUTPUT_LIMIT / (1024 * 1024);
            let message = format!("the program wrote more than {limit} MiB, so it was killed");
            add(RunFault::TooMuchOutput, message);
        }
        End::TooManyProcesses => add(
            RunFault::TooManyProcesses,
            format!(
                "the program had more than {processes} processes, so all of them were killed (see \
                 --max-processes)"
            ),
        ),
        End::TooMuchMemory => add(
            RunFault::TooMuchMemory,
            format!(
                "the program used more than {memory} MiB of memory, so it was killed (see --max-memory)"
            ),
        ),
        End::Cancelled => {}
    }
    match finished.leak {
        Some(Leak::Killed) => add(
            RunFault::Leak,
            format!(
                "a child process kept the program's output open for {} after the program had ended, \
                 so the child was killed; wait for it before the program ends",
                seconds(GRACE)
            ),
        ),
        Some(Leak::Escaped) => add(
            RunFault::Leak,
            "a child process left the process group and keeps the program's output open; it could \
             not be killed, so it may still be running; wait for it before the program ends"
                .to_owned(),
        ),
        None => {}
    }
    faults
}

/// The messages of faults, one on each line.
pub(crate) fn messages(faults: &[Fault]) -> String {
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
    format!("\nits output began with:{}", lines.collect::<String>())
}

/// A time as a snapshot writes it: `0.2 s`.
fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
