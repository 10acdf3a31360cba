//! Three processes compute at the same time, each on a core of its own if there are three.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Process(target=f, args=(n, queue))`, `start()` | `procspawn::spawn(n, f)` |
//! | `p.join()`, `queue.get()` | `process.join()`, which gives what the function returns |
//! | `count = i + j` | `black_box(i + j)`, or the compiler leaves the loops out |
//!
//! Python's processes return nothing, so the notebook takes each time through a queue, and prints
//! the dict that it came in. In Python this is the way to use all cores. In Rust threads use them
//! too (`multi_thread_with_busy_wait`), and a process is for what threads cannot give: memory of
//! its own, and a crash that stays with it.
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
//! ```
//!
//! Without an argument n is 10000, as in the notebook.
//!
//! **Always:** the lines in this order, for `main` prints them all. It starts all processes before
//! it waits for the first.
//!
//! **May differ:** the times. With three free cores the total is about the longest of the three;
//! on fewer cores the processes take turns, and each takes longer.
//!
//! **Try:** join each process before the next one is started. `Starting` and `Ended` now alternate,
//! and the total becomes the sum of the three times.

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, process};

fn main() {
    // A new process is this program, started again from the top. There `init` runs the function
    // that was asked for and ends the process, so only what stands above it would run twice.
    procspawn::init();
    let n = n_argument();

    let start = Instant::now();
    let processes = [(); 3].map(|()| {
        println!("Starting multiprocessing_with_busy_wait with n = {n}");
        procspawn::spawn(n, multiprocessing_with_busy_wait)
    });
    for process in processes {
        let time = process.join().expect("the process does not panic");
        println!("Ended multiprocessing_with_busy_wait after {} seconds", time.as_secs_f64());
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn multiprocessing_with_busy_wait(n: u64) -> Duration {
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
    let number = if words.is_empty() { "10000".to_string() } else { words.join(" ") };
    let Ok(n) = number.parse() else {
        let usage = "usage: multiprocessing_with_busy_wait [N]";
        eprintln!("error: N must be a whole number from 0 up, not {number:?}; {usage}");
        process::exit(2)
    };
    n
}
