//! What the runs cost, and how fast all of them could have been.

use std::num::NonZero;
use std::time::Duration;

use crate::runner::schedule::cores;

/// What one run cost.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The run, as the snapshot names it.
    pub title: String,
    /// Wall time.
    pub time: Duration,
    /// CPU time, where the system tells.
    pub cpu: Option<Duration>,
    /// Nothing else was allowed beside it.
    pub alone: bool,
}

/// What all runs cost.
#[derive(Debug, Clone)]
pub struct Timings {
    /// How many cores they shared.
    pub cores: NonZero<usize>,
    /// The runs, in the order in which they ended.
    pub costs: Vec<Cost>,
}

impl Timings {
    /// The wall time that no schedule gets below: that of the longest run, or of those that run
    /// alone, one after another, and of the others' CPU time spread over all cores, whichever is
    /// larger. CPU time that nobody knows counts as none.
    pub fn bound(&self) -> Duration {
        let longest = self.costs.iter().map(|cost| cost.time).max().unwrap_or_default();
        let alone: Duration =
            self.costs.iter().filter(|cost| cost.alone).map(|cost| cost.time).sum();
        let others: Duration =
            self.costs.iter().filter(|cost| !cost.alone).filter_map(|cost| cost.cpu).sum();
        longest.max(alone + others.div_f64(self.cores.get() as f64))
    }
}

/// On this machine, before anything has run.
impl Default for Timings {
    fn default() -> Self {
        Self { cores: cores(), costs: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_the_longest_run_or_all_the_work() {
        let second = Duration::from_secs(1);
        let waits = Cost { title: String::new(), time: 5 * second, cpu: None, alone: false };
        let computes = Cost { cpu: Some(4 * second), ..waits.clone() };
        let alone = Cost { time: second, cpu: Some(2 * second), alone: true, ..waits.clone() };

        let bound = |cores, costs: &[&Cost]| {
            let cores = NonZero::new(cores).unwrap();
            Timings { cores, costs: costs.iter().copied().cloned().collect() }.bound()
        };
        assert_eq!(bound(2, &[]), Duration::ZERO);
        assert_eq!(bound(2, &[&waits, &waits, &computes, &alone]), 5 * second);
        assert_eq!(bound(2, &[&alone, &computes, &computes, &alone]), 6 * second);
        assert_eq!(bound(8, &[&alone, &computes, &computes, &alone]), 5 * second);
    }
}
