//! Wrong: each account has its own lock, so the sum can be taken in the middle of a transfer.

use std::sync::Mutex;
use std::thread;

static SAVINGS: Mutex<i32> = Mutex::new(5_000);
static CURRENT: Mutex<i32> = Mutex::new(0);

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..5_000 {
                *SAVINGS.lock().unwrap() -= 1;
                *CURRENT.lock().unwrap() += 1;
            }
        });
        scope.spawn(|| {
            let savings = *SAVINGS.lock().unwrap();
            println!("The sum is {}", savings + *CURRENT.lock().unwrap());
        });
    });
}
