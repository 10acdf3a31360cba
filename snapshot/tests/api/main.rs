//! The public API: notation, verdict, explanation, bless and draft, construct by construct.

mod behaviour;
mod bless;
mod common;
mod draft;
mod explanation;
mod mistakes;
mod notation;
mod orders;
mod outline;
mod verdict;
