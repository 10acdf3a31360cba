//! Start a task for each piece of work, and let a semaphore limit how many of them work at a time.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `asyncio.Semaphore(10)` | `tokio::sync::Semaphore::new(10)` |
//! | `async with semaphore:` | `let _permit = semaphore.acquire().await`, until `_permit` is dropped |
//!
//! Tasks are cheap, but what they use is often not: a server may refuse a thousand requests at the
//! same time, and the operating system limits the number of open files. So all 1,000 tasks exist at
//! the same time, but each needs a permit for its download. A task that waits for a permit does not
//! block the thread, and the first task that asks is the first that gets one.
//!
//! ```text
//! $ cargo run -p examples-async --bin concurrency_limit
//! limit 1: 1000 downloads, at most 1 at the same time
//! limit 10: 1000 downloads, at most 10 at the same time
//! limit 100: 1000 downloads, at most 100 at the same time
//! ```
//!
//! **Always:** these lines. There are never more downloads at the same time than permits. The
//! barrier waits for as many downloads as there are permits, and no download ends before that. So
//! the limit is reached.
//!
//! **Try:** write `let _ =` instead of `let _permit =`. `_` is not a variable, so the permit is
//! dropped at the end of the line, before the download begins. With the limits 10 and 100, usually
//! more than 900 tasks download at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for limit in [1, 10, 100] {
        let downloads = Arc::new(Downloads {
            semaphore: Semaphore::new(limit),
            all_started: Barrier::new(limit),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let mut tasks = JoinSet::new();
        for _ in 0..1000 {
            tasks.spawn(download(downloads.clone()));
        }
        let done = tasks.join_all().await.len();
        let most = downloads.most.load(Ordering::Relaxed);
        println!("limit {limit}: {done} downloads, at most {most} at the same time");
    }
}

struct Downloads {
    semaphore: Semaphore,
    all_started: Barrier,
    running: AtomicUsize,
    most: AtomicUsize,
}

async fn download(downloads: Arc<Downloads>) {
    let _permit = downloads.semaphore.acquire().await.expect("no task closes the semaphore");
    let running = downloads.running.fetch_add(1, Ordering::Relaxed) + 1;
    downloads.most.fetch_max(running, Ordering::Relaxed);
    // Simulates the download, which lasts until all permits are in use. So the limit is reached.
    downloads.all_started.wait().await;
    downloads.running.fetch_sub(1, Ordering::Relaxed);
}
