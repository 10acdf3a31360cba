//! A target folder that is full or read-only. Only Linux can make one for a test.

#![cfg(target_os = "linux")]

mod common;

use assert_cmd::assert::{Assert, OutputAssertExt};
use common::Workspace;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, ends_with};

/// `cargo xtask` with a file system of its own as target folder, which `prepare` has made full or
/// read-only. `None` if this system or this user cannot have one.
fn with_target(workspace: &Workspace, prepare: &str, arguments: &[&str]) -> Option<Assert> {
    std::fs::create_dir_all(workspace.path("target")).unwrap();
    let script = format!(
        "{{ mount -t tmpfs -o size=256k tmpfs target && {prepare}; }} || exit 77; exec \"$0\" \"$@\""
    );
    let mut unshare = std::process::Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    unshare.arg(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(workspace.path(""));
    unshare.env("CARGO_TARGET_DIR", workspace.path("target")).env_remove("CI");
    let output = unshare.output().ok().filter(|output| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        output.status.code() != Some(77) && !stderr.starts_with("unshare: ")
    });
    if output.is_none() {
        common::skip("this user cannot mount a file system, or there is no `unshare`");
    }
    output.map(OutputAssertExt::assert)
}

/// Fills the file system, down to the last byte.
const FILL: &str = "{ dd if=/dev/zero of=target/filling bs=4096 2>/dev/null; true; }";

#[test]
fn a_target_folder_that_cannot_be_written_is_an_error_only_where_it_is_needed() {
    let workspace = Workspace::new().lesson("ping", "").snapshot("ping", "$ ping\nping\n");
    for (prepare, why) in
        [("mount -o remount,ro target", "Read-only file system"), (FILL, "No space left on device")]
    {
        let run = |arguments: &[&str]| with_target(&workspace, prepare, arguments);
        let Some(assert) = run(&["run-all"]) else { return };
        let failed = ends_with("error: the build failed; see Cargo's errors above\n");
        assert.code(2).stdout("").stderr(contains(why).and(failed));
        // What is checked is not built, but no failing output can be saved.
        run(&["check", "ping", "--", "echo", "ping"]).unwrap().code(0);
        let assert = run(&["check", "ping", "--stress", "3", "--", "echo", "oh"]).unwrap().code(1);
        assert
            .stdout(contains("FAILED   $ ping: 3 runs, 3 failed"))
            .stdout(contains("cannot save the output in `").and(contains(why)));
    }
}
