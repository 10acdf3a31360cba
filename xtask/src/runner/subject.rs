//! A program and the snapshot that it is held to; what one run of it comes to.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use crate::runner::Trouble;
use crate::runner::catalog::Example;
use crate::runner::group::Usage;
use crate::runner::process::{End, Finished, GRACE, Limits, Straggler};
use legal_outputs::{Fault, Output, Reading, Run, Snapshot, Verdict, printable};

/// A program, in any language, and the snapshot that it is held to.
#[derive(Debug)]
pub struct Subject {
    /// What it is called in reports: `TOPIC/NAME` for an example.
    pub label: String,
    /// The command. The arguments of each run are put behind it.
    pub command: Vec<OsString>,
    /// What it printed to standard output, where that was saved: then nothing is run.
    pub transcript: Option<Vec<u8>>,
    /// Where the command runs; the present folder where `None`.
    pub folder: Option<PathBuf>,
    /// The example, where it is one.
    pub example: Option<Example>,
    /// The snapshot's file, as reports show it.
    pub path: PathBuf,
    /// What stands in that file.
    pub text: String,
    /// What that means.
    pub snapshot: Snapshot,
    /// Which of the snapshot's runs count, by their index.
    pub runs: Vec<usize>,
}

/// How a run, an example or everything came out. The later ones outweigh the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The output is legal.
    Passed,
    /// The output is legal, but only when the program ran alone was it fast enough.
    Slow,
    /// The snapshot was written anew, and now the output is legal.
    Blessed,
    /// It was stopped, so nobody knows.
    Stopped,
    /// The program does what the snapshot does not allow.
    Failed,
    /// There is no verdict: the snapshot is broken, or the program cannot be run.
    Trouble,
}

/// What one run came to.
#[derive(Debug)]
pub struct Outcome {
    /// How it came out.
    pub status: Status,
    /// Wall time of the program.
    pub time: Duration,
    /// Its CPU time, where the system tells.
    pub cpu: Option<Duration>,
    /// What is wrong, in several lines for people. Empty where nothing is.
    pub problem: String,
    /// The same, one by one.
    pub findings: Vec<Finding>,
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
    /// How the output can be read, where it is legal.
    pub reading: Option<Reading>,
    /// Nothing is wrong but the output, and of that only upper bounds of times.
    pub only_slow: bool,
    /// Nothing is wrong but the output.
    pub only_output: bool,
    /// The snapshot could be rewritten so that this output is legal.
    pub blessable: bool,
}

/// One thing that is wrong with a run.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Finding {
    /// With what the program printed.
    Output(Fault),
    /// With how it ended, or with the snapshot.
    End {
        /// What it is.
        kind: EndKind,
        /// All of it in a sentence.
        message: String,
    },
}

/// The ways in which a run can end badly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndKind {
    /// With another exit code than the snapshot's.
    ExitCode,
    /// By a signal.
    Signal,
    /// Its time was up.
    Timeout,
    /// It wrote too much.
    TooMuchOutput,
    /// It started too many processes.
    TooManyProcesses,
    /// It used too much memory.
    TooMuchMemory,
    /// It left a process behind.
    Straggler,
    /// The snapshot cannot be decided.
    Undecided,
}

impl Subject {
    /// An example, built as `program`, with all runs of its snapshot.
    ///
    /// # Errors
    /// When its snapshot cannot be read, is broken, or names another program.
    pub fn of_example(example: &Example, root: &Path, program: &Path) -> Result<Self, Trouble> {
        let (text, snapshot) = load(root, &example.snapshot)?;
        let path = example.snapshot.display();
        if let Some(stray) = snapshot.runs.iter().find(|run| run.program != example.name) {
            return Err(Trouble(format!(
                "{path}:{}: the run is one of `{}`, but the file is the snapshot of `{}`",
                stray.line, stray.program, example.name
            )));
        }
        Ok(Self {
            label: example.label(),
            command: vec![program.into()],
            transcript: None,
            folder: Some(root.to_owned()),
            example: Some(example.clone()),
            path: example.snapshot.clone(),
            runs: (0..snapshot.runs.len()).collect(),
            text,
            snapshot,
        })
    }

