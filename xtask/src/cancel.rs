//! Cancels everything that is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{process, thread};

use crate::error::{Error, Result};

/// Tells every run to stop. All clones share one state. Once set, it stays set.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    is_set: Arc<AtomicBool>,
    by_user: Arc<AtomicBool>,
}

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
            cancel.by_user.store(true, Ordering::Relaxed);
            cancel.set();
            thread::sleep(Duration::from_secs(1));
            process::exit(130);
        })
        .map_err(|error| Error::new(format!("cannot listen for Ctrl-C: {error}")))
    }

    /// Stops everything.
    pub fn set(&self) {
        self.is_set.store(true, Ordering::Relaxed);
    }

    /// Whether everything has to stop.
    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Relaxed)
    }

    /// Whether everything has to stop because of Ctrl-C, and not because of an error.
    pub fn is_by_user(&self) -> bool {
        self.by_user.load(Ordering::Relaxed)
    }
}
