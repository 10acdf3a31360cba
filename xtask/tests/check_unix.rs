//! `cargo xtask check` with what only Unix has: shells, signals, process groups, terminals.

#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use common::{Workspace, events, interrupt, is_alive, number_in, skip, wait_until, with_snapshot};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};

/// Checks a script of `sh` against that snapshot. In it, `$0` is the folder of the workspace.
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

/// Checks a script against all runs of a snapshot.
fn check(snapshot: &str, script: &str) -> (Workspace, Assert) {
    let workspace = with_snapshot(snapshot);
    let assert = checked(&workspace, &["--all"], script);
    (workspace, assert)
}

fn fails_with(snapshot: &str, script: &str, report: &str) {
    let (_workspace, assert) = check(snapshot, script);
    assert.code(1).stdout(contains(report)).stderr(is_empty());
}

#[test]
fn a_program_that_ignores_polite_requests_is_killed_with_everything_that_it_started() {
    let script = "trap '' TERM INT HUP; sleep 60 & echo $! >$0/grandchild; echo here; wait";
    let (workspace, assert) = check("$ its\n% timeout 2 s\nhere\n", script);
    assert.code(1).stdout(contains("the program was still running after 2 s"));
    let grandchild = number_in(&workspace.path("grandchild"));
    wait_until("the grandchild ends", || !is_alive(grandchild));
}

#[test]
fn a_grandchild_that_holds_no_pipe_is_killed_silently() {
    let script = "sleep 60 >$0/out 2>&1 & echo $! >$0/grandchild; echo hi";
    let (workspace, assert) = check("$ its\nhi\n", script);
    assert.code(0);
    let grandchild = number_in(&workspace.path("grandchild"));
    wait_until("the grandchild ends", || !is_alive(grandchild));
}

/// A process that leaves its process group cannot be found, but xtask does not wait for it.
#[test]
fn a_grandchild_that_left_the_group_is_reported() {
    let leave = "import os, time\nif os.fork() == 0: os.setsid(); time.sleep(20)";
    for (snapshot, and_then) in [("$ its\n", ""), ("$ its\n% timeout 4 s\n", "; sleep 60")] {
        let start = Instant::now();
        let script = format!("python3 -c '{leave}'{and_then}");
        fails_with(snapshot, &script, "left the process group and keeps the program's output open");
        assert!(start.elapsed() < Duration::from_secs(15));
    }
}

#[test]
fn control_characters_and_endless_lines_can_be_shown() {
    fails_with(
        "$ its\n",
        r"while :; do printf '\033[31m\007\n'; done",
        "with:\n    \\u{1b}[31m\\u{7}\n",
    );
    fails_with("$ its\n", "tr '\\0' a </dev/zero", "its output began with:\n    aaaaaaaa");
}

#[test]
fn an_end_by_a_signal_is_named() {
    fails_with("$ its\n", "kill -SEGV $$", "SIGSEGV");
}

#[test]
fn an_endless_transcript_is_rejected() {
    let workspace = with_snapshot("$ its\n");
    let endless = ["check", "--snapshot", "its.snap", "--transcript", "/dev/zero"];
    let assert = workspace.xtask(endless).assert().code(2);
    assert.stderr(contains("`/dev/zero` has more than 16 MiB"));
}

/// Cargo puts its own folders in front of the user's folders. A program gets only the user's.
#[test]
fn the_library_path_is_the_users() {
    let workspace = with_snapshot("$ its\n/mine\n");
    let xtask = std::path::Path::new(env!("CARGO_BIN_EXE_xtask"));
    let of_build = xtask.parent().unwrap().join("deps");
    let path = std::env::join_paths([of_build.as_os_str(), "/mine".as_ref()]).unwrap();
    let mut check = checking(&workspace, &[], "echo ${LD_LIBRARY_PATH-none}");
    check.env("LD_LIBRARY_PATH", path);
    assert_cmd::Command::from_std(check).assert().code(0);
}

#[test]
fn a_script_that_is_not_executable_needs_its_interpreter() {
    let workspace = with_snapshot("$ its\n");
    workspace.write("script.py", "print()");
    let assert = workspace.xtask(["check", "--snapshot", "its.snap", "--", "./script.py"]).assert();
    assert.code(2).stdout(contains("cannot run `./script.py`: Permission denied"));
}

/// Each of its first two runs is unlike all others.
#[test]
fn stress_counts_failures_and_orders() {
    let workspace =
        Workspace::new().lesson("its", "").snapshot("its", "$ its\n| one\n| two\n\n$ its 2\n2\n");
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
        .stdout(contains("FAILED   $ its: 5 runs, 1 failed (1 of "))
        .stdout(contains(" alone), 2 of 2 legal orders (longest "))
        .stdout(contains("ok       $ its 2: 5 runs, 1 of 1 legal order (longest "))
        .stdout(contains("\"oops\" is not expected").and(contains("\n1 failed: 10 runs in ")))
        .stdout(contains("\nthe first failing outputs are in ").count(1))
        .stdout(contains(
            "\ncheck one of them again: cargo xtask check its --run its --transcript /",
        ));

    let assert = stress("json").code(0);
    let events = events(&assert);
    let stress: Vec<_> = events.iter().filter(|event| event["event"] == "stress").collect();
    assert_eq!(stress.len(), 2);
    assert!(stress.iter().all(|event| event["statuses"]["passed"] == 5), "{stress:?}");
    assert!(events.iter().any(|event| event["event"] == "run" && event["round"] == 5));
}

