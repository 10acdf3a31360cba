//! `cargo book`: see `cargo book help`.

mod serve;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use xtask::cancel::Cancel;
use xtask::workspace::Workspace;

/// Build the book: a page for each lesson, the documents, and full-text search
#[derive(Debug, Parser)]
#[command(
    name = "cargo book",
    bin_name = "cargo book",
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  cargo book            build it; the first page is target/book/index.html
  cargo book --open     build it and open it in your browser
  cargo book serve      serve it on this machine, and build it again when a file changes

Exit code: 0 the book is there, 2 an error, 130 stopped by Ctrl-C."
)]
struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// Open the book in your browser
    #[arg(long)]
    open: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Build the book whenever a file changes, and serve it on this machine
    Serve {
        /// The port to serve it on
        #[arg(long, default_value_t = 3000)]
        port: u16,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let cancel = Cancel::default();
    match run(&arguments, &cancel) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if cancel.is_by_user() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments, cancel: &Cancel) -> Result<()> {
    cancel.on_ctrl_c()?;
    let workspace = Workspace::load(Path::new("."))?;
    match arguments.action {
        Some(Action::Serve { port }) => serve::serve(&workspace, port, cancel),
        None => {
            let folder = book::build(&workspace, cancel, |step| eprintln!("{step}"))?;
            let page = folder.join("index.html");
            println!("{}", page.display());
            if arguments.open { open(&page) } else { Ok(()) }
        }
    }
}

/// Opens a page with the program that the system uses for it.
fn open(page: &Path) -> Result<()> {
    let (program, first) = if cfg!(windows) {
        ("cmd", &["/C", "start", ""][..])
    } else if cfg!(target_os = "macos") {
        ("open", &[][..])
    } else {
        ("xdg-open", &[][..])
    };
    let status = Command::new(program).args(first).arg(page).status();
    status.with_context(|| format!("cannot run `{program}` to open the book"))?;
    Ok(())
}
