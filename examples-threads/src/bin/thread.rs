//! A thread runs a function at the same time as its caller, and `join` waits until the thread has
//! ended.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=worker, args=(n,))`, then `start()` | `spawn(move \|\| worker(n))`, which starts it at once |
//! | `current_thread().name` | `thread::current().name()`, which in a spawned thread is `None` unless a `Builder` sets it |
//! | Python waits for its non-daemon threads before it exits | `main` waits only for the threads that it joins |
//!
//! ```text
//! $ cargo run -p examples-threads --bin thread
//! Thread-1 0
//! Thread-3 2
//! Thread-2 1
//! Thread-5 4
//! Thread-4 3
//! Total time taken: 0.10 second(s)
//! ```
//!
//! **Always:** five lines, each name with its own number, and then the total, because `main` joins
//! all threads first. They work at the same time, so the total is about 0.1 seconds instead of 0.5.
//! Two lines never mix, because `println!` locks standard output for a whole line.
//!
//! **May differ:** the order of the five lines, and the time.
//!
//! **Try:** remove the loop that joins. `main` prints a total of 0.00 seconds and returns, and
//! usually no thread lives long enough to print its line.

use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    let mut workers = Vec::new();
    for n in 0..5 {
        // `thread::spawn` is shorter, but gives its thread no name.
        let thread = thread::Builder::new().name(format!("Thread-{}", n + 1));
        workers.push(thread.spawn(move || worker(n)).expect("the system starts a thread"));
    }

    for worker in workers {
        worker.join().expect("worker does not panic");
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn worker(n: u64) {
    // Simulates work.
    thread::sleep(Duration::from_millis(100));
    let thread = thread::current();
    println!("{} {n}", thread.name().expect("each worker has a name"));
}
