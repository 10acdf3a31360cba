//! Items that need nothing from each other can be computed by different threads.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `[f(item) for item in items]` | `items.iter().map(f).collect()` |
//! | `Pool().map(f, items)`, on processes because of the GIL | `items.par_iter().map(f).collect()`, on threads |
//! | `ThreadPoolExecutor().map(f, items)` | `scoped_map(&items, f)`, defined below, with a thread for each item |
//!
//! ```text
//! $ cargo run -p examples-threads --bin parallel_map
//! Primes below each of [50000, 40000, 30000, 20000, 10000]
//! one after another: [5133, 4203, 3245, 2262, 1229], 0 new thread(s), 0.10 second(s)
//! scoped threads: [5133, 4203, 3245, 2262, 1229], 5 new thread(s), 0.09 second(s)
//! rayon: [5133, 4203, 3245, 2262, 1229], 2 new thread(s), 0.06 second(s)
//! ```
//!
//! **Always:** all three lines show the same list. Each result stands at the index of its item,
//! whichever thread computed it, because `scoped_map` joins its threads in the order of the items,
//! and rayon stores each result at the index of its item.
//!
//! **May differ:** the times, and how many of its threads rayon uses. Rayon starts one thread for
//! each core, and a thread that has no more items takes over items that another thread has not
//! begun.
//!
//! **Try:** in `scoped_map`, write `.inspect(|_| println!("spawned"));` instead of `.collect();`,
//! remove `: Vec<_>`, and put `.inspect(|_| println!("joined"))` before the last `.collect()`. An
//! iterator is lazy, so each thread is now joined before the next one is spawned. The list and the
//! number of threads stay the same, but the time is about that of `one after another`.

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
