//! In a deadlock each of two threads holds a lock and waits for the lock that the other holds.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with a, b:` in one thread, `with b, a:` in another | `swap(0, 1)` and `swap(1, 0)` |
//! | `t1.join(timeout=1)` | `recv_timeout` on a channel, because `join` has no time limit |
//!
//! Rust prevents data races, but not deadlocks. Most deadlocks happen only now and then. This one
//! happens in every run, because of the barrier between the two locks.
//!
//! ```text
//! $ cargo run -p examples-sync --bin deadlock
//! ThreadId(2) holds lock 0 and asks for lock 1
//! ThreadId(3) holds lock 1 and asks for lock 0
//! Deadlock: no thread has ended after 1.00 second(s)
//! ```
//!
//! **Always:** these lines. The line of `main` comes last, because the barrier lets `main` and the
//! two threads continue only when each thread holds its first lock. `main` stops waiting after a
//! second and returns, which cuts off the two threads.
//!
//! **May differ:** the ids, which thread is first, and the time.
//!
//! **Try:** in `swap`, move `BOTH_HOLD_ONE.wait();` to before the first lock, and run the program
//! several times. In some runs the threads still deadlock, in others both of them end.
//! `lock_ordering` has the cure.

use std::sync::{Barrier, Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{mem, thread};

// Static, because threads that never end must not borrow from `main`.
static LOCKS: [Mutex<&str>; 2] = [Mutex::new("left"), Mutex::new("right")];
static BOTH_HOLD_ONE: Barrier = Barrier::new(3);

fn main() {
    let (ended, has_ended) = mpsc::channel();
    for (first, second) in [(0, 1), (1, 0)] {
        let ended = ended.clone();
        thread::spawn(move || {
            swap(first, second);
            ended.send(()).expect("main waits for both threads");
        });
    }

    BOTH_HOLD_ONE.wait();
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
    let mut one = LOCKS[first].lock().expect("no thread panics with a lock");
    println!("{id:?} holds lock {first} and asks for lock {second}");
    BOTH_HOLD_ONE.wait();
    let mut other = LOCKS[second].lock().expect("no thread panics with a lock");
    println!("{id:?} holds both locks");
    mem::swap(&mut *one, &mut *other);
}
