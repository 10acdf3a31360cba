//! Five workers share one queue: each message goes to exactly one of them, nobody knows to which.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `queue.Queue()` | `crossbeam_channel::unbounded()`, a sender and a receiver |
//! | `q.put(item)`, `q.get()` | `sender.send(item)`, `for item in receiver` |
//! | `q.put(None)`, once for each worker | `drop(sender)`, which closes the channel |
//! | `q.task_done()`, `q.join()`, `t.join()` | the end of `thread::scope`, which joins them |
//!
//! A closed channel still hands out what is in it, so a worker ends when nothing is left. The
//! channel of std has only one receiver; those of crossbeam can be shared or cloned.
//!
//! ```text
//! $ cargo run -p examples-sync --bin queue
//! ThreadId(1) (main thread)
//! ThreadId(6) Hello
//! ThreadId(5) 42
//! ThreadId(3) true
//! ThreadId(4) [7, 7, 7]
//! ThreadId(3) (5,)
//! ```
//!
//! **Always:** the main thread first, then each of the five messages once, written by a worker.
//!
//! **May differ:** which worker gets which message, the order of their lines, and how many
//! workers get one at all: one that comes back early takes the next message from a late one.
//!
//! **Try:** leave out `drop(sender)`. The messages are handled, but the workers wait for more
//! and the program never ends.

use std::fmt::{self, Display, Formatter};
use std::thread;
use std::time::Duration;

use crossbeam_channel::Receiver;

fn main() {
    println!("{:?} (main thread)", thread::current().id());

    let (sender, receiver) = crossbeam_channel::unbounded();
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| worker(&receiver));
        }

        let items = [
            Item::Text("Hello"),
            Item::Text("42"),
            Item::Flag(true),
            Item::List(vec![7, 7, 7]),
            Item::Tuple((5,)),
        ];
        for item in items {
            sender.send(item).expect("the receiver lives as long as main");
        }
        // No more messages will come. The workers see that once the queue is empty.
        drop(sender);
    });
}

fn worker(queue: &Receiver<Item>) {
    work();
    for item in queue {
        println!("{:?} {item}", thread::current().id());
        work();
    }
}

/// Stands for work that takes longer at one time than at another.
fn work() {
    thread::sleep(Duration::from_millis(10 * rand::random_range(1..=10)));
}

/// A Python list holds values of any type. Here the types that may come are named.
enum Item {
    Text(&'static str),
    Flag(bool),
    List(Vec<i32>),
    Tuple((i32,)),
}

impl Display for Item {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Item::Text(text) => write!(formatter, "{text}"),
            Item::Flag(flag) => write!(formatter, "{flag}"),
            Item::List(list) => write!(formatter, "{list:?}"),
            Item::Tuple(tuple) => write!(formatter, "{tuple:?}"),
        }
    }
}
