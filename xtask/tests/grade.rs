//! `cargo xtask grade`, and what can go wrong with the programs that it checks. What only Unix can do is
//! in `grade_unix.rs`.

mod common;

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::Duration;

use assert_cmd::assert::Assert;
use common::{HI, Workspace, actions, events, manifest, skip, with_submissions};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{RegexPredicate, contains, ends_with, is_empty, is_match};
use xtask::python::COMMAND;

const HO: &str = "fn main() { println!(\"ho\"); }";

fn grade(workspace: &Workspace, options: &[&str]) -> Assert {
    let arguments = [&["grade", "--snapshot", "its.snap", "in"], options].concat();
    workspace.xtask(arguments).assert()
}

/// Whether the table has this row, however wide its columns are.
fn row(cells: &[&str]) -> RegexPredicate {
    let cells: Vec<String> = cells.iter().map(|cell| regex::escape(cell)).collect();
    is_match(format!("(?m)^{} *$", cells.join("  +"))).unwrap()
}

fn has_python() -> bool {
    let found = Command::new(COMMAND).arg("--version").output().is_ok();
    if !found {
        skip(&format!("there is no `{COMMAND}`"));
    }
    found
}

#[test]
fn each_kind_of_rust_submission_is_built() {
    let workspace = with_submissions(&[
        ("README.txt", ""),
        ("notes.md", ""),
        (".hidden.rs", HO),
        ("target/x.rs", HO),
        ("file with spaces.rs", HI),
        ("folder/main.rs", "mod other;\nfn main() { other::say(); }"),
        ("folder/other.rs", "pub fn say() { println!(\"hi\"); }"),
        ("library/Cargo.toml", &manifest("library")),
        ("library/src/lib.rs", ""),
        ("one_of_two/Cargo.toml", &manifest("x")),
        ("one_of_two/src/bin/its.rs", HI),
        ("one_of_two/src/bin/other.rs", HO),
        ("project/Cargo.toml", &manifest("its")),
        ("project/src/main.rs", HI),
        ("two/Cargo.toml", &manifest("x")),
        ("two/src/bin/a.rs", HI),
        ("two/src/bin/b.rs", HO),
        ("two_files/a.rs", HI),
        ("two_files/b.rs", HI),
        ("what.txt", "hi"),
    ]);
    let unclear = "the folder has no `Cargo.toml`, and not just one `.rs` or `.py` file or one called \
                   `main`";
    grade(&workspace, &[])
        // Two entries are no programs.
        .code(2)
        .stdout(row(&["file with spaces.rs", "ok", "1 of 1"]))
        .stdout(row(&["folder", "ok", "1 of 1"]))
        .stdout(row(&["library", "FAILED", "no run", "the project has no program"]))
        .stdout(row(&["one_of_two", "ok", "1 of 1"]))
        .stdout(row(&["project", "ok", "1 of 1"]))
        .stdout(contains("the project has several programs (a, b); call one `its`"))
        .stdout(row(&["two_files", "ERROR", "no run", unclear]))
        .stdout(contains("it is neither a folder, nor a `.rs` or `.py` file; see --command"))
        .stdout(contains(
            "4 passed, 2 failed, 2 not checked because of an error: 8 submissions in ",
        ))
        .stderr(is_empty());
}

#[test]
fn python_programs_do_not_import_each_other() {
    if !has_python() {
        return;
    }
    let workspace = with_submissions(&[
        ("right.py", "import colorsys\ncolorsys.rgb_to_hsv(1, 1, 1)\nprint('hi')\n"),
        ("colorsys.py", "print('ho')\n"),
        ("folder/main.py", "import helper\nhelper.say()\n"),
        ("folder/helper.py", "def say():\n    print('hi')\n"),
        ("wrong.py", "import nothing_like_this\n"),
    ]);
    let no_module = "the program ended with exit code 1 instead of 0: ModuleNotFoundError: No module \
                     named 'nothing_like_this'";
    grade(&workspace, &[])
        .code(1)
        .stdout(row(&["folder", "ok", "1 of 1"]))
        .stdout(row(&["right.py", "ok", "1 of 1"]))
        .stdout(row(&["wrong.py", "FAILED", "0 of 1", no_module]));
}

