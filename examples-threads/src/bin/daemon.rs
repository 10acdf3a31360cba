//! A daemon thread does not keep its program alive: when `main` returns, it is cut off.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=daemon, daemon=True).start()` | `thread::spawn(daemon)`, the handle dropped |
//! | `Thread(target=non_daemon).start()` | `thread::spawn(non_daemon)`, and `join` before `main` returns |
//!
//! Python waits for every thread that is no daemon. Rust waits for none: each thread is a
//! daemon unless somebody joins it.
//!
//! ```text
//! $ cargo run -p examples-threads --bin daemon
//! Starting daemon
//! Starting non_daemon
//! Exiting non_daemon
//! ```
//!
//! **Always:** these three lines in this order, after one second. The daemon would need two.
//!
//! **May differ:** nothing.
//!
//! **Try:** keep the daemon's handle and join it too. Its last line appears, a second later.

use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

fn main() {
    let (started, has_started) = mpsc::channel();
    thread::spawn(|| daemon(started));
    // A new thread may take its time to start. Only a daemon that runs can be cut off.
    has_started.recv().expect("the daemon says that it has started");

    let non_daemon = thread::spawn(non_daemon);
    non_daemon.join().expect("non_daemon does not panic");
}

fn daemon(started: Sender<()>) {
    println!("Starting daemon");
    started.send(()).expect("main waits for this message");
    thread::sleep(Duration::from_secs(2));
    // The program has ended by then.
    println!("Exiting daemon");
}

fn non_daemon() {
    println!("Starting non_daemon");
    thread::sleep(Duration::from_secs(1));
    println!("Exiting non_daemon");
}
