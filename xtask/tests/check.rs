//! `cargo xtask check`, and what can go wrong with the program that it runs. What only Unix can do is
//! in `check_unix.rs`.

mod common;

use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use common::{Workspace, actor, checked, events, with_snapshot};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};

/// Checks the actor against all runs of a snapshot.
fn check(snapshot: &str, actions: &[&str]) -> Assert {
    checked(&with_snapshot(snapshot), &["--all"], actions)
}

fn fails_with(snapshot: &str, actions: &[&str], report: &str) {
    check(snapshot, actions).code(1).stdout(contains(report)).stderr(is_empty());
}

#[test]
fn a_legal_output_passes() {
    let assert = check("$ its\n| one\n| two\n", &["out", "two", "out", "one"]);
    assert.code(0).stdout(contains("1 passed in ")).stderr(is_empty());
    check("$ its\nhi\n", &["out-without-end", "hi"]).code(0);
}

#[test]
fn the_arguments_of_a_run_are_appended_to_the_command() {
    check("$ its 'a b' c\na b, c\n", &["rest"]).code(0);
}

#[test]
fn an_illegal_output_is_explained() {
    check("note\n\n$ its\nyes\n", &["out", "no"]).code(1).stdout(
        contains("FAILED   $ its")
            .and(contains("$ its   (its.snap:4)\n"))
            .and(contains("\"no\" is not expected"))
            .and(contains("repeat: "))
            .and(contains("1 failed in ")),
    );
}

#[test]
fn runs_that_expect_another_exit_code_are_left_out() {
    let workspace = Workspace::new().snapshot("its", "$ its\nhi\n\n$ its x\n% exit 2\n");
    let workspace = workspace.lesson("its", "println!(\"hi\");");
    let check = |all: &[&str]| {
        let command = ["--", actor(), "out", "hi", "ignore-rest"];
        workspace.xtask([&["check", "its"], all, &command].concat()).assert()
    };
    check(&[]).code(0).stdout(
        contains("1 passed").and(contains("left out: 1 run that expects another exit code")),
    );
    check(&["--all"]).code(1).stdout(contains("1 passed, 1 failed"));

    let workspace = Workspace::new().snapshot("its", "$ its\n% exit 2\n").lesson("its", "");
    let assert = workspace.xtask(["check", "its", "--", "true"]).assert();
    assert.code(2).stderr(contains("no run of `tests/snapshots/toy/its.snap` expects exit code 0"));
}

