//! `cargo xtask load`, and all that can go wrong with what it runs.

mod common;

use std::fs;
use std::time::{Duration, Instant};

use common::Workspace;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty, is_match, starts_with};

/// Computes for the seconds that its argument gives.
const COMPUTES: &str = "let seconds = std::env::args().nth(1).map_or(0.6, |n| n.parse().unwrap());
    let start = std::time::Instant::now();
    while start.elapsed().as_secs_f64() < seconds { std::hint::black_box(0); }";
/// Waits for a second.
const WAITS: &str = "std::thread::sleep(std::time::Duration::from_secs(1));";

fn json(output: &[u8]) -> serde_json::Value {
    serde_json::from_slice(output).expect("standard output is one JSON document")
}

#[test]
fn a_picture_is_drawn_and_told_in_words_and_nothing_moves() {
    let workspace = Workspace::new().example("computes", COMPUTES).example("waits", WAITS);
    let assert = workspace.xtask(["load", "computes", "0.8", "waits"]).assert().code(0);
    let file = workspace.path("target/xtask/load/computes_0.8-waits.svg");
    assert
        .stdout(
            // How late they are depends on what else the machine does.
            is_match(r"(?m)^computes 0\.8: \d+\.\d\d s, ")
                .unwrap()
                .and(is_match(r"(?m)^waits: \d+\.\d\d s, ").unwrap())
                .and(contains("mean load of all cores: "))
                .and(contains("  the example kept "))
                .and(contains("it waits nearly all the time\n"))
                .and(contains("before the start"))
                .and(contains(format!("picture: {}\n", file.display())))
                .and(contains("█").not())
                .and(contains("\r").not())
                .and(contains("\x1b").not()),
        )
        .stderr(is_empty());
    let svg = fs::read_to_string(file).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    for part in ["\ncomputes 0.8\n", "\nwaits\n", "\ncore 0\n", "\nmean\n", "\nstart\n", "\nend\n"]
    {
        assert!(svg.contains(part), "{part} is missing");
    }
}

/// What it costs to watch is part of the same report.
#[test]
fn the_samples_can_be_told_to_programs() {
    let workspace = Workspace::new().example("waits", WAITS);
    let assert = workspace
        .xtask(["load", "'waits'  7", "--format", "json", "--output", "its.svg"])
        .assert()
        .code(0)
        .stderr(is_empty());
    let report = json(&assert.get_output().stdout);
    assert!(workspace.path("its.svg").exists());
    assert_eq!(report["picture"], "its.svg");
    assert_eq!(report["every"], 0.1);
    let run = &report["runs"][0];
    assert_eq!(run["title"], "waits 7");
    assert_eq!(run["ending"]["how"], "well");
    let seconds = run["seconds"].as_f64().unwrap();
    assert!((1.0..9.0).contains(&seconds), "{seconds}");

    let cores = run["figures"]["cores"].as_u64().unwrap() as usize;
    let samples = run["samples"].as_array().unwrap();
    for sample in samples {
        let loads = sample["loads"].as_array().unwrap();
        assert_eq!(loads.len(), cores);
        assert!(loads.iter().all(|load| (0.0..=1.0).contains(&load.as_f64().unwrap())));
        assert!(sample["from"].as_f64() < sample["to"].as_f64());
    }
    assert!(samples[0]["from"].as_f64().unwrap() < -0.9);
    assert!(samples.len() > 10, "{}", samples.len());

    #[cfg(unix)]
    {
        assert!(run["cpu_seconds"].as_f64().unwrap() < 0.1);
        let cost = run["watching_cpu_seconds"].as_f64().unwrap();
        assert!(cost < 0.01 * (seconds + 1.3), "it costs {cost} s to watch for {seconds} s");
    }
}

