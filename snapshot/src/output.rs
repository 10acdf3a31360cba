//! The output of a program: its two streams, as bytes and as lines.

use std::borrow::Cow;
use std::fmt;

/// What a program wrote, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    /// Standard output.
    pub stdout: &'a [u8],
    /// Standard error.
    pub stderr: &'a [u8],
}

/// A stream of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Stream {
    /// Both streams, in the order in which their lines are numbered inside the engine.
    pub(crate) const BOTH: [Self; 2] = [Self::Stdout, Self::Stderr];
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
        })
    }
}

/// A stream as lines.
#[derive(Debug)]
pub(crate) struct StreamLines<'a> {
    pub(crate) lines: Vec<Cow<'a, str>>,
    /// The indices of the lines that are not UTF-8.
    pub(crate) not_utf8: Vec<usize>,
    /// How many more lines there were.
    pub(crate) omitted: usize,
}

impl<'a> StreamLines<'a> {
    /// Splits a stream into lines, and keeps the first `limit` of them.
    pub(crate) fn split(bytes: &'a [u8], limit: usize) -> Self {
        let mut stream = Self { lines: Vec::new(), not_utf8: Vec::new(), omitted: 0 };
        let complete = bytes.strip_suffix(b"\n");
        if bytes.is_empty() {
            return stream;
        }
        let mut pieces = complete.unwrap_or(bytes).split(|&byte| byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            if stream.lines.len() == limit {
                stream.omitted = 1 + pieces.count();
                break;
            }
            let has_end = pieces.peek().is_some() || complete.is_some();
            let line = if has_end { piece.strip_suffix(b"\r").unwrap_or(piece) } else { piece };
            let text = String::from_utf8_lossy(line);
            // Only what is not UTF-8 has to be copied.
            if matches!(text, Cow::Owned(_)) {
                stream.not_utf8.push(stream.lines.len());
            }
            stream.lines.push(text);
        }
        stream
    }
}

/// The lines of both streams, those of standard error after those of standard output.
pub(crate) fn joined<'a>(streams: &'a [StreamLines<'_>; 2]) -> Vec<&'a str> {
    streams.iter().flat_map(|stream| stream.lines.iter().map(AsRef::as_ref)).collect()
}

/// Longer lines are cut when they are shown, in characters.
pub(crate) const SHOWN_LENGTH: usize = 160;

/// A line in a form that a terminal can show: control characters are escaped, and what follows the
/// first 160 characters is left out.
pub fn printable(line: &str) -> String {
    let mut text = String::new();
    for (count, c) in line.chars().enumerate() {
        if count == SHOWN_LENGTH {
            text.push_str(&format!("… ({} characters)", line.chars().count()));
            break;
        }
        if c.is_control() && c != '\t' { text.extend(c.escape_default()) } else { text.push(c) }
    }
    text
}
