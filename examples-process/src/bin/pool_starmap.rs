//! `starmap` is `map` for a function with several parameters: each item holds all its arguments.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `p.starmap(mypower, [(1, 5), …])` | `pool.spawn(item, \|(base, exponent)\| mypower(base, exponent))` |
//!
//! Rust needs no second `map`, because a pattern takes the tuple apart. The closure must not use
//! variables of the function that contains it, because procspawn sends only its place in the program.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_starmap
//! a worker raises 1 to the power of 5
//! a worker raises 4 to the power of 2
//! a worker raises 2 to the power of 4
//! a worker raises 3 to the power of 3
//! a worker raises 5 to the power of 1
//! [1, 16, 27, 16, 5]
//! main goes on working
//! Computed by 5 other process(es)
//! Total time taken: 0.24 second(s)
//! ```
//!
//! **Always:** all workers' lines, then the list in the order of the items, then the other lines of
//! `main`, because `main` joins all calls before it goes on.
//!
//! **May differ:** the order of the workers' lines, the time, and how many processes have computed.
//!
//! **Try:** add `let more = 1;` before the calls, and write `mypower(base, exponent + more)`. The
//! program no longer compiles: a closure that uses `more` is not a plain function (E0308).

use std::collections::HashSet;
use std::time::{Duration, Instant};
use std::{process, thread};

use procspawn::Pool;

fn main() {
    // A process of the pool starts here too. In it, `init` runs the calls and never returns.
    procspawn::init();
    let start = Instant::now();
    let pool = Pool::new(5).expect("the system starts five processes");

    let items = [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)];
    let calls = items.map(|item| pool.spawn(item, |(base, exponent)| mypower(base, exponent)));
    let results = calls.map(|call| call.join().expect("mypower does not panic"));

    println!("{:?}", results.map(|(power, _)| power));
    println!("main goes on working");
    let mut ids = HashSet::from(results.map(|(_, id)| id));
    ids.remove(&process::id());
    println!("Computed by {} other process(es)", ids.len());
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn mypower(base: i32, exponent: u32) -> (i32, u32) {
    println!("a worker raises {base} to the power of {exponent}");
    // Simulates work.
    thread::sleep(Duration::from_millis(200));
    (base.pow(exponent), process::id())
}
