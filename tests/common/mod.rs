//! What several test harnesses need.

#![allow(dead_code, reason = "each harness uses a part of it")]

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, thread};

use libtest_mimic::{Arguments, Trial};
use xtask::check::{Checker, Status};
use xtask::error::Result;
use xtask::suite::Suite;

/// The programs wait more than they compute.
const TESTS_AT_ONCE: usize = 8;

/// Runs a list of tests that is made from the lessons, as the command line asks for. They share what
/// `open` returns.
pub fn run<T>(
    open: impl FnOnce() -> Result<T>,
    trials: impl FnOnce(&Arc<T>) -> Vec<Trial>,
) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(TESTS_AT_ONCE);
    match open() {
        Ok(shared) => libtest_mimic::run(&arguments, trials(&Arc::new(shared))).exit_code(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
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
