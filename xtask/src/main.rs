//! `cargo xtask`: see `cargo xtask help`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use xtask::command::exit::Exit;
use xtask::command::{Arguments, Command, check, copy, list, load, run_all};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.apply_color();
    let result = match &arguments.command {
        Command::RunAll(arguments) => run_all::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Load(arguments) => load::run(arguments),
        Command::Copy(arguments) => copy::run(arguments),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            // If standard error is closed, the exit code still says that something went wrong.
            let _ = writeln!(anstream::stderr(), "error: {error}");
            Exit::Error.into()
        }
    }
}
