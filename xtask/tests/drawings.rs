//! `cargo xtask timeline` and `cargo xtask orders`, and all that can go wrong with what they draw. The
//! tests of the lessons draw each lesson of the repository.

mod common;

use common::{Workspace, actor};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, ends_with, is_empty, is_match, starts_with};
use regex::Regex;

/// A lesson whose header shows a run without arguments.
fn workspace(snapshot: &str) -> Workspace {
    let workspace = Workspace::new().snapshot("its", snapshot);
    let source = "//! Waits.\n//!\n//! $ cargo run -p examples-toy --bin its\n\nfn main() {}\n";
    workspace.write("examples-toy/src/bin/its.rs", source);
    workspace
}

/// `timeline its`, with the actor instead of the lesson.
fn timeline(workspace: &Workspace, options: &[&str], actions: &[&str]) -> assert_cmd::Command {
    let command = [&["timeline", "its"], options, &["--", actor()], actions].concat();
    workspace.xtask(command)
}

const TWO_LANES: &str = "$ its\nstart\nw*2| begin\nw*2| end\ntook {0.2..9} s\n";

#[test]
fn each_line_stands_in_the_column_of_its_thread_at_its_time() {
    let workspace = workspace(TWO_LANES);
    let actions = "out start out begin sleep 0.2 out begin out end sleep 0.3 out end";
    let actions: Vec<&str> = actions.split(' ').chain(["out", "took 0.5 s"]).collect();
    let assert = timeline(&workspace, &[], &actions).assert().code(0).stderr(is_empty());
    let stdout = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let without_times = Regex::new(r"(?m)^   \d\.\d{3}").unwrap().replace_all(&stdout, "    TIME");
    let column = |number: usize| " ".repeat(23 * number);
    let expected = format!(
        "$ its\n\n seconds  main{space}w 1 {space}w 2\n    \
         TIME  start\n{rule}    \
         TIME  {second}begin\n    \
         TIME  {third}begin\n    \
         TIME  {second}end\n    \
         TIME  {third}end\n{rule}    \
         TIME  took 0.5 s\n    \
         TIME  (the program has ended)\n\nits: the output is legal\n",
        space = " ".repeat(19),
        second = column(1),
        third = column(2),
        rule = format!("{:10}{}\n", "", "─".repeat(70)),
    );
    assert_eq!(without_times, expected);

    // The actor slept for 0.2 s before the third line and for 0.3 s before the fifth. How much later a
    // line arrives depends on the machine.
    let times = stdout.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok());
    let times: Vec<f64> = times.collect();
    assert!(times[2] >= 0.2 && times[4] >= 0.5, "{stdout}");
    assert!(times.is_sorted(), "{stdout}");
}

#[test]
fn threads_are_told_apart_by_ids_and_by_names() {
    let workspace = workspace("$ its\nA: one\n| {t:thread} x\n| {u:thread} y\nA: two\nend: z\n");
    let actions = ["A: one", "ThreadId(7) y", "ThreadId(3) x", "A: two", "end: z"];
    let actions: Vec<&str> = actions.iter().flat_map(|line| ["out", line]).collect();
    let assert = timeline(&workspace, &[], &actions).assert().code(0);
    let line = |column: usize, text: &str| {
        contains(format!("0.0{:14}{text}\n", "")).or(is_match(format!(
            r"\n   \d\.\d+ {{{}}}{text}\n",
            2 + column
        ))
        .unwrap())
    };
    assert
        .stdout(is_match(r"\n seconds  A +ThreadId\(7\) +ThreadId\(3\) +main\n").unwrap())
        .stdout(line(0, "one").and(line(17, "y")).and(line(34, "x")))
        .stdout(line(0, "two").and(line(51, "end: z")));
}

