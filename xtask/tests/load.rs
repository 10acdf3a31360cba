//! `cargo xtask load`, and all that can go wrong with the lessons that it runs.

mod common;

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::Workspace;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty, is_match, starts_with};

/// Computes for the number of seconds that its argument gives.
const COMPUTES: &str = "let seconds: f64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let start = std::time::Instant::now();
    while start.elapsed().as_secs_f64() < seconds { std::hint::black_box(0); }";
/// Waits for half a second.
const WAITS: &str = "std::thread::sleep(std::time::Duration::from_millis(500));";

/// A picture of an earlier run, which a run that draws nothing must not change.
const OLD: &str = "the picture of an earlier run";

#[test]
fn two_runs_are_drawn_side_by_side_and_nothing_moves() {
    let workspace = Workspace::new().lesson("computes", COMPUTES).lesson("waits", WAITS);
    let file = workspace.path("target/xtask/load.svg");
    let run = r"\d+\.\d\d s, \d+\.\d of \d+ cores busy\n(  The picture proves nothing .*\n  .*\n)?";
    // The whole output is this and nothing else: no bar, no colours.
    let expected = format!(r"^computes 0\.8: {run}waits: {run}picture: .*load\.svg\n$");
    let assert = workspace.xtask(["load", "computes", "0.8", "waits"]).assert().code(0);
    assert.stdout(is_match(expected).unwrap()).stderr(is_empty());

    let svg = fs::read_to_string(file).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    for part in ["\ncomputes 0.8\n", "\nwaits\n", "\nmean\n"] {
        assert!(svg.contains(part), "{part} is missing");
    }
    assert_eq!(svg.matches("\nstart\n").count(), 2, "{svg}");
}

/// The test itself is the other program: it keeps all cores busy.
#[test]
fn on_a_busy_machine_the_picture_proves_nothing() {
    let workspace = Workspace::new().lesson("waits", WAITS);
    let is_over = AtomicBool::new(false);
    let output = thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().unwrap().get() {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let output = workspace.command(["load", "'waits'  7", "-o", "its.svg"]).output();
        is_over.store(true, Ordering::Relaxed);
        output.unwrap()
    });
    let stdout = String::from_utf8(output.stdout).unwrap();
    let warning = "\n  The picture proves nothing about this lesson, because other programs kept ";
    assert!(stdout.starts_with("waits 7: ") && stdout.contains(warning), "{stdout}");
    let svg = workspace.read("its.svg");
    assert!(svg.contains("\nproves nothing: other programs kept "), "{svg}");
}

#[test]
fn words_that_name_no_lesson_are_refused() {
    let workspace = Workspace::new().lesson("computes", COMPUTES).lesson("waits", WAITS);
    let refuse = |words: &[&str], message: &str| {
        let words = ["load"].iter().chain(words).copied();
        let assert = workspace.xtask(words).assert().code(2).stdout("");
        assert.stderr(starts_with("error: ").and(contains(message)));
    };
    refuse(&["compute"], "`compute`; did you mean `computes`?\n");
    refuse(
        &["computes", "1", "wiats"],
        "`wiats`; did you mean `waits`?\nto pass it to `computes 1` as an argument, write \
         `'computes 1 wiats'`\n",
    );
    refuse(&["wiats 1"], "`wiats`; did you mean `waits`?\n");
    refuse(&["1", "waits"], "no lesson comes before `1`\n");
    refuse(&["waits 'a"], "`waits 'a` has a quote that is never closed\n");
    // By default the notebook's two lessons run, which this workspace does not have.
    refuse(&[], "`cpu_load_sequential`");
}

#[test]
fn a_picture_that_cannot_be_written_is_found_before_anything_is_built() {
    let workspace = Workspace::new().lesson("waits", WAITS);
    workspace.write("file", "");
    for file in ["no/such/folder/its.svg", "examples-toy", "file/its.svg"] {
        let assert = workspace.xtask(["load", "waits", "--output", file]).assert().code(2);
        assert.stdout("").stderr(starts_with(format!("error: cannot write `{file}`: ")));
        assert!(!workspace.path("target/debug").exists());
    }
    fs::remove_dir_all(workspace.path("target")).unwrap();
    workspace.write("target/xtask", "");
    let assert = workspace.xtask(["load", "waits"]).assert().code(2);
    assert.stderr(starts_with("error: cannot create `"));
}

