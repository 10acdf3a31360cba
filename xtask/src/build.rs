//! Builds the lessons with one Cargo.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{env, io, thread};

use cargo_metadata::Message;

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

/// Runs a Cargo command that builds and writes its messages as JSON. Returns the path of each
/// program, by its name.
///
/// # Errors
/// When the build fails or is cancelled.
pub fn programs_of(mut command: Command, cancel: &Cancel) -> Result<HashMap<String, PathBuf>> {
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

    let mut programs = HashMap::new();
    while !cancel.is_set() {
        match messages.recv_timeout(Duration::from_millis(50)) {
            Ok(Message::CompilerArtifact(artifact)) => {
                if let Some(program) = artifact.executable {
                    programs.insert(artifact.target.name, program.into_std_path_buf());
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = cargo.wait().map_err(failed)?;
                return if status.success() {
                    Ok(programs)
                } else if was_interrupted(status, cancel) {
                    Err(Error::new("the build was cancelled"))
                } else {
                    Err(Error::new("the build failed; see Cargo's errors above"))
                };
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
    // It may have ended already.
    let _ = cargo.kill();
    let _ = cargo.wait();
    Err(Error::new("the build was cancelled"))
}
