//! Builds the lessons with one Cargo.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{env, io, thread};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};

use crate::cancel::Cancel;
use crate::error::{Error, Result};
use crate::process::was_interrupted;
use crate::workspace::Lesson;

/// How to build.
#[derive(Debug, Clone, Copy)]
pub struct BuildOptions {
    /// With optimisations.
    pub release: bool,
    /// Cargo shows no progress.
    pub quiet: bool,
}

/// Builds these lessons and returns the path of each program, by the lesson's name. Cargo shows its
/// progress and its errors on standard error. Without lessons nothing happens.
///
/// # Errors
/// When the build fails or is cancelled.
pub fn build<'a>(
    root: &Path,
    lessons: impl IntoIterator<Item = &'a Lesson>,
    options: BuildOptions,
    cancel: &Cancel,
) -> Result<HashMap<String, PathBuf>> {
    let mut packages = BTreeSet::new();
    let mut command = cargo();
    command.current_dir(root).args(["build", "--message-format=json-render-diagnostics"]);
    for lesson in lessons {
        packages.insert(&lesson.package);
        command.args(["--bin", &lesson.name]);
    }
    if packages.is_empty() {
        return Ok(HashMap::new());
    }
    for package in packages {
        command.args(["--package", package]);
    }
    if options.release {
        command.arg("--release");
    }
    if options.quiet {
        command.arg("--quiet");
    }
    programs_of(command, cancel)
}

/// The Cargo that runs this program, or else the one in `PATH`.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What a Cargo command has built. Everything is by the name of its program.
#[derive(Debug, Default)]
pub struct Built {
    /// The path of each program.
    pub programs: HashMap<String, PathBuf>,
    /// The errors of the compiler, if Cargo writes them to its messages.
    pub errors: HashMap<String, Vec<Diagnostic>>,
    /// Everything was built.
    pub is_complete: bool,
    /// Cargo got as far as the compiler. What is missing then does not compile.
    pub was_compiled: bool,
}

/// Runs a Cargo command that builds and writes its messages as JSON. Returns the path of each
/// program, by its name.
///
/// # Errors
/// When the build fails or is cancelled.
pub fn programs_of(command: Command, cancel: &Cancel) -> Result<HashMap<String, PathBuf>> {
    let built = run_build(command, cancel)?;
    if built.is_complete { Ok(built.programs) } else { Err(build_failed()) }
}

/// What is said when Cargo has reported why it cannot build.
pub fn build_failed() -> Error {
    Error::new("the build failed; see Cargo's errors above")
}

/// The same, but some programs may have errors.
///
/// # Errors
/// When Cargo cannot be run, or the build is cancelled.
pub fn run_build(mut command: Command, cancel: &Cancel) -> Result<Built> {
    // Cargo stays in our process group: in one of its own, a terminal with `stty tostop` would stop
    // it as soon as it writes. Ctrl-C on a terminal reaches it as well as us.
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let failed = |error: io::Error| Error::new(format!("cannot run `cargo build`: {error}"));
    let mut cargo = command.spawn().map_err(failed)?;
    let stdout = cargo.stdout.take().expect("standard output is a pipe");
    let (sender, messages) = mpsc::channel();
    thread::spawn(move || {
        for message in Message::parse_stream(io::BufReader::new(stdout)).map_while(Result::ok) {
            if sender.send(message).is_err() {
                break;
            }
        }
    });

    let mut built = Built::default();
    while !cancel.is_set() {
        match messages.recv_timeout(Duration::from_millis(50)) {
            Ok(Message::CompilerArtifact(artifact)) => {
                if let Some(program) = artifact.executable {
                    built.programs.insert(artifact.target.name, program.into_std_path_buf());
                }
            }
            Ok(Message::CompilerMessage(message))
                if message.message.level == DiagnosticLevel::Error =>
            {
                built.errors.entry(message.target.name).or_default().push(message.message);
            }
            Ok(Message::BuildFinished(_)) => built.was_compiled = true,
            Err(RecvTimeoutError::Disconnected) => {
                let status = cargo.wait().map_err(failed)?;
                if was_interrupted(status, cancel) {
                    return Err(Error::new("the build was cancelled"));
                }
                built.is_complete = status.success();
                return Ok(built);
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
    // It may have ended already.
    let _ = cargo.kill();
    let _ = cargo.wait();
    Err(Error::new("the build was cancelled"))
}
