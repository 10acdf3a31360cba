use std::thread;
use std::time::{Duration, Instant};

fn work(name: String, seconds: u64) {
    println!("Starting {name}");
    thread::sleep(Duration::from_secs(seconds));
    println!("Exiting {name}");
}

fn main() {
    let start = Instant::now();
    let name = String::from("daemon");
    thread::spawn(move || work(name, 2));
    let non_daemon = thread::spawn(move || work(format!("non_{name}"), 1));
    non_daemon.join().unwrap();
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}
