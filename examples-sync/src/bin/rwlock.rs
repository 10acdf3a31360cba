//! Several readers can hold a read-write lock at the same time, but a writer holds it alone.
//!
//! | Python | Rust |
//! | --- | --- |
//! | nothing in the standard library; a `Lock` also keeps readers apart | `RwLock::new(5)`, which contains the data |
//! | `with lock:` in order to read | `price.read()`, whose guard only lets you read the data |
//! | `with lock:` in order to write | `price.write()`, whose guard also lets you change it |
//!
//! Readers do not disturb each other, because none of them can change the data. Here readers 1 and
//! 2 hold the lock at the same time: both wait at a barrier before they release it. `main` is the
//! writer. It gets the lock after both readers have released it, and while it holds the lock,
//! reader 3 has to wait.
//!
//! ```text
//! $ cargo run -p examples-sync --bin rwlock
//! reader 1 starts, the price is 5
//! reader 2 starts, the price is 5
//! Both readers hold the lock. Can a writer lock it now? false
//! reader 1 ends, the price is 5
//! reader 2 ends, the price is 5
//! The writer holds the lock. Can a reader lock it now? false
//! The writer ends
//! reader 3 starts, the price is 6
//! ```
//!
//! **Always:** both readers start before either of them ends, because of the barrier. `write`
//! returns only after both readers have dropped their guards. Reader 3 is spawned before the price
//! changes, but its `read` returns only after the writer has dropped its guard, so it always reads
//! 6. `main` calls `write` only after both readers have the lock. If it called `write` earlier, all
//! three could wait forever, because std does not say whether a reader has to wait for a writer
//! that is already waiting.
//!
//! **May differ:** the order of readers 1 and 2.
//!
//! **Try:** in `reader`, write `*price.read()` instead of `price.read()`. Now `guard` is only a
//! copy of the price. The real guard is dropped at the end of this line, so the third line of the
//! output ends with `true`.

use std::sync::{Barrier, RwLock};
use std::thread;
use std::time::Duration;

fn main() {
    let price = RwLock::new(5);
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        for number in 1..=2 {
            let (price, barrier) = (&price, &barrier);
            scope.spawn(move || reader(number, price, barrier));
        }

        barrier.wait(); // Both readers hold the lock.
        let can_write = price.try_write().is_ok();
        println!("Both readers hold the lock. Can a writer lock it now? {can_write}");
        barrier.wait(); // The readers may continue.

        let mut guard = price.write().expect("no thread panics with the lock");
        let can_read = price.try_read().is_ok();
        println!("The writer holds the lock. Can a reader lock it now? {can_read}");
        scope.spawn(|| {
            let guard = price.read().expect("no thread panics with the lock");
            println!("reader 3 starts, the price is {guard}");
        });
        thread::sleep(Duration::from_millis(10)); // Simulates work.
        *guard = 6;
        println!("The writer ends");
        drop(guard);
    });
}

fn reader(number: u32, price: &RwLock<u32>, barrier: &Barrier) {
    let guard = price.read().expect("no thread panics with the lock");
    println!("reader {number} starts, the price is {guard}");
    barrier.wait();
    barrier.wait();
    println!("reader {number} ends, the price is {guard}");
}
