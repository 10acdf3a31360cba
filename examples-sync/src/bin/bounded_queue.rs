//! A bounded queue has a limited size: when it is full, the producer waits for the consumer.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `queue.Queue(maxsize=2)` | `mpsc::sync_channel(2)`, a sender and a receiver |
//! | `q.put(part)`, which waits while the queue is full | `queue.send(part)` |
//! | `q.put_nowait(part)`, which raises `queue.Full` | `queue.try_send(part)`, which returns `Err(Full(part))` |
//!
//! Without a limit, a producer that is faster than the consumer fills the memory. Here the queue
//! never holds more than two parts, because `send` waits. This is called back-pressure. Most
//! producers only call `send`. This one calls `try_send` first, so that it can report that it has
//! to wait. Until the producer has ended, the consumer takes a part only after such a report. So
//! the queue is full in every run.
//!
//! ```text
//! $ cargo run -p examples-sync --bin bounded_queue
//! Producer: part 1 is in the queue
//! Producer: part 2 is in the queue
//! Producer: the queue is full, part 3 has to wait
//! Consumer: I take a part
//! Producer: part 3 is in the queue
//! Producer: the queue is full, part 4 has to wait
//! Consumer: I take a part
//! Producer: part 4 is in the queue
//! Consumer: I have received [1, 2, 3, 4]
//! ```
//!
//! **Always:** these lines. While two parts are in the queue, `send` cannot return. So part 3 is in
//! the queue only after the consumer has said that it takes a part, and the same holds for part 4.
//! The parts arrive in the order in which they were sent, because the queue is FIFO.
//!
//! **Try:** write `sync_channel(4)`. The producer never waits, and all parts are in the queue
//! before the consumer takes the first one.

use std::sync::mpsc::{self, Sender, SyncSender, TrySendError};
use std::thread;

fn main() {
    let (queue, parts) = mpsc::sync_channel(2);
    let (full, is_full) = mpsc::channel();
    let producer = thread::spawn(move || producer(&queue, &full));

    let mut received = Vec::new();
    // This loop ends when the producer has dropped `full`.
    for () in is_full {
        // If this line were printed after `recv`, the producer's next line could come first.
        println!("Consumer: I take a part");
        received.push(parts.recv().expect("the producer waits with a part"));
    }
    received.extend(parts);
    println!("Consumer: I have received {received:?}");
    producer.join().expect("the producer does not panic");
}

fn producer(queue: &SyncSender<u32>, full: &Sender<()>) {
    for part in 1..=4 {
        if let Err(TrySendError::Full(part)) = queue.try_send(part) {
            println!("Producer: the queue is full, part {part} has to wait");
            full.send(()).expect("the consumer waits for this message");
            queue.send(part).expect("the consumer takes all parts");
        }
        println!("Producer: part {part} is in the queue");
    }
}