#[test]
fn a_fault_that_is_rare_is_found_in_many_runs() {
    let workspace = with_snapshot("$ its\nright\n");
    let script = "echo >>$0/runs; test $(wc -l <$0/runs) = 13 && echo wrong || echo right";
    let assert = checked(&workspace, &["--stress", "20", "-j1"], script).code(1);
    assert.stdout(
        contains("$ its: 20 runs, 1 failed, ")
            .and(contains("\n1 failed: 20 runs in "))
            .and(contains("\"wrong\" is not expected")),
    );
}

/// Failures with the same cause are counted, and only one of them is shown in full.
#[test]
fn failing_rounds_are_grouped_by_what_was_wrong() {
    let workspace = with_snapshot("$ its\n| a\n| b\n");
    let script = "echo >>$0/runs; n=$(wc -l <$0/runs); \
                  case $((n % 4)) in 0) echo a;; 1|2) echo c;; *) printf 'a\\nb\\n';; esac";
    let assert = checked(&workspace, &["--stress", "20", "-j1"], script).code(1);
    assert
        .stdout(contains(
            "the first fault in each of the 15 failing rounds, with one example of each kind:\n",
        ))
        .stdout(contains("\n    10 times  line 1: \"c\" is not expected"))
        .stdout(contains("\n     5 times  \"b\" (line 3 of the snapshot) never came"))
        .stdout(contains("standard output, as the program wrote it:").count(1))
        .stdout(contains("\nthe first failing outputs are in ").count(1));
}

#[test]
fn a_line_that_the_kill_cuts_off_is_not_a_wrong_line() {
    let snapshot = "$ its\n% timeout 0.3 s\none\ntwo times two\nthree\n";
    let report = "\nline 2: \"two\" was cut off when the program was ended\n";
    fails_with(snapshot, "printf 'one\\ntwo'; sleep 60", report);
    fails_with(snapshot, "printf 'one\\ntwo'; kill -9 $$", report);
    fails_with(snapshot, "printf 'one\\ntwo'", "line 2: \"two\" is not expected");
}

/// Two outputs show one behaviour if the same threads wrote the same lines in the same order,
/// whatever the ids of the threads are.
#[test]
fn behaviours_are_counted_apart_from_orders() {
    let workspace = with_snapshot("$ its\n| {thread} x\n| {thread} y\n");
    let script = "echo >>$0/runs; n=$(wc -l <$0/runs); \
                  if [ $((n % 5)) = 0 ]; then printf 'ThreadId(7) x\\nThreadId(7) y\\n'; \
                  else printf \"ThreadId($n) x\\nThreadId(1$n) y\\n\"; fi";
    let assert = checked(&workspace, &["--stress", "10", "-j1", "--verbose"], script).code(0);
    assert
        .stdout(contains("$ its: 10 runs, 1 of 2 legal orders, 2 behaviours (longest "))
        .stdout(contains("\n1 passed: 10 runs in "))
        .stdout(contains(
            "        seen  the lines of the snapshot in the order in which they came, and one output\n     8 \
             times  2(1) 3(2)\n",
        ))
        .stdout(contains("     2 times  2(1) 3(1)\n              ThreadId(7) x / ThreadId(7) y\n"));
}

#[test]
fn a_program_that_ends_too_early_or_too_late_fails() {
    let snapshot = "$ its\n% takes {0.4..0.8} s\n";
    check(snapshot, "sleep 0.5").1.code(0);
    fails_with(snapshot, "true", ", but must take at least 0.4 s\n");
    // The first attempt may only have been slow.
    check(snapshot, "mkdir $0/tried 2>/dev/null && sleep 0.9 || sleep 0.5")
        .1
        .code(0)
        .stdout(contains("slow "));
    fails_with(snapshot, "sleep 0.9", "the program was too slow in two attempts");
}

/// Rounds that have ended are reported, although Ctrl-C leaves out the others.
#[test]
fn ctrl_c_loses_no_result() {
    let workspace = with_snapshot("$ its\n| a\n| b\n");
    let script = "mkdir $0/first 2>/dev/null && printf 'b\\na\\n' && exit; \
                  echo $$ >$0/pid; exec sleep 60";
    let mut xtask = checking(&workspace, &["--stress", "100", "-j1"], script);
    let xtask = xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    number_in(&workspace.path("pid"));
    let stdout = String::from_utf8(interrupt(xtask).stdout).unwrap();
    assert!(stdout.contains("$ its: 2 runs, 1 cancelled, 1 of 2 legal orders"), "{stdout}");
}