#[test]
fn words_that_name_no_example_are_refused() {
    let workspace = Workspace::new().example("computes", COMPUTES).example("waits", WAITS);
    let refuse = |words: &[&str], message: &str| {
        let words = ["load"].iter().chain(words).copied();
        workspace.xtask(words).assert().code(2).stdout("").stderr(format!("error: {message}\n"));
    };
    refuse(&["compute"], "there is no example `compute`; did you mean `computes`?");
    refuse(
        &["computes", "1", "wiats"],
        "there is no example `wiats`; did you mean `waits`?\nan argument of `computes 1` is written \
         `'computes 1 wiats'`",
    );
    refuse(&["wiats 1"], "there is no example `wiats`; did you mean `waits`?");
    refuse(&["1", "waits"], "`1` is an argument, but no example is before it");
    refuse(&["waits 'a"], "`waits 'a` has a quote without its end");
    // The notebook's two are not in every workspace.
    let remedy = "; `cargo xtask list` names all";
    refuse(&[], &format!("there is no example `cpu_load_sequential`{remedy}"));
}

#[test]
fn a_picture_that_cannot_be_written_is_found_before_anything_runs() {
    let workspace = Workspace::new().example("waits", WAITS);
    let refuse = |file: &str, message: &str| {
        let assert = workspace.xtask(["load", "waits", "--output", file]).assert().code(2);
        assert.stdout("").stderr(starts_with(format!("error: cannot {message}")));
    };
    refuse(
        "no/such/folder/its.svg",
        "write `no/such/folder/its.svg`: there is no folder `no/such/folder`\n",
    );
    refuse("examples-toy", "write `examples-toy`: ");
    refuse("-", "write `-`: the words are on standard output; name a file\n");
    workspace.write("file", "");
    refuse("file/its.svg", "write `file/its.svg`: ");

    workspace.write("target/xtask", "");
    let assert = workspace.xtask(["load", "waits"]).assert().code(2);
    assert.stderr(starts_with("error: cannot make the folder `"));
}

#[test]
fn an_example_that_ends_at_once_has_no_load() {
    let workspace = Workspace::new()
        .example("ends", "")
        .example("waits", WAITS)
        .example("takes", "if std::env::args().len() > 1 { println!(\"usage: takes [N]\"); }")
        .example("refuses", "eprintln!(\"error: no\\nusage: refuses\"); std::process::exit(2);");
    let refuse = |words: &[&str]| {
        let words = ["load"].iter().chain(words).chain(&["--output", "its.svg"]).copied();
        let assert = workspace.xtask(words).assert().code(2).stdout("");
        assert!(!workspace.path("its.svg").exists());
        assert
    };
    refuse(&["ends"]).stderr(
        starts_with("error: `ends` ended after 0.")
            .and(contains("s: to see its load it has to run for 0.3 s at least\n")),
    );
    refuse(&["takes"]).stderr(contains("; give it more to do: cargo xtask load takes [N]\n"));
    // What ran before it is not lost.
    let words = ["load", "waits", "ends", "--output", "two.svg"];
    let assert = workspace.xtask(words).assert().code(2);
    assert
        .stdout(starts_with("waits: ").and(contains("picture: two.partial.svg\n")))
        .stderr(starts_with("error: `ends` ended after 0."));
    assert!(workspace.path("two.partial.svg").exists() && !workspace.path("two.svg").exists());
    refuse(&["refuses", "-1"]).stderr(
        starts_with("error: `refuses -1` has no load to draw: it ended with exit ")
            .and(contains("\n  error: no\n  usage: refuses\n")),
    );
}

#[test]
fn an_example_that_does_not_end_well_is_drawn_and_told() {
    let workspace = Workspace::new()
        .example("hangs", "loop { std::thread::sleep(std::time::Duration::from_secs(60)); }")
        .example("panics", &format!("{WAITS} panic!(\"oh\");"))
        .example("floods", &format!("{WAITS} loop {{ println!(\"{{:9999}}\", 0); }}"));
    let start = Instant::now();
    let words = ["load", "hangs", "panics", "floods", "--timeout", "8", "-o", "its.svg"];
    let assert = workspace.xtask(words).assert().code(1);
    assert.stdout(
        contains("hangs: ")
            .and(contains("\n  it was still running after 8 s and was ended (see --timeout)\n"))
            .and(contains("\n  it ended with exit "))
            .and(contains("oh\n"))
            .and(contains("\n  it wrote more than 16 MiB and was ended\n"))
            // What was cut off is not the whole picture.
            .and(contains("picture: its.partial.svg\n")),
    );
    assert!(start.elapsed() < Duration::from_secs(60));
    assert!(workspace.path("its.partial.svg").exists() && !workspace.path("its.svg").exists());
    workspace.xtask(["load", "panics", "-o", "its.svg"]).assert().code(1);
    assert!(workspace.path("its.svg").exists());
}

