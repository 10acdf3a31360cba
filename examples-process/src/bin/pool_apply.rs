//! `apply` gives one call to a process of the pool, and waits for its result before it returns.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `p.apply(mysquare, (3,))` | `pool.spawn(3, mysquare).join()` |
//!
//! `main` gives out one call at a time, so at least four of the five processes are idle at any moment.
//! `pool_apply_async` makes the same calls without waiting in between.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_apply
//! main asks for the square of 3
//! a worker squares 3
//! main has 9
//! main asks for the square of 4
//! a worker squares 4
//! main has 16
//! main asks for the square of 5
//! a worker squares 5
//! main has 25
//! main goes on working
//! Computed by 3 other process(es)
//! ```
//!
//! **Always:** the lines in this order, although several processes print them, because `main` waits
//! while a worker computes.
//!
//! **May differ:** how many processes the three calls are given to, from 1 to 3.
//!
//! **Try:** write `Pool::new(1)`. At most the last line changes, because there is never more than
//! one call at a time.

use std::{collections::HashSet, process};

use procspawn::Pool;

fn main() {
    // A process of the pool starts here too. In it, `init` runs the calls and never returns.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    let mut ids = HashSet::new();
    for x in [3, 4, 5] {
        println!("main asks for the square of {x}");
        let (square, id) = pool.spawn(x, mysquare).join().expect("mysquare does not panic");
        println!("main has {square}");
        ids.insert(id);
    }
    println!("main goes on working");
    ids.remove(&process::id());
    println!("Computed by {} other process(es)", ids.len());
}

/// Returns the square, and which process has computed it.
fn mysquare(x: i32) -> (i32, u32) {
    println!("a worker squares {x}");
    (x * x, process::id())
}
