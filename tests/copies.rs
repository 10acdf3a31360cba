//! Every example, copied, built as a project of its own with the network off, and held to its
//! snapshot: `cargo test --test copies daemon` does that with one.
//!
//! The copies stand far from this workspace, and share a target folder, which keeps what they
//! depend on. The compiler refuses a dependency that the source does not use.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Failed, Trial};
use xtask::runner::Trouble;
use xtask::runner::build::{cargo, programs_of};
use xtask::runner::cancel::Cancel;
use xtask::runner::catalog::{Catalog, Example};
use xtask::runner::copy::copy;
use xtask::runner::session::Session;
use xtask::runner::subject::Subject;

fn main() -> ExitCode {
    common::run(Workshop::open, trials)
}

/// Where copies are made and built.
struct Workshop {
    catalog: Catalog,
    session: Session,
    /// Cargo lets in one build of a target folder at a time, and says so if another has to wait.
    target: Mutex<PathBuf>,
}

impl Workshop {
    fn open() -> Result<Self, Trouble> {
        let catalog = Catalog::load(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let session = Session::new(Some(&catalog.target), Cancel::on_ctrl_c()?);
        let target = Mutex::new(catalog.target.join("copies"));
        Ok(Self { catalog, session, target })
    }

    /// Builds the project in this folder.
    fn build(&self, folder: &Path, name: &str) -> Result<PathBuf, Trouble> {
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner);
        let mut cargo = cargo();
        cargo.current_dir(folder).args(["rustc", "--offline", "--locked", "--quiet"]);
        cargo.arg("--message-format=json-render-diagnostics").arg("--target-dir").arg(&*target);
        // Nobody debugs these programs, and without what that needs they are built twice as fast.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "false");
        cargo.args(["--", "-D", "warnings", "-D", "unused-crate-dependencies"]);
        let programs = programs_of(cargo, &self.session.cancel)?;
        // The next copy may have the same name, and overwrites it.
        let program = folder.join(programs[name].file_name().expect("a program has a name"));
        fs::copy(&programs[name], &program)
            .map_err(|error| Trouble::with("copy", &programs[name], &error))?;
        Ok(program)
    }
}

fn trials(workshop: &Arc<Workshop>) -> Vec<Trial> {
    let examples = workshop.catalog.examples.iter().cloned();
    let trials = examples.map(|example| {
        let workshop = Arc::clone(workshop);
        Trial::test(example.name.clone(), move || stands_by_itself(&workshop, &example))
    });
    trials.collect()
}

fn stands_by_itself(workshop: &Workshop, example: &Example) -> Result<(), Failed> {
    let Workshop { catalog, session, .. } = workshop;
    let home = tempfile::tempdir()?;
    let copied = copy(catalog, &[example], &home.path().join("copy"), &session.cancel)?;
    let folder = &copied[0].folder;

    let source = fs::read_to_string(folder.join("src/main.rs"))?;
    if let Some(line) = source.lines().find(|line| line.contains("--bin")) {
        return Err(format!("the header names a command of its old home: {line}").into());
    }
    let changed = |line: &(&str, &str)| line.0 != line.1;
    let original = fs::read_to_string(catalog.root.join(&example.source))?;
    if original.lines().count() != source.lines().count() {
        return Err("the copy has more or fewer lines than the original".into());
    }
    let mut pairs = original.lines().zip(source.lines()).filter(changed);
    if let Some((line, _)) = pairs.find(|(line, _)| !line.contains("cargo run")) {
        return Err(format!("the copy has another line here: {line}").into());
    }

    let program = workshop.build(folder, &example.name)?;
    let mut subject = Subject::of_command(vec![program.into()], &catalog.root, &example.snapshot)?;
    subject.folder = Some(folder.clone());
    // A file that a run names is its input. Of the workspace nothing else is there.
    for argument in subject.snapshot.runs.iter().flat_map(|run| &run.arguments) {
        let input = catalog.root.join(argument);
        if input.is_file() {
            fs::copy(input, folder.join(argument))?;
        }
    }
    Ok(session.hold_subject(&subject)?)
}
