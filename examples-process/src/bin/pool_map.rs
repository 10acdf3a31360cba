//! `map` spreads its items over a pool of processes, and waits until it has every result.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with Pool(5) as p:` | `Pool::new(5)`, whose processes end when it is dropped |
//! | `p.map(mysquare, [1, 2, 3, 4, 5])` | `pool.spawn(x, mysquare)` for each item, then `join` for each |
//!
//! procspawn's pool knows single calls only, and `map` is what one makes of them. It takes two
//! passes: to spawn and join in the same one would leave four of the five processes idle.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_map
//! [1, 4, 9, 16, 25]
//! ```
//!
//! **Always:** the squares in the order of the numbers, whichever is worked out first.
//!
//! **May differ:** nothing.
//!
//! **Try:** let `mysquare` print its number. Those lines come in any order, the list does not
//! change.

use procspawn::Pool;

fn main() {
    // A process of the pool is this program, started again from the top. There `init` takes the
    // calls and never returns, so only what stands above it would run in every process.
    procspawn::init();

    let pool = Pool::new(5).expect("the system starts five processes");
    println!("{:?}", map(&pool, mysquare, &[1, 2, 3, 4, 5]));
}

/// Applies `function` to all items at the same time, as far as the pool has processes. Each takes
/// its next item when its last result has been joined, so items that take equally long go best.
fn map(pool: &Pool, function: fn(i32) -> i32, items: &[i32]) -> Vec<i32> {
    let calls: Vec<_> = items.iter().map(|&item| pool.spawn(item, function)).collect();
    calls.into_iter().map(|call| call.join().expect("the function does not panic")).collect()
}

fn mysquare(x: i32) -> i32 {
    x * x
}
