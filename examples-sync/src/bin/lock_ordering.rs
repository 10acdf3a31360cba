//! Threads that take their locks in one and the same order cannot block each other.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with a, b:` in every thread | `first.min(second)` locked before `first.max(second)` |
//!
//! This is `deadlock` with one rule more: the lock with the lower number comes first. Whoever
//! has the higher one then never waits for the lower one, and no circle can close. Nothing is
//! tried again and nothing is taken back. Only the meeting had to move, to before the locks:
//! that each of the threads holds one is just what cannot happen any more.
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
//! **Always:** one thread gets both locks and is through with them before the other gets any.
//!
//! **May differ:** which thread is the first.
//!
//! **Try:** leave out the line that puts the numbers in order. With no `Barrier` between the
//! locks chance decides: most runs go well, and in some the watcher reports a deadlock.

use std::sync::{Barrier, Mutex, mpsc};
use std::time::Duration;
use std::{mem, thread};

// Static, as in `deadlock`: a scope would wait for ever for threads that block each other.
static LOCKS: [Mutex<&str>; 2] = [Mutex::new("left"), Mutex::new("right")];

/// Where both threads and the main thread meet.
static MEETING: Barrier = Barrier::new(3);

fn main() {
    let (ended, has_ended) = mpsc::channel();
    for (first, second) in [(0, 1), (1, 0)] {
        let ended = ended.clone();
        thread::spawn(move || {
            swap(first, second);
            ended.send(()).expect("main watches until both threads have ended");
        });
    }

    MEETING.wait();
    for _ in 0..2 {
        if has_ended.recv_timeout(Duration::from_secs(1)).is_err() {
            println!("Deadlock: no thread has moved for 1 second");
            return;
        }
    }
    println!("No deadlock: both threads have ended");
}

/// Exchanges what the two locks guard, for which it needs both of them at once.
fn swap(first: usize, second: usize) {
    let id = thread::current().id();
    let (first, second) = (first.min(second), first.max(second));
    MEETING.wait();
    let mut one = LOCKS[first].lock().expect("no thread panics while it holds a lock");
    println!("{id:?} holds lock {first} and asks for lock {second}");
    let mut other = LOCKS[second].lock().expect("no thread panics while it holds a lock");
    println!("{id:?} holds both locks");
    mem::swap(&mut *one, &mut *other);
}
