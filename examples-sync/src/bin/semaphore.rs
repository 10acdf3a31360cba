//! A semaphore has a fixed number of permits: a thread that finds none waits until one is returned.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `threading.Semaphore(2)` | a struct of your own: a `Mutex<usize>` and a `Condvar` |
//! | `with semaphore:` | `let _permit = semaphore.acquire();`, a permit that goes back when it is dropped |
//!
//! Std has no semaphore, so the program builds one. `acquire` returns a `Permit`, and a `Permit`
//! that is dropped returns itself to the semaphore. So a thread returns its permit even if it
//! panics.
//!
//! Six threads enter, two at a time. The barrier makes each thread wait inside for a second one.
//! Without the barrier each thread could leave before the next one enters, and the output would not
//! show that two may be inside.
//!
//! ```text
//! $ cargo run -p examples-sync --bin semaphore
//! ThreadId(2) enters, 1 of 2 inside
//! ThreadId(4) enters, 2 of 2 inside
//! ThreadId(5) enters, 2 of 2 inside
//! ThreadId(6) enters, 2 of 2 inside
//! ThreadId(7) enters, 1 of 2 inside
//! ThreadId(3) enters, 2 of 2 inside
//! ```
//!
//! **Always:** each of the six threads enters once, and at most two are inside at the same time,
//! because there are two permits. No thread leaves before a second one is inside with it, because
//! of the barrier.
//!
//! **May differ:** the ids, and whether the first thread of the next pair enters while a thread of
//! the previous pair is still inside (2 of 2) or after both have left (1 of 2).
//!
//! **Try:** write `let _ = semaphore.acquire();` instead of `let _permit = …`. `_` is not a
//! variable, so the permit is dropped at the end of the line. Usually all threads are inside at the
//! same time then, and the numbers rise to 6 of 2.

use std::sync::{Barrier, Condvar, Mutex};
use std::thread;
use std::time::Duration;

const PERMITS: usize = 2;

fn main() {
    let semaphore = Semaphore { permits: Mutex::new(PERMITS), returned: Condvar::new() };
    let inside = Mutex::new(0);
    let pair = Barrier::new(PERMITS);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| visit(&semaphore, &inside, &pair));
        }
    });
}

fn visit(semaphore: &Semaphore, inside: &Mutex<usize>, pair: &Barrier) {
    let _permit = semaphore.acquire();
    enter(&mut inside.lock().expect("no thread panics with the lock"));
    // Wait for a second thread. Otherwise each thread could leave before the next one enters.
    pair.wait();
    // Simulates work that takes a varying amount of time.
    thread::sleep(Duration::from_millis(rand::random_range(10..=50)));
    *inside.lock().expect("no thread panics with the lock") -= 1;
}

fn enter(inside: &mut usize) {
    *inside += 1;
    println!("{:?} enters, {inside} of {PERMITS} inside", thread::current().id());
}

struct Semaphore {
    permits: Mutex<usize>,
    returned: Condvar,
}

impl Semaphore {
    fn acquire(&self) -> Permit<'_> {
        let permits = self.permits.lock().expect("no thread panics with the lock");
        let permits = self.returned.wait_while(permits, |permits| *permits == 0);
        *permits.expect("no thread panics with the lock") -= 1;
        Permit(self)
    }
}

/// A permit. Dropping it returns it to the semaphore.
struct Permit<'a>(&'a Semaphore);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.permits.lock().expect("no thread panics with the lock") += 1;
        self.0.returned.notify_one();
    }
}
