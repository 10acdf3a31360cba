//! `cargo xtask`: see `cargo xtask help`.

use std::process::ExitCode;

use clap::Parser;
use xtask::command::{Arguments, Command, check, list, run_all};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.apply();
    let result = match &arguments.command {
        Command::RunAll(arguments) => run_all::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Check(arguments) => check::run(arguments),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(trouble) => {
            anstream::eprintln!("error: {trouble}");
            xtask::command::Exit::Trouble.into()
        }
    }
}
