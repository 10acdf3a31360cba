//! `cargo xtask run-all` and `list`, in small workspaces.

mod common;

use std::process::Output;

use common::Workspace;
use predicates::prelude::{Predicate, PredicateBooleanExt};
use predicates::str::{contains, ends_with, starts_with};

/// Two examples that do what their snapshots say, both without a wait.
fn sound() -> Workspace {
    Workspace::new()
        .lesson("ping", "println!(\"ping\");")
        .snapshot("ping", "$ ping\nping\n")
        .lesson("pong", "println!(\"pong\");")
        .snapshot("pong", "$ pong\npong\n")
}

#[test]
fn what_is_legal_passes() {
    let workspace = sound();
    let assert = workspace.xtask(["run-all"]).assert().code(0);
    assert.stdout(contains("ok       toy/ping (").and(contains("\n2 passed: 2 runs in ")));
    workspace.xtask(["run-all", "pong"]).assert().code(0).stdout(contains("1 passed: 1 run in "));
    workspace
        .xtask(["run-all", "--skip", "pong", "-q"])
        .assert()
        .code(0)
        .stdout(starts_with("1 passed"));
    workspace.xtask(["run-all", "toy/po"]).assert().code(0).stdout(contains("1 passed"));

    let assert = workspace.xtask(["run-all", "--exact", "pin"]).assert().code(2);
    assert.stderr("error: no lesson matches `pin`; did you mean `ping`?\n");
    let assert = workspace.xtask(["run-all", "--exact", "toy/"]).assert().code(2);
    assert.stderr("error: no lesson matches `toy/`; `cargo xtask list` shows all lessons\n");
    let assert = workspace.xtask(["run-all", "toi/"]).assert().code(2);
    assert.stderr("error: no lesson matches `toi/`; did you mean `toy/`?\n");
    let assert = workspace.xtask(["run-all", "--skip", "pung"]).assert().code(2);
    assert.stderr("error: no lesson matches `pung`; did you mean `pong`?\n");
    let assert = workspace.xtask(["run-all", "ping", "--skip", "ping"]).assert().code(2);
    assert.stderr("error: no lesson is selected, so there is nothing to run\n");

    let assert = workspace.xtask(["run-all", "ping", "--show-output", "-v"]).assert().code(0);
    assert.stdout(contains("$ ping (").and(contains("\nping\n")));
}

#[test]
fn a_failure_does_not_keep_others_from_running() {
    let workspace = sound()
        .lesson("wrong", "eprintln!(\"uh\"); panic!(\"oh\");")
        .snapshot("wrong", "$ wrong 'a b'\nhi\n")
        .lesson("broken", "println!(\"hi\");")
        .snapshot("broken", "$ broken\n{x\n")
        .lesson("other", "println!(\"hi\");")
        .snapshot("other", "$ another\nhi\n")
        .lesson("bare", "println!(\"hi\");")
        .snapshot("orphan", "$ orphan\n");
    let assert = workspace.xtask(["run-all"]).assert().code(2);
    assert
        .stdout(contains("ok       toy/ping (").and(contains("ok       toy/pong (")))
        .stdout(contains("FAILED   toy/wrong ("))
        .stdout(contains("$ wrong 'a b'   (tests/snapshots/toy/wrong.snap:2)\n"))
        .stdout(contains("the program ended with exit code 101 instead of 0\n"))
        .stdout(contains("repeat: cargo xtask run-all --exact wrong\n"))
        .stdout(contains("or: cargo run -p examples-toy --bin wrong -- 'a b'\n"))
        .stdout(contains("\ntests/snapshots/toy/broken.snap:2:"))
        .stdout(contains("snap:1: this is a run of `another` in the snapshot of `other`"))
        .stdout(contains("toy/bare\nthere is no snapshot `tests/snapshots/toy/bare.snap`"))
        .stdout(contains("no lesson belongs to this snapshot: there is no binary `orphan`"))
        .stdout(contains("2 passed, 3 failed, 2 not checked because of an error: 3 runs in "));
    workspace.xtask(["run-all", "orphan"]).assert().code(1);
    workspace.xtask(["run-all", "bare"]).assert().code(1);
}

