//! Wrong: between the check and the sale another thread may sell the last seat.

use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use std::thread;

static SEATS: AtomicI32 = AtomicI32::new(10_000);

fn main() {
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while SEATS.load(SeqCst) > 0 {
                    SEATS.fetch_sub(1, SeqCst);
                }
            });
        }
    });
    println!("{} seats are left", SEATS.load(SeqCst));
}
