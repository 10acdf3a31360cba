//! How many processes or threads of one program can really run at the same time.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `multiprocessing.cpu_count()` | `thread::available_parallelism()` |
//! | `os.process_cpu_count()`, since 3.13 | nearly the same; it sees no limit of a container |
//!
//! Python's older function counts what the machine has. Rust counts what this program may use of
//! it, which is less when it is tied to some cores, or runs in a container that limits it. That is
//! the number that matters to a pool.
//!
//! ```text
//! $ cargo run -p examples-process --bin cpu_count
//! Number of processors:  2
//! ```
//!
//! **Always:** at least 1.
//!
//! **May differ:** the number, from machine to machine.
//!
//! **Try:** on Linux, `taskset --cpu-list 0 cargo run -p examples-process --bin cpu_count`. It
//! prints 1, however many cores there are.

use std::thread;

fn main() {
    let count = thread::available_parallelism().expect("the system tells how many cores there are");
    println!("Number of processors:  {count}");
}
