//! How much CPU time the processes used that have ended.

use std::time::Duration;

/// Looks with `wait` whether processes have ended, and tells how much CPU time those used that had,
/// with all that they had started and waited for. `None` where the system does not tell.
#[cfg(unix)]
pub(super) fn of_the_ended<T>(wait: impl FnOnce() -> T) -> (T, Option<Duration>) {
    use std::sync::{Mutex, PoisonError};

    // The system adds up all that this process has waited for. A difference belongs to one program
    // only if nobody waits for another one meanwhile.
    static WAITING: Mutex<()> = Mutex::new(());
    let _guard = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    let before = so_far();
    let result = wait();
    let used = so_far().zip(before).map(|(after, before)| after.saturating_sub(before));
    (result, used)
}

#[cfg(unix)]
fn so_far() -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    [usage.user_time(), usage.system_time()]
        .into_iter()
        .map(|time| {
            let micros = u64::try_from(time.tv_usec()).ok()?;
            Some(
                Duration::from_secs(u64::try_from(time.tv_sec()).ok()?)
                    + Duration::from_micros(micros),
            )
        })
        .sum()
}

/// Elsewhere nothing safe is at hand that tells.
#[cfg(not(unix))]
pub(super) fn of_the_ended<T>(wait: impl FnOnce() -> T) -> (T, Option<Duration>) {
    (wait(), None)
}
