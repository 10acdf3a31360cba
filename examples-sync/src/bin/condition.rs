//! A condition variable lets a thread wait until shared data is in the state that the thread needs.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `threading.Condition()` | a `Condvar`, and a `Mutex` around the data |
//! | `with cond: cond.wait_for(lambda: items)` | `not_empty.wait_while(guard, \|items\| items.is_empty())` |
//! | `cond.notify()`, `cond.notify_all()` | `notify_one()`, `notify_all()` |
//!
//! An event, which the next lesson `event` shows, only says that something has happened. A
//! condition is about data: here a consumer waits until the buffer holds an item, and takes the
//! item before another consumer can access the buffer. `wait_while` checks the buffer before it
//! waits, because a notification that comes before the wait is lost. It checks the buffer again
//! after each wake-up, because another consumer may have taken the item, or the thread may have
//! woken up without a notification.
//!
//! ```text
//! $ cargo run -p examples-sync --bin condition
//! Starting consumer_thread_1
//! Starting consumer_thread_2
//! Starting producer_thread
//! producer_thread notifying all consumers
//! consumer_thread_2 notified by producer
//! consumer_thread_2 takes item 1
//! consumer_thread_1 notified by producer
//! consumer_thread_1 takes item 2
//! ```
//!
//! **Always:** both consumers are waiting before the producer gets the lock: `main` spawns the
//! producer only after a message from each consumer, and a consumer that sends it holds the lock
//! until it waits. `notify_all` wakes both, and each takes one item.
//!
//! **May differ:** which consumer wakes up first and takes item 1.
//!
//! **Try:** let the producer put only one item into the buffer, `items.extend([1]);`. Both
//! consumers wake up, but the second one finds the buffer empty, waits again, and the program never
//! ends.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Sender};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

fn main() {
    let buffer = Buffer::default();
    let (started, has_started) = mpsc::channel();

    thread::scope(|scope| {
        scope.spawn(|| consumer("consumer_thread_1", &buffer, &started));
        has_started.recv().expect("the first consumer sends a message");
        scope.spawn(|| consumer("consumer_thread_2", &buffer, &started));
        has_started.recv().expect("the second consumer sends a message");
        scope.spawn(|| producer("producer_thread", &buffer));
    });
}

#[derive(Default)]
struct Buffer {
    items: Mutex<VecDeque<u32>>,
    not_empty: Condvar,
}

fn consumer(name: &str, buffer: &Buffer, started: &Sender<()>) {
    thread::sleep(Duration::from_millis(10)); // Simulates a thread that needs time to start.
    let items = buffer.items.lock().expect("no thread panics with the lock");
    println!("Starting {name}");
    started.send(()).expect("main waits for this message");
    // This releases the lock while it waits, and has locked it again when it returns.
    let items = buffer.not_empty.wait_while(items, |items| items.is_empty());
    let mut items = items.expect("no thread panics with the lock");
    println!("{name} notified by producer");
    println!("{name} takes item {}", items.pop_front().expect("the buffer is not empty"));
}

fn producer(name: &str, buffer: &Buffer) {
    println!("Starting {name}");
    let mut items = buffer.items.lock().expect("no thread panics with the lock");
    println!("{name} notifying all consumers");
    items.extend([1, 2]);
    buffer.not_empty.notify_all();
}
