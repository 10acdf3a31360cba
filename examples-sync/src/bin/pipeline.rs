//! A pipeline is a chain of stages: each has its own threads and sends its results to the next one.
//!
//! | Python | Rust |
//! | --- | --- |
//! | a `queue.Queue(1)` between two stages | a `bounded(1)`, whose receiver goes to the next stage |
//! | several workers call `get` on one queue (fan-out) | each worker gets a clone of the receiver |
//! | several workers call `put` on one queue (fan-in) | each worker gets a clone of the sender |
//! | join all workers of a stage, then `put(None)` once for each worker of the next | the channel closes when the last worker drops its sender |
//!
//! The stages end one after another, and no sentinel is needed. The source ends and drops its
//! sender, so the loops of the workers end. The last worker to end drops the last sender of the
//! results, so the loop of `main` ends. The channels are bounded, so no stage can be far ahead of
//! the next one.
//!
//! ```text
//! $ cargo run -p examples-sync --bin pipeline
//! Result 1 is 1, from worker 2
//! Result 2 is 4, from worker 2
//! Result 3 is 9, from worker 2
//! Result 4 is 16, from worker 1
//! Result 5 is 25, from worker 2
//! The source ends
//! Worker 2 ends
//! Result 6 is 36, from worker 2
//! Worker 1 ends
//! The pipeline has ended, all results: [1, 4, 9, 16, 25, 36]
//! ```
//!
//! **Always:** each number is squared once. The source ends before the workers do, and the pipeline
//! ends last, because each stage prints its line before it drops its sender. Result 1 comes before
//! the source ends: the two channels and the two workers hold at most four of the six numbers, so
//! when the last one has been sent, `main` has taken at least two results, and has printed at least
//! the first.
//!
//! **May differ:** the order of the results, which worker computes which of them, and which worker
//! ends first. A worker may even compute all six.
//!
//! **Try:** in `square`, insert `std::mem::forget(sender);` before the last line, `receiver`. Now one
//! sender is never dropped. The workers still end, but `main` waits for more results, and the
//! program never ends.

use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};

fn main() {
    let numbers = count(6);
    let squares = square(numbers);

    let mut received = Vec::new();
    for (worker, square) in squares {
        thread::sleep(Duration::from_millis(10)); // Simulates work.
        received.push(square);
        println!("Result {} is {square}, from worker {worker}", received.len());
    }
    received.sort_unstable();
    println!("The pipeline has ended, all results: {received:?}");
}

/// The first stage, one thread.
fn count(last: u32) -> Receiver<u32> {
    let (sender, receiver) = bounded(1);
    thread::spawn(move || {
        for number in 1..=last {
            sender.send(number).expect("the workers take all numbers");
        }
        println!("The source ends");
        // The closure owns the sender and drops it here, which closes the channel.
    });
    receiver
}

/// The second stage, two threads that share both channels.
fn square(numbers: Receiver<u32>) -> Receiver<(u32, u32)> {
    let (sender, receiver) = bounded(1);
    for worker in 1..=2 {
        let (numbers, sender) = (numbers.clone(), sender.clone());
        thread::spawn(move || {
            for number in numbers {
                let result = (worker, number * number);
                sender.send(result).expect("main takes all results");
            }
            println!("Worker {worker} ends");
        });
    }
    // The sender that was cloned is dropped here. Now only the workers have senders.
    receiver
}
