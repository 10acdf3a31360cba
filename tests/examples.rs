//! Every example, held to its snapshot: `cargo test daemon` runs the tests of that one.
//!
//! - `NAME`: all runs of its snapshot, as `cargo xtask run-all NAME` does it.
//! - `NAME::header`: it has the parts that every header has, and its sample output is legal.
//! - `NAME::bad_arguments`, where it takes any: each is refused in the same form.
//! - `TOPIC/NAME.snap`: a snapshot that no example belongs to, which always fails.

mod common;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use legal_outputs::{Output, Snapshot, Verdict};
use libtest_mimic::{Failed, Trial};
use predicates::prelude::*;
use xtask::runner::Trouble;
use xtask::runner::build::{Manner, build};
use xtask::runner::cancel::Cancel;
use xtask::runner::catalog::{Catalog, Example};
use xtask::runner::session::Session;
use xtask::runner::subject::Subject;

fn main() -> ExitCode {
    common::run(Workspace::load, trials)
}

/// What all tests share.
struct Workspace {
    catalog: Catalog,
    session: Session,
    programs: OnceLock<Result<HashMap<String, PathBuf>, Trouble>>,
}

impl Workspace {
    fn load() -> Result<Self, Trouble> {
        let catalog = Catalog::load(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let session = Session::new(Some(&catalog.target), Cancel::on_ctrl_c()?);
        Ok(Self { catalog, session, programs: OnceLock::new() })
    }

    /// An example's executable. All are built by one Cargo, when the first test asks for one.
    fn program(&self, example: &Example) -> Result<&Path, Trouble> {
        let Catalog { root, examples, .. } = &self.catalog;
        let manner = Manner { release: false, quiet: true };
        let build = || build(root, examples, manner, &self.session.cancel);
        let programs = self.programs.get_or_init(build).as_ref().map_err(Clone::clone)?;
        Ok(&programs[&example.name])
    }
}

fn trials(workspace: &Arc<Workspace>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for example in &workspace.catalog.examples {
        type Test = fn(&Workspace, &Example) -> Result<(), Failed>;
        let mut add = |suffix: &str, test: Test| {
            let (workspace, example) = (Arc::clone(workspace), example.clone());
            let name = format!("{}{suffix}", example.name);
            trials.push(Trial::test(name, move || test(&workspace, &example)));
        };
        add("", prints_what_is_legal);
        add("::header", has_a_header);
        let arguments = example.arguments(&workspace.catalog.root);
        if arguments.is_ok_and(|arguments| !arguments.is_empty()) {
            add("::bad_arguments", refuses_bad_arguments);
        }
    }
    for orphan in &workspace.catalog.orphans {
        let problem = orphan.problem();
        let name = format!("{}/{}.snap", orphan.topic, orphan.name);
        trials.push(Trial::test(name, move || Err(problem.into())));
    }
    trials
}

fn prints_what_is_legal(workspace: &Workspace, example: &Example) -> Result<(), Failed> {
    if !workspace.catalog.root.join(&example.snapshot).exists() {
        return Err(example.without_snapshot().into());
    }
    let program = workspace.program(example)?;
    let subject = Subject::of_example(example, &workspace.catalog.root, program)?;
    Ok(workspace.session.hold_subject(&subject)?)
}

/// A header's parts, and its sample held to the run of the snapshot that it shows.
fn has_a_header(workspace: &Workspace, example: &Example) -> Result<(), Failed> {
    let root = &workspace.catalog.root;
    let source = fs::read_to_string(root.join(&example.source))?;
    let wrong = |what: &str| Err(format!("{}: {what}", example.source.display()).into());
    let header: Vec<&str> = source.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let header: Vec<&str> =
        header.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();

    let lesson = example.lesson(root)?;
    if !lesson.ends_with('.') || lesson.len() > 130 {
        let rule = "the lesson is no sentence of at most 130 characters with a full stop";
        return wrong(&format!("{rule}: {lesson}"));
    }
    let mut rest = header.iter();
    // `**May differ:**` stands before `**Try:**` where something may differ.
    for part in ["| Python | Rust |", "```text", "```", "**Always:**", "**Try:**"] {
        if !rest.any(|line| line.starts_with(part)) {
            return wrong(&format!("the header has no `{part}` where it belongs"));
        }
    }

    let mut sample = header.iter().skip_while(|line| **line != "```text").skip(1);
    let run_command = format!("$ cargo run -p {} --bin {}", example.package, example.name);
    let command = sample.next().copied().unwrap_or_default();
    let arguments = match command.strip_prefix(&run_command) {
        Some("") => "",
        Some(behind) if behind.starts_with(" -- ") => &behind[" -- ".len()..],
        _ => return wrong(&format!("the sample does not begin with `{run_command}`")),
    };
    let stdout: String =
        sample.take_while(|line| **line != "```").map(|line| format!("{line}\n")).collect();

    let text = fs::read_to_string(root.join(&example.snapshot))?;
    let snapshot = Snapshot::parse(&text).map_err(|errors| format!("{errors:?}"))?;
    let words = shlex::split(arguments).unwrap_or_default();
    let run = snapshot.runs.iter().find(|run| run.arguments == words);
    let Some(run) = run else {
        let arguments = format!("the arguments `{arguments}` of the sample");
        return wrong(&format!("the snapshot has no run with {arguments}"));
    };
    match run.judge(Output { stdout: stdout.as_bytes(), stderr: b"" }) {
        Verdict::Legal(_) => Ok(()),
        Verdict::Illegal(explanation) => wrong(&format!("the sample: {explanation}")),
        Verdict::Undecided(undecided) => wrong(&undecided.to_string()),
    }
}

fn refuses_bad_arguments(workspace: &Workspace, example: &Example) -> Result<(), Failed> {
    let program = workspace.program(example)?;
    let takes = example.arguments(&workspace.catalog.root)?;
    // Options may follow.
    let usage = format!("usage: {} {takes}", example.name);
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
