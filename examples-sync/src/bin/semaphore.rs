//! A semaphore lets a fixed number of threads in at a time; whoever comes later waits outside.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `threading.Semaphore(2)` | a struct of your own: a `Mutex<usize>` and a `Condvar` |
//! | `with semaphore:` | `let _permit = semaphore.acquire();`, given back when it is dropped |
//!
//! There is none in std, and none is needed: a number and a place to wait make one. What the
//! lines show is counted apart from it, so they would tell if it let in too many.
//!
//! ```text
//! $ cargo run -p examples-sync --bin semaphore
//! ThreadId(2) enters, 1 of 2 inside
//! ThreadId(4) enters, 2 of 2 inside
//! ThreadId(5) enters, 2 of 2 inside
//! ThreadId(6) enters, 2 of 2 inside
//! ThreadId(7) enters, 2 of 2 inside
//! ThreadId(3) enters, 2 of 2 inside
//! Highest number inside: 2
//! ```
//!
//! **Always:** six threads get in, each once, and never more than two are inside. They are two
//! each time: a pair meets inside before either of them leaves.
//!
//! **May differ:** the ids, and whether the first of the next pair gets in while one of the
//! last pair is still inside (2 of 2) or when both have left (1 of 2).
//!
//! **Try:** leave out the line that takes a permit away. All get in at once, and the numbers
//! go up to 6.

use std::sync::{Barrier, Condvar, Mutex};
use std::thread;
use std::time::Duration;

const PERMITS: usize = 2;

fn main() {
    let semaphore = Semaphore { permits: Mutex::new(PERMITS), returned: Condvar::new() };
    let room = Mutex::new(Room::default());
    let pair = Barrier::new(PERMITS);

    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| visit(&semaphore, &room, &pair));
        }
    });

    let room = room.into_inner().expect("no thread panics while it holds the lock");
    println!("Highest number inside: {}", room.highest);
}

fn visit(semaphore: &Semaphore, room: &Mutex<Room>, pair: &Barrier) {
    // The name matters: `let _ = …` would give the permit back at once.
    let _permit = semaphore.acquire();
    room.lock().expect("no thread panics while it holds the lock").enter();
    // Nobody leaves before there are two. Threads that came one by one would prove nothing.
    pair.wait();
    // Stands for work that takes one longer than the other.
    thread::sleep(Duration::from_millis(rand::random_range(10..=50)));
    room.lock().expect("no thread panics while it holds the lock").leave();
}

/// How many permits are left, and where threads wait while there is none.
struct Semaphore {
    permits: Mutex<usize>,
    returned: Condvar,
}

impl Semaphore {
    fn acquire(&self) -> Permit<'_> {
        let permits = self.permits.lock().expect("no thread panics while it holds the lock");
        let permits = self.returned.wait_while(permits, |permits| *permits == 0);
        *permits.expect("no thread panics while it holds the lock") -= 1;
        Permit(self)
    }
}

/// A place inside. Who drops it gives it back.
#[must_use]
struct Permit<'a>(&'a Semaphore);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.permits.lock().expect("no thread panics while it holds the lock") += 1;
        self.0.returned.notify_one();
    }
}

/// Counts who is inside, and remembers the most that it has seen.
#[derive(Default)]
struct Room {
    inside: usize,
    highest: usize,
}

impl Room {
    fn enter(&mut self) {
        self.inside += 1;
        self.highest = self.highest.max(self.inside);
        println!("{:?} enters, {} of {PERMITS} inside", thread::current().id(), self.inside);
    }

    fn leave(&mut self) {
        self.inside -= 1;
    }
}
