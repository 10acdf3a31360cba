//! Wrong: `main` adds up its own half while a thread adds up the other half, and joins no thread.

use std::thread;

fn main() {
    thread::spawn(|| println!("upper half: {}", sum(2_000, 4_000)));
    println!("lower half: {}", sum(0, 2_000));
}

fn sum(from: u64, to: u64) -> u64 {
    (from..to).sum()
}
