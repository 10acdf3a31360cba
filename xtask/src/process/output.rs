//! The two output streams of a program.

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;

/// What a program writes. A thread reads each stream, because a pipe cannot be read with a time
/// limit. If a pipe never closes, its thread is left behind. It ends as soon as it has read something
/// more, because the channel is closed.
pub(super) struct Output {
    /// Standard output, and standard error.
    pub captured: [Vec<u8>; 2],
    /// `None` once both streams are closed.
    pieces: Option<Receiver<(usize, Vec<u8>)>>,
}

impl Output {
    /// Starts to read.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn read(
        stdout: impl Read + Send + 'static,
        stderr: impl Read + Send + 'static,
    ) -> io::Result<Self> {
        // The channel is bounded, so a program that writes faster than we collect has to wait.
        let (sender, pieces) = mpsc::sync_channel(8);
        read_stream(0, stdout, sender.clone())?;
        read_stream(1, stderr, sender)?;
        Ok(Self { captured: [Vec::new(), Vec::new()], pieces: Some(pieces) })
    }

    /// Whether a stream is open.
    pub fn is_open(&self) -> bool {
        self.pieces.is_some()
    }

    /// Bytes of both streams together.
    pub fn bytes(&self) -> usize {
        self.captured.iter().map(Vec::len).sum()
    }

    /// Waits for one piece, or for the end of both streams, but not longer than `timeout`.
    pub fn receive(&mut self, timeout: Duration) {
        let Some(pieces) = &self.pieces else { return thread::sleep(timeout) };
        match pieces.recv_timeout(timeout) {
            Ok((stream, piece)) => self.captured[stream].extend(piece),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.pieces = None,
        }
    }

    /// Waits for the end of both streams, until `timeout`, until there are more than `limit` bytes, or
    /// until everything is cancelled.
    pub fn drain(&mut self, timeout: Duration, limit: usize, cancel: &Cancel) {
        /// How often to look whether everything is cancelled.
        const STEP: Duration = Duration::from_millis(50);

        let start = Instant::now();
        while self.is_open() && self.bytes() <= limit && start.elapsed() < timeout {
            self.receive(STEP);
            if cancel.is_set() && start.elapsed() > 2 * STEP {
                break;
            }
        }
    }
}

fn read_stream(
    stream: usize,
    mut from: impl Read + Send + 'static,
    to: SyncSender<(usize, Vec<u8>)>,
) -> io::Result<()> {
    thread::Builder::new().name("output".to_owned()).spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let piece = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => buffer[..length].to_vec(),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            if to.send((stream, piece)).is_err() {
                break;
            }
        }
    })?;
    Ok(())
}
