//! Builds the examples, all of them by one Cargo.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{env, io, thread};

use cargo_metadata::Message;

use crate::runner::Trouble;
use crate::runner::cancel::Cancel;
use crate::runner::catalog::Example;
use crate::runner::process::Tree;

/// How to build.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// With optimisations.
    pub release: bool,
    /// Cargo shows no progress.
    pub quiet: bool,
}

/// Builds these examples and says where each one's program is, by its name. Cargo shows its
/// progress and its errors on standard error. Nothing to build is nothing to wait for.
///
/// # Errors
/// When the build fails or is cancelled.
pub fn build<'a>(
    root: &Path,
    examples: impl IntoIterator<Item = &'a Example>,
    manner: Manner,
    cancel: &Cancel,
) -> Result<HashMap<String, PathBuf>, Trouble> {
    let mut packages = BTreeSet::new();
    let mut command = cargo();
    command.current_dir(root).args(["build", "--message-format=json-render-diagnostics"]);
    for example in examples {
        packages.insert(&example.package);
        command.args(["--bin", &example.name]);
    }
    if packages.is_empty() {
        return Ok(HashMap::new());
    }
    for package in packages {
        command.args(["--package", package]);
    }
    if manner.release {
        command.arg("--release");
    }
    if manner.quiet {
        command.arg("--quiet");
    }
    programs_of(command, cancel)
}

/// The Cargo that runs this program, or else the one that is found.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a Cargo that builds, and that is told to write its messages as JSON; says where each
/// program is, by its name.
///
/// # Errors
/// When the build fails or is cancelled.
pub fn programs_of(
    mut command: Command,
    cancel: &Cancel,
) -> Result<HashMap<String, PathBuf>, Trouble> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let failed = |error: io::Error| Trouble(format!("cannot run `cargo build`: {error}"));
    let mut cargo = Tree::spawn(command).map_err(failed)?;
    let stdout = cargo.take_stdout().expect("standard output is a pipe");
    let (sender, messages) = mpsc::channel();
    thread::spawn(move || {
        for message in Message::parse_stream(io::BufReader::new(stdout)).map_while(Result::ok) {
            if sender.send(message).is_err() {
                break;
            }
        }
    });

    let mut programs = HashMap::new();
    let mut success = false;
    while !cancel.is_set() {
        match messages.recv_timeout(Duration::from_millis(50)) {
            Ok(Message::CompilerArtifact(artifact)) => {
                if let Some(program) = artifact.executable {
                    programs.insert(artifact.target.name, program.into_std_path_buf());
                }
            }
            Ok(Message::BuildFinished(finished)) => success = finished.success,
            Err(RecvTimeoutError::Disconnected) if success => return Ok(programs),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Trouble("the examples do not build: Cargo says above why".to_owned()));
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
    Err(Trouble("the build was stopped".to_owned()))
}
