//! The guide to snapshots says what is so, and its assignment judges as it should.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use legal_outputs::{Output, Snapshot, Verdict};
use regex::Regex;
use xtask::cancel::Cancel;
use xtask::check::Checker;
use xtask::suite::{RunFolder, Subject, Suite};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").join("docs")
}

fn guide() -> String {
    fs::read_to_string(docs().join("snapshots.md")).expect("there is a guide")
}

/// The fenced blocks of a document: what they are, the line where they begin, their text.
fn blocks(document: &str) -> Vec<(&str, usize, String)> {
    let mut blocks = Vec::new();
    let mut lines = document.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let text = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```");
            blocks.push((kind, number, text.map(|line| format!("{line}\n")).collect()));
        }
    }
    blocks
}

/// A `snapshot` is one, and each `allowed` and `refused` is an output of its first run. What a
/// refusal `says` is said.
#[test]
fn every_example_of_the_guide_is_judged_as_it_says() {
    let guide = guide();
    let mut snapshot = None;
    let mut said = String::new();
    let mut outputs = 0;
    for (kind, line, text) in blocks(&guide) {
        let verdict = || {
            let snapshot: &Snapshot = snapshot.as_ref().expect("a snapshot stands above it");
            snapshot.runs[0].check(Output { stdout: text.as_bytes(), stderr: b"" })
        };
        match kind {
            "snapshot" => {
                let parsed = Snapshot::parse(&text);
                snapshot = Some(parsed.unwrap_or_else(|errors| panic!("line {line}: {errors:?}")));
            }
            "allowed" => match verdict() {
                Verdict::Legal(_) => outputs += 1,
                other => panic!("line {line}: the output is not allowed: {other:?}"),
            },
            "refused" => match verdict() {
                Verdict::Illegal(explanation) => {
                    outputs += 1;
                    said = explanation.to_string();
                }
                other => panic!("line {line}: the output is not refused: {other:?}"),
            },
            "says" => {
                for part in text.lines() {
                    assert!(said.contains(part), "line {line}: not \"{part}\", but:\n{said}");
                }
            }
            "console" | "text" => {}
            _ => panic!("line {line}: there is no kind of block \"{kind}\""),
        }
    }
    assert!(outputs > 15, "the test has found only {outputs} outputs");
}

/// What the guide has to show, each with a piece of text that shows it.
#[test]
fn the_guide_shows_every_construct() {
    let guide = guide();
    let snapshots: String =
        blocks(&guide).into_iter().filter(|(kind, ..)| *kind == "snapshot").map(|b| b.2).collect();
    for construct in [
        "% exit ",
        "% timeout ",
        "% takes ",
        "% alone",
        "% stderr",
        "\n| ",
        "*3| ",
        "@put|",
        "<put@taken|",
        "<put<taken|",
        "\n\\$",
        "\n\\%",
        "\n\\\\\n",
        "\n\\a|",
        "{int}",
        "{float}",
        "{word}",
        "{text}",
        "{thread}",
        "{/",
        "{what:/",
        "{who:word}",
        "{who}",
        "{!main}",
        "..=",
        "{0..}",
        "{1e-3..1}",
        "{{",
        "{id:thread}",
        "{pid:unique}",
        " 'lift off'",
        "\n\n",
    ] {
        assert!(snapshots.contains(construct), "no snapshot shows `{construct}`");
    }
}

#[test]
fn the_first_snapshot_is_the_one_in_the_file() {
    let (_, _, text) = blocks(&guide()).into_iter().next().expect("a block");
    let file = fs::read_to_string(docs().join("kitchen/kitchen.snap")).expect("it is there");
    assert_eq!(text, file);
}

/// A report without what differs from run to run, or from machine to machine.
fn without_times(report: &str) -> String {
    let time = Regex::new(r"in [0-9.]+ s\b").expect("a regular expression");
    let folder = Regex::new(r" is in .*(target.xtask.grade)").expect("a regular expression");
    folder.replace_all(&time.replace_all(report, "in … s"), " is in $1").into_owned()
}

#[test]
fn the_table_of_the_class_is_what_grade_prints() {
    let guide = guide();
    let mut texts = blocks(&guide).into_iter().filter(|(kind, ..)| *kind == "text");
    let (_, _, text) = texts.next().expect("the guide shows a table");
    let (command, table) = text.split_once('\n').expect("the table is after the command");
    let command = command.strip_prefix("$ cargo xtask ").expect("the command is shown first");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(docs().parent().expect("the workspace"));
    cargo.args(["run", "--quiet", "--package", "xtask", "--"]).args(command.split(' '));
    let output = cargo.output().expect("Cargo can be run");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(without_times(&printed), without_times(table), "{errors}");
    assert_eq!(output.status.code(), Some(1), "{errors}");
}

/// Holds a submission to the snapshot of the assignment; what is said of it where it fails.
fn judged(command: &[&Path]) -> Result<(), String> {
    let command = command.iter().map(|word| word.as_os_str().to_owned()).collect();
    let (folder, snapshot) = (RunFolder::Current, Vec::new());
    let subject = Subject::Command { words: command, folder, snapshot };
    let suite = Suite::load(&docs(), Path::new("kitchen/kitchen.snap"), subject);
    common::check(&Checker::new(Cancel::default()), &suite.map_err(|error| error.to_string())?)
}

fn judged_python(name: &str) -> Result<(), String> {
    judged(&[Path::new("python3"), &docs().join("kitchen").join(name)])
}

fn judged_rust(name: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let program = folder.path().join("submission");
    let source = docs().join("kitchen").join(name);
    let mut rustc = Command::new("rustc");
    let built = rustc.args(["--edition", "2024", "-o"]).arg(&program).arg(source).status();
    assert!(built.expect("rustc can be run").success());
    judged(&[&program])
}

/// Each of these has to be in what is said.
fn refused(result: Result<(), String>, parts: &[&str]) {
    let said = result.expect_err("the submission is wrong");
    for part in parts {
        assert!(said.contains(part), "it does not say \"{part}\":\n{said}");
    }
}

#[test]
fn right_submissions_pass() {
    judged_python("right.py").unwrap();
    judged_rust("right.rs").unwrap();
}

#[test]
fn a_submission_that_works_one_by_one_takes_too_long() {
    let parts = [
        "line 8: 0.6",
        " is not in 0.3..0.55",
        "why: {0.3..0.55} allows numbers that are at least",
    ];
    refused(judged_python("serial.py"), &parts);
}

#[test]
fn a_submission_that_shares_its_variable_is_not_equal() {
    let parts =
        ["{n} is \"3\" here but \"", "why: {n} stands for the same text in each of the lanes c*3"];
    refused(judged_python("late_binding.py"), &parts);
}

#[test]
fn a_submission_that_joins_one_thread_only_serves_too_early() {
    let parts = [
        "came too early: \"cook {n} is ready\" (line 7 of the snapshot) must come first",
        "why: line 8 of the snapshot is not in a lane",
    ];
    refused(judged_rust("hurried.rs"), &parts);
}