#[test]
fn each_fault_has_its_reason_and_stops_nothing() {
    let workspace = with_submissions(&[
        ("fails", "err\nfirst\nerr\nno\x1bthing\nexit\n3\n"),
        ("floods", "flood\n"),
        ("hangs", "sleep\n60\n"),
        ("leaves", "leave-sleeper\nsleeper\nout\nhi\n"),
        ("nothing", ""),
        ("right", "out\nhi\n"),
        ("wrong", "out\nhi\nout\nho\n"),
    ]);
    let failed = |name: &str, reason: &str| row(&[name, "FAILED", "0 of 1", reason]);
    let open =
        "a child process kept the program's output open for 0.5 s after the program had ended";
    let exit = "the program ended with exit code 3 instead of 0: no\\u{1b}thing";
    grade(&workspace, &[&actions(), "--timeout=3"])
        .code(1)
        .stdout(failed("fails", exit))
        .stdout(failed("floods", "the program wrote more than 16 MiB"))
        .stdout(failed("hangs", "the program was still running after 3 s"))
        .stdout(failed("leaves", open))
        .stdout(failed("nothing", "the program printed nothing"))
        .stdout(row(&["right", "ok", "1 of 1"]))
        .stdout(contains("line 2: \"ho\" is not expected"))
        .stdout(contains("1 passed, 6 failed: 7 submissions in "))
        .stdout(ends_with("\neach program ran once; `--stress 100` finds races\n"));
    let report = workspace.read("target/xtask/grade/its/wrong.txt");
    assert!(report.starts_with("$ its   (its.snap:1)\nline 2: \"ho\" is not expected"), "{report}");
    assert!(report.contains("\nrepeat: "), "{report}");
    assert!(!workspace.path("target/xtask/grade/its/right.txt").exists());
}

#[test]
fn a_program_that_does_not_compile_has_the_first_error_as_reason() {
    let workspace = with_submissions(&[
        ("broken/Cargo.toml", "[package\n"),
        ("crate.rs", "use rand::Rng;\nfn main() {}"),
        ("moved/Cargo.toml", &manifest("its")),
        ("moved/src/main.rs", "fn main() { let x = String::new(); drop(x); drop(x); }"),
        ("panics.rs", "fn main() { println!(\"hi\"); panic!(\"oh\"); }"),
        ("right.rs", HI),
        ("text.rs", "hi"),
    ]);
    grade(&workspace, &[])
        .code(1)
        .stdout(is_match(r"broken +FAILED +no run  does not compile: error: ").unwrap())
        .stdout(
            is_match(r"crate.rs .* error\[E0432\].* \(it uses a crate that it does not").unwrap(),
        )
        .stdout(contains("does not compile: error[E0382]: use of moved value: `x`\n"))
        .stdout(contains("the program ended with exit code 101 instead of 0: oh\n"))
        .stdout(row(&["right.rs", "ok", "1 of 1"]))
        .stdout(is_match(r"text.rs +FAILED +no run  does not compile: error: expected ").unwrap());
    let report = workspace.read("target/xtask/grade/its/moved.txt");
    let shown = "does not compile: error[E0382]: use of moved value: `x`\n\nerror[E0382]: use of";
    assert!(report.starts_with(&format!("moved\n{shown}")), "{report}");
}

/// All of them are called `a`, and their programs too.
#[test]
fn submissions_with_the_same_name_are_not_confused() {
    let workspace = with_submissions(&[
        ("a.rs", HO),
        ("a/main.rs", HI),
        ("b/Cargo.toml", &manifest("a")),
        ("b/src/main.rs", HO),
        ("c/Cargo.toml", &manifest("a")),
        ("c/src/main.rs", HI),
    ]);
    if has_python() {
        workspace.write("in/a.py", "print('hi')\n");
    }
    // The second time, Cargo has nothing to compile.
    for _ in 0..2 {
        let mut assert = grade(&workspace, &[]).code(1);
        for (name, result) in [("a", "ok"), ("a.rs", "FAILED"), ("b", "FAILED"), ("c", "ok")] {
            assert = assert.stdout(is_match(format!("(?m)^{name} +{result} ")).unwrap());
        }
        if workspace.path("in/a.py").exists() {
            assert.stdout(is_match("(?m)^a.py +ok ").unwrap());
        }
        let reports = fs::read_dir(workspace.path("target/xtask/grade/its")).unwrap();
        let mut names: Vec<_> = reports.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a.rs.txt", "b.txt"]);
    }
}

#[test]
fn each_run_has_an_empty_folder_with_the_files_that_its_arguments_name() {
    let workspace = with_submissions(&[
        ("a", "once\nfile\nout\nhi\nelse\nout\nho\nignore-rest\n"),
        ("b", "once\ntext\nout\nho\nelse\nout\nhi\nignore-rest\n"),
        ("c", "once\ndata/text\nout\nho\nelse\nout\nhi\nignore-rest\n"),
    ]);
    // An absolute path names the same file everywhere, so it is not copied.
    let absolute = workspace.write("absolute", "kept");
    workspace.write("its.snap", &format!("$ its text data/text '{}'\nhi\n", absolute.display()));
    for file in ["file", "text", "data/text"] {
        workspace.write(file, "");
    }
    let assert = grade(&workspace, &[&actions(), "--stress=5"]).code(0);
    assert.stdout(contains("3 passed: 3 submissions"));
    assert_eq!(workspace.read("absolute"), "kept");
}

