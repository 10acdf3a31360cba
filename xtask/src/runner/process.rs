//! Runs one program: bounded in time and in output, and all that it started ends with it.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(windows)]
use process_wrap::std::JobObject;
#[cfg(unix)]
use process_wrap::std::ProcessGroup;
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::runner::cancel::Cancel;
use crate::runner::cpu_time;
use crate::runner::group::{self, Usage};

/// What a program may use up.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Wall time from its start.
    pub time: Duration,
    /// Bytes of both streams together.
    pub output: usize,
    /// What it and all that it started may use together, where the system tells.
    pub group: Option<Usage>,
}

impl Limits {
    /// What is wrong with a program that was ended because of its output.
    pub fn too_much_output(&self) -> String {
        format!("it wrote more than {} MiB and was ended", self.output / (1024 * 1024))
    }
}

/// What became of a program.
#[derive(Debug)]
pub struct Finished {
    /// Who ended it.
    pub end: End,
    /// What it wrote to standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// Wall time from its start to its end.
    pub time: Duration,
    /// CPU time of it and of all that it started and waited for; where it was ended, of all in its
    /// group. `None` where the system does not tell.
    pub cpu: Option<Duration>,
    /// Its output was still open [`GRACE`] after its end.
    pub straggler: Option<Straggler>,
}

/// Who ended a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The program itself, with this exit code or by this signal.
    Own(ExitStatus),
    /// Its time was up.
    Time,
    /// It wrote too much.
    Output,
    /// It started too many processes.
    Processes,
    /// It used too much memory.
    Memory,
    /// Somebody stopped everything.
    Cancelled,
}

/// A process that a program started, and that holds the program's output open beyond its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Straggler {
    /// It was ended.
    Killed,
    /// It left the program's process group, so nobody here can find it. It may still run.
    Escaped,
}

/// How long a stream may stay open after the end of its program.
pub const GRACE: Duration = Duration::from_millis(500);

/// How long it may stay open when nobody is left in the group who could hold it. On a busy machine
/// the threads that read may have to wait for a core; and what another thread of ours is about to
/// start holds, for a moment, every pipe that there is.
const LONG_GRACE: Duration = Duration::from_secs(5);

/// Nothing tells a thread that waits for output that the program has ended while another process
/// keeps that output open. So it looks from time to time: soon after a stream has closed, as the
/// end is near then, and ever less often while nothing happens.
const LOOKS: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(50));

/// Runs a program to its end: without a shell, with nothing to read, in a process group of its
/// own, its environment [cleaned](clean). Whatever is left of the group is killed at the end.
///
/// # Errors
/// When the program cannot be started.
pub fn run(mut command: Command, limits: Limits, cancel: &Cancel) -> io::Result<Finished> {
    clean(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());

    let start = Instant::now();
    let mut tree = Tree::spawn(command)?;
    let mut output = Output::of(&mut tree)?;

    let mut next_count = start;
    let mut pause = LOOKS.0;
    let mut time = None;
    let mut end = loop {
        if let Some(status) = tree.try_wait()? {
            time = Some(start.elapsed());
            break if was_interrupted(status, cancel) { End::Cancelled } else { End::Own(status) };
        }
        if cancel.is_set() {
            break End::Cancelled;
        }
        if output.bytes() > limits.output {
            break End::Output;
        }
        if let Some(most) = limits.group
            && Instant::now() >= next_count
        {
            let usage = group::usage(tree.group());
            if usage.processes > most.processes {
                break End::Processes;
            }
            if usage.memory > most.memory {
                break End::Memory;
            }
            next_count = Instant::now() + LOOKS.1;
        }
        let left = limits.time.saturating_sub(start.elapsed());
        if left.is_zero() {
            break End::Time;
        }
        let was_open = output.is_open();
        output.receive(pause.min(left));
        pause = if was_open && !output.is_open() {
            LOOKS.0
        } else {
            LOOKS.1.min(pause.saturating_mul(2))
        };
    };
    let time = time.unwrap_or_else(|| start.elapsed());
    // Nobody waits for the children of a program that is ended: they are asked while they live.
    let cpu = match end {
        End::Own(_) => tree.cpu,
        _ => group::cpu_time(tree.group()),
    };

    // What the program wrote before its end is in the pipes: only somebody else can keep them open.
    if let End::Own(_) = end {
        output.drain(GRACE, limits.output, cancel);
        if output.bytes() > limits.output {
            end = End::Output;
        }
    }
    let ended_open = matches!(end, End::Own(_)) && output.is_open();
    let others = tree.kill();
    drop(tree);
    let mut straggler = None;
    if output.is_open() {
        output.drain(LONG_GRACE, limits.output, cancel);
        if output.is_open() && cancel.is_set() {
            // Nobody waited long enough to know who holds it.
            end = End::Cancelled;
        } else if output.is_open() && output.bytes() <= limits.output {
            straggler = Some(Straggler::Escaped);
        } else if ended_open && others {
            straggler = Some(Straggler::Killed);
        }
    }
    let [stdout, stderr] = output.captured;
    Ok(Finished { end, stdout, stderr, time, cpu, straggler })
}

