//! Every lesson, checked against its snapshot: `cargo test daemon` runs the tests of that one.
//!
//! - `NAME`: all runs of its snapshot, as in `cargo xtask run-all NAME`.
//! - `NAME::header`: it has the parts that every header has, and its sample output is legal.
//! - `NAME::bad_arguments`, where it takes any: each is refused in the same form.
//! - `TOPIC/NAME.snap`: a snapshot that belongs to no lesson, which always fails.

mod common;

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;

use common::Shared;
use legal_outputs::{Output, Snapshot, Verdict};
use libtest_mimic::{Failed, Trial};
use predicates::prelude::*;
use xtask::suite::Suite;
use xtask::workspace::Lesson;

fn main() -> ExitCode {
    common::run(Shared::load, trials)
}

fn trials(shared: &Arc<Shared>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for lesson in &shared.workspace.lessons {
        type Test = fn(&Shared, &Lesson) -> Result<(), Failed>;
        let mut add = |suffix: &str, test: Test| {
            let (shared, lesson) = (Arc::clone(shared), lesson.clone());
            let name = format!("{}{suffix}", lesson.name);
            trials.push(Trial::test(name, move || test(&shared, &lesson)));
        };
        add("", prints_what_is_legal);
        add("::header", has_a_header);
        let arguments = lesson.arguments(&shared.workspace.root);
        if arguments.is_ok_and(|arguments| !arguments.is_empty()) {
            add("::bad_arguments", refuses_bad_arguments);
        }
    }
    for orphan in &shared.workspace.orphans {
        let problem = orphan.problem();
        let name = format!("{}/{}.snap", orphan.topic, orphan.name);
        trials.push(Trial::test(name, move || Err(problem.into())));
    }
    trials
}

fn prints_what_is_legal(shared: &Shared, lesson: &Lesson) -> Result<(), Failed> {
    if !shared.workspace.root.join(&lesson.snapshot).exists() {
        return Err(lesson.missing_snapshot().into());
    }
    let program = shared.program(lesson)?;
    let suite = Suite::of_lesson(lesson, &shared.workspace.root, program)?;
    Ok(common::check(&shared.checker, &suite)?)
}

/// A header has all its parts, and its sample is a legal output of the run that it shows.
fn has_a_header(shared: &Shared, lesson: &Lesson) -> Result<(), Failed> {
    let root = &shared.workspace.root;
    let source = fs::read_to_string(root.join(&lesson.source))?;
    let wrong = |what: &str| Err(format!("{}: {what}", lesson.source.display()).into());
    let header: Vec<&str> = source.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let header: Vec<&str> =
        header.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();

    let summary = lesson.summary(root)?;
    if !summary.ends_with('.') || summary.len() > 130 {
        let rule = "the lesson is no sentence of at most 130 characters with a full stop";
        return wrong(&format!("{rule}: {summary}"));
    }
    let mut rest = header.iter();
    // `**May differ:**` stands before `**Try:**` where something may differ.
    for part in ["| Python | Rust |", "```text", "```", "**Always:**", "**Try:**"] {
        if !rest.any(|line| line.starts_with(part)) {
            return wrong(&format!("the header has no `{part}` where it belongs"));
        }
    }

    let arguments = lesson.sample_arguments(root)?;
    let sample = header.iter().skip_while(|line| **line != "```text").skip(2);
    let stdout: String =
        sample.take_while(|line| **line != "```").map(|line| format!("{line}\n")).collect();

    let text = fs::read_to_string(root.join(&lesson.snapshot))?;
    let snapshot = Snapshot::parse(&text).map_err(|errors| format!("{errors:?}"))?;
    let run = snapshot.runs.iter().find(|run| run.arguments == arguments);
    let Some(run) = run else {
        let arguments = format!("the arguments {arguments:?} of the sample");
        return wrong(&format!("the snapshot has no run with {arguments}"));
    };
    match run.check(Output { stdout: stdout.as_bytes(), stderr: b"" }) {
        Verdict::Legal(_) => Ok(()),
        Verdict::Illegal(explanation) => wrong(&format!("the sample: {explanation}")),
        Verdict::Undecided(undecided) => wrong(&undecided.to_string()),
    }
}

fn refuses_bad_arguments(shared: &Shared, lesson: &Lesson) -> Result<(), Failed> {
    let program = shared.program(lesson)?;
    let takes = lesson.arguments(&shared.workspace.root)?;
    // Options may follow.
    let usage = format!("usage: {} {takes}", lesson.name);
    let many = takes.split(' ').count() + 1;
    for arguments in [vec!["abc"], vec!["-1"], vec![""], vec!["1"; many]] {
        assert_cmd::Command::new(program)
            .args(&arguments)
            .assert()
            .append_context("arguments", format!("{arguments:?}"))
            .code(2)
            .stdout(predicate::str::is_empty())
            .stderr(predicate::str::starts_with("error: ").and(predicate::str::contains(&*usage)))
            .stderr(predicate::str::contains("\n").count(1));
    }
    Ok(())
}
