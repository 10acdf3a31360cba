//! A timer is a thread that waits before it acts, in a way that lets others end the wait.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Timer(0.2, function)`, `start()` | `Timer::start(interval, function)`, below: std has none |
//! | the `Event` that the timer waits for | a channel, and `recv_timeout(interval)` |
//! | `cancel()` sets the event | `cancel` drops the sender, which closes the channel |
//! | `join()` | `join` |
//!
//! `thread::sleep` cannot be cut short. A receiver can wait for as long, and wakes at once
//! when its channel is closed. That is also when the `Timer` is dropped: in Python nobody has to
//! keep one, here it lives until it is joined or cancelled.
//!
//! ```text
//! $ cargo run -p examples-threads --bin timer
//! Starting a timer of 0.2 seconds and one of 60 seconds
//! Timer of 60 seconds cancelled after 0.000135125 seconds
//! Timer of 0.2 seconds fired after 0.200199179 seconds
//! Total time taken: 0.20 second(s)
//! ```
//!
//! **Always:** one timer fires, never before its time. The other one does not fire, and ends
//! when it is cancelled: nobody waits for 60 seconds.
//!
//! **May differ:** the times. On a very busy machine the second and the third line may change
//! places.
//!
//! **Try:** join the second timer instead of cancelling it, and take out the line that says so.
//! It fires, and the total is a minute.

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
    println!("Timer of 60 seconds cancelled after {} seconds", start.elapsed().as_secs_f64());
    short.join();
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

#[must_use = "a timer that is dropped is cancelled"]
struct Timer {
    open_until_cancelled: Sender<()>,
    thread: JoinHandle<()>,
}

impl Timer {
    fn start(interval: Duration, function: impl FnOnce() + Send + 'static) -> Self {
        let (open_until_cancelled, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            // Nothing is ever sent: the wait ends with the interval or with the channel.
            if receiver.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                function();
            }
        });
        Self { open_until_cancelled, thread }
    }

    fn cancel(self) {
        drop(self.open_until_cancelled);
        self.thread.join().expect("the function of a timer does not panic");
    }

    fn join(self) {
        self.thread.join().expect("the function of a timer does not panic");
    }
}
