//! Wrong: a semaphore that checks for a permit and takes it in two steps.

use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use std::thread;

static PERMITS: AtomicI32 = AtomicI32::new(1);
static LOWEST: AtomicI32 = AtomicI32::new(1);

fn main() {
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| (0..200).for_each(|_| enter()));
        }
    });
    println!("There was never more than 1 inside: {}", LOWEST.load(SeqCst) >= 0);
}

fn enter() {
    while PERMITS.load(SeqCst) <= 0 {
        thread::yield_now();
    }
    let left = PERMITS.fetch_sub(1, SeqCst) - 1;
    LOWEST.fetch_min(left, SeqCst);
    thread::yield_now();
    PERMITS.fetch_add(1, SeqCst);
}
