//! `cargo xtask grade` with what only Unix has: scripts, signals.

#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use common::{HI, actions, interrupt, is_alive, manifest, number_in, wait_until, with_submissions};

#[test]
fn a_command_may_be_a_program_in_the_current_folder() {
    let workspace = with_submissions(&[("a", "hi\n")]);
    let script = workspace.write("show.sh", "#!/bin/sh\ncat \"$1\"\n");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    let grade = ["grade", "--snapshot", "its.snap", "in", "--command=./show.sh {}"];
    workspace.xtask(grade).assert().code(0);
}

#[test]
fn ctrl_c_ends_a_build() {
    let workspace =
        with_submissions(&[("a/Cargo.toml", &manifest("a")), ("a/src/main.rs", HI), ("b", "")]);
    let started = workspace.path("started");
    let build = format!(
        "fn main() {{ std::fs::write({started:?}, format!(\"{{}}\\n\", std::process::id())).unwrap(); \
         std::thread::sleep(std::time::Duration::from_secs(60)); }}"
    );
    workspace.write("in/a/build.rs", &build);
    let mut xtask = workspace.command(["grade", "--snapshot", "its.snap", "in"]);
    let xtask = xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let script = number_in(&started);
    let stdout = String::from_utf8(interrupt(xtask).stdout).unwrap();
    assert!(stdout.lines().any(|line| line.starts_with("a           cancelled")), "{stdout}");
    wait_until("the build ends", || !is_alive(script));
}

#[test]
fn after_ctrl_c_the_table_shows_what_is_known() {
    let workspace = with_submissions(&[("a", "out\nhi\n"), ("b", "out\nho\n"), ("d", "out\nhi\n")]);
    let started = workspace.path("started");
    workspace.write("in/c", &format!("pid\n{}\nsleep\n60\n", started.display()));
    let actions = actions();
    let arguments = ["grade", "--snapshot", "its.snap", "in", "-j1", "--csv=book.csv", &actions];
    let mut xtask = workspace.command(arguments);
    let xtask = xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let sleeper = number_in(&started);
    let output = interrupt(xtask);
    let stdout = String::from_utf8(output.stdout).unwrap();
    for start in
        ["a           ok", "b           FAILED", "c           cancelled", "d           cancelled"]
    {
        assert!(stdout.lines().any(|line| line.starts_with(start)), "{stdout}");
    }
    assert!(stdout.contains("1 passed, 2 cancelled, 1 failed: 4 submissions"), "{stdout}");
    assert!(workspace.read("book.csv").contains("d,cancelled,0,0,\n"));
    assert!(workspace.path("target/xtask/grade/its/b.txt").exists());
    wait_until("the sleeper ends", || !is_alive(sleeper));
}
