//! Does jobs with a fixed number of workers.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::thread;

/// What happens to a job.
pub enum Progress<J, R> {
    /// A worker starts it.
    Started(J),
    /// It has ended with this result.
    Ended(J, R),
}

/// Does the jobs in their order, with at most `workers` under way at once. `on_progress` is called
/// for one event at a time, and no job starts between a call and its return. When it returns
/// `Break`, no further job starts; those under way still end and are reported.
pub fn run<J: Copy + Send, R: Send>(
    jobs: impl Iterator<Item = J> + Send,
    workers: usize,
    work: impl Fn(J) -> R + Sync,
    on_progress: impl FnMut(Progress<J, R>) -> ControlFlow<()> + Send,
) {
    // A job is only created when a worker is free, so there may be very many.
    let queue = Mutex::new((jobs.fuse(), on_progress, ControlFlow::Continue(())));
    let next = |ended: Option<(J, R)>| {
        let mut queue = queue.lock().expect("no other worker has panicked");
        let (jobs, on_progress, control) = &mut *queue;
        if let Some((job, result)) = ended
            && on_progress(Progress::Ended(job, result)).is_break()
        {
            *control = ControlFlow::Break(());
        }
        let job = if control.is_break() { None } else { jobs.next() }?;
        if on_progress(Progress::Started(job)).is_break() {
            *control = ControlFlow::Break(());
        }
        Some(job)
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut job = next(None);
                while let Some(this) = job {
                    let result = work(this);
                    job = next(Some((this, result)));
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn as_many_jobs_run_at_once_as_there_are_workers() {
        // Each barrier opens only when all four workers are at it.
        let barrier = Barrier::new(4);
        run(0..40, 4, |_| barrier.wait(), |_| ControlFlow::Continue(()));
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
        let mut most = 0;
        run(0..30, 3, work, |progress| {
            if let Progress::Ended(_, at_once) = progress {
                most = most.max(at_once);
            }
            ControlFlow::Continue(())
        });
        assert_eq!(most, 3);
    }

    #[test]
    fn nothing_starts_after_a_break() {
        let mut events = Vec::new();
        run(
            0..,
            1,
            |_| {},
            |progress| match progress {
                Progress::Started(job) => {
                    events.push((job, "started"));
                    ControlFlow::Continue(())
                }
                Progress::Ended(job, ()) => {
                    events.push((job, "ended"));
                    if job == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                }
            },
        );
        assert_eq!(events, [(0, "started"), (0, "ended"), (1, "started"), (1, "ended")]);
    }
}
