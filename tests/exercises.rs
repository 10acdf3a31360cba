//! The exercises: `cargo test -p tests --test exercises join_in_the_loop` tests that one.
//!
//! The judge, which is the snapshot of the lesson, refuses the program that the learner starts with,
//! and accepts the lesson. If the page names a compiler error, the compiler reports this error and no
//! other. Neither the task nor the hints contain what the solution changes.

mod common;

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock};

use common::Shared;
use libtest_mimic::{Failed, Trial};
use xtask::build::Built;
use xtask::command::exercise::judge;
use xtask::command::exit::Exit;
use xtask::command::report::Reporter;
use xtask::error::{Error, Result};
use xtask::practice::{Change, Changed, Exercise, build_changed};
use xtask::session::Event;

fn main() -> ExitCode {
    // A test runs many programs at once itself.
    common::run_at_once(2, Exercises::load, trials)
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
        let mut names: HashSet<&str> =
            shared.workspace.lessons.iter().map(|lesson| &*lesson.name).collect();
        for Exercise { change, .. } in &all {
            if !names.insert(&change.name) {
                let path = change.path.display();
                return Err(Error::new(format!(
                    "{path}: a lesson or another exercise has this name"
                )));
            }
        }
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
    let Shared { workspace, checker, .. } = &exercises.shared;
    let starter = exercise.starter(&workspace.root)?;
    let solution = exercise.solution(&workspace.root)?;
    let texts: Vec<String> = hints.iter().chain([task]).map(|text| in_one_line(text)).collect();
    for line in solution.lines().filter(|line| !starter.lines().any(|old| old == *line)) {
        let code = in_one_line(line.trim_end_matches([';', '{', ',', ' ']));
        if code.len() > 8 && texts.iter().any(|text| text.contains(&code)) {
            return Err(format!("{path}: it contains a line of the solution: {code}").into());
        }
    }

    let Built { programs, errors, .. } = exercises.built()?;
    let errors = errors.get(&change.name).map(Vec::as_slice).unwrap_or_default();
    let rendered: String = errors.iter().filter_map(|error| error.rendered.clone()).collect();
    let judge = |program: &Path| -> Result<(Exit, String), Failed> {
        let problem = Arc::default();
        let reporters: Vec<Box<dyn Reporter + Send>> =
            vec![Box::new(Problem(Arc::clone(&problem)))];
        let exit = judge(exercise, program, workspace, checker, reporters)?;
        let problem = problem.lock().expect("no reporter panics").clone();
        Ok((exit, problem))
    };
    let expected = change.blocks().into_iter().find(|block| block.info.starts_with("error "));
    if let Some(error) = expected {
        let expected = error.body.trim();
        let code = format!("error[{}]: ", &error.info["error ".len()..]);
        // The same error may be in several places.
        let mut found = rendered.lines().filter(|line| line.starts_with("error["));
        let is_first = expected.starts_with(&code) && found.next() == Some(expected);
        if !is_first || found.any(|line| !line.starts_with(&code)) {
            return Err(format!(
                "{path}: not only this, which the page says: {expected}\n{rendered}"
            )
            .into());
        }
    } else {
        let program = programs
            .get(&change.name)
            .ok_or_else(|| format!("{path}: the program does not compile\n{rendered}"))?;
        let (exit, problem) = judge(program)?;
        if exit != Exit::Failed {
            return Err(format!("{path}: the judge does not refuse the program\n{problem}").into());
        }
    }
    match judge(exercises.shared.program(&change.lesson)?)? {
        (Exit::Success, _) => Ok(()),
        (_, problem) => {
            Err(format!("{path}: the judge does not accept the lesson\n{problem}").into())
        }
    }
}

/// Keeps what is wrong with the last run that has not passed.
struct Problem(Arc<Mutex<String>>);

impl Reporter for Problem {
    fn report(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let Event::RunEnded { case, result, .. } = event
            && !result.problem.is_empty()
        {
            let problem = format!("$ {}\n{}", case.title(), result.problem);
            *self.0.lock().expect("no test panics with it") = problem;
        }
        Ok(())
    }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
