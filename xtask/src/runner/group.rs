//! What the processes of a group use together, as Linux tells it in `/proc`. Other systems have no
//! such folder: there nothing is found, and nothing is bounded.

use std::path::PathBuf;
use std::time::Duration;
use std::{fs, str};

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
    for process in Process::all_of(group) {
        usage.processes += 1;
        kibibytes += process.memory().unwrap_or(0);
    }
    usage.memory = kibibytes / 1024;
    usage
}

/// How long processors have worked for the processes of this group that have not been waited for,
/// and for those that they have waited for. `None` where the system does not say.
pub(super) fn cpu_time(group: u32) -> Option<Duration> {
    let ticks: Vec<u64> = Process::all_of(group).filter_map(|process| process.ticks()).collect();
    let second = ticks_of_a_second()?;
    (!ticks.is_empty())
        .then(|| Duration::from_secs_f64(ticks.iter().sum::<u64>() as f64 / second as f64))
}

#[cfg(unix)]
fn ticks_of_a_second() -> Option<u64> {
    use nix::unistd::{SysconfVar, sysconf};
    sysconf(SysconfVar::CLK_TCK).ok()??.try_into().ok()
}

#[cfg(not(unix))]
fn ticks_of_a_second() -> Option<u64> {
    None
}

/// A process, as its folder in `/proc` describes it.
struct Process {
    folder: PathBuf,
    /// The words of `stat` behind the process's name.
    stat: Vec<String>,
}

impl Process {
    /// The processes of a group. One may end at any moment, so what cannot be read is no error.
    fn all_of(group: u32) -> impl Iterator<Item = Self> {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        entries
            .filter_map(|entry| Self::read(entry.path()))
            .filter(move |process| process.number(5) == Some(u64::from(group)))
    }

    fn read(folder: PathBuf) -> Option<Self> {
        folder.file_name()?.to_str()?.parse::<u32>().ok()?;
        let stat = fs::read(folder.join("stat")).ok()?;
        // The name stands in parentheses and may contain anything.
        let behind_name = stat.iter().rposition(|&byte| byte == b')')? + 1;
        let words = str::from_utf8(&stat[behind_name..]).ok()?;
        let stat = words.split_whitespace().map(str::to_owned).collect();
        Some(Self { folder, stat })
    }

    /// A word of `stat`, by the number that proc(5) gives it. The name is the second one.
    fn number(&self, field: usize) -> Option<u64> {
        self.stat.get(field - 3)?.parse().ok()
    }

    /// Its own CPU time and that of the children that it has waited for, each in user and in
    /// system mode.
    fn ticks(&self) -> Option<u64> {
        (14..=17).map(|field| self.number(field)).sum()
    }

    /// The memory in real use, in KiB.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(self.folder.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse().ok()
    }
}
