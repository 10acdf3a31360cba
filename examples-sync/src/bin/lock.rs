//! A `Mutex` owns what it guards: nobody sees the three fields in the middle of an update.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `self._lock`, a `threading.Lock()` | `Mutex<DataObject>`, the lock around the data |
//! | `with self._lock:` | `data.lock()`, a guard that unlocks when it is dropped |
//! | `random.randint(0, 100)` | `rand::random_range(0..=100)` |
//!
//! In Python lock and fields stand side by side, and one may forget to lock. Here the lock is
//! the only way to the fields: without it the program does not compile.
//!
//! ```text
//! $ cargo run -p examples-sync --bin lock -- 2
//! - - - -
//! Done
//! ```
//!
//! Without an argument each thread makes 20 updates, as in the notebook.
//!
//! **Always:** one mark for each update of each thread, and every mark is `-`, good data.
//!
//! **May differ:** only the time. Each update sleeps between its steps, with the lock in hand.
//!
//! **Try:** let `update` take the `&Mutex<DataObject>`, and lock it for each step, in a block of
//! its own: `{ let mut d = data.lock().unwrap(); d.z = d.x + d.y; }`. Marks become `*`, corrupted
//! data, as in `race_condition`. (Two `lock()` in one statement would wait for each other for ever.)

use std::io::{self, Write};
use std::sync::Mutex;
use std::time::Duration;
use std::{env, process, thread};

fn main() {
    let updates = updates_argument();
    let data = Mutex::new(DataObject::default());

    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| foo(&data, updates));
        }
    });
    println!("\nDone");
}

fn foo(data: &Mutex<DataObject>, updates: u64) {
    for _ in 0..updates {
        let (x, y) = (random_value(), random_value());
        // The guard has no name, so it lives to the end of this statement: for the whole update.
        let mark = data.lock().expect("no update panics").update(x, y);
        print!("{mark} ");
        // The line is not yet at its end, but shows how far the threads have come.
        io::stdout().flush().expect("standard output takes what is printed");
    }
}

/// Whenever nobody is at work on it, z = x + y.
#[derive(Default)]
struct DataObject {
    x: i32,
    y: i32,
    z: i32,
}

impl DataObject {
    fn update(&mut self, x: i32, y: i32) -> char {
        self.x = x;
        pause();
        self.y = y;
        pause();
        self.z = self.x + self.y;
        pause();
        if self.z == self.x + self.y { '-' } else { '*' }
    }
}

fn random_value() -> i32 {
    rand::random_range(0..=100)
}

/// Time enough for the other thread to come between two steps, if it could.
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
