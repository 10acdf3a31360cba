//! What process groups use, as Linux shows it in `/proc`. Other systems have no such folder, so
//! nothing is found there and nothing is limited.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a process group uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// Number of processes.
    pub processes: usize,
    /// Resident memory in MiB. Memory that processes share counts for each of them.
    pub memory: u64,
}

/// How old a scan may be. All runs share it, however many there are.
const INTERVAL: Duration = Duration::from_millis(50);

/// All process groups at one moment.
struct Scan {
    at: Instant,
    groups: HashMap<u32, Usage>,
}

static LAST_SCAN: Mutex<Option<Scan>> = Mutex::new(None);

/// What the process group with this id uses, as it was at most 50 ms ago.
pub(super) fn of_group(group: u32) -> Usage {
    let mut last = LAST_SCAN.lock().unwrap_or_else(PoisonError::into_inner);
    if last.as_ref().is_none_or(|scan| scan.at.elapsed() >= INTERVAL) {
        *last = Some(Scan { at: Instant::now(), groups: scan() });
    }
    last.as_ref().and_then(|scan| scan.groups.get(&group)).copied().unwrap_or_default()
}

fn scan() -> HashMap<u32, Usage> {
    let mut bytes: HashMap<u32, (usize, u64)> = HashMap::new();
    let page = page_size();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        // A process may end at any moment, so it is not an error if it cannot be read.
        if let Some((group, pages)) = group_and_pages(&entry.path()) {
            let (processes, memory) = bytes.entry(group).or_default();
            *processes += 1;
            *memory += pages * page;
        }
    }
    let usage = |(processes, bytes)| Usage { processes, memory: bytes / (1024 * 1024) };
    bytes.into_iter().map(|(group, sums)| (group, usage(sums))).collect()
}

/// The process group of a process, and its resident memory in pages; see proc(5).
fn group_and_pages(folder: &Path) -> Option<(u32, u64)> {
    folder.file_name()?.to_str()?.parse::<u32>().ok()?;
    let stat = fs::read(folder.join("stat")).ok()?;
    // The second field, the name, is in parentheses and may contain anything.
    let stat = String::from_utf8_lossy(&stat);
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let (group, rss) = (fields.nth(5 - 3)?, fields.nth(24 - 6)?);
    Some((group.parse().ok()?, rss.parse().ok()?))
}

#[cfg(unix)]
fn page_size() -> u64 {
    use nix::unistd::{SysconfVar, sysconf};
    sysconf(SysconfVar::PAGE_SIZE).ok().flatten().and_then(|size| size.try_into().ok()).unwrap_or(0)
}

#[cfg(not(unix))]
fn page_size() -> u64 {
    0
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn many_runs_share_one_scan() {
        let group = u32::try_from(nix::unistd::getpgrp().as_raw()).unwrap();
        let usage = of_group(group);
        assert!(usage.processes >= 1 && usage.memory >= 1, "{usage:?}");
        let scan_time = || LAST_SCAN.lock().unwrap().as_ref().unwrap().at;
        let first = scan_time();
        while first.elapsed() < INTERVAL / 2 {
            of_group(group);
        }
        // Only a pause of the whole machine could end the interval before the loop does.
        assert!(scan_time() == first || first.elapsed() >= INTERVAL);
        std::thread::sleep(INTERVAL);
        of_group(group);
        assert!(scan_time() > first);
    }
}
