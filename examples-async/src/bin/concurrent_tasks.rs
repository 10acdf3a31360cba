//! Three tasks that only wait can wait at the same time on one thread, so the total is one wait.
//!
//! | Python | Rust |
//! | --- | --- |
//! | the event loop of `asyncio` | `#[tokio::main(flavor = "current_thread")]` |
//! | `create_task(f(5))` and `await task`, three times each | `tasks.spawn(f(timeout))`, `tasks.join_all().await` |
//! | `await asyncio.sleep(5)` | `time::sleep(timeout).await` |
//!
//! ```text
//! $ cargo run -p examples-async --bin concurrent_tasks -- 0.2
//! Starting concurrent_tasks with timeout = 0.2 seconds
//! Starting concurrent_tasks with timeout = 0.2 seconds
//! Starting concurrent_tasks with timeout = 0.2 seconds
//! Ended concurrent_tasks after 0.201323137 seconds
//! Ended concurrent_tasks after 0.201415705 seconds
//! Ended concurrent_tasks after 0.201423753 seconds
//! Total time taken: 0.20 second(s)
//! ```
//!
//! Without an argument each task waits 5 seconds.
//!
//! **Always:** each task prints `Starting` before `Ended`, and the total comes last, because
//! `join_all` waits for all tasks. No wait is shorter than the timeout.
//!
//! **May differ:** the times, and the order of the lines of different tasks. Usually tokio starts
//! all tasks before one ends, but it does not promise this.
//!
//! **Try:** put `tasks.join_next().await;` after the `spawn`, inside the loop. Now each task ends
//! before the next one is spawned, and the total is three waits.

use std::time::{Duration, Instant};
use std::{env, process};
use tokio::{task::JoinSet, time};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let timeout = timeout_argument(); // 5 seconds without an argument
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..3 {
        tasks.spawn(concurrent_tasks(timeout));
    }
    tasks.join_all().await;
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

async fn concurrent_tasks(timeout: Duration) {
    println!("Starting concurrent_tasks with timeout = {} seconds", timeout.as_secs_f64());
    let start = Instant::now();
    time::sleep(timeout).await;
    println!("Ended concurrent_tasks after {} seconds", start.elapsed().as_secs_f64());
}

fn timeout_argument() -> Duration {
    let words: Vec<String> = env::args().skip(1).collect();
    let seconds = if words.is_empty() { "5".to_string() } else { words.join(" ") };
    let Ok(Ok(timeout)) = seconds.parse().map(Duration::try_from_secs_f64) else {
        let usage = "usage: concurrent_tasks [SECONDS]";
        eprintln!("error: SECONDS must be a number from 0 up, not {seconds:?}; {usage}");
        process::exit(2)
    };
    timeout
}
