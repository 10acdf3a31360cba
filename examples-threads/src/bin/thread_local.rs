//! A thread-local variable has one name and a separate value for each thread.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `tls = threading.local()` | `thread_local! { static TLS: Cell<u32> = … }` |
//! | `tls.value = 42` | `TLS.set(42)` |
//! | `tls.value`, an error in a thread that has not set it | `TLS.get()`, 0 in a thread that has not set it |
//! | `threading.get_native_id()` | `thread::current().id()` |
//!
//! An ordinary `static` is shared by all threads, so it needs a lock or an atomic to be changed. A
//! thread-local one is never shared, so a `Cell` is enough.
//!
//! ```text
//! $ cargo run -p examples-threads --bin thread_local
//! id: ThreadId(2), tls: 42
//! id: ThreadId(3), tls: 43
//! id: ThreadId(3), tls: 448
//! id: ThreadId(2), tls: 564
//! ```
//!
//! **Always:** each thread reads the value that it has written itself: first 42 or 43, then its
//! random number of three digits. A barrier stops each thread until the other one has arrived, so
//! both have written before either of them reads.
//!
//! **May differ:** which thread comes first, the ids, and the random numbers.
//!
//! **Try:** let the two threads share the variable: replace it by a `static TLS: AtomicU32`, with
//! `store` instead of `set` and `load` instead of `get`. Now at least one thread first reads a
//! value that it has not written. `cargo xtask try thread_local` shows the lines.

use std::cell::Cell;
use std::sync::Barrier;
use std::thread;

thread_local! {
    static TLS: Cell<u32> = const { Cell::new(0) };
}

fn main() {
    let both_have_written = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| thread_function(42, &both_have_written));
        scope.spawn(|| thread_function(43, &both_have_written));
    });
}

fn thread_function(value: u32, both_have_written: &Barrier) {
    TLS.set(value);
    both_have_written.wait();
    display_tls_value();
    TLS.set(rand::random_range(100..=999));
    display_tls_value();
}

fn display_tls_value() {
    println!("id: {:?}, tls: {}", thread::current().id(), TLS.get());
}
