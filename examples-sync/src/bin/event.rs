//! An event is a flag: threads wait until another thread sets it.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `threading.Event()` | a struct of your own: a `Mutex<bool>` and a `Condvar` |
//! | `event.set()` | lock, store `true`, then `notify_all` |
//! | `event.wait()` | lock, then `wait_while` the flag is `false` |
//!
//! The program has two events. The secondary thread sets `started` when it runs. The main thread
//! waits for `started` before it works, so the secondary thread is running when `event` is set. The
//! secondary thread waits for `event`, which the main thread sets when its work is done.
//!
//! If an event is never cleared, as here, you can use `OnceLock<()>` of std instead, with `set(())`
//! and `wait()`.
//!
//! ```text
//! $ cargo run -p examples-sync --bin event -- 0.1
//! Main thread creating event
//! Main thread creating secondary thread
//! Secondary thread started
//! Main thread setting event
//! Main thread done
//! Secondary thread wait ended (event was set in main thread)
//! Secondary thread waited 0.10 second(s)
//! ```
//!
//! Without an argument the main thread works for 3 seconds.
//!
//! **Always:** the first four lines in this order, because the main thread waits for the event
//! `started`. The secondary thread's wait ends after the main thread has set the event.
//!
//! **May differ:** the time, and the place of `Main thread done` among the last three lines.
//!
//! **Try:** write `wait(is_set)` instead of `wait_while(is_set, |is_set| !*is_set)`, and 200
//! instead of 10 milliseconds in both sleeps. Run it with 0 seconds. The event is set before the
//! secondary thread waits for it. Without the check of the flag, the thread waits for a
//! notification that has already been sent, so the program never ends.

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};
use std::{env, process, thread};

fn main() {
    let work = work_argument(); // 3 seconds without an argument
    println!("Main thread creating event");
    let event = Event::default();
    let started = Event::default();

    println!("Main thread creating secondary thread");
    thread::scope(|scope| {
        scope.spawn(|| wait_for_event(&started, &event));
        started.wait();
        thread::sleep(work); // Simulates work.
        println!("Main thread setting event");
        event.set();
        println!("Main thread done");
    });
}

fn wait_for_event(started: &Event, event: &Event) {
    thread::sleep(Duration::from_millis(10)); // Simulates a thread that needs time to start.
    println!("Secondary thread started");
    let start = Instant::now();
    started.set();
    thread::sleep(Duration::from_millis(10)); // Simulates work that it does before it waits.
    event.wait();
    println!("Secondary thread wait ended (event was set in main thread)");
    println!("Secondary thread waited {:.2} second(s)", start.elapsed().as_secs_f64());
}

#[derive(Default)]
struct Event {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    fn set(&self) {
        *self.is_set.lock().expect("no thread panics with the lock") = true;
        self.changed.notify_all();
    }

    fn wait(&self) {
        let is_set = self.is_set.lock().expect("no thread panics with the lock");
        // A thread may wake up without a notification, so check the flag each time.
        let is_set = self.changed.wait_while(is_set, |is_set| !*is_set);
        drop(is_set.expect("no thread panics with the lock"));
    }
}

fn work_argument() -> Duration {
    let words: Vec<String> = env::args().skip(1).collect();
    let seconds = if words.is_empty() { "3".to_string() } else { words.join(" ") };
    let Ok(Ok(work)) = seconds.parse().map(Duration::try_from_secs_f64) else {
        let usage = "usage: event [SECONDS]";
        eprintln!("error: SECONDS must be a number from 0 up, not {seconds:?}; {usage}");
        process::exit(2)
    };
    work
}
