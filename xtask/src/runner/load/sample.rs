//! How busy each core is, ten times a second.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use sysinfo::{CpuRefreshKind, MINIMUM_CPU_UPDATE_INTERVAL, System};

use crate::runner::Trouble;

/// From one sample to the next.
pub const EVERY: Duration = Duration::from_millis(100);

/// What a sample looks back on: its loads are the mean of this time. The system counts busy time
/// in hundredths of a second, so a shorter look back would see little but steps, and `sysinfo`
/// allows none. Two meters that take turns give a sample in half of it.
pub const SPAN: Duration = Duration::from_millis(200);

const _: () = assert!(SPAN.as_millis() >= MINIMUM_CPU_UPDATE_INTERVAL.as_millis());
const _: () = assert!(SPAN.as_millis() == 2 * EVERY.as_millis());

/// What a meter said: how busy each core was for a short while, by the clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// When that while began.
    pub from: Instant,
    /// When it ended.
    pub to: Instant,
    /// The share of it, 0 to 1, that each core was busy.
    pub loads: Vec<f64>,
}

/// Tells how busy each core is.
pub trait Meter: Send {
    /// The share of the time since the last reading, 0 to 1, that each core was busy. Nothing at
    /// all where the system does not say.
    fn read(&mut self) -> Vec<f64>;
}

/// Asks the system.
pub struct Cores(System);

impl Cores {
    /// Counts from now on.
    pub fn new() -> Self {
        let mut system = System::new();
        system.refresh_cpu_list(CpuRefreshKind::nothing().with_cpu_usage());
        Self(system)
    }
}

impl Meter for Cores {
    fn read(&mut self) -> Vec<f64> {
        self.0.refresh_cpu_usage();
        (self.0.cpus().iter())
            .map(|core| f64::from(core.cpu_usage()) / 100.0)
            .map(|load| if load.is_nan() { 0.0 } else { load.clamp(0.0, 1.0) })
            .collect()
    }
}

/// A thread that samples until it is told to stop.
pub struct Watch {
    stop: Sender<()>,
    thread: JoinHandle<Vec<Reading>>,
}

impl Watch {
    /// Starts to sample, with two meters that count from now on, and shows each sample as it
    /// comes.
    ///
    /// # Errors
    /// When the system tells of no core, or gives no thread.
    pub fn start(
        mut meters: [impl Meter + 'static; 2],
        mut show: impl FnMut(&Reading) + Send + 'static,
    ) -> Result<Self, Trouble> {
        let start = Instant::now();
        if meters.iter_mut().any(|meter| meter.read().is_empty()) {
            return Err(Trouble("this system does not tell how busy each core is".to_owned()));
        }
        let (stop, stopped) = mpsc::channel();
        let watch = move || {
            let mut samples = Vec::new();
            // When each was read, and when it is due.
            let mut turns = [(start, start + SPAN), (start, start + SPAN + EVERY)];
            loop {
                let next = usize::from(turns[1].1 < turns[0].1);
                let (from, due) = turns[next];
                let wait = due.saturating_duration_since(Instant::now());
                if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                    return samples;
                }
                let loads = meters[next].read();
                let to = Instant::now();
                turns[next] = (to, to + SPAN);
                let sample = Reading { from, to, loads };
                show(&sample);
                // The first one of the second meter looks back too far.
                if from != start || next == 0 {
                    samples.push(sample);
                }
            }
        };
        let thread = thread::Builder::new()
            .name("load".to_owned())
            .spawn(watch)
            .map_err(|error| Trouble(format!("cannot start a thread that samples: {error}")))?;
        Ok(Self { stop, thread })
    }

    /// Ends it, and gives all samples in the order of their ends.
    ///
    /// # Panics
    /// When what shows the samples has panicked.
    pub fn stop(self) -> Vec<Reading> {
        drop(self.stop);
        self.thread.join().expect("a meter does not panic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake(Vec<f64>);

    impl Meter for Fake {
        fn read(&mut self) -> Vec<f64> {
            self.0.clone()
        }
    }

    #[test]
    fn a_system_without_loads_is_trouble() {
        let Err(trouble) = Watch::start([Fake(Vec::new()), Fake(Vec::new())], |_| {}) else {
            panic!("there is nothing to sample");
        };
        assert_eq!(trouble.to_string(), "this system does not tell how busy each core is");
    }

    #[test]
    fn two_meters_take_turns() {
        let watch = Watch::start([Fake(vec![0.25]), Fake(vec![0.75])], |_| {}).unwrap();
        thread::sleep(Duration::from_millis(750));
        let samples = watch.stop();
        // A busy machine may be late with some.
        assert!((2..=5).contains(&samples.len()), "{samples:?}");
        for (number, sample) in samples.iter().skip(1).enumerate() {
            assert_eq!(sample.loads, [if number % 2 == 0 { 0.25 } else { 0.75 }]);
            assert!(sample.to - sample.from >= SPAN);
        }
    }

    #[test]
    fn this_system_tells_of_its_cores() {
        let watch = Watch::start([Cores::new(), Cores::new()], |_| {}).unwrap();
        let end = Instant::now() + SPAN * 2;
        let mut sums = 0_u64;
        while Instant::now() < end {
            sums = std::hint::black_box(sums.wrapping_add(1));
        }
        let samples = watch.stop();
        assert!(samples.iter().any(|sample| sample.loads.iter().sum::<f64>() > 0.3), "{samples:?}");
    }
}
