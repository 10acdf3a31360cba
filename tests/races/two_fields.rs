//! Wrong: the two coordinates are read one after the other while another thread moves the point.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

static X: AtomicU32 = AtomicU32::new(0);
static Y: AtomicU32 = AtomicU32::new(0);

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..=20_000 {
                X.store(n, SeqCst);
                Y.store(n, SeqCst);
            }
        });
        scope.spawn(|| {
            let (x, y) = (X.load(SeqCst), Y.load(SeqCst));
            println!("on the diagonal: {}", x == y);
        });
    });
}
