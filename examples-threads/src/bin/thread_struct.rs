//! A struct can hold a thread's data, and the thread can run one of its methods, so no subclass is
//! needed.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `class MyThread(Thread)`, with `__init__` | `struct MyThread`, an ordinary struct |
//! | `t.start()`, which calls `run` on the new thread | `start`, which spawns `move \|\| self.run()` |
//! | `t.join()` | `join` on the `JoinHandle` that `start` returns |
//!
//! Rust has no inheritance, and a thread does not need it, because a thread can run any closure.
//! `start` takes `self` and moves it into the thread. So the compiler refuses a second `start`, and
//! it refuses code that uses the struct after `start`.
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
//! all threads first. They work at the same time, so the total is about 0.1 seconds instead of 0.5.
//!
//! **May differ:** the order of the five lines, and the time.
//!
//! **Try:** let `run` return `self.n * 10`, so that it returns a `u64` and `start` returns a
//! `JoinHandle<u64>`. In `main`, print what each `join` returns. The numbers 0, 10, 20, 30 and 40
//! always come in this order, because `main` joins the threads in order.

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
