//! One thread waits three times, one wait after another, so the total is three waits.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `time.sleep(5)` | `thread::sleep(timeout)` |
//! | `time.perf_counter()` | `Instant::now()`, `elapsed()` |
//!
//! ```text
//! $ cargo run -p examples-threads --bin single_thread_with_blocking_wait -- 0.2
//! Starting single_thread_with_blocking_wait with timeout = 0.2 seconds
//! Ended single_thread_with_blocking_wait after 0.203126888 seconds
//! Starting single_thread_with_blocking_wait with timeout = 0.2 seconds
//! Ended single_thread_with_blocking_wait after 0.200077137 seconds
//! Starting single_thread_with_blocking_wait with timeout = 0.2 seconds
//! Ended single_thread_with_blocking_wait after 0.20007379 seconds
//! Total time taken: 0.60 second(s)
//! ```
//!
//! Without an argument each wait takes 5 seconds.
//!
//! **Always:** the lines in this order, because one thread does one thing at a time. A sleep is
//! never shorter than its timeout.
//!
//! **May differ:** how much longer than the timeout each sleep takes.
//!
//! **Try:** in the loop of `main`, spawn a thread for each wait, and join the threads after the
//! loop. Now three threads wait at the same time, so the total is one wait, as in
//! `multi_thread_with_blocking_wait`. `cargo xtask try single_thread_with_blocking_wait` shows the
//! lines.

use std::time::{Duration, Instant};
use std::{env, process, thread};

fn main() {
    let timeout = timeout_argument(); // 5 seconds without an argument
    let start = Instant::now();
    for _ in 0..3 {
        single_thread_with_blocking_wait(timeout);
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn single_thread_with_blocking_wait(timeout: Duration) {
    let seconds = timeout.as_secs_f64();
    println!("Starting single_thread_with_blocking_wait with timeout = {seconds} seconds");
    let start = Instant::now();
    thread::sleep(timeout);
    let seconds = start.elapsed().as_secs_f64();
    println!("Ended single_thread_with_blocking_wait after {seconds} seconds");
}

fn timeout_argument() -> Duration {
    let words: Vec<String> = env::args().skip(1).collect();
    let seconds = if words.is_empty() { "5".to_string() } else { words.join(" ") };
    let Ok(Ok(timeout)) = seconds.parse().map(Duration::try_from_secs_f64) else {
        let usage = "usage: single_thread_with_blocking_wait [SECONDS]";
        eprintln!("error: SECONDS must be a number from 0 up, not {seconds:?}; {usage}");
        process::exit(2)
    };
    timeout
}
