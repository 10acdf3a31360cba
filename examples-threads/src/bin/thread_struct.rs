//! A struct can hold a thread's data, and a method of it can be what the thread runs: no subclass.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `class MyThread(Thread)`, with `__init__` | `struct MyThread`, an ordinary struct |
//! | `t.start()`, which calls `run` on the new thread | `start`, which spawns `move \|\| self.run()` |
//! | `t.join()` | `join` on the `JoinHandle` that `start` returns |
//!
//! Rust has no inheritance, and a thread does not need it, because it runs any closure. `start`
//! takes `self` and moves it into the thread. So the compiler refuses a second `start`, and it
//! refuses code that touches the struct while the thread runs.
//!
//! ```text
//! $ cargo run -p examples-threads --bin thread_struct
//! Thread-1 0
//! Thread-3 2
//! Thread-2 1
//! Thread-5 4
//! Thread-4 3
//! Total time taken: 0.10 second(s)
//! ```
//!
//! **Always:** five lines, each name with its own number, and then the total, because `main` joins
//! all threads first. They work at the same time, so the total is 0.1 seconds instead of 0.5.
//!
//! **May differ:** the order of the five lines.
//!
//! **Try:** let `run` return a `u64`, `self.n * 10`, so that `start` returns a
//! `JoinHandle<u64>`, and print what each `join` returns. The numbers 0 to 40 come in order.

use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    let workers: Vec<_> = (0..5).map(|n| MyThread { n }.start()).collect();
    for worker in workers {
        worker.join().expect("run does not panic");
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

struct MyThread {
    n: u64,
}

impl MyThread {
    fn start(self) -> JoinHandle<()> {
        let thread = thread::Builder::new().name(format!("Thread-{}", self.n + 1));
        thread.spawn(move || self.run()).expect("the system starts a thread")
    }

    fn run(self) {
        // Simulates work.
        thread::sleep(Duration::from_millis(100));
        let thread = thread::current();
        println!("{} {}", thread.name().expect("start gives each thread a name"), self.n);
    }
}
