//! `map` spreads its items over a pool of processes, and waits until it has every result.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with Pool(5) as p:` | `Pool::new(5)`, whose processes end when it is dropped |
//! | `p.map(mysquare, [1, 2, 3, 4, 5])` | `pool.spawn(x, mysquare)` for each item, then `join` for each |
//!
//! procspawn's pool knows only single calls, so `map` takes two passes. To spawn and join in one
//! pass would leave four of the five processes idle.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_map
//! [1, 4, 9, 16, 25]
//! Computed by 5 other process(es)
//! Total time taken: 0.23 second(s)
//! ```
//!
//! **Always:** the squares in the order of the numbers, because the calls are joined in that order.
//!
//! **May differ:** the time, and how many processes have computed. Usually all five calls run at the
//! same time, so the total is little more than the 0.2 seconds of one call. But on a busy machine one
//! process may get two calls, and another none.
//!
//! **Try:** append `.join()` to `pool.spawn(x, mysquare)`, and write `call.expect(…)` instead of
//! `call.join().expect(…)`. Now each call is joined before the next one is spawned, and the total is
//! more than 1 second.

use std::collections::HashSet;
use std::time::{Duration, Instant};
use std::{process, thread};

use procspawn::Pool;

fn main() {
    // A process of the pool starts here too. In it, `init` runs the calls and never returns.
    procspawn::init();
    let start = Instant::now();
    let pool = Pool::new(5).expect("the system starts five processes");

    let calls = [1, 2, 3, 4, 5].map(|x| pool.spawn(x, mysquare));
    let results = calls.map(|call| call.join().expect("mysquare does not panic"));

    println!("{:?}", results.map(|(square, _)| square));
    let mut ids = HashSet::from(results.map(|(_, id)| id));
    ids.remove(&process::id());
    println!("Computed by {} other process(es)", ids.len());
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

/// Returns the square, and which process has computed it.
fn mysquare(x: i32) -> (i32, u32) {
    // Simulates work.
    thread::sleep(Duration::from_millis(200));
    (x * x, process::id())
}
