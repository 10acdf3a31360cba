//! What is checked: a program or a saved output, and the runs of a snapshot.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::{Component, Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use legal_outputs::{Run, Snapshot};
use tempfile::TempDir;

use crate::conditions::Conditions;
use crate::error::{Error, Result};
use crate::workspace::Lesson;

/// A subject, and the runs of a snapshot that it is checked against.
#[derive(Debug)]
pub struct Suite {
    /// What it is called in reports: `TOPIC/NAME` for a lesson.
    pub label: String,
    /// What is checked.
    pub subject: Subject,
    /// The snapshot's file, as reports show it.
    pub path: PathBuf,
    /// The text of that file.
    pub text: String,
    /// The parsed text.
    pub snapshot: Snapshot,
    /// Which of the snapshot's runs to check, by their index.
    pub runs: Vec<usize>,
}

/// What is checked.
#[derive(Debug)]
pub enum Subject {
    /// A lesson of the workspace.
    Lesson {
        /// Which one.
        lesson: Lesson,
        /// Its executable.
        program: PathBuf,
        /// Where it runs: the root of the workspace.
        root: PathBuf,
    },
    /// A command. The arguments of each run are appended to it.
    Command {
        /// The program and its first arguments.
        words: Vec<OsString>,
        /// Where it runs.
        folder: RunFolder,
        /// How the command line of `check` names the snapshot.
        snapshot: Vec<String>,
    },
    /// What a program once wrote to standard output. Nothing is run.
    Transcript(Vec<u8>),
}

/// Where a command runs.
#[derive(Debug, Clone)]
pub enum RunFolder {
    /// In the current folder.
    Current,
    /// In this folder.
    At(PathBuf),
    /// Each run has a new folder of its own, which is removed after it.
    Fresh {
        /// The files that the arguments of a run name are copied from here. Nothing else is in the
        /// folder.
        inputs: PathBuf,
    },
}

impl Suite {
    /// A lesson, built as `program`, with all runs of its snapshot.
    ///
    /// # Errors
    /// When the snapshot cannot be read, is broken, or names another program.
    pub fn of_lesson(lesson: &Lesson, root: &Path, program: &Path) -> Result<Self> {
        let subject = Subject::Lesson {
            lesson: lesson.clone(),
            program: program.to_owned(),
            root: root.to_owned(),
        };
        let mut suite = Self::load(root, &lesson.snapshot, subject)?;
        suite.label = lesson.label();
        if let Some(other) = suite.snapshot.runs.iter().find(|run| run.program != lesson.name) {
            return Err(Error::new(format!(
                "{}:{}: this is a run of `{}` in the snapshot of `{}`",
                lesson.snapshot.display(),
                other.line,
                other.program,
                lesson.name
            )));
        }
        Ok(suite)
    }

    /// A subject, with all runs of the snapshot at `path` in the folder `root`.
    ///
    /// # Errors
    /// When the snapshot cannot be read or is broken; the message lists everything that is wrong.
    pub fn load(root: &Path, path: &Path, subject: Subject) -> Result<Self> {
        let text =
            fs::read_to_string(root.join(path)).map_err(|error| Error::io("read", path, &error))?;
        Self::of_text(path, text, subject)
    }

    /// A subject, with all runs of a snapshot that has this text, from the file `path`.
    ///
    /// # Errors
    /// When the snapshot is broken; the message lists everything that is wrong.
    pub fn of_text(path: &Path, text: String, subject: Subject) -> Result<Self> {
        let snapshot = Snapshot::parse(&text).map_err(|errors| {
            let places = errors.iter().map(|error| format!("\n{}:{error}", path.display()));
            let places = places.collect::<String>();
            Error::new(format!("the snapshot `{}` is broken:{places}", path.display()))
        })?;
        Ok(Self {
            label: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            subject,
            path: path.to_owned(),
            runs: (0..snapshot.runs.len()).collect(),
            text,
            snapshot,
        })
    }

    /// The runs to check.
    pub fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        self.runs.iter().map(|&index| Case { suite: self, index })
    }

    /// The runs of the snapshot that expect exit code 0.
    ///
    /// # Errors
    /// When there is none. The end of the message says what the caller can do.
    pub fn successful_runs(&self, advice: &str) -> Result<Vec<usize>> {
        let runs = &self.snapshot.runs;
        let successful: Vec<usize> = (0..runs.len()).filter(|&run| runs[run].exit == 0).collect();
        if successful.is_empty() {
            let path = self.path.display();
            return Err(Error::new(format!("no run of `{path}` expects exit code 0{advice}")));
        }
        Ok(successful)
    }

    /// The lesson, if that is what is checked.
    pub fn lesson(&self) -> Option<&Lesson> {
        match &self.subject {
            Subject::Lesson { lesson, .. } => Some(lesson),
            Subject::Command { .. } | Subject::Transcript(_) => None,
        }
    }
}

