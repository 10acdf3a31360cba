//! Cancels everything that is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{process, thread};

use crate::error::{Error, Result};

/// Tells every run to stop. All clones share one state. Once set, it stays set.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Lets Ctrl-C cancel everything, and on Unix SIGTERM and SIGHUP too. A second later the process
    /// exits, even if it is still waiting for something, such as a full pipe.
    ///
    /// # Errors
    /// When the system refuses the handler, or there is one already.
    pub fn on_ctrl_c(&self) -> Result<()> {
        let cancel = self.clone();
        // The handler has a thread of its own, so it may sleep.
        ctrlc::set_handler(move || {
            cancel.set();
            thread::sleep(Duration::from_secs(1));
            process::exit(130);
        })
        .map_err(|error| Error::new(format!("cannot listen for Ctrl-C: {error}")))
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
