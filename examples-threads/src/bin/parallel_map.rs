//! Pieces of work that share nothing run on as many cores as there are: embarrassingly parallel.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `list(map(f, items))` | `items.iter().map(f).collect()` |
//! | `Pool().map(f, items)`, on processes because of the GIL | `items.par_iter().map(f).collect()`, on threads |
//! | `Pool().map(f, items, chunksize)` | `scoped_map`, below: `chunks`, `thread::scope`, `join` |
//!
//! The pieces here are of very different size. `scoped_map` deals them out beforehand, so a
//! thread may end early and idle. Rayon's threads take over what others have not begun.
//!
//! ```text
//! $ cargo run -p examples-threads --bin parallel_map
//! Primes below each of [80000, 40000, 20000, 10000, 5000]
//! one after another: [7837, 4203, 2262, 1229, 669]
//! scoped threads:    [7837, 4203, 2262, 1229, 669]
//! rayon:             [7837, 4203, 2262, 1229, 669]
//! ```
//!
//! **Always:** three times the same numbers: a result stands where its input stood, whichever
//! thread had it and whenever it was done.
//!
//! **May differ:** nothing that is printed. How many threads there were, and who did what, does.
//!
//! **Try:** let the scoped threads push their results to a `Mutex<Vec<_>>` as they come. With two
//! cores or more the largest piece, which is the first, is then hardly ever the first result.

use rayon::prelude::*;
use std::num::NonZero;
use std::thread;

fn main() {
    let limits = [80_000, 40_000, 20_000, 10_000, 5_000];
    println!("Primes below each of {limits:?}");

    let one_by_one: Vec<_> = limits.iter().map(primes_below).collect();
    println!("one after another: {one_by_one:?}");

    let scoped = scoped_map(&limits, primes_below);
    println!("scoped threads:    {scoped:?}");

    let rayon: Vec<_> = limits.par_iter().map(primes_below).collect();
    println!("rayon:             {rayon:?}");
}

fn primes_below(limit: &u32) -> usize {
    (2..*limit).filter(|n| (2..).take_while(|d| d * d <= *n).all(|d| n % d != 0)).count()
}

/// At most one thread for each core. Each takes neighbours, so the results stay in order.
fn scoped_map<T: Sync, R: Send>(items: &[T], function: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        // The first `collect` is what makes it parallel: all are spawned before one is joined.
        let workers: Vec<_> = items
            .chunks(share)
            .map(|share| scope.spawn(|| share.iter().map(&function).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("the function does not panic"))
            .collect()
    })
}
