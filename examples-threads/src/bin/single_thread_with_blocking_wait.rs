//! One thread that waits three times, one after another, takes as long as the three together.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `time.sleep(5)` | `thread::sleep(timeout)` |
//! | `time.perf_counter()` | `Instant::now()`, `elapsed()` |
//!
//! ```text
//! $ cargo run -p examples-threads --bin single_thread_with_blocking_wait -- 0.1
//! Starting single_thread_with_blocking_wait with timeout = 0.1 seconds
//! Ended single_thread_with_blocking_wait after 0.100084856 seconds
//! Starting single_thread_with_blocking_wait with timeout = 0.1 seconds
//! Ended single_thread_with_blocking_wait after 0.102799637 seconds
//! Starting single_thread_with_blocking_wait with timeout = 0.1 seconds
//! Ended single_thread_with_blocking_wait after 0.100086784 seconds
//! Total time taken: 0.30 second(s)
//! ```
//!
//! Without an argument each wait takes 5 seconds, as in the notebook, and the whole 15.
//!
//! **Always:** each wait ends before the next one starts, and the total is that of three waits.
//!
//! **May differ:** the times, which are never below the timeout.
//!
//! **Try:** put each call on a thread of its own. The total becomes one wait, that of
//! `multi_thread_with_blocking_wait`: a thread that waits needs no core.

use std::time::{Duration, Instant};
use std::{env, process, thread};

fn main() {
    let timeout = seconds_from_arguments();

    let start = Instant::now();
    for _ in 0..3 {
        single_thread_with_blocking_wait(timeout);
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn single_thread_with_blocking_wait(timeout: Duration) {
    println!(
        "Starting single_thread_with_blocking_wait with timeout = {} seconds",
        timeout.as_secs_f64()
    );
    let start = Instant::now();
    thread::sleep(timeout);
    println!(
        "Ended single_thread_with_blocking_wait after {} seconds",
        start.elapsed().as_secs_f64()
    );
}

/// The timeout that the command line gives, or the notebook's 5 seconds.
fn seconds_from_arguments() -> Duration {
    let arguments: Vec<_> =
        env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let problem = match arguments.as_slice() {
        [] => return Duration::from_secs(5),
        [seconds] => match seconds.parse().map(Duration::try_from_secs_f64) {
            Ok(Ok(timeout)) => return timeout,
            _ => format!("SECONDS must be a number from 0 up, not \"{seconds}\""),
        },
        [_, extra, ..] => format!("unexpected argument \"{extra}\""),
    };
    eprintln!("error: {problem}\nusage: single_thread_with_blocking_wait [SECONDS]");
    process::exit(2)
}
