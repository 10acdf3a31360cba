//! A queue hands out what was put in, in the same order, even to the one who put it in.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `queue = multiprocessing.Queue()` | `let (queue, items) = ipc::channel()` |
//! | `queue.put(1)` | `queue.send(1)` |
//! | `queue.get()` | `items.recv()` |
//! | `queue.close()` | `drop(queue)` |
//!
//! This is the queue for two processes, tried out in one: every item is turned into bytes and goes
//! through the operating system and back. Within one process `std::sync::mpsc` is the right one.
//!
//! Python's `put` never waits, as a thread of the queue takes the item over. `send` waits while the
//! system holds as much as it can, on Linux some 270 numbers. So who receives only after all has
//! been sent, as here, must not send many.
//!
//! ```text
//! $ cargo run -p examples-process --bin queue_one_process
//! 1
//! 2
//! 3
//! ```
//!
//! **Always:** these three lines in this order.
//!
//! **May differ:** nothing.
//!
//! **Try:** leave out the `drop`. The program prints its lines and then never ends: as long as
//! somebody could still send, `recv` waits.

use ipc_channel::IpcError;
use ipc_channel::ipc;

fn main() {
    let (queue, items) = ipc::channel().expect("the system provides a channel");
    for item in [1, 2, 3] {
        queue.send(item).expect("the receiving end is open");
    }
    drop(queue);

    // What was sent before the queue was closed still arrives, and then comes the end.
    loop {
        match items.recv() {
            Ok(item) => println!("{item}"),
            Err(IpcError::Disconnected) => break,
            Err(error) => panic!("the queue holds nothing but whole numbers: {error}"),
        }
    }
}
