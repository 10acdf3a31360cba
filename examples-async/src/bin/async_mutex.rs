//! Only a lock that has to stay locked across an `.await` needs to be a `Mutex` of tokio.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `asyncio.Lock()` | `tokio::sync::Mutex` |
//! | `async with lock:`, with an `await` inside | `let guard = mutex.lock().await;`, kept across an `.await` |
//! | `count += 1`, without a lock | a `Mutex` of std, released before the next `.await` |
//!
//! A request and its reply belong together, so the first part keeps the connection locked while it
//! waits, and the waits come one after the other. The second part only changes a number. It needs
//! the lock only during the change, so both tasks can wait at the same time. For this a `Mutex` of
//! std is enough, and it is cheaper. The compiler refuses a spawned task that keeps the guard of
//! std across an `.await`, because this guard is not `Send`. In a local task it compiles, but the
//! next task that locks blocks the thread, so the first one can never release the lock.
//!
//! ```text
//! $ cargo run -p examples-async --bin async_mutex
//! ***A tokio Mutex, locked until the reply has arrived:
//! A sends its request
//! A receives the reply to A
//! B sends its request
//! B receives the reply to B
//! ***A std Mutex, released before the wait:
//! A is visitor 1
//! B is visitor 2
//! B leaves
//! A leaves
//! ```
//!
//! **Always:** in the first part each task receives the reply to its own request before the other
//! one sends its request, because it holds the lock. In the second part the visitors get the
//! numbers 1 and 2, and neither leaves before both have come, because of the barrier.
//!
//! **May differ:** which task comes first in each part, and which of them leaves first. Tokio
//! promises no order.
//!
//! **Try:** in `ask`, write `*connection.lock().await = name;` instead of the first two lines, and
//! `let request = connection.lock().await;` after the line with `yield_now`. Now the lock is free
//! during the wait. Usually both send their requests first, and one of them receives the reply to
//! the other's request.

use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::{JoinSet, yield_now};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("***A tokio Mutex, locked until the reply has arrived:");
    let connection = Arc::new(tokio::sync::Mutex::new(""));
    let mut tasks = JoinSet::new();
    for name in ["A", "B"] {
        tasks.spawn(ask(name, connection.clone()));
    }
    tasks.join_all().await;

    println!("***A std Mutex, released before the wait:");
    let count = Arc::new(std::sync::Mutex::new(0));
    let both = Arc::new(Barrier::new(2));
    let mut tasks = JoinSet::new();
    for name in ["A", "B"] {
        tasks.spawn(visit(name, count.clone(), both.clone()));
    }
    tasks.join_all().await;
}

async fn ask(name: &'static str, connection: Arc<tokio::sync::Mutex<&str>>) {
    let mut request = connection.lock().await;
    *request = name;
    println!("{name} sends its request");
    yield_now().await; // Simulates the wait for the reply.
    // The other side replies to the last request of the connection.
    println!("{name} receives the reply to {request}");
}

async fn visit(name: &str, count: Arc<std::sync::Mutex<u32>>, both: Arc<Barrier>) {
    let number = increment(&count);
    println!("{name} is visitor {number}");
    // Only two tasks together can pass the barrier, so both have to wait at the same time.
    both.wait().await;
    println!("{name} leaves");
}

fn increment(count: &std::sync::Mutex<u32>) -> u32 {
    let mut count = count.lock().expect("no task panics with the lock");
    *count += 1;
    *count
}
