//! What is checked: a program or a saved output, and the runs of a snapshot.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use legal_outputs::{Run, Snapshot};

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
        /// Where it runs; the current folder if `None`.
        folder: Option<PathBuf>,
    },
    /// What a program once wrote to standard output. Nothing is run.
    Transcript(Vec<u8>),
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
    /// When the snapshot cannot be read or is broken; the message lists all that is wrong with it.
    pub fn load(root: &Path, path: &Path, subject: Subject) -> Result<Self> {
        let text =
            fs::read_to_string(root.join(path)).map_err(|error| Error::io("read", path, &error))?;
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

    /// The run with this index.
    pub fn run(&self, index: usize) -> &Run {
        &self.snapshot.runs[index]
    }

    /// A run as the snapshot names it: `NAME ARG…`.
    pub fn title(&self, index: usize) -> String {
        let run = self.run(index);
        shell_words([&run.program].into_iter().chain(&run.arguments))
    }

    /// The lesson, if that is what is checked.
    pub fn lesson(&self) -> Option<&Lesson> {
        match &self.subject {
            Subject::Lesson { lesson, .. } => Some(lesson),
            Subject::Command { .. } | Subject::Transcript(_) => None,
        }
    }

    /// The commands that repeat a run, for a shell. None for a transcript.
    pub fn repeat_commands(&self, index: usize) -> Vec<String> {
        let arguments = &self.run(index).arguments;
        match &self.subject {
            Subject::Lesson { lesson, .. } => {
                let check = format!("cargo xtask run-all --exact {}", lesson.name);
                let mut run = format!("cargo run -p {} --bin {}", lesson.package, lesson.name);
                if !arguments.is_empty() {
                    run += &format!(" -- {}", shell_words(arguments));
                }
                vec![check, run]
            }
            Subject::Command { words, .. } => {
                let words = words.iter().map(|word| word.to_string_lossy().into_owned());
                vec![shell_words(&words.chain(arguments.iter().cloned()).collect::<Vec<_>>())]
            }
            Subject::Transcript(_) => Vec::new(),
        }
    }
}

/// Words as a shell reads them.
pub(crate) fn shell_words<'a>(words: impl IntoIterator<Item = &'a String>) -> String {
    let words: Vec<&str> = words.into_iter().map(String::as_str).collect();
    // A NUL byte cannot be in an argument either.
    shlex::try_join(words.iter().copied()).unwrap_or_else(|_| words.join(" "))
}

/// The command of a program: `words`, then `arguments`.
pub(crate) fn command(words: &[OsString], arguments: &[String], folder: Option<&Path>) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args(arguments);
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    command
}

/// Why a program cannot be started, and what to do about it.
pub(crate) fn cannot_run(program: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::NotFound if program.components().count() == 1 => {
            "; write `./NAME` for a program in this folder, and the interpreter before a script"
        }
        io::ErrorKind::PermissionDenied => "; write the interpreter before a script",
        _ => "",
    };
    Error::new(format!("{}{hint}", Error::io("run", program, error)))
}