    /// Any command, held to the snapshot in this file.
    ///
    /// # Errors
    /// When the snapshot cannot be read or is broken.
    pub fn of_command(command: Vec<OsString>, root: &Path, path: &Path) -> Result<Self, Trouble> {
        let (text, snapshot) = load(root, path)?;
        Ok(Self {
            label: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            command,
            transcript: None,
            folder: None,
            example: None,
            path: path.to_owned(),
            runs: (0..snapshot.runs.len()).collect(),
            text,
            snapshot,
        })
    }

    /// The run of this index.
    pub fn run(&self, index: usize) -> &Run {
        &self.snapshot.runs[index]
    }

    /// A run as the snapshot names it: `NAME ARG…`.
    pub fn title(&self, index: usize) -> String {
        let run = self.run(index);
        words([&run.program].into_iter().chain(&run.arguments))
    }

    /// The command that does by itself what the run of this index does.
    pub fn direct_command(&self, index: usize) -> String {
        let arguments = &self.run(index).arguments;
        match &self.example {
            Some(example) => {
                let start = format!("cargo run -p {} --bin {}", example.package, example.name);
                if arguments.is_empty() {
                    start
                } else {
                    format!("{start} -- {}", words(arguments))
                }
            }
            None => {
                let command: Vec<_> =
                    self.command.iter().map(|word| word.to_string_lossy()).collect();
                words(command.iter().map(AsRef::as_ref).chain(arguments.iter().map(String::as_str)))
            }
        }
    }

    /// What runs the run of this index.
    pub(super) fn invocation(&self, index: usize) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).args(&self.run(index).arguments);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// Why the program cannot be started.
    pub(super) fn cannot_run(&self, error: &io::Error) -> Trouble {
        let program = Path::new(&self.command[0]);
        let hint = match error.kind() {
            ErrorKind::NotFound if program.components().count() == 1 => {
                "; a program beside you is `./NAME`, a script comes behind its interpreter"
            }
            ErrorKind::PermissionDenied => "; a script comes behind its interpreter",
            _ => "",
        };
        Trouble(format!("{}{hint}", Trouble::with("run", program, error)))
    }

    /// Holds what became of the program to what its run allows.
    pub(super) fn judge(&self, index: usize, finished: Finished, limits: Limits) -> Outcome {
        let findings = faults(&finished, self.run(index).exit, limits);
        let mut outcome = Outcome {
            time: finished.time,
            cpu: finished.cpu,
            stdout: finished.stdout,
            stderr: finished.stderr,
            only_output: findings.is_empty(),
            findings,
            ..Outcome::not_run()
        };
        match finished.end {
            End::Cancelled => return outcome,
            // Its lines are so many that no explanation of them would help.
            End::Output => {
                let beginning = beginning(&outcome);
                outcome.conclude(&beginning);
            }
            End::Own(_) | End::Time | End::Processes | End::Memory => {
                self.judge_output(index, &mut outcome);
            }
        }
        outcome
    }

    /// Holds a saved standard output to what a run allows. How the program ended nobody knows, so
    /// that is not judged.
    pub(super) fn judge_transcript(&self, index: usize, transcript: &[u8]) -> Outcome {
        let mut outcome =
            Outcome { stdout: transcript.to_owned(), only_output: true, ..Outcome::not_run() };
        self.judge_output(index, &mut outcome);
        outcome
    }

    fn judge_output(&self, index: usize, outcome: &mut Outcome) {
        let output = Output { stdout: &outcome.stdout, stderr: &outcome.stderr };
        let explained = match self.run(index).check(output) {
            Verdict::Legal(reading) => {
                outcome.reading = Some(reading);
                String::new()
            }
            Verdict::Illegal(explanation) => {
                outcome.only_slow = outcome.only_output && explanation.only_slow;
                let text = explanation.to_string();
                outcome.findings.extend(explanation.faults.into_iter().map(Finding::Output));
                text
            }
            Verdict::Undecided(undecided) => {
                outcome.findings.push(Finding::end(EndKind::Undecided, undecided.to_string()));
                String::new()
            }
        };
        outcome.conclude(&explained);
    }
}

impl Finding {
    fn end(kind: EndKind, message: impl Into<String>) -> Self {
        Self::End { kind, message: message.into() }
    }
}

impl Outcome {
    /// The outcome of a run that was stopped before it started.
    pub(super) fn not_run() -> Self {
        Self {
            status: Status::Stopped,
            time: Duration::ZERO,
            cpu: None,
            problem: String::new(),
            findings: Vec::new(),
            stdout: Vec::new(),
            stderr: Vec::new(),
            reading: None,
            only_slow: false,
            only_output: false,
            blessable: false,
        }
    }

