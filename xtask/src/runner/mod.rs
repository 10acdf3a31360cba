//! Finds the examples, builds them, runs them bounded in time and output, reports.
//!
//! - `catalog`: which examples there are.
//! - `build`: all of them, by one Cargo.
//! - `process`: runs one program, bounded; `group` counts what it starts. `cancel` ends it
//!   early. `cpu_time`: how long processors have worked for it.
//! - `subject`: a program and the snapshot that it is held to; what one run of it comes to.
//! - `schedule`: which run when.
//! - `session`: many runs, told as a stream of events.
//! - `timings`: what they cost. `stress`: what repeating them brings to light.
//! - `report`: what people and programs read of these events.
//! - `junit`: the same for CI, as a file.
//! - `copy`: examples taken along, each as a project of its own.
//! - `bless`: snapshots rewritten after what the programs printed.
//!
//! A test harness needs few of these:
//!
//! ```no_run
//! # use std::path::Path;
//! # use xtask::runner::build::{Manner, build};
//! # use xtask::runner::{Trouble, cancel::Cancel, catalog::Catalog};
//! # use xtask::runner::{session::Session, subject::Subject};
//! # fn main() -> Result<(), Trouble> {
//! let cancel = Cancel::default();
//! let catalog = Catalog::load(Path::new("."))?;
//! let manner = Manner { release: false, quiet: true };
//! let programs = build(&catalog.root, &catalog.examples, manner, &cancel)?;
//! let session = Session::new(Some(&catalog.target), cancel);
//! for example in &catalog.examples {
//!     let subject = Subject::of_example(example, &catalog.root, &programs[&example.name])?;
//!     session.hold_subject(&subject).expect("the example prints what is legal");
//! }
//! # Ok(())
//! # }
//! ```

pub(crate) mod bless;
pub mod build;
pub mod cancel;
pub mod catalog;
pub mod copy;
pub(crate) mod cpu_time;
pub(crate) mod group;
pub(crate) mod junit;
pub(crate) mod process;
pub(crate) mod report;
pub(crate) mod schedule;
pub mod session;
pub(crate) mod stress;
pub mod subject;
pub(crate) mod timings;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::{env, error, fmt, fs, io};

use serde::Serialize;

/// What keeps the runner from its work: no difference in an output, but bad usage, a broken
/// snapshot, a failed build. Completes one sentence and names the path that it is about.
#[derive(Debug, Clone, Serialize)]
pub struct Trouble(pub String);

impl Trouble {
    /// `cannot ACTION PATH: ERROR`.
    pub fn with(action: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("cannot {action} `{}`: {error}", path.display()))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Trouble {}

/// Where the runner keeps what is its own, in Cargo's target folder.
pub(crate) fn own_folder(target: &Path) -> PathBuf {
    target.join("xtask")
}

/// Writes a file so that it is, at every moment, the old one or the new one as a whole.
pub(crate) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    // A link stays, and leads to the new file.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // What is no file, such as a device or a pipe, is written to and not replaced.
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        return fs::write(path, text);
    }
    let draft = draft_of(path);
    let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // What remains of the draft helps nobody; the error that matters is the first one.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// The file that is written before it takes the place of this one.
fn draft_of(path: &Path) -> PathBuf {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}.tmp", std::process::id()));
    draft.into()
}

/// Whether a person looks on, for whom something may move on standard error.
pub(crate) fn may_move() -> bool {
    io::stderr().is_terminal()
        && env::var_os("CI").is_none()
        && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}
