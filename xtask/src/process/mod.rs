//! Runs one program within limits, and ends everything that it started.

mod environment;
mod output;
mod pin;
mod usage;

use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(windows)]
use process_wrap::std::JobObject;
#[cfg(unix)]
use process_wrap::std::ProcessGroup;
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::cancel::Cancel;
use output::Output;
use pin::OneCore;
pub use pin::can_pin;

/// What a program may use. Processes and memory are limited on Linux only.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Wall time from its start.
    pub time: Duration,
    /// Number of processes, including the program itself.
    pub processes: usize,
    /// Resident memory of these processes together, in MiB.
    pub memory: u64,
    /// All of its threads share one core. Only some systems can do that, see [`can_pin`].
    pub one_core: bool,
}

/// How many bytes a program may write to both streams together.
pub const OUTPUT_LIMIT: usize = 16 * 1024 * 1024;

/// How a program ended, and what it wrote until then.
#[derive(Debug, Clone)]
pub struct Finished {
    /// How it ended.
    pub end: End,
    /// What it wrote to standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// For each line of standard output, and of standard error, how long after the program's start
    /// its end came. Of an unfinished line it is when the last part of it came. The times of only
    /// the first 10,000 lines of a stream are known.
    pub line_times: [Vec<Duration>; 2],
    /// Wall time from its start to its end.
    pub time: Duration,
    /// A process that it started kept its output open for longer than [`GRACE`] after its end.
    pub leak: Option<Leak>,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, with this exit code, or by this signal.
    Exited(ExitStatus),
    /// Its time limit was reached.
    TimedOut,
    /// It wrote too much.
    TooMuchOutput,
    /// It had too many processes.
    TooManyProcesses,
    /// It used too much memory.
    TooMuchMemory,
    /// Everything was cancelled.
    Cancelled,
}

/// What became of a process that keeps a program's output open after the program's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leak {
    /// It was killed.
    Killed,
    /// It left the program's process group, so it cannot be found. It may still be running.
    Escaped,
}

/// How long a stream may stay open after the end of its program.
pub const GRACE: Duration = Duration::from_millis(500);

/// How long a stream may stay open when no process is left in the group. The threads that read it may
/// have to wait for a core. And when another thread starts a program, that program holds every open
/// pipe for a moment.
const LONG_GRACE: Duration = Duration::from_secs(5);

/// The shortest and the longest pause between two looks at a program. If another process keeps the
/// output open, the end of the program wakes nobody, so we have to look. The first pauses are short,
/// and so is the one after a stream has closed, because the program is about to end then.
const MIN_PAUSE: Duration = Duration::from_micros(200);
const MAX_PAUSE: Duration = Duration::from_millis(50);

/// Runs a program to its end: without a shell, with empty standard input, in a process group of its
/// own (on Windows, in a job), and in a [cleaned](environment) environment. Kills what is left of
/// the group at the end.
///
/// # Errors
/// When the program cannot be started.
pub fn run(mut command: Command, limits: Limits, cancel: &Cancel) -> io::Result<Finished> {
    environment::clean(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());

    let one_core = if limits.one_core { Some(OneCore::enter()?) } else { None };
    let start = Instant::now();
    let mut group = Group::spawn(command)?;
    if let Some(one_core) = &one_core {
        one_core.leave();
    }
    let mut output = group.output()?;
    let mut end = wait(&mut group, &mut output, start, limits, cancel)?;
    let time = start.elapsed();

    // What the program wrote is in the pipes. Only another process can keep them open now.
    if let End::Exited(_) = end {
        output.drain(GRACE, OUTPUT_LIMIT, cancel);
        if output.bytes() > OUTPUT_LIMIT {
            end = End::TooMuchOutput;
        }
    }
    let has_exited = matches!(end, End::Exited(_));
    let still_open = output.is_open();
    let others_killed = group.kill_and_wait();
    output.drain(LONG_GRACE, OUTPUT_LIMIT, cancel);
    let mut leak = None;
    if output.is_open() && cancel.is_set() {
        // The wait was too short to know which process keeps it open.
        end = End::Cancelled;
    } else if output.is_open() && output.bytes() <= OUTPUT_LIMIT {
        leak = Some(Leak::Escaped);
    } else if has_exited && still_open && others_killed {
        leak = Some(Leak::Killed);
    }
    let line_times = output.captured.each_ref().map(|captured| captured.line_times(start));
    let [stdout, stderr] = output.captured.map(|captured| captured.bytes);
    Ok(Finished { end, stdout, stderr, line_times, time, leak })
}

