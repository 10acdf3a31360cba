//! `select!` waits for several channels at the same time, and receives from one that is ready.
//!
//! | Python | Rust |
//! | --- | --- |
//! | nothing for queues; use one queue for all: `q.put(("letter", "a"))` | `select!`, with a channel for each type |
//! | `q.get(timeout=0.05)`, which raises `queue.Empty` | one more channel, `after(Duration::from_millis(50))` |
//! | a `threading.Timer` that puts a message into the queue | `after(…)`; `tick(…)` for one message after another |
//!
//! `main` cannot know which message comes next. A call of `letters.recv()` would not notice a
//! number, and it could wait forever. A time limit is also a channel: the channel that `after`
//! returns delivers one message when the time is up. The channel that `never` returns delivers
//! none. Here a single thread sends all messages, so that their order is the same in every run. The
//! channels of std have no `select!`.
//!
//! ```text
//! $ cargo run -p examples-sync --bin select
//! number 1
//! letter a
//! letter b
//! number 2
//! stop: wait a moment for more messages
//! The time is up after 0.05 second(s)
//! ```
//!
//! **Always:** these lines. A channel with the bound 0 stores nothing, so each `send` returns only
//! when `main` has taken the message. So no two messages are ready at the same time. (If they
//! were, `select!` would choose one at random.) The time limit begins with the message `stop`.
//!
//! **May differ:** the time, if the machine is busy.
//!
//! **Try:** insert `letters.recv().expect("a letter comes");` before `loop`. Now `main` waits for a
//! letter, and the other thread waits until `main` takes the number 1. The program prints nothing
//! and never ends.

use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, after, bounded, never, select};

fn main() {
    let (number, numbers) = bounded(0);
    let (letter, letters) = bounded(0);
    let (stop, stops) = bounded(0);
    thread::scope(|scope| {
        // The thread only borrows the senders. So the channels stay open when it has ended.
        scope.spawn(|| send_all(&number, &letter, &stop));

        let mut start = Instant::now();
        let mut time_is_up = never();
        loop {
            select! {
                recv(letters) -> letter => println!("letter {}", letter.expect("it is open")),
                recv(numbers) -> number => println!("number {}", number.expect("it is open")),
                recv(stops) -> _ => {
                    println!("stop: wait a moment for more messages");
                    start = Instant::now();
                    time_is_up = after(Duration::from_millis(50));
                }
                recv(time_is_up) -> _ => break,
            }
        }
        println!("The time is up after {:.2} second(s)", start.elapsed().as_secs_f64());
    });
}

fn send_all(number: &Sender<u32>, letter: &Sender<char>, stop: &Sender<()>) {
    // Simulates work.
    thread::sleep(Duration::from_millis(200));
    number.send(1).expect("main receives all messages");
    letter.send('a').expect("main receives all messages");
    letter.send('b').expect("main receives all messages");
    number.send(2).expect("main receives all messages");
    stop.send(()).expect("main receives all messages");
}
