//! A process is a program that runs: to get a second one, this program starts itself again.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Process(target=say_hello, args=('Sally',))` | `Command::new(current_exe()?).arg("Sally")` |
//! | `p.start()` | `spawn()` |
//! | `p.join()` | `wait()` |
//!
//! Python passes a function to its process. What the operating system starts is a program, and all
//! it passes on are words. procspawn, in the lessons that follow, does the same underneath: it
//! starts the program again, tells it through an environment variable what it is, and sends it the
//! function's address and arguments.
//!
//! ```text
//! $ cargo run -p examples-process --bin process
//! hello Sally
//! ```
//!
//! **Always:** this line. The new process prints it, on the output that it inherits.
//!
//! **May differ:** nothing.
//!
//! **Try:** play the second process yourself: `cargo run -p examples-process --bin process -- Bob`.

use std::env;
use std::process::Command;

fn main() {
    // Both processes begin here. The argument, which only the second one has, tells them apart.
    match env::args_os().nth(1) {
        None => start_process("Sally"),
        Some(name) => say_hello(&name.to_string_lossy()),
    }
}

fn start_process(name: &str) {
    let program = env::current_exe().expect("the system knows the path of this program");
    let mut process = Command::new(program).arg(name).spawn().expect("the program starts again");
    // A parent that ends does not take its children along, and does not wait for them either.
    let status = process.wait().expect("the system tells how the process has ended");
    assert!(status.success(), "the process says hello and ends well");
}

fn say_hello(name: &str) {
    println!("hello {name}");
}
