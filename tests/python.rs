//! The lessons in Python: `cargo test -p tests --test python daemon` checks that one.
//!
//! A program is checked against the snapshot of its lesson. If the outputs that are legal in Python
//! differ, the program has its own snapshot, `NAME.snap` in the same folder.

mod common;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use common::Shared;
use libtest_mimic::{Failed, Trial};
use xtask::error::Result;
use xtask::python;
use xtask::suite::{RunFolder, Subject, Suite};
use xtask::workspace::{Lesson, Workspace};

/// The lessons that have no program in Python, and the reasons.
const NONE: [(&str, &str); 7] = [
    ("compare_exchange", "Python has no atomic integers"),
    ("dependency_versions", "it is about Cargo, and its snapshot names crates"),
    ("distributed_map", "it is about timely, a crate"),
    ("distributed_word_count", "it is about timely, a crate"),
    ("memory_ordering", "Python has no memory orderings"),
    ("module_name", "Python names the file that it runs `__main__`, and not after the program"),
    ("rwlock", "Python has no read-write lock"),
];

fn main() -> ExitCode {
    common::run(Python::load, trials)
}

struct Python {
    shared: Shared,
    interpreter: Result<PathBuf>,
}

impl Python {
    fn load() -> Result<Self> {
        Ok(Self { shared: Shared::load()?, interpreter: python::interpreter() })
    }
}

fn trials(python: &Arc<Python>) -> Vec<Trial> {
    let workspace = &python.shared.workspace;
    let with_program = workspace.lessons.iter().filter_map(|lesson| {
        let program = lesson.python(&workspace.root)?;
        Some((lesson.clone(), program))
    });
    let trial = |(lesson, program): (Lesson, PathBuf)| {
        let python = Arc::clone(python);
        Trial::test(lesson.name.clone(), move || passes(&python, &lesson, program))
    };
    let mut trials: Vec<Trial> = with_program.map(trial).collect();
    let whole = [
        ("every_lesson_has_a_program", every_lesson_has_a_program as fn(&Python) -> _),
        ("every_file_belongs_to_a_lesson", every_file_belongs_to_a_lesson),
        ("no_program_hides_a_module", no_program_hides_a_module),
    ];
    trials.extend(whole.map(|(name, test)| {
        let python = Arc::clone(python);
        Trial::test(name, move || test(&python))
    }));
    trials
}

/// Whether a program prints what the snapshot allows.
fn passes(python: &Python, lesson: &Lesson, program: PathBuf) -> Result<(), Failed> {
    let Shared { workspace: Workspace { root, .. }, checker, .. } = &python.shared;
    let interpreter = match &python.interpreter {
        Ok(interpreter) => interpreter,
        Err(error) => {
            common::skip(&format!("{}: {error}", program.display()));
            return Ok(());
        }
    };
    let own = own_snapshot(lesson);
    let snapshot = if root.join(&own).exists() { &own } else { &lesson.snapshot };
    let subject = Subject::Command {
        words: vec![interpreter.into(), program.into()],
        folder: RunFolder::At(root.clone()),
        snapshot: Vec::new(),
    };
    let mut suite = Suite::load(root, snapshot, subject)?;
    // The programs do not check their arguments.
    suite.runs = suite.successful_runs("")?;
    Ok(common::check(checker, &suite)?)
}

fn own_snapshot(lesson: &Lesson) -> PathBuf {
    lesson.folder().join("python").join(format!("{}.snap", lesson.name))
}

fn every_lesson_has_a_program(python: &Python) -> Result<(), Failed> {
    let Workspace { root, lessons, .. } = &python.shared.workspace;
    let mut problems = Vec::new();
    for lesson in lessons {
        let name = &lesson.name;
        let reason = NONE.iter().find(|(other, _)| other == name);
        match (lesson.python(root), reason) {
            (None, None) => problems.push(format!(
                "`{name}` has no program in Python: add `{}/python/{name}.py`, or add `{name}` to \
                 `NONE` in `tests/python.rs` with the reason why it has none",
                lesson.folder().display()
            )),
            (Some(program), Some((_, reason))) => problems.push(format!(
                "`{}` exists, but `NONE` in `tests/python.rs` says: {reason}",
                program.display()
            )),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    for (name, _) in NONE {
        if lessons.iter().all(|lesson| lesson.name != name) {
            problems
                .push(format!("`NONE` in `tests/python.rs` names `{name}`, which is no lesson"));
        }
    }
    none_of(problems)
}

fn every_file_belongs_to_a_lesson(python: &Python) -> Result<(), Failed> {
    let Workspace { root, lessons, .. } = &python.shared.workspace;
    let programs = lessons.iter().filter_map(|lesson| Some((lesson.python(root)?, lesson)));
    let expected: HashSet<PathBuf> =
        programs.flat_map(|(program, lesson)| [program, own_snapshot(lesson)]).collect();
    let others = files(root, lessons)?.into_iter().filter(|path| !expected.contains(path));
    none_of(others.map(|path| format!("no lesson belongs to `{}`", path.display())).collect())
}

/// A program `queue.py` would be what the other programs of its folder get with `import queue`.
fn no_program_hides_a_module(python: &Python) -> Result<(), Failed> {
    let Workspace { root, lessons, .. } = &python.shared.workspace;
    let interpreter = match &python.interpreter {
        Ok(interpreter) => interpreter,
        Err(error) => {
            common::skip(&error.to_string());
            return Ok(());
        }
    };
    let script = "import sys; print(*sys.stdlib_module_names)";
    let output = Command::new(interpreter).args(["-c", script]).output()?;
    let modules = String::from_utf8(output.stdout)?;
    let modules: HashSet<&str> = modules.split_whitespace().collect();
    let hides = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "py")
            && path.file_stem().is_some_and(|stem| modules.contains(&*stem.to_string_lossy()))
    };
    let hiding = files(root, lessons)?.into_iter().filter(hides);
    let problem = |path: PathBuf| {
        let path = path.display();
        format!("`{path}` has the name of a module of Python; add a `_` before its `.py`")
    };
    none_of(hiding.map(problem).collect())
}

/// The files in the folders `python` of all topics, except what Python puts there.
fn files(root: &Path, lessons: &[Lesson]) -> Result<Vec<PathBuf>, Failed> {
    let folders: HashSet<PathBuf> =
        lessons.iter().map(|lesson| lesson.folder().join("python")).collect();
    let mut files = Vec::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries {
            let name = entry?.file_name();
            if name != "__pycache__" {
                files.push(folder.join(name));
            }
        }
    }
    Ok(files)
}

fn none_of(problems: Vec<String>) -> Result<(), Failed> {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}
