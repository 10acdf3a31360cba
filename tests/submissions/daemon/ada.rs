use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    // Printed here, so that it comes first whenever the thread starts.
    println!("Starting daemon");
    thread::spawn(|| {
        thread::sleep(Duration::from_secs(2));
        println!("Exiting daemon");
    });
    // The scope joins its threads, but not the daemon.
    thread::scope(|scope| {
        scope.spawn(|| {
            println!("Starting non_daemon");
            thread::sleep(Duration::from_secs(1));
            println!("Exiting non_daemon");
        });
    });
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}
