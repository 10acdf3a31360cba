//! Which run when: the longest first, side by side, and alone what has to be alone.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, TryLockError};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;
use std::time::{Duration, Instant};

use crate::runner::cancel::Cancel;
use crate::runner::{own_folder, write_whole};

/// How many runs are under way at once where nobody says. Most lessons only wait, so it is as many
/// as there are files for: each run holds two pipes and the lock open, and more while it starts.
pub fn default_jobs() -> NonZero<usize> {
    #[cfg(unix)]
    let files = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE)
        .map_or(256, |(soft, _)| usize::try_from(soft).unwrap_or(usize::MAX));
    #[cfg(not(unix))]
    let files = 1024;
    NonZero::new((files / 5).min(200)).unwrap_or(NonZero::<usize>::MIN)
}

/// How many programs can compute at the same time.
pub fn cores() -> NonZero<usize> {
    thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

/// Something to do.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// By which it is known.
    pub number: usize,
    /// What it takes of the machine.
    pub load: Load,
}

/// What a task takes of the machine.
#[derive(Debug, Clone, Copy)]
pub enum Load {
    /// All of it: nothing else is under way beside it.
    All,
    /// So many cores, on average.
    Cores(f64),
}

impl Load {
    /// That of a run that nobody knows yet: most lessons wait most of their time.
    pub const UNKNOWN: Self = Self::Cores(0.1);

    fn of(self, all: f64) -> f64 {
        match self {
            Self::All => all,
            // Nothing is so light that it could be beside what takes all.
            Self::Cores(load) => load.clamp(0.01, all),
        }
    }
}

/// What [`side_by_side`] tells of a task, by its number.
pub enum Progress<R> {
    /// It starts.
    Started(usize),
    /// It has ended with this result.
    Ended(usize, R),
}

/// What is to be done, and what is under way. Under one lock with `tell`, so that no task starts
/// between an end and what follows from it.
struct Desk<Tell> {
    waiting: VecDeque<Task>,
    under_way: usize,
    cores: f64,
    /// How many of the cores those under way take.
    load: f64,
    tell: Tell,
}

impl<Tell> Desk<Tell> {
    /// The first task for which there is room.
    fn take(&mut self) -> Option<Task> {
        let room = self.cores - self.load;
        let fits = |task: &Task| self.under_way == 0 || task.load.of(self.cores) <= room;
        let task = self.waiting.remove(self.waiting.iter().position(fits)?)?;
        self.under_way += 1;
        self.load += task.load.of(self.cores);
        Some(task)
    }

    fn give_back(&mut self, task: Task) {
        self.under_way -= 1;
        // What adding and subtracting leaves over is nobody's.
        self.load = if self.under_way == 0 { 0.0 } else { self.load - task.load.of(self.cores) };
    }
}

