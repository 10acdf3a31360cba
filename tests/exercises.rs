//! The exercises: `cargo test -p tests --test exercises join_in_the_loop` tests that one.
//!
//! The judge, which is the snapshot of the lesson, refuses the program that the learner starts with,
//! and accepts the lesson. If the page names a compiler error, the compiler reports it. The hints do
//! not contain what the solution changes.

mod common;

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use common::Shared;
use libtest_mimic::{Failed, Trial};
use xtask::build::Built;
use xtask::command::exercise::judge;
use xtask::command::exit::Exit;
use xtask::error::Result;
use xtask::practice::{Change, Changed, Exercise, build_changed};

fn main() -> ExitCode {
    common::run(Exercises::load, trials)
}

struct Exercises {
    shared: Shared,
    all: Vec<Exercise>,
    built: OnceLock<Result<Built>>,
}

impl Exercises {
    fn load() -> Result<Self> {
        let shared = Shared::load()?;
        let all = Exercise::all(&shared.workspace)?;
        Ok(Self { shared, all, built: OnceLock::new() })
    }

    /// What one Cargo has built of all programs with a fault.
    fn built(&self) -> Result<&Built> {
        let Shared { workspace, checker, .. } = &self.shared;
        let build = || {
            let mut starters = Vec::new();
            for exercise in &self.all {
                let source = exercise.starter(&workspace.root)?;
                let Change { lesson, name, .. } = &exercise.change;
                starters.push(Changed { lesson, name, source });
            }
            build_changed("exercises", &starters, workspace, &checker.cancel)
        };
        self.built.get_or_init(build).as_ref().map_err(Clone::clone)
    }
}

fn trials(exercises: &Arc<Exercises>) -> Vec<Trial> {
    let trial = |index: usize| {
        let shared = Arc::clone(exercises);
        let name = exercises.all[index].change.name.clone();
        Trial::test(name, move || is_sound(&shared, &shared.all[index]))
    };
    (0..exercises.all.len()).map(trial).collect()
}

fn is_sound(exercises: &Exercises, exercise: &Exercise) -> Result<(), Failed> {
    let Exercise { task, hints, change, .. } = exercise;
    let path = change.path.display();
    if task.is_empty() || !(1..=3).contains(&hints.len()) {
        return Err(format!("{path}: it needs a task and one to three hints").into());
    }
    // What the solution changes is what the fault has removed.
    let removed = change.diff()?.lines().filter_map(|line| line.strip_prefix('-'));
    let code = removed.map(str::trim).filter(|line| line.len() > 8 && !line.starts_with("- "));
    for line in code {
        if hints.iter().any(|hint| hint.contains(line)) {
            return Err(format!("{path}: a hint contains a line of the solution: {line}").into());
        }
    }

    let Shared { workspace, checker, .. } = &exercises.shared;
    let Built { programs, errors, .. } = exercises.built()?;
    let judge = |program: &Path| judge(exercise, program, workspace, checker, Vec::new());
    if let Some(code) = change.compiler_error() {
        let mut errors = errors.get(&change.name).into_iter().flatten();
        if !errors.any(|error| error.code.as_ref().is_some_and(|found| found.code == code)) {
            return Err(format!("{path}: the compiler does not report {code}").into());
        }
    } else {
        let program = programs.get(&change.name).ok_or_else(|| {
            let errors = errors.get(&change.name).into_iter().flatten();
            let errors: String = errors.filter_map(|error| error.rendered.clone()).collect();
            format!("{path}: the program does not compile\n{errors}")
        })?;
        if judge(program)? != Exit::Failed {
            return Err(format!("{path}: the judge does not refuse the program").into());
        }
    }
    match judge(exercises.shared.program(&change.lesson)?)? {
        Exit::Success => Ok(()),
        exit => Err(format!("{path}: the judge does not accept the lesson: {exit:?}").into()),
    }
}
