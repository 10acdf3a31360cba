//! Five workers share one queue, and each message goes to exactly one of them.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `queue.Queue()` | `crossbeam_channel::unbounded()`, a sender and a receiver |
//! | `q.put(item)`, `q.get()` | `sender.send(item)`, `for item in receiver` |
//! | `q.put(None)`, once for each worker | `drop(sender)`, which closes the channel |
//! | `q.task_done()`, `q.join()`, `t.join()` | the end of `thread::scope`, which joins the workers |
//!
//! A closed channel still delivers the messages in it. After the last one the loops of the workers
//! end. Several threads cannot share the receiver of std's channel, but they can share a receiver
//! of crossbeam-channel.
//!
//! ```text
//! $ cargo run -p examples-sync --bin queue
//! ThreadId(1) (main thread)
//! ThreadId(4) 42
//! ThreadId(6) [7, 7, 7]
//! ThreadId(5) true
//! ThreadId(3) (5,)
//! ThreadId(2) Hello
//! ThreadId(4) Goodbye
//! Total time taken: 0.15 second(s)
//! ```
//!
//! **Always:** the main thread's line comes first, because `main` prints it before it spawns the
//! workers. Then each message comes once, because the channel delivers a message to only one
//! worker. The total comes last, because the scope has joined the workers before `main` prints it.
//!
//! **May differ:** which worker gets which message, and the order of the messages. A worker may get
//! several messages or none. Usually the six messages take the time of two, because the five
//! workers work at the same time.
//!
//! **Try:** remove the line `drop(sender);`. The workers print all messages, but then they wait for
//! more, and the program never ends.

use std::fmt::{self, Display, Formatter};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

fn main() {
    println!("{:?} (main thread)", thread::current().id());

    let (sender, receiver) = crossbeam_channel::unbounded();
    let start = thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| worker(&receiver));
        }

        // Simulates work. Meanwhile the queue is empty, and the workers wait.
        thread::sleep(Duration::from_millis(200));
        let start = Instant::now();
        let (list, tuple) = (Item::List(vec![7, 7, 7]), Item::Tuple((5,)));
        let [hello, number, goodbye] = ["Hello", "42", "Goodbye"].map(Item::Text);
        for item in [hello, number, Item::Flag(true), list, tuple, goodbye] {
            sender.send(item).expect("the receiver lives as long as main");
        }
        // No more messages will come. The workers' loops end when the queue is empty.
        drop(sender);
        start
    });
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn worker(queue: &Receiver<Item>) {
    for item in queue {
        // Simulates work that takes a varying amount of time.
        thread::sleep(Duration::from_millis(10 * rand::random_range(5..=10)));
        println!("{:?} {item}", thread::current().id());
    }
}

/// A Python queue can hold values of any type. Here an enum names the types that may come.
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
