//! One thread that computes three times takes as long as the three together: it never rests.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `for i in range(1, n)` | `for i in 1..n` |
//! | `count = i + j` | `black_box(i + j)` |
//! | `time.perf_counter()` | `Instant::now()`, `elapsed()` |
//!
//! Python computes what it is told to compute. A Rust compiler that optimises, as in a release
//! build, removes work that has no use, and then the loops take no time at all. `black_box` makes
//! it believe that somebody looks at each sum: so a debug and a release build do the same work, at
//! a different speed.
//!
//! ```text
//! $ cargo run -p examples-threads --bin single_thread_with_busy_wait -- 3000
//! Starting single_thread_with_busy_wait with n = 3000
//! Ended single_thread_with_busy_wait after 0.058748954 seconds
//! Starting single_thread_with_busy_wait with n = 3000
//! Ended single_thread_with_busy_wait after 0.056087012 seconds
//! Starting single_thread_with_busy_wait with n = 3000
//! Ended single_thread_with_busy_wait after 0.057665213 seconds
//! Total time taken: 0.17 second(s)
//! ```
//!
//! Without an argument n is 10000, as in the notebook: a hundred million sums each time.
//!
//! **Always:** each computation ends before the next one starts, and none takes no time.
//!
//! **May differ:** the times, by far: they depend on the machine and on the build.
//!
//! **Try:** write `let _count = i + j;` without `black_box` and run it with `--release`. Each
//! computation ends in less than a microsecond, whatever n is.

use std::hint::black_box;
use std::time::Instant;
use std::{env, process};

fn main() {
    let n = number_from_arguments();

    let start = Instant::now();
    for _ in 0..3 {
        single_thread_with_busy_wait(n);
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn single_thread_with_busy_wait(n: u64) {
    println!("Starting single_thread_with_busy_wait with n = {n}");
    let start = Instant::now();
    for i in 1..n {
        for j in 1..n {
            black_box(i + j);
        }
    }
    println!("Ended single_thread_with_busy_wait after {} seconds", start.elapsed().as_secs_f64());
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
    eprintln!("error: {problem}\nusage: single_thread_with_busy_wait [N]");
    process::exit(2)
}