#[test]
fn an_illegal_output_is_drawn_with_its_fault() {
    let workspace = workspace(TWO_LANES);
    // The second thread begins only when the first has ended, and a line is wrong.
    let lines = ["start", "begin", "end", "begin", "oops", "took 0.1 s"];
    let actions: Vec<&str> = lines.iter().flat_map(|line| ["out", line]).collect();
    let assert = timeline(&workspace, &[], &actions).assert().code(1).stderr(is_empty());
    assert
        .stdout(is_match(r"\n > \d\.\d+ +oops\n").unwrap())
        .stdout(contains("\nits: the output is not legal\n"))
        .stdout(contains("\"oops\" is not expected"))
        .stdout(is_match(r" w 1 +w 2 +\?\n").unwrap());

    let assert = timeline(&workspace, &["-o", "its.svg"], &actions).assert().code(1);
    assert.stdout(ends_with("picture: its.svg\n")).stderr(is_empty());
    let svg = workspace.read("its.svg");
    assert!(svg.contains("its: not legal"), "{svg}");
    assert_eq!(svg.matches("<circle class=\"fault\"").count(), 2, "{svg}");
}

#[test]
fn a_run_that_reaches_its_time_limit_is_drawn_up_to_it() {
    let workspace = workspace(TWO_LANES);
    let actions = ["out", "start", "out", "begin", "sleep", "60"];
    let assert = timeline(&workspace, &["--timeout", "0.5"], &actions).assert().code(1);
    assert
        .stdout(contains("begin\n").and(contains("still running after 0.5 s")))
        .stdout(is_match(r"\n +0\.[5-9]\d+  \(the program has ended\)\n").unwrap());
}

#[test]
fn a_flood_is_cut() {
    let workspace = workspace("$ its\nstart\n");
    timeline(&workspace, &[], &["flood"])
        .assert()
        .code(1)
        .stdout(is_match(r"\n {10}… and \d{3,} more lines\n").unwrap());
}

