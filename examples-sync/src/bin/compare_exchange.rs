//! `compare_exchange` stores a new value only if the old one is still there. If not, try again.
//!
//! | Python | Rust |
//! | --- | --- |
//! | none; use `with lock:`, and inside it `if taken < SEATS: taken += 1` | a loop with `taken.compare_exchange(seen, seen + 1, …)` |
//!
//! Four buyers want one of three seats. With `fetch_add` all four would get a seat. A buyer that
//! checks first and stores later could overwrite what other buyers do in between. So a buyer loads
//! the number, decides, and stores the next number only if the number has not changed. If it has,
//! the buyer decides again. Because of the barrier all buyers start with the same number.
//!
//! Such loops usually call `compare_exchange_weak`, which is faster on some processors, but may
//! fail even if the number has not changed. A method of std contains the whole loop:
//! `fetch_update`. Since Rust 1.95 it also has the name `try_update`.
//!
//! ```text
//! $ cargo run -p examples-sync --bin compare_exchange
//! buyer 1 sees 0 seats taken
//! buyer 4 sees 0 seats taken
//! buyer 3 sees 0 seats taken
//! buyer 2 sees 0 seats taken
//! buyer 2 takes seat 1 at attempt 1
//! buyer 4 takes seat 2 at attempt 2
//! buyer 1 takes seat 3 at attempt 2
//! buyer 3 finds no seat, failed attempts: 3
//! 3 of 3 seats are taken
//! ```
//!
//! **Always:** three buyers take one seat each, and one finds none. All four expect 0 at their
//! first attempt. One of these attempts comes first and succeeds. It makes the number 1, so the
//! first attempts of the others fail.
//!
//! **May differ:** the order of the first four lines, the order of the next four, which buyer takes
//! which seat, and how often the buyer of seat 3 and the buyer without a seat fail, because several
//! seats may be taken between two attempts.
//!
//! **Try:** replace `Err(changed) => seen = changed` by `Err(_) => break`. Without a second attempt
//! three buyers go away, although two seats are left. (The compiler warns that `seen` need not be
//! mutable.)

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

const SEATS: u32 = 3;

fn main() {
    let taken = AtomicU32::new(0);
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        for buyer in 1..=4 {
            let (taken, barrier) = (&taken, &barrier);
            scope.spawn(move || buy(buyer, taken, barrier));
        }
    });
    println!("{} of {SEATS} seats are taken", taken.into_inner());
}

fn buy(buyer: u32, taken: &AtomicU32, barrier: &Barrier) {
    let mut seen = taken.load(SeqCst);
    println!("buyer {buyer} sees {seen} seats taken");
    barrier.wait(); // No buyer takes a seat before all have seen the same number.
    let mut attempts = 0;
    while seen < SEATS {
        attempts += 1;
        match taken.compare_exchange(seen, seen + 1, SeqCst, SeqCst) {
            Ok(_) => {
                return println!("buyer {buyer} takes seat {} at attempt {attempts}", seen + 1);
            }
            // Another buyer has taken a seat meanwhile: decide again, with the new number.
            Err(changed) => seen = changed,
        }
    }
    println!("buyer {buyer} finds no seat, failed attempts: {attempts}");
}
