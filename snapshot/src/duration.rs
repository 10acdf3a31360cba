//! How long a run may take.

use std::time::Duration;

/// How long a run may take: what `% takes {1..2} s` says. The library knows no clock, so the caller
/// measures the time of the whole run, and asks here whether it is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationRange {
    /// The line of the setting in the file, from 1.
    pub line: usize,
    /// At least this.
    pub(crate) low: Bound,
    pub(crate) high: Option<Bound>,
    /// The run may also take exactly as long as the upper bound says.
    pub(crate) includes_high: bool,
}

/// A bound of a [`DurationRange`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bound {
    /// As the snapshot writes it, with its unit.
    pub(crate) text: String,
    pub(crate) time: Duration,
}

/// What is wrong with the time that a run took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurationFault {
    /// The run took too long, so the machine may only have been busy. Otherwise it was too short.
    pub too_long: bool,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl DurationRange {
    /// Checks the time that a run took.
    ///
    /// # Errors
    /// The run was too short, or took too long.
    pub fn check(&self, time: Duration) -> Result<(), DurationFault> {
        let fault = |too_long: bool, milliseconds: u128, rule: String| {
            let (seconds, rest) = (milliseconds / 1_000, milliseconds % 1_000);
            let message = format!("the run took {seconds}.{rest:03} s, but must take {rule}");
            Err(DurationFault { too_long, message })
        };
        // Rounded to the side on which it is wrong.
        if time < self.low.time {
            return fault(false, time.as_millis(), format!("at least {}", self.low.text));
        }
        match &self.high {
            Some(high) if time > high.time || time == high.time && !self.includes_high => {
                let word = if self.includes_high { "at most" } else { "less than" };
                let milliseconds = time.as_nanos().div_ceil(1_000_000);
                fault(true, milliseconds, format!("{word} {}", high.text))
            }
            _ => Ok(()),
        }
    }
}
