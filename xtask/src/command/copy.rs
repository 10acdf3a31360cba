//! `cargo xtask copy`: lessons as Cargo projects of their own.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::cancel::Cancel;
use crate::command::context::current_folder;
use crate::command::exit::{Exit, print};
use crate::destination::Destination;
use crate::error::{Error, Result};
use crate::project::{NewProject, Project, write_projects};
use crate::workspace::{Lesson, Workspace};

const EXAMPLES: &str = "\
Examples:
  cargo xtask copy daemon ../daemon          a project with that one program
  cargo xtask copy lock queue ../homework    ../homework/lock and ../homework/queue

A project has the program as src/main.rs, a README, and a Cargo.toml with the dependencies that the
program uses, in the workspace's versions. DIR must be empty or new, and outside of this workspace.

`cargo xtask list` shows the names.

Exit code: 0 all lessons were copied, 2 an error, 130 stopped by Ctrl-C. With 2 and 130, DIR is
unchanged.";

/// What to copy, and where to.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "cargo xtask copy NAME... DIR",
)]
pub struct Arguments {
    /// The lessons, then the folder for their projects
    #[arg(value_name = "NAME... DIR", num_args = 1.., required = true)]
    words: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such lesson, or the folder cannot be used.
///
/// # Panics
/// Never: clap requires at least one word.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    let (folder, names) = arguments.words.split_last().expect("clap requires at least one word");
    let workspace = Workspace::load(&current_folder()?)?;
    if workspace.find(&folder.to_string_lossy()).is_ok() {
        let last = folder.display();
        return Err(Error::new(format!(
            "the folder is missing: `{last}` is a lesson (a folder with that name is `./{last}`); \
             write `cargo xtask copy NAME... DIR`"
        )));
    }
    if names.is_empty() {
        return Err(Error::new("the lesson is missing; write `cargo xtask copy NAME... DIR`"));
    }
    let mut lessons: Vec<&Lesson> = Vec::new();
    for name in names {
        let lesson = workspace.find(&name.to_string_lossy())?;
        if lessons.iter().any(|other| other.name == lesson.name) {
            return Err(Error::new(format!("`{}` is named twice", lesson.name)));
        }
        lessons.push(lesson);
    }
    let mut text = String::new();
    for Copied { name, folder, command } in copy(&workspace, &lessons, Path::new(folder), cancel)? {
        let folder = folder.display();
        let _ = writeln!(text, "copied `{name}` to `{folder}`; run it there with `{command}`");
    }
    print(&text)
}

/// A copied lesson.
#[derive(Debug)]
pub struct Copied {
    /// The name of the lesson, of the package and of its program.
    pub name: String,
    /// The folder of the project.
    pub folder: PathBuf,
    /// The command that runs it there.
    pub command: String,
}

/// Creates projects of these lessons: one in `folder` itself, several in a folder each below it.
/// Each has the workspace's versions, as its `Cargo.lock` states them.
///
/// # Errors
/// When `folder` is not empty or lies in the workspace, when a lesson depends on a package of the
/// workspace, or when something cannot be written. Then everything is as it was before.
pub fn copy(
    workspace: &Workspace,
    lessons: &[&Lesson],
    folder: &Path,
    cancel: &Cancel,
) -> Result<Vec<Copied>> {
    let root = &workspace.root;
    let destination = Destination::new(folder, root)?;
    let (mut copies, mut projects) = (Vec::new(), Vec::new());
    for lesson in lessons {
        // The name is part of the path only if there are several.
        let below = if lessons.len() > 1 { PathBuf::from(&lesson.name) } else { PathBuf::new() };
        let folder = destination.final_path(&below);
        let project = Project::new(lesson, workspace)?;
        let (name, command) = (lesson.name.clone(), project.command.clone());
        let readme = readme(&name, &lesson.summary(root)?, &command, &folder);
        projects.push(NewProject { below, project, readme });
        copies.push(Copied { name, folder, command });
    }
    write_projects(&projects, destination, root, cancel)?;
    Ok(copies)
}

fn readme(name: &str, summary: &str, command: &str, folder: &Path) -> String {
    let manifest = folder.join("Cargo.toml").display().to_string();
    // A path that cannot be quoted for a shell is shown as it is.
    let manifest = shlex::try_quote(&manifest).map_or(manifest.clone(), Into::into);
    format!(
        "# {name}\n\n{summary}\n\n```console\n$ {command}\n```\n\n\
         The comment at the top of `src/main.rs` says what is the same in every run, what may \
         differ, and what to try.\n\n\
         To check the program against the snapshot of all its legal outputs, run `cargo build` \
         here. Then, in the\nworkspace of the lessons:\n\n\
         ```console\n$ cargo xtask check {name} -- cargo run --quiet --manifest-path {manifest} --\n```\n"
    )
}
