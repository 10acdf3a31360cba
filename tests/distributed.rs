//! The distributed examples as several processes, which no snapshot can show: `examples.rs` holds
//! one process to its snapshot, here two are held to what one prints, and to their end when the
//! other one is missing, silent or dead.

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use xtask::build::{BuildOptions, build};
use xtask::cancel::Cancel;
use xtask::workspace::Workspace;

/// The workspace, and the folder of the built programs.
static PROGRAMS: LazyLock<(PathBuf, PathBuf)> = LazyLock::new(|| {
    let workspace = Workspace::load(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a workspace");
    let lessons = workspace.lessons.iter().filter(|lesson| lesson.topic == "distributed");
    let options = BuildOptions { release: false, quiet: true };
    let programs = build(&workspace.root, lessons, options, &Cancel::default());
    let programs = programs.expect("the examples build");
    let folder = programs["distributed_map"].parent().expect("a file is in a folder").to_owned();
    (workspace.root, folder)
});

#[test]
fn two_processes_print_what_one_does() {
    for words in [
        ["distributed_map", "20000"].as_slice(),
        &["distributed_map", "0"],
        &["distributed_word_count"],
        &["distributed_word_count", "LICENSE", "CONTRIBUTING.md"],
    ] {
        for threads in [1, 2] {
            let one = output(command(words).args(["-w", &(2 * threads).to_string()]));
            assert!(one.status.success(), "{one:?}");
            let [first, second] = run_two(&[words, words], &["-w", &threads.to_string()]);
            for output in [&first, &second] {
                assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
            }
            // Each process has the lines of its own workers, and the first one the result.
            let (first, second) = (lines(&first), lines(&second));
            let (workers, result) = first.split_at(threads);
            assert_eq!([workers, &*second, result].concat(), lines(&one), "{words:?}");
        }
    }
}

/// The blocks that are dealt out say which numbers they have.
#[test]
fn the_first_process_says_how_many_numbers_there_are() {
    let few = ["distributed_map", "5000"].as_slice();
    for other in ["200", "70000"] {
        let [first, second] = run_two(&[few, &["distributed_map", other]], &[]);
        assert_eq!(
            lines(&first)[..2],
            ["worker 0 tested 3000 numbers", "There are 669 primes below 5000"]
        );
        assert_eq!(lines(&second), ["worker 1 tested 2000 numbers"]);
    }
}

#[test]
fn a_file_that_one_process_cannot_read_ends_both() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("the folder can be written to");
        path.to_str().expect("a path that is UTF-8").to_owned()
    };
    let good = file("good", b"one\ntwo\nthree\nfour\n");
    let latin = file("latin", b"one\ntwo\nthree\nfour, caf\xe9\n");
    let missing = file("missing", b"");
    fs::remove_file(&missing).expect("it was there");

    let both = |path| ["distributed_word_count", path];
    for [first, second] in
        [[&*good, &missing], [&missing, &good], [&missing, &missing], [&latin, &latin]]
    {
        let outputs = run_two(&[&both(first), &both(second)], &[]);
        for output in &outputs {
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert_eq!(lines(output), [""; 0]);
        }
        let [first, second] = outputs.map(|output| text(&output.stderr));
        assert_eq!(first, second);
        let named = first.contains("missing\": ") || first.contains("latin\": ");
        assert!(first.starts_with("error: worker ") && named, "{first}");
    }
}