/// Does tasks in their order, as many at once as the cores bear and `jobs` allows, and tells of
/// each. A light task may overtake a heavy one for which there is no room yet. When `tell` breaks
/// off, no further task starts; those under way still end and are told of.
pub fn side_by_side<R: Send>(
    tasks: impl IntoIterator<Item = Task>,
    jobs: NonZero<usize>,
    work: impl Fn(usize) -> R + Sync,
    tell: impl FnMut(Progress<R>) -> ControlFlow<()> + Send,
) {
    let waiting: VecDeque<Task> = tasks.into_iter().collect();
    let workers = jobs.get().min(waiting.len());
    let cores = cores().get() as f64;
    let desk = Mutex::new(Desk { waiting, under_way: 0, cores, load: 0.0, tell });
    let room = Condvar::new();
    let enter = || desk.lock().unwrap_or_else(PoisonError::into_inner);
    let worker = || {
        let mut desk = enter();
        while !desk.waiting.is_empty() {
            let Some(task) = desk.take() else {
                desk = room.wait(desk).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if (desk.tell)(Progress::Started(task.number)).is_break() {
                desk.waiting.clear();
            }
            // There may be room for another one, or nothing to wait for any more.
            let wake =
                if desk.waiting.is_empty() { Condvar::notify_all } else { Condvar::notify_one };
            wake(&room);
            drop(desk);
            let result = catch_unwind(AssertUnwindSafe(|| work(task.number)));
            desk = enter();
            desk.give_back(task);
            let result = result.unwrap_or_else(|panic| {
                // The others must not wait for what will never be told.
                desk.waiting.clear();
                room.notify_all();
                resume_unwind(panic)
            });
            if (desk.tell)(Progress::Ended(task.number, result)).is_break() {
                desk.waiting.clear();
                room.notify_all();
            }
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

/// How long another process may keep a run waiting before that is told.
const PATIENCE: Duration = Duration::from_secs(1);

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

    /// Waits until the run may start. `None` when cancelled meanwhile. Where another process
    /// keeps it waiting for longer than a second or so, `on_wait` is called.
    pub fn enter(&self, alone: bool, cancel: &Cancel, on_wait: impl FnOnce()) -> Option<Pass<'_>> {
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
        let start = Instant::now();
        let mut on_wait = Some(on_wait);
        while !cancel.is_set() {
            let locked = match &file {
                Some(file) if alone => file.try_lock(),
                Some(file) => file.try_lock_shared(),
                None => Ok(()),
            };
            match locked {
                Ok(()) => return Some(Pass { _threads: threads, _file: file }),
                // Another process is in. A lock that waits could not be cancelled.
                Err(TryLockError::WouldBlock) => {
                    if start.elapsed() > PATIENCE
                        && let Some(on_wait) = on_wait.take()
                    {
                        on_wait();
                    }
                    thread::sleep(Duration::from_millis(10));
                }
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
    runs: HashMap<String, Time>,
}

/// Seconds that a run took.
#[derive(Debug, Clone, Copy)]
struct Time {
    wall: f64,
    cpu: f64,
}

impl Times {
    /// What is known. A line of the file is a run's wall time and CPU time, in seconds, and its
    /// title, with a space between them.
    pub fn load(target: &Path) -> Self {
        let file = own_folder(target).join("times");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let runs = text.lines().filter_map(|line| {
            let (wall, rest) = line.split_once(' ')?;
            let (cpu, title) = rest.split_once(' ')?;
            Some((title.to_owned(), Time { wall: wall.parse().ok()?, cpu: cpu.parse().ok()? }))
        });
        Self { runs: runs.collect(), file: Some(file) }
    }

    /// Seconds that this run took. One that nobody knows may be long.
    pub fn of(&self, title: &str) -> f64 {
        self.runs.get(title).map_or(f64::INFINITY, |time| time.wall)
    }

    /// What this run takes of the machine, if it may have others beside it.
    pub fn load_of(&self, title: &str) -> Load {
        let load = self.runs.get(title).map(|time| time.cpu / time.wall);
        load.filter(|load| load.is_finite()).map_or(Load::UNKNOWN, Load::Cores)
    }

    /// Takes note of a run's wall time and CPU time.
    pub fn note(&mut self, title: String, wall: Duration, cpu: Option<Duration>) {
        let wall = wall.as_secs_f64();
        let cpu = cpu.map_or(f64::NAN, |cpu| cpu.as_secs_f64());
        self.runs.insert(title, Time { wall, cpu });
    }

    /// Keeps all for the next time.
    pub fn save(&self) {
        let Some(file) = &self.file else { return };
        let line =
            |(title, Time { wall, cpu }): (&String, &Time)| format!("{wall:.4} {cpu:.4} {title}\n");
        let mut lines: Vec<String> = self.runs.iter().map(line).collect();
        lines.sort();
        if let Some(folder) = file.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = write_whole(file, &lines.concat());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Does these loads as tasks, and tells how many were beside each, at the most, itself among
    /// them.
    fn most_beside(loads: &[Load], jobs: usize) -> Vec<usize> {
        let under_way = AtomicUsize::new(0);
        let mut most = vec![0; loads.len()];
        let tasks = loads
            .iter()
            .enumerate()
            .map(|(number, &load)| Task { number, load })
            .collect::<Vec<_>>();
        side_by_side(
            tasks,
            NonZero::new(jobs).unwrap(),
            |_| {
                let before = under_way.fetch_add(1, Ordering::SeqCst) + 1;
                thread::sleep(Duration::from_millis(30));
                before.max(under_way.fetch_sub(1, Ordering::SeqCst))
            },
            |progress| {
                if let Progress::Ended(number, beside) = progress {
                    most[number] = beside;
                }
                ControlFlow::Continue(())
            },
        );
        most
    }

    #[test]
    fn what_takes_all_is_alone_and_what_waits_is_not() {
        let mut loads = vec![Load::Cores(0.0); 20];
        loads.insert(10, Load::All);
        let most = most_beside(&loads, 100);
        assert_eq!(most[10], 1);
        assert!(most.iter().max() > Some(&10), "{most:?}");
    }

    #[test]
    fn neither_cores_nor_jobs_are_exceeded() {
        let most = most_beside(&[Load::Cores(1.0); 20], 100);
        assert!(most.iter().max() <= Some(&cores().get()), "{most:?}");
        let most = most_beside(&[Load::Cores(0.0); 20], 3);
        assert!(most.iter().max() <= Some(&3), "{most:?}");
    }

    #[test]
    fn nothing_starts_after_a_break() {
        let mut ended = 0;
        let tasks = (0..20).map(|number| Task { number, load: Load::UNKNOWN });
        side_by_side(
            tasks,
            NonZero::<usize>::MIN,
            |_| {},
            |progress| match progress {
                Progress::Ended(..) => {
                    ended += 1;
                    ControlFlow::Break(())
                }
                Progress::Started(_) => ControlFlow::Continue(()),
            },
        );
        assert_eq!(ended, 1);
    }
}
