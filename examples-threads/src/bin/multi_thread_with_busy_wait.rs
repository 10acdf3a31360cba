//! Three threads compute in the time of one if three cores are free, because Rust has no GIL.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=f, args=(10000,))`, `start()` | `scope.spawn(\|\| f(n))` |
//! | `t1.join()`, `t2.join()`, `t3.join()` | the end of `thread::scope`, which joins all its threads |
//! | `count = i + j` | `black_box(i + j)`, which the compiler does not remove |
//!
//! A Python thread has to hold the global interpreter lock (GIL) while it runs Python code. So
//! three threads need three times as long as one. `examples-threads/README.md` explains the GIL,
//! and what takes its place in Rust.
//!
//! ```text
//! $ cargo run -p examples-threads --bin multi_thread_with_busy_wait -- 5000
//! ***Running one separate thread:
//! Starting multi_thread_with_busy_wait with n = 5000
//! Ended multi_thread_with_busy_wait after 0.227876649 seconds
//! Total time taken: 0.23 second(s)
//! ***Running three separate threads at the same time:
//! Starting multi_thread_with_busy_wait with n = 5000
//! Starting multi_thread_with_busy_wait with n = 5000
//! Starting multi_thread_with_busy_wait with n = 5000
//! Ended multi_thread_with_busy_wait after 0.349328285 seconds
//! Ended multi_thread_with_busy_wait after 0.382391865 seconds
//! Ended multi_thread_with_busy_wait after 0.419091443 seconds
//! Total time taken: 0.42 second(s)
//! ```
//!
//! The sample comes from a machine with two cores. Without an argument n is 10000, so each thread
//! computes about a hundred million sums.
//!
//! **Always:** all three threads start before any of them ends, because a barrier makes each thread
//! wait until all three have started.
//!
//! **May differ:** the times. With three free cores the second total is about the same as the
//! first, with two at least one and a half times the first, and with one three times the first.
//!
//! **Try:** move the line that prints `Starting` to after the barrier, and let each thread take a
//! lock before this line and keep it until it ends. Now only one thread computes at a time, as with
//! the GIL: each thread ends before the next one starts. The second total is about three times the
//! first on any machine. `cargo xtask try multi_thread_with_busy_wait` shows the lines.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;
use std::{env, process, thread};

fn main() {
    let n = n_argument(); // 10000 without an argument
    println!("***Running one separate thread:");
    run_threads(1, n);
    println!("***Running three separate threads at the same time:");
    run_threads(3, n);
}

fn run_threads(count: usize, n: u64) {
    // The threads wait for each other before they compute, so that they compute at the same time.
    let all_have_started = Barrier::new(count);
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| multi_thread_with_busy_wait(n, &all_have_started));
        }
    });
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn multi_thread_with_busy_wait(n: u64, all_have_started: &Barrier) {
    println!("Starting multi_thread_with_busy_wait with n = {n}");
    all_have_started.wait();
    let start = Instant::now();
    for i in 1..n {
        for j in 1..n {
            black_box(i + j);
        }
    }
    println!("Ended multi_thread_with_busy_wait after {} seconds", start.elapsed().as_secs_f64());
}

fn n_argument() -> u64 {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = if words.is_empty() { "10000".to_string() } else { words.join(" ") };
    let Ok(n) = number.parse() else {
        let usage = "usage: multi_thread_with_busy_wait [N]";
        eprintln!("error: N must be a whole number from 0 up, not {number:?}; {usage}");
        process::exit(2)
    };
    n
}
