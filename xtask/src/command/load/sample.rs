//! Samples how busy each core is before a program starts, while it runs, and after it has ended.

use std::thread;
use std::time::{Duration, Instant};

use sysinfo::{CpuRefreshKind, RefreshKind, System};

/// How long the cores are watched before the program starts. Only other programs are busy then.
pub const BEFORE: Duration = Duration::from_secs(1);

/// The time that one sample covers. `sysinfo` does not allow less: the system counts busy time in
/// hundredths of a second, so shorter samples would be coarse.
pub const INTERVAL: Duration = sysinfo::MINIMUM_CPU_UPDATE_INTERVAL;

/// How busy each core was for one [`INTERVAL`].
#[derive(Debug)]
pub struct Sample {
    /// When the interval began and when it ended, in seconds since the start of the program.
    pub from: f64,
    pub to: f64,
    /// For each core the share of the interval, from 0 to 1, in which it was busy.
    pub loads: Vec<f64>,
}

/// One run of a program. Numbers of busy cores are averages over time.
#[derive(Debug)]
pub struct Run {
    /// The program's name and arguments.
    pub title: String,
    /// Wall time from the program's start to its end, in seconds.
    pub seconds: f64,
    /// How many cores this machine has.
    pub cores: usize,
    /// How many cores were busy while the program ran.
    pub busy: f64,
    /// How many cores other programs kept busy before the run or during it, if that is more than a
    /// tenth of all cores. Then the picture proves nothing.
    pub others: Option<f64>,
    /// All samples, in the order of time.
    pub samples: Vec<Sample>,
}

impl Run {
    /// How long the program ran and how many cores were busy: `5.72 s, 1.0 of 2 cores busy`.
    pub fn summary(&self) -> String {
        format!("{:.2} s, {:.1} of {} cores busy", self.seconds, self.busy, self.cores)
    }
}

/// Watches the cores for a second, then calls `program`, which runs a child process and waits for
/// it. Calls `show` after each sample with the number of busy cores. Returns `None` if `is_stopped`
/// before the program starts.
///
/// # Errors
/// When the system does not report how busy its cores are.
pub fn measure<T: Send>(
    title: &str,
    program: impl FnOnce() -> T + Send,
    is_stopped: impl Fn() -> bool,
    mut show: impl FnMut(f64),
) -> Result<Option<(T, Run)>, String> {
    // The second meter is read only when the program starts and when it has ended.
    let kind = RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing().with_cpu_usage());
    let [mut meter, mut whole_run] = [kind, kind].map(System::new_with_specifics);
    let began = Instant::now();
    let mut samples = Vec::new();
    let mut sample = || {
        let from = began.elapsed().as_secs_f64();
        thread::sleep(INTERVAL);
        let loads = read(&mut meter);
        show(loads.iter().sum());
        samples.push(Sample { from, to: began.elapsed().as_secs_f64(), loads });
    };

    while began.elapsed() < BEFORE {
        if is_stopped() {
            return Ok(None);
        }
        sample();
    }
    let before: f64 = read(&mut whole_run).iter().sum();
    let start = began.elapsed().as_secs_f64();
    let (result, seconds, own, loads) = thread::scope(|scope| {
        let program = scope.spawn(|| {
            let cpu = cpu_seconds_of_children();
            let result = program();
            let seconds = began.elapsed().as_secs_f64() - start;
            let own = cpu_seconds_of_children().zip(cpu).map(|(after, before)| after - before);
            (result, seconds, own, read(&mut whole_run))
        });
        while !program.is_finished() {
            sample();
        }
        program.join().expect("running a program does not panic")
    });
    if !is_stopped() {
        sample();
    }

    let busy: f64 = loads.iter().sum();
    // Some sandboxes report every core as idle, whatever it does.
    if loads.is_empty() || busy == 0.0 && own.is_some_and(|own| own > 0.5) {
        return Err("this system does not report how busy its cores are".to_owned());
    }
    let others = others(loads.len(), before, busy, own.map(|own| own / seconds));
    samples.iter_mut().flat_map(|one| [&mut one.from, &mut one.to]).for_each(|time| *time -= start);
    let (title, cores) = (title.to_owned(), loads.len());
    Ok(Some((result, Run { title, seconds, cores, busy, others, samples })))
}

/// See [`Run::others`]. Of the `busy` cores the program itself kept `own` busy. If the system does
/// not report its CPU time, only the cores that were busy `before` the run count.
fn others(cores: usize, before: f64, busy: f64, own: Option<f64>) -> Option<f64> {
    let others = own.map_or(before, |own| before.max(busy - own));
    (others > 0.1 * cores as f64).then_some(others)
}

/// For each core the share of the time since the last reading, from 0 to 1, in which it was busy.
fn read(meter: &mut System) -> Vec<f64> {
    meter.refresh_cpu_usage();
    let loads = meter.cpus().iter().map(|core| f64::from(core.cpu_usage()) / 100.0);
    loads.map(|load| if load.is_nan() { 0.0 } else { load.clamp(0.0, 1.0) }).collect()
}

/// The CPU time of all child processes that have ended, and of theirs, in seconds. `None` if the
/// system does not report it.
fn cpu_seconds_of_children() -> Option<f64> {
    #[cfg(unix)]
    {
        use nix::sys::resource::{UsageWho, getrusage};
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
        let times = [usage.user_time(), usage.system_time()];
        Some(times.iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum())
    }
    #[cfg(not(unix))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_load_of_other_programs_disturbs() {
        assert_eq!(others(2, 0.1, 2.0, Some(2.0)), None);
        assert_eq!(others(2, 0.1, 2.0, Some(1.7)), Some(2.0 - 1.7));
        assert_eq!(others(8, 0.1, 2.0, Some(1.7)), None);
        assert_eq!(others(2, 0.5, 2.0, Some(2.0)), Some(0.5));
        assert_eq!(others(2, 0.5, 2.0, None), Some(0.5));
    }

    #[test]
    #[cfg(unix)]
    fn the_load_and_the_cpu_time_of_a_child_are_seen() {
        let script = "while :; do :; done & sleep 2; kill $!; wait";
        let program = || std::process::Command::new("sh").args(["-c", script]).status();
        let (_, run) = measure("its", program, || false, |_| {}).unwrap().unwrap();
        assert!(run.seconds >= 2.0 && run.busy > 0.2, "{run:?}");
        assert!(run.samples[0].from < -0.8, "{run:?}");
        assert!(run.samples[run.samples.len() - 1].from >= run.seconds, "{run:?}");
        // What the child does is not counted as the load of other programs.
        let before = run.samples.iter().filter(|sample| sample.from < -0.1);
        let before = before.map(|sample| sample.loads.iter().sum()).fold(run.busy - 0.15, f64::max);
        assert!(run.others.is_none_or(|others| others < before + 0.1), "{run:?}");
    }
}
