//! `cargo xtask`: see `cargo xtask help`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use xtask::cancel::Cancel;
use xtask::command::exit::Exit;
use xtask::command::{
    Arguments, Command, check, compare, copy, exercise, list, load, orders, run_all, timeline,
    try_change,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.apply_color();
    let cancel = Cancel::default();
    let result = cancel.on_ctrl_c().and_then(|()| match &arguments.command {
        Command::RunAll(arguments) => run_all::run(arguments, &cancel),
        Command::List(arguments) => list::run(arguments),
        Command::Check(arguments) => check::run(arguments, &cancel),
        Command::Timeline(arguments) => timeline::run(arguments, &cancel),
        Command::Orders(arguments) => orders::run(arguments),
        Command::Try(arguments) => try_change::run(arguments, &cancel),
        Command::Load(arguments) => load::run(arguments, &cancel),
        Command::Compare(arguments) => compare::run(arguments, &cancel),
        Command::Exercise(arguments) => exercise::run(arguments, &cancel),
        Command::Copy(arguments) => copy::run(arguments, &cancel),
    });
    match result {
        Ok(exit) => exit.into(),
        // After Ctrl-C, an error only says what could not be finished.
        Err(_) if cancel.is_by_user() => Exit::Interrupted.into(),
        Err(error) => {
            // If standard error is closed, the exit code still says that something went wrong.
            let _ = writeln!(anstream::stderr(), "error: {error}");
            Exit::Error.into()
        }
    }
}
