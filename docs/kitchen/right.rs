//! Three cooks at the same time: the scope joins all of them.

use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    println!("The kitchen opens");
    thread::scope(|scope| {
        for n in 1..=3 {
            scope.spawn(move || cook(n));
        }
    });
    println!("Served after {:.2} seconds", start.elapsed().as_secs_f64());
}

fn cook(n: u64) {
    println!("cook {n} starts");
    thread::sleep(Duration::from_millis(100 * n));
    println!("cook {n} is ready");
}
