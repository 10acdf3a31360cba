//! A call that blocks inside a task stops every task of its thread; `spawn_blocking` mends it.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `time.sleep(1)` in an `async def` | `thread::sleep(timeout)` in an `async fn` |
//! | `await asyncio.to_thread(f, 1)` | `spawn_blocking(move \|\| f(timeout)).await` |
//!
//! A task gives its thread back at `.await` and nowhere else. What blocks without one, such as
//! `thread::sleep`, a `recv` of `std::sync::mpsc`, a file read or a long computation, belongs
//! on a thread of its own.
//!
//! ```text
//! $ cargo run -p examples-async --bin blocking_call -- 0.2
//! ***Blocking the thread of the tasks:
//! Starting blocking_call with timeout = 0.2 seconds
//! Ended blocking_call after 0.200107487 seconds
//! Starting blocking_call with timeout = 0.2 seconds
//! Ended blocking_call after 0.200089367 seconds
//! Starting blocking_call with timeout = 0.2 seconds
//! Ended blocking_call after 0.200092401 seconds
//! Total time taken: 0.60 second(s)
//! ***Blocking other threads, with spawn_blocking:
//! Starting blocking_call with timeout = 0.2 seconds
//! Starting blocking_call with timeout = 0.2 seconds
//! Starting blocking_call with timeout = 0.2 seconds
//! Ended blocking_call after 0.200095248 seconds
//! Ended blocking_call after 0.200175499 seconds
//! Ended blocking_call after 0.200095339 seconds
//! Total time taken: 0.20 second(s)
//! ```
//!
//! Without an argument each call blocks for 1 second.
//!
//! **Always:** in the first part each task ends before another one starts, and the total is
//! that of three waits. In the second part the total is about as long as one wait.
//!
//! **May differ:** in the second part the order among the threads, and the times, which are
//! never below the timeout.
//!
//! **Try:** write `flavor = "multi_thread", worker_threads = 3`, and add `rt-multi-thread` to
//! tokio's features in `Cargo.toml`. The first part takes one wait too, but a fourth task would
//! have to wait again.

use std::time::{Duration, Instant};
use std::{env, process, thread};
use tokio::task::{self, JoinSet};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let timeout = timeout_argument();

    println!("***Blocking the thread of the tasks:");
    run_three_tasks(|| async move { blocking_call(timeout) }).await;

    println!("***Blocking other threads, with spawn_blocking:");
    run_three_tasks(|| async move {
        let call = task::spawn_blocking(move || blocking_call(timeout));
        call.await.expect("blocking_call does not panic");
    })
    .await;
}

async fn run_three_tasks<F>(task: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..3 {
        tasks.spawn(task());
    }
    tasks.join_all().await;
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn blocking_call(timeout: Duration) {
    println!("Starting blocking_call with timeout = {} seconds", timeout.as_secs_f64());
    let start = Instant::now();
    thread::sleep(timeout);
    println!("Ended blocking_call after {} seconds", start.elapsed().as_secs_f64());
}

fn timeout_argument() -> Duration {
    let words: Vec<String> = env::args().skip(1).collect();
    let seconds = if words.is_empty() { "1".to_string() } else { words.join(" ") };
    let Ok(Ok(timeout)) = seconds.parse().map(Duration::try_from_secs_f64) else {
        let usage = "usage: blocking_call [SECONDS]";
        eprintln!("error: SECONDS must be a number from 0 up, not {seconds:?}; {usage}");
        process::exit(2)
    };
    timeout
}
