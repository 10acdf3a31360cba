//! Makes submissions ready to run: compiles them, or copies them to a folder of their own.

use std::collections::BTreeMap;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use cargo_metadata::{Message, MetadataCommand};

use crate::build::cargo;
use crate::check::{Checker, Status};
use crate::command::grade::submission::{Kind, Submission};
use crate::command::report::progress::Progress;
use crate::error::{Error, Result};
use crate::executor::{self, Observer};
use crate::process::{End, Limits};
use crate::python;
use crate::session::Skipped;

/// What one build may use: the first one may have to compile many dependencies.
const BUILD_LIMITS: Limits = Limits {
    time: Duration::from_secs(600),
    processes: usize::MAX,
    memory: u64::MAX,
    one_core: false,
};

/// The words that run a submission, or why it cannot be run.
pub type Prepared = Result<Vec<OsString>, Skipped>;

/// The folder in which submissions are built.
pub struct Workshop<'a> {
    checker: &'a Checker,
    /// The name of the assignment.
    name: String,
    /// Cargo's target folder, which all projects share, so that each dependency is compiled once.
    /// Programs with the same name replace each other in it, so only one Cargo runs at a time.
    target: Mutex<PathBuf>,
    /// Has a folder for each submission with its program.
    programs: PathBuf,
    /// Keeps others from using the folder.
    _lock: File,
}

impl<'a> Workshop<'a> {
    /// Uses this folder for the submissions of one assignment. Waits until no other process uses it.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn open(checker: &'a Checker, folder: &Path, name: &str) -> Result<Self> {
        let problem = |error: io::Error| Error::io("write to", folder, &error);
        fs::create_dir_all(folder).map_err(problem)?;
        let lock = File::create(folder.join("lock")).map_err(problem)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                anstream::eprintln!("waiting for another `cargo xtask grade` to end");
                lock.lock().map_err(problem)?;
            }
            Err(TryLockError::Error(error)) => return Err(problem(error)),
        }
        let programs = folder.join("programs").join(name);
        if programs.exists() {
            fs::remove_dir_all(&programs).map_err(problem)?;
        }
        let target = Mutex::new(folder.join("cargo"));
        Ok(Self { checker, name: name.to_owned(), target, programs, _lock: lock })
    }

    /// Prepares all submissions, by name. Nothing is run before all of them are prepared, so that
    /// no build disturbs a run.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn prepare(
        &self,
        submissions: &[Submission],
        progress: Progress,
    ) -> Result<BTreeMap<String, Prepared>> {
        progress.start(submissions.len());
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        let mut preparation = Preparation { progress, prepared: BTreeMap::new() };
        // After Ctrl-C, those that are left are cancelled at once.
        let prepare = |submission: &Submission| self.prepare_one(submission);
        executor::run(submissions.iter(), workers, prepare, &mut preparation)
            .map_err(|error| Error::new(format!("cannot start a thread: {error}")))?;
        preparation.progress.finish();
        Ok(preparation.prepared)
    }

    fn prepare_one(&self, submission: &Submission) -> Prepared {
        let Submission { name, kind } = submission;
        let folder = self.programs.join(name);
        let prepared = match kind {
            _ if self.checker.cancel.is_set() => Err(cancelled()),
            Kind::Project(project) => self.build_project(project, &folder),
            Kind::RustFile(source) => self.build_file(source, &folder),
            // Python imports from the folder of a program, where each file would be a module of all
            // the others.
            Kind::PythonFile(source) => copy(source, &folder)
                .map(|copy| vec![python::COMMAND.into(), copy.into()])
                .map_err(|error| Problem(Status::Error, error.to_string())),
            Kind::Command(words) => Ok(words.clone()),
            Kind::Unknown(reason) => Err(Problem(Status::Error, reason.clone())),
        };
        prepared.map_err(|Problem(status, problem)| Skipped::new(name, status, problem))
    }

    fn build_file(&self, source: &Path, folder: &Path) -> Result<Vec<OsString>, Problem> {
        let stem = source.file_stem().unwrap_or_default();
        let mut program = folder.join(stem).into_os_string();
        program.push(EXE_SUFFIX);
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition", "2024", "--crate-name", "submission", "--color", "never", "-o"]);
        rustc.arg(&program).arg(source);
        self.build(rustc)?;
        Ok(vec![program])
    }

    fn build_project(&self, project: &Path, folder: &Path) -> Result<Vec<OsString>, Problem> {
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner);
        self.forget_other_projects(project, &target)?;
        let mut cargo = cargo_in(project, "build");
        cargo.args(["--quiet", "--message-format", "json-render-diagnostics"]);
        cargo.arg("--target-dir").arg(&*target);
        let messages = self.build(cargo)?;
        let mut programs = BTreeMap::new();
        for message in Message::parse_stream(&messages[..]).map_while(Result::ok) {
            if let Message::CompilerArtifact(artifact) = message
                && artifact.target.is_bin()
                && let Some(program) = artifact.executable
            {
                programs.insert(artifact.target.name, program.into_std_path_buf());
            }
        }
        let names: Vec<&str> = programs.keys().map(String::as_str).collect();
        let program = match &names[..] {
            [] => Err("the project has no program".to_owned()),
            [only] => Ok(*only),
            _ if names.contains(&&*self.name) => Ok(&*self.name),
            several => {
                let (several, name) = (several.join(", "), &self.name);
                Err(format!("the project has several programs ({several}); call one `{name}`"))
            }
        };
        let program = program.map_err(|problem| Problem(Status::Failed, problem))?;
        // The next project may have a program with the same name.
        let copy = copy(&programs[program], folder);
        Ok(vec![copy.map_err(|error| Problem(Status::Error, error.to_string()))?.into()])
    }

    /// Removes what was built of other projects whose packages have the names of this one's. For Cargo,
    /// two projects in different folders are the same if their names are. It would take the
    /// program of the other one if that is newer than the sources.
    fn forget_other_projects(&self, project: &Path, target: &Path) -> Result<(), Problem> {
        let mut metadata = cargo_in(project, "metadata");
        metadata.args(["--format-version", "1"]);
        let metadata = MetadataCommand::parse(String::from_utf8_lossy(&self.build(metadata)?))
            .map_err(|error| Problem(Status::Error, format!("cannot read the project: {error}")))?;
        let mut clean = cargo_in(project, "clean");
        clean.arg("--quiet").arg("--target-dir").arg(target);
        // Other packages come from a registry, where a name and a version mean the same for all.
        for package in metadata.packages.iter().filter(|package| package.source.is_none()) {
            clean.args(["--package", &package.id.repr]);
        }
        self.build(clean).map(drop)
    }

    /// Runs a compiler, and returns what it wrote to standard output.
    fn build(&self, command: Command) -> Result<Vec<u8>, Problem> {
        let program = PathBuf::from(command.get_program());
        let finished = self.checker.run(command, BUILD_LIMITS, false).map_err(|error| {
            Problem(Status::Error, Error::io("run", &program, &error).to_string())
        })?;
        let errors = String::from_utf8_lossy(&finished.stderr);
        let reason = match finished.end {
            End::Exited(status) if status.success() => return Ok(finished.stdout),
            End::Cancelled => return Err(cancelled()),
            End::Exited(status) => {
                let first = errors.lines().find(|line| line.starts_with("error"));
                first.map_or_else(|| status.to_string(), |line| line.to_owned() + hint(&errors))
            }
            End::TimedOut => {
                format!("the build was still running after {} s", BUILD_LIMITS.time.as_secs())
            }
            End::TooMuchOutput => "the build wrote more than 16 MiB".to_owned(),
            End::TooManyProcesses | End::TooMuchMemory => unreachable!("there is no such limit"),
        };
        Err(Problem(Status::Failed, format!("does not compile: {reason}\n\n{errors}")))
    }
}

