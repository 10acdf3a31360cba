//! A blocking call stops every task of its thread; `spawn_blocking` moves it to another thread.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `time.sleep(1)` in an `async def` | `thread::sleep(timeout)` in an `async` block |
//! | `await asyncio.to_thread(f, 1)` | `spawn_blocking(move \|\| f(timeout))` |
//!
//! A task lets others run only while it waits at an `.await`. A call that blocks without one, such
//! as `thread::sleep`, reading a file or a long computation, belongs on a thread of its own.
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
//! **Always:** in the first part each call ends before the next one starts, because all tasks share
//! one thread. In the second part the calls block other threads at the same time, so the total is
//! one wait.
//!
//! **May differ:** in the second part the order of the lines of different calls, and the times.
//!
//! **Try:** in the first part, write `tokio::time::sleep(timeout).await` instead of
//! `blocking_call(timeout)`. This sleep does not block, so the total of the first part is one wait
//! too.

use std::time::{Duration, Instant};
use std::{env, process, thread};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let timeout = timeout_argument(); // 1 second without an argument

    println!("***Blocking the thread of the tasks:");
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..3 {
        tasks.spawn(async move { blocking_call(timeout) });
    }
    tasks.join_all().await;
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());

    println!("***Blocking other threads, with spawn_blocking:");
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..3 {
        tasks.spawn_blocking(move || blocking_call(timeout));
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
