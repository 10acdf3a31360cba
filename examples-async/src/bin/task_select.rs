//! `select!` waits until one of several futures is ready, and drops the others half done.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)` | `select! { … }` |
//! | `task.cancel()` for each task that is still pending | `select!` drops the other futures |
//!
//! A future is *cancellation safe* if nothing is lost when it is dropped before it is ready. `recv`
//! is cancellation safe, because it either returns a message or leaves it in the channel.
//! `receive_pair` is not, because it keeps the first message in a variable while it waits for the
//! second one.
//!
//! `interrupt` is a `Notify` of tokio. Unlike `notify_one` of a `Condvar`, its `notify_one` stores
//! one notification if no task waits, so the next `notified()` is ready at once.
//!
//! ```text
//! $ cargo run -p examples-async --bin task_select
//! ***select! drops recv:
//! received 1
//! interrupted
//! received 2
//! received 3
//! ***select! drops receive_pair:
//! receive_pair: took 4
//! interrupted
//! receive_pair: took 5
//! received 5 and 6
//! ```
//!
//! **Always:** no message of the first part is lost. In the second part `biased` makes `select!`
//! poll `receive_pair` first. `receive_pair` takes 4 and has to wait, so the interruption wins.
//! Then `select!` drops `receive_pair` and its variable with 4, so 4 is lost.
//!
//! **May differ:** where the interruption comes in the first part. Both branches are ready, and
//! without `biased` a random one is polled first.
//!
//! **Try:** write `let mut pair = std::pin::pin!(receive_pair(&mut inbox));` before the second
//! loop, and `&mut pair` instead of `receive_pair(&mut inbox)` inside it. Now `select!` drops only
//! a reference, and the future continues in the second round: it receives 4 and 5.

use tokio::select;
use tokio::sync::{Notify, mpsc};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sender, mut inbox) = mpsc::channel(3);
    let interrupt = Notify::new();

    println!("***select! drops recv:");
    send(&sender, &[1, 2, 3]).await;
    interrupt.notify_one();
    for _ in 0..4 {
        select! {
            Some(message) = inbox.recv() => println!("received {message}"),
            () = interrupt.notified() => println!("interrupted"),
        }
    }

    println!("***select! drops receive_pair:");
    send(&sender, &[4]).await;
    interrupt.notify_one();
    for _ in 0..2 {
        select! {
            biased; // Polls the branches from top to bottom.
            (first, second) = receive_pair(&mut inbox) => println!("received {first} and {second}"),
            () = interrupt.notified() => {
                println!("interrupted");
                send(&sender, &[5, 6]).await;
            }
        }
    }
}

async fn send(sender: &mpsc::Sender<u32>, messages: &[u32]) {
    for &message in messages {
        sender.send(message).await.expect("main keeps the receiver");
    }
}

async fn receive_pair(inbox: &mut mpsc::Receiver<u32>) -> (u32, u32) {
    let first = inbox.recv().await.expect("main keeps the sender");
    println!("receive_pair: took {first}");
    let second = inbox.recv().await.expect("main keeps the sender");
    (first, second)
}
