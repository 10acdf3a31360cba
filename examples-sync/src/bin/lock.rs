//! A `Mutex` owns the data that it guards, so no thread can access the data in the middle of
//! another thread's update.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `self._lock`, a `threading.Lock()` | `Mutex<DataObject>`, the lock around the data |
//! | `with self._lock:` | `data.lock()`, a guard that unlocks when it is dropped |
//! | `random.randint(0, 100)` | `rand::random_range(0..=100)` |
//!
//! Two threads update one object. After each update a thread prints `-` if z is x + y, and `*` if
//! the data is corrupted. `race_condition` is the same program without the lock: compare the two.
//!
//! ```text
//! $ cargo run -p examples-sync --bin lock -- 2
//! - - - -
//! Done
//! 4 of 4 updates counted
//! ```
//!
//! Without an argument each thread makes 20 updates.
//!
//! **Always:** every mark is `-`, and all updates are counted, because a thread holds the lock from
//! the first step of its update to the last.
//!
//! **Try:** remove `.lock().expect("no panic")`. The compiler refuses the program, because a
//! `&Mutex<DataObject>` has no method `update`.

use std::io::{self, Write};
use std::sync::Mutex;
use std::time::Duration;
use std::{env, process, thread};

fn main() {
    let updates = updates_argument(); // 20 for each thread without an argument
    let data = Mutex::new(DataObject::default());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| foo(&data, updates));
        }
    });
    println!("\nDone");
    let counted = data.into_inner().expect("no panic").updates;
    println!("{counted} of {} updates counted", 2 * updates);
}

fn foo(data: &Mutex<DataObject>, updates: u64) {
    for _ in 0..updates {
        // The guard has no name, so it lives to the end of the statement, for the whole update.
        let mark = data.lock().expect("no panic").update(random_value(), random_value());
        print!("{mark} ");
        // Flush after each mark, so that the reader can watch the threads' progress.
        io::stdout().flush().expect("standard output is open");
    }
}

/// After each update, z = x + y.
#[derive(Default)]
struct DataObject {
    x: i32,
    y: i32,
    z: i32,
    updates: u64,
}

impl DataObject {
    fn update(&mut self, x: i32, y: i32) -> char {
        let updates = self.updates;
        self.x = x;
        pause();
        self.y = y;
        pause();
        self.z = self.x + self.y;
        pause();
        self.updates = updates + 1;
        if self.z == self.x + self.y { '-' } else { '*' }
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
        let usage = "usage: lock [UPDATES]";
        eprintln!("error: UPDATES must be a whole number from 1 up, not {number:?}; {usage}");
        process::exit(2)
    };
    updates
}
