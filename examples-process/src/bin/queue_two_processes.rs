//! A message between processes is sent as bytes, because the two processes share no memory.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `queue = multiprocessing.Queue()` | `let (queue, messages) = ipc::channel()` |
//! | `Process(target=worker_process, args=(queue,))`, `start()` | `procspawn::spawn(queue, worker_process)` |
//! | an object that can be pickled | a type that derives `Serialize` and `Deserialize` |
//! | `queue.put(…)`, `queue.get()` | `queue.send(…)`, `messages.recv()` |
//! | `queue.close()`, `queue.join_thread()` | nothing: dropping an end closes it |
//!
//! The sending end moves to the worker. If the worker dies before it has sent anything, `recv`
//! returns an error. Python's `get` would wait forever.
//!
//! ```text
//! $ cargo run -p examples-process --bin queue_two_processes
//! This is a message sent from worker_process.
//! Sent by another process: true
//! ```
//!
//! **Always:** these lines. The worker makes the message, and `main` prints it.
//!
//! **Try:** write `#[derive(Deserialize)]`, without `Serialize`. The program no longer compiles: a
//! value that cannot be turned into bytes cannot leave its process.

use std::process;

use ipc_channel::ipc::{self, IpcSender}; // 0.22, the version that procspawn uses
use serde::{Deserialize, Serialize};

fn main() {
    // The new process starts here too. In it, `init` runs the function and then ends the process.
    procspawn::init();

    let (queue, messages) = ipc::channel().expect("the system provides a channel");
    let process = procspawn::spawn(queue, worker_process);
    let message: QueueMessageObject = messages.recv().expect("the worker sends a message");
    message.display();
    println!("Sent by another process: {}", message.sender != process::id());
    process.join().expect("the worker does not panic");
}

#[derive(Serialize, Deserialize)]
struct QueueMessageObject {
    value: String,
    sender: u32,
}

impl QueueMessageObject {
    fn display(&self) {
        println!("{}", self.value);
    }
}

fn worker_process(queue: IpcSender<QueueMessageObject>) {
    let value = "This is a message sent from worker_process.".to_string();
    let message = QueueMessageObject { value, sender: process::id() };
    queue.send(message).expect("main waits for this message");
}
