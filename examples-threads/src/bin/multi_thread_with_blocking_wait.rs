//! Three threads that only wait can wait at the same time, so the total is one wait, not three.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=f, args=(5,))`, `start()` | `scope.spawn(\|\| f(timeout))` |
//! | `t1.join()`, `t2.join()`, `t3.join()` | the end of `thread::scope`, which joins all its threads |
//!
//! ```text
//! $ cargo run -p examples-threads --bin multi_thread_with_blocking_wait -- 0.2
//! Starting multi_thread_with_blocking_wait with timeout = 0.2 seconds
//! Starting multi_thread_with_blocking_wait with timeout = 0.2 seconds
//! Starting multi_thread_with_blocking_wait with timeout = 0.2 seconds
//! Ended multi_thread_with_blocking_wait after 0.200123897 seconds
//! Ended multi_thread_with_blocking_wait after 0.200160442 seconds
//! Ended multi_thread_with_blocking_wait after 0.200086218 seconds
//! Total time taken: 0.20 second(s)
//! ```
//!
//! Without an argument each thread waits 5 seconds.
//!
//! **Always:** each thread prints `Starting` before `Ended`, and the total comes last, because the
//! scope has joined all threads before it returns. No wait is shorter than the timeout.
//!
//! **May differ:** the order of the lines of different threads, and the times.
//!
//! **Try:** append `.join().unwrap()` to `scope.spawn(…)`, inside the loop. Now each thread is
//! joined before the next one is spawned, and the total is three waits.

use std::time::{Duration, Instant};
use std::{env, process, thread};

fn main() {
    let timeout = timeout_argument(); // 5 seconds without an argument
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| multi_thread_with_blocking_wait(timeout));
        }
    });
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn multi_thread_with_blocking_wait(timeout: Duration) {
    let seconds = timeout.as_secs_f64();
    println!("Starting multi_thread_with_blocking_wait with timeout = {seconds} seconds");
    let start = Instant::now();
    thread::sleep(timeout);
    let seconds = start.elapsed().as_secs_f64();
    println!("Ended multi_thread_with_blocking_wait after {seconds} seconds");
}

fn timeout_argument() -> Duration {
    let words: Vec<String> = env::args().skip(1).collect();
    let seconds = if words.is_empty() { "5".to_string() } else { words.join(" ") };
    let Ok(Ok(timeout)) = seconds.parse().map(Duration::try_from_secs_f64) else {
        let usage = "usage: multi_thread_with_blocking_wait [SECONDS]";
        eprintln!("error: SECONDS must be a number from 0 up, not {seconds:?}; {usage}");
        process::exit(2)
    };
    timeout
}
