//! A barrier stops threads until all have arrived: no thread starts phase 2 before all threads have
//! ended phase 1.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `barrier = threading.Barrier(3)` | `let barrier = Barrier::new(3)` |
//! | `barrier.wait()`, which returns 0 in one thread | `barrier.wait().is_leader()`, which is true in one thread |
//! | `wait(timeout)`, `abort()` | none, so if a thread never arrives, the others wait forever |
//!
//! ```text
//! $ cargo run -p examples-sync --bin barrier
//! worker 1 starts phase 1
//! worker 2 starts phase 1
//! worker 3 starts phase 1
//! worker 1 ends phase 1
//! worker 2 ends phase 1
//! worker 3 ends phase 1
//! worker 3 starts phase 2
//! worker 2 starts phase 2
//! worker 1 starts phase 2
//! worker 1 ends phase 2
//! worker 2 ends phase 2
//! worker 3 ends phase 2
//! All workers have ended phase 2
//! ```
//!
//! **Always:** each worker prints `starts` before `ends` in each phase. All three workers have
//! ended phase 1 before any of them starts phase 2, because of the barrier.
//!
//! **May differ:** the order of the workers within a phase.
//!
//! **Try:** remove the line `barrier.wait();`, and write `_barrier` for the parameter of `worker`.
//! Usually worker 1, which is the fastest, now starts phase 2 while the others are still in phase 1.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

fn main() {
    let barrier = Barrier::new(3);
    thread::scope(|scope| {
        for number in 1..=3 {
            // With `move` the closure owns the number. It only borrows the barrier.
            let barrier = &barrier;
            scope.spawn(move || worker(number, barrier));
        }
    });
    println!("All workers have ended phase 2");
}

fn worker(number: u64, barrier: &Barrier) {
    run_phase(1, number);
    barrier.wait();
    run_phase(2, number);
}

fn run_phase(phase: u64, worker: u64) {
    println!("worker {worker} starts phase {phase}");
    // Simulates work. Worker 1 has the least, worker 3 has the most.
    thread::sleep(Duration::from_millis(30 * worker));
    println!("worker {worker} ends phase {phase}");
}
