//! `starmap` is `map` for a function of several parameters: each item holds its arguments.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with Pool(5) as p:` | `Pool::new(5)`, whose processes end when it is dropped |
//! | `p.starmap(mypower, [(1, 5), …])` | `map` with a closure that takes the tuple apart |
//! | `function(*arguments)` | `\|(base, exponent)\| mypower(base, exponent)` |
//!
//! Rust needs no second `map`: a pattern takes the tuple apart. The closure may use nothing from
//! around it, since only its address goes to the other process.
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
//! ```
//!
//! **Always:** all workers' lines, then the list in the order of the items, then `main` goes on.
//! While the workers compute it only waits: see `pool_starmap_async`.
//!
//! **May differ:** the order of the workers' lines.
//!
//! **Try:** let the closure add a variable of `main` to the exponent. The program no longer
//! compiles.

use procspawn::Pool;

fn main() {
    // A process of the pool is this program, started again from the top. There `init` takes the
    // calls and never returns, so only what stands above it would run in every process.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    let items = [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)];
    let powers = map(&pool, |(base, exponent)| mypower(base, exponent), &items);
    println!("{powers:?}");
    println!("main goes on working");
}

/// Applies `function` to all items at the same time, as far as the pool has processes. Each takes
/// its next item when its last result has been joined, so items that take equally long go best.
fn map(pool: &Pool, function: fn((i32, u32)) -> i32, items: &[(i32, u32)]) -> Vec<i32> {
    let calls: Vec<_> = items.iter().map(|&item| pool.spawn(item, function)).collect();
    calls.into_iter().map(|call| call.join().expect("the function does not panic")).collect()
}

fn mypower(base: i32, exponent: u32) -> i32 {
    println!("a worker raises {base} to the power of {exponent}");
    base.pow(exponent)
}
