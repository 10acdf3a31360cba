//! One thread computes three times, one computation after another, so the total is all three.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `for i in range(1, n)` | `for i in 1..n` |
//! | `count = i + j` | `std::hint::black_box(i + j)` |
//!
//! An optimising compiler removes a computation whose result is not used. `black_box` hides from
//! the compiler that the sum is not used, so a release build computes it too.
//!
//! ```text
//! $ cargo run -p examples-threads --bin single_thread_with_busy_wait -- 5000
//! Starting single_thread_with_busy_wait with n = 5000
//! Ended single_thread_with_busy_wait after 0.206259788 seconds
//! Starting single_thread_with_busy_wait with n = 5000
//! Ended single_thread_with_busy_wait after 0.206001765 seconds
//! Starting single_thread_with_busy_wait with n = 5000
//! Ended single_thread_with_busy_wait after 0.205157529 seconds
//! Total time taken: 0.62 second(s)
//! ```
//!
//! **Always:** the lines in this order, because one thread does one thing at a time.
//!
//! **May differ:** the times. They depend on the machine and on the build.
//!
//! **Try:** write `let _count = i + j;` instead of `std::hint::black_box(i + j);`, and run it with
//! `cargo run --release`. Each computation now takes less than a microsecond, whatever n is.

use std::time::Instant;
use std::{env, process};

fn main() {
    let n = n_argument(); // 10000 without an argument
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
            std::hint::black_box(i + j);
        }
    }
    println!("Ended single_thread_with_busy_wait after {} seconds", start.elapsed().as_secs_f64());
}

fn n_argument() -> u64 {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = if words.is_empty() { "10000".to_string() } else { words.join(" ") };
    let Ok(n) = number.parse() else {
        let usage = "usage: single_thread_with_busy_wait [N]";
        eprintln!("error: N must be a whole number from 0 up, not {number:?}; {usage}");
        process::exit(2)
    };
    n
}