#[test]
fn the_passing_runs_are_counted() {
    let workspace = with_submissions(&[("right", "out\nhi\nignore-rest\n")]);
    let file = workspace.path("file");
    let once = format!("once\n{}\nout\nhi\nelse\nout\nho\nignore-rest\n", file.display());
    workspace.write("in/flaky", &once);
    workspace.write("its.snap", "$ its\nhi\n\n$ its 2\nhi\n\n$ its 3\n% exit 1\n");
    let assert = grade(&workspace, &[&actions(), "--stress=4"]).code(1);
    let assert = assert.stdout(contains("finds races").not());
    assert.stdout(row(&["right", "ok", "8 of 8"]).and(contains("FAILED     1 of 8  line 1: ")));
    let report = workspace.read("target/xtask/grade/its/flaky.txt");
    let repeat = "repeat: cargo xtask check --snapshot its.snap --run ";
    assert!(report.contains("in each of the 4 failing rounds"), "{report}");
    assert!(report.contains(repeat), "{report}");
    // Runs that expect another exit code are left out unless they are wanted.
    grade(&workspace, &[&actions(), "--all"]).code(1).stdout(contains("ok         2 of 3").not());
    workspace.write("its.snap", "$ its\n% exit 1\n");
    let none = "no run of `its.snap` expects exit code 0; add `--all`";
    grade(&workspace, &[&actions()]).code(2).stderr(contains(none));
}

/// Each of their runs takes as long as the limit allows.
#[test]
fn a_program_that_never_ends_runs_three_times() {
    let files = [("hangs", "sleep\n60\n"), ("wrong", "out\nho\n")];
    let workspace = with_submissions(&files);
    let options = ["--stress=6", "--conditions=alone", "--timeout=0.5", "--csv=book.csv"];
    let reason = "the program was still running after 0.5 s; 3 runs not started";
    grade(&workspace, &[&[&*actions()], &options[..]].concat())
        .code(1)
        .stdout(row(&["hangs", "FAILED", "0 of 3", reason]))
        .stdout(is_match(r"(?m)^wrong +FAILED +0 of 6 .* is not expected").unwrap());
    assert!(workspace.read("book.csv").contains("hangs,failed,0,3,"));
    let report = workspace.read("target/xtask/grade/its/hangs.txt");
    assert!(report.contains("in each of the 3 failing rounds"), "{report}");
}

#[test]
fn a_grade_book_is_csv() {
    let workspace =
        with_submissions(&[("Doe, \"Jo\"", "out\nhi, \"you\"\n"), ("right", "out\nhi\n")]);
    grade(&workspace, &[&actions(), "--csv=book.csv"]).code(1);
    let text = workspace.read("book.csv");
    assert!(
        text.starts_with("submission,status,passed,runs,reason\n\"Doe, \"\"Jo\"\"\",failed,0,1,")
    );
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(&rows[0][0], "Doe, \"Jo\"");
    assert!(
        rows[0][4].contains("\"hi, \\\"you\\\"\"") || rows[0][4].contains("hi, \"you\""),
        "{text}"
    );
    assert_eq!(rows[1], ["right", "passed", "1", "1", ""][..]);
}

#[test]
fn the_rows_are_in_the_reports_for_programs() {
    let workspace = with_submissions(&[("a", "out\nhi\n"), ("b", "out\nho\n"), ("c.txt", "")]);
    let options = ["--message-format=json", "--junit=junit.xml", &actions()];
    let events = events(&grade(&workspace, &options).code(1).stderr(is_empty()));
    let rows: Vec<_> = events.iter().filter(|event| event["event"] == "submission").collect();
    assert_eq!(rows.len(), 3);
    let expected = r#"{"event":"submission","submission":"a","status":"passed","passed":1,"runs":1,"reason":""}"#;
    assert_eq!(*rows[0], serde_json::from_str::<serde_json::Value>(expected).unwrap());
    assert_eq!((&rows[1]["status"], &rows[1]["passed"]), (&"failed".into(), &0.into()));
    assert_eq!(events.last().unwrap()["event"], "ended");
    let junit = workspace.read("junit.xml");
    for name in ["a", "b", "c.txt"] {
        assert!(junit.contains(&format!("<testsuite name=\"{name}\"")), "{junit}");
    }
}