#[test]
fn a_hanging_program_is_killed() {
    let start = Instant::now();
    fails_with(
        "$ its\n% timeout 0.2 s\n",
        &["sleep", "60"],
        "the program was still running after 0.2 s",
    );
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_command_line_can_give_another_time_limit() {
    let workspace = with_snapshot("$ its\n");
    // No clock reaches so far.
    checked(&workspace, &["--timeout", "1e19"], &[]).code(0);
    let assert = checked(&workspace, &["--timeout", "0.2"], &["sleep", "60"]);
    assert.code(1).stdout(contains("after 0.2 s"));
}

#[test]
fn a_process_that_keeps_the_output_open_is_a_fault_and_is_killed() {
    let workspace = with_snapshot("$ its\nhi\n");
    let start = Instant::now();
    let assert = checked(&workspace, &[], &["leave-sleeper", "sleeper", "out", "hi"]);
    assert
        .code(1)
        .stdout(contains("kept the program's output open for 0.5 s after the program had ended"));
    assert!(start.elapsed() < Duration::from_secs(20));
    #[cfg(unix)]
    {
        let sleeper = common::number_in(&workspace.path("sleeper"));
        common::wait_until("the sleeper ends", || !common::is_alive(sleeper));
    }
}

#[test]
fn output_without_end_is_limited() {
    let report =
        "the program wrote more than 16 MiB, so it was killed\nits output began with:\n    yyyy";
    fails_with("$ its\n", &["flood"], report);
    fails_with("$ its\n", &["flood-err"], report);
}

#[test]
fn output_that_is_not_utf_8_fails() {
    fails_with("$ its\nhi {text}\n", &["bytes"], "not UTF-8");
}

#[test]
fn standard_input_is_empty() {
    let workspace = with_snapshot("$ its\n0\n");
    let command = ["check", "--snapshot", "its.snap", "--", actor(), "stdin"];
    workspace.xtask(command).write_stdin("not for the program").assert().code(0);
}

#[test]
fn an_exit_code_is_compared_with_the_expected_one() {
    fails_with("$ its\n", &["exit", "3"], "the program ended with exit code 3 instead of 0");
    fails_with("$ its\n% exit 2\n", &[], "the program ended with exit code 0 instead of 2");
    check("$ its\n% exit 2\n", &["exit", "2"]).code(0);
}

#[test]
fn standard_error_is_empty_unless_expected() {
    fails_with("$ its\n", &["err", "oh"], "oh");
    check("$ its\n% stderr\noh\n", &["err", "oh"]).code(0);
}

#[test]
fn only_what_cargo_has_set_is_removed_from_the_environment() {
    let variables = [
        ("CARGO_PKG_NAME", "xtask", "none"),
        ("CARGO_MANIFEST_DIR", "/xtask", "none"),
        ("RUST_BACKTRACE", "1", "none"),
        ("CARGO_NET_OFFLINE", "true", "true"),
        ("CARGO_HTTP_PROXY", "proxy", "proxy"),
        ("CARGO_BUILD_TARGET", "target", "target"),
        ("MINE", "kept", "kept"),
    ];
    let expected: String = variables.iter().map(|(.., value)| format!("{value}\n")).collect();
    let workspace = with_snapshot(&format!("$ its\n{expected}"));
    let actions = variables.iter().flat_map(|&(name, ..)| ["env", name]);
    let command = ["check", "--snapshot", "its.snap", "--", actor()].into_iter().chain(actions);
    let mut xtask = workspace.xtask(command);
    xtask.envs(variables.map(|(name, value, _)| (name, value))).assert().code(0);
}

#[test]
fn a_run_that_is_only_slow_gets_a_second_attempt() {
    let snapshot = "$ its\ntook {0.2..0.4} seconds\n";
    let (slow, right) = (["out", "took 0.9 seconds"], ["out", "took 0.2 seconds"]);
    let first_then_second = |first: &[&str], second: &[&str]| {
        check(snapshot, &[&["once", "attempts"], first, &["else"], second].concat())
    };
    first_then_second(&slow, &right).code(0).stdout(contains("slow     $ its"));
    let assert = first_then_second(&slow, &slow).code(1);
    assert.stdout(contains("the program was too slow in two attempts"));

    // Nothing else gets one.
    first_then_second(&["out", "took 0.1 seconds"], &right).code(1);
    first_then_second(&["out", "took 0.9 seconds", "exit", "3"], &right).code(1);
}

#[test]
fn a_command_that_cannot_be_run_is_an_error() {
    let workspace = with_snapshot("$ its\n\n$ its 2\n");
    let check = workspace.xtask(["check", "--snapshot", "its.snap", "--", "no-such-program"]);
    let not_found = contains("cannot run `no-such-program`: ").count(1);
    { check }.assert().code(2).stdout(not_found.and(contains("ERROR    $ its 2 (")));
    let json = ["check", "--snapshot", "its.snap", "-j1", "--message-format", "json", "--", "none"];
    let events = events(&workspace.xtask(json).assert().code(2));
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["started", "run-started", "run", "run-started", "run", "suite", "ended"]);
    assert_eq!(events[2]["status"], "error");
    assert_eq!(events[2]["faults"][0]["kind"], "not-started");
}

#[test]
fn a_snapshot_that_cannot_be_read_is_an_error() {
    let workspace = Workspace::new();
    let check =
        || workspace.xtask(["check", "--snapshot", "its.snap", "--", "true"]).assert().code(2);
    check().stderr(contains("cannot read `its.snap`: "));

    workspace.write("its.snap", "");
    check().stderr(contains("the snapshot `its.snap` is broken:\nits.snap:1:1: "));
    workspace.write("its.snap", "$ its\n% exit x\n{a:nothing}\n");
    check().stderr(contains("\nits.snap:2:").and(contains("\nits.snap:3:")));
    std::fs::write(workspace.path("its.snap"), b"$ its\n\xff\n").unwrap();
    check().stderr(contains("cannot read `its.snap`: "));
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let workspace = Workspace::new().lesson("daemon", "").snapshot("daemon", "$ daemon\n");
    let assert = workspace.xtask(["check", "deamon", "--", "true"]).assert();
    assert.code(2).stderr("error: there is no lesson `deamon`; did you mean `daemon`?\n");
    let assert = workspace.xtask(["check", "its.snap", "--", "true"]).assert();
    assert.code(2).stderr("error: `its.snap` is not a lesson; write `--snapshot its.snap`\n");
}

