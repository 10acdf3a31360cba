//! The engine on random snapshots and outputs, against an oracle that tries everything.
//!
//! The oracle knows nothing of blocks, tables or states: it takes the definition of a legal
//! output word by word, and tries every assignment of output lines to expected ones and every
//! way to read a line.

mod model;
mod orders;
mod random;
mod verdict;
