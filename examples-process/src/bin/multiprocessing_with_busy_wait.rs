//! Three processes compute at the same time, each on a core of its own if three cores are free.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Process(target=f, args=(n, queue))`, `start()` | `procspawn::spawn(n, f)` |
//! | `p.join()`, `queue.get()` | `process.join()`, which returns what the function returned |
//! | `count = i + j` | `black_box(i + j)`, which the compiler does not remove |
//!
//! In Python with the GIL this is the usual way to use all cores. In Rust threads use them too, as in
//! `multi_thread_with_busy_wait`. A process has what a thread lacks: memory of its own. If it crashes,
//! the other processes continue.
//!
//! ```text
//! $ cargo run -p examples-process --bin multiprocessing_with_busy_wait -- 1500
//! Starting multiprocessing_with_busy_wait with n = 1500
//! Starting multiprocessing_with_busy_wait with n = 1500
//! Starting multiprocessing_with_busy_wait with n = 1500
//! Ended multiprocessing_with_busy_wait after 0.080965359 seconds
//! Ended multiprocessing_with_busy_wait after 0.070623303 seconds
//! Ended multiprocessing_with_busy_wait after 0.04406076 seconds
//! Total time taken: 0.08 second(s)
//! Computed by 3 other process(es)
//! ```
//!
//! Without an argument n is 10000, so each process computes about a hundred million sums.
//!
//! **Always:** the lines in this order, because `main` prints them all: it starts all processes
//! before it waits for the first one.
//!
//! **May differ:** the times. With three free cores the total is about the longest of the three. On
//! fewer cores the processes take turns, and each one takes longer.
//!
//! **Try:** write `(0..3).map(|_| {` instead of `[(); 3].map(|()| {`. An iterator is lazy, so the
//! second loop now starts each process just before it joins it. The lines `Starting` and `Ended`
//! alternate. However many cores there are, the total is at least the sum of the three times,
//! because each process also has to start.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, process};

fn main() {
    // A new process starts here too. In it, `init` runs the function and then ends the process.
    procspawn::init();
    let n = n_argument(); // 10000 without an argument

    let start = Instant::now();
    let mut ids = HashSet::new();
    let processes = [(); 3].map(|()| {
        println!("Starting multiprocessing_with_busy_wait with n = {n}");
        procspawn::spawn(n, multiprocessing_with_busy_wait)
    });
    for process in processes {
        let (time, id) = process.join().expect("the process does not panic");
        println!("Ended multiprocessing_with_busy_wait after {} seconds", time.as_secs_f64());
        ids.insert(id);
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
    ids.remove(&process::id());
    println!("Computed by {} other process(es)", ids.len());
}

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
    let number = if words.is_empty() { "10000".to_string() } else { words.join(" ") };
    let Ok(n) = number.parse() else {
        let usage = "usage: multiprocessing_with_busy_wait [N]";
        eprintln!("error: N must be a whole number from 0 up, not {number:?}; {usage}");
        process::exit(2)
    };
    n
}
