//! Work that shares nothing is dealt out to workers: threads, processes or whole machines.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Pool(2)`, `ray.init()`, `mpiexec -n 2` | `-w 2` for threads, `-n 2 -p 0` and `-n 2 -p 1` for processes |
//! | `rank`, `size` of `MPI.COMM_WORLD` | `worker.index()`, `worker.peers()` |
//! | `pool.map(f, items, chunksize)`, `f.remote(item)` | `exchange`, which deals the items out, then `map` |
//! | `ray.get(results)`, `comm.gather(result)` | `exchange` to worker 0 |
//!
//! In `pool_map` one process has the work and the others wait for orders. Here all workers are
//! alike, and run the same function: it describes how data flows through all of them. To move a
//! number from one machine to another takes longer than to test it, so the items are blocks of
//! numbers, and the results are counts.
//!
//! ```text
//! $ cargo run -p examples-distributed --bin distributed_map -- 100000 -w 2
//! worker 0 tested 50000 numbers
//! worker 1 tested 50000 numbers
//! There are 9592 primes below 100000
//! Total time taken: 0.15 second(s)
//! ```
//!
//! Without an argument N is 1000000, one worker tests them all, and the limit `-t` for more than
//! one process is 600 seconds.
//!
//! **Always:** who tests which block, and the sum. Two processes with a worker each print the
//! same lines between them: each those of its own workers, process 0 the result. Before that
//! timely may say for whom it waits.
//!
//! **May differ:** the time. Two workers need little more than half of it, if two cores are free.
//!
//! **Try:** leave out the first `exchange`. The result is the same, but all work stays where it
//! began, with worker 0.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, io, panic, process, thread};

use timely::Config;
use timely::dataflow::operators::vec::{Map, ToStream};
use timely::dataflow::operators::{Exchange, Inspect};

/// How many numbers go to a worker as one piece of work.
const BLOCK: u64 = 1000;

fn main() {
    let (n, config) = from_arguments();

    // Every worker of every process runs this function, and so builds the same dataflow.
    let workers = timely::execute(config, move |worker| {
        let start = Instant::now();
        let index = worker.index();
        let tested = Rc::new(Cell::new(0));
        let primes = Rc::new(Cell::new(0));

        worker.dataflow::<u64, _, _>(|scope| {
            let (tested, primes) = (Rc::clone(&tested), Rc::clone(&primes));
            // Worker 0 has all the work to begin with.
            let all = if index == 0 { 0..n } else { 0..0 };
            // Block 5 goes to worker 5; to worker 1 where there are four.
            all.step_by(BLOCK as usize)
                .map(move |start| start..n.min(start + BLOCK))
                .to_stream(scope)
                .exchange(|numbers| numbers.start / BLOCK)
                .map(move |numbers| {
                    tested.set(tested.get() + numbers.end - numbers.start);
                    primes_among(numbers)
                })
                .exchange(|_| 0)
                .inspect(move |count| primes.set(primes.get() + count));
        });
        // So far nothing has been computed: each step lets the data flow a little.
        while worker.step_or_park(None) {}
        (index, tested.get(), primes.get(), start.elapsed())
    });

    let mut result = None;
    for worker in workers.unwrap_or_else(|problem| fail(&problem)).join() {
        let (index, tested, primes, time) = worker.expect("the worker does not panic");
        println!("worker {index} tested {tested} numbers");
        if index == 0 {
            result = Some((primes, time));
        }
    }
    // Worker 0 is in one process only.
    if let Some((primes, time)) = result {
        println!("There are {primes} primes below {n}");
        println!("Total time taken: {:.2} second(s)", time.as_secs_f64());
    }
}

fn primes_among(numbers: Range<u64>) -> u64 {
    let is_prime = |n: &u64| *n > 1 && (2..).take_while(|d| d * d <= *n).all(|d| n % d != 0);
    numbers.filter(is_prime).count() as u64
}

// Here the lesson ends. The rest reads the command line, and ends a process that would wait for
// ever.

/// The N that the command line gives, or 1000000; and who works on it.
fn from_arguments() -> (u64, Config) {
    let (words, config) = config_from_arguments();
    match words.as_slice() {
        [] => (1_000_000, config),
        [n] => match n.parse() {
            Ok(n) => (n, config),
            Err(_) => refuse(&format!("N must be a whole number from 0 up, not \"{n}\"")),
        },
        [_, extra, ..] => refuse(&format!("unexpected argument \"{extra}\"")),
    }
}

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
        "error: {problem}; usage: distributed_map [N] [-w THREADS] \
         [-n PROCESSES -p PROCESS [-h HOSTS] [-t SECONDS]]"
    );
    process::exit(2)
}
