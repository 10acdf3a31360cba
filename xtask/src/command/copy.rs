//! `cargo xtask copy`: an example as a Cargo project of its own.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

use crate::command::{Exit, list, present_folder, print, unless_stopped};
use crate::runner::cancel::Cancel;
use crate::runner::catalog::{Catalog, Example};
use crate::runner::{Trouble, copy};

const EXAMPLES: &str = "\
Examples:
  cargo xtask copy daemon ../daemon          a project with that one program
  cargo xtask copy lock queue ../homework    ../homework/lock and ../homework/queue
  cargo xtask copy --list                    what there is to copy

A project has the program as src/main.rs, a Cargo.toml with the dependencies that it uses, in the
workspace's versions, and a README. DIR must be empty or new, and outside of this workspace.

Exit code: 0 all is well, 2 trouble, after which nothing is left behind.";

/// What to copy, and where to.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask copy NAME... DIR\n       cargo xtask copy --list",
)]
pub struct Arguments {
    /// The examples, then the folder for their projects.
    #[arg(value_names = ["NAME", "DIR"], num_args = 2.., required_unless_present = "list")]
    words: Vec<OsString>,
    /// Name every example, as `list` does.
    #[arg(long, conflicts_with = "words")]
    list: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is no such example, or the folder will not do.
pub fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let Some((folder, names)) = arguments.words.split_last() else {
        return list::run(&list::Arguments::default());
    };
    let cancel = Cancel::on_ctrl_c()?;
    let catalog = Catalog::load(&present_folder()?)?;
    if catalog.find(&folder.to_string_lossy()).is_ok() {
        let last = folder.display();
        return Err(Trouble(format!(
            "the folder is missing: `{last}` is an example (a folder of that name is `./{last}`)"
        )));
    }
    let mut examples: Vec<&Example> = Vec::new();
    for name in names {
        let example = catalog.find(&name.to_string_lossy())?;
        if examples.iter().any(|other| other.name == example.name) {
            return Err(Trouble(format!("`{}` is named twice", example.name)));
        }
        examples.push(example);
    }
    let copied = copy::copy(&catalog, &examples, Path::new(folder), &cancel);
    unless_stopped(copied, &cancel, |copied| {
        let mut text = String::new();
        for project in copied {
            let _ = writeln!(
                text,
                "copied `{}` to `{}`; run it there with `{}`",
                project.name,
                project.folder.display(),
                project.command
            );
        }
        print(&text)
    })
}
