//! Wrong: after the thread has checked the flag, it lets other threads run and waits without checking
//! again. A notification that comes in between is lost.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static READY: Mutex<bool> = Mutex::new(false);
static CONDITION: Condvar = Condvar::new();

fn main() {
    thread::scope(|scope| {
        scope.spawn(wait);
        *READY.lock().unwrap() = (0..3_000).sum::<u32>() > 0;
        CONDITION.notify_one();
    });
}

fn wait() {
    if !*READY.lock().unwrap() {
        thread::yield_now();
        let ready = READY.lock().unwrap();
        let (_ready, result) = CONDITION.wait_timeout(ready, Duration::from_millis(20)).unwrap();
        if result.timed_out() {
            return println!("The notification was missed");
        }
    }
    println!("Ready");
}
