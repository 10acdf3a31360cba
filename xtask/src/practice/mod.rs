//! Lessons with a change in them, and pages that say what the changed program does.
//!
//! Such a page, for example `examples-threads/tries/daemon.md`, has fenced blocks:
//!
//! - ` ```diff `: the change, as a unified diff of the lesson.
//! - ` ```snapshot `: what the changed program prints in every run, in the notation of snapshots.
//! - ` ```snapshot usually `: what it prints in at least half of the runs.
//! - ` ```snapshot sometimes `: what it prints in at least one run.
//! - ` ```snapshot never ends `: what it prints in every run, and then it reaches its time limit.
//! - ` ```error E0373 `: the program does not compile, and one of the errors has this code.
//!
//! If no block says what happens in every run, the other runs print what the lesson allows. A block
//! has one run, and the runs of all blocks have the same arguments.

mod claims;
mod exercise;
mod parts;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::build::{Built, cargo, run_build};
use crate::cancel::Cancel;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::workspace::{Lesson, Workspace};

pub use exercise::Exercise;
pub use parts::{Part, parts};

/// A lesson, and a page that describes a change of it.
#[derive(Debug, Clone)]
pub struct Change {
    /// The lesson.
    pub lesson: Lesson,
    /// The name of the changed program.
    pub name: String,
    /// The file of the page.
    pub path: PathBuf,
    /// The page.
    pub text: String,
}

/// A fenced block of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'t> {
    /// What follows the three backticks.
    pub info: &'t str,
    /// The lines between the fences.
    pub body: &'t str,
}

impl Change {
    /// The Try of a lesson.
    ///
    /// # Errors
    /// When its page cannot be read.
    pub fn of_try(lesson: &Lesson, root: &Path) -> Result<Self> {
        let path = lesson.folder().join("tries").join(format!("{}.md", lesson.name));
        let text = fs::read_to_string(root.join(&path))
            .map_err(|error| Error::io("read", &path, &error))?;
        Ok(Self { lesson: lesson.clone(), name: lesson.name.clone(), path, text })
    }

    /// What the page says before its first block.
    pub fn prose(&self) -> &str {
        self.text.split("\n```").next().unwrap_or_default().trim()
    }

    /// The fenced blocks of the page.
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let block = |part| match part {
            Part::Block(info, body) => Some(Block { info, body }),
            Part::Prose(_) => None,
        };
        parts(&self.text).into_iter().filter_map(block).collect()
    }

    /// The change as a unified diff.
    ///
    /// # Errors
    /// When the page has none.
    pub fn diff(&self) -> Result<&str> {
        let diff = self.blocks().into_iter().find(|block| block.info == "diff");
        diff.map(|block| block.body).ok_or_else(|| self.error("it has no block ```diff"))
    }

    /// The source of the lesson with the change in it.
    ///
    /// # Errors
    /// When the diff cannot be read, or does not apply to the lesson.
    pub fn source(&self, root: &Path) -> Result<String> {
        let lesson = &self.lesson.source;
        let source = fs::read_to_string(root.join(lesson))
            .map_err(|error| Error::io("read", lesson, &error))?;
        let patch = diffy::Patch::from_str(self.diff()?)
            .map_err(|error| self.error(&format!("its diff cannot be read: {error}")))?;
        diffy::apply(&source, &patch).map_err(|error| {
            self.error(&format!("its diff does not apply to `{}`: {error}", lesson.display()))
        })
    }

    /// The code of an error that the compiler reports for the changed program, if it does.
    pub fn compiler_error(&self) -> Option<&str> {
        self.blocks().into_iter().find_map(|block| block.info.strip_prefix("error "))
    }

    fn error(&self, problem: &str) -> Error {
        Error::new(format!("{}: {problem}", self.path.display()))
    }
}

/// A changed lesson that is to be built.
#[derive(Debug)]
pub struct Changed<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// The name of the program.
    pub name: &'a str,
    /// Its source.
    pub source: String,
}

/// Builds changed lessons of one kind with one Cargo, in a workspace of their own below Cargo's target
/// folder. The errors of those that do not compile are in the result.
///
/// # Errors
/// When a file cannot be written, Cargo cannot be run or the build is cancelled.
pub fn build_changed(
    kind: &str,
    changed: &[Changed<'_>],
    workspace: &Workspace,
    cancel: &Cancel,
) -> Result<Built> {
    let folder = workspace.target.join("changed");
    let problem = |error: io::Error| Error::io("write to", &folder, &error);
    fs::create_dir_all(&folder).map_err(problem)?;
    // Another process may want to build something else here.
    let lock = File::create(folder.join("lock")).map_err(problem)?;
    lock.lock().map_err(problem)?;
    // Two packages of one name are different for Cargo if they lie in different folders of a workspace.
    let members: Vec<String> = changed.iter().map(|one| format!("{kind}/{}", one.name)).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    write_if_changed(&folder.join("Cargo.toml"), &manifest)?;
    // Cargo removes what this build does not need, and the next one may need it.
    if let Ok(versions) = fs::read_to_string(workspace.root.join("Cargo.lock")) {
        write_if_changed(&folder.join("Cargo.lock"), &versions)?;
    }
    for Changed { lesson, name, source } in changed {
        let member = folder.join(kind).join(name);
        let project = Project::of_source(lesson, name, source, workspace)?;
        write_if_changed(&member.join("Cargo.toml"), &project.manifest)?;
        write_if_changed(&member.join("src/main.rs"), &project.source)?;
    }
    let mut command = cargo();
    command.current_dir(&folder).args([
        "build",
        "--keep-going",
        "--quiet",
        "--message-format=json",
    ]);
    command.arg("--target-dir").arg(folder.join("target"));
    // These programs are not debugged, and without debug information they are built twice as fast.
    command.env("CARGO_PROFILE_DEV_DEBUG", "false");
    // The errors of the compiler are in its messages. Cargo's own would only repeat that there are some.
    let no_log = |error: io::Error| Error::new(format!("cannot create a temporary file: {error}"));
    let log = NamedTempFile::new().map_err(no_log)?;
    command.stderr(log.reopen().map_err(no_log)?);
    let built = run_build(command, cancel)?;
    if !built.is_complete && built.errors.is_empty() {
        let log = fs::read_to_string(log.path()).unwrap_or_default();
        return Err(Error::new(format!(
            "Cargo cannot build the changed programs:\n{}",
            log.trim_end()
        )));
    }
    Ok(built)
}

/// Writes a file unless it has this text already: Cargo builds again what was written again.
fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().expect("the path of a file has a folder");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| Error::io("write", path, &error))
}