#[test]
fn a_build_that_fails_is_an_error() {
    let workspace = sound().lesson("wrong", "not_a_function();").snapshot("wrong", "$ wrong\n");
    let assert = workspace.xtask(["run-all"]).assert().code(2);
    assert
        .stdout("")
        .stderr(contains("cannot find function `not_a_function`"))
        .stderr(ends_with("error: the build failed; see Cargo's errors above\n"));
    // Other lessons are not affected.
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
fn junit_has_a_case_for_each_run() {
    let workspace = sound()
        .lesson("wrong", "println!(\"<&\u{1b}>\");")
        .snapshot("wrong", "$ wrong\nno\n")
        .lesson("broken", "")
        .snapshot("broken", "$ broken\n{x\n");
    let file = workspace.path("report.xml");
    let file = file.to_str().unwrap();
    workspace.xtask(["run-all", "-q", "--junit", file]).assert().code(2);
    let report = workspace.read("report.xml");
    let holds = contains("<testsuites name=\"cargo xtask\" tests=\"4\"")
        .and(contains("failures=\"1\" errors=\"1\""))
        .and(contains("<testcase name=\"ping\" classname=\"toy/ping\""))
        .and(contains("<testcase name=\"toy/broken\" classname=\"toy/broken\""))
        .and(contains("<system-out>&lt;&amp;"))
        .and(contains("\u{1b}").not())
        .and(contains("repeat: cargo xtask run-all --exact wrong"));
    assert!(holds.eval(&report), "{report}");

    let nowhere = workspace.path("no/where.xml");
    let assert = workspace.xtask(["run-all", "--junit", nowhere.to_str().unwrap()]).assert();
    assert.code(2).stdout("").stderr(contains("error: cannot write `").and(contains("where.xml")));
}

/// The report is kept in memory until the end, so of each failing run only a part of its output is.
#[test]
fn a_junit_report_stays_small() {
    let workspace = Workspace::new()
        .lesson("long", "for _ in 0..100_000 { println!(\"0123456789\"); }")
        .snapshot("long", "$ long\n");
    let file = workspace.path("report.xml");
    let stress = ["run-all", "-q", "--stress", "20", "--junit", file.to_str().unwrap()];
    workspace.xtask(stress).assert().code(1);
    let report = workspace.read("report.xml");
    assert_eq!(report.matches("<testcase ").count(), 1, "{report}");
    assert!(report.contains("<system-out>0123456789"), "{report}");
    assert!(report.len() < 128 * 1024, "{}", report.len());
}

/// The report for people is complete all the same.
#[test]
#[cfg(target_os = "linux")]
fn a_junit_report_that_cannot_be_written_hides_no_other() {
    let workspace = sound().snapshot("ping", "$ ping\nno\n");
    let assert = workspace.xtask(["run-all", "--junit", "/dev/full"]).assert().code(2);
    assert
        .stdout(contains("\"ping\" is not expected").and(contains("1 passed, 1 failed: 2 runs in")))
        .stderr(contains("error: cannot write the report: `/dev/full`: "))
        .stderr(contains("No space left on device"));
}

#[test]
fn a_pipe_gets_no_progress_bar_and_no_colours() {
    let workspace = sound();
    let run = |arguments: &[&'static str], variable: &str| {
        let all = [&["run-all", "ping"], arguments].concat();
        let assert = workspace.xtask(all).env(variable, "1").assert().code(0);
        let Output { stdout, stderr, .. } = assert.get_output();
        [stdout, stderr].map(|stream| String::from_utf8_lossy(stream).into_owned())
    };
    let reports = run(&[], "NOTHING");
    assert!(!reports.concat().contains(['\u{1b}', '\r']), "{reports:?}");
    // Standard error has what Cargo says.
    let [report, _] = run(&["--color", "always"], "NO_COLOR");
    assert!(report.contains("\u{1b}["), "{report:?}");
    let [report, _] = run(&["--color", "never"], "CLICOLOR_FORCE");
    assert!(!report.contains('\u{1b}'), "{report:?}");
    let [report, _] = run(&[], "CLICOLOR_FORCE");
    assert!(report.contains("\u{1b}["), "{report:?}");
}

#[test]
fn bless_rewrites_and_drafts() {
    let workspace = sound()
        .snapshot("ping", "A note.\n\n$ ping\npinf\n")
        .lesson("fresh", "println!(\"first\"); println!(\"second\");");
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(0);
    assert
        .stdout(
            contains("blessed  toy/ping (")
                .and(contains("rewrote `tests/snapshots/toy/ping.snap`")),
        )
        .stdout(contains("drafted `tests/snapshots/toy/fresh.snap`"))
        .stdout(contains("1 passed, 2 blessed: 7 runs in "));
    assert_eq!(workspace.read("tests/snapshots/toy/ping.snap"), "A note.\n\n$ ping\nping\n");
    assert_eq!(workspace.read("tests/snapshots/toy/pong.snap"), "$ pong\npong\n");
    workspace.xtask(["run-all"]).assert().code(0).stdout(contains("3 passed"));
}

/// The text of a line is rewritten if it has no placeholder. Nothing is loosened: neither an order, nor a
/// range, nor an equality.
#[test]
fn bless_rewrites_text_and_loosens_nothing() {
    let text = "The note.\n\n$ text\na| began\nb| other\na| {n:int} ended\n";
    let order = "$ order\nfirst\nsecond\n";
    let range = "$ range\n{1..=3} apples\n";
    let equal = "$ equal\n{n:int}\n{n}\n";
    let workspace = Workspace::new()
        .lesson("text", "println!(\"other\\nstarted\\n7 ended\")")
        .snapshot("text", text)
        .lesson("order", "println!(\"second\\nfirst\")")
        .snapshot("order", order)
        .lesson("range", "println!(\"4 apples\")")
        .snapshot("range", range)
        .lesson("equal", "println!(\"1\\n2\")")
        .snapshot("equal", equal);
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(1);
    assert
        .stdout(contains("blessed  toy/text (").and(contains("1 blessed, 3 failed: 4 runs in ")))
        .stdout(contains("not blessed: ").count(3));
    let blessed = text.replace("began", "started");
    for (name, text) in [("text", &*blessed), ("order", order), ("range", range), ("equal", equal)]
    {
        assert_eq!(workspace.read(&format!("tests/snapshots/toy/{name}.snap")), text);
    }
    workspace.xtask(["run-all", "text"]).assert().code(0);
}

/// What differs from run to run is a placeholder in a draft, and what does not is text.
#[test]
fn a_draft_knows_what_changes() {
    let workspace = Workspace::new().lesson(
        "fresh",
        "println!(\"begin\"); println!(\"process {}\", std::process::id()); eprintln!(\"oh\");
         std::process::exit(3);",
    );
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(0);
    assert.stdout(contains(
        "drafted `tests/snapshots/toy/fresh.snap` from 5 runs; review it before you commit it",
    ));
    let draft = workspace.read("tests/snapshots/toy/fresh.snap");
    let run = "$ fresh\n% exit 3\nbegin\nprocess {int}\n% stderr\noh\n";
    assert!(draft.ends_with(run), "{draft}");
    workspace.xtask(["run-all"]).assert().code(0).stdout(contains("1 passed: 1 run in "));

    let workspace = Workspace::new().lesson(
        "turns",
        "let file = std::env::current_dir().unwrap().join(\"turn\");
         let odd = std::fs::remove_file(&file).is_err();
         if odd { std::fs::write(&file, \"\").unwrap(); }
         println!(\"{}\", if odd { \"odd\" } else { \"even\\neven\" });",
    );
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(1);
    assert.stdout(contains("cannot draft the snapshot `tests/snapshots/toy/turns.snap`: "));
    assert!(!workspace.path("tests/snapshots/toy/turns.snap").exists());
}

/// With the first failure all ends, but what was rewritten before is kept.
#[test]
fn what_is_blessed_is_saved_though_not_all_ran() {
    let workspace = Workspace::new().lesson("text", "println!(\"new\")").snapshot(
        "text",
        "$ text\nold\n\n$ text 2\n% exit 1\n% alone\nnew\n\n$ text 3\n% alone\nold\n",
    );
    let assert = workspace.xtask(["run-all", "--bless", "--fail-fast", "-j1"]).assert().code(1);
    assert
        .stdout(contains("FAILED   toy/text (").and(contains("1 of 3 runs were not started")))
        .stdout(contains("rewrote `tests/snapshots/toy/text.snap`"));
    let text = workspace.read("tests/snapshots/toy/text.snap");
    assert!(text.starts_with("$ text\nnew\n") && text.ends_with("old\n"), "{text}");
}

/// Only what can be rewritten is offered to be.
#[test]
fn bless_is_offered_for_texts_and_not_for_orders() {
    let workspace = sound()
        .snapshot("ping", "$ ping\nold\n")
        .lesson("order", "println!(\"second\\nfirst\")")
        .snapshot("order", "$ order\nfirst\nsecond\n");
    let assert = workspace.xtask(["run-all"]).assert().code(1);
    assert
        .stdout(contains("\nrepeat: cargo xtask run-all --exact order ping\n"))
        .stdout(ends_with("to accept the new output: cargo xtask run-all --exact ping --bless\n"));
}

#[test]
fn a_draft_has_the_limits_of_a_run() {
    let workspace = Workspace::new().lesson("hangs", "loop { std::thread::park() }");
    let arguments = ["run-all", "--bless", "--timeout", "0.2"];
    let assert = workspace.xtask(arguments).assert().code(1);
    assert.stdout(contains("the program was still running after 0.2 s"));

    let workspace = Workspace::new().lesson("fresh", "println!(\"hi\");");
    workspace.write("tests/snapshots/toy", "");
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(2);
    assert.stdout(contains("cannot draft the snapshot `tests/snapshots/toy/fresh.snap`: "));
}

/// What was refused is not offered again, and neither is a run that fails only now and then.
#[test]
fn bless_is_not_offered_where_it_cannot_help() {
    let workspace = Workspace::new()
        .lesson("value", "println!(\"ping\")")
        .snapshot("value", "$ value\n{n:int}\n")
        .lesson("both", "println!(\"new\"); std::process::exit(std::env::args().len() as i32 - 1)")
        .snapshot("both", "$ both\nold\n\n$ both 1\nnew\n");
    let assert = workspace.xtask(["run-all", "value", "--bless"]).assert().code(1);
    assert.stdout(contains("not blessed: ").and(contains("to accept").not()));
    let assert = workspace.xtask(["run-all", "value", "--stress", "2"]).assert().code(1);
    assert.stdout(contains("to accept").not());
    let assert = workspace.xtask(["run-all", "both"]).assert().code(1);
    assert.stdout(contains("\"new\" is not expected").and(contains("to accept").not()));
}

#[test]
fn bless_does_not_overwrite_a_change() {
    let workspace = Workspace::new()
        .lesson(
            "its",
            "std::fs::write(\"tests/snapshots/toy/its.snap\", \"mine\").unwrap();
                        println!(\"new\");",
        )
        .snapshot("its", "$ its\nold\n");
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(2);
    assert.stdout(contains("it was changed while the programs ran"));
    assert_eq!(workspace.read("tests/snapshots/toy/its.snap"), "mine");
}

/// A snapshot without a lesson is a failure that is known before anything starts.
#[test]
fn nothing_starts_after_a_failure_that_is_known_before() {
    let workspace = sound().snapshot("orphan", "$ orphan\n");
    let assert = workspace.xtask(["run-all", "--fail-fast"]).assert().code(1);
    assert.stdout(contains("1 failed: 0 runs in ").and(contains("2 of 2 runs were not started")));
}

#[test]
fn bless_does_not_hide_a_wrong_end() {
    let workspace = Workspace::new()
        .lesson("wrong", "println!(\"new\"); std::process::exit(3);")
        .snapshot("wrong", "$ wrong\nold\n");
    let assert = workspace.xtask(["run-all", "--bless"]).assert().code(1);
    assert.stdout(contains("not blessed: the program does not end as it should"));
    assert_eq!(workspace.read("tests/snapshots/toy/wrong.snap"), "$ wrong\nold\n");
}

#[test]
fn list_names_the_lessons() {
    let workspace = sound().lesson("wait", "eprintln!(\"usage: wait [SECONDS]\");");
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
