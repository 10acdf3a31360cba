//! Runs the lessons of this workspace and checks their output against snapshots.
//!
//! One run goes this way:
//!
//! - [`command`] reads the command line;
//! - [`workspace`] finds the lessons, and [`build`] builds them with one Cargo;
//! - `session` puts the runs into the queue of `executor`, under the `conditions` of each round, and
//!   turns their results into events;
//! - [`check`] checks one run of a [`suite`]: `process` runs the program within limits, and
//!   [`legal_outputs`] compares what it printed with what the snapshot allows;
//! - the reporters in [`command`] write the events for people, for programs and for CI.
//!
//! A test harness needs only a part of it:
//!
//! ```no_run
//! use std::path::Path;
//! use xtask::build::{BuildOptions, build};
//! use xtask::cancel::Cancel;
//! use xtask::check::{Checker, Status};
//! use xtask::suite::Suite;
//! use xtask::workspace::Workspace;
//!
//! # fn main() -> xtask::error::Result<()> {
//! let cancel = Cancel::default();
//! let workspace = Workspace::load(Path::new("."))?;
//! let options = BuildOptions { release: false, quiet: true };
//! let programs = build(&workspace.root, &workspace.lessons, options, &cancel)?;
//! let checker = Checker::new(cancel);
//! for lesson in &workspace.lessons {
//!     let suite = Suite::of_lesson(lesson, &workspace.root, &programs[&lesson.name])?;
//!     for case in suite.cases() {
//!         let result = checker.check(case);
//!         assert_eq!(result.status, Status::Passed, "{}", result.problem);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod bless;
pub mod build;
pub mod cancel;
pub mod check;
pub mod command;
mod conditions;
mod cut_off;
mod destination;
pub mod error;
mod executor;
mod files;
pub mod header;
pub mod practice;
mod process;
mod project;
pub mod python;
mod saved_outputs;
pub mod session;
pub mod suite;
mod tally;
pub mod watch;
pub mod workspace;
