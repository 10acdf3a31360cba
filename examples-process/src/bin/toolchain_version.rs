//! A program can run a command, wait until it has ended, and read what it printed.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `!python --version` in a notebook | `Command::new("rustc").arg("--version")` |
//! | `subprocess.run(…, capture_output=True)` | `.output()` |
//!
//! The notebook hands its line to a shell. Here the words go to the command as they are: there is
//! no shell, so nothing has to be quoted, and it works the same on every system.
//!
//! ```text
//! $ cargo run -p examples-process --bin toolchain_version
//! rustc 1.95.0 (59807616e 2026-04-14)
//! ```
//!
//! **Always:** one line, the version of the `rustc` that `PATH` leads to.
//!
//! **May differ:** the version. Without a `rustc` there is an error instead, and exit code 1.
//!
//! **Try:** call `.status()` instead of `.output()`, and take out what reads `output`. The command
//! then prints for itself, on the output that it inherits, and this program never sees the text.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let problem = match Command::new("rustc").arg("--version").output() {
        Ok(output) if output.status.success() => {
            print!("{}", String::from_utf8_lossy(&output.stdout));
            return ExitCode::SUCCESS;
        }
        Ok(output) => {
            let message = String::from_utf8_lossy(&output.stderr);
            format!("`rustc --version` failed ({}): {}", output.status, message.trim_end())
        }
        Err(error) => format!("cannot run `rustc --version`: {error}"),
    };
    eprintln!("error: {problem}");
    ExitCode::FAILURE
}
