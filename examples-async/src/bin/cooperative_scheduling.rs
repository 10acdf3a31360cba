//! Tasks of one thread change places at `.await` and nowhere else: their order is fixed.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `asyncio.gather(polite("A"), polite("B"))` | `run([Box::pin(polite("A")), …])`, below |
//! | `await asyncio.sleep(0)` | `give_way().await`; in tokio `task::yield_now().await` |
//! | a thread, which the system may stop anywhere | the same: see `thread` in `examples-threads` |
//!
//! The scheduler is written out here, as it takes only a few lines: a queue of tasks, of which
//! the first is polled until it says that it waits. It has no means to take the thread away
//! from a task. That is cooperative. An operating system has a clock that interrupts threads
//! wherever they are. That is preemptive. A real runtime adds wakers and timers to the queue,
//! and tokio promises no order among tasks that are ready: here it is first come, first served.
//!
//! An `.await` only offers the place. Where its future is ready at once, the task goes straight on:
//! with `std::future::ready(()).await` instead of `give_way().await` the polite are greedy too.
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
//! **Always:** all of it, line by line.
//!
//! **May differ:** nothing.
//!
//! **Try:** write `loop {}` at the end of `greedy`. B makes its three steps and keeps the thread: A
//! never takes its second step, C not even its first, and only Ctrl-C ends the program.

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
    let mut ready = VecDeque::from(tasks);
    // These tasks are always ready to go on, so this scheduler need not wait to be woken.
    let mut context = Context::from_waker(Waker::noop());
    while let Some(mut task) = ready.pop_front() {
        if task.as_mut().poll(&mut context).is_pending() {
            ready.push_back(task);
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

/// A future that is pending once, which hands the thread back to the scheduler.
async fn give_way() {
    let mut has_given_way = false;
    poll_fn(|context| {
        if mem::replace(&mut has_given_way, true) {
            return Poll::Ready(());
        }
        // Who is pending sees to it that somebody is told to poll again. `run` does so in any case;
        // in a real runtime the task would sleep for ever without this.
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