/// What the picture is written to may be another name of a file, or no file.
#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_device_a_device() {
    let workspace = Workspace::new().example("waits", WAITS);
    let real = workspace.write("real.svg", "");
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

#[test]
#[cfg(unix)]
fn a_report_that_nobody_reads_loses_no_picture() {
    use std::io::{BufRead, BufReader};

    let workspace = Workspace::new().example("waits", WAITS);
    let mut xtask = workspace.command(["load", "waits", "waits", "waits", "-o", "its.svg"]);
    let mut xtask = xtask.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(xtask.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("waits: "), "{line}");
    assert_eq!(xtask.wait().unwrap().code(), Some(141));
    assert!(workspace.path("its.partial.svg").exists() && !workspace.path("its.svg").exists());
}

#[cfg(unix)]
mod interrupted {
    use std::process::{Child, Stdio};

    use common::{interrupt, is_alive, number_in};

    use super::*;

    /// Writes its number, and then computes for a minute.
    const LONG: &str = "std::fs::write(\"pid\", format!(\"{}\\n\", std::process::id())).unwrap();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while std::time::Instant::now() < end {}";

    fn start(workspace: &Workspace, words: &[&str]) -> Child {
        let words = ["load"].iter().chain(words).copied();
        let mut command = workspace.command(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    #[test]
    fn ctrl_c_draws_the_samples_so_far() {
        let workspace = Workspace::new().example("long", LONG).example("waits", WAITS);
        workspace.write("its.svg", "of an earlier run");
        let xtask = start(&workspace, &["waits", "long", "waits", "--output", "its.svg"]);
        let program = number_in(&workspace.path("pid"));
        std::thread::sleep(Duration::from_millis(800));
        let stdout = String::from_utf8(interrupt(xtask).stdout).unwrap();
        assert!(!is_alive(program));
        assert!(stdout.contains("\nlong: "), "{stdout}");
        assert!(stdout.contains("\n  it was stopped\n"), "{stdout}");
        assert!(stdout.ends_with("`waits` to draw\npicture: its.partial.svg\n"), "{stdout}");
        assert_eq!(workspace.read("its.svg"), "of an earlier run");
        let svg = workspace.read("its.partial.svg");
        assert!(svg.contains("\nlong\n") && svg.ends_with("</svg>\n"), "{svg}");

        fs::remove_file(workspace.path("pid")).unwrap();
        let xtask = start(&workspace, &["long", "--format", "json", "--timeout", "60"]);
        number_in(&workspace.path("pid"));
        std::thread::sleep(Duration::from_millis(800));
        let report = json(&interrupt(xtask).stdout);
        assert_eq!(report["runs"][0]["ending"]["how"], "stopped");
        assert!(report["runs"][0]["samples"].as_array().unwrap().len() > 10);
    }

    #[test]
    fn ctrl_c_before_the_start_leaves_nothing_to_draw() {
        let workspace = Workspace::new().example("long", LONG);
        // The folder of the picture is made before the example is built and the machine watched.
        let xtask = start(&workspace, &["long"]);
        common::wait_until("the folder is made", || workspace.path("target/xtask/lock").exists());
        let stdout = String::from_utf8(interrupt(xtask).stdout).unwrap();
        assert_eq!(stdout, "stopped without a load of `long` to draw\n");
        assert!(!workspace.path("target/xtask/load/long.svg").exists());
        assert!(!workspace.path("pid").exists());
    }
}
