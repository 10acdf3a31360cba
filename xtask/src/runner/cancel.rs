//! The one way in which everything is told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{process, thread};

use crate::runner::Trouble;

/// Tells every run to stop. Clones share one state; once set it stays set.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A token that Ctrl-C sets, and the polite requests to terminate that the system knows. The
    /// whole process ends a second later, should it still be there: it may be writing to somebody
    /// who does not read.
    ///
    /// # Errors
    /// When the system refuses the handler, or there is one already.
    pub fn on_ctrl_c() -> Result<Self, Trouble> {
        let cancel = Self::default();
        let handlers = cancel.clone();
        // The handler has a thread of its own, so it may sleep.
        ctrlc::set_handler(move || {
            handlers.set();
            thread::sleep(Duration::from_secs(1));
            process::exit(130);
        })
        .map_err(|error| Trouble(format!("cannot listen for Ctrl-C: {error}")))?;
        Ok(cancel)
    }

    /// Stops everything.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether everything has to stop.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
