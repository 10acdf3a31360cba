//! A thread pool has a fixed number of workers, which take jobs from a channel and send back results.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `ThreadPoolExecutor(max_workers=3)` | three threads and two channels |
//! | `pool.submit(square, n)` | `jobs.send(n)` |
//! | `as_completed(…)`, in the order in which the jobs end | `results.iter()` |
//! | `pool.map(square, …)`, in the order of the jobs | sort the results by their jobs |
//! | the end of `with`, which ends the workers | `drop(jobs)`, which closes the channel |
//!
//! However many jobs there are, no more than three run at the same time. Threads cannot share the
//! receiver of std's channel, so a mutex protects it. The program shows how a pool works. If your
//! jobs compute, and you do not want to write a pool, use rayon's: `ThreadPoolBuilder`, `install`,
//! `par_iter`.
//!
//! ```text
//! $ cargo run -p examples-threads --bin thread_pool
//! worker 3 has done 7 job(s)
//! worker 1 has done 1 job(s)
//! worker 2 has done 1 job(s)
//! [(1, 1), (2, 4), (3, 9), (4, 16), (5, 25), (6, 36), (7, 49), (8, 64), (9, 81)]
//! ```
//!
//! **Always:** three workers' lines, and then each job with its result. A worker drops its sender
//! after it has printed its line, and the results end when all senders are dropped. Each worker
//! does at least one job, because the first three jobs wait for each other at a barrier.
//!
//! **May differ:** the order of the workers' lines, and how many of the jobs each worker does.
//!
//! **Try:** replace `loop {` and the line `let Ok(n) = …` by the line
//! `while let Ok(n) = jobs.lock().expect("recv does not panic").recv() {`. A `while let` holds the
//! lock until the end of its body, so only one job can run at a time. It waits at the barrier for
//! the others, and the program never ends.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Barrier, Mutex};
use std::thread;

const WORKERS: usize = 3;
static ALL_ARE_BUSY: Barrier = Barrier::new(WORKERS);

fn main() {
    let (jobs, receiver) = mpsc::channel();
    let (sender, results) = mpsc::channel();
    let receiver = Mutex::new(receiver);

    let mut squares: Vec<_> = thread::scope(|scope| {
        for id in 1..=WORKERS {
            let (receiver, sender) = (&receiver, sender.clone());
            scope.spawn(move || worker(id, receiver, sender));
        }
        drop(sender); // From now on only the workers have senders.

        for n in 1..=9 {
            jobs.send(n).expect("the receiver lives as long as main");
        }
        drop(jobs); // No more jobs will come, so the workers end when they have done these.
        results.iter().collect()
    });
    squares.sort();
    println!("{squares:?}");
}

fn worker(id: usize, jobs: &Mutex<Receiver<usize>>, results: Sender<(usize, usize)>) {
    let mut done = 0;
    loop {
        // The lock is released at the end of this statement, so the other workers can take jobs.
        let Ok(n) = jobs.lock().expect("recv does not panic").recv() else { break };
        results.send((n, square(n))).expect("main receives until all workers have ended");
        done += 1;
    }
    println!("worker {id} has done {done} job(s)");
}

fn square(n: usize) -> usize {
    if n <= WORKERS {
        // The first jobs wait for each other, so that each worker gets one of them.
        ALL_ARE_BUSY.wait();
    }
    n * n
}
