mod worker;

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use worker::Worker;

fn main() {
    let start = Instant::now();
    let started = Arc::new(Barrier::new(2));
    let daemon = Worker { name: "daemon", time: Duration::from_secs(2) };
    let non_daemon = Worker { name: "non_daemon", time: Duration::from_secs(1) };
    // The handle is dropped, so no thread waits for the daemon.
    drop(daemon.start(Some(Arc::clone(&started))));
    started.wait();
    non_daemon.start(None).join().unwrap();
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}
