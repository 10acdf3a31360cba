//! `cargo xtask`: see `cargo xtask help`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use xtask::cancel::Cancel;
use xtask::command::Arguments;
use xtask::command::exit::Exit;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.apply_color();
    let cancel = Cancel::default();
    let result = cancel.on_ctrl_c().and_then(|()| arguments.command.run(&cancel));
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