#[test]
fn a_lesson_that_ends_too_soon_cannot_be_drawn() {
    let workspace = Workspace::new().lesson("ends", "").lesson("waits", WAITS);
    workspace.write("its.svg", OLD);
    let assert = workspace.xtask(["load", "waits", "ends", "-o", "its.svg"]).assert().code(2);
    assert
        .stdout("")
        .stderr(starts_with("error: `ends` ended after 0.").and(contains(
            " s, but must run for at least 0.3 s to be drawn; give it more to do\n",
        )));
    assert_eq!(workspace.read("its.svg"), OLD);
}

#[test]
fn a_lesson_that_does_not_end_well_is_named_and_nothing_is_drawn() {
    let workspace = Workspace::new()
        .lesson("hangs", "loop { std::thread::park(); }")
        .lesson("panics", "panic!(\"oh\\n\\x1b[31mno\");")
        .lesson("floods", "loop { println!(\"{:9999}\", 0); }")
        .lesson("waits", WAITS);
    workspace.write("its.svg", OLD);
    let refuse = |words: &[&str]| {
        let words = ["load", "-o", "its.svg"].iter().chain(words).copied();
        let assert = workspace.xtask(words).assert().code(1).stdout("");
        assert_eq!(workspace.read("its.svg"), OLD);
        assert
    };
    refuse(&["hangs", "waits", "--timeout", "1.5"]).stderr(starts_with(
        "error: `hangs` did not end well, so no picture was drawn: the program was still running \
             after 1.5 s",
    ));
    refuse(&["waits", "panics", "-1"]).stderr(
        starts_with("error: `panics -1` did not end well, so no picture was drawn: the program ended with exit code 101")
            // These are lines of its standard error, which cannot change the terminal.
            .and(contains("\n  oh\n  \\u{1b}[31mno\n")),
    );
    refuse(&["floods"]).stderr(
        "error: `floods` did not end well, so no picture was drawn: the program wrote more than 16 MiB, \
         so it was killed\n",
    );
}

/// The picture can be written to another name of a file, or to something that is not a file.
#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_pipe_a_pipe() {
    let workspace = Workspace::new().lesson("waits", WAITS);
    let real = workspace.write("real.svg", OLD);
    let link = workspace.path("link.svg");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    workspace.xtask(["load", "waits", "-o", "link.svg"]).assert().code(0);
    assert!(link.is_symlink() && workspace.read("real.svg").ends_with("</svg>\n"));

    let pipe = workspace.path("pipe.svg");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let mut xtask = workspace.command(["load", "waits", "-o", "pipe.svg"]);
    let xtask = xtask.stdout(std::process::Stdio::piped()).spawn().unwrap();
    assert!(fs::read_to_string(&pipe).unwrap().ends_with("</svg>\n"));
    assert!(xtask.wait_with_output().unwrap().status.success());
    assert!(!pipe.is_file());
}

#[cfg(unix)]
mod interrupted {
    use std::process::{Child, Stdio};
    use std::time::Duration;

    use common::{interrupt, is_alive, number_in, wait_until};

    use super::*;

    /// Writes its process number, and then computes for a minute.
    const LONG: &str = "std::fs::write(\"pid\", format!(\"{}\\n\", std::process::id())).unwrap();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while std::time::Instant::now() < end {}";

    fn start(workspace: &Workspace) -> Child {
        workspace.write("its.svg", OLD);
        let mut command = workspace.command(["load", "waits", "long", "-o", "its.svg"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn stop(workspace: &Workspace, xtask: Child) {
        let output = interrupt(xtask);
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert_eq!(stdout, "stopped by Ctrl-C; no picture was drawn\n");
        assert_eq!(workspace.read("its.svg"), OLD);
    }

    #[test]
    fn ctrl_c_ends_the_lesson_and_leaves_the_old_picture_alone() {
        let workspace = Workspace::new().lesson("long", LONG).lesson("waits", WAITS);
        let xtask = start(&workspace);
        let program = number_in(&workspace.path("pid"));
        thread::sleep(Duration::from_millis(500));
        assert!(is_alive(program));
        stop(&workspace, xtask);
        assert!(!is_alive(program));
    }

    #[test]
    fn ctrl_c_during_the_build_starts_no_lesson() {
        let workspace = Workspace::new().lesson("long", LONG).lesson("waits", WAITS);
        let xtask = start(&workspace);
        wait_until("the build begins", || workspace.path("target/debug").exists());
        stop(&workspace, xtask);
        thread::sleep(Duration::from_millis(500));
        assert!(!workspace.path("pid").exists());
    }
}
