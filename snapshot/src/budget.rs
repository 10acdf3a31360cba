//! Bounds the work that a verdict may take.

use std::cell::Cell;

/// The work that is left. A count and not a clock, so that a verdict depends on nothing but the
/// snapshot and the output.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Cell<usize>,
}

/// The budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfBudget;

impl Budget {
    /// Units for one verdict, its explanation included. A unit of work takes up to 0.1 µs in an
    /// optimised build, and what is kept in memory costs at least a unit for each eight bytes. So
    /// a verdict takes about a second and less than 100 MB at most.
    pub(crate) const VERDICT: usize = 10_000_000;

    /// Units for counting orders.
    pub(crate) const COUNT: usize = 10_000_000;

    pub(crate) fn new(units: usize) -> Self {
        Self { left: Cell::new(units) }
    }

    pub(crate) fn left(&self) -> usize {
        self.left.get()
    }

    /// Takes units out of the budget.
    ///
    /// # Errors
    /// There are not that many left. Nothing is left then.
    pub(crate) fn spend(&self, units: usize) -> Result<(), OutOfBudget> {
        let left = self.left.get().checked_sub(units);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(OutOfBudget)
    }

    /// Does work that may use a half of what is left, so that something remains for other work.
    pub(crate) fn half<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        self.part(self.left.get() / 2, work)
    }

    /// Does work that may use at most so many units.
    pub(crate) fn part<T>(&self, units: usize, work: impl FnOnce(&Self) -> T) -> T {
        let units = units.min(self.left.get());
        let part = Self::new(units);
        let result = work(&part);
        self.left.set(self.left.get() - (units - part.left.get()));
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_beyond_the_budget_is_refused() {
        let budget = Budget::new(10);
        assert_eq!(budget.spend(4), Ok(()));
        assert_eq!(budget.spend(7), Err(OutOfBudget));
        assert_eq!(budget.spend(1), Err(OutOfBudget));
    }

    #[test]
    fn a_part_is_taken_from_the_whole() {
        let budget = Budget::new(10);
        assert_eq!(budget.half(|half| half.spend(6)), Err(OutOfBudget));
        assert_eq!(budget.part(100, |part| part.spend(3)), Ok(()));
        assert_eq!((budget.spend(2), budget.spend(1)), (Ok(()), Err(OutOfBudget)));
    }
}
