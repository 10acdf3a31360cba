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
    let n = number_from_arguments();
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

/// The n that the command line gives, or one that keeps a debug build busy for some seconds.
fn number_from_arguments() -> u64 {
    let arguments: Vec<_> =
        env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let problem = match arguments.as_slice() {
        [] => return 20_000,
        [n] => match n.parse() {
            Ok(n) => return n,
            Err(_) => format!("N must be a whole number from 0 up, not \"{n}\""),
        },
        [_, extra, ..] => format!("unexpected argument \"{extra}\""),
    };
    eprintln!("error: {problem}\nusage: cpu_load_sequential [N]");
    process::exit(2)
}
