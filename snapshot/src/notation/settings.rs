//! Reads the settings of a run: the lines that start with `% `.

use std::time::Duration;

use super::line::ESCAPE;
use crate::error::Errors;

/// The time limit of a run whose snapshot does not state one.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the `% ` lines of a run say.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) exit: Option<i32>,
    pub(super) timeout: Option<Duration>,
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
            "alone" | "stderr" if !argument.is_empty() => {
                let problem = format!("`% {word}` takes no argument");
                return errors.add(number, argument_column, problem, format!("write `% {word}`"));
            }
            "alone" => self.alone.replace(()).is_some(),
            "stderr" => self.stderr_from.replace(lines_so_far).is_some(),
            _ => {
                let problem = format!("there is no setting \"{word}\"");
                let remedy = format!("the settings are exit, timeout, alone and stderr; {ESCAPE}");
                return errors.add(number, 3, problem, remedy);
            }
        };
        if is_repeated {
            let problem = format!("`% {word}` appears twice in one run");
            errors.add(number, 3, problem, "remove one of them");
        }
    }
}

/// Reads `30 s`, `500 ms` or `2 min`, and seconds where there is no unit. `None` also for 0.
fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim_start() {
        "ms" => 0.001,
        "s" | "" => 1.0,
        "min" => 60.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    Duration::try_from_secs_f64(number * seconds).ok().filter(|time| !time.is_zero())
}
