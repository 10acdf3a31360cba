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
    pub captured: [Captured; 2],
    /// `None` once both streams are closed.
    pieces: Option<Receiver<Piece>>,
}

/// What was read of a stream.
#[derive(Debug, Default)]
pub struct Captured {
    /// All of it.
    pub bytes: Vec<u8>,
    /// When the end of each of its first [`MAX_TIMES`] lines came.
    pub line_ends: Vec<Instant>,
    /// When the last piece came.
    pub last: Option<Instant>,
}

/// What one read returned.
struct Piece {
    stream: usize,
    time: Instant,
    bytes: Vec<u8>,
}

/// The times of more lines are not kept. No picture could show them.
const MAX_TIMES: usize = 10_000;

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
        Ok(Self { captured: Default::default(), pieces: Some(pieces) })
    }

    /// Whether a stream is open.
    pub fn is_open(&self) -> bool {
        self.pieces.is_some()
    }

    /// Bytes of both streams together.
    pub fn bytes(&self) -> usize {
        self.captured.iter().map(|captured| captured.bytes.len()).sum()
    }

    /// Waits for one piece, or for the end of both streams, but not longer than `timeout`.
    pub fn receive(&mut self, timeout: Duration) {
        let Some(pieces) = &self.pieces else { return thread::sleep(timeout) };
        match pieces.recv_timeout(timeout) {
            Ok(piece) => self.captured[piece.stream].add(&piece),
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

impl Captured {
    /// How long after `start` each line came. The end of the stream ends its last line.
    pub fn line_times(&self, start: Instant) -> Vec<Duration> {
        let is_unfinished = self.bytes.last().is_some_and(|&byte| byte != b'\n');
        let last = self.last.filter(|_| is_unfinished && self.line_ends.len() < MAX_TIMES);
        let times = self.line_ends.iter().copied().chain(last);
        times.map(|time| time.saturating_duration_since(start)).collect()
    }

    fn add(&mut self, piece: &Piece) {
        let line_ends = piece.bytes.iter().filter(|&&byte| byte == b'\n').count();
        let kept = (self.line_ends.len() + line_ends).min(MAX_TIMES);
        self.line_ends.resize(kept, piece.time);
        self.bytes.extend(&piece.bytes);
        self.last = Some(piece.time);
    }
}

fn read_stream(
    stream: usize,
    mut from: impl Read + Send + 'static,
    to: SyncSender<Piece>,
) -> io::Result<()> {
    thread::Builder::new().name("output".to_owned()).spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let bytes = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => buffer[..length].to_vec(),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            if to.send(Piece { stream, time: Instant::now(), bytes }).is_err() {
                break;
            }
        }
    })?;
    Ok(())
}