#[test]
fn a_command_line_without_the_program_shows_the_forms() {
    let workspace = with_snapshot("$ its\n");
    for arguments in [
        &[][..],
        &["its"],
        &["its", "./my_its"],
        &["--snapshot", "its.snap"],
        &["--snapshot", "its.snap", "./my_its"],
        &["its", "--snapshot", "its.snap", "--", "true"],
        &["--", "true"],
        &["--transcript", "saved.txt"],
    ] {
        let assert = workspace.xtask([&["check"], arguments].concat()).assert().code(2);
        assert.stderr(contains("\n  cargo xtask check --snapshot FILE -- COMMAND...\n"));
    }
}

#[test]
fn numbers_out_of_range_are_rejected() {
    let workspace = with_snapshot("$ its\n");
    for (option, number) in [
        ("--stress", "18446744073709551615"),
        ("--stress", "99999999999"),
        ("--stress", "1000001"),
        ("--stress", "0"),
        ("--stress", "-1"),
        ("--jobs", "0"),
        ("--jobs", "101"),
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--max-processes", "0"),
        ("--max-memory", "0"),
    ] {
        let option = format!("{option}={number}");
        let assert = checked(&workspace, &[&option], &[]).code(2);
        assert.stdout("").stderr(contains("invalid value").and(contains(number)));
    }
}

#[test]
fn events_are_json_objects() {
    let workspace = with_snapshot("$ its 'a b'\nyes\n");
    let assert = checked(&workspace, &["--message-format", "json"], &["rest"]).code(1);
    let events = events(&assert);
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["started", "run-started", "run", "suite", "ended"]);
    let run = &events[2];
    assert_eq!(run["suite"], "its");
    assert_eq!(run["run"], "its 'a b'");
    assert_eq!(run["status"], "failed");
    assert_eq!(run["snapshot"], "its.snap");
    assert_eq!(run["line"], 1);
    assert!(run["repeat"][0].as_str().unwrap().ends_with(" rest 'a b'"), "{run}");
    assert_eq!(events[4]["runs"]["failed"], 1);
}

#[test]
fn faults_are_in_the_events() {
    let workspace = with_snapshot("$ its\nw*2| {id:int} works\ndone\n");
    let json = ["--message-format", "json"];
    let wrong = ["out", "1 works", "out", "done", "out", "2 works", "exit", "3"];
    let assert = checked(&workspace, &json, &wrong).code(1);
    let faults = &events(&assert)[2]["faults"];
    assert_eq!(faults[0]["kind"], "exit-code");
    assert_eq!(faults[0]["message"], "the program ended with exit code 3 instead of 0");
    assert_eq!(faults[1]["kind"], "order");
    assert_eq!(faults[1]["stream"], "stdout");
    assert_eq!(faults[1]["output_line"], 2);
    assert_eq!(faults[1]["snapshot_line"], 3);
    assert!(faults[1]["message"].as_str().unwrap().starts_with("line 2: \"done\" came too early"));
    assert!(faults[1]["why"].is_string());

    let right = ["out", "1 works", "out", "2 works", "out", "done"];
    let assert = checked(&workspace, &json, &right).code(0);
    assert_eq!(events(&assert)[2].get("faults"), None);
}

#[test]
fn a_report_quotes_the_note_and_the_broken_lines() {
    let rest: String = (0..20).map(|number| format!("{number}\n")).collect();
    let snapshot = format!("This is why.\n\n$ its\na\nb\n{rest}\n$ its 2\n");
    let mut actions = vec!["out".to_owned(), "b".to_owned(), "out".to_owned(), "a".to_owned()];
    actions.extend((0..20).flat_map(|number| ["out".to_owned(), number.to_string()]));
    actions.push("ignore-rest".to_owned());
    let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
    check(&snapshot, &actions).code(1).stdout(contains(
        "\nthe snapshot, its.snap:\n        This is why.\n\n      3 | $ its\n      4 | a\n\
         >     5 | b\n      6 | 0\n",
    ));
    // A single line between two parts is quoted too.
    let snapshot = format!("$ its\n{rest}");
    let actions = actions[4..].iter().map(|&action| if action == "13" { "x" } else { action });
    let report = contains("      8 | 6\n").and(contains("…\n").not());
    check(&snapshot, &actions.collect::<Vec<_>>()).code(1).stdout(report);
}

