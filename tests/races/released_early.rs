//! Wrong: the lock is released after the balance is read, and taken again to write it.

use std::sync::Mutex;
use std::thread;

static BALANCE: Mutex<u32> = Mutex::new(0);

fn main() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..1_000 {
                    let balance = *BALANCE.lock().unwrap();
                    *BALANCE.lock().unwrap() = balance + 1;
                }
            });
        }
    });
    println!("The balance is {}", *BALANCE.lock().unwrap());
}
