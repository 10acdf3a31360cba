//! Waits for files to change.

use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode};

use crate::cancel::Cancel;
use crate::error::{Error, Result};

/// Watches files and folders.
#[derive(Debug)]
pub struct Watcher {
    watcher: RecommendedWatcher,
    changes: Receiver<()>,
}

impl Watcher {
    /// A watcher that watches nothing yet.
    ///
    /// # Errors
    /// When the system cannot watch files.
    pub fn new() -> Result<Self> {
        let (sender, changes) = mpsc::channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                // If the watcher was dropped, the change no longer matters.
                let _ = sender.send(());
            }
        });
        let watcher =
            watcher.map_err(|error| Error::new(format!("cannot watch files: {error}")))?;
        Ok(Self { watcher, changes })
    }

    /// Also watches what is in a folder, and in the folders below it if `recursive` is set.
    ///
    /// # Errors
    /// When it cannot be watched.
    pub fn add(&mut self, folder: &Path, recursive: bool) -> Result<()> {
        let mode = if recursive { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        notify::Watcher::watch(&mut self.watcher, folder, mode)
            .map_err(|error| Error::new(format!("cannot watch `{}`: {error}", folder.display())))
    }

    /// Waits until something has changed, or until `cancel` is set.
    pub fn wait(&self, cancel: &Cancel) {
        while self.changes.recv_timeout(Duration::from_millis(100)).is_err() {
            if cancel.is_set() {
                return;
            }
        }
        // An editor may write a file in several steps.
        while self.changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
    }
}
