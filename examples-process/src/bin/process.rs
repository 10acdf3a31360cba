//! A process is a running program: to get a second process, this program starts itself again.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Process(target=say_hello, args=('Sally',))` | `Command::new(current_exe()?).arg("Sally")` |
//! | `p.start()` | `spawn()` |
//! | `p.join()` | `wait()` |
//! | `p.pid` | `child.id()` |
//!
//! In Python you pass a function to `Process`. Here the new process runs the whole program again, so
//! it gets a name as its argument, which tells it what to do. It inherits the environment, the
//! directory and the standard output.
//!
//! ```text
//! $ cargo run -p examples-process --bin process
//! hello Sally
//! process 4243 has said hello
//! process 4242 has waited for process 4243
//! ```
//!
//! **Always:** the new process prints the first two lines, and then the old one prints the third,
//! because `wait` returns when the new process has ended. Both print the same id of the new process,
//! and the old one has another id.
//!
//! **May differ:** the ids.
//!
//! **Try:** write `.stdout(process::Stdio::null())` before `.spawn()`. Now the new process does not
//! inherit the standard output, and only the last line appears. Then run the part of the new process
//! directly: `cargo run -p examples-process --bin process -- Bob`.

use std::process::{self, Command};
use std::time::Duration;
use std::{env, thread};

fn main() {
    // Both processes begin here. Only the second one has an argument.
    match env::args().nth(1) {
        None => start_process("Sally"),
        Some(name) => say_hello(&name),
    }
}

fn start_process(name: &str) {
    let program = env::current_exe().expect("the system knows the path of this program");
    let mut child = Command::new(program).arg(name).spawn().expect("the program starts again");
    // Without this, the old process could end first. The new one would go on.
    let status = child.wait().expect("the system says how the process has ended");
    assert!(status.success(), "the process fails: {status}");
    println!("process {} has waited for process {}", process::id(), child.id());
}

fn say_hello(name: &str) {
    println!("hello {name}");
    thread::sleep(Duration::from_millis(10)); // Simulates work.
    println!("process {} has said hello", process::id());
}
