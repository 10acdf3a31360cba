//! How long processors have worked for the processes that this one has started.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// For all processes that this one has started and that have ended, and in turn for theirs. One
/// that was ended together with its children may have left them unseen. `None` where the system
/// does not say.
fn children() -> Option<Duration> {
    system::children()
}

/// Looks with `wait` whether processes have ended, and tells how long processors have worked for
/// those that had, and for those that they had waited for. `None` where the system does not say.
pub fn of_the_ended<T>(wait: impl FnOnce() -> T) -> (T, Option<Duration>) {
    // The system adds up all that this process has waited for. A difference belongs to one program
    // only if nobody waits for another one meanwhile.
    static WAITING: Mutex<()> = Mutex::new(());
    let _guard = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    let before = children();
    let result = wait();
    let used = children().zip(before).map(|(after, before)| after.saturating_sub(before));
    (result, used)
}

#[cfg(unix)]
mod system {
    use std::time::Duration;

    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;

    pub fn children() -> Option<Duration> {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
        Some(duration(usage.user_time())? + duration(usage.system_time())?)
    }

    fn duration(time: TimeVal) -> Option<Duration> {
        let seconds = Duration::from_secs(time.tv_sec().try_into().ok()?);
        Some(seconds + Duration::from_micros(time.tv_usec().try_into().ok()?))
    }
}

#[cfg(not(unix))]
mod system {
    use std::time::Duration;

    pub fn children() -> Option<Duration> {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_child_does_is_counted_when_it_has_ended() {
        let script = "i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done";
        let mut child = std::process::Command::new("sh").args(["-c", script]).spawn().unwrap();
        let (_, used) = of_the_ended(|| child.wait().unwrap());
        assert!(used.unwrap() > Duration::from_millis(1), "{used:?}");
        let (_, used) = of_the_ended(|| ());
        assert_eq!(used, Some(Duration::ZERO));
    }
}
