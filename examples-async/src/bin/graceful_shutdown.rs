//! A graceful shutdown refuses new requests, but finishes the ones that were sent before.
//!
//! | Python | Rust |
//! | --- | --- |
//! | an `asyncio.Event`, `event.set()` | a `CancellationToken`, `shutdown.cancel()` |
//! | `queue.shutdown()`, since Python 3.13 | `requests.close()` |
//! | `await asyncio.gather(*handlers)` | `handlers.close()`, `handlers.wait().await` |
//! | `loop.add_signal_handler(signal.SIGINT, event.set)` | await `ctrl_c()`, then `cancel` |
//!
//! A server takes requests from a queue, and handles each of them in a task of its own. `main`
//! sends two requests, A and B, and then calls `cancel`, which asks the server to stop. `cancel`
//! itself stops no task. It only wakes the tasks that wait for it, and here the server does the
//! rest: it closes the queue, takes the requests that are still in it, and waits for all handlers.
//! `main` allows A and B to finish only after the shutdown has begun, so both are unfinished when
//! it begins.
//!
//! To stop a real server with Ctrl-C, enable the feature `signal` of tokio, and spawn a task that
//! calls `shutdown.cancel()` after `tokio::signal::ctrl_c().await`.
//!
//! ```text
//! $ cargo run -p examples-async --bin graceful_shutdown
//! server: A starts
//! main: asks the server to stop
//! server: accepts no new requests
//! server: B starts
//! main: C is refused
//! server: A is done
//! server: B is done
//! server: the last 2 requests are done
//! main: the server has stopped
//! ```
//!
//! **Always:** A and B are handled to the end, because they were sent before the queue was closed,
//! and C is refused, because it was sent after that. Then two handlers are in progress. `wait`
//! waits for both, so the server says that they are done, and stops, only when they are.
//!
//! **May differ:** when A and B start, and which of them is done first.
//!
//! **Try:** remove `handlers.wait().await;`. The server says that A and B are done although they
//! are in progress, `main` returns, and neither of them is done.

use tokio::sync::{mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (queue, requests) = mpsc::channel(1);
    let shutdown = CancellationToken::new();
    let server = tokio::spawn(serve(requests, shutdown.clone()));

    let (finish_a, a) = oneshot::channel();
    let (finish_b, b) = oneshot::channel();
    queue.send(("A", a)).await.expect("the server accepts requests");
    queue.send(("B", b)).await.expect("the server accepts requests");
    println!("main: asks the server to stop");
    shutdown.cancel();

    queue.closed().await;
    let c = queue.send(("C", oneshot::channel().1)).await;
    println!("main: C is {}", if c.is_ok() { "accepted" } else { "refused" });
    for finish in [finish_a, finish_b] {
        finish.send(()).expect("the server still handles the request");
    }
    server.await.expect("the server does not panic");
    println!("main: the server has stopped");
}

type Request = (&'static str, oneshot::Receiver<()>);

async fn serve(mut requests: mpsc::Receiver<Request>, shutdown: CancellationToken) {
    let handlers = TaskTracker::new();
    loop {
        tokio::select! {
            biased; // Look at the token first, and at the queue only if the token is not cancelled.
            () = shutdown.cancelled() => break,
            Some(request) = requests.recv() => handlers.spawn(handle(request)),
        };
    }
    println!("server: accepts no new requests");
    requests.close(); // What was sent before is still in the queue.
    while let Some(request) = requests.recv().await {
        handlers.spawn(handle(request));
    }
    handlers.close();
    let last = handlers.len();
    handlers.wait().await;
    println!("server: the last {last} requests are done");
}

async fn handle((name, finish): Request) {
    println!("server: {name} starts");
    finish.await.expect("main sends a message when the request may finish");
    println!("server: {name} is done");
}
