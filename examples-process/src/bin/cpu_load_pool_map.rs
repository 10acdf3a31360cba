//! As many pieces of work as there are cores, given to a pool of processes: all cores are busy.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `mp.Pool(mp.cpu_count())` | `Pool::new(available_parallelism())` |
//! | `pool.map(f, [6000] * mp.cpu_count())` | `pool.spawn(n, f)` for each core, then `join` |
//! | `pool.close()` | the end of `main`, which drops the pool |
//!
//! ```text
//! $ cargo run -p examples-process --bin cpu_load_pool_map -- 500
//! Done
//! ```
//!
//! Without an argument N is 20000, which keeps a debug build busy for some seconds. The notebook's
//! 6000 would be over before you have looked.
//!
//! **Always:** `Done`, after all the work.
//!
//! **May differ:** how long it takes: with free cores about as long as one of the pieces. To see
//! what the cores do meanwhile, run `cargo xtask load cpu_load_pool_map`, or open a performance
//! monitor.
//!
//! **Try:** compare with `cpu_load_sequential`: the same work, and one core busy.

use std::hint::black_box;
use std::{env, process, thread};

use procspawn::Pool;

fn main() {
    // A process of the pool is this program, started again from the top. There `init` takes the
    // calls and never returns, so only what stands above it would run in every process.
    procspawn::init();
    let n = n_argument();

    let cores = thread::available_parallelism().expect("the system tells how many cores there are");
    let pool = Pool::new(cores.get()).expect("the system starts a process for each core");
    map(&pool, multiprocessing_with_busy_wait, &vec![n; cores.get()]);
    println!("Done");
}

/// Applies `function` to all items at the same time, and waits until it has done with all.
fn map(pool: &Pool, function: fn(u64), items: &[u64]) {
    let calls: Vec<_> = items.iter().map(|&item| pool.spawn(item, function)).collect();
    for call in calls {
        call.join().expect("the function does not panic");
    }
}

fn multiprocessing_with_busy_wait(n: u64) {
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
        let usage = "usage: cpu_load_pool_map [N]";
        eprintln!("error: N must be a whole number from 0 up, not {number:?}; {usage}");
        process::exit(2)
    };
    n
}