#[test]
fn reports_of_an_earlier_time_do_not_stay() {
    let workspace = with_submissions(&[("a", "out\nho\n"), ("b", "out\nho\n")]);
    workspace.write("mine/notes.txt", "");
    for options in [&[][..], &["--output=mine"]] {
        let folder = if options.is_empty() { "target/xtask/grade/its" } else { "mine" };
        let reports = || [format!("{folder}/a.txt"), format!("{folder}/b.txt")];
        let exist = || reports().map(|report| workspace.path(&report).exists());
        let grade = || grade(&workspace, &[&[&*actions()], options].concat());
        workspace.write("in/a", "out\nho\n");
        grade().code(1).stdout(is_match(format!("is in .*{folder}\n")).unwrap());
        assert_eq!(exist(), [true, true]);
        workspace.write("in/a", "out\nhi\n");
        grade().code(1);
        assert_eq!(exist(), [false, true]);
    }
    assert!(workspace.path("mine/notes.txt").exists());
    // In the default folder, a report on a submission that was removed does not stay either.
    fs::remove_file(workspace.path("in/b")).unwrap();
    grade(&workspace, &[&actions()]).code(0);
    assert_eq!(fs::read_dir(workspace.path("target/xtask/grade/its")).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_graded_is_an_error() {
    let workspace = with_submissions(&[("a", "once\nran\n")]);
    let workspace = workspace.lesson("daemon", "").snapshot("daemon", "$ daemon\n");
    workspace.write("file", "");
    fs::create_dir(workspace.path("empty")).unwrap();
    let fails = |arguments: &[&str], error: &str| {
        let assert = workspace.xtask([&["grade"], arguments].concat()).assert();
        assert.code(2).stdout("").stderr(contains(error));
    };
    fails(&["daemon", "empty"], "error: there is no submission in `empty`\n");
    fails(&["daemon", "nowhere"], "error: cannot read the folder `nowhere`: ");
    fails(&["daemon", "file"], "error: cannot read the folder `file`: ");
    fails(&["deamon", "in"], "error: there is no lesson `deamon`; did you mean `daemon`?\n");
    fails(&["its.snap", "in"], "error: `its.snap` is not a lesson; write `--snapshot its.snap`\n");
    fails(&["--snapshot", "none.snap", "in"], "error: cannot read `none.snap`: ");
    fails(&["daemon", "in", "--output", "file"], "error: cannot write to `file`: ");
    fails(&["daemon", "in", "--output", "file/x"], "error: cannot write to `file/x`: ");
    fails(&["daemon", "in", "--output", "in/x"], "`in/x` would lie among the submissions");
    fails(&["daemon", "in", "--csv", "none/x.csv"], "error: cannot write `none/x.csv`: ");
    fails(&["daemon", "in", "--junit", "none/x.xml"], "error: cannot write `none/x.xml`: ");
    fails(&["daemon", "in", "--command", "node"], "it must contain `{}`");
    fails(&["daemon"], "required");
    fails(&["daemon", "in", "--snapshot", "its.snap"], "cannot be used with");
    assert!(!workspace.path("in/x").exists());
    // The machine lacks something, and not the submission.
    let assert = grade(&workspace, &["--command", "no-such-program {}"]).code(2);
    assert
        .stdout(row(&["a", "ERROR", "0 of 1"]).not().and(contains("cannot run `no-such-program`")));
}

#[test]
fn one_process_at_a_time_uses_the_folder_of_the_builds() {
    let workspace = with_submissions(&[("a.rs", HO)]);
    workspace.write("target/xtask/grade/.build/lock", "");
    let lock = File::open(workspace.path("target/xtask/grade/.build/lock")).unwrap();
    lock.lock().unwrap();
    let mut xtask = workspace.command(["grade", "--snapshot", "its.snap", "in"]);
    xtask.stdout(Stdio::piped()).stderr(File::create(workspace.path("errors")).unwrap());
    let xtask = xtask.spawn().unwrap();
    let waiting = "waiting for another `cargo xtask grade` to end\n";
    common::wait_until("it waits", || workspace.read("errors") == waiting);
    // Without a lock, the program would be built meanwhile.
    std::thread::sleep(Duration::from_secs(1));
    workspace.write("in/a.rs", HI);
    lock.unlock().unwrap();
    let output = xtask.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The run that comes first in the snapshot ends last.
#[test]
fn the_reason_is_that_of_the_first_run() {
    let workspace = with_submissions(&[("a", "")]);
    workspace.write("its.snap", "$ its sleep 1 out first\nhi\n\n$ its out second\nhi\n");
    let assert = grade(&workspace, &[&actions(), "-j2"]).code(1);
    assert.stdout(contains("0 of 2  line 1: \"first\" is not expected"));
}