/// A command of Cargo for this project.
fn cargo_in(project: &Path, subcommand: &str) -> Command {
    let mut cargo = cargo();
    // Nothing is compiled twice.
    cargo.current_dir(project).env("CARGO_INCREMENTAL", "0").args([subcommand, "--color", "never"]);
    cargo
}

/// What is wrong with a submission, and its status.
struct Problem(Status, String);

fn cancelled() -> Problem {
    Problem(Status::Cancelled, String::new())
}

fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    Problem(Status::Error, Error::io("write to", path, error).to_string())
}

/// What helps against an error that is not a fault of the program itself.
fn hint(errors: &str) -> &'static str {
    if errors.contains("unlinked crate") || errors.contains("error[E0463]") {
        " (it uses a crate that it does not name in a `Cargo.toml`)"
    } else {
        ""
    }
}

/// Copies a file into a folder, which is created.
fn copy(file: &Path, folder: &Path) -> Result<PathBuf> {
    let copy = folder.join(file.file_name().unwrap_or_default());
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(file, &copy))
        .map_err(|error| Error::io("copy", file, &error))?;
    Ok(copy)
}

/// Follows the preparation.
struct Preparation {
    progress: Progress,
    prepared: BTreeMap<String, Prepared>,
}

impl Observer<&Submission, Prepared> for Preparation {
    fn should_stop(&self) -> bool {
        false
    }

    fn started(&mut self, submission: &Submission) {
        self.progress.started(submission.name.clone());
    }

    fn ended(&mut self, submission: &Submission, prepared: Prepared) {
        self.progress.ended(&submission.name);
        self.prepared.insert(submission.name.clone(), prepared);
    }
}