/// The first run ends at once, and the second one only after the report was closed: xtask notices
/// that when it reports the second.
#[test]
fn a_closed_pipe_ends_everything_silently() {
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
fn ctrl_c_ends_everything() {
    let workspace = with_snapshot("$ its\n% timeout 60 s\n");
    let script = "trap '' INT TERM; echo $$ >$0/pid; while :; do sleep 60; done";
    let mut xtask = checking(&workspace, &[], script);
    let xtask = xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let program = number_in(&workspace.path("pid"));

    interrupt(xtask);
    wait_until("the program ends", || !is_alive(program));
}

/// A report that is not read prevents nothing from ending.
#[test]
fn ctrl_c_ends_everything_behind_a_full_pipe() {
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

/// A run that is `alone` shares the machine with no other: a folder shows whether one is running.
#[test]
fn exclusive_runs_come_last_and_one_at_a_time() {
    let runs = "$ its\n% alone\nalone\n\n".repeat(4) + "$ its 0.3\nalone\n\n$ its 0.3\nalone\n";
    let workspace = with_snapshot(&runs);
    let script = "if test $1; then echo >>$0/shared; sleep $1; echo alone; exit; fi; \
                  test $(wc -l <$0/shared) = 2 && mkdir $0/inside && echo alone; \
                  sleep 0.05; rmdir $0/inside";
    checked(&workspace, &["-j8"], script).code(0);
}

/// Whoever reads the report for people may stop early. The JUnit report is complete all the same.
#[test]
fn a_closed_pipe_leaves_no_empty_junit_report() {
    let workspace = with_snapshot("$ its 0\n\n$ its 1\n");
    let options = ["--junit", "report.xml", "-j1"];
    let mut xtask = checking(&workspace, &options, "exec sleep $1");
    let mut xtask = xtask.stdout(Stdio::piped()).spawn().unwrap();
    drop(xtask.stdout.take());
    assert_eq!(xtask.wait().unwrap().code(), Some(141));
    let report = workspace.read("report.xml");
    assert!(report.contains("<testcase name=\"its 0\""), "{report}");
}

/// SIGTERM and SIGHUP do what Ctrl-C does: the program does not outlive xtask.
#[test]
fn other_requests_to_terminate_end_everything_too() {
    for signal in ["TERM", "HUP"] {
        let workspace = with_snapshot("$ its\n% timeout 60 s\n");
        let script = "trap '' INT TERM HUP; echo $$ >$0/pid; while :; do sleep 60; done";
        let mut xtask = checking(&workspace, &[], script).stdout(Stdio::piped()).spawn().unwrap();
        let program = number_in(&workspace.path("pid"));
        let xtask_id = xtask.id().to_string();
        Command::new("kill").args([&format!("-{signal}"), &xtask_id]).status().unwrap();
        assert_eq!(xtask.wait().unwrap().code(), Some(130));
        wait_until("the program ends", || !is_alive(program));
    }
}

/// Only Linux shows what the processes of a group use.
#[test]
#[cfg(target_os = "linux")]
fn processes_and_memory_are_limited() {
    let workspace = with_snapshot("$ its\n% timeout 60 s\n");
    // It may be killed before it has started all of them.
    let many = "for i in $(seq 60); do sleep 60 & echo $! >>$0/started; done; wait";
    checked(&workspace, &["--max-processes", "40"], many)
        .code(1)
        .stdout(contains("the program had more than 40 processes, so all of them were killed"));
    let started = workspace.read("started");
    let ids: Vec<u32> = started.lines().filter_map(|line| line.parse().ok()).collect();
    assert!(ids.len() >= 30, "{started}");
    wait_until("all of them end", || ids.iter().all(|&id| !is_alive(id)));

    let much = "exec python3 -c 'import time; much = b\"x\" * 200_000_000; time.sleep(60)'";
    checked(&workspace, &["--max-memory", "100"], much)
        .code(1)
        .stdout(contains("the program used more than 100 MiB of memory, so it was killed"));
}

/// On such a terminal, a process in the background is stopped as soon as it writes. So Cargo must
/// not be in the background.
#[test]
fn a_terminal_that_stops_background_output_stops_nothing() {
    if Command::new("python3").arg("--version").output().is_err() {
        return skip("there is no python3 to make a terminal");
    }
    let workspace = Workspace::new().lesson("its", "").snapshot("its", "$ its\n");
    let terminal = "import os, pty, sys\n\
                    os.environ['TERM'] = 'xterm'\n\
                    status = pty.spawn(['sh', '-c', 'stty tostop; exec \"$0\" \"$@\"', *sys.argv[1:]])\n\
                    sys.exit(os.waitstatus_to_exitcode(status))";
    let xtask = env!("CARGO_BIN_EXE_xtask");
    let mut python = Command::new("python3");
    python
        .args(["-c", terminal, xtask, "run-all", "--color", "never"])
        .current_dir(workspace.path(""));
    python.env("CARGO_TARGET_DIR", workspace.path("target")).env_remove("CI");
    let assert = assert_cmd::Command::from_std(python).timeout(Duration::from_secs(60)).assert();
    assert.code(0).stdout(contains("1 passed: 1 run in "));
}
