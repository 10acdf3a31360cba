//! The conditions under which the rounds of a run take place.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use common::{Workspace, actor, checked, events, with_snapshot};
#[cfg(target_os = "linux")]
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

/// The events with this name.
fn named(name: &str, assert: &Assert) -> Vec<serde_json::Value> {
    events(assert).into_iter().filter(|event| event["event"] == name).collect()
}

/// How many rounds took place under each condition.
fn rounds(snapshot: &str, options: &[&str]) -> BTreeMap<String, u64> {
    let options = [options, &["--message-format", "json"]].concat();
    let assert = checked(&with_snapshot(snapshot), &options, &[]).code(0);
    let mut rounds = BTreeMap::new();
    for run in named("run", &assert) {
        *rounds.entry(run["conditions"].as_str().unwrap_or("none").to_owned()).or_default() += 1;
    }
    if let [stress] = &*named("stress", &assert) {
        let numbers = named("run", &assert).into_iter().map(|run| run["round"].as_u64().unwrap());
        let numbers: BTreeSet<u64> = numbers.collect();
        assert!(numbers.into_iter().eq(1..=stress["rounds"].as_u64().unwrap()));
        let counts = stress["conditions"].as_object().unwrap();
        let counts = counts.iter().map(|(name, count)| (name.clone(), count["rounds"].as_u64()));
        assert!(counts.eq(rounds.iter().map(|(name, &number)| (name.clone(), Some(number)))));
    }
    rounds
}

fn only(name: &str, number: u64) -> BTreeMap<String, u64> {
    BTreeMap::from([(name.to_owned(), number)])
}

#[test]
fn rounds_have_different_conditions() {
    let rounds = rounds("$ its\n", &["--stress", "100"]);
    assert_eq!(rounds.values().sum::<u64>(), 100);
    let mut expected = vec!["alone", "overloaded", "per-core"];
    if cfg!(target_os = "linux") {
        expected.push("pinned");
    }
    assert!(rounds.keys().eq(&expected), "{rounds:?}");
}

#[test]
fn the_command_line_can_give_the_conditions() {
    assert_eq!(rounds("$ its\n", &["--stress", "9", "-j", "3"]), only("jobs", 9));
    assert_eq!(rounds("$ its\n", &["--stress", "9", "--conditions", "alone"]), only("alone", 9));
    // A run that is not repeated has no round, but may have conditions.
    assert_eq!(rounds("$ its\n", &["--conditions", "per-core"]), only("none", 1));

    let both = checked(&with_snapshot("$ its\n"), &["-j3", "--conditions", "alone"], &[]);
    both.code(2).stderr(contains("cannot be used with"));
}

#[test]
fn a_run_that_must_be_alone_is_alone() {
    for options in [&["--stress", "9"][..], &["--stress", "9", "-j3"]] {
        assert_eq!(rounds("$ its\n% alone\n", options), only("alone", 9));
    }
}

#[test]
fn conditions_say_how_many_programs_run_at_once() {
    let cores = available_parallelism().unwrap().get();
    for (conditions, number) in [("per-core", cores), ("overloaded", 8 * cores)] {
        let number = number.min(100).to_string();
        let workspace = with_snapshot("$ its\n% timeout 30 s\n");
        std::fs::create_dir(workspace.path("room")).unwrap();
        // Each of them waits for all the others.
        let options = ["--stress", &number, "--conditions", conditions];
        checked(&workspace, &options, &["meet", "room", &number]).code(0);
    }
    let workspace = with_snapshot("$ its\n% timeout 1 s\n");
    std::fs::create_dir(workspace.path("room")).unwrap();
    // The first waits for the second, which does not start.
    let assert =
        checked(&workspace, &["--stress", "2", "--conditions", "alone"], &["meet", "room", "2"]);
    assert.code(1).stdout(contains("2 runs, 1 failed, "));
}

/// A snapshot that a pinned program breaks: as many cores as there are. `None` if there is only one.
#[cfg(target_os = "linux")]
fn snapshot_for_all_cores() -> Option<String> {
    let cores = available_parallelism().unwrap().get();
    if cores == 1 {
        common::skip("there is only one core");
        return None;
    }
    Some(format!("$ its\n{cores}\n"))
}

