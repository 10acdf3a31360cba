//! Finds the examples, builds them, runs them bounded in time and output, reports.
