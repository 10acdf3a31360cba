//! The legal outputs of a run as a predicate, with the output of a real program.

use std::fs;
use std::process::Command;

use assert_cmd::assert::OutputAssertExt;
use legal_outputs::Snapshot;
use predicates_core::Predicate;

/// Two threads, the second of which waits for the first.
const SNAPSHOT: &str =
    "$ threads\na@done| first thread\nb<done| second thread\n| main waits\nend\n";

/// Prints its arguments, the last one in the main thread and the others in threads of their own,
/// one after another.
const PROGRAM: &str = r#"
fn main() {
    let mut lines: Vec<String> = std::env::args().skip(1).collect();
    let last = lines.pop().expect("an argument");
    for line in lines {
        std::thread::spawn(move || println!("{line}")).join().unwrap();
    }
    println!("{last}");
}
"#;

/// Compiles the program, and runs it with these arguments.
fn run(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("program.rs");
    let program = folder.path().join(format!("program{}", std::env::consts::EXE_SUFFIX));
    fs::write(&source, PROGRAM).expect("the folder can be written to");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(rustc).arg(&source).arg("-o").arg(&program).assert().success();
    Command::new(program).args(arguments).assert()
}

#[test]
fn assert_cmd_accepts_a_legal_output() {
    let snapshot = Snapshot::parse(SNAPSHOT).expect("no errors");
    let assert = run(&["main waits", "first thread", "second thread", "end"]);
    assert.success().stdout(&snapshot.runs[0]);
}

#[test]
fn assert_cmd_shows_the_explanation() {
    let snapshot = Snapshot::parse(SNAPSHOT).expect("no errors");
    let assert = run(&["second thread", "first thread", "main waits", "end"]);
    let failure = assert.try_stdout(&snapshot.runs[0]).expect_err("it is not legal").to_string();
    for part in [
        "stdout is a legal output of threads",
        "line 1: \"second thread\" came too early: \"first thread\" (line 2 of the snapshot) must \
         come first, but comes at line 2",
        "why: `<done` in line 3 of the snapshot makes it wait for every line marked `@done`",
        ">     1 | second thread",
    ] {
        assert!(failure.contains(part), "\"{part}\" is missing:\n{failure}");
    }
}

#[test]
fn a_run_is_a_predicate_for_text_too() {
    let snapshot = Snapshot::parse(SNAPSHOT).expect("no errors");
    let text = snapshot.runs[0].text_predicate();
    let legal = "first thread\nmain waits\nsecond thread\nend\n";
    assert!(text.eval(legal));
    assert!(text.find_case(false, legal).is_none());
    assert!(text.find_case(true, legal).is_some_and(|case| case.result()));
    let case = text.find_case(false, "first thread\n").expect("it is not legal");
    let product = case.products().next().expect("the explanation");
    let expected = "3 lines never came, the first: \"second thread\" (line 3 of the snapshot)";
    assert!(product.to_string().contains(expected), "{product}");
    assert!(text.find_case(true, "first thread\n").is_none());
}

/// Nothing can be proven about lanes that are too alike, so their output does not pass.
#[test]
fn an_undecided_output_does_not_pass() {
    let snapshot = Snapshot::parse("$ p\n{a:text}{b:text}{c:text}{d:text}{e:text}\n").unwrap();
    let line = "x".repeat(200) + "\n";
    let case = snapshot.runs[0].find_case(false, line.as_bytes()).expect("it does not pass");
    let product = case.products().next().expect("the reason");
    assert!(product.to_string().contains("cannot decide whether the output is legal"));
    assert!(!snapshot.runs[0].eval(line.as_bytes()));
}
