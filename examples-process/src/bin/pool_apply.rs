//! `apply` gives one call to a process of the pool, and waits for its result before it returns.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with Pool(5) as p:` | `Pool::new(5)`, whose processes end when it is dropped |
//! | `p.apply(mysquare, (3,))` | `pool.spawn(3, mysquare).join()` |
//!
//! One caller and `apply` never use more than one process at a time: the other four of this pool
//! have nothing to do. `pool_apply_async` makes the same calls without waiting in between.
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
//! ```
//!
//! **Always:** these lines in this order, though several processes print them: while a worker
//! computes, `main` waits.
//!
//! **May differ:** which of the five is the worker.
//!
//! **Try:** a pool of one process. Nothing changes, as there is never more than one call.

use procspawn::Pool;

fn main() {
    // A process of the pool is this program, started again from the top. There `init` takes the
    // calls and never returns, so only what stands above it would run in every process.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    for x in [3, 4, 5] {
        println!("main asks for the square of {x}");
        let square = pool.spawn(x, mysquare).join().expect("mysquare does not panic");
        println!("main has {square}");
    }
    println!("main goes on working");
}

fn mysquare(x: i32) -> i32 {
    println!("a worker squares {x}");
    x * x
}
