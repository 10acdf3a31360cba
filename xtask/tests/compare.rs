//! `cargo xtask compare`, and all that can go wrong with the programs that it measures.

mod common;

use common::{Workspace, skip};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty, is_match, starts_with};

/// Writes a letter to the file `log`, and waits for the seconds that the last argument gives.
const RUST: &str = "use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true).open(\"log\").unwrap().write_all(b\"r\").unwrap();
    let seconds = std::env::args().next_back().unwrap().parse().unwrap();
    std::thread::sleep(std::time::Duration::from_secs_f64(seconds));";
const PYTHON: &str = "import sys, time\n\
                      with open(\"log\", \"a\") as log:\n    log.write(\"p\")\n\
                      time.sleep(float(sys.argv[-1]))\n";

/// The picture of an earlier run, which a run that measures nothing must not change.
const OLD: &str = "an older picture";

trait WithPython {
    /// Adds a lesson in both languages.
    fn lesson_in_both(self, name: &str, rust: &str, python: &str) -> Self;
}

impl WithPython for Workspace {
    fn lesson_in_both(self, name: &str, rust: &str, python: &str) -> Self {
        self.write(&format!("examples-toy/python/{name}.py"), python);
        self.lesson(name, rust)
    }
}

fn has_python() -> bool {
    let python = xtask::python::interpreter();
    if let Err(error) = &python {
        skip(&error.to_string());
    }
    python.is_ok()
}

#[test]
fn the_programs_run_in_turn_and_the_table_shows_their_times() {
    if !has_python() {
        return;
    }
    let workspace = Workspace::new().lesson_in_both("waits", RUST, PYTHON);
    let assert = workspace.xtask(["compare", "waits", "0.3", "--rounds", "3"]).assert().code(0);
    // Each program waits for at least 0.3 seconds.
    let time = r"0\.[3-9]\d\d s|[1-9]\d*\.\d{3} s";
    let row = format!(r"\nwaits 0\.3 \(whole run\) +({time}) +({time}) +\d+\.\d\n$");
    // Other tests may disturb the rounds.
    let errors = is_empty().or(starts_with("warning: the times of the rounds differ"));
    assert.stdout(starts_with(" ").and(is_match(row).unwrap())).stderr(errors);
    assert_eq!(workspace.read("log"), "prprpr");
}

#[test]
fn rounds_that_differ_are_reported() {
    if !has_python() {
        return;
    }
    // The program that comes first waits only in the first round.
    let python = PYTHON.replace(
        "time.sleep(float(sys.argv[-1]))",
        "time.sleep(1 if open(\"log\").read() == \"p\" else 0)",
    );
    let workspace = Workspace::new().lesson_in_both("waits", RUST, &python);
    let assert = workspace.xtask(["compare", "waits", "0", "--rounds", "2"]).assert().code(0);
    let warning = "warning: the times of the rounds differ by more than 30 % for `waits 0`; other ";
    assert.stderr(starts_with(warning));
}

#[test]
fn computations_have_a_speed_up_and_a_picture() {
    if !has_python() {
        return;
    }
    let line = |total: &&str| format!("print(\"Total time taken: {total} second(s)\")\n");
    let python = |totals: &[&str]| totals.iter().map(line).collect::<String>();
    let rust =
        |totals: &[&str]| python(totals).replace("print(", "println!(").replace(")\n", ");\n");
    let workspace = Workspace::new()
        .lesson_in_both(
            "multi_thread_with_busy_wait",
            &rust(&["1.00", "1.50"]),
            &python(&["2.00", "6.00"]),
        )
        .lesson_in_both("multiprocessing_with_busy_wait", &rust(&["0.75"]), &python(&["3.00"]))
        .lesson_in_both("single_thread_with_busy_wait", &rust(&["3.00"]), &python(&["6.00"]));
    let names = ["multi_thread", "multiprocessing", "single_thread"];
    let words = names.map(|name| format!("'{name}_with_busy_wait' 5"));
    let words = words.iter().map(String::as_str);
    let words = ["compare", "--rounds", "1", "-o", "its.svg"].into_iter().chain(words);
    let assert = workspace.xtask(words).assert().code(0).stderr("");
    let speed_ups =
        r"\nthree threads +1\.0 +2\.0\nthree processes +2\.0 +4\.0\npicture: its\.svg\n$";
    assert.stdout(is_match(speed_ups).unwrap());
    let svg = workspace.read("its.svg");
    for part in ["multi_thread_with_busy_wait 5: ", "\nthree threads\n", "dark"] {
        assert!(svg.contains(part), "{part} is missing in {svg}");
    }
}

