//! Reads the settings of a run: the lines that start with `% `.

use std::time::Duration;

use super::line::ESCAPE;
use super::value::read_kind;
use crate::duration::{Bound, DurationRange};
use crate::error::Errors;
use crate::value::{Kind, Range};

/// The time limit of a run whose snapshot does not state one.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the `% ` lines of a run say.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) exit: Option<i32>,
    pub(super) timeout: Option<Duration>,
    pub(super) takes: Option<DurationRange>,
    pub(super) alone: Option<()>,
    /// How many expected lines stand before `% stderr`.
    pub(super) stderr_from: Option<usize>,
}

impl Settings {
    /// Reads what follows the `% `.
    pub(super) fn read(
        &mut self,
        number: usize,
        setting: &str,
        lines_so_far: usize,
        errors: &mut Errors,
    ) {
        let setting = setting.trim();
        let (word, argument) = setting.split_once(' ').unwrap_or((setting, ""));
        let argument = argument.trim_start();
        let argument_column = 3 + setting.chars().count() - argument.chars().count();
        let is_repeated = match word {
            "exit" => match argument.parse() {
                Ok(code) => self.exit.replace(code).is_some(),
                Err(_) => {
                    let problem = format!("\"{argument}\" is not an exit code");
                    return errors.add(number, argument_column, problem, "write `% exit 2`");
                }
            },
            "timeout" => match parse_duration(argument) {
                Some(timeout) => self.timeout.replace(timeout).is_some(),
                None => {
                    let problem = format!("\"{argument}\" is not a time above 0");
                    return errors.add(number, argument_column, problem, "write `% timeout 30 s`");
                }
            },
            "takes" => match parse_duration_range(number, argument) {
                Ok(takes) => self.takes.replace(takes).is_some(),
                Err(problem) => {
                    let remedy = "write `% takes {1..2} s`, with the smaller time first";
                    return errors.add(number, argument_column, problem, remedy);
                }
            },
            "alone" | "stderr" if !argument.is_empty() => {
                let problem = format!("`% {word}` takes no argument");
                return errors.add(number, argument_column, problem, format!("write `% {word}`"));
            }
            "alone" => self.alone.replace(()).is_some(),
            "stderr" => self.stderr_from.replace(lines_so_far).is_some(),
            _ => {
                let problem = format!("there is no setting \"{word}\"");
                let remedy =
                    format!("the settings are exit, timeout, takes, alone and stderr; {ESCAPE}");
                return errors.add(number, 3, problem, remedy);
            }
        };
        if is_repeated {
            let problem = format!("`% {word}` appears twice in one run");
            errors.add(number, 3, problem, "remove one of them");
        }
    }

    /// The time limit of the run. Reports a run that would be ended before it has taken as long as
    /// it must.
    pub(super) fn time_limit(&self, errors: &mut Errors) -> Duration {
        let timeout = self.timeout.unwrap_or(DEFAULT_TIMEOUT);
        if let Some(takes) = self.takes.as_ref().filter(|takes| takes.low.time >= timeout) {
            let problem = format!(
                "the run must take at least {}, but is ended after {} s",
                takes.low.text,
                timeout.as_secs_f64()
            );
            errors.add(takes.line, 3, problem, "give it more time with `% timeout`");
        }
        timeout
    }
}

/// Reads `30 s`, `500 ms` or `2 min`, and seconds where there is no unit. `None` also for 0.
fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    duration(number, seconds_of(unit.trim_start())?).filter(|time| !time.is_zero())
}

/// How many seconds a unit of time has.
fn seconds_of(unit: &str) -> Option<f64> {
    match unit {
        "ms" => Some(0.001),
        "s" | "" => Some(1.0),
        "min" => Some(60.0),
        _ => None,
    }
}

fn duration(number: &str, unit_seconds: f64) -> Option<Duration> {
    let number: f64 = number.parse().ok()?;
    Duration::try_from_secs_f64(number * unit_seconds).ok()
}

/// Reads `{1..2} s`. The error is what is wrong.
fn parse_duration_range(line: usize, text: &str) -> Result<DurationRange, String> {
    let not_a_range = || format!("\"{text}\" is not a range of times");
    let inside = text.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let (range, unit) = inside.ok_or_else(not_a_range)?;
    let unit = unit.trim_start();
    let seconds = seconds_of(unit).ok_or_else(not_a_range)?;
    let Ok(Some(Kind::Range(Range { source, high, .. }))) = read_kind(range, "") else {
        return Err(not_a_range());
    };
    let unit = if unit.is_empty() { "s" } else { unit };
    let bound = |number: &str| {
        let time = duration(number, seconds).ok_or_else(not_a_range);
        time.map(|time| Bound { text: format!("{number} {unit}"), time })
    };
    let (low_text, high_text) = source.split_once("..").unwrap_or((&source, ""));
    let includes_high = high.as_ref().is_some_and(|high| high.included);
    let high_text = high_text.trim_start_matches('=');
    let high = high.map(|_| bound(high_text)).transpose()?;
    Ok(DurationRange { line, low: bound(low_text)?, high, includes_high })
}
