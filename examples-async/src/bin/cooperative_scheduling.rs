//! Tasks that share a thread take turns only at points where a task pauses; no task interrupts
//! another.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `asyncio.gather(polite("A"), polite("B"))` | `run([Box::pin(polite("A")), …])`, defined below |
//! | `await asyncio.sleep(0)` | `give_way().await`; in tokio `task::yield_now().await` |
//!
//! This program contains its own scheduler, `run`. It polls the first task of its queue. If the
//! task is not done after that, it goes to the end of the queue. The scheduler cannot interrupt a
//! task.
//!
//! ```text
//! $ cargo run -p examples-async --bin cooperative_scheduling
//! ***Three tasks that give way after each step:
//! A: step 1 of 3
//! B: step 1 of 3
//! C: step 1 of 3
//! A: step 2 of 3
//! B: step 2 of 3
//! C: step 2 of 3
//! A: step 3 of 3
//! B: step 3 of 3
//! C: step 3 of 3
//! ***The same, but B never gives way:
//! A: step 1 of 3
//! B: step 1 of 3
//! B: step 2 of 3
//! B: step 3 of 3
//! C: step 1 of 3
//! A: step 2 of 3
//! C: step 2 of 3
//! A: step 3 of 3
//! C: step 3 of 3
//! ```
//!
//! **Always:** these lines in this order. A task keeps the thread until it gives way, and the
//! first-in-first-out queue decides which task is next. (Tokio does not promise such an order.)
//!
//! **Try:** write `std::future::ready(()).await` instead of `give_way().await` in `polite`. This
//! future never has to wait, so its `.await` does not give way, and each task takes all its steps
//! in a row. (The compiler warns that `give_way` is not used.) Or write `loop {}` at the end of
//! `greedy`. In the second part C never takes a step, and only Ctrl-C ends the program.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

fn main() {
    println!("***Three tasks that give way after each step:");
    run([Box::pin(polite("A")), Box::pin(polite("B")), Box::pin(polite("C"))]);

    println!("***The same, but B never gives way:");
    run([Box::pin(polite("A")), Box::pin(greedy("B")), Box::pin(polite("C"))]);
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

fn run<const N: usize>(tasks: [Task; N]) {
    let mut queue = VecDeque::from(tasks);
    // A real scheduler sleeps until a task's waker is called. Here every task can always continue.
    let mut context = Context::from_waker(Waker::noop());
    while let Some(mut task) = queue.pop_front() {
        if task.as_mut().poll(&mut context).is_pending() {
            queue.push_back(task);
        }
    }
}

async fn polite(name: &str) {
    for step in 1..=3 {
        println!("{name}: step {step} of 3");
        give_way().await;
    }
}

async fn greedy(name: &str) {
    for step in 1..=3 {
        println!("{name}: step {step} of 3");
    }
}

/// Returns a future that is pending the first time it is polled, and ready the second time.
fn give_way() -> impl Future<Output = ()> {
    let mut has_given_way = false;
    poll_fn(move |context| {
        if mem::replace(&mut has_given_way, true) {
            return Poll::Ready(());
        }
        // A future that returns `Pending` must arrange to be polled again.
        context.waker().wake_by_ref();
        Poll::Pending
    })
}
