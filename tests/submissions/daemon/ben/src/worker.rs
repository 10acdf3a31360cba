use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub struct Worker {
    pub name: &'static str,
    pub time: Duration,
}

impl Worker {
    /// Starts a thread, which waits at the barrier once it has printed its first line.
    pub fn start(self, started: Option<Arc<Barrier>>) -> JoinHandle<()> {
        thread::spawn(move || {
            println!("Starting {}", self.name);
            if let Some(barrier) = started {
                barrier.wait();
            }
            thread::sleep(self.time);
            println!("Exiting {}", self.name);
        })
    }
}
