//! A bar that shows how far the work is and what is under way.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

use crate::command::context::progress_enabled;

/// A bar on standard error, if a person is watching.
pub struct Progress {
    bar: ProgressBar,
    /// What is under way, and how often.
    running: BTreeMap<String, usize>,
}

impl Progress {
    /// A bar, which is hidden if it is not `wanted`.
    pub fn new(wanted: bool) -> Self {
        let has_bar = wanted && progress_enabled();
        let bar = if has_bar { ProgressBar::no_length() } else { ProgressBar::hidden() };
        Self { bar: bar.with_finish(ProgressFinish::AndClear), running: BTreeMap::new() }
    }

    /// Shows the bar of this many pieces of work.
    pub fn start(&self, length: usize) {
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}")
            .expect("a literal template is well-formed");
        self.bar.set_style(style);
        self.bar.set_length(length as u64);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// A piece of work has started.
    pub fn started(&mut self, title: String) {
        *self.running.entry(title).or_default() += 1;
        self.show_running();
    }

    /// A piece of work has ended.
    pub fn ended(&mut self, title: &str) {
        self.bar.inc(1);
        if let Some(number) = self.running.get_mut(title) {
            *number -= 1;
        }
        self.running.retain(|_, number| *number > 0);
        self.show_running();
    }

    /// Hides the bar while something is printed.
    pub fn suspend<R>(&self, print: impl FnOnce() -> R) -> R {
        self.bar.suspend(print)
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show_running(&self) {
        let titles: Vec<&str> = self.running.keys().map(String::as_str).collect();
        self.bar.set_message(titles.join(", "));
    }
}
