//! Threads that take their locks in the same order cannot deadlock.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with a, b:` in every thread | `first.min(second)` is locked before `first.max(second)` |
//!
//! This is `deadlock` with one more rule: each thread takes the lock with the lower number first. A
//! thread that holds the lock with the higher number never waits for the other one, so the threads
//! cannot wait in a circle. A sleep replaces the barrier of `deadlock`: under the rule only one
//! thread at a time holds its first lock, so the threads would wait at that barrier forever.
//!
//! ```text
//! $ cargo run -p examples-sync --bin lock_ordering
//! ThreadId(2) holds lock 0 and asks for lock 1
//! ThreadId(2) holds both locks
//! ThreadId(3) holds lock 0 and asks for lock 1
//! ThreadId(3) holds both locks
//! No deadlock: both threads have ended
//! ```
//!
//! **Always:** one thread takes both locks and releases them before the other one gets a lock,
//! because both need lock 0 first. `main` prints its line after it has a message from each thread.
//!
//! **May differ:** which thread is first.
//!
//! **Try:** remove the line `let (first, second) = (first.min(second), first.max(second));`. Nearly
//! every run now reports a deadlock, because each thread has 100 milliseconds to take its first
//! lock.

use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{mem, thread};

// Static, because threads that are started by `thread::spawn` cannot borrow from `main`.
static LOCKS: [Mutex<&str>; 2] = [Mutex::new("left"), Mutex::new("right")];

fn main() {
    let (ended, has_ended) = mpsc::channel();
    for (first, second) in [(0, 1), (1, 0)] {
        let ended = ended.clone();
        thread::spawn(move || {
            swap(first, second);
            ended.send(()).expect("main waits for both threads");
        });
    }

    let start = Instant::now();
    for _ in 0..2 {
        if has_ended.recv_timeout(Duration::from_secs(1)).is_err() {
            let seconds = start.elapsed().as_secs_f64();
            println!("Deadlock: no thread has ended after {seconds:.2} second(s)");
            return;
        }
    }
    println!("No deadlock: both threads have ended");
}

/// Swaps the two guarded values, which requires holding both locks.
fn swap(first: usize, second: usize) {
    let id = thread::current().id();
    let (first, second) = (first.min(second), first.max(second));
    let mut one = LOCKS[first].lock().expect("no thread panics with a lock");
    println!("{id:?} holds lock {first} and asks for lock {second}");
    // Simulates work.
    thread::sleep(Duration::from_millis(100));
    let mut other = LOCKS[second].lock().expect("no thread panics with a lock");
    println!("{id:?} holds both locks");
    mem::swap(&mut *one, &mut *other);
}
