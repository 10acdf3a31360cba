//! A condition variable is a place to wait until what somebody else does makes a condition true.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `threading.Condition()` | a `Condvar`, and a `Mutex` around what the condition is about |
//! | `with cond: cond.wait()` | `changed.wait_while(guard, \|notified\| !*notified)` |
//! | `cond.notify()`, `cond.notify_all()` | `changed.notify_one()`, `changed.notify_all()` |
//!
//! The notebook waits for the call alone. A consumer that comes after it waits for ever, and
//! one that wakes up for no reason, which is allowed, takes it for a call. Here a flag says what
//! has happened, and `wait_while` looks at it before it waits and each time it wakes up.
//!
//! ```text
//! $ cargo run -p examples-sync --bin condition
//! Starting consumer_thread_1
//! Starting consumer_thread_2
//! Starting producer_thread
//! producer_thread notifying all consumers
//! consumer_thread_2 notified by producer
//! consumer_thread_1 notified by producer
//! ```
//!
//! **Always:** the first four lines in this order. Both consumers wait by then, and one
//! `notify_all` wakes them both.
//!
//! **May differ:** which consumer comes first once they are awake.
//!
//! **Try:** call `notify_one` instead. One consumer goes on, the other sleeps on, and the
//! program never ends.

use std::sync::mpsc::{self, Sender};
use std::sync::{Condvar, Mutex};
use std::thread;

fn main() {
    let condition = Condition::default();
    let (started, has_started) = mpsc::channel();

    thread::scope(|scope| {
        scope.spawn(|| consumer("consumer_thread_1", &condition, &started));
        has_started.recv().expect("the first consumer says that it has started");
        scope.spawn(|| consumer("consumer_thread_2", &condition, &started));
        has_started.recv().expect("the second consumer says that it has started");
        scope.spawn(|| producer("producer_thread", &condition));
    });
}

/// What is waited for, and where the threads wait for it.
#[derive(Default)]
struct Condition {
    notified: Mutex<bool>,
    changed: Condvar,
}

fn consumer(name: &str, condition: &Condition, started: &Sender<()>) {
    // It has the lock while it says that it has started, and gives it up only as it begins to
    // wait. So the producer, which needs the lock too, finds both consumers waiting.
    let notified = condition.notified.lock().expect("no thread panics while it holds the lock");
    println!("Starting {name}");
    started.send(()).expect("main waits for this message");
    let notified = condition.changed.wait_while(notified, |notified| !*notified);
    drop(notified.expect("no thread panics while it holds the lock"));
    println!("{name} notified by producer");
}

fn producer(name: &str, condition: &Condition) {
    println!("Starting {name}");
    let mut notified = condition.notified.lock().expect("no thread panics while it holds the lock");
    println!("{name} notifying all consumers");
    *notified = true;
    drop(notified);
    condition.changed.notify_all();
}
