//! What the tests of several commands need: a workspace in a temporary folder, `cargo xtask` in it,
//! and a program that does what it is told.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
#[cfg(unix)]
use std::process::{Child, Output};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use tempfile::TempDir;

/// A workspace with the lessons of one topic, `toy`.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    /// A workspace without lessons.
    pub fn new() -> Self {
        let workspace = Self { folder: TempDir::new().expect("a temporary folder can be made") };
        workspace
            .write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"examples-*\"]\n");
        workspace.package("toy")
    }

    /// Adds a package for this topic.
    pub fn package(self, topic: &str) -> Self {
        self.write(
            &format!("examples-{topic}/Cargo.toml"),
            &format!("[package]\nname = \"examples-{topic}\"\nedition = \"2024\"\n"),
        );
        self
    }

    /// Adds a lesson with this body of its `main`.
    pub fn lesson(self, name: &str, body: &str) -> Self {
        let source = format!("//! The lesson of {name}.\n\nfn main() {{\n    {body}\n}}\n");
        self.write(&format!("examples-toy/src/bin/{name}.rs"), &source);
        self
    }

    /// Adds a snapshot.
    pub fn snapshot(self, name: &str, text: &str) -> Self {
        self.write(&format!("tests/snapshots/toy/{name}.snap"), text);
        self
    }

    /// Writes a file, and returns its path.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).expect("the folder can be made");
        fs::write(&file, text).expect("the file can be written");
        file
    }

    /// The path of this file.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The text of this file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file can be read")
    }

    /// `cargo xtask` with these arguments, ready for assertions.
    pub fn xtask<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> assert_cmd::Command {
        assert_cmd::Command::from_std(self.command(arguments))
    }

    /// The same as a plain command.
    pub fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", self.path("target"))
            .env_remove("CI")
            .args(arguments);
        command
    }
}

/// A workspace with the file `its.snap`, a snapshot.
pub fn with_snapshot(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("its.snap", text);
    workspace
}

/// Checks the actor with these actions against the snapshot of [`with_snapshot`].
pub fn checked(workspace: &Workspace, options: &[&str], actions: &[&str]) -> Assert {
    let command = [&["check", "--snapshot", "its.snap"], options, &["--", actor()], actions];
    workspace.xtask(command.concat()).assert()
}

/// A program that prints `hi`.
pub const HI: &str = "fn main() { println!(\"hi\"); }";

/// A workspace with the snapshot of a program that prints `hi`, and these files in the folder `in`.
pub fn with_submissions(files: &[(&str, &str)]) -> Workspace {
    let workspace = with_snapshot("$ its\nhi\n").lesson("toy", "");
    for (name, text) in files {
        workspace.write(&format!("in/{name}"), text);
    }
    workspace
}

/// The option with which each submission is a list of actions.
pub fn actions() -> String {
    format!("--command='{}' file {{}}", actor())
}

/// The manifest of a Cargo project with this name.
pub fn manifest(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n")
}

/// What `--message-format json` has printed.
pub fn events(assert: &Assert) -> Vec<serde_json::Value> {
    String::from_utf8_lossy(&assert.get_output().stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect()
}

/// A program that does what its arguments say, on every system; see `actor.rs`.
pub fn actor() -> &'static str {
    static ACTOR: LazyLock<(TempDir, String)> = LazyLock::new(|| {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let program = folder.path().join("actor").with_extension(std::env::consts::EXE_EXTENSION);
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/actor.rs");
        let mut rustc = Command::new("rustc");
        let built = rustc.args(["--edition", "2024", "-o"]).arg(&program).arg(source).status();
        assert!(built.expect("rustc can be run").success());
        let program = program.to_str().expect("a temporary path is UTF-8").to_owned();
        (folder, program)
    });
    &ACTOR.1
}

/// Reports that a test is skipped, on a terminal even if the test's output is captured. Fails where
/// `CI` is set: there everything has to be tested.
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "skipped, which CI does not allow: {why}");
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Unlike `eprintln`, this is not captured.
    let _ = writeln!(std::io::stderr(), "skipped {test}: {why}");
}

/// Waits until something holds, for much longer than it should take.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "not within 20 s: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The number that a program writes to this file, as soon as it has.
pub fn number_in(file: &Path) -> u32 {
    let mut number = None;
    wait_until("the program writes its number", || {
        let text = fs::read_to_string(file).unwrap_or_default();
        number = text.strip_suffix('\n').and_then(|text| text.trim().parse().ok());
        number.is_some()
    });
    number.unwrap()
}

/// Does what Ctrl-C does to a running `cargo xtask`, which then ends soon with exit code 130.
#[cfg(unix)]
pub fn interrupt(xtask: Child) -> Output {
    let start = Instant::now();
    Command::new("kill").args(["-INT", &xtask.id().to_string()]).status().unwrap();
    let output = xtask.wait_with_output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    output
}

/// Whether a process with this id is running.
#[cfg(unix)]
pub fn is_alive(process: u32) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output();
    let state = String::from_utf8(state.expect("`ps` can be run").stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}
