//! How many processes or threads of one program can really run at the same time.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `multiprocessing.cpu_count()`: the CPUs of the machine | none in std |
//! | `os.process_cpu_count()`, since 3.13: those that the process may use | `thread::available_parallelism()` |
//!
//! Both respect a CPU affinity, which ties a process to some cores. Only Rust's function also takes
//! a CPU quota into account, which limits a container on Linux. A pool should be of this size.
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
    let count = thread::available_parallelism().expect("the system knows its cores");
    println!("Number of processors:  {count}");
}
