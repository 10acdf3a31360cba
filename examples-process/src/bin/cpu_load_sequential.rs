//! One process does all pieces of work one after another, so one core is busy at a time.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `range(0, mp.cpu_count())` | `0..available_parallelism()` |
//!
//! ```text
//! $ cargo run -p examples-process --bin cpu_load_sequential -- 3000
//! Done
//! 2 pieces of work in this process
//! Time for the longest piece: 0.0731 second(s)
//! Total time taken: 0.1460 second(s)
//! ```
//!
//! There are as many pieces as cores. Without an argument n is 20000, so each piece computes about
//! four hundred million sums, which takes some seconds.
//!
//! **Always:** the total is at least the sum of the times of all pieces, because they run one after
//! another.
//!
//! **May differ:** the number of pieces, which is the number of cores, and the times.
//!
//! **Try:** spawn a thread for each piece, and join the threads in the loop. Now the pieces are
//! computed at the same time. On free cores the total is little more than the longest piece, as in
//! `cpu_load_pool_map`. `cargo xtask try cpu_load_sequential` shows the lines, and
//! `cargo xtask load cpu_load_sequential cpu_load_pool_map` draws the load of the cores.

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, process, thread};

fn main() {
    let n = n_argument(); // 20000 without an argument: some seconds
    let cores = thread::available_parallelism().expect("the system knows its cores").get();
    let start = Instant::now();
    let mut longest = Duration::ZERO;
    for _ in 0..cores {
        longest = longest.max(single_thread_with_busy_wait(n));
    }
    println!("Done");
    println!("{cores} pieces of work in this process");
    println!("Time for the longest piece: {:.4} second(s)", longest.as_secs_f64());
    println!("Total time taken: {:.4} second(s)", start.elapsed().as_secs_f64());
}

fn single_thread_with_busy_wait(n: u64) -> Duration {
    let start = Instant::now();
    for i in 1..n {
        for j in 1..n {
            black_box(i + j);
        }
    }
    start.elapsed()
}

fn n_argument() -> u64 {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = if words.is_empty() { "20000".to_string() } else { words.join(" ") };
    let Ok(n) = number.parse() else {
        let usage = "usage: cpu_load_sequential [N]";
        eprintln!("error: N must be a whole number from 0 up, not {number:?}; {usage}");
        process::exit(2)
    };
    n
}
