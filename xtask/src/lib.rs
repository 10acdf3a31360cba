//! Runs the examples of this workspace and holds their output to snapshots.
//!
//! Three floors; none knows of those above it:
//!
//! - [`legal_outputs`]: the set of all legal outputs of a program, a library of its own.
//! - [`runner`]: finds the examples, builds them, runs them bounded, reports.
//! - [`command`]: the subcommands of `cargo xtask`.

pub mod command;
pub mod runner;
