//! What several test harnesses need.

#![allow(dead_code, reason = "each harness uses a part of it")]

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::{env, thread};

use libtest_mimic::{Arguments, Trial};
use xtask::build::{BuildOptions, build};
use xtask::cancel::Cancel;
use xtask::check::{Checker, Status};
use xtask::error::Result;
use xtask::suite::Suite;
use xtask::workspace::{Lesson, Workspace};

/// The programs wait more than they compute.
const TESTS_AT_ONCE: usize = 8;

/// Runs a list of tests that is made from the lessons, as the command line asks for. They share what
/// `open` returns.
pub fn run<T>(
    open: impl FnOnce() -> Result<T>,
    trials: impl FnOnce(&Arc<T>) -> Vec<Trial>,
) -> ExitCode {
    run_at_once(TESTS_AT_ONCE, open, trials)
}

/// The same, with so many tests at once.
pub fn run_at_once<T>(
    tests: usize,
    open: impl FnOnce() -> Result<T>,
    trials: impl FnOnce(&Arc<T>) -> Vec<Trial>,
) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(tests);
    match open() {
        Ok(shared) => libtest_mimic::run(&arguments, trials(&Arc::new(shared))).exit_code(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the tests of lessons share.
pub struct Shared {
    /// This workspace.
    pub workspace: Workspace,
    /// Checks runs.
    pub checker: Checker,
    programs: OnceLock<Result<HashMap<String, PathBuf>>>,
}

impl Shared {
    /// Finds the lessons.
    ///
    /// # Errors
    /// When Cargo cannot read the workspace.
    pub fn load() -> Result<Self> {
        let workspace = Workspace::load(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let cancel = Cancel::default();
        cancel.on_ctrl_c()?;
        let checker = Checker::new(cancel);
        Ok(Self { workspace, checker, programs: OnceLock::new() })
    }

    /// A lesson's executable. One Cargo builds all of them when the first test needs one.
    ///
    /// # Errors
    /// When they cannot be built.
    pub fn program(&self, lesson: &Lesson) -> Result<&Path> {
        let Workspace { root, lessons, .. } = &self.workspace;
        let options = BuildOptions { release: false, quiet: true };
        let build = || build(root, lessons, options, &self.checker.cancel);
        let programs = self.programs.get_or_init(build).as_ref().map_err(Clone::clone)?;
        Ok(&programs[&lesson.name])
    }
}

/// Checks all runs of a suite.
///
/// # Errors
/// What is wrong with those that fail, for people.
pub fn check(checker: &Checker, suite: &Suite) -> Result<(), String> {
    let mut problems = Vec::new();
    for case in suite.cases() {
        let result = checker.check(case);
        if result.status >= Status::Cancelled {
            problems.push(format!("$ {}\n{:?}\n{}", case.title(), result.status, result.problem));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n\n")) }
}

/// Reports that a test is skipped, even if the test's output is captured. Fails where `CI` is set:
/// there everything has to be tested.
pub fn skip(why: &str) {
    assert!(env::var_os("CI").is_none(), "skipped, which CI does not allow: {why}");
    let thread = thread::current();
    // Unlike `eprintln`, this is not captured.
    let _ = writeln!(io::stderr(), "skipped {}: {why}", thread.name().unwrap_or("a test"));
}
