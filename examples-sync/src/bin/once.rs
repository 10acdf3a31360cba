//! `LazyLock` and `OnceLock` initialise a value once: the first thread creates it, the others wait.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `@functools.cache`, which may call the function several times if threads call it at the same time | `LazyLock::new(f)`, which calls `f` at most once |
//! | `with lock:`, and inside it `if leader is None: leader = elect(number)` | `LEADER.get_or_init(\|\| elect(number))` |
//!
//! A `LazyLock` knows how to create its value, and does so when the value is first used. A
//! `OnceLock` gets a closure from the thread that needs the value, so the value can depend on that
//! thread, here on its number. Both can be put into a static, which all threads share.
//!
//! ```text
//! $ cargo run -p examples-sync --bin once
//! worker 1 starts
//! worker 3 starts
//! worker 2 starts
//! worker 3 becomes the leader
//! loading the settings
//! worker 3: colour = blue, the leader is worker 3
//! worker 1: colour = blue, the leader is worker 3
//! worker 2: colour = blue, the leader is worker 3
//! ```
//!
//! **Always:** exactly one worker becomes the leader, although all three try at the same time.
//! `get_or_init` returns the same value to all workers. It returns to no worker until the leader's
//! closure has returned. After that the settings are loaded once, before any worker prints its last
//! line.
//!
//! **May differ:** which worker becomes the leader, and the order of the workers.
//!
//! **Try:** in `leader`, check first and set later. Replace its only line by these:
//!
//! ```text
//! if LEADER.get().is_none() {
//!     let _ = LEADER.set(elect(number));
//! }
//! *LEADER.get().expect("a worker has set it")
//! ```
//!
//! In nearly every run all three workers see that there is no leader yet, and all three print that
//! they become the leader. The check and `set` are two steps, and `get_or_init` is one.

use std::sync::{Barrier, LazyLock, OnceLock};
use std::thread;
use std::time::Duration;

static SETTINGS: LazyLock<String> = LazyLock::new(load_settings);
static LEADER: OnceLock<u32> = OnceLock::new();

fn main() {
    let all_started = Barrier::new(3);
    thread::scope(|scope| {
        for number in 1..=3 {
            // With `move` the closure owns the number. It only borrows the barrier.
            let all_started = &all_started;
            scope.spawn(move || worker(number, all_started));
        }
    });
}

fn worker(number: u32, all_started: &Barrier) {
    println!("worker {number} starts");
    // All workers ask for the leader at the same time.
    all_started.wait();
    let leader = leader(number);
    let settings = &*SETTINGS; // The first worker that comes here loads them.
    println!("worker {number}: {settings}, the leader is worker {leader}");
}

fn leader(number: u32) -> u32 {
    *LEADER.get_or_init(|| elect(number))
}

fn elect(number: u32) -> u32 {
    work();
    println!("worker {number} becomes the leader");
    number
}

fn load_settings() -> String {
    println!("loading the settings");
    work();
    "colour = blue".to_string()
}

/// Simulates the work of creating a value.
fn work() {
    thread::sleep(Duration::from_millis(100));
}
