//! A coroutine is a state machine: it runs only while somebody polls it, to its next pause.
//!
//! | Python | Rust |
//! | --- | --- |
//! | a call of an `async def` runs nothing of it | a call of an `async fn` runs nothing of it |
//! | `coroutine.send(None)` | `poll` |
//! | it yields | `Poll::Pending` |
//! | `StopIteration`, with the result as `value` | `Poll::Ready(result)` |
//!
//! A Python coroutine keeps its frame on the heap. A Rust future is a plain value, as large as
//! the largest of its states: what the compiler makes of an `async fn` is much like the enum
//! that is written out here.
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
//! **Always:** all of it, line by line, and the same for both.
//!
//! **May differ:** nothing.
//!
//! **Try:** poll once more after `Ready(42)`. It panics: a coroutine that has ended cannot be
//! resumed. Take out the part written by hand, and what the compiler made panics too.

use std::future::poll_fn;
use std::mem;
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
    // A runtime sleeps until the waker is called. Here the loop polls again in any case.
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

/// A state for each place where the coroutine can stand, with what it has to remember there.
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
                // Who is pending sees to it that somebody polls again.
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
    pause().await;
    println!("coroutine: goes on with x = {x}");
    x + 2
}

async fn pause() {
    let mut has_paused = false;
    poll_fn(|context| {
        if mem::replace(&mut has_paused, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
