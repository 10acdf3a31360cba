//! Reads a placeholder: `{type}`, `{name}`, `{name:type}` or `{!name}`.

use crate::value::{Decimal, High, Kind, Range, WholeRegex};

/// The types of values, for people.
pub(super) const TYPES: &str =
    "int, float, word, text, thread, unique, ranges (0.2..0.4, 1..=9, 0..) and /regex/";

/// Units of time.
const UNITS: [&str; 13] = [
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "ms",
    "millisecond",
    "milliseconds",
    "us",
    "µs",
    "ns",
    "minute",
    "minutes",
];

/// What stands between the braces of a placeholder.
pub(super) enum Placeholder {
    /// `type`, or `name:type`.
    Value { kind: Kind, name: Option<String> },
    /// `name`.
    Same(String),
    /// `!name`.
    Other(String),
}

/// An error in a placeholder.
pub(super) struct ValueError {
    /// Where in the placeholder it is, in characters.
    pub(super) offset: usize,
    pub(super) problem: String,
    pub(super) remedy: String,
}

fn error(offset: usize, problem: String, remedy: impl Into<String>) -> ValueError {
    ValueError { offset, problem, remedy: remedy.into() }
}

/// The content of the placeholder that `text` begins with, and the length of the placeholder with
/// its braces, in bytes.
pub(super) fn split_placeholder(text: &str) -> Option<(&str, usize)> {
    let inside = &text[1..];
    let name = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(0);
    let is_regex = inside[name..].starts_with(":/") && name > 0 || inside.starts_with('/');
    let length = if is_regex {
        let begin = inside.find('/')? + 1;
        begin + inside[begin..].find("/}")? + 1
    } else {
        inside.find('}')?
    };
    Some((&inside[..length], length + 2))
}

/// Reads what stands between the braces. `behind` is the text after the closing brace.
pub(super) fn read_value(content: &str, behind: &str) -> Result<Placeholder, ValueError> {
    if let Some(name) = content.strip_prefix('!') {
        return read_other(name);
    }
    let (name, kind) = match content.split_once(':') {
        Some((name, kind)) if !content.starts_with('/') => (Some(name), kind),
        _ => (None, content),
    };
    if let Some(name) = name {
        if Kind::from_name(name).is_some() {
            let problem = format!("\"{name}\" is a type and cannot be a name");
            return Err(error(0, problem, "choose another name"));
        }
        if !is_name(name) {
            let remedy = "a name is a lower-case letter, then lower-case letters, digits and `_`";
            return Err(error(0, format!("\"{name}\" is not a name"), remedy));
        }
    }
    let offset = name.map_or(0, |name| name.chars().count() + 1);
    let read = read_kind(kind, behind);
    if let Some(kind) = read.map_err(|e| error(offset + e.offset, e.problem, e.remedy))? {
        if kind == Kind::Unique && name.is_none() {
            let problem = "a value of the type `unique` needs a name".to_owned();
            return Err(error(0, problem, "write {pid:unique}, or {int} for any number"));
        }
        return Ok(Placeholder::Value { kind, name: name.map(str::to_owned) });
    }
    if name.is_none() && is_name(content) {
        return Ok(Placeholder::Same(content.to_owned()));
    }
    let remedy = format!("the types are {TYPES}; write `{{{{` for a brace of the output");
    Err(error(offset, format!("\"{kind}\" is not a type"), remedy))
}

/// Reads what follows the `!`.
fn read_other(name: &str) -> Result<Placeholder, ValueError> {
    if let Some((name, _)) = name.split_once(':') {
        let problem = format!("a type follows {{!{name}}}");
        let remedy = format!("write {{!{name}}}, which has the type of {{{name}}}");
        return Err(error(1 + name.chars().count(), problem, remedy));
    }
    let problem = if Kind::from_name(name).is_some() {
        format!("\"{name}\" is a type and not the name of a value")
    } else if !is_name(name) {
        format!("\"{name}\" is not a name")
    } else {
        return Ok(Placeholder::Other(name.to_owned()));
    };
    let remedy = "write {!main} for another value than that of {main}";
    Err(error(1, problem, remedy))
}

/// Reads a type. `None` if it does not look like one.
pub(super) fn read_kind(text: &str, behind: &str) -> Result<Option<Kind>, ValueError> {
    if let Some(kind) = Kind::from_name(text) {
        return Ok(Some(kind));
    }
    if let Some(pattern) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        let explain = |cause: regex::Error| {
            let message = cause.to_string();
            let cause = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let problem = format!("/{pattern}/ is not a regular expression: {cause}");
            error(0, problem, "see the syntax of the regex crate")
        };
        return WholeRegex::new(pattern).map(Kind::Regex).map(Some).map_err(explain);
    }
    let Some((low, high)) = text.split_once("..") else { return Ok(None) };
    let bound = |text: &str| {
        let Some(bound) = Decimal::parse(text) else {
            let problem = format!("\"{text}\" is not a decimal number");
            return Err(error(0, problem, "write 0.2..0.4, 1..=9, 1e-6.. or 0.."));
        };
        if !bound.is_bound() {
            let problem = format!("the exponent of \"{text}\" is too large");
            return Err(error(0, problem, "use a smaller one, or leave the upper bound out"));
        }
        Ok(bound)
    };
    let low = bound(low)?;
    let high = match high.strip_prefix('=') {
        Some(high) => Some(High { bound: bound(high)?, included: true }),
        None if high.is_empty() => None,
        None => Some(High { bound: bound(high)?, included: false }),
    };
    let source = text.to_owned();
    let range = Range { source, low, high, is_time: begins_with_unit_of_time(behind) };
    if range.is_empty() {
        let remedy = "put the smaller bound first; `..=` includes the upper bound";
        return Err(error(0, format!("the range {text} is empty"), remedy));
    }
    Ok(Some(Kind::Range(range)))
}

/// Whether the first word of a text is a unit of time: then the value before it is a time.
fn begins_with_unit_of_time(text: &str) -> bool {
    // A bracket or a quote may close before the unit, but no other word may begin.
    let word = text.trim_start_matches([' ', ')', ']', '}', '"', '\'']);
    let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    UNITS.contains(&&word[..end])
}

/// Whether a text can be the name of a lane, a mark or a value.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
