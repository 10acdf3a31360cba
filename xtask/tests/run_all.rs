//! `cargo xtask run-all` and `list`, in small workspaces.

mod common;

use common::Workspace;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, ends_with, starts_with};

/// Two examples that do what their snapshots say, both without a wait.
fn sound() -> Workspace {
    Workspace::new()
        .example("ping", "println!(\"ping\");")
        .snapshot("ping", "$ ping\nping\n")
        .example("pong", "println!(\"pong\");")
        .snapshot("pong", "$ pong\npong\n")
}

#[test]
fn what_is_legal_passes_and_times_are_kept() {
    let workspace = sound();
    let assert = workspace.xtask(["run-all"]).assert().code(0);
    assert.stdout(contains("ok       toy/ping (").and(contains("\n2 passed: 2 runs in ")));
    let times = workspace.read("target/xtask/times");
    assert_eq!(times.lines().count(), 2, "{times}");

    // The record is no more than a help.
    workspace.write("target/xtask/times", "\0 not a number\n\nping\n1e999 ping\n");
    workspace.xtask(["run-all", "pong"]).assert().code(0).stdout(contains("1 passed: 1 run in "));
    workspace
        .xtask(["run-all", "--skip", "pong", "-q"])
        .assert()
        .code(0)
        .stdout(starts_with("1 passed"));
    workspace.xtask(["run-all", "toy/po"]).assert().code(0).stdout(contains("1 passed"));

    let assert = workspace.xtask(["run-all", "--exact", "pin"]).assert().code(2);
    assert.stderr("error: no example matches `pin`; did you mean `ping`?\n");
    let assert = workspace.xtask(["run-all", "toi/"]).assert().code(2);
    assert.stderr("error: no example matches `toi/`; did you mean `toy/`?\n");

    let assert = workspace.xtask(["run-all", "ping", "--show-output", "-v"]).assert().code(0);
    assert.stdout(contains("$ ping (").and(contains("\nping\n")));
}

#[test]
fn a_failure_does_not_keep_others_from_running() {
    let workspace = sound()
        .example("wrong", "eprintln!(\"uh\"); panic!(\"oh\");")
        .snapshot("wrong", "$ wrong 'a b'\nhi\n")
        .example("broken", "println!(\"hi\");")
        .snapshot("broken", "$ broken\n{x\n")
        .example("other", "println!(\"hi\");")
        .snapshot("other", "$ another\nhi\n")
        .example("bare", "println!(\"hi\");")
        .snapshot("orphan", "$ orphan\n");
    let assert = workspace.xtask(["run-all"]).assert().code(2);
    assert
        .stdout(contains("ok       toy/ping (").and(contains("ok       toy/pong (")))
        .stdout(contains("FAILED   toy/wrong ("))
        .stdout(contains("$ wrong 'a b'   (tests/snapshots/toy/wrong.snap:1)\n"))
        .stdout(contains("it ended with exit code 101, where 0 is expected\n"))
        .stdout(contains("repeat: cargo xtask run-all wrong\n"))
        .stdout(contains("or: cargo run -p examples-toy --bin wrong -- 'a b'\n"))
        .stdout(contains("\ntests/snapshots/toy/broken.snap:2:"))
        .stdout(contains(
            "snap:1: the run is one of `another`, but the file is the snapshot of `other`",
        ))
        .stdout(contains("toy/bare\nit has no snapshot `tests/snapshots/toy/bare.snap`"))
        .stdout(contains("no example belongs to this snapshot: there is no binary `orphan`"))
        .stdout(contains("2 passed, 3 failed, 2 in trouble: 3 runs in "));
    workspace.xtask(["run-all", "orphan"]).assert().code(1);
    workspace.xtask(["run-all", "bare"]).assert().code(1);
}

#[test]
fn a_build_that_fails_is_trouble() {
    let workspace = sound().example("wrong", "not_a_function();").snapshot("wrong", "$ wrong\n");
    let assert = workspace.xtask(["run-all"]).assert().code(2);
    assert
        .stdout("")
        .stderr(contains("cannot find function `not_a_function`"))
        .stderr(ends_with("error: the examples do not build: Cargo says above why\n"));
    // It is nobody else's trouble.
    workspace.xtask(["run-all", "ping"]).assert().code(0);
}

#[test]
fn two_binaries_of_one_name_are_refused() {
    let workspace = sound().package("twin");
    workspace.write("examples-twin/src/bin/ping.rs", "fn main() {}");
    let message =
        "error: the packages `examples-toy` and `examples-twin` both have a binary `ping`";
    workspace.xtask(["run-all"]).assert().code(2).stderr(starts_with(message));
    workspace.xtask(["list"]).assert().code(2).stderr(starts_with(message));
}

#[test]
fn a_failure_can_stop_the_rest() {
    let workspace =
        sound().snapshot("ping", "$ ping\nno\n").snapshot("pong", "$ pong\n% alone\npong\n");
    let assert = workspace.xtask(["run-all", "--fail-fast", "-j1"]).assert().code(1);
    assert.stdout(contains("1 of 2 runs were not started"));
}

#[test]
fn bless_rewrites_and_drafts() {
    let workspace = sound()
        .snapshot("ping", "A note.\n\n$ ping\npinf\n")
        .example("fresh", "println!(\"first\"); println!(\"second\");");
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(0);
    assert
        .stdout(
            contains("blessed  toy/ping (")
                .and(contains("rewrote `tests/snapshots/toy/ping.snap`")),
        )
        .stdout(contains("drafted `tests/snapshots/toy/fresh.snap`"))
        .stdout(contains("1 passed, 2 blessed"));
    assert_eq!(workspace.read("tests/snapshots/toy/ping.snap"), "A note.\n\n$ ping\nping\n");
    assert_eq!(workspace.read("tests/snapshots/toy/pong.snap"), "$ pong\npong\n");
    workspace.xtask(["run-all"]).assert().code(0).stdout(contains("3 passed"));
}

#[test]
fn bless_does_not_hide_a_wrong_end() {
    let workspace = Workspace::new()
        .example("wrong", "println!(\"new\"); std::process::exit(3);")
        .snapshot("wrong", "$ wrong\nold\n");
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(1);
    assert.stdout(contains("not blessed: the program does not end as it should"));
    assert_eq!(workspace.read("tests/snapshots/toy/wrong.snap"), "$ wrong\nold\n");
}

#[test]
fn list_names_the_lessons() {
    let workspace = sound().example("wait", "eprintln!(\"usage: wait [SECONDS]\");");
    workspace.xtask(["list"]).assert().code(0).stdout(
        "toy\n  ping            The lesson of ping.\n  pong            The lesson of pong.\n  \
         wait [SECONDS]  The lesson of wait.\n",
    );
    workspace.xtask(["list", "--markdown"]).assert().code(0).stdout(
        "### examples-toy\n\n| Program | Lesson |\n| --- | --- |\n\
         | [`ping`](examples-toy/src/bin/ping.rs) | The lesson of ping. |\n\
         | [`pong`](examples-toy/src/bin/pong.rs) | The lesson of pong. |\n\
         | [`wait`](examples-toy/src/bin/wait.rs) `[SECONDS]` | The lesson of wait. |\n",
    );
}

#[test]
fn outside_of_a_workspace_there_is_nothing_to_run() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut xtask = assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"));
    let assert = xtask.current_dir(folder.path()).arg("run-all").assert().code(2);
    assert.stderr(starts_with("error: cannot read the workspace of "));
}
