//! A pool of processes does as many pieces of work as there are cores, so all cores are busy.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `mp.Pool(mp.cpu_count())` | `Pool::new(cores)`, with `available_parallelism()` |
//! | `pool.map(f, [n] * mp.cpu_count())` | `pool.spawn(n, f)` for each core, then `join` for each |
//! | `pool.close()`, `pool.join()` | nothing: all calls have been joined |
//! | `pool.terminate()` | dropping the pool, which kills its processes |
//!
//! ```text
//! $ cargo run -p examples-process --bin cpu_load_pool_map -- 3000
//! Done
//! 2 pieces of work in 2 other process(es)
//! Time for the longest piece: 0.0765 second(s)
//! Total time taken: 0.0812 second(s)
//! ```
//!
//! The sample comes from a machine with two cores, on which `cpu_load_sequential` took 0.15
//! seconds. Without an argument n is 20000, so each piece computes about four hundred million sums,
//! which takes some seconds.
//!
//! **Always:** processes of the pool do all the work, and `main` prints its lines after it has
//! joined every call.
//!
//! **May differ:** the number of pieces, which is the number of cores, and the times. For long
//! pieces on free cores, the total is little more than the longest piece. If the pieces are short,
//! one process may compute several of them, and another none. With an argument of 500 the start of
//! the processes takes longer than the work.
//!
//! **Try:** write `Pool::new(1)`. One process now computes all pieces, one after another, so the
//! total is about that of `cpu_load_sequential` plus the time that the process needs to start. To
//! see the cores, run both versions without an argument beside a performance monitor.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, process, thread};

use procspawn::Pool;

fn main() {
    // A process of the pool starts here too. In it, `init` runs the calls and never returns.
    procspawn::init();
    let n = n_argument(); // 20000 without an argument: some seconds
    let cores = thread::available_parallelism().expect("the system knows its cores").get();
    let start = Instant::now();
    let pool = Pool::new(cores).expect("the system starts a process for each core");

    let calls: Vec<_> = (0..cores).map(|_| pool.spawn(n, multiprocessing_with_busy_wait)).collect();
    let results = calls.into_iter().map(|call| call.join().expect("the call does not panic"));
    let (times, mut ids): (Vec<_>, HashSet<_>) = results.unzip();

    println!("Done");
    ids.remove(&process::id());
    println!("{cores} pieces of work in {} other process(es)", ids.len());
    let longest = times.into_iter().max().unwrap_or_default();
    println!("Time for the longest piece: {:.4} second(s)", longest.as_secs_f64());
    println!("Total time taken: {:.4} second(s)", start.elapsed().as_secs_f64());
}

/// Returns how long it took, and which process has computed it.
fn multiprocessing_with_busy_wait(n: u64) -> (Duration, u32) {
    let start = Instant::now();
    for i in 1..n {
        for j in 1..n {
            black_box(i + j);
        }
    }
    (start.elapsed(), process::id())
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
