//! Two threads that each hold the lock which the other one needs wait for ever: a deadlock.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with a, b:` in one thread, `with b, a:` in another | `swap(0, 1)` and `swap(1, 0)` |
//! | `t1.join(timeout=1)` | `recv_timeout` on a channel, as `join` has no time limit |
//!
//! Rust keeps out data races, not deadlocks. Most of them strike only now and then. This one
//! strikes in every run: a `Barrier` between the two locks lets nobody pass before both threads
//! hold their first one.
//!
//! ```text
//! $ cargo run -p examples-sync --bin deadlock
//! ThreadId(2) holds lock 0 and asks for lock 1
//! ThreadId(3) holds lock 1 and asks for lock 0
//! Deadlock: no thread has moved for 1 second
//! ```
//!
//! **Always:** these lines, the last one after a second. Then the program ends by itself, with
//! exit code 0: it has shown what it was to show, and nobody joins the blocked threads.
//!
//! **May differ:** the ids, and which of the two threads comes first.
//!
//! **Try:** in `swap`, move `MEETING.wait()` to before the first lock. Chance decides now: most
//! runs end well, and some do not. That is how one meets a deadlock in practice. `lock_ordering`
//! has the cure.

use std::sync::{Barrier, Mutex, mpsc};
use std::time::Duration;
use std::{mem, thread};

// Static, as blocked threads outlive what `main` has. A scope would wait for them for ever.
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
    let mut one = LOCKS[first].lock().expect("no thread panics while it holds a lock");
    println!("{id:?} holds lock {first} and asks for lock {second}");
    MEETING.wait();
    let mut other = LOCKS[second].lock().expect("no thread panics while it holds a lock");
    println!("{id:?} holds both locks");
    mem::swap(&mut *one, &mut *other);
}
