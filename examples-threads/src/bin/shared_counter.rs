//! An `Arc` lets threads share a value, even if they outlive the function that starts them.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `counter = 0` and `lock = Lock()`, which belong together | `Arc::new(Mutex::new(0))`, one value |
//! | a variable is a reference to its object, which CPython counts | `Arc::clone(&counter)` makes one more reference |
//! | `with lock: counter += 1` | `*counter.lock().expect(…) += 1` |
//!
//! Three threads count with one counter. The function `start_threads` starts them and returns while
//! they still run. The compiler does not know that `main` joins them later, so they cannot borrow a
//! variable of `main`. Each of them owns a clone of the `Arc`: a counted reference to the same
//! mutex. If the threads end before the function goes on, you need no `Arc`, because a thread that
//! is started in `thread::scope` may borrow the mutex. A static needs no `Arc` either, because it
//! is never freed.
//!
//! ```text
//! $ cargo run -p examples-threads --bin shared_counter
//! start_threads has returned. Owners of the counter: 4
//! Total: 0
//! The threads have ended. Owners of the counter: 1
//! Total: 300000
//! ```
//!
//! **Always:** these lines. No thread can count while `main` holds the lock, so the total is 0, and
//! no thread has ended, when `main` prints the first two lines. The joins order the other two. No
//! update is lost, because each thread holds the lock while it reads and writes the number.
//!
//! **Try:** write `let counter = Arc::new(Mutex::new(0));` instead of
//! `let counter = Arc::clone(counter);`. (The compiler warns that `start_threads` does not use its
//! parameter.) Now each thread has a counter of its own. `main` is the only owner of its counter
//! both times, and the total stays 0.

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

fn main() {
    let counter = Arc::new(Mutex::new(0));
    // The threads have to wait for the lock, so all of them still run when it is released.
    let total = counter.lock().expect("no thread has panicked");
    let threads = start_threads(&counter);
    println!("start_threads has returned. Owners of the counter: {}", Arc::strong_count(&counter));
    println!("Total: {total}");
    drop(total);

    for thread in threads {
        thread.join().expect("count does not panic");
    }
    println!("The threads have ended. Owners of the counter: {}", Arc::strong_count(&counter));
    println!("Total: {}", counter.lock().expect("no thread has panicked"));
}

fn start_threads(counter: &Arc<Mutex<u32>>) -> Vec<JoinHandle<()>> {
    let start = |_| {
        let counter = Arc::clone(counter);
        // `move` gives the thread its clone. The thread drops it when it ends.
        thread::spawn(move || count(&counter))
    };
    (0..3).map(start).collect()
}

fn count(counter: &Mutex<u32>) {
    for _ in 0..100_000 {
        *counter.lock().expect("no thread has panicked") += 1;
    }
}
