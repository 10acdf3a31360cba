//! Wrong: each task reads the balance, awaits, and writes a balance that may be out of date.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};
use std::{future, thread};

static BALANCE: AtomicU32 = AtomicU32::new(0);

fn main() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| run(deposit()));
        }
    });
    println!("The balance is {}", BALANCE.load(SeqCst));
}

async fn deposit() {
    let balance = BALANCE.load(SeqCst);
    yield_once().await;
    BALANCE.store(balance + 10, SeqCst);
}

async fn yield_once() {
    let mut polled = false;
    future::poll_fn(|_| {
        if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Polls a task until it is done, and lets other threads run between two polls.
fn run(task: impl Future<Output = ()>) {
    let mut task = pin!(task);
    let mut context = Context::from_waker(Waker::noop());
    while task.as_mut().poll(&mut context).is_pending() {
        thread::yield_now();
    }
}
