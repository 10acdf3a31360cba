//! A daemon thread does not keep its program alive: when `main` returns, the thread is cut off.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=daemon, daemon=True).start()` | `thread::spawn(daemon)`, without `join` |
//! | `Thread(target=non_daemon).start()` | `thread::spawn(non_daemon)`, then `join` |
//!
//! Python waits for every non-daemon thread before it exits. Rust does not wait for any thread, so
//! `main` has to join the threads that must finish their work.
//!
//! ```text
//! $ cargo run -p examples-threads --bin daemon
//! Starting daemon
//! Starting non_daemon
//! Exiting non_daemon
//! Total time taken: 1.00 second(s)
//! ```
//!
//! **Always:** these lines in this order. The daemon sends a message through a channel when it is
//! running, and `main` waits for this message. The join makes `main` wait for the other thread. The
//! daemon would need 2 seconds, but the program ends after about 1.
//!
//! **May differ:** the time.
//!
//! **Try:** keep the handle, `let daemon = thread::spawn(…)`, and add
//! `daemon.join().expect("daemon does not panic")` before the total. Now `Exiting daemon` appears,
//! and the total is 2 seconds.

use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    let (started, has_started) = mpsc::channel();
    thread::spawn(|| daemon(started));
    // Wait until the daemon has printed its first line, so that the order of the lines is fixed.
    has_started.recv().expect("the daemon sends a message when it starts");

    let non_daemon = thread::spawn(non_daemon);
    non_daemon.join().expect("non_daemon does not panic");
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn daemon(started: Sender<()>) {
    println!("Starting daemon");
    started.send(()).expect("main waits for this message");
    thread::sleep(Duration::from_secs(2));
    // The program has ended before this line is reached.
    println!("Exiting daemon");
}

fn non_daemon() {
    println!("Starting non_daemon");
    thread::sleep(Duration::from_secs(1));
    println!("Exiting non_daemon");
}
