//! A timer waits and then calls a function, unless another thread cancels it during the wait.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Timer(0.2, function)`, `start()` | `Timer::start(interval, function)`, defined below, because std has no timer |
//! | the `Event` for which the timer waits | a channel, and `recv_timeout(interval)` |
//! | `cancel()`, which sets the event | `cancel`, which drops the sender and so closes the channel |
//!
//! Another thread cannot end a `thread::sleep`. But it can close the channel on which a receiver
//! waits, and then the receiver wakes up at once.
//!
//! ```text
//! $ cargo run -p examples-threads --bin timer
//! Starting a timer of 0.2 seconds and one of 60 seconds
//! Timer of 60 seconds cancelled after 0.000135125 seconds
//! The timer of 60 seconds has ended
//! Timer of 0.2 seconds fired after 0.200199179 seconds
//! Total time taken: 0.20 second(s)
//! ```
//!
//! **Always:** the first timer fires, but not before 0.2 seconds have passed. The second one does
//! not fire. Its thread ends as soon as `main` cancels it, so the total is not 60 seconds. `cancel`
//! returns when the thread has ended.
//!
//! **May differ:** the times. On a busy machine the line of the first timer may come before or
//! between the lines of the second.
//!
//! **Try:** move `long.cancel();` and the line below it to after `short.join();`. The second timer
//! is now cancelled after 0.2 seconds. Then give it an interval of `Duration::from_millis(100)`. It
//! now fires, because the cancel comes too late. (Its lines still say 60 seconds, because that text
//! is fixed.)

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

fn main() {
    println!("Starting a timer of 0.2 seconds and one of 60 seconds");
    let start = Instant::now();
    let short = Timer::start(Duration::from_millis(200), move || {
        println!("Timer of 0.2 seconds fired after {} seconds", start.elapsed().as_secs_f64());
    });
    let long = Timer::start(Duration::from_secs(60), move || {
        println!("Timer of 60 seconds fired after {} seconds", start.elapsed().as_secs_f64());
    });

    long.cancel();
    println!("The timer of 60 seconds has ended");
    short.join();
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

/// A timer that is dropped is cancelled, because its sender is dropped with it.
struct Timer {
    cancel: Sender<()>,
    thread: JoinHandle<()>,
}

impl Timer {
    fn start(interval: Duration, function: impl FnOnce() + Send + 'static) -> Self {
        let (cancel, cancelled) = mpsc::channel();
        let thread = thread::spawn(move || {
            let start = Instant::now();
            // No message is ever sent: the wait ends with the interval or with the channel.
            if cancelled.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                function();
            } else {
                let (interval, waited) = (interval.as_secs_f64(), start.elapsed().as_secs_f64());
                println!("Timer of {interval} seconds cancelled after {waited} seconds");
            }
        });
        Self { cancel, thread }
    }

    fn cancel(self) {
        drop(self.cancel);
        self.thread.join().expect("the function does not panic");
    }

    fn join(self) {
        self.thread.join().expect("the function does not panic");
    }
}