    /// Makes of all findings a status and a text for people. What is wrong with the output stands
    /// behind what is wrong with the end, in the words of `explained`.
    fn conclude(&mut self, explained: &str) {
        let undecided =
            |finding: &Finding| matches!(finding, Finding::End { kind: EndKind::Undecided, .. });
        self.status = match &*self.findings {
            [] => Status::Passed,
            findings if findings.iter().any(undecided) => Status::Trouble,
            _ => Status::Failed,
        };
        let ends = self.findings.iter().filter_map(|finding| match finding {
            Finding::End { message, .. } => Some(message.as_str()),
            Finding::Output(_) => None,
        });
        let text = ends.chain([explained]).collect::<Vec<_>>().join("\n");
        self.problem = text.trim_end().to_owned();
    }
}

/// Reads a snapshot, and says all that is wrong with it.
fn load(root: &Path, path: &Path) -> Result<(String, Snapshot), Trouble> {
    let text =
        fs::read_to_string(root.join(path)).map_err(|error| Trouble::with("read", path, &error))?;
    match Snapshot::parse(&text) {
        Ok(snapshot) => Ok((text, snapshot)),
        Err(errors) => {
            let places = errors.iter().map(|error| format!("\n{}:{error}", path.display()));
            Err(Trouble(format!(
                "the snapshot `{}` is broken:{}",
                path.display(),
                places.collect::<String>()
            )))
        }
    }
}

/// What is wrong with a program's end, whatever it printed.
fn faults(finished: &Finished, expected: i32, limits: Limits) -> Vec<Finding> {
    let mut faults = Vec::new();
    let mut add = |kind, message: String| faults.push(Finding::end(kind, message));
    let Usage { processes, memory } = limits.group.unwrap_or_default();
    match finished.end {
        End::Own(status) => match status.code() {
            Some(code) if code == expected => {}
            Some(code) => add(
                EndKind::ExitCode,
                format!("it ended with exit code {code}, where {expected} is expected"),
            ),
            // Only a signal leaves no exit code; `status` says which one.
            None => add(EndKind::Signal, format!("it was ended by a {status}")),
        },
        End::Time => add(
            EndKind::Timeout,
            format!(
                "it was still running after {} and was ended, with all that it had started",
                seconds(limits.time)
            ),
        ),
        End::Output => add(EndKind::TooMuchOutput, limits.too_much_output()),
        End::Processes => add(
            EndKind::TooManyProcesses,
            format!("it had more than {processes} processes and was ended, with all of them"),
        ),
        End::Memory => add(
            EndKind::TooMuchMemory,
            format!("it used more than {memory} MiB of memory and was ended"),
        ),
        End::Cancelled => {}
    }
    match finished.straggler {
        Some(Straggler::Killed) => add(
            EndKind::Straggler,
            format!(
                "a process that it had started still held its output open {} after its end, and \
                 was ended; wait for it before the program ends",
                seconds(GRACE)
            ),
        ),
        Some(Straggler::Escaped) => add(
            EndKind::Straggler,
            "a process that it had started left its process group and still holds its output \
             open; it cannot be found from here and may still run"
                .to_owned(),
        ),
        None => {}
    }
    faults
}

/// The first lines of an output that is too long to show.
fn beginning(outcome: &Outcome) -> String {
    let stream = if outcome.stdout.is_empty() { &outcome.stderr } else { &outcome.stdout };
    let start = String::from_utf8_lossy(&stream[..stream.len().min(4000)]);
    let lines = start.lines().take(10).map(|line| format!("\n    {}", printable(line)));
    format!("it began with:{}", lines.collect::<String>())
}

/// Words as a shell would need them.
pub(crate) fn words<'a, W: AsRef<str> + 'a + ?Sized>(
    words: impl IntoIterator<Item = &'a W>,
) -> String {
    let words: Vec<&str> = words.into_iter().map(AsRef::as_ref).collect();
    // A NUL byte, which no shell can be told, cannot be in an argument either.
    shlex::try_join(words.iter().copied()).unwrap_or_else(|_| words.join(" "))
}

/// A time as a snapshot states it: `0.2 s`.
fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
