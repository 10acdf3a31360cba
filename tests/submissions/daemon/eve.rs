use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    let (sender, started) = mpsc::channel();
    for (name, seconds) in [("daemon", 2), ("non_daemon", 1)] {
        let sender = sender.clone();
        thread::spawn(move || {
            println!("Starting {name}");
            sender.send(()).unwrap();
            thread::sleep(Duration::from_secs(seconds));
            println!("Exiting {name}");
        });
        started.recv().unwrap();
    }
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}
