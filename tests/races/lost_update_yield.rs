//! Wrong: each thread reads the balance, lets other threads run, and writes the balance back.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

static BALANCE: AtomicU32 = AtomicU32::new(0);

fn main() {
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(deposit);
        }
    });
    println!("The balance is {}", BALANCE.load(SeqCst));
}

fn deposit() {
    let balance = BALANCE.load(SeqCst);
    thread::yield_now();
    BALANCE.store(balance + 10, SeqCst);
}
