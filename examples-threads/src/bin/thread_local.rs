//! A thread-local value is one name with a value for each thread: no other thread sees it.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `tls = threading.local()` | `thread_local! { static TLS: Cell<u32> = … }` |
//! | `tls.value = 42` | `TLS.set(42)` |
//! | `tls.value`, an error in a thread that has not set it | `TLS.get()`, 0 in a thread that has not set it |
//! | `threading.get_ident()` | `thread::current().id()` |
//!
//! A plain `static` has to be safe to share, so it needs a lock or an atomic to be changed. A
//! thread-local one is never shared: a `Cell` does.
//!
//! ```text
//! $ cargo run -p examples-threads --bin thread_local
//! id: ThreadId(2), tls: 42
//! id: ThreadId(3), tls: 43
//! id: ThreadId(3), tls: 448
//! id: ThreadId(2), tls: 564
//! ```
//!
//! **Always:** a thread reads 42 or 43, as it has set it, and then its random number.
//!
//! **May differ:** which thread comes first, the ids, and the random numbers from 1 to 1000.
//!
//! **Try:** make `TLS` a `static` of type `AtomicU32`, which has `store` and `load`. Both
//! threads then write to the same place, and one of them reads what the other has written.

use std::cell::Cell;
use std::sync::Barrier;
use std::thread;

thread_local! {
    static TLS: Cell<u32> = const { Cell::new(0) };
}

fn main() {
    // Neither thread reads before both have written. A shared value would not survive that.
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
    TLS.set(rand::random_range(1..=1000));
    display_tls_value();
}

fn display_tls_value() {
    println!("id: {:?}, tls: {}", thread::current().id(), TLS.get());
}