/// One run of a suite.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// The index of the run in the suite's snapshot.
    pub index: usize,
}

impl<'a> Case<'a> {
    /// What the snapshot says about the run.
    pub fn run(self) -> &'a Run {
        &self.suite.snapshot.runs[self.index]
    }

    /// The run as the snapshot names it: `NAME ARG…`.
    pub fn title(self) -> String {
        let run = self.run();
        shell_words([&run.program].into_iter().chain(&run.arguments))
    }

    /// The command that checks an output of the run that was saved, for a shell, without the file. None
    /// if a file of standard output is not enough.
    pub fn transcript_command(self) -> Option<String> {
        let snapshot = match &self.suite.subject {
            Subject::Lesson { lesson, .. } => lesson.name.clone(),
            Subject::Command { snapshot, .. } => shell_words(snapshot),
            Subject::Transcript(_) => return None,
        };
        let run = shell_words([&self.title()]);
        let has_stderr = self.run().expects_stderr();
        (!has_stderr).then(|| format!("cargo xtask check {snapshot} --run {run} --transcript"))
    }

    /// The command of the run, and the folder that is there only for this run.
    ///
    /// # Errors
    /// When that folder cannot be created.
    pub(crate) fn command(self) -> io::Result<(Command, Option<TempDir>)> {
        let arguments = &self.run().arguments;
        let (program, first_arguments, folder) = match &self.suite.subject {
            Subject::Lesson { program, root, .. } => {
                (program.as_os_str(), &[][..], RunFolder::At(root.clone()))
            }
            Subject::Command { words, folder, .. } => {
                (words[0].as_os_str(), &words[1..], folder.clone())
            }
            Subject::Transcript(_) => unreachable!("a transcript is not run"),
        };
        let mut command = Command::new(program);
        command.args(first_arguments).args(arguments);
        let fresh = match folder {
            RunFolder::Current => None,
            RunFolder::At(folder) => {
                command.current_dir(folder);
                None
            }
            RunFolder::Fresh { inputs } => {
                let folder = TempDir::new()?;
                command.current_dir(folder.path());
                copy_inputs(arguments, &inputs, folder.path())?;
                Some(folder)
            }
        };
        Ok((command, fresh))
    }

    /// The commands that repeat the run, for a shell. None for a transcript. If every run is
    /// repeated, the first command repeats it as often, under these conditions.
    pub fn repeat_commands(self, stress: Option<(NonZero<u32>, Conditions)>) -> Vec<String> {
        let arguments = &self.run().arguments;
        match &self.suite.subject {
            Subject::Lesson { lesson, .. } => {
                let mut check = format!("cargo xtask run-all --exact {}", lesson.name);
                if let Some((rounds, conditions)) = stress {
                    check += &format!(" --stress {rounds} {}", conditions.option());
                }
                let mut run = format!("cargo run -p {} --bin {}", lesson.package, lesson.name);
                if !arguments.is_empty() {
                    run += &format!(" -- {}", shell_words(arguments));
                }
                vec![check, run]
            }
            Subject::Command { words, snapshot, .. } => {
                let words = words.iter().map(|word| word.to_string_lossy().into_owned());
                let words: Vec<String> = words.collect();
                let once = shell_words(words.iter().chain(arguments));
                let Some((rounds, conditions)) = stress else { return vec![once] };
                let check = format!(
                    "cargo xtask check {} --run {} --stress {rounds} {} -- {}",
                    shell_words(snapshot),
                    shell_words([&self.title()]),
                    conditions.option(),
                    shell_words(&words),
                );
                vec![check, once]
            }
            Subject::Transcript(_) => Vec::new(),
        }
    }
}

/// Copies the files that these arguments name.
fn copy_inputs(arguments: &[String], from: &Path, to: &Path) -> io::Result<()> {
    for argument in arguments.iter().map(Path::new) {
        let stays_below = argument.components().all(|part| matches!(part, Component::Normal(_)));
        if stays_below && from.join(argument).is_file() {
            let copy = to.join(argument);
            copy.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::copy(from.join(argument), copy)?;
        }
    }
    Ok(())
}

/// Words as a shell reads them.
pub(crate) fn shell_words<'a>(words: impl IntoIterator<Item = &'a String>) -> String {
    let words: Vec<&str> = words.into_iter().map(String::as_str).collect();
    // Joining fails only for a NUL byte, which no argument can contain.
    shlex::try_join(words.iter().copied()).unwrap_or_else(|_| words.join(" "))
}
