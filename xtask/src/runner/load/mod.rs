//! Runs an example and watches how busy each core is meanwhile.
//!
//! - [`sample`]: how busy each core is, ten times a second.
//! - [`figures`]: what the samples come to, in numbers and in words.
//! - [`chart`]: drawn on a terminal.
//! - [`picture`]: drawn as an SVG.

pub mod chart;
pub mod figures;
pub mod picture;
pub mod sample;

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::runner::Trouble;
use crate::runner::cancel::Cancel;
use crate::runner::cpu_time;
use crate::runner::process::{self, End, Limits};
use chart::Live;
use legal_outputs::printable;
use sample::{Cores, Watch};

/// How long the machine is watched before the example starts: what is busy then is not the
/// example's work.
pub const BEFORE: Duration = Duration::from_secs(1);

/// How long it is watched after the example's end.
pub const AFTER: Duration = Duration::from_millis(300);

/// One run of an example, and how busy each core was. All times are seconds since its start.
#[derive(Debug, Clone, Serialize)]
pub struct Watched {
    /// The example and its arguments.
    pub title: String,
    /// When it ended: its wall time.
    pub seconds: f64,
    /// How long processors worked for it, in seconds. `None` where the system does not say.
    pub cpu_seconds: Option<f64>,
    /// How it ended.
    pub ending: Ending,
    /// How long processors worked for this very program meanwhile, in seconds: what it costs to
    /// watch. `None` where the system does not say.
    pub watching_cpu_seconds: Option<f64>,
    /// How busy each core was, from [`BEFORE`] the start to [`AFTER`] the end.
    pub samples: Vec<Sample>,
}

/// How busy each core was for a short while.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// When that while began, in seconds since the start.
    pub from: f64,
    /// When it ended.
    pub to: f64,
    /// The share of it, 0 to 1, that each core was busy.
    pub loads: Vec<f64>,
}

/// How an example ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Ending {
    /// By itself, and well.
    Well,
    /// By itself, with an exit code other than 0 or by a signal.
    Badly {
        /// Which, and what it wrote to standard error.
        why: String,
    },
    /// Its time was up.
    Time,
    /// It wrote too much.
    Output,
    /// Somebody stopped everything.
    Stopped,
}

impl Sample {
    /// The middle of its while.
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.from, self.to)
    }

    /// The mean load of all cores, 0 to 1.
    pub fn mean(&self) -> f64 {
        self.loads.iter().sum::<f64>() / self.loads.len().max(1) as f64
    }
}

impl Watched {
    /// Whether it was ended before its own end.
    pub fn is_cut_off(&self) -> bool {
        matches!(self.ending, Ending::Time | Ending::Output | Ending::Stopped)
    }

    /// How many cores the machine has.
    pub fn cores(&self) -> usize {
        self.samples.iter().map(|sample| sample.loads.len()).max().unwrap_or(0)
    }
}

/// Watches the machine, runs an example in the midst of that, and tells how busy each core was.
/// `None` when cancelled before the example has started.
///
/// # Errors
/// When the example cannot be started, or the system does not tell how busy its cores are.
pub fn watch(
    title: &str,
    command: Command,
    limits: Limits,
    live: &Live,
    cancel: &Cancel,
) -> Result<Option<Watched>, Trouble> {
    let own = cpu_time::own();
    let began = Instant::now();
    live.phase("what other programs do, before the start");
    let shown = live.clone();
    let watch = Watch::start([Cores::new(), Cores::new()], move |sample| shown.show(sample))?;
    while began.elapsed() < BEFORE && !cancel.is_set() {
        thread::sleep(Duration::from_millis(10));
    }
    if cancel.is_set() {
        live.clear();
        return Ok(None);
    }

    live.phase(title);
    let program = command.get_program().to_owned();
    let start = Instant::now();
    let finished = process::run(command, limits, cancel);
    let rest = Instant::now();
    while rest.elapsed() < AFTER && !cancel.is_set() {
        thread::sleep(Duration::from_millis(10));
    }
    let samples = watch.stop();
    live.clear();
    let finished = finished.map_err(|error| Trouble::with("run", program.as_ref(), &error))?;

    let seconds = |instant: Instant| match instant.checked_duration_since(start) {
        Some(after) => after.as_secs_f64(),
        None => -(start - instant).as_secs_f64(),
    };
    let ending = match finished.end {
        End::Own(status) if status.success() => Ending::Well,
        End::Own(status) => {
            Ending::Badly { why: format!("{status}{}", last_lines(&finished.stderr)) }
        }
        End::Time => Ending::Time,
        End::Output => Ending::Output,
        End::Processes | End::Memory => {
            Ending::Badly { why: "it had too many processes, or used too much memory".to_owned() }
        }
        End::Cancelled => Ending::Stopped,
    };
    let watching = own.zip(cpu_time::own()).map(|(before, after)| after - before);
    let watched = Watched {
        title: title.to_owned(),
        seconds: finished.time.as_secs_f64(),
        cpu_seconds: finished.cpu.map(|time| time.as_secs_f64()),
        ending,
        watching_cpu_seconds: watching.map(|time| time.as_secs_f64()),
        samples: (samples.into_iter())
            .map(|sample::Reading { from, to, loads }| Sample {
                from: seconds(from),
                to: seconds(to),
                loads,
            })
            .collect(),
    };
    watched.check()?;
    Ok(Some(watched))
}

/// The end of what a program wrote to standard error, as it can be shown, each line behind a line
/// end.
fn last_lines(stderr: &[u8]) -> String {
    const LINES: usize = 20;

    let text = String::from_utf8_lossy(stderr);
    let lines: Vec<&str> = text.lines().rev().take(LINES).collect();
    lines.into_iter().rev().map(|line| format!("\n{}", printable(line))).collect()
}

impl Watched {
    /// Refuses samples that cannot be true.
    fn check(&self) -> Result<(), Trouble> {
        let idle = self.samples.iter().flat_map(|sample| &sample.loads).all(|load| *load == 0.0);
        match self.cpu_seconds {
            Some(seconds) if seconds > 0.5 && idle => Err(Trouble(format!(
                "this system does not tell how busy each core is: it says that all of them rested \
                 while `{}` computed for {seconds:.2} s",
                self.title
            ))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run on two cores: each pair of loads is those of a tenth of a second from the start.
    pub(super) fn watched(title: &str, loads: &[[f64; 2]]) -> Watched {
        let sample = |number: usize, loads: [f64; 2]| {
            let from = (number as f64 - 10.0) / 10.0;
            Sample { from, to: from + 0.1, loads: loads.to_vec() }
        };
        let before = [[0.1, 0.0]; 10];
        let after = [[0.0, 0.1]; 3];
        let all = before.iter().chain(loads).chain(&after).enumerate();
        Watched {
            title: title.to_owned(),
            seconds: loads.len() as f64 / 10.0,
            cpu_seconds: None,
            ending: Ending::Well,
            watching_cpu_seconds: None,
            samples: all.map(|(number, loads)| sample(number, *loads)).collect(),
        }
    }

    #[test]
    fn a_machine_that_computes_and_rests_at_once_is_not_believed() {
        let mut rests = watched("its", &[[0.0; 2]; 9]);
        for sample in &mut rests.samples {
            sample.loads = vec![0.0; 2];
        }
        rests.check().unwrap();
        rests.cpu_seconds = Some(0.8);
        let trouble = rests.check().unwrap_err().to_string();
        assert!(trouble.ends_with("rested while `its` computed for 0.80 s"), "{trouble}");
        rests.samples[12].loads[1] = 0.7;
        rests.check().unwrap();
    }
}
