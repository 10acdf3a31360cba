//! `fetch_add` is one step, so no update is lost. A `load` and a `store` are two steps.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `counter += 1`, without a lock | `counter.store(counter.load(SeqCst) + 1, SeqCst)` |
//! | `with lock: counter += 1` | `counter.fetch_add(1, SeqCst)` on an `AtomicUsize` |
//!
//! Four threads add 1 to a counter. If a thread adds in two steps, another thread can change the
//! counter between its load and its store. Then the store overwrites this change. In the first
//! count this happens by chance, as in `race_condition`. In the second count each thread makes only
//! one update. A barrier between the two steps makes the threads overwrite each other in every run.
//!
//! `SeqCst` is the strongest memory ordering. Use it until you have read `memory_ordering`. It does
//! not make two steps into one.
//!
//! ```text
//! $ cargo run -p examples-sync --bin atomic_counter
//! load, store: 722910 of 1200000 updates counted
//! load, barrier, store: 1 of 4 updates counted
//! fetch_add: 1200000 of 1200000 updates counted
//! ```
//!
//! **Always:** the second count is 1, because every thread loads 0 before any thread stores 1. The
//! third count is complete, because each `fetch_add` is indivisible.
//!
//! **May differ:** the first count. Usually updates are lost, but it can be complete.
//!
//! **Try:** replace both numbers `300_000` by 1. Now the first count is nearly always complete, but
//! the error is still there.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

const THREADS: usize = 4;

fn main() {
    count("load, store", 300_000, |counter| {
        let found = counter.load(SeqCst);
        counter.store(found + 1, SeqCst);
    });
    let barrier = Barrier::new(THREADS);
    count("load, barrier, store", 1, |counter| {
        let found = counter.load(SeqCst);
        barrier.wait(); // No thread stores before all have loaded.
        counter.store(found + 1, SeqCst);
    });
    count("fetch_add", 300_000, |counter| {
        counter.fetch_add(1, SeqCst);
    });
}

/// Lets each thread make its updates of one counter, and prints how many were counted.
fn count(name: &str, updates: usize, add_one: impl Fn(&AtomicUsize) + Sync) {
    let counter = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..updates).for_each(|_| add_one(&counter)));
        }
    });
    println!("{name}: {} of {} updates counted", counter.into_inner(), THREADS * updates);
}
