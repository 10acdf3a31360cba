//! A panic in a spawned thread ends only that thread; `join`, the scope and the lock report it to
//! the others.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `t.join()`, which does not say that the thread has failed | `join()`, which returns an `Err` |
//! | `future.result()`, which raises what the call raised | `join().unwrap()`, which panics, as a scope does |
//! | `with lock:`, which does not say that the data may be half changed | `lock()`, which returns an `Err`: the lock is poisoned |
//! | `threading.excepthook = …` | `panic::set_hook(…)` |
//!
//! The program moves items from one shelf to another, and a lock protects both shelves. The first
//! thread should move 12 items, but there are only 10. `move_items` adds the items to the second
//! shelf before it finds that the first one has too few. Then it panics, and while it does so, it
//! releases the lock. The lock becomes poisoned, because the thread held it when it panicked. So
//! the data may be half changed, and in this program it really is half changed. A thread that can
//! repair the data may still use it.
//!
//! ```text
//! $ cargo run -p examples-threads --bin panic_in_thread
//! Hook: a thread panics
//! join returns an error: too few items
//! Hook: a thread panics
//! Hook: main panics
//! The scope panics: true
//! The lock is poisoned: true, the shelves are [10, 12]
//! The lock is poisoned: false, the shelves are [7, 3]
//! ```
//!
//! **Always:** these lines. The hook runs in the thread that panics, before `join` returns. The
//! second thread panics because the lock is poisoned, and then the scope panics in `main`, which
//! catches it.
//!
//! **Try:** remove the line with `clear_poison`. The last call of `move_items` now panics, although
//! the data is repaired. So the last scope panics in `main`, and the program ends with exit code
//! 101.

use std::sync::{Mutex, PoisonError};
use std::{panic, thread};

static SHELVES: Mutex<[u32; 2]> = Mutex::new([10, 0]);

fn main() {
    // Without this hook each panic would print its message and its place to standard error.
    panic::set_hook(Box::new(|_| {
        println!("Hook: {} panics", thread::current().name().unwrap_or("a thread"));
    }));

    let error = thread::spawn(|| move_items(12)).join().expect_err("there are 10 items");
    let message = error.downcast_ref::<&str>().expect("the message is a literal");
    println!("join returns an error: {message}");

    // `catch_unwind` is for this demonstration. Usually you join the thread instead.
    let result = panic::catch_unwind(run_scope);
    println!("The scope panics: {}", result.is_err());

    let mut shelves = SHELVES.lock().unwrap_or_else(PoisonError::into_inner);
    println!("The lock is poisoned: {}, the shelves are {shelves:?}", SHELVES.is_poisoned());
    *shelves = [10, 0];
    SHELVES.clear_poison();
    drop(shelves);

    run_scope();
    let shelves = SHELVES.lock().expect("the lock is no longer poisoned");
    println!("The lock is poisoned: {}, the shelves are {shelves:?}", SHELVES.is_poisoned());
}

fn run_scope() {
    thread::scope(|scope| {
        scope.spawn(|| move_items(3));
    });
}

fn move_items(count: u32) {
    let mut shelves = SHELVES.lock().expect("no thread has panicked while it had the lock");
    shelves[1] += count;
    let Some(rest) = shelves[0].checked_sub(count) else { panic!("too few items") };
    shelves[0] = rest;
}
