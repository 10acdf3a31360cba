//! Keeps a program on one core, so that its threads take turns.

#[cfg(target_os = "linux")]
pub(super) use linux::OneCore;
#[cfg(not(target_os = "linux"))]
pub(super) use other::OneCore;

/// Whether this system can keep a program on one core.
pub fn can_pin() -> bool {
    OneCore::is_possible()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::sync::{Condvar, Mutex, PoisonError};

    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    const THIS_THREAD: Pid = Pid::from_raw(0);

    /// The cores on which programs are kept.
    static TAKEN: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    static RETURNED: Condvar = Condvar::new();

    /// A core that no other program is kept on.
    pub struct OneCore {
        core: usize,
        /// The cores that this thread may use at other times.
        before: CpuSet,
    }

    impl OneCore {
        /// Whether a thread can choose its cores.
        pub fn is_possible() -> bool {
            sched_getaffinity(THIS_THREAD)
                .and_then(|cores| sched_setaffinity(THIS_THREAD, &cores))
                .is_ok()
        }

        /// From now on this thread may use one core only. A program that it starts inherits that, with
        /// all of its threads and children. Waits until there is a core that no program is kept on.
        pub fn enter() -> io::Result<Self> {
            let before = sched_getaffinity(THIS_THREAD)?;
            let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
            let core = loop {
                let is_free =
                    |core: &usize| before.is_set(*core) == Ok(true) && !taken.contains(core);
                if let Some(core) = (0..CpuSet::count()).rfind(is_free) {
                    break core;
                }
                taken = RETURNED.wait(taken).unwrap_or_else(PoisonError::into_inner);
            };
            let mut only = CpuSet::new();
            only.set(core)?;
            sched_setaffinity(THIS_THREAD, &only)?;
            taken.push(core);
            Ok(Self { core, before })
        }

        /// Leaves the core to the program. Otherwise this thread would interrupt the program each
        /// time it looks at it, and races would vanish.
        pub fn leave(&self) {
            let mut others = self.before;
            // The second call fails if there is no other core.
            let _ = others.unset(self.core);
            let _ = sched_setaffinity(THIS_THREAD, &others);
        }
    }

    impl Drop for OneCore {
        fn drop(&mut self) {
            let _ = sched_setaffinity(THIS_THREAD, &self.before);
            TAKEN.lock().unwrap_or_else(PoisonError::into_inner).retain(|core| *core != self.core);
            RETURNED.notify_all();
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::io;

    /// Does not exist on this system.
    pub enum OneCore {}

    impl OneCore {
        pub fn is_possible() -> bool {
            false
        }

        pub fn enter() -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub fn leave(&self) {}
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;

    use super::*;

    #[test]
    fn a_program_waits_until_a_core_is_free() {
        let cores = thread::available_parallelism().unwrap().get();
        let inside = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..cores + 2 {
                scope.spawn(|| {
                    let _core = OneCore::enter().expect("a core becomes free");
                    assert!(inside.fetch_add(1, SeqCst) < cores);
                    thread::yield_now();
                    inside.fetch_sub(1, SeqCst);
                });
            }
        });
    }
}
