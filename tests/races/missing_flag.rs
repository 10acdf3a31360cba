//! Wrong: a condition variable without a flag. A notification that comes before the wait is lost.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static LOCK: Mutex<()> = Mutex::new(());
static READY: Condvar = Condvar::new();

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = LOCK.lock().unwrap();
            let (_guard, result) = READY.wait_timeout(guard, Duration::from_millis(20)).unwrap();
            let seen = if result.timed_out() { "missed" } else { "seen" };
            println!("The notification was {seen}");
        });
        println!("Everything is ready");
        let _guard = LOCK.lock().unwrap();
        READY.notify_one();
    });
}
