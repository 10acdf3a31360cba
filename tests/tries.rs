//! The Try of every lesson, carried out: `cargo test -p tests --test tries daemon` does that with one.
//!
//! The change is applied to a copy of the lesson, and the changed program does what the page of the
//! Try says. One Cargo builds all changed programs when the first test needs one.

mod common;

use std::fs;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use common::Shared;
use libtest_mimic::{Failed, Trial};
use xtask::build::Built;
use xtask::error::Result;
use xtask::practice::{Change, Changed, build_changed};
use xtask::workspace::{Lesson, TOPICS, Workspace};

fn main() -> ExitCode {
    common::run(Tries::load, trials)
}

struct Tries {
    shared: Shared,
    built: OnceLock<Result<Built>>,
}

impl Tries {
    fn load() -> Result<Self> {
        Ok(Self { shared: Shared::load()?, built: OnceLock::new() })
    }

    fn built(&self) -> Result<&Built> {
        let Shared { workspace, checker, .. } = &self.shared;
        let lessons = &workspace.lessons;
        let changed = |lesson| {
            // A page that is missing or wrong fails its own test.
            let source =
                Change::of_try(lesson, &workspace.root).ok()?.source(&workspace.root).ok()?;
            Some(Changed { lesson, name: &lesson.name, source })
        };
        let changed = || lessons.iter().filter_map(changed).collect::<Vec<_>>();
        let build = || build_changed("tries", &changed(), workspace, &checker.cancel);
        self.built.get_or_init(build).as_ref().map_err(Clone::clone)
    }
}

fn trials(tries: &Arc<Tries>) -> Vec<Trial> {
    let lessons = tries.shared.workspace.lessons.iter();
    let trial = |lesson: &Lesson| {
        let (tries, lesson) = (Arc::clone(tries), lesson.clone());
        Trial::test(lesson.name.clone(), move || does_what_its_page_says(&tries, &lesson))
    };
    let every_page = {
        let tries = Arc::clone(tries);
        Trial::test("every_page_belongs_to_a_lesson", move || {
            every_page_belongs_to_a_lesson(&tries.shared.workspace)
        })
    };
    lessons.map(trial).chain([every_page]).collect()
}

fn every_page_belongs_to_a_lesson(workspace: &Workspace) -> Result<(), Failed> {
    for topic in TOPICS {
        let folder = workspace.root.join(format!("examples-{topic}/tries"));
        for page in fs::read_dir(folder)? {
            let page = page?.path();
            let is_its_page = |lesson: &Lesson| {
                page.ends_with(lesson.folder().join("tries").join(format!("{}.md", lesson.name)))
            };
            if !workspace.lessons.iter().any(is_its_page) {
                return Err(format!("{}: there is no such lesson", page.display()).into());
            }
        }
    }
    Ok(())
}

fn does_what_its_page_says(tries: &Tries, lesson: &Lesson) -> Result<(), Failed> {
    let Shared { workspace, checker, .. } = &tries.shared;
    let change = Change::of_try(lesson, &workspace.root)?;
    change.source(&workspace.root)?;
    let Built { programs, errors, .. } = tries.built()?;
    let path = change.path.display();
    let errors = errors.get(&change.name).map(Vec::as_slice).unwrap_or_default();
    if let Some(code) = change.compiler_error() {
        let mut codes = errors.iter().filter_map(|error| error.code.as_ref());
        if codes.any(|found| found.code == code) {
            return Ok(());
        }
        return Err(format!("{path}: the compiler reports no {code}, but {errors:?}").into());
    }
    match programs.get(&change.name) {
        Some(program) => Ok(change.check(program, &workspace.root, checker)?),
        None => {
            let errors: String = errors.iter().filter_map(|error| error.rendered.clone()).collect();
            Err(format!("{path}: the changed program does not compile\n{errors}").into())
        }
    }
}
