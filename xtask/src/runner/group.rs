//! What the processes of a group use together, as Linux tells it in `/proc`. Other systems have no
//! such folder: there nothing is found, and nothing is bounded.

use std::fs;
use std::path::Path;

/// What a process group may use, and what it does use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// How many processes.
    pub processes: usize,
    /// Memory that is really in use, in MiB. What processes share counts for each of them.
    pub memory: u64,
}

/// What the process group of this number uses now.
pub(super) fn usage(group: u32) -> Usage {
    let mut usage = Usage::default();
    let mut kibibytes = 0;
    // A process may end at any moment, so what cannot be read is no error.
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let folder = entry.path();
        if group_of(&folder) == Some(group) {
            usage.processes += 1;
            kibibytes += memory_of(&folder).unwrap_or(0);
        }
    }
    usage.memory = kibibytes / 1024;
    usage
}

/// The process group of a process: in `stat`, the third word behind its name, which stands in
/// parentheses and may contain anything.
fn group_of(process: &Path) -> Option<u32> {
    let number = process.file_name()?.to_str()?;
    number.parse::<u32>().ok()?;
    let stat = fs::read(process.join("stat")).ok()?;
    let behind_name = stat.iter().rposition(|&byte| byte == b')')? + 1;
    let words = str::from_utf8(&stat[behind_name..]).ok()?;
    words.split_whitespace().nth(2)?.parse().ok()
}

/// The memory of a process in KiB.
fn memory_of(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
