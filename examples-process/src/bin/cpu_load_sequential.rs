//! As many pieces of work as there are cores, one after another: only one core is ever busy.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `range(0, mp.cpu_count())` | `0..available_parallelism()` |
//! | `count = i + j` | `black_box(i + j)`, or the compiler leaves the loops out |
//!
//! ```text
//! $ cargo run -p examples-process --bin cpu_load_sequential -- 500
//! Done
//! ```
//!
//! Without an argument N is 20000, which keeps a debug build busy for some seconds. The notebook's
//! 6000 would be over before you have looked.
//!
//! **Always:** `Done`, after all the work.
//!
//! **May differ:** how long it takes. To see what the cores do meanwhile, run
//! `cargo xtask load cpu_load_sequential`, or open a performance monitor.
//!
//! **Try:** compare with `cpu_load_pool_map`: the same work, and all cores busy.

use std::hint::black_box;
use std::{env, process, thread};

fn main() {
    let n = n_argument();
    let cores = thread::available_parallelism().expect("the system tells how many cores there are");
    for _ in 0..cores.get() {
        single_thread_with_busy_wait(n);
    }
    println!("Done");
}

fn single_thread_with_busy_wait(n: u64) {
    for i in 1..n {
        for j in 1..n {
            black_box(i + j);
        }
    }
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