#[test]
fn a_saved_output_is_checked_without_a_program() {
    let workspace = with_snapshot("$ its\n| one\n| two\n\n$ its x\n% exit 2\n% stderr\nno\n");
    workspace.write("right.txt", "two\none\n");
    workspace.write("wrong.txt", "two\nthree\n");
    workspace.write("long.txt", &"y\n".repeat(9 * 1024 * 1024));
    let check = |rest: &[&str]| {
        let arguments = [&["check", "--snapshot", "its.snap", "--transcript"], rest].concat();
        workspace.xtask(arguments)
    };
    check(&["right.txt"]).assert().code(0).stdout(contains("1 passed in "));
    check(&["-"]).write_stdin("one\r\ntwo").assert().code(0);
    let wrong = check(&["wrong.txt"]).assert().code(1);
    wrong.stdout(contains("line 2: \"three\" is not expected").and(contains("repeat:").not()));
    check(&["none.txt"]).assert().code(2).stderr(contains("cannot read `none.txt`: "));
    let stderr = "this run expects lines on standard error, and a transcript has none";
    check(&["right.txt", "--run", "its x"]).assert().code(2).stderr(contains(stderr));
    check(&["right.txt", "--", "true"]).assert().code(2).stderr(contains("cannot be used with"));
    check(&["right.txt", "--timeout", "1"])
        .assert()
        .code(2)
        .stderr(contains("cannot be used with"));
    workspace.write("its.snap", "$ its\n% exit 2\n");
    let none = "no run of `its.snap` expects exit code 0; name one with `--run`";
    check(&["right.txt"]).assert().code(2).stderr(contains(none));
    check(&["long.txt"]).assert().code(2).stderr(contains("`long.txt` has more than 16 MiB"));
}

#[test]
fn one_run_can_be_named() {
    let workspace = with_snapshot("$ its 1\n1\n\n$ its 'a b'\na b\n\n$ its no\n% exit 1\nno\n");
    workspace.write("saved.txt", "a b\n");
    let transcript = ["check", "--snapshot", "its.snap", "--transcript", "saved.txt"];
    let assert = workspace.xtask(transcript).assert().code(2);
    assert.stderr(contains("has several runs; name the one").and(contains("\n  its 'a b'\n")));
    workspace.xtask([&transcript[..], &["--run", "its 'a b'"]].concat()).assert().code(0);
    workspace.xtask([&transcript[..], &["--run", "its \"a b\""]].concat()).assert().code(0);
    workspace.xtask([&transcript[..], &["--run", "its 1"]].concat()).assert().code(1);
    let assert = workspace.xtask([&transcript[..], &["--run", "its"]].concat()).assert().code(2);
    assert.stderr(contains("has no such run; it has:\n  its 1\n  its 'a b'\n  its no\n"));

    let assert = checked(&workspace, &["--run", "its 1"], &["rest"]).code(0);
    assert.stdout(contains("1 passed in ").and(contains("left out").not()));
}

/// Only the first few failing outputs are saved, in a new folder, and not whole if they are long.
#[test]
fn failing_outputs_are_saved_in_a_private_folder() {
    let workspace = Workspace::new().lesson("its", "").snapshot("its", "$ its\nright\n");
    let check = |actions: &[&str]| {
        let arguments =
            ["check", "its", "--stress", "5", "--message-format", "json", "--", actor()];
        workspace.xtask([&arguments[..], actions].concat()).assert().code(1)
    };
    let saved = |assert: &Assert| -> Vec<String> {
        let stress = events(assert).into_iter().find(|event| event["event"] == "stress").unwrap();
        let paths = stress["saved_outputs"].as_array().unwrap().clone();
        paths.iter().map(|path| path.as_str().unwrap().to_owned()).collect()
    };
    let paths = saved(&check(&["out", "wrong", "err", "oh"]));
    assert_eq!(paths.len(), 3);
    for path in &paths {
        assert_eq!(std::fs::read_to_string(path).unwrap(), "wrong\n");
        let stderr = std::path::Path::new(path).with_extension("stderr");
        assert_eq!(std::fs::read_to_string(stderr).unwrap(), "oh\n");
    }
    // It contains the output alone, so it can be checked again.
    let transcript = ["check", "its", "--transcript", &paths[0]];
    let assert = workspace.xtask(transcript).assert().code(1);
    assert.stdout(contains("line 1: \"wrong\" is not expected"));

    let long = saved(&check(&["flood"]));
    assert_ne!(long[0], paths[0]);
    for path in long {
        assert!(std::fs::metadata(path).unwrap().len() <= 256 * 1024);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::path::Path::new(&paths[0]).parent().unwrap();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}

/// The report must not look at the whole output once for each of its lines.
#[test]
fn very_many_wrong_lines_before_the_time_limit_are_explained() {
    let workspace = with_snapshot("$ its\nhi\n");
    let actions = ["lines", "2000000", "sleep", "60"];
    checked(&workspace, &["--timeout", "2"], &actions)
        .code(1)
        .stdout(contains("the program was still running after 2 s"));
}
