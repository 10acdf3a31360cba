//! Wrong: the meal is served when the last cook who was started is ready, whatever the others do.

use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let start = Instant::now();
    println!("The kitchen opens");
    thread::scope(|scope| {
        let cooks = [3, 2, 1].map(|n| scope.spawn(move || cook(n)));
        let [.., last] = cooks;
        last.join().expect("a cook does not panic");
        println!("Served after {:.2} seconds", start.elapsed().as_secs_f64());
    });
}

fn cook(n: u64) {
    println!("cook {n} starts");
    thread::sleep(Duration::from_millis(100 * n));
    println!("cook {n} is ready");
}
