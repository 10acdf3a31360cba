//! A bounded channel makes senders wait while it is full; it closes when its last sender is dropped.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `asyncio.Queue(maxsize=2)` | `mpsc::channel(2)`, a sender and a receiver |
//! | `await q.put(n)` | `sender.send(n).await` |
//! | `q.put_nowait(n)`, which raises `QueueFull` | `sender.try_send(n)`, which returns an `Err` |
//! | `await q.get()` | `receiver.recv().await` |
//! | `q.shutdown()`, since Python 3.13, or `await q.put(None)` | `drop(sender)` |
//!
//! A closed channel still delivers the messages in its buffer. After them `recv` returns `None`.
//!
//! ```text
//! $ cargo run -p examples-async --bin async_channel
//! main: sent 1
//! main: sent 2
//! main: no room for 3
//! consumer: received 1
//! consumer: received 2
//! main: sent 3
//! main: sent 4
//! consumer: received 3
//! consumer: received 4
//! main: sent 5
//! main: drops the sender
//! consumer: received 5
//! consumer: the channel is closed
//! ```
//!
//! **Always:** the first three lines, because there is no consumer yet. Then 3 is sent after 1 has
//! been received, 4 after 2 and 5 after 3, because the buffer has room for two messages. Each
//! message is received after it has been sent. The lines come in the order in which this happens,
//! because both tasks run on one thread, and neither pauses between a message and its line. The
//! loop ends after `main` has dropped the sender.
//!
//! **May differ:** how far the consumer is behind `main`: up to two messages.
//!
//! **Try:** write `let _other = sender.clone();` before `drop(sender);`. Now the channel has a
//! sender until `main` returns. The consumer waits for messages from `_other`, `main` waits for the
//! consumer, and the program never ends.

use tokio::sync::mpsc::{self, Receiver};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, receiver) = mpsc::channel(2);
    for n in 1..=2 {
        sender.send(n).await.expect("the receiver exists");
        println!("main: sent {n}");
    }
    // `try_send` does not wait. `send` would wait forever, because there is no consumer yet.
    if sender.try_send(3).is_err() {
        println!("main: no room for 3");
    }

    let consumer = tokio::spawn(consume(receiver));
    for n in 3..=5 {
        sender.send(n).await.expect("the consumer receives until the channel is closed");
        println!("main: sent {n}");
    }
    println!("main: drops the sender");
    drop(sender);
    consumer.await.expect("the consumer does not panic");
}

async fn consume(mut receiver: Receiver<u32>) {
    while let Some(n) = receiver.recv().await {
        println!("consumer: received {n}");
    }
    println!("consumer: the channel is closed");
}
