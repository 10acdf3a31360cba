//! A coroutine is a state machine, and each poll runs it until its next pause or its end.
//!
//! | Python | Rust |
//! | --- | --- |
//! | calling an `async def` runs none of its code | calling an `async fn` runs none of its code |
//! | `coroutine.send(None)` | `poll` |
//! | the coroutine yields | `Poll::Pending` |
//! | `StopIteration`, with the result in `value` | `Poll::Ready(result)` |
//!
//! The compiler turns an `async fn` into something like the enum `ByHand`: a state for each place
//! where the function can pause, with the variables that it still needs there.
//!
//! ```text
//! $ cargo run -p examples-async --bin coroutine
//! ***A Future written by hand:
//! main: created, and nothing of it has run
//! coroutine: starts
//! main: the poll returned Pending
//! coroutine: goes on with x = 40
//! main: the poll returned Ready(42)
//! ***The same as an async fn:
//! main: created, and nothing of it has run
//! coroutine: starts
//! main: the poll returned Pending
//! coroutine: goes on with x = 40
//! main: the poll returned Ready(42)
//! ```
//!
//! **Always:** these lines in this order, because nothing runs here except what `main` polls.
//!
//! **Try:** remove the `if` with the `break`. `main` polls again after `Ready(42)`, and the program
//! panics, because a coroutine that has ended cannot be resumed. Then remove the first two lines of
//! `main` too (the compiler warns that `ByHand` is not used): the `async fn` panics as well.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

fn main() {
    println!("***A Future written by hand:");
    poll_to_the_end(ByHand::Created);

    println!("***The same as an async fn:");
    poll_to_the_end(by_compiler());
}

fn poll_to_the_end(coroutine: impl Future<Output = u32>) {
    let mut coroutine = pin!(coroutine);
    // A runtime sleeps until the waker is called. This loop polls again at once.
    let mut context = Context::from_waker(Waker::noop());
    println!("main: created, and nothing of it has run");
    loop {
        let poll = coroutine.as_mut().poll(&mut context);
        println!("main: the poll returned {poll:?}");
        if poll.is_ready() {
            break;
        }
    }
}

enum ByHand {
    Created,
    Paused { x: u32 },
    Ended,
}

impl Future for ByHand {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        match *self {
            Self::Created => {
                println!("coroutine: starts");
                *self = Self::Paused { x: 40 };
                // A future that returns `Pending` must arrange to be polled again.
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Paused { x } => {
                println!("coroutine: goes on with x = {x}");
                *self = Self::Ended;
                Poll::Ready(x + 2)
            }
            Self::Ended => panic!("polled after its end"),
        }
    }
}

async fn by_compiler() -> u32 {
    println!("coroutine: starts");
    let x = 40;
    let mut answers = [Poll::Pending, Poll::Ready(())].into_iter();
    poll_fn(|context| {
        context.waker().wake_by_ref();
        answers.next().expect("not polled after `Ready`")
    })
    .await;
    println!("coroutine: goes on with x = {x}");
    x + 2
}
