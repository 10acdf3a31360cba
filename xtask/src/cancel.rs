//! The one way to stop everything.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{process, thread};

use crate::error::{Error, Result};

/// Tells every run to stop. All clones share one state, and once set it stays set.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A token that is set by Ctrl-C, and by the polite requests to terminate that the system
    /// knows. If the process is still there a second later, it is ended: it may be writing to
    /// a pipe that nobody reads.
    ///
    /// # Errors
    /// When the system refuses the handler, or there is one already.
    pub fn on_ctrl_c() -> Result<Self> {
        let cancel = Self::default();
        let for_handler = cancel.clone();
        // The handler has a thread of its own, so it may sleep.
        ctrlc::set_handler(move || {
            for_handler.set();
            thread::sleep(Duration::from_secs(1));
            process::exit(130);
        })
        .map_err(|error| Error::new(format!("cannot listen for Ctrl-C: {error}")))?;
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