#[test]
fn a_process_ends_when_another_one_dies() {
    for survivor in 0..2 {
        let hosts = Hosts::new();
        let mut processes = [0, 1].map(|process| {
            // With so many numbers it would compute for days.
            let mut command = command(&["distributed_map", "1000000000000", "--report"]);
            hosts.add_to(&mut command, process);
            Running::start(command)
        });
        for process in &mut processes {
            process.wait_for_line("initialization complete");
        }
        let start = Instant::now();
        processes[1 - survivor].child.kill().expect("it is there");
        let output = processes.into_iter().nth(survivor).expect("one of two").output();
        assert_eq!(output.status.code(), Some(1));
        let error = text(&output.stderr);
        assert!(error.starts_with("error: lost another process: timely comm"), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn nobody_waits_longer_than_the_limit_for_a_process_that_does_not_come() {
    let hosts = Hosts::new();
    for (process, waits) in [(0, "awaiting connections"), (1, "error connecting to worker 0")] {
        let mut command = command(&["distributed_word_count", "-t", "1"]);
        hosts.add_to(&mut command, process);
        let output = output(&mut command);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stdout).contains(waits), "{output:?}");
        assert!(text(&output.stderr).starts_with("error: no result after 1 second"), "{output:?}");
    }
}

#[test]
fn nobody_waits_longer_than_the_limit_for_a_process_that_is_silent() {
    let hosts = Hosts::new();
    let mut command = command(&["distributed_map", "1000", "-t", "6", "--report"]);
    hosts.add_to(&mut command, 0);
    let mut process = Running::start(command);
    process.wait_for_line("awaiting connections");
    // This is all that a process says of itself when it connects: its number.
    let mut stream = TcpStream::connect(&hosts.addresses[0]).expect("it awaits connections");
    stream.write_all(&1_u64.to_be_bytes()).expect("the connection is open");
    process.wait_for_line("initialization complete");
    let output = process.output();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error: no result after 6 second"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_process_that_waits() {
    use std::os::unix::process::ExitStatusExt;
    const SIGINT: i32 = 2;

    let hosts = Hosts::new();
    for (process, waits) in [(0, "awaiting connections"), (1, "error connecting to worker 0")] {
        let mut command = command(&["distributed_map"]);
        if is_ignored(SIGINT) {
            match with_default_sigint(&command) {
                Some(wrapped) => command = wrapped,
                None => return common::skip("SIGINT is ignored, and there is no python3"),
            }
        }
        hosts.add_to(&mut command, process);
        let mut process = Running::start(command);
        process.wait_for_line(waits);
        let id = process.child.id().to_string();
        let kill = Command::new("kill").args(["-INT", &id]).status().expect("`kill` can be run");
        assert!(kill.success());
        assert_eq!(process.output().status.signal(), Some(SIGINT));
    }
}

/// Whether this process, and so each that it starts, ignores a signal, as a shell makes programs in
/// the background do. Known on Linux only.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// The same command, but SIGINT ends it.
#[cfg(unix)]
fn with_default_sigint(command: &Command) -> Option<Command> {
    const WRAPPER: &str = "import os, signal, sys\n\
                           signal.signal(signal.SIGINT, signal.SIG_DFL)\n\
                           os.execv(sys.argv[1], sys.argv[1:])";
    Command::new("python3").arg("--version").output().ok()?;
    let mut python = Command::new("python3");
    python.args(["-c", WRAPPER]).arg(command.get_program()).args(command.get_args());
    python.current_dir(command.get_current_dir()?);
    Some(python)
}

#[cfg(target_os = "linux")]
#[test]
fn two_hosts_print_what_one_does() {
    let (root, programs) = &*PROGRAMS;
    let output = output(Command::new("bash").arg(root.join("tests/two_hosts.sh")).arg(programs));
    let report = text(&output.stdout);
    assert!(output.status.success(), "{report}{}", text(&output.stderr));
    if let Some((_, why)) = report.split_once("skipped: ") {
        common::skip(why.trim());
    }
}

/// A program of the examples and its arguments.
fn command(words: &[&str]) -> Command {
    let (root, programs) = &*PROGRAMS;
    let mut command = Command::new(programs.join(words[0]));
    command.args(&words[1..]).current_dir(root).env_remove("RUST_BACKTRACE");
    command
}

/// Runs both commands at the same time, as two processes on ports that are free.
fn run_two(commands: &[&[&str]; 2], arguments: &[&str]) -> [Output; 2] {
    loop {
        let hosts = Hosts::new();
        let [first, second] = [0, 1].map(|process| {
            let mut command = command(commands[process]);
            hosts.add_to(&mut command, process);
            Running::start_with(command, arguments)
        });
        let outputs = [first, second].map(Running::output);
        // Between our look and their start somebody else may have taken a port.
        if !outputs.iter().any(|output| text(&output.stderr).contains("Address already in use")) {
            return outputs;
        }
    }
}

fn output(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("it can be run")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The lines of a program, without those of timely, and without the time.
fn lines(output: &Output) -> Vec<String> {
    let text = text(&output.stdout);
    let lines = text.lines().filter(|line| {
        !line.starts_with("awaiting connections")
            && !line.contains("\terror connecting")
            && !line.starts_with("Total time taken: ")
    });
    lines.map(str::to_owned).collect()
}

/// Two addresses on this machine, and the file that tells timely of them.
struct Hosts {
    folder: TempDir,
    addresses: [String; 2],
}

impl Hosts {
    fn new() -> Self {
        // Both are held before one is let go, so they are two.
        let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
        let addresses =
            listeners.map(|listener| listener.local_addr().expect("it is bound").to_string());
        let folder = TempDir::new().expect("a temporary folder");
        fs::write(folder.path().join("hosts"), addresses.join("\n")).expect("it can be written to");
        Self { folder, addresses }
    }

    fn add_to(&self, command: &mut Command, process: usize) {
        command.args(["-n", "2", "-p", &process.to_string(), "-h"]);
        command.arg(self.folder.path().join("hosts"));
    }
}

/// A process whose output is read, and that is killed if it runs for too long.
struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    seen: Vec<u8>,
}

impl Running {
    fn start(command: Command) -> Self {
        Self::start_with(command, &[])
    }

    fn start_with(mut command: Command, arguments: &[&str]) -> Self {
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it can be run");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, stdout, seen: Vec::new() }
    }

    fn wait_for_line(&mut self, part: &str) {
        loop {
            let mut line = String::new();
            let length = self.stdout.read_line(&mut line).expect("UTF-8");
            assert_ne!(length, 0, "it ended before it said \"{part}\"");
            self.seen.extend(line.bytes());
            if line.contains(part) {
                return;
            }
        }
    }

    fn output(mut self) -> Output {
        let end = Instant::now() + Duration::from_secs(60);
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it is ours") {
                break status;
            }
            assert!(Instant::now() < end, "it still runs after a minute");
            thread::sleep(Duration::from_millis(10));
        };
        let (mut stdout, mut stderr) = (std::mem::take(&mut self.seen), Vec::new());
        self.stdout.read_to_end(&mut stdout).expect("a pipe");
        let mut errors = self.child.stderr.take().expect("a pipe");
        errors.read_to_end(&mut stderr).expect("a pipe");
        Output { status, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An error says that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
