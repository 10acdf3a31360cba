//! A barrier holds threads until all have come: none is in phase 2 while one is in phase 1.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `barrier = threading.Barrier(3)` | `let barrier = Barrier::new(3)` |
//! | `barrier.wait()`, 0 for one of the threads | `barrier.wait()`, `is_leader()` for one of them |
//!
//! A thread that never comes leaves the others waiting for ever: unlike Python's, this barrier
//! has no time limit and cannot be broken.
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
//! **Always:** each worker ends a phase after it has started it, and all three have ended
//! phase 1 when the first of them starts phase 2.
//!
//! **May differ:** the order of the workers within a phase.
//!
//! **Try:** leave out `barrier.wait()`. Worker 1, the fastest, is in phase 2 while the others
//! are still in phase 1.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

fn main() {
    let barrier = Barrier::new(3);

    thread::scope(|scope| {
        for number in 1..=3 {
            // `move` takes the number along. Of the barrier it is to take this reference only.
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
    // Stands for work, of which some have more than others.
    thread::sleep(Duration::from_millis(30 * worker));
    println!("worker {worker} ends phase {phase}");
}
