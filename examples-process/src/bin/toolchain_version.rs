//! A program can run a command, wait until it has ended, and read what it printed.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `!python --version` in a notebook | `Command::new("rustc").arg("--version")` |
//! | `subprocess.run(…, capture_output=True)` | `.output()` |
//!
//! No shell takes part. Each word reaches the command as it is, so nothing has to be quoted.
//!
//! ```text
//! $ cargo run -p examples-process --bin toolchain_version
//! rustc 1.95.0 (59807616e 2026-04-14)
//! ```
//!
//! **Always:** one line, the version of the `rustc` that `PATH` leads to.
//!
//! **May differ:** the version.
//!
//! **Try:** write `rustcc` instead of `rustc`. There is no such command, so `output` returns an
//! error, and the program ends with exit code 1.

use std::process::{self, Command};

fn main() {
    let output = Command::new("rustc").arg("--version").output().unwrap_or_else(|error| {
        eprintln!("error: cannot run the command: {error}");
        process::exit(1)
    });
    if !output.status.success() {
        eprintln!("error: the command failed: {}", output.status);
        process::exit(1);
    }
    print!("{}", String::from_utf8_lossy(&output.stdout));
}
