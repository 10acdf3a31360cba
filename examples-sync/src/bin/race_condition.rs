//! Fields that are safe one by one are not safe together: two updates can mix and corrupt the data.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `self.x = x`, without a lock | `self.x.store(x, SeqCst)`, because each field is an atomic |
//! | `self.z = self.x + self.y` | two loads and a store, which are three steps |
//!
//! This is `lock` without its lock. With ordinary fields it would have a data race, and would not
//! compile. With atomic fields it compiles, but an atomic makes only a single step indivisible. The
//! other thread can still change the data between two steps, and that is a race condition.
//!
//! ```text
//! $ cargo run -p examples-sync --bin race_condition -- 2
//! * * - *
//! Done
//! 2 of 4 updates counted
//! ```
//!
//! Without an argument each of the two threads makes 20 updates.
//!
//! **Always:** one mark for each update, then `Done`, and then the count. At least 2 updates are
//! counted, or 1 if each thread makes only one.
//!
//! **May differ:** each mark, which is `-` for good data and `*` for corrupted data, and the count.
//! If both threads read the count before one of them writes it, an update is lost. The pauses make
//! corrupted data and lost updates very likely, but not certain.
//!
//! **Try:** remove the three lines `pause();`. (The compiler warns that `pause` is not used.)
//! Nearly all runs now print only good data and count all updates, but the error is still there.
//! This is why a race condition is hard to find by testing.

use std::io::{self, Write};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering::SeqCst};
use std::time::Duration;
use std::{env, process, thread};

fn main() {
    let updates = updates_argument(); // 20 for each thread without an argument
    let data = DataObject::default();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| foo(&data, updates));
        }
    });
    println!("\nDone");
    let counted = data.updates.into_inner();
    println!("{counted} of {} updates counted", 2 * updates);
}

fn foo(data: &DataObject, updates: u64) {
    for _ in 0..updates {
        let mark = data.update(random_value(), random_value());
        print!("{mark} ");
        // Flush after each mark, so that the reader can watch the threads' progress.
        io::stdout().flush().expect("standard output is open");
    }
}

/// After each update, z should be x + y.
#[derive(Default)]
struct DataObject {
    x: AtomicI32,
    y: AtomicI32,
    z: AtomicI32,
    updates: AtomicU64,
}

impl DataObject {
    fn update(&self, x: i32, y: i32) -> char {
        let updates = self.updates.load(SeqCst);
        self.x.store(x, SeqCst);
        pause();
        self.y.store(y, SeqCst);
        pause();
        self.z.store(self.x.load(SeqCst) + self.y.load(SeqCst), SeqCst);
        pause();
        self.updates.store(updates + 1, SeqCst);
        if self.z.load(SeqCst) == self.x.load(SeqCst) + self.y.load(SeqCst) { '-' } else { '*' }
    }
}

fn random_value() -> i32 {
    rand::random_range(0..=100)
}

/// Simulates work that takes a varying amount of time.
fn pause() {
    thread::sleep(Duration::from_millis(rand::random_range(0..=100)));
}

fn updates_argument() -> u64 {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = if words.is_empty() { "20".to_string() } else { words.join(" ") };
    let Ok(updates @ 1..) = number.parse() else {
        let usage = "usage: race_condition [UPDATES]";
        eprintln!("error: UPDATES must be a whole number from 1 up, not {number:?}; {usage}");
        process::exit(2)
    };
    updates
}
