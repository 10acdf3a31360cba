//! A workspace in a temporary folder, and `cargo xtask` in it.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
#[cfg(unix)]
use std::process::{Child, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A workspace with the examples of one topic, `toy`.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    /// A workspace without examples.
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

    /// Adds an example with this body of its `main`.
    pub fn example(self, name: &str, body: &str) -> Self {
        let source = format!("//! The lesson of {name}.\n\nfn main() {{\n    {body}\n}}\n");
        self.write(&format!("examples-toy/src/bin/{name}.rs"), &source);
        self
    }

    /// Adds a snapshot.
    pub fn snapshot(self, name: &str, text: &str) -> Self {
        self.write(&format!("tests/snapshots/toy/{name}.snap"), text);
        self
    }

    /// Writes a file, and says where it is.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).expect("the folder can be made");
        fs::write(&file, text).expect("the file can be written");
        file
    }

    /// Where this file is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// What stands in this file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file can be read")
    }

    /// `cargo xtask` with these arguments, as a command to be held to something.
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

/// Waits until something holds, for much longer than it should take.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The number that a program has written to this file, once it has.
pub fn number_in(file: &Path) -> u32 {
    let mut number = None;
    wait_until("the program writes its number", || {
        let text = fs::read_to_string(file).unwrap_or_default();
        number = text.strip_suffix('\n').and_then(|text| text.trim().parse().ok());
        number.is_some()
    });
    number.unwrap()
}

/// Does what Ctrl-C does to a running `cargo xtask`, which then ends soon and says so.
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

/// Whether there is a process of this number, other than one that has ended already.
#[cfg(unix)]
pub fn is_alive(process: u32) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output();
    let state = String::from_utf8(state.expect("`ps` can be run").stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}
