//! Three threads that compute take as long as one where cores are free: there is no GIL.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=f, args=(10000,))`, `start()` | `scope.spawn(\|\| f(n))` |
//! | `t1.join()`, `t2.join()`, `t3.join()` | the end of `thread::scope`, which joins them all |
//! | `count = i + j` | `black_box(i + j)`, which the compiler does not remove |
//! | the GIL: one thread at a time | nothing: `Send` and `Sync` are checked at compile time |
//!
//! In the notebook this shows the GIL, and here its lesson on the GIL ends. There one thread took
//! 5.72 seconds and three took 17.64, on a machine with eight cores: only the thread that held the
//! interpreter's lock could go on. That lock guards the interpreter's own memory, not your data.
//! Rust has no interpreter to guard, and code in which threads could race for your data does not
//! compile. So three threads take as long as the cores allow.
//!
//! ```text
//! $ cargo run -p examples-threads --bin multi_thread_with_busy_wait -- 3000
//! ***Running one separate thread:
//! Starting multi_thread_with_busy_wait with n = 3000
//! Ended multi_thread_with_busy_wait after 0.053892304 seconds
//! Total time taken: 0.05 second(s)
//! ***Running three separate threads at the same time:
//! Starting multi_thread_with_busy_wait with n = 3000
//! Starting multi_thread_with_busy_wait with n = 3000
//! Starting multi_thread_with_busy_wait with n = 3000
//! Ended multi_thread_with_busy_wait after 0.053241965 seconds
//! Ended multi_thread_with_busy_wait after 0.0779133 seconds
//! Ended multi_thread_with_busy_wait after 0.080461576 seconds
//! Total time taken: 0.08 second(s)
//! ```
//!
//! That was on two cores. Without an argument n is 10000, as in the notebook: a hundred million
//! sums for each thread.
//!
//! **Always:** the three threads have all started before one of them computes.
//!
//! **May differ:** the times. With three cores or more that are free both totals are nearly
//! the same, with two the second is about one and a half times the first, with one three times.
//!
//! **Try:** behind `all_have_started.wait()`, let each thread lock one common `Mutex<()>`, and keep
//! the guard while it computes. One at a time, as with the GIL: the second total becomes three
//! times the first, on any machine. (A lock before the barrier would be a deadlock.)

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;
use std::{env, process, thread};

fn main() {
    let n = number_from_arguments();

    println!("***Running one separate thread:");
    run_threads(1, n);
    println!("***Running three separate threads at the same time:");
    run_threads(3, n);
}

fn run_threads(count: usize, n: u64) {
    // A thread that starts late would make the others look faster than they are.
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

/// The n that the command line gives, or the notebook's 10000.
fn number_from_arguments() -> u64 {
    let arguments: Vec<_> =
        env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let problem = match arguments.as_slice() {
        [] => return 10_000,
        [n] => match n.parse() {
            Ok(n) => return n,
            Err(_) => format!("N must be a whole number from 0 up, not \"{n}\""),
        },
        [_, extra, ..] => format!("unexpected argument \"{extra}\""),
    };
    eprintln!("error: {problem}\nusage: multi_thread_with_busy_wait [N]");
    process::exit(2)
}
