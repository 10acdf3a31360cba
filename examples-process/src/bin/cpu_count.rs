//! A program can ask how many of its threads or processes can run at the same time.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `multiprocessing.cpu_count()`: the CPUs of the machine | none in std |
//! | `os.process_cpu_count()`, since 3.13: on Linux those that the process may use | `thread::available_parallelism()` |
//!
//! On Linux `process_cpu_count` and `available_parallelism` respect a CPU affinity, which ties a
//! process to some cores. Only `available_parallelism` also respects a CPU quota, which limits a
//! container. On other systems both can count cores that the process is not allowed to use. For
//! computing, give a pool as many processes as this number. On Linux,
//! `taskset --cpu-list 0 cargo run -p examples-process --bin cpu_count` prints 1, however many
//! cores there are.
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
//! **Try:** print `count - 1`, to leave one core for other programs. The program does not compile
//! (E0369), because `count` is a `NonZero`, and on one core the difference would be 0. Print
//! `(count.get() - 1).max(1)` instead.

use std::thread;

fn main() {
    let count = thread::available_parallelism().expect("the system knows its cores");
    println!("Number of processors:  {count}");
}