#[test]
fn a_lesson_is_built_and_several_are_drawn_on_one_scale() {
    let body = "let wait: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
        println!(\"start\");
        std::thread::sleep(std::time::Duration::from_millis(wait));
        println!(\"end\");";
    let workspace = Workspace::new()
        .lesson("waits", body)
        .snapshot("waits", "$ waits 100\nstart\nend\n$ waits 300\nstart\nend\n");
    let words = ["timeline", "waits", "100", "'waits' 300", "-o", "its.svg"];
    workspace.xtask(words).assert().code(0).stdout(
        "waits 100: the output is legal\nwaits 300: the output is legal\npicture: its.svg\n",
    );
    let svg = workspace.read("its.svg");
    let bars = svg.lines().filter(|line| line.starts_with("<rect") && line.contains("opacity"));
    let width = |bar: &str| bar.split("width=\"").nth(1)?.split('"').next()?.parse().ok();
    let widths: Vec<f64> = bars.filter_map(width).collect();
    let [short, long] = widths[..] else { panic!("{svg}") };
    // The waits last at least 100 and 300 ms, and the scale is the same.
    assert!(long > 1.5 * short, "{widths:?}");
    assert!(
        svg.contains("<title>When each thread prints a line: waits 100, waits 300</title>"),
        "{svg}"
    );
    assert!(svg.contains("prefers-color-scheme: dark"), "{svg}");

    let words = ["timeline", "waits", "7"];
    workspace.xtask(words).assert().code(2).stdout("").stderr(
        "error: `tests/snapshots/toy/waits.snap` has no run `waits 7`; it has:\n  waits 100\n  \
         waits 300\n",
    );
    workspace.xtask(["timeline", "waits"]).assert().code(2).stderr(
        "error: the header of `examples-toy/src/bin/waits.rs` has no sample that begins with `$ cargo \
         run -p examples-toy --bin waits`\n",
    );
}

#[test]
fn bad_arguments_are_refused() {
    let workspace = workspace(TWO_LANES);
    let refuse = |words: &[&str], message: &str| {
        let assert = workspace.xtask(words.iter().copied()).assert().code(2).stdout("");
        assert.stderr(starts_with("error: ").and(contains(message)));
    };
    for command in ["timeline", "orders"] {
        refuse(&[command], "required");
        refuse(&[command, "it"], "there is no lesson `it`; did you mean `its`?");
        refuse(&[command, "its", "5"], "has no run `its 5`; it has:\n  its\n");
        for file in ["no/such/folder/its.svg", "examples-toy"] {
            refuse(&[command, "its", "-o", file], &format!("cannot write `{file}`: "));
        }
    }
    refuse(&["timeline", "its", "its", "--", "program"], "for one lesson only; name one");
    refuse(&["timeline", "its", "--", "./no-program"], "its: cannot run `./no-program`: ");
    refuse(&["orders", "its", "its"], "only one lesson can be drawn at a time");
    workspace.write("tests/snapshots/toy/its.snap", "$ its\n{oops}\n");
    refuse(&["timeline", "its"], "is broken");
    refuse(&["orders", "its"], "is broken");
}

#[test]
fn orders_shows_what_comes_before_what() {
    let snapshot =
        "Note.\n\n$ its\nstart\na@m| {n:int} one\na| two\nb<m| got {n}\n| alone\n% stderr\nbad\n";
    let workspace = workspace(snapshot);
    let rule = "─".repeat(80);
    let text = format!(
        "its: 8 orders of its lines are legal\n\n\
         start\n\
         {rule}\n\
         a:\n\
         {{n}} one                                             alone\n\
         @m\n\
         {space}b:\n\
         ↓\n\
         two                       got {{n}}\n\
         {space}<m\n\
         {rule}\n\
         standard error:\n\
         bad\n",
        space = " ".repeat(26),
    );
    let assert = workspace.xtask(["orders", "its"]).assert().code(0).stderr("");
    let stdout = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert_eq!(stdout, text);
}

/// Two workers that wait for each other between two phases. Everything before that comes before
/// everything after it, which one line says better than four arrows.
const TWO_PHASES: &str = "$ its\na@m| worker 1 starts\na<m| worker 1 ends\nb@m| worker 2 starts\n\
                          b<m| worker 2 ends\ndone\n";

#[test]
fn a_line_replaces_the_arrows_of_a_barrier() {
    let workspace = workspace(TWO_PHASES);
    let rule = "─".repeat(80);
    let second = " ".repeat(40);
    let text = format!(
        "its: 4 orders of its lines are legal\n\na:{}b:\n\
         worker 1 starts{}worker 2 starts\n@m{}@m\n{rule}\n\
         worker 1 ends{}worker 2 ends\n<m{}<m\n{rule}\ndone\n",
        &second[2..],
        &second[15..],
        &second[2..],
        &second[13..],
        &second[2..],
    );
    workspace.xtask(["orders", "its"]).assert().code(0).stdout(text);
    workspace.xtask(["orders", "its", "-o", "its.svg"]).assert().code(0);
    let svg = workspace.read("its.svg");
    assert_eq!((arrows(&svg), svg.matches("<line class=\"rule\"").count()), (0, 2), "{svg}");

    let lines = ["worker 2 starts", "worker 1 starts", "worker 1 ends", "worker 2 ends", "done"];
    let actions: Vec<&str> = lines.iter().flat_map(|line| ["out", line]).collect();
    timeline(&workspace, &["-o", "its.svg"], &actions).assert().code(0);
    let svg = workspace.read("its.svg");
    // A line before the second phase, and one before the last line of the output.
    assert_eq!((arrows(&svg), svg.matches("<line class=\"arrow\"").count()), (0, 2), "{svg}");
    assert!(svg.contains("\nworker 1\n") && !svg.contains("\nworker 1 starts\n"), "{svg}");
}

#[test]
fn an_arrow_that_follows_from_others_is_left_out() {
    let workspace = workspace("$ its\na@m| A one\nb<m@n| B two\nc<m<n| C three\nd| other\n");
    let actions: Vec<&str> =
        ["A one", "B two", "C three", "other"].iter().flat_map(|line| ["out", line]).collect();
    timeline(&workspace, &["-o", "its.svg"], &actions).assert().code(0);
    assert_eq!(arrows(&workspace.read("its.svg")), 2);
}

fn arrows(svg: &str) -> usize {
    svg.matches("marker-end=").count()
}

#[cfg(unix)]
mod unix {
    use std::process::Stdio;

    use super::*;
    use common::{interrupt, number_in};

    #[test]
    fn ctrl_c_draws_what_has_come() {
        let workspace = workspace(TWO_LANES);
        let pid = workspace.path("pid").display().to_string();
        let actions = ["out", "start", "out", "begin", "pid", &pid, "sleep", "60"];
        let command = [&["timeline", "its", "--", actor()], &actions[..]].concat();
        let mut command = workspace.command(command);
        let xtask = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        number_in(&workspace.path("pid"));
        let output = interrupt(xtask);
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(stdout.contains("begin\n"), "{stdout}");
    }
}
