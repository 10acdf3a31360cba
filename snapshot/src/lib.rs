#![doc = include_str!("../README.md")]

mod binding;
mod bless;
mod budget;
mod count;
mod draft;
mod duration;
mod error;
mod expectation;
mod explain;
mod explanation;
mod fit;
mod layout;
mod notation;
mod outline;
mod output;
mod pairing;
mod pattern;
#[cfg(feature = "predicates")]
mod predicate;
mod reading;
mod run;
mod search;
mod value;
mod verdict;

pub use bless::bless;
pub use count::OrderCount;
pub use draft::draft;
pub use duration::{DurationFault, DurationRange};
pub use error::NotationError;
pub use explanation::{Explanation, Fault, FaultKind};
pub use notation::{DEFAULT_TIMEOUT, Snapshot};
pub use outline::{OutlineLane, OutlineLine};
pub use output::{Output, Stream, printable};
#[cfg(feature = "predicates")]
pub use predicate::TextPredicate;
pub use reading::{Behaviour, Origin, Reading};
pub use run::Run;
pub use verdict::{Undecided, Verdict};
