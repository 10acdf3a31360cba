//! Independent pieces of work are divided among workers, on one machine or on several.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `Pool(2)` of multiprocessing, `ray.init()` of Ray, `mpiexec -n 2` of MPI | `-w 2` for threads; `-n 2 -p 0` and `-n 2 -p 1` for processes |
//! | `comm.rank`, `comm.size` of mpi4py | `worker.index()`, `worker.peers()` |
//! | `pool.map(f, items, chunksize)` of multiprocessing, `f.remote(item)` of Ray | `exchange`, which deals the items out, then `map` |
//! | `ray.get(results)` of Ray, `comm.gather(result)` of mpi4py | `exchange` to worker 0 |
//!
//! A worker is a thread. The workers may belong to one process, to several processes, or to
//! processes on several machines. In `pool_map` the main process hands out calls, and the other
//! processes only answer. Here there is no main process: all workers run the same function, and a
//! step of the dataflow moves the work from worker 0 to the others. Sending a number to another
//! machine takes longer than testing it, so the items are blocks of numbers.
//!
//! ```text
//! $ cargo run -p examples-distributed --bin distributed_map -- 100000 -w 2
//! worker 0 tested 50000 numbers
//! worker 1 tested 50000 numbers
//! There are 9592 primes below 100000
//! Total time taken: 0.15 second(s)
//! ```
//!
//! Without arguments N is 1000000, and one worker tests all numbers.
//!
//! **Always:** with the same number of workers, the same worker tests the same blocks, because a
//! block's number decides which worker gets it. If there are two processes, each prints the lines
//! of its own workers, and process 0 also prints the result. Before these lines, timely may print
//! that it waits for connections, or that it cannot connect yet.
//!
//! **May differ:** the time. On two free cores, two workers need little more than half the time of
//! one.
//!
//! **Try:** remove the line `.exchange(|numbers| numbers.start / BLOCK)`. The result is the same, but
//! worker 0 tests all the numbers, because all work begins there.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, io, panic, process, thread};

use timely::dataflow::operators::vec::{Map, ToStream};
use timely::dataflow::operators::{Exchange, Inspect};
use timely::{CommunicationConfig, Config};

/// The number of numbers in one piece of work.
const BLOCK: u64 = 1000;

fn main() {
    let (words, config) = arguments();
    let number = if words.is_empty() { "1000000".to_string() } else { words.join(" ") };
    let Ok(n) = number.parse() else {
        refuse(&format!("N must be a whole number from 0 up, not {number:?}"))
    };

    // Every worker of every process runs this function, so all of them build the same dataflow.
    let workers = timely::execute(config, move |worker| {
        let start = Instant::now();
        let index = worker.index();
        let tested = Rc::new(Cell::new(0));
        let primes = Rc::new(Cell::new(0));

        worker.dataflow::<u64, _, _>(|scope| {
            let (tested, primes) = (Rc::clone(&tested), Rc::clone(&primes));
            // At the beginning worker 0 has all the work.
            let all = if index == 0 { 0..n } else { 0..0 };
            // Block 5 goes to worker 5, or to worker 1 if there are four workers.
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
        // Nothing has been computed yet. Each step lets the data flow a little.
        while worker.step_or_park(None) {}
        (index, tested.get(), primes.get(), start.elapsed())
    });

    let mut result = None;
    for worker in workers.unwrap_or_else(|error| fail(&error)).join() {
        let (index, tested, primes, time) = worker.expect("the worker does not panic");
        println!("worker {index} tested {tested} numbers");
        if index == 0 {
            result = Some((primes, time));
        }
    }
    // Only one process has worker 0.
    if let Some((primes, time)) = result {
        println!("There are {primes} primes below {n}");
        println!("Total time taken: {:.2} second(s)", time.as_secs_f64());
    }
}

fn primes_among(numbers: Range<u64>) -> u64 {
    let is_prime = |n: &u64| *n > 1 && (2..).take_while(|d| d * d <= *n).all(|d| n % d != 0);
    numbers.filter(is_prime).count() as u64
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
    eprintln!("error: {error}; usage: distributed_map [N] {options}");
    process::exit(2)
}
