//! What a thread needs and what it does can be a struct with a `run` method, and no subclass.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `class MyThread(threading.Thread)` | `struct MyThread`, which holds only what is its own |
//! | `def __init__(self, n)` | `MyThread::new(n)` |
//! | `t.start()`, which calls `run` on the new thread | `start`, which spawns `move \|\| self.run()` |
//! | `t.join()` | `join` on the `JoinHandle` that `start` returns |
//!
//! Rust has no classes to inherit from, and a thread needs none: it runs any closure. `start`
//! takes `self` and moves it into the thread, so nobody can start it twice, and nobody else
//! can touch its fields while it runs. In Python the first is an error when the program runs, and
//! the second one nobody notices.
//!
//! ```text
//! $ cargo run -p examples-threads --bin thread_struct
//! Thread-5 4
//! Thread-1 0
//! Thread-2 1
//! Thread-3 2
//! Thread-4 3
//! ```
//!
//! **Always:** five whole lines, each name with its own number.
//!
//! **May differ:** the order of the lines.
//!
//! **Try:** let `run` return `self.n * 10`, and `start` a `JoinHandle` of that type; print what
//! `join` gives. A Python thread would have to leave its result in a field.

use std::thread::{self, JoinHandle};

fn main() {
    let workers: Vec<_> = (0..5).map(|n| MyThread::new(n).start()).collect();

    for worker in workers {
        worker.join().expect("run does not panic");
    }
}

struct MyThread {
    n: usize,
}

impl MyThread {
    fn new(n: usize) -> Self {
        Self { n }
    }

    fn start(self) -> JoinHandle<()> {
        thread::Builder::new()
            .name(format!("Thread-{}", self.n + 1))
            .spawn(move || self.run())
            .expect("the system has room for five threads")
    }

    fn run(self) {
        let thread = thread::current();
        println!("{} {}", thread.name().expect("start gives each thread a name"), self.n);
    }
}