#[test]
fn what_cannot_be_compared_is_refused_before_anything_is_built() {
    if !has_python() {
        return;
    }
    let workspace = Workspace::new().lesson("rusty", "").lesson_in_both("waits", RUST, PYTHON);
    workspace.write("its.svg", OLD);
    let refuse = |words: &[&str], message: &str| {
        let words = ["compare", "-o", "its.svg"].iter().chain(words).copied();
        let assert = workspace.xtask(words).assert().code(2).stdout("");
        assert.stderr(starts_with("error: ").and(contains(message)));
        assert!(!workspace.path("target/release").exists());
    };
    refuse(&["rusty"], "`rusty` has no program in Python: `examples-toy/python/rusty.py`\n");
    refuse(&["wait"], "`wait`; did you mean `waits`?\n");
    refuse(&["waits", "--rounds", "0"], "0 is not in 1..=1000");
    // By default the lessons run whose point is time, which this workspace does not have.
    refuse(&[], "`single_thread_with_blocking_wait`");
    assert_eq!(workspace.read("its.svg"), OLD);

    let words = ["compare", "waits", "0", "-o", "no/such/its.svg"];
    let assert = workspace.xtask(words).assert().code(2).stdout("");
    assert.stderr(starts_with("error: cannot write `no/such/its.svg`: "));
}

#[test]
fn a_program_that_does_not_end_well_is_named() {
    if !has_python() {
        return;
    }
    let workspace = Workspace::new()
        .lesson_in_both("raises", "", "raise ValueError('oh')")
        .lesson_in_both("panics", "panic!(\"oh\");", "")
        .lesson_in_both("waits", RUST, PYTHON);
    workspace.write("its.svg", OLD);
    let refuse = |words: &[&str], program: &str, problem: &str| {
        let words = ["compare", "-o", "its.svg"].iter().chain(words).copied();
        let assert = workspace.xtask(words).assert().code(1).stdout("");
        let message = starts_with(format!("error: `{program}` did not end well as `"));
        assert.stderr(message.and(contains(problem)));
        assert_eq!(workspace.read("its.svg"), OLD);
    };
    let exit_code = |code| format!("`: the program ended with exit code {code} instead of 0\n");
    refuse(&["waits", "0", "raises"], "raises", &format!("raises.py{}", exit_code(1)));
    refuse(&["raises"], "raises", "\n  ValueError: oh\n");
    refuse(&["panics"], "panics", &exit_code(101));
    refuse(&["waits", "60", "--timeout", "0.5"], "waits 60", "was still running after 0.5 s");
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;

    use common::{interrupt, is_alive, number_in};

    use super::*;

    #[test]
    fn a_python_that_is_too_old_or_does_not_work_is_refused() {
        let workspace = Workspace::new().lesson_in_both("waits", RUST, PYTHON);
        let refuse = |script: &str, message: &str| {
            let python = workspace.write("bin/python3", &format!("#!/bin/sh\n{script}\n"));
            fs::set_permissions(&python, PermissionsExt::from_mode(0o755)).unwrap();
            let path =
                format!("{}:{}", workspace.path("bin").display(), std::env::var("PATH").unwrap());
            let mut xtask = workspace.xtask(["compare", "waits", "0"]);
            let need = "the programs in Python need Python 3.11 or newer";
            xtask.env("PATH", path).assert().code(2).stderr(format!("error: {message}; {need}\n"));
        };
        refuse("printf '3 9\\n/bin/python3.9\\n'", "`python3` is Python 3.9");
        refuse("printf '2 12\\n/bin/python2\\n'", "`python3` is Python 2.12");
        refuse("exit 1", "`python3` does not work");
    }

    #[test]
    fn ctrl_c_ends_the_program_and_leaves_the_old_picture_alone() {
        if !has_python() {
            return;
        }
        let python = "import os, time\n\
                      with open('pid', 'w') as file:\n    print(os.getpid(), file=file)\n\
                      time.sleep(60)\n";
        let workspace = Workspace::new().lesson_in_both("long", "", python);
        workspace.write("its.svg", OLD);
        let mut xtask = workspace.command(["compare", "long", "-o", "its.svg"]);
        let xtask = xtask.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let program = number_in(&workspace.path("pid"));
        assert!(is_alive(program));
        let output = interrupt(xtask);
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert_eq!(stdout, "stopped by Ctrl-C; nothing was compared\n");
        assert_eq!(workspace.read("its.svg"), OLD);
        assert!(!is_alive(program));
    }
}
