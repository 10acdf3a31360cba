//! Three threads that only wait do so at the same time: the total is one wait, not three.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Thread(target=f, args=(5,))`, `start()` | `scope.spawn(\|\| f(timeout))` |
//! | `t1.join()`, `t2.join()`, `t3.join()` | the end of `thread::scope`, which joins them all |
//! | `time.perf_counter()` | `Instant::now()`, `elapsed()` |
//!
//! ```text
//! $ cargo run -p examples-threads --bin multi_thread_with_blocking_wait -- 0.2
//! Starting multi_thread_with_blocking_wait with timeout = 0.2 seconds
//! Starting multi_thread_with_blocking_wait with timeout = 0.2 seconds
//! Starting multi_thread_with_blocking_wait with timeout = 0.2 seconds
//! Ended multi_thread_with_blocking_wait after 0.200123897 seconds
//! Ended multi_thread_with_blocking_wait after 0.200160442 seconds
//! Ended multi_thread_with_blocking_wait after 0.200086218 seconds
//! Total time taken: 0.20 second(s)
//! ```
//!
//! Without an argument each thread waits 5 seconds, as in the notebook.
//!
//! **Always:** each thread's start before its own end, the total last, and the total about
//! as long as one wait.
//!
//! **May differ:** the order among the threads, and the times, which are never below the timeout.
//!
//! **Try:** join each thread before the next one is spawned. The total becomes three waits,
//! that of `single_thread_with_blocking_wait`.

use std::time::{Duration, Instant};
use std::{env, process, thread};

fn main() {
    let timeout = seconds_from_arguments();

    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| multi_thread_with_blocking_wait(timeout));
        }
    });
    println!("Total time taken: {:.2} second(s)", start.elapsed().as_secs_f64());
}

fn multi_thread_with_blocking_wait(timeout: Duration) {
    println!(
        "Starting multi_thread_with_blocking_wait with timeout = {} seconds",
        timeout.as_secs_f64()
    );
    let start = Instant::now();
    thread::sleep(timeout);
    println!(
        "Ended multi_thread_with_blocking_wait after {} seconds",
        start.elapsed().as_secs_f64()
    );
}

/// The timeout that the command line gives, or the notebook's 5 seconds.
fn seconds_from_arguments() -> Duration {
    let arguments: Vec<_> =
        env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let problem = match arguments.as_slice() {
        [] => return Duration::from_secs(5),
        [seconds] => match seconds.parse().map(Duration::try_from_secs_f64) {
            Ok(Ok(timeout)) => return timeout,
            _ => format!("SECONDS must be a number from 0 up, not \"{seconds}\""),
        },
        [_, extra, ..] => format!("unexpected argument \"{extra}\""),
    };
    eprintln!("error: {problem}\nusage: multi_thread_with_blocking_wait [SECONDS]");
    process::exit(2)
}
