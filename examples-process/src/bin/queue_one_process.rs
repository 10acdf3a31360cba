//! A queue delivers its items in the order in which they were sent; here one process sends and
//! receives them.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `queue = multiprocessing.Queue()` | `let (queue, items) = ipc::channel()` |
//! | `queue.put(1)`, which never waits | `queue.send(1)`, which waits while the system's buffer is full |
//! | `queue.get()` | `items.recv()` |
//! | `queue.close()`, after which `get` raises a `ValueError` | `drop(queue)`, after which `recv` still delivers what was sent |
//!
//! This queue is meant for two processes: each item is turned into bytes, and the operating system
//! passes them on. Within one process, use `std::sync::mpsc` instead.
//!
//! ```text
//! $ cargo run -p examples-process --bin queue_one_process
//! 1
//! 2
//! 3
//! ```
//!
//! **Always:** these lines in this order, because the queue is first in, first out.
//!
//! **Try:** remove the line `drop(queue);`. The program prints the numbers but never ends, because
//! `recv` waits as long as a sender exists.

use ipc_channel::ipc;

fn main() {
    let (queue, items) = ipc::channel().expect("the system provides a channel");
    for item in [1, 2, 3] {
        queue.send(item).expect("the receiver exists");
    }
    drop(queue);

    // `recv` fails when the queue is empty and no sender is left.
    while let Ok(item) = items.recv() {
        println!("{item}");
    }
}