/// Whether a program has ended by the Ctrl-C that stops everything: it reaches a program that is
/// about to get its process group, too, and may do so before `cancel` is set.
fn was_interrupted(status: ExitStatus, cancel: &Cancel) -> bool {
    let start = Instant::now();
    while is_interrupt(status) && !cancel.is_set() && start.elapsed() < GRACE {
        thread::sleep(LOOKS.0);
    }
    is_interrupt(status) && cancel.is_set()
}

#[cfg(unix)]
fn is_interrupt(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(nix::libc::SIGINT)
}

#[cfg(not(unix))]
fn is_interrupt(_: ExitStatus) -> bool {
    false
}

/// A program and all that it started, save what left its process group. Killed when dropped.
pub struct Tree {
    child: Box<dyn ChildWrapper>,
    /// CPU time of what has ended so far, as far as the system tells.
    cpu: Option<Duration>,
}

impl Tree {
    /// Starts a program as the head of a process group (on Windows: of a job) of its own.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn spawn(command: Command) -> io::Result<Self> {
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(JobObject);
        Ok(Self { child: command.spawn()?, cpu: None })
    }

    /// How the program ended, or `None` while it runs.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        let (status, cpu) = cpu_time::of_the_ended(|| self.child.try_wait());
        self.cpu = cpu.map(|cpu| cpu + self.cpu.unwrap_or_default());
        status
    }

    /// The number of its process group.
    fn group(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program and all of its group. Says whether there was anything left to end.
    fn kill(&mut self) -> bool {
        self.child.start_kill().is_ok()
    }

    /// The program's standard output, where it is a pipe that nobody took yet.
    pub fn take_stdout(&mut self) -> Option<impl Read + Send + 'static> {
        self.child.stdout().take()
    }
}

impl Drop for Tree {
    /// Ends the program and all of its group, and waits for the program's end, which is a matter of
    /// microseconds unless the system itself is stuck.
    fn drop(&mut self) {
        self.kill();
        let start = Instant::now();
        while start.elapsed() < GRACE && matches!(self.try_wait(), Ok(None)) {
            thread::sleep(LOOKS.0);
        }
    }
}

/// The two streams of a program, read by a thread each: a pipe cannot be read with a time limit.
/// A thread whose pipe never closes is left behind; it ends with its next piece, as nobody
/// receives it.
struct Output {
    captured: [Vec<u8>; 2],
    /// `None` once both streams are closed.
    pieces: Option<Receiver<(usize, Vec<u8>)>>,
}

impl Output {
    fn of(tree: &mut Tree) -> io::Result<Self> {
        // Bounded, so that a program that writes faster than we collect has to wait.
        let (sender, pieces) = mpsc::sync_channel(8);
        if let Some(stdout) = tree.child.stdout().take() {
            read(0, stdout, sender.clone())?;
        }
        if let Some(stderr) = tree.child.stderr().take() {
            read(1, stderr, sender)?;
        }
        Ok(Self { captured: [Vec::new(), Vec::new()], pieces: Some(pieces) })
    }

    fn is_open(&self) -> bool {
        self.pieces.is_some()
    }

    fn bytes(&self) -> usize {
        self.captured.iter().map(Vec::len).sum()
    }

