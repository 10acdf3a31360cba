//! A thread runs a function beside its caller, and `join` waits until it has ended.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=worker, args=(i,))`, `start()` | `thread::Builder`, `spawn(move \|\| worker(n))` |
//! | a new thread is called `Thread-1`, since 3.10 `Thread-1 (worker)` | it has no name unless `Builder::name` gives it one |
//! | `current_thread().name` | `thread::current().name()` |
//! | nothing: Python waits for its threads by itself | `join` before `main` returns |
//!
//! To spawn is to start: there is no thread that still waits for its `start`. `println!` holds
//! the lock of standard output for a whole line, so no line is torn, as some are in Python.
//!
//! ```text
//! $ cargo run -p examples-threads --bin thread
//! Thread-1 0
//! Thread-3 2
//! Thread-2 1
//! Thread-4 3
//! Thread-5 4
//! ```
//!
//! **Always:** five whole lines, each name with its own number.
//!
//! **May differ:** the order of the lines.
//!
//! **Try:** leave out the loop that joins. `main` may return first, and then lines are missing or
//! cut off.

use std::thread;

fn main() {
    let mut workers = Vec::new();
    for n in 0..5 {
        // `thread::spawn` is shorter, but gives its thread no name.
        let worker = thread::Builder::new()
            .name(format!("Thread-{}", n + 1))
            .spawn(move || worker(n))
            .expect("the system has room for five threads");
        workers.push(worker);
    }

    for worker in workers {
        worker.join().expect("worker does not panic");
    }
}

fn worker(n: usize) {
    let thread = thread::current();
    println!("{} {n}", thread.name().expect("each worker has a name"));
}
