//! An event holds threads back until another thread says that something has happened.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `threading.Event()` | a struct of your own: a `Mutex<bool>` and a `Condvar` |
//! | `event.set()` | lock, store `true`, unlock, `notify_all` |
//! | `event.wait()` | lock, `wait_while` it is not set |
//!
//! The notebook sleeps long enough for the thread to have started. Here the thread says so,
//! with an event too; the sleep that is left stands for the main thread's work. Where an event is
//! never cleared, as here, `OnceLock<()>` of std would do, with `set(())` and `wait()`. The struct
//! shows what is inside, and its flag can be cleared.
//!
//! ```text
//! $ cargo run -p examples-sync --bin event -- 0.1
//! Main thread creating event
//! Main thread creating secondary thread
//! Secondary thread started
//! Main thread setting event
//! Main thread done
//! Secondary thread wait ended (event was set in main thread)
//! ```
//!
//! Without an argument the main thread works for 3 seconds, as in the notebook.
//!
//! **Always:** the first four lines in this order, and the wait ends after the event is set.
//!
//! **May differ:** the order of the last two lines. Once the event is set, nothing orders what
//! the two threads do.
//!
//! **Try:** leave out `started.wait()` and run it with 0 seconds. The event may be set before
//! the secondary thread has started. It still does not wait in vain: an event stays set.

use std::sync::{Condvar, Mutex};
use std::time::Duration;
use std::{env, process, thread};

fn main() {
    let work = timeout_argument();

    println!("Main thread creating event");
    let event = Event::default();
    let started = Event::default();

    println!("Main thread creating secondary thread");
    thread::scope(|scope| {
        scope.spawn(|| wait_for_event(&started, &event));
        started.wait();
        thread::sleep(work);
        println!("Main thread setting event");
        event.set();
        println!("Main thread done");
    });
}

fn wait_for_event(started: &Event, event: &Event) {
    println!("Secondary thread started");
    started.set();
    event.wait();
    println!("Secondary thread wait ended (event was set in main thread)");
}

#[derive(Default)]
struct Event {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    fn set(&self) {
        *self.is_set.lock().expect("no thread panics while it holds the lock") = true;
        self.changed.notify_all();
    }

    fn wait(&self) {
        let is_set = self.is_set.lock().expect("no thread panics while it holds the lock");
        // A waiting thread may wake up for no reason, so it has to look at the flag each time.
        let is_set = self.changed.wait_while(is_set, |is_set| !*is_set);
        drop(is_set.expect("no thread panics while it holds the lock"));
    }
}

fn timeout_argument() -> Duration {
    let words: Vec<String> = env::args().skip(1).collect();
    let seconds = if words.is_empty() { "3".to_string() } else { words.join(" ") };
    let Ok(Ok(timeout)) = seconds.parse().map(Duration::try_from_secs_f64) else {
        let usage = "usage: event [SECONDS]";
        eprintln!("error: SECONDS must be a number from 0 up, not {seconds:?}; {usage}");
        process::exit(2)
    };
    timeout
}
