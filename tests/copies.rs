//! Every lesson is copied, built as a project of its own without a network, and checked against its
//! snapshot: `cargo test --test copies daemon` does that with one.
//!
//! The copies lie outside this workspace and share a target folder, which keeps their dependencies.
//! The compiler rejects a dependency that the source does not use.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use common::Shared;
use libtest_mimic::{Failed, Trial};
use xtask::build::{cargo, programs_of};
use xtask::command::copy::copy;
use xtask::error::{Error, Result};
use xtask::suite::{RunFolder, Subject, Suite};
use xtask::workspace::Lesson;

fn main() -> ExitCode {
    common::run(Workshop::open, trials)
}

/// Where copies are made and built.
struct Workshop {
    shared: Shared,
    /// Cargo lets in one build of a target folder at a time, and says so if another has to wait.
    target: Mutex<PathBuf>,
}

impl Workshop {
    fn open() -> Result<Self> {
        let shared = Shared::load()?;
        // The changed programs of the other tests have the same dependencies.
        let target = Mutex::new(shared.workspace.target.join("changed/target"));
        Ok(Self { shared, target })
    }

    /// Builds the project in this folder.
    fn build(&self, folder: &Path, name: &str) -> Result<PathBuf> {
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner);
        let mut cargo = cargo();
        cargo.current_dir(folder).args(["rustc", "--offline", "--locked", "--quiet"]);
        cargo.arg("--message-format=json-render-diagnostics").arg("--target-dir").arg(&*target);
        // These programs are not debugged, and without debug information they are built twice as fast.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "false");
        cargo.args(["--", "-D", "warnings", "-D", "unused-crate-dependencies"]);
        let programs = programs_of(cargo, &self.shared.checker.cancel)?;
        // The next copy may have the same name, and overwrites it.
        let program = folder.join(programs[name].file_name().expect("a program has a name"));
        fs::copy(&programs[name], &program)
            .map_err(|error| Error::io("copy", &programs[name], &error))?;
        Ok(program)
    }
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let lessons = workshop.shared.workspace.lessons.iter().cloned();
    let trials = lessons.map(|lesson| {
        let workshop = Arc::clone(workshop);
        Trial::test(lesson.name.clone(), move || stands_by_itself(&workshop, &lesson))
    });
    trials.collect()
}

fn stands_by_itself(workshop: &Workshop, lesson: &Lesson) -> Result<(), Failed> {
    let Shared { workspace, checker, .. } = &workshop.shared;
    let home = tempfile::tempdir()?;
    let copied = copy(workspace, &[lesson], &home.path().join("copy"), &checker.cancel)?;
    let folder = &copied[0].folder;

    let source = fs::read_to_string(folder.join("src/main.rs"))?;
    if let Some(line) = source.lines().find(|line| line.contains("--bin")) {
        return Err(format!("the header has a command of the workspace: {line}").into());
    }
    let changed = |line: &(&str, &str)| line.0 != line.1;
    let original = fs::read_to_string(workspace.root.join(&lesson.source))?;
    if original.lines().count() != source.lines().count() {
        return Err("the copy has more or fewer lines than the original".into());
    }
    let mut pairs = original.lines().zip(source.lines()).filter(changed);
    if let Some((line, _)) = pairs.find(|(line, _)| !line.contains("cargo run")) {
        return Err(format!("the copy has another line here: {line}").into());
    }

    let program = workshop.build(folder, &lesson.name)?;
    let subject = Subject::Command {
        words: vec![program.into()],
        // Of the workspace only the files that a run names are there: its input.
        folder: RunFolder::Fresh { inputs: workspace.root.clone() },
        snapshot: Vec::new(),
    };
    let suite = Suite::load(&workspace.root, &lesson.snapshot, subject)?;
    Ok(common::check(checker, &suite)?)
}
