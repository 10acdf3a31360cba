//! What the harnesses have in common that run a list of tests made from the examples.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use xtask::runner::Trouble;

/// The programs wait more than they compute.
const TESTS_AT_ONCE: usize = 8;

/// Runs these tests, as the command line asks for. They share what `open` gives.
pub fn run<T>(
    open: impl FnOnce() -> Result<T, Trouble>,
    trials: impl FnOnce(&Arc<T>) -> Vec<Trial>,
) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(TESTS_AT_ONCE);
    match open() {
        Ok(shared) => libtest_mimic::run(&arguments, trials(&Arc::new(shared))).exit_code(),
        Err(trouble) => {
            eprintln!("error: {trouble}");
            ExitCode::FAILURE
        }
    }
}
