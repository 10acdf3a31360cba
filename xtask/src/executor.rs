//! Does jobs with a fixed number of workers.

use std::sync::Mutex;
use std::{io, thread};

/// Follows what happens to jobs. Its methods are called one at a time.
pub trait Observer<J, R>: Send {
    /// Whether no further job may start.
    fn should_stop(&self) -> bool;

    /// Whether this job, whose turn has come, is still to be done.
    fn wants(&self, _job: J) -> bool {
        true
    }

    /// A worker starts a job.
    fn started(&mut self, job: J);

    /// A job has ended with this result.
    fn ended(&mut self, job: J, result: R);
}

/// Does the jobs in their order, with at most `workers` under way at once. Jobs that are under way
/// when the observer stops the others still end.
///
/// # Errors
/// When the system starts no thread at all. With fewer threads than workers it only takes longer.
pub fn run<J: Copy + Send, R: Send>(
    jobs: impl Iterator<Item = J> + Send,
    workers: usize,
    work: impl Fn(J) -> R + Sync,
    observer: &mut impl Observer<J, R>,
) -> io::Result<()> {
    // A job is only created when a worker is free, so there may be very many.
    let queue = Mutex::new((jobs.fuse(), observer));
    let next = |ended: Option<(J, R)>| {
        let mut queue = queue.lock().expect("no other worker has panicked");
        let (jobs, observer) = &mut *queue;
        if let Some((job, result)) = ended {
            observer.ended(job, result);
        }
        let job =
            if observer.should_stop() { None } else { jobs.find(|&job| observer.wants(job)) }?;
        observer.started(job);
        Some(job)
    };
    let worker = || {
        let mut current = next(None);
        while let Some(job) = current {
            let result = work(job);
            current = next(Some((job, result)));
        }
    };
    thread::scope(|scope| {
        for number in 0..workers {
            if let Err(error) = thread::Builder::new().spawn_scoped(scope, worker) {
                return if number == 0 { Err(error) } else { Ok(()) };
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[derive(Default)]
    struct Log {
        started: Vec<u32>,
        results: Vec<usize>,
        /// Stops when so many jobs have started.
        limit: Option<usize>,
    }

    impl Observer<u32, usize> for Log {
        fn should_stop(&self) -> bool {
            self.limit.is_some_and(|limit| self.started.len() >= limit)
        }

        fn started(&mut self, job: u32) {
            self.started.push(job);
        }

        fn ended(&mut self, _: u32, result: usize) {
            self.results.push(result);
        }
    }

    #[test]
    fn as_many_jobs_run_at_once_as_there_are_workers() {
        // The barrier opens only when all four workers are waiting.
        let barrier = Barrier::new(4);
        let work = |_| usize::from(barrier.wait().is_leader());
        let mut log = Log::default();
        run(0..40, 4, work, &mut log).unwrap();
        assert_eq!(log.results.iter().sum::<usize>(), 10);
    }

    #[test]
    fn no_more_jobs_run_at_once_than_there_are_workers() {
        let under_way = AtomicUsize::new(0);
        let work = |_| {
            let before = under_way.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(5));
            under_way.fetch_sub(1, Ordering::SeqCst);
            before + 1
        };
        let mut log = Log::default();
        run(0..30, 3, work, &mut log).unwrap();
        assert_eq!((log.results.len(), log.results.iter().max()), (30, Some(&3)));
    }

    #[test]
    fn nothing_starts_when_the_observer_stops() {
        for (limit, expected) in [(0, vec![]), (2, vec![0, 1])] {
            let mut log = Log { limit: Some(limit), ..Log::default() };
            run(0.., 1, |_| 0, &mut log).unwrap();
            assert_eq!((log.results.len(), log.started), (limit, expected));
        }
    }
}
