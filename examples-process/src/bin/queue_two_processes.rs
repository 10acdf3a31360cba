//! A message goes from one process to another: as bytes, since the two share no memory.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `queue = multiprocessing.Queue()` | `let (queue, messages) = ipc::channel()` |
//! | `Process(target=worker_process, args=(queue,))`, `start()` | `procspawn::spawn(queue, worker_process)` |
//! | an object that can be pickled | a type that derives `Serialize` and `Deserialize` |
//! | `queue.put(…)`, `queue.get()` | `queue.send(…)`, `messages.recv()` |
//! | `queue.close()`, `queue.join_thread()` | nothing: an end is closed when it is dropped |
//! | `process.join()` | `process.join()` |
//!
//! The Rust queue has two ends. The sending one moves to the worker, so if the worker dies
//! before it has sent anything, `recv` reports that. Python's `get` would wait for ever.
//!
//! In a project of your own: `cargo add procspawn@1.0 ipc-channel@0.22` and `cargo add serde
//! --features derive`. procspawn hands over channels of this version; one of another compiles too,
//! and then panics or waits for ever.
//!
//! ```text
//! $ cargo run -p examples-process --bin queue_two_processes
//! This is a message sent from worker_process.
//! ```
//!
//! **Always:** this line, once. The worker makes the message, `main` prints it.
//!
//! **May differ:** nothing.
//!
//! **Try:** take `Serialize` out of the `derive`. The program no longer compiles: what cannot
//! be turned into bytes cannot leave its process.

use ipc_channel::ipc::{self, IpcSender};
use serde::{Deserialize, Serialize};

fn main() {
    // A new process is this program, started again from the top. There `init` runs the function
    // that was asked for and ends the process, so only what stands above it would run twice.
    procspawn::init();

    let (queue, messages) = ipc::channel().expect("the system provides a channel");
    let process = procspawn::spawn(queue, worker_process);
    let message: QueueMessageObject = messages.recv().expect("the worker sends a message");
    message.display();
    process.join().expect("the worker does not panic");
}

#[derive(Serialize, Deserialize)]
struct QueueMessageObject {
    value: String,
}

impl QueueMessageObject {
    fn display(&self) {
        println!("{}", self.value);
    }
}

fn worker_process(queue: IpcSender<QueueMessageObject>) {
    let value = "This is a message sent from worker_process.".to_string();
    queue.send(QueueMessageObject { value }).expect("main waits for this message");
}
