//! A program can kill a child that exceeds its time limit, which it cannot do with a thread.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `child.wait(timeout=0.2)` | `try_wait()` in a loop, because std's `wait` has no time limit |
//! | `child.kill()` | `kill()` |
//! | `child.wait()` | `wait()` |
//! | `child.returncode`, which is -9 on Unix | `status.code()`, which is `None` on Unix; so use `success()` |
//!
//! The child is this program again, and its argument says how many seconds it works. `kill` does
//! not wait until the child has ended, so call `wait` after it. On Unix this also *reaps* the child:
//! the system keeps the exit status of an ended process until its parent has asked for it.
//!
//! ```text
//! $ cargo run -p examples-process --bin kill_process
//! Work of 0 seconds is done
//! The child for 0 seconds has ended after 0.01 seconds, success: true
//! The child for 60 seconds was killed after 0.20 seconds, success: false
//! ```
//!
//! **Always:** these lines in this order, because `main` waits for the first child before it starts
//! the second. The second child never prints that its work is done. It is killed when its limit of
//! 0.2 seconds has passed, but not before.
//!
//! **May differ:** the times.
//!
//! **Try:** remove the line with `child.kill()`. The limit is still exceeded, but `wait` returns
//! only when the child has ended by itself. After 60 seconds the child prints that its work is done.
//! Then the last line appears. It still says `was killed`, which is now wrong, but also
//! `success: true`.

use std::process::{self, Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use std::{env, thread};

fn main() {
    match env::args().nth(1).map(|seconds| seconds.parse()) {
        Some(Ok(seconds)) => work(seconds),
        // This environment variable marks a child. If its argument is lost by mistake, the child
        // ends instead of starting one more child.
        None if env::var_os("KILL_PROCESS_CHILD").is_none() => {
            run_child(0, Duration::from_secs(5));
            run_child(60, Duration::from_millis(200));
        }
        _ => {
            eprintln!("error: a child needs a whole number of seconds; usage: kill_process");
            process::exit(2)
        }
    }
}

fn work(seconds: u64) {
    thread::sleep(Duration::from_secs(seconds)); // Simulates work.
    println!("Work of {seconds} seconds is done");
}

fn run_child(seconds: u64, limit: Duration) {
    let start = Instant::now();
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.arg(seconds.to_string()).env("KILL_PROCESS_CHILD", "1");
    let mut child = command.spawn().expect("the program starts again");

    let (end, status) = match wait_with_limit(&mut child, limit) {
        Some(status) => ("has ended", status),
        None => {
            child.kill().expect("a program may kill its child");
            ("was killed", child.wait().expect("the system says how the child has ended"))
        }
    };
    let (waited, success) = (start.elapsed().as_secs_f64(), status.success());
    println!("The child for {seconds} seconds {end} after {waited:.2} seconds, success: {success}");
}

fn wait_with_limit(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < limit {
        // Returns at once, with `None` if the child is still running.
        if let Some(status) = child.try_wait().expect("the child has not been reaped before") {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(5)); // A short wait, which uses no core.
    }
    None
}
