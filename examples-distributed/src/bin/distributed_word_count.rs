//! Data that has to move: each word goes to the worker that owns it, where all its counts meet.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `words.map(lambda word: (word, 1))`, of a Spark RDD | `lines.flat_map(words)` |
//! | `reduceByKey(add)`, which moves the words | `exchange(owner)`, then each worker counts what arrives |
//! | `collections.Counter(words)` | `HashMap`, each worker's for the words that it owns |
//! | `counts.collect()` | `exchange` to worker 0 |
//! | `comm.bcast(problem)` of mpi4py | `broadcast` |
//!
//! No worker sees the whole text, and none can stop alone: the others would wait for it. So a
//! problem with a file is sent to all like data, and all end because of it.
//!
//! ```text
//! $ cargo run -p examples-distributed --bin distributed_word_count -- -w 2
//! worker 0: 3 line(s) read, 3 word(s) owned
//! worker 1: 2 line(s) read, 9 word(s) owned
//!       5 chuck
//!       4 a
//!       4 as
//!       4 wood
//!       4 woodchuck
//!       4 would
//!       3 could
//!       3 he
//!       3 much
//!       2 if
//! 38 words, 12 of them different
//! Total time taken: 0.00 second(s)
//! ```
//!
//! Without a file it counts the text below. The limit `-t` for more than one process is 600
//! seconds.
//!
//! **Always:** the same counts, however many workers there are and wherever they are. With as many
//! workers, each always reads the same lines and owns the same words.
//!
//! **May differ:** the time. To move a word costs about as much as to count it, so two workers gain
//! little.
//!
//! **Try:** let every worker count its own lines first, and send pairs of a word and its count.
//! The result is the same; in a long text most of what had to move stays where it is.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Seek, SeekFrom};
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, panic, process, thread};

use timely::Config;
use timely::dataflow::operators::vec::{Broadcast, Map, ToStream};
use timely::dataflow::operators::{Exchange, Inspect};

const TEXT: &str = "\
How much wood would a woodchuck chuck
If a woodchuck could chuck wood?
He would chuck, he would, as much as he could,
And chuck as much wood as a woodchuck would
If a woodchuck could chuck wood.
";

