//! `park` makes a thread wait for an `unpark`, and an `unpark` that comes before it is not lost.
//!
//! | Python | Rust |
//! | --- | --- |
//! | none; the nearest is an `Event` for each thread | `thread::park()` waits in the thread that calls it |
//! | `event.set()` | `unpark()`, on a handle of the waiting thread |
//! | | `thread::current()`, which returns such a handle |
//!
//! Each thread has one token. `unpark` makes it available, and `park` waits for it and takes it. So
//! an `unpark` is not lost if the thread does not park until later. `park` may also return without
//! an `unpark`, so do not rely on it alone: set a flag before the `unpark`, and park in a loop until
//! the flag is set.
//!
//! ```text
//! $ cargo run -p examples-threads --bin park
//! Thread 1 has unparked main, which has not parked yet
//! main has returned from its first park, but nothing is ready
//! Thread 2 is ready, and unparks main
//! main has found the flag set after 2 park(s)
//! ```
//!
//! **Always:** these lines in this order, except for the number in the last one. Thread 1 has been
//! joined before `main` parks, so the token is there, and the first park returns. `main` starts
//! thread 2 after that, and only thread 2 sets the flag.
//!
//! **May differ:** the number of parks. It is usually 2 and never less. It is greater if `park`
//! returns without an `unpark`.
//!
//! **Try:** write `if` instead of `while`. Now `main` goes on after its first park, so only the
//! first and the last line appear, with 1 park, although the flag has not been set.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread::{self, Thread};
use std::time::Duration;

static READY: AtomicBool = AtomicBool::new(false);

fn main() {
    let main = thread::current();
    // After the join the token is certainly there.
    thread::spawn(move || main.unpark()).join().expect("unpark does not panic");
    println!("Thread 1 has unparked main, which has not parked yet");

    let mut parks = 0;
    while !READY.load(SeqCst) {
        if parks == 1 {
            println!("main has returned from its first park, but nothing is ready");
            let main = thread::current();
            thread::spawn(move || get_ready(&main));
        }
        thread::park();
        parks += 1;
    }
    println!("main has found the flag set after {parks} park(s)");
}

fn get_ready(main: &Thread) {
    // Simulates work. `main` uses no core in the meantime.
    thread::sleep(Duration::from_millis(50));
    println!("Thread 2 is ready, and unparks main");
    // The flag comes first: otherwise main could look at it, park again, and wait forever.
    READY.store(true, SeqCst);
    main.unpark();
}
