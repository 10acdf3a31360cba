//! Which run when: the longest first, side by side, and alone what has to be alone.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;
use std::time::Duration;

use crate::runner::cancel::Cancel;
use crate::runner::write_whole;

/// How many runs are under way at once where nobody says. Most lessons wait most of their time,
/// so it is more than the cores.
pub fn default_jobs() -> NonZero<usize> {
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    cores.saturating_mul(const { NonZero::new(4).unwrap() })
}

/// What [`side_by_side`] tells of a task, by its number.
pub enum Progress<R> {
    /// It starts.
    Started(usize),
    /// It has ended with this result.
    Ended(usize, R),
}

/// Does tasks in their order, `jobs` of them at once, and tells of each. When `tell` breaks off, no
/// further task starts; those under way still end and are told of.
pub fn side_by_side<R: Send>(
    tasks: impl IntoIterator<Item = usize>,
    jobs: NonZero<usize>,
    work: impl Fn(usize) -> R + Sync,
    tell: impl FnMut(Progress<R>) -> ControlFlow<()> + Send,
) {
    let tasks: Vec<usize> = tasks.into_iter().collect();
    let workers = jobs.get().min(tasks.len());
    // Under one lock, so that no task starts between an end and what follows from it.
    let desk = Mutex::new((tasks.into_iter(), tell));
    let worker = || {
        let mut done = None;
        loop {
            let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
            let (tasks, tell) = &mut *desk;
            if let Some((task, result)) = done.take()
                && tell(Progress::Ended(task, result)).is_break()
            {
                *tasks = Vec::new().into_iter();
            }
            let Some(task) = tasks.next() else { break };
            if tell(Progress::Started(task)).is_break() {
                *tasks = Vec::new().into_iter();
            }
            drop(desk);
            done = Some((task, work(task)));
        }
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(worker);
        }
    });
}

/// Lets runs in side by side, or one alone. Holds between threads, and by a lock file between
/// processes that share a target folder; without such a folder, or where it cannot be written,
/// only between threads.
#[derive(Debug)]
pub struct Gate {
    threads: RwLock<()>,
    file: Option<PathBuf>,
}

/// The leave to run, until dropped.
#[derive(Debug)]
pub struct Pass<'gate> {
    _threads: Side<'gate>,
    _file: Option<File>,
}

#[derive(Debug)]
enum Side<'gate> {
    Shared { _guard: RwLockReadGuard<'gate, ()> },
    Alone { _guard: RwLockWriteGuard<'gate, ()> },
}

impl Gate {
    /// A gate for all that use this target folder.
    pub fn new(target: Option<&Path>) -> Self {
        Self {
            threads: RwLock::new(()),
            file: target.map(|target| own_folder(target).join("lock")),
        }
    }

    /// Waits until the run may start. `None` when cancelled meanwhile.
    pub fn enter(&self, alone: bool, cancel: &Cancel) -> Option<Pass<'_>> {
        // Whoever is in now ends soon when cancelled, so this wait needs no way out of its own.
        let threads = if alone {
            Side::Alone { _guard: self.threads.write().unwrap_or_else(PoisonError::into_inner) }
        } else {
            Side::Shared { _guard: self.threads.read().unwrap_or_else(PoisonError::into_inner) }
        };
        let mut file = self.file.as_ref().and_then(|path| {
            fs::create_dir_all(path.parent()?).ok()?;
            File::options().create(true).truncate(false).write(true).open(path).ok()
        });
        while !cancel.is_set() {
            let locked = match &file {
                Some(file) if alone => file.try_lock(),
                Some(file) => file.try_lock_shared(),
                None => Ok(()),
            };
            match locked {
                Ok(()) => return Some(Pass { _threads: threads, _file: file }),
                // Another process is in. A lock that waits could not be cancelled.
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
                Err(TryLockError::Error(_)) => file = None,
            }
        }
        None
    }
}

/// How long runs took the last time, kept in the target folder. Without it the order is worse,
/// nothing else: so no error matters here.
#[derive(Debug, Default)]
pub struct Times {
    file: Option<PathBuf>,
    seconds: HashMap<String, f64>,
}

impl Times {
    /// What is known. A line of the file is a number of seconds, a space, and the run's title.
    pub fn load(target: Option<&Path>) -> Self {
        let file = target.map(|target| own_folder(target).join("times"));
        let text = file.as_ref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        let seconds = text.lines().filter_map(|line| {
            let (seconds, title) = line.split_once(' ')?;
            Some((title.to_owned(), seconds.parse().ok()?))
        });
        Self { seconds: seconds.collect(), file }
    }

    /// Seconds that this run took. One that nobody knows may be long.
    pub fn of(&self, title: &str) -> f64 {
        self.seconds.get(title).copied().unwrap_or(f64::INFINITY)
    }

    /// Takes note of a run's time.
    pub fn note(&mut self, title: String, time: Duration) {
        self.seconds.insert(title, time.as_secs_f64());
    }

    /// Keeps all for the next time.
    pub fn save(&self) {
        let Some(file) = &self.file else { return };
        let mut lines: Vec<_> =
            self.seconds.iter().map(|(title, seconds)| format!("{seconds:.3} {title}\n")).collect();
        lines.sort();
        if let Some(folder) = file.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = write_whole(file, &lines.concat());
    }
}

/// Where the runner keeps what is its own.
fn own_folder(target: &Path) -> PathBuf {
    target.join("xtask")
}
