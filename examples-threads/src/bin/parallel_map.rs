//! Work that shares nothing can be split over threads: each item is computed on its own.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `[f(item) for item in items]` | `items.iter().map(f).collect()` |
//! | `Pool().map(f, items)`, on processes because of the GIL | `items.par_iter().map(f).collect()`, on threads |
//! | `ThreadPoolExecutor().map(f, items)` | `scoped_map(&items, f)`, below, with a thread for each item |
//!
//! ```text
//! $ cargo run -p examples-threads --bin parallel_map
//! Primes below each of [50000, 40000, 30000, 20000, 10000]
//! one after another: [5133, 4203, 3245, 2262, 1229], 0 new thread(s), 0.10 second(s)
//! scoped threads: [5133, 4203, 3245, 2262, 1229], 5 new thread(s), 0.09 second(s)
//! rayon: [5133, 4203, 3245, 2262, 1229], 2 new thread(s), 0.06 second(s)
//! ```
//!
//! **Always:** three times the same list, whichever thread computed a result: `scoped_map` joins its
//! threads in the order of the items, and rayon collects the results in that order too.
//!
//! **May differ:** the times, and how many of its threads rayon uses. It starts one for each core,
//! and a thread that is done takes over items that another one has not begun.
//!
//! **Try:** in `scoped_map`, remove `.collect()` after the spawns, and the type before it. An
//! iterator is lazy, so each thread is now joined before the next one is spawned: the list and the
//! number of threads stay the same, but on two cores the time is that of `one after another`.

use rayon::prelude::*;
use std::collections::HashSet;
use std::thread::{self, ThreadId};
use std::time::Instant;

fn main() {
    let limits = [50_000, 40_000, 30_000, 20_000, 10_000];
    println!("Primes below each of {limits:?}");
    report("one after another", || limits.iter().map(count_primes).collect());
    report("scoped threads", || scoped_map(&limits, count_primes));
    report("rayon", || limits.par_iter().map(count_primes).collect());
}

fn count_primes(limit: &u32) -> (usize, ThreadId) {
    let is_prime = |n: &u32| (2..).take_while(|d| d * d <= *n).all(|d| n % d != 0);
    ((2..*limit).filter(is_prime).count(), thread::current().id())
}

fn scoped_map<T: Sync, R: Send>(items: &[T], function: fn(&T) -> R) -> Vec<R> {
    thread::scope(|scope| {
        // `collect` spawns all threads before the first one is joined.
        let threads: Vec<_> =
            items.iter().map(|item| scope.spawn(move || function(item))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

fn report(name: &str, map: impl Fn() -> Vec<(usize, ThreadId)>) {
    let start = Instant::now();
    let (counts, mut threads): (Vec<_>, HashSet<_>) = map().into_iter().unzip();
    let seconds = start.elapsed().as_secs_f64();
    threads.remove(&thread::current().id());
    println!("{name}: {counts:?}, {} new thread(s), {seconds:.2} second(s)", threads.len());
}