/// Waits for the end of a program, or for a reason to end it.
fn wait(
    group: &mut Group,
    output: &mut Output,
    start: Instant,
    limits: Limits,
    cancel: &Cancel,
) -> io::Result<End> {
    let mut next_usage = start + MAX_PAUSE;
    let mut pause = MIN_PAUSE;
    loop {
        if let Some(status) = group.child.try_wait()? {
            let interrupted = was_interrupted(status, cancel);
            return Ok(if interrupted { End::Cancelled } else { End::Exited(status) });
        }
        if cancel.is_set() {
            return Ok(End::Cancelled);
        }
        if output.bytes() > OUTPUT_LIMIT {
            return Ok(End::TooMuchOutput);
        }
        if Instant::now() >= next_usage {
            let usage = usage::of_group(group.child.id());
            if usage.processes > limits.processes {
                return Ok(End::TooManyProcesses);
            }
            if usage.memory > limits.memory {
                return Ok(End::TooMuchMemory);
            }
            next_usage = Instant::now() + MAX_PAUSE;
        }
        let left = limits.time.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(End::TimedOut);
        }
        let was_open = output.is_open();
        output.receive(pause.min(left));
        let has_closed = was_open && !output.is_open();
        pause = if has_closed { MIN_PAUSE } else { MAX_PAUSE.min(pause * 2) };
    }
}

/// Whether a program ended by the Ctrl-C that cancels everything. That Ctrl-C also reaches a program
/// that does not have its own process group yet, and may do so before `cancel` is set.
pub(crate) fn was_interrupted(status: ExitStatus, cancel: &Cancel) -> bool {
    let start = Instant::now();
    while is_interrupt(status) && !cancel.is_set() && start.elapsed() < GRACE {
        thread::sleep(MIN_PAUSE);
    }
    is_interrupt(status) && cancel.is_set()
}

#[cfg(unix)]
fn is_interrupt(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(nix::libc::SIGINT)
}

#[cfg(windows)]
fn is_interrupt(status: ExitStatus) -> bool {
    /// See the list of NTSTATUS values.
    const STATUS_CONTROL_C_EXIT: u32 = 0xC000_013A;
    status.code() == Some(STATUS_CONTROL_C_EXIT.cast_signed())
}

/// A program and everything that it started, except what left its process group.
struct Group {
    child: Box<dyn ChildWrapper>,
}

impl Group {
    fn spawn(command: Command) -> io::Result<Self> {
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(JobObject);
        Ok(Self { child: command.spawn()? })
    }

    fn output(&mut self) -> io::Result<Output> {
        let stdout = self.child.stdout().take().expect("standard output is a pipe");
        let stderr = self.child.stderr().take().expect("standard error is a pipe");
        Output::read(stdout, stderr)
    }

    /// Kills what is left of the group. Returns whether anything was left.
    fn kill_and_wait(&mut self) -> bool {
        let something_left = self.child.start_kill().is_ok();
        // This takes microseconds, unless the system itself is stuck.
        let start = Instant::now();
        while start.elapsed() < GRACE && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(MIN_PAUSE);
        }
        something_left
    }
}

impl Drop for Group {
    /// After an error, or a panic, nothing keeps running.
    fn drop(&mut self) {
        self.kill_and_wait();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const NO_LIMITS: Limits = Limits {
        time: Duration::from_secs(60),
        processes: usize::MAX,
        memory: u64::MAX,
        one_core: false,
    };

    fn cancel_after(time: Duration, cancel: &Cancel, work: impl FnOnce()) {
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(time);
                cancel.set();
            });
            work();
        });
    }

    #[test]
    fn a_cancelled_wait_blames_no_process() {
        let mut command = Command::new("sh");
        command.args(["-c", "setsid sleep 5 & exit 0"]);
        let cancel = Cancel::default();
        cancel_after(Duration::from_millis(300), &cancel, || {
            let finished = run(command, NO_LIMITS, &cancel).unwrap();
            assert_eq!((finished.end, finished.leak), (End::Cancelled, None));
        });
    }

    #[test]
    fn a_program_ended_by_the_same_ctrl_c_was_cancelled() {
        use std::os::unix::process::ExitStatusExt;

        let interrupt = ExitStatus::from_raw(nix::libc::SIGINT);
        assert!(!was_interrupted(interrupt, &Cancel::default()));
        let cancel = Cancel::default();
        cancel_after(Duration::from_millis(100), &cancel, || {
            assert!(was_interrupted(interrupt, &cancel));
        });
        assert!(!was_interrupted(ExitStatus::from_raw(nix::libc::SIGTERM), &cancel));
        assert!(!was_interrupted(ExitStatus::from_raw(0), &cancel));
    }
}
