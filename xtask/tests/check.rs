//! `cargo xtask check`, and all that can go wrong with the program that it runs.

#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use common::{Workspace, interrupt, is_alive, number_in, wait_until};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};

fn with_snapshot(text: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("its.snap", text);
    workspace
}

/// Holds a script of `sh` to that snapshot. In it, `$0` is the folder of the workspace.
fn checking(workspace: &Workspace, options: &[&str], script: &str) -> Command {
    let folder = workspace.path("");
    let command = ["--", "sh", "-c", script, folder.to_str().unwrap()];
    let arguments = [&["check", "--snapshot", "its.snap"], options, &command].concat();
    workspace.command(arguments)
}

/// The same, to its end.
fn checked(workspace: &Workspace, options: &[&str], script: &str) -> Assert {
    assert_cmd::Command::from_std(checking(workspace, options, script)).assert()
}

/// Holds a script to a snapshot, all runs of it.
fn check(snapshot: &str, script: &str) -> (Workspace, Assert) {
    let workspace = with_snapshot(snapshot);
    let assert = checked(&workspace, &["--all"], script);
    (workspace, assert)
}

fn events(assert: &Assert) -> Vec<serde_json::Value> {
    String::from_utf8_lossy(&assert.get_output().stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect()
}

fn fails_with(snapshot: &str, script: &str, report: &str) {
    let (_workspace, assert) = check(snapshot, script);
    assert.code(1).stdout(contains(report)).stderr(is_empty());
}

#[test]
fn a_legal_output_passes() {
    let (_workspace, assert) = check("$ its 1\n| one\n| two\n", "echo two; echo one");
    assert.code(0).stdout(contains("1 passed in ")).stderr(is_empty());
}

#[test]
fn the_arguments_of_a_run_come_behind_the_command() {
    check("$ its 'a b' c\na b, c\n", "echo \"$1, $2\"").1.code(0);
}

#[test]
fn an_illegal_output_is_explained() {
    let (_workspace, assert) = check("note\n\n$ its\nyes\n", "echo no");
    assert.code(1).stdout(
        contains("FAILED   $ its")
            .and(contains("$ its   (its.snap:3)\n"))
            .and(contains("\"no\" is not expected"))
            .and(contains("repeat: sh -c 'echo no' "))
            .and(contains("1 failed in ")),
    );
}

#[test]
fn runs_that_expect_another_exit_code_are_left_out() {
    let workspace = Workspace::new().snapshot("its", "$ its\nhi\n\n$ its x\n% exit 2\n");
    let workspace = workspace.example("its", "println!(\"hi\");");
    let hold = |all: &[&str]| {
        let command = ["--", "sh", "-c", "echo hi"];
        workspace.xtask([&["check", "its"], all, &command].concat()).assert()
    };
    hold(&[]).code(0).stdout(contains("1 passed").and(contains("left out: 1 ")));
    hold(&["--all"]).code(1).stdout(contains("1 passed, 1 failed"));

    let workspace = Workspace::new().snapshot("its", "$ its\n% exit 2\n");
    let workspace = workspace.example("its", "");
    let assert = workspace.xtask(["check", "its", "--", "true"]).assert();
    assert.code(2).stderr(contains("no run of `tests/snapshots/toy/its.snap` expects exit code 0"));
}

#[test]
fn a_hanging_program_is_ended() {
    fails_with("$ its\n% timeout 0.2 s\n", "sleep 60", "it was still running after 0.2 s");
}

#[test]
fn the_command_line_can_give_another_time_limit() {
    let workspace = with_snapshot("$ its\n");
    // No clock reaches so far.
    checked(&workspace, &["--timeout", "1e19"], "true").code(0);
    checked(&workspace, &["--timeout", "0.2"], "sleep 60").code(1).stdout(contains("after 0.2 s"));
}

#[test]
fn a_program_that_ignores_polite_requests_is_ended_with_all_that_it_started() {
    let script = "trap '' TERM INT HUP; sleep 60 & echo $! >$0/grandchild; echo here; wait";
    let (workspace, assert) = check("$ its\n% timeout 2 s\nhere\n", script);
    assert.code(1).stdout(contains("it was still running after 2 s"));
    let grandchild = number_in(&workspace.path("grandchild"));
    wait_until("the grandchild ends", || !is_alive(grandchild));
}

#[test]
fn a_grandchild_that_holds_the_pipe_is_a_fault_and_is_ended() {
    let start = Instant::now();
    let (workspace, assert) = check("$ its\nhi\n", "sleep 60 & echo $! >$0/grandchild; echo hi");
    assert
        .code(1)
        .stdout(contains("still held its output open 0.5 s after its end, and was ended"));
    assert!(start.elapsed() < Duration::from_secs(10));
    let grandchild = number_in(&workspace.path("grandchild"));
    wait_until("the grandchild ends", || !is_alive(grandchild));
}

#[test]
fn a_grandchild_that_holds_no_pipe_is_ended_quietly() {
    let script = "sleep 60 >$0/out 2>&1 & echo $! >$0/grandchild; echo hi";
    let (workspace, assert) = check("$ its\nhi\n", script);
    assert.code(0);
    let grandchild = number_in(&workspace.path("grandchild"));
    wait_until("the grandchild ends", || !is_alive(grandchild));
}

/// A process that leaves its process group cannot be found, but nobody waits for it.
#[test]
fn a_grandchild_that_left_the_group_is_told_of() {
    let leave = "import os, time\nif os.fork() == 0: os.setsid(); time.sleep(20)";
    for (snapshot, and_then) in [("$ its\n", ""), ("$ its\n% timeout 4 s\n", "; sleep 60")] {
        let start = Instant::now();
        let script = format!("python3 -c '{leave}'{and_then}");
        fails_with(snapshot, &script, "left its process group and still holds its output open");
        assert!(start.elapsed() < Duration::from_secs(15));
    }
}

#[test]
fn output_without_end_is_bounded() {
    fails_with(
        "$ its\n",
        "exec yes",
        "it wrote more than 16 MiB and was ended\nit began with:\n    y\n",
    );
    fails_with("$ its\n", "exec yes >&2", "it wrote more than 16 MiB");
    fails_with(
        "$ its\n",
        r"while :; do printf '\033[31m\007\n'; done",
        "with:\n    \\u{1b}[31m\\u{7}\n",
    );
    // Without a line end.
    fails_with("$ its\n", "tr '\\0' a </dev/zero", "it began with:\n    aaaaaaaa");
}

#[test]
fn a_missing_line_end_is_no_difference() {
    check("$ its\nhi\n", "printf hi").1.code(0);
}

#[test]
fn output_that_is_not_utf_8_fails() {
    fails_with("$ its\nhi {text}\n", r"printf 'hi \377\n'", "not UTF-8");
}

#[test]
fn an_end_by_a_signal_is_named() {
    fails_with("$ its\n", "kill -SEGV $$", "SIGSEGV");
}

#[test]
fn standard_input_is_empty() {
    check("$ its\n0\n", "wc -c | tr -d ' '").1.code(0);
}

#[test]
fn an_exit_code_is_held_to_the_expected_one() {
    fails_with("$ its\n", "exit 3", "it ended with exit code 3, where 0 is expected");
    fails_with("$ its\n% exit 2\n", "exit 0", "it ended with exit code 0, where 2 is expected");
    check("$ its\n% exit 2\n", "exit 2").1.code(0);
}

#[test]
fn standard_error_is_empty_unless_expected() {
    fails_with("$ its\n", "echo oh >&2", "oh");
    check("$ its\n% stderr\noh\n", "echo oh >&2").1.code(0);
}

#[test]
fn the_environment_is_cleaned() {
    let script = "echo \"${CARGO_PKG_NAME-none} ${RUST_BACKTRACE-none} ${MINE-none}\"";
    let workspace = with_snapshot("$ its\nnone none kept\n");
    let mut xtask = checking(&workspace, &[], script);
    xtask.env("CARGO_PKG_NAME", "xtask").env("RUST_BACKTRACE", "1").env("MINE", "kept");
    assert_cmd::Command::from_std(xtask).assert().code(0);
}

#[test]
fn what_is_only_slow_gets_a_second_try() {
    let snapshot = "$ its\ntook {0.2..0.4} seconds\n";
    // Only the first try finds no such folder.
    let once = "mkdir $0/tried 2>/dev/null";
    let slow_once = format!("if {once}; then s=0.9; else s=0.2; fi; echo took $s seconds");
    check(snapshot, &slow_once).1.code(0).stdout(contains("slow     $ its"));
    fails_with(snapshot, "echo took 0.9 seconds", "(the second try, alone)");

    // Nothing else gets one.
    let fast_once = format!("if {once}; then s=0.1; else s=0.2; fi; echo took $s seconds");
    check(snapshot, &fast_once).1.code(1);
    check(snapshot, &format!("{slow_once}; exit 3")).1.code(1);
}

#[test]
fn a_command_that_cannot_be_run_is_trouble() {
    let workspace = with_snapshot("$ its\n\n$ its 2\n");
    workspace.write("script.py", "print()");
    let check = |command: &str| {
        workspace.xtask(["check", "--snapshot", "its.snap", "--", command]).assert().code(2)
    };
    let not_found = "cannot run `no-such-program`: ";
    check("no-such-program").stdout(contains(not_found).count(1));
    let json = ["check", "--snapshot", "its.snap", "--message-format", "json", "--", "none", "-j1"];
    let events = events(&workspace.xtask(json).assert().code(2));
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    let count = |name| names.iter().filter(|other| **other == name).count();
    assert_eq!(count("run-started"), count("run-not-started"), "{names:?}");
    assert_eq!(names[names.len() - 2..], ["example", "ended"]);
    check("./script.py").stdout(contains("cannot run `./script.py`: Permission denied"));
}

#[test]
fn a_snapshot_that_cannot_be_read_is_trouble() {
    let workspace = Workspace::new();
    let check =
        || workspace.xtask(["check", "--snapshot", "its.snap", "--", "true"]).assert().code(2);
    check().stderr(contains("cannot read `its.snap`: No such file"));

    workspace.write("its.snap", "");
    check().stderr(contains("the snapshot `its.snap` is broken:\nits.snap:1:1: "));
    workspace.write("its.snap", "$ its\n% exit x\n{a:nothing}\n");
    check().stderr(contains("\nits.snap:2:").and(contains("\nits.snap:3:")));
    std::fs::write(workspace.path("its.snap"), b"$ its\n\xff\n").unwrap();
    check().stderr(contains("cannot read `its.snap`: "));
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let workspace = Workspace::new().example("daemon", "").snapshot("daemon", "$ daemon\n");
    let assert = workspace.xtask(["check", "deamon", "--", "true"]).assert();
    assert.code(2).stderr("error: there is no example `deamon`; did you mean `daemon`?\n");
    let assert = workspace.xtask(["check", "its.snap", "--", "true"]).assert();
    assert.code(2).stderr("error: `its.snap` is no example; write `--snapshot its.snap`\n");
}

/// Each of its first two runs is unlike all others.
#[test]
fn stress_counts_failures_and_orders() {
    let workspace =
        Workspace::new().example("its", "").snapshot("its", "$ its\n| one\n| two\n\n$ its 2\n2\n");
    let script = "test \"$1\" && exec echo 2; mkdir $0/a 2>/dev/null && exec echo oops; \
                  mkdir $0/b 2>/dev/null && exec printf 'two\\none\\n'; printf 'one\\ntwo\\n'";
    let folder = workspace.path("");
    let stress = |format: &str| {
        let arguments = ["check", "its", "--stress", "5", "--message-format", format, "--"];
        let command = ["sh", "-c", script, folder.to_str().unwrap()];
        workspace.xtask([&arguments[..], &command].concat()).assert()
    };
    let assert = stress("human").code(1);
    assert
        .stdout(contains("FAILED   $ its: 5 times, 1 failed, 2 orders (longest "))
        .stdout(contains("ok       $ its 2: 5 times, 1 order (longest "))
        .stdout(contains("\"oops\" is not expected").and(contains("9 passed, 1 failed in ")))
        .stdout(contains("\nkept: ").count(1));
    let kept = std::fs::read_dir(workspace.path("target/xtask")).unwrap();
    let kept = kept.map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let kept = std::fs::read_dir(kept).unwrap().next().unwrap().unwrap().path();
    let kept = std::fs::read_to_string(kept).unwrap();
    assert!(kept.contains("\n--- standard output ---\noops\n"), "{kept}");

    let assert = stress("json").code(0);
    let events = events(&assert);
    let stress: Vec<_> = events.iter().filter(|event| event["event"] == "stress").collect();
    assert_eq!(stress.len(), 2);
    assert!(stress.iter().all(|event| event["statuses"]["passed"] == 5), "{stress:?}");
    assert!(events.iter().any(|event| event["event"] == "run" && event["round"] == 5));
}

/// A session that waits for another one says so: here the test itself holds the lock.
#[test]
fn whoever_waits_for_another_session_says_so() {
    let workspace = Workspace::new().example("its", "").snapshot("its", "$ its\n");
    let lock = std::fs::File::create(workspace.write("target/xtask/lock", "")).unwrap();
    lock.lock().unwrap();
    let mut xtask = workspace.command(["check", "its", "--", "true"]);
    let mut xtask = xtask.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(xtask.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.next().unwrap();
    assert_eq!(line, "waiting  for runs of another session in this workspace to end");
    drop(lock);
    assert!(lines.next().unwrap().starts_with("ok       $ its ("));
    assert_eq!(xtask.wait().unwrap().code(), Some(0));
}

/// The first run ends at once, the second one waits until the report is closed: it notices when it
/// wants to tell of the second.
#[test]
fn a_closed_pipe_ends_all_quietly() {
    let workspace = with_snapshot("$ its 0\n\n$ its 1\n\n$ its 60\n");
    let script = "test $1 = 60 && echo $$ >$0/pid; exec sleep $1";
    let mut xtask = checking(&workspace, &[], script);
    let mut xtask = xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(xtask.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("ok       $ its 0 "), "{line}");
    let program = number_in(&workspace.path("pid"));

    let start = Instant::now();
    let output = xtask.wait_with_output().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    wait_until("the program ends", || !is_alive(program));
}

#[test]
fn ctrl_c_ends_all() {
    let workspace = with_snapshot("$ its\n% timeout 60 s\n");
    let script = "trap '' INT TERM; echo $$ >$0/pid; while :; do sleep 60; done";
    let mut xtask = checking(&workspace, &[], script);
    let xtask = xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let program = number_in(&workspace.path("pid"));

    interrupt(xtask);
    wait_until("the program ends", || !is_alive(program));
}

/// A report that nobody reads keeps nothing from ending.
#[test]
fn ctrl_c_ends_all_behind_a_full_pipe() {
    let workspace = with_snapshot("$ its\n{text}\n\n$ its 60\n% timeout 60 s\n");
    let script = "echo $$ >$0/pid$1; test $1 && exec sleep $1; yes | head -c 300000 | tr -d '\\n'";
    let mut xtask = checking(&workspace, &["--show-output"], script);
    let mut xtask = xtask.stdout(Stdio::piped()).spawn().unwrap();
    let waiting = number_in(&workspace.path("pid60"));
    let writing = number_in(&workspace.path("pid"));
    wait_until("the first program ends", || !is_alive(writing));

    let start = Instant::now();
    Command::new("kill").args(["-INT", &xtask.id().to_string()]).status().unwrap();
    assert_eq!(xtask.wait().unwrap().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(5));
    wait_until("the other program ends", || !is_alive(waiting));
}

/// Each of two sessions runs a program that must be alone: a folder shows whether it was.
#[test]
fn alone_holds_between_two_sessions() {
    let workspace =
        Workspace::new().example("its", "").snapshot("its", &"$ its\n% alone\nalone\n\n".repeat(4));
    let script = "mkdir $0/inside && echo alone; sleep 0.05; rmdir $0/inside";
    let folder = workspace.path("");
    let sessions = [(); 2].map(|()| {
        let arguments = ["check", "its", "--", "sh", "-c", script, folder.to_str().unwrap()];
        workspace.command(arguments).stdout(Stdio::piped()).spawn().unwrap()
    });
    for session in sessions {
        let output = session.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn a_target_folder_that_cannot_be_written_does_no_harm() {
    let workspace = Workspace::new().example("its", "").snapshot("its", "$ its\n% alone\n");
    // A file where the runner would keep its folder: not even root can write into that.
    workspace.write("target/xtask", "");
    workspace.xtask(["check", "its", "--", "true"]).assert().code(0);
}

#[test]
fn a_program_can_be_reported_to_a_program() {
    let workspace = with_snapshot("$ its 'a b'\nyes\n");
    let assert = workspace
        .xtask(["check", "--snapshot", "its.snap", "--message-format", "json", "--", "echo", "no"])
        .assert()
        .code(1);
    let events = events(&assert);
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["started", "run-started", "run", "example", "ended"]);
    let run = &events[2];
    assert_eq!(run["run"], "its 'a b'");
    assert_eq!(run["status"], "failed");
    assert_eq!(run["snapshot"], "its.snap");
    assert_eq!(run["line"], 1);
    assert_eq!(run["repeat"][0], "echo no 'a b'");
    assert!(run["cpu_seconds"].is_number(), "{run}");
    assert_eq!(events[4]["runs"]["failed"], 1);
}

#[test]
fn faults_are_data_too() {
    let workspace = with_snapshot("$ its\nw*2| {id:int} works\ndone\n");
    let script = "echo 1 works; echo done; echo 2 works; exit 3";
    let json = ["--message-format", "json"];
    let assert = checked(&workspace, &json, script).code(1);
    let faults = &events(&assert)[2]["faults"];
    assert_eq!(faults[0]["kind"], "exit-code");
    assert_eq!(faults[0]["message"], "it ended with exit code 3, where 0 is expected");
    assert_eq!(faults[1]["kind"], "order");
    assert_eq!(faults[1]["stream"], "stdout");
    assert_eq!(faults[1]["output_line"], 2);
    assert_eq!(faults[1]["snapshot_line"], 3);
    assert!(faults[1]["message"].as_str().unwrap().starts_with("line 2: \"done\" came too early"));
    assert!(faults[1]["why"].as_str().unwrap().starts_with("line 3 of the snapshot has no gutter"));

    let right = "echo 1 works; echo 2 works; echo done";
    let assert = checked(&workspace, &json, right).code(0);
    assert_eq!(events(&assert)[2].get("faults"), None);
}

#[test]
fn a_report_quotes_the_note_and_the_lines_that_are_not_kept() {
    let rest: String = (0..20).map(|number| format!("{number}\n")).collect();
    let snapshot = format!("This is why.\n\n$ its\na\nb\n{rest}\n$ its 2\n");
    let (_workspace, assert) = check(&snapshot, "test $1 || { echo b; echo a; seq 0 19; }");
    assert.code(1).stdout(contains(
        "\nwhat holds in every run, its.snap:\n        This is why.\n\n      3 | $ its\n      4 | a\n\
         >     5 | b\n      6 | 0\n",
    ));
}

#[test]
fn what_goes_wrong_now_and_then_shows_itself_in_many_runs() {
    let workspace = with_snapshot("$ its\nright\n");
    let script = "echo >>$0/runs; test $(wc -l <$0/runs) = 13 && echo wrong || echo right";
    let assert = checked(&workspace, &["--runs", "20", "-j1"], script).code(1);
    assert.stdout(contains("\n19 passed, 1 failed in ").and(contains("\"wrong\" is not expected")));
}

#[test]
fn a_saved_output_is_judged_without_a_program() {
    let workspace = with_snapshot("$ its\n| one\n| two\n\n$ its x\n% exit 2\n% stderr\nno\n");
    workspace.write("right.txt", "two\none\n");
    workspace.write("wrong.txt", "two\nthree\n");
    let check = |rest: &[&str]| {
        let arguments = [&["check", "--snapshot", "its.snap", "--transcript"], rest].concat();
        workspace.xtask(arguments)
    };
    check(&["right.txt"]).assert().code(0).stdout(contains("1 passed in "));
    check(&["-"]).write_stdin("one\r\ntwo").assert().code(0);
    let wrong = check(&["wrong.txt"]).assert().code(1);
    wrong.stdout(contains("line 2: \"three\" is not expected").and(contains("repeat:").not()));
    check(&["none.txt"]).assert().code(2).stderr(contains("cannot read `none.txt`: "));
    let stderr = "this run expects lines on standard error, which no transcript has";
    check(&["right.txt", "--run", "its x"]).assert().code(2).stderr(contains(stderr));
    check(&["right.txt", "--", "true"]).assert().code(2).stderr(contains("cannot be used with"));
    check(&["/dev/zero"]).assert().code(2).stderr(contains("`/dev/zero` has more than 16 MiB"));
}

#[test]
fn one_run_can_be_named() {
    let workspace = with_snapshot("$ its 1\n1\n\n$ its 'a b'\na b\n\n$ its no\n% exit 1\nno\n");
    workspace.write("saved.txt", "a b\n");
    let transcript = ["check", "--snapshot", "its.snap", "--transcript", "saved.txt"];
    let assert = workspace.xtask(transcript).assert().code(2);
    assert.stderr(contains("has several runs: say with `--run`").and(contains("\n  its 'a b'\n")));
    workspace.xtask([&transcript[..], &["--run", "its 'a b'"]].concat()).assert().code(0);
    workspace.xtask([&transcript[..], &["--run", "its \"a b\""]].concat()).assert().code(0);
    workspace.xtask([&transcript[..], &["--run", "its 1"]].concat()).assert().code(1);
    let assert = workspace.xtask([&transcript[..], &["--run", "its"]].concat()).assert().code(2);
    assert.stderr(contains("has no such run; it has:\n  its 1\n  its 'a b'\n  its no\n"));

    let assert = checked(&workspace, &["--run", "its no"], "echo $1; exit 1").code(0);
    assert.stdout(contains("1 passed in ").and(contains("left out").not()));
}

/// Only Linux tells what the processes of a group use.
#[test]
#[cfg(target_os = "linux")]
fn processes_and_memory_are_bounded() {
    let workspace = with_snapshot("$ its\n% timeout 60 s\n");
    let many = "for i in $(seq 60); do sleep 60 & done; echo $! >$0/last; wait";
    checked(&workspace, &["--max-processes", "40"], many)
        .code(1)
        .stdout(contains("it had more than 40 processes and was ended, with all of them"));
    let last = number_in(&workspace.path("last"));
    wait_until("the last of them ends", || !is_alive(last));

    let much = "exec python3 -c 'import time; much = b\"x\" * 200_000_000; time.sleep(60)'";
    checked(&workspace, &["--max-memory", "100"], much)
        .code(1)
        .stdout(contains("it used more than 100 MiB of memory and was ended"));
}
