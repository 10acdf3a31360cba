//! When the time is up, `timeout` drops the future that it waits for, but a spawned task continues.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `await asyncio.wait_for(work(), 0.05)` | `timeout(limit, work(…)).await` |
//! | `asyncio.TimeoutError` | `Err(Elapsed)` |
//! | `await asyncio.wait_for(asyncio.shield(task), 0.05)` | `timeout(limit, task).await` |
//! | `finally:` | `Drop` |
//!
//! `timeout` returns `Ok(value)` if the work ends in time, and `Err` if not. Here each worker waits
//! for an answer that does not come in time. The first worker is only a future. `timeout` drops it
//! together with its variables, so it never continues. The second worker is a task. There `timeout`
//! drops the handle, but the runtime keeps the task. (In Python `wait_for` without `shield` would
//! cancel the task.)
//!
//! ```text
//! $ cargo run -p examples-async --bin timeout
//! ***The limit for a future:
//! future: waits for the answer
//! future: cleans up
//! main: the time is up
//! main: nothing waits for the answer any more
//! ***The limit for a task:
//! task: waits for the answer
//! main: the time is up
//! main: sent the answer
//! task: the answer is 42
//! task: cleans up
//! ```
//!
//! **Always:** the future cleans up before `main` continues, because `timeout` drops it. The task
//! gets the answer after its handle has been dropped, and `main` waits until the task has ended.
//!
//! **May differ:** whether the task prints its first line before the time is up, because tokio does
//! not promise when it starts a task.
//!
//! **Try:** write `tokio_util::task::AbortOnDropHandle::new(task)` instead of `task` in the second
//! `timeout`. This handle aborts its task when it is dropped, so the task cleans up and never
//! prints the answer.

use std::time::Duration;
use tokio::{sync::mpsc, time::timeout};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let limit = Duration::from_millis(50);

    println!("***The limit for a future:");
    let (sender, answer) = mpsc::channel(1);
    if timeout(limit, work("future", answer)).await.is_err() {
        println!("main: the time is up");
    }
    send_answer(&sender);

    println!("***The limit for a task:");
    let (sender, answer) = mpsc::channel(1);
    let task = tokio::spawn(work("task", answer));
    if timeout(limit, task).await.is_err() {
        println!("main: the time is up");
    }
    send_answer(&sender);
    // `main` has no handle any more, so it cannot join the task. It waits until the task has
    // dropped its receiver instead.
    sender.closed().await;
}

async fn work(name: &'static str, mut answer: mpsc::Receiver<u32>) {
    let _guard = Guard(name);
    println!("{name}: waits for the answer");
    let answer = answer.recv().await.expect("main keeps the sender");
    println!("{name}: the answer is {answer}");
}

/// A variable of a worker. It is dropped when the worker ends, or earlier if the worker is dropped.
struct Guard(&'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        println!("{}: cleans up", self.0);
    }
}

fn send_answer(sender: &mpsc::Sender<u32>) {
    match sender.try_send(42) {
        Ok(()) => println!("main: sent the answer"),
        Err(_) => println!("main: nothing waits for the answer any more"),
    }
}