#[test]
#[cfg(target_os = "linux")]
fn a_pinned_program_has_one_core_and_the_next_has_all() {
    let Some(snapshot) = snapshot_for_all_cores() else { return };
    let options = ["--stress", "20", "--message-format", "json"];
    let assert = checked(&with_snapshot(&snapshot), &options, &["cores"]).code(1);
    for run in named("run", &assert) {
        let expected = if run["conditions"] == "pinned" { "failed" } else { "passed" };
        assert_eq!(run["status"], expected, "{run}");
    }
    let pinned = &["--stress", "9", "--conditions", "pinned"];
    checked(&with_snapshot("$ its\n1\n"), pinned, &["cores"]).code(0);

    // The second attempt of a run that is only too slow has every core.
    let workspace = with_snapshot(&format!("{snapshot}took {{0..0.4}} seconds\n"));
    let first = ["once", "attempts", "out", snapshot.lines().nth(1).unwrap()];
    let second = ["out", "took 0.9 seconds", "else", "cores", "out", "took 0.1 seconds"];
    let assert =
        checked(&workspace, &["--conditions", "pinned"], &[&first[..], &second].concat()).code(0);
    assert.stdout(contains("slow     $ its"));
}

/// What the report on a failing program tells the user to run.
#[cfg(target_os = "linux")]
fn repeat_command(assert: &Assert) -> Vec<String> {
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    let command = stdout.lines().find_map(|line| line.strip_prefix("repeat: cargo xtask "));
    shlex::split(command.expect("the report has a command")).unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn the_repeat_command_repeats_the_conditions_that_found_the_failure() {
    let Some(snapshot) = snapshot_for_all_cores() else { return };
    let workspace = Workspace::new()
        .lesson("its", "println!(\"{}\", std::thread::available_parallelism().unwrap());");
    let workspace = workspace.snapshot("its", &(snapshot + "\n$ its other\n{int}\n"));
    let repeated = |assert: &Assert, expected: &[&str]| {
        let command = repeat_command(assert);
        assert_eq!(command, expected);
        let again = workspace.xtask(command.iter().map(String::as_str)).assert().code(1);
        again.stdout(contains("$ its: 10 runs, 10 failed"));
    };

    let assert = workspace.xtask(["run-all", "--stress", "10"]).assert().code(1);
    let pinned = ["--conditions", "pinned"];
    repeated(&assert, &[&["run-all", "--exact", "its", "--stress", "10"], &pinned[..]].concat());
    let assert =
        assert.stdout(contains("10 failed (").not().and(contains(" pinned), 1 of 1 legal order")));
    assert.stdout(contains("\nrepeat: cargo xtask run-all --exact its --stress 10\n"));

    // The first round, which is alone, fails too.
    let first = ["--", actor(), "once", "first", "out", "wrong", "else"];
    let command = [&first[..], &["cores", "ignore-rest"]].concat();
    let check = ["check", "its", "--stress", "10"];
    let assert = workspace.xtask([&check[..], &command].concat()).assert().code(1);
    let its = ["check", "its", "--run", "its", "--stress", "10"];
    repeated(&assert, &[&its, &pinned[..], &command].concat());

    let path = "tests/snapshots/toy/its.snap";
    let check = ["check", "--snapshot", path, "--stress", "10", "-j2"];
    let command = ["--", actor(), "out", "wrong", "ignore-rest"];
    let assert = workspace.xtask([&check[..], &command].concat()).assert().code(1);
    let its = ["check", "--snapshot", path, "--run", "its", "--stress", "10", "-j", "2"];
    repeated(&assert, &[&its[..], &command].concat());
}

/// Rounds are created when they start, so that a million of them cost nothing before.
#[test]
fn the_first_of_a_million_rounds_starts_at_once() {
    let workspace = with_snapshot("$ its\n");
    let options = ["--stress", "1000000", "--message-format", "json"];
    let command = [&["check", "--snapshot", "its.snap"], &options[..], &["--", actor()]];
    let mut xtask = workspace.command(command.concat());
    let mut xtask = xtask.stdout(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    let mut lines = BufReader::new(xtask.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), r#"{"event":"started","suites":1,"runs":1000000}"#);
    assert!(lines.any(|line| line.contains(r#""event":"run","#)));
    assert!(start.elapsed() < Duration::from_secs(20));
    xtask.kill().unwrap();
    xtask.wait().unwrap();
}

#[test]
fn as_many_programs_run_at_once_as_jobs_are_given() {
    let workspace = with_snapshot("$ its\n% timeout 30 s\n");
    std::fs::create_dir(workspace.path("room")).unwrap();
    // Each of them waits for all the others.
    checked(&workspace, &["--stress", "40", "-j40"], &["meet", "room", "40"]).code(0);
}