    /// Waits for one piece, for the end of both streams, or as long as told.
    fn receive(&mut self, patience: Duration) {
        let Some(pieces) = &self.pieces else { return thread::sleep(patience) };
        match pieces.recv_timeout(patience) {
            Ok((stream, piece)) => self.captured[stream].extend(piece),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.pieces = None,
        }
    }

    /// Waits for the end of both streams, as long as told.
    fn drain(&mut self, patience: Duration, limit: usize, cancel: &Cancel) {
        let start = Instant::now();
        while self.is_open() && self.bytes() <= limit && start.elapsed() < patience {
            // Not all of the patience at once: Ctrl-C may come.
            self.receive(LOOKS.1);
            if cancel.is_set() && start.elapsed() > 2 * LOOKS.1 {
                break;
            }
        }
    }
}

fn read(
    stream: usize,
    mut from: impl Read + Send + 'static,
    to: SyncSender<(usize, Vec<u8>)>,
) -> io::Result<()> {
    thread::Builder::new().name("output".to_owned()).spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let piece = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => buffer[..length].to_vec(),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            if to.send((stream, piece)).is_err() {
                break;
            }
        }
    })?;
    Ok(())
}

/// Takes out of a program's environment what would make its output another one here than
/// elsewhere.
pub fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if changes_output(&name) {
            command.env_remove(name);
        }
    }
}

fn changes_output(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    match name {
        // These say where things are: a command that is itself a `cargo run` needs them.
        "CARGO_HOME" | "CARGO_TARGET_DIR" => false,
        // `cargo run` describes its package in `CARGO` and `CARGO_…`. A program that is started
        // without Cargo does not have them.
        "CARGO" | "OUT_DIR" => true,
        // Libraries of the toolchain, again by `cargo run`: a program that finds one only here
        // would fail elsewhere.
        "LD_LIBRARY_PATH" | "DYLD_LIBRARY_PATH" | "DYLD_FALLBACK_LIBRARY_PATH" => true,
        // What a panic prints, and what is logged.
        "RUST_BACKTRACE" | "RUST_LIB_BACKTRACE" | "RUST_LOG" | "RUST_LOG_STYLE" => true,
        // Colours, and how wide a terminal is: there is none.
        "NO_COLOR" | "CLICOLOR" | "CLICOLOR_FORCE" | "FORCE_COLOR" => true,
        "COLUMNS" | "LINES" => true,
        // How many threads a pool has.
        "RAYON_NUM_THREADS" | "TOKIO_WORKER_THREADS" => true,
        _ => name.starts_with("CARGO_"),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn whose_end_is_not_waited_for_is_not_accused() {
        let mut command = Command::new("sh");
        command.args(["-c", "setsid sleep 5 & exit 0"]);
        let limits = Limits { time: Duration::from_secs(60), output: 1, group: None };
        let cancel = Cancel::default();
        let finished = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(300));
                cancel.set();
            });
            run(command, limits, &cancel).unwrap()
        });
        assert_eq!((finished.end, finished.straggler), (End::Cancelled, None));
    }

    #[test]
    fn what_ctrl_c_has_ended_too_was_cancelled() {
        let end = |cancel: &Cancel| {
            let mut command = Command::new("sh");
            command.args(["-c", "kill -INT $$"]);
            let limits = Limits { time: Duration::from_secs(60), output: 1, group: None };
            run(command, limits, cancel).unwrap().end
        };
        assert!(matches!(end(&Cancel::default()), End::Own(_)));
        let cancel = Cancel::default();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(100));
                cancel.set();
            });
            assert_eq!(end(&cancel), End::Cancelled);
        });
    }

    #[test]
    fn the_cpu_time_of_an_ended_program_is_that_of_all_its_group() {
        let mut command = Command::new("sh");
        command.args(["-c", "while :; do :; done & sleep 60"]);
        let limits = Limits { time: Duration::from_secs(1), output: 1, group: None };
        let finished = run(command, limits, &Cancel::default()).unwrap();
        assert_eq!(finished.end, End::Time);
        // The shell and its `sleep` do next to nothing.
        assert!(finished.cpu.unwrap() >= Duration::from_millis(20), "{finished:?}");
    }
}
