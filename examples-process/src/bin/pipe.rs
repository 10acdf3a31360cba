//! A program can talk to a child through two pipes: the child's standard input and standard output.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Popen([…], stdin=PIPE, stdout=PIPE)` | `Command` with `.stdin(Stdio::piped()).stdout(Stdio::piped())` |
//! | `communicate(text)`, which writes and reads at the same time | a thread that writes, while `main` reads |
//! | `child.stdin.close()` | the end of the function that owns the `ChildStdin` |
//! | `for line in sys.stdin` | `for line in io::stdin().lines()` |
//!
//! The child is this program again. It answers each number with its square. A pipe holds a limited
//! amount, and the numbers do not fit into it. If `main` first wrote all of them, the pipe of the
//! answers would become full, because `main` does not read yet. Then the child would wait for
//! `main`, and `main` for the child.
//!
//! ```text
//! $ cargo run -p examples-process --bin pipe
//! 50000 answers, from 1 to 2500000000
//! Process 4243 has reached the end of its input
//! Process 4243 has ended with success: true
//! ```
//!
//! **Always:** these lines, with the same id twice. The child writes its last line when the writing
//! thread has closed the pipe of the numbers, and `main` prints the third line when the child has
//! ended.
//!
//! **May differ:** the id.
//!
//! **Try:** append `.join().expect("the child reads all numbers")` to `thread::spawn(…)`, and remove
//! `let writer =` and the line `writer.join()…`. Now `main` reads only after all numbers have been
//! written. Both processes wait for each other, and the program never ends.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::{self, ChildStdin, Command, Stdio};
use std::{env, thread};

fn main() {
    match env::args().nth(1).as_deref() {
        Some("child") => answer_numbers(),
        // This environment variable marks a child. If its argument is lost by mistake, the child
        // ends instead of starting one more child.
        None if env::var_os("PIPE_CHILD").is_none() => talk_to_child(),
        _ => {
            eprintln!("error: only a child gets an argument, and it is `child`; usage: pipe");
            process::exit(2)
        }
    }
}

fn talk_to_child() {
    let program = env::current_exe().expect("the system knows the path of this program");
    let mut command = Command::new(program);
    command.arg("child").env("PIPE_CHILD", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts again");

    let numbers = child.stdin.take().expect("the input is a pipe");
    let answers = BufReader::new(child.stdout.take().expect("the output is a pipe"));
    let writer = thread::spawn(|| write_numbers(numbers));
    // The lines end when the child has ended, because the child has the only other end of the pipe.
    let mut answers: Vec<_> = answers.lines().map(|line| line.expect("it is text")).collect();
    writer.join().expect("the child reads all numbers");
    let status = child.wait().expect("the system says how the child has ended");

    let last_line = answers.pop().expect("the child has written a line");
    println!("{} answers, from {} to {}", answers.len(), answers[0], answers[answers.len() - 1]);
    println!("{last_line}");
    println!("Process {} has ended with success: {}", child.id(), status.success());
}

fn write_numbers(pipe: ChildStdin) {
    let mut pipe = BufWriter::new(pipe);
    for n in 1..=50_000 {
        writeln!(pipe, "{n}").expect("the child reads all numbers");
    }
    pipe.flush().expect("the child reads all numbers");
    // The end of this function closes the pipe. Otherwise the child would wait for more numbers.
}

fn answer_numbers() {
    let mut output = BufWriter::new(io::stdout());
    for line in io::stdin().lines() {
        let n: u64 = line.expect("it is text").parse().expect("main writes numbers");
        writeln!(output, "{}", n * n).expect("main reads all answers");
    }
    writeln!(output, "Process {} has reached the end of its input", process::id())
        .expect("main reads all answers");
}