fn main() {
    let (files, config) = config_from_arguments();

    // Every worker of every process runs this function, and so builds the same dataflows.
    let workers = timely::execute(config, move |worker| {
        let start = Instant::now();
        let index = worker.index();
        let (lines, problem) = match read_shares(&files, index, worker.peers()) {
            Ok(lines) => (lines, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        let read = lines.len();

        let counts = Rc::new(RefCell::new(HashMap::<String, u64>::new()));
        let problems = Rc::new(RefCell::new(Vec::new()));
        worker.dataflow::<u64, _, _>(|scope| {
            let (counts, problems) = (Rc::clone(&counts), Rc::clone(&problems));
            let words = lines.to_stream(scope).flat_map(words);
            words.exchange(|word| owner(word)).inspect(move |word| {
                *counts.borrow_mut().entry(word.clone()).or_default() += 1;
            });
            problem.to_stream(scope).broadcast().inspect(move |problem| {
                problems.borrow_mut().push(problem.clone());
            });
        });
        while worker.step_or_park(None) {}
        // All workers have heard of the same problems here, so all come to the same decision.
        if let Some(problem) = problems.take().into_iter().min() {
            return Err(problem);
        }

        let counts = counts.take();
        let owned = counts.len();
        let all = Rc::new(RefCell::new(Vec::new()));
        worker.dataflow::<u64, _, _>(|scope| {
            let all = Rc::clone(&all);
            counts.to_stream(scope).exchange(|_| 0).inspect(move |(word, count)| {
                all.borrow_mut().push((*count, word.clone()));
            });
        });
        while worker.step_or_park(None) {}
        Ok((index, read, owned, all.take(), start.elapsed()))
    });

    let mut result = None;
    for worker in workers.unwrap_or_else(|problem| fail(&problem)).join() {
        let worker = worker.expect("the worker does not panic");
        let (index, read, owned, all, time) = worker.unwrap_or_else(|problem| refuse(&problem));
        println!("worker {index}: {read} line(s) read, {owned} word(s) owned");
        if index == 0 {
            result = Some((all, time));
        }
    }
    // Worker 0 is in one process only.
    if let Some((mut all, time)) = result {
        all.sort_by(|(one, word), (other, next)| other.cmp(one).then(word.cmp(next)));
        for (count, word) in all.iter().take(10) {
            println!("{count:7} {word}");
        }
        let total: u64 = all.iter().map(|(count, _)| count).sum();
        println!("{total} words, {} of them different", all.len());
        println!("Total time taken: {:.2} second(s)", time.as_secs_f64());
    }
}

fn words(line: String) -> Vec<String> {
    line.split_whitespace()
        .map(|word| word.trim_matches(|char: char| !char.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The number of the worker that counts this word, modulo the number of workers. A `HashMap` hashes
/// with a random key, so that two processes would disagree.
fn owner(word: &str) -> u64 {
    word.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(byte.into()))
}

/// What one worker reads: its share of each file, or of the text above.
fn read_shares(files: &[String], index: usize, peers: usize) -> Result<Vec<String>, String> {
    if files.is_empty() {
        return share(Cursor::new(TEXT), index, peers).map_err(|error| error.to_string());
    }
    let mut lines = Vec::new();
    for file in files {
        let share = File::open(file).and_then(|open| share(BufReader::new(open), index, peers));
        let problem = |error| format!("worker {index} cannot read {file:?}: {error}");
        lines.extend(share.map_err(problem)?);
    }
    Ok(lines)
}

/// Cuts a text into equal parts, and reads the lines that begin in one of them.
fn share(mut text: impl BufRead + Seek, part: usize, parts: usize) -> io::Result<Vec<String>> {
    let length = text.seek(SeekFrom::End(0))?;
    let mut line_from = |cut: usize| {
        let Some(before) = (length * cut as u64 / parts as u64).checked_sub(1) else {
            return Ok(0);
        };
        text.seek(SeekFrom::Start(before))?;
        io::Result::Ok(before + text.skip_until(b'\n')? as u64)
    };
    let (begin, end) = (line_from(part)?, line_from(part + 1)?);
    text.seek(SeekFrom::Start(begin))?;
    text.take(end - begin).lines().collect()
}

// Here the lesson ends. The rest reads the command line, and ends a process that would wait for
// ever.

/// What timely makes of its options, and the words of the command line that are none.
fn config_from_arguments() -> (Vec<String>, Config) {
    let words = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let mut options = getopts::Options::new();
    Config::install_options(&mut options);
    options.optopt("t", "", "", "");
    let matches = options.parse(words).unwrap_or_else(|problem| refuse(&problem.to_string()));

    let number = |option: &str, least: u64, default: u64| {
        let Some(text) = matches.opt_str(option) else { return default };
        text.parse().ok().filter(|number| *number >= least).unwrap_or_else(|| {
            refuse(&format!("-{option} must be a whole number from {least} up, not \"{text}\""))
        })
    };
    let (_, processes, process, limit) =
        (number("w", 1, 1), number("n", 1, 1), number("p", 0, 0), number("t", 1, 600));
    let hosts = matches.opt_str("h");
    if process >= processes {
        refuse(&format!("-p must be below -n, which is {processes}, not {process}"));
    }
    if hosts.is_some() && processes == 1 {
        refuse("-h needs -n and -p: how many processes there are, and which of them this one is");
    }
    let config = Config::from_matches(&matches).unwrap_or_else(|problem| {
        refuse(&format!("cannot use the hosts file {:?}: {problem}", hosts.unwrap_or_default()))
    });
    if processes > 1 {
        never_wait_for_ever(limit);
    }
    (matches.free, config)
}

/// Timely waits without an end for a process that does not come or no longer answers. Where one
/// has died it panics, in every thread that notices: the first of them ends this process.
fn never_wait_for_ever(limit: u64) {
    panic::set_hook(Box::new(|panic| {
        let _others_stay_silent = io::stderr().lock();
        let panic = panic.to_string();
        match panic.split_once('\n') {
            Some((_, lost)) if lost.starts_with("timely communication error") => {
                fail(&format!("lost another process: {lost}"))
            }
            _ => fail(&panic),
        }
    }));
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(limit));
        fail(&format!(
            "no result after {limit} second(s): a process is missing, lost or slow; \
             -t SECONDS waits longer"
        ))
    });
}

fn fail(problem: &str) -> ! {
    eprintln!("error: {problem}");
    process::exit(1)
}

fn refuse(problem: &str) -> ! {
    eprintln!(
        "error: {problem}; usage: distributed_word_count [FILE]… [-w THREADS] \
         [-n PROCESSES -p PROCESS [-h HOSTS] [-t SECONDS]]"
    );
    process::exit(2)
}
