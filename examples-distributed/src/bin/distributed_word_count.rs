//! Each word moves to the worker that owns it, so that all its occurrences are counted in one place.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `lines.flatMap(words)`, of a Spark RDD | `lines.flat_map(words)` |
//! | `groupByKey()`, which moves every word to its owner | `exchange(owner)` |
//! | `collections.Counter(words)` | a `HashMap`, for the words that this worker owns |
//! | `counts.collect()` | `exchange` to worker 0 |
//! | `comm.allgather(problem)` of mpi4py | `broadcast`, by every worker |
//!
//! If there are several workers, each reads only its part of the text. None can stop alone, because
//! the others would wait for it. So a worker that cannot read a file sends the problem to all workers,
//! and all of them end.
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
//! Without a file it counts the text below. A word is what stands between white space, in lower
//! case, without the punctuation at its ends. The program prints the ten most frequent words. Words
//! with the same count are in alphabetical order.
//!
//! **Always:** the same counts, however many workers there are and wherever they run, because a
//! word's letters decide which worker owns it. Each line is read by exactly one worker, the one in
//! whose part of the file it begins.
//!
//! **May differ:** the time. Moving a word costs about as much as counting it, so two workers gain
//! little, or even lose time.
//!
//! **Try:** remove `.exchange(|word| owner(word))`. With `-w 2`, words that both workers have read
//! are printed twice, each time with a part of their count. (The compiler warns that `owner` is not
//! used.) Then put `.exchange(|word| word.len() as u64)` there. The counts are right again, but the
//! workers own other words.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Seek, SeekFrom};
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, panic, process, thread};

use timely::dataflow::operators::vec::{Broadcast, Map, ToStream};
use timely::dataflow::operators::{Exchange, Inspect};
use timely::{CommunicationConfig, Config};

const TEXT: &str = "\
How much wood would a woodchuck chuck
If a woodchuck could chuck wood?
He would chuck - he would - as much as he could,
And chuck as much wood as a woodchuck would
If a woodchuck could chuck wood.
";

fn main() {
    let (files, config) = arguments();

    // Every worker of every process runs this function, so all of them build the same dataflows.
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
        // All workers have received the same problems, so all of them decide the same.
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
    for worker in workers.unwrap_or_else(|error| fail(&error)).join() {
        let worker = worker.expect("the worker does not panic");
        let (index, read, owned, all, time) = worker.unwrap_or_else(|problem| refuse(&problem));
        println!("worker {index}: {read} line(s) read, {owned} word(s) owned");
        if index == 0 {
            result = Some((all, time));
        }
    }
    // Only one process has worker 0.
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

/// Returns the number of the worker that owns the word, modulo the number of workers. All workers have
/// to agree on it, so it cannot be the hash of a `HashMap`: each `HashMap` has its own random key.
fn owner(word: &str) -> u64 {
    word.bytes().fold(0, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(byte.into()))
}

/// Returns the lines that one worker reads: its share of each file, or of the text above.
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

/// Divides a text into equal parts, and returns the lines that begin in one of them.
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

// The rest reads the command line, and ends a process that would wait forever.

/// Returns the words of the command line that are not options, and timely's options.
fn arguments() -> (Vec<String>, Config) {
    let mut options = getopts::Options::new();
    Config::install_options(&mut options);
    options.optopt("t", "", "", "");
    let matches = options.parse(env::args().skip(1));
    let matches = matches.unwrap_or_else(|error| refuse(&error.to_string()));
    let config = Config::from_matches(&matches)
        .unwrap_or_else(|error| refuse(&format!("cannot use these options: {error}")));
    if let CommunicationConfig::Cluster { process, addresses, .. } = &config.communication {
        if *process >= addresses.len() {
            refuse("-p must be less than -n");
        }
        let limit = matches.opt_get_default("t", 600);
        never_wait_forever(limit.unwrap_or_else(|_| refuse("-t must be a whole number")));
    }
    (matches.free, config)
}

/// Timely waits forever for a process that is missing or silent. If one dies, timely panics in every
/// thread that notices: the first of them ends this process.
fn never_wait_forever(limit: u64) {
    panic::set_hook(Box::new(|panic| {
        let _only_the_first = io::stderr().lock();
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

fn fail(error: &str) -> ! {
    eprintln!("error: {error}");
    process::exit(1)
}

fn refuse(error: &str) -> ! {
    let options = "[-w THREADS] [-n PROCESSES -p PROCESS [-h HOSTS] [-t SECONDS]]";
    eprintln!("error: {error}; usage: distributed_word_count [FILE]… {options}");
    process::exit(2)
}
