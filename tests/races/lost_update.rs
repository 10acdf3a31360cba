//! Wrong: an atomic load and an atomic store are not one atomic addition.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

static COUNTER: AtomicU32 = AtomicU32::new(0);

fn main() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..6_000 {
                    COUNTER.store(COUNTER.load(SeqCst) + 1, SeqCst);
                }
            });
        }
    });
    println!("{} updates", COUNTER.load(SeqCst));
}
