//! Three fields, each safe for itself, are not safe together: two updates mix and corrupt them.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `self.x = x`, with no lock around | `self.x.store(x, SeqCst)`, each field an atomic |
//! | `self.z = self.x + self.y` | two loads and a store: three steps, not one |
//!
//! Two threads that write to plain fields would be a data race, and that does not compile.
//! Atomics do, yet they only make each step whole. The race condition is between the steps,
//! and no memory ordering mends it: `SeqCst` is already the strictest.
//!
//! ```text
//! $ cargo run -p examples-sync --bin race_condition -- 2
//! * * - -
//! Done
//! ```
//!
//! Without an argument each thread makes 20 updates, as in the notebook.
//!
//! **Always:** one mark for each update of each thread, and the first one is `*`, corrupted
//! data: a `Barrier` has the second thread write its x between the first one's sum and check.
//!
//! **May differ:** every other mark. There the sleeps make it likely that updates mix, not
//! certain. With one update each, nothing is left to mix with, and the last mark is `-`.
//!
//! **Try:** put `pause` in the place of `meet_twice`, both times, and take out the two
//! `meeting.wait()` of the threads. With 1 update most runs now print `- -`, and some `* -`: that
//! is why such a fault is so hard to find. `lock` has the cure.

use std::io::{self, Write};
use std::sync::Barrier;
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use std::time::Duration;
use std::{env, process, thread};

fn main() {
    let updates = updates_argument();
    let data = DataObject::default();
    let meeting = Barrier::new(2);
    let meet_twice = || {
        meeting.wait();
        meeting.wait();
    };

    thread::scope(|scope| {
        scope.spawn(|| {
            // After its sum it meets the other thread twice. In between, that one writes its x.
            show(data.update(1, 1, pause, meet_twice));
            meeting.wait();
            foo(&data, updates - 1);
        });
        scope.spawn(|| {
            // It begins when that sum is made, and goes on only when it has got its mark.
            meeting.wait();
            show(data.update(2, 2, meet_twice, pause));
            foo(&data, updates - 1);
        });
    });
    println!("\nDone");
}

fn foo(data: &DataObject, updates: u64) {
    for _ in 0..updates {
        show(data.update(random_value(), random_value(), pause, pause));
    }
}

fn show(mark: char) {
    print!("{mark} ");
    // The line is not yet at its end, but shows how far the threads have come.
    io::stdout().flush().expect("standard output takes what is printed");
}

/// Whenever nobody is at work on it, z = x + y.
#[derive(Default)]
struct DataObject {
    x: AtomicI32,
    y: AtomicI32,
    z: AtomicI32,
}

impl DataObject {
    fn update(&self, x: i32, y: i32, after_x: impl Fn(), after_z: impl Fn()) -> char {
        self.x.store(x, SeqCst);
        after_x();
        self.y.store(y, SeqCst);
        pause();
        self.z.store(self.x.load(SeqCst) + self.y.load(SeqCst), SeqCst);
        after_z();
        if self.z.load(SeqCst) == self.x.load(SeqCst) + self.y.load(SeqCst) { '-' } else { '*' }
    }
}

fn random_value() -> i32 {
    rand::random_range(0..=100)
}

/// Time enough for the other thread to come between two steps.
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
