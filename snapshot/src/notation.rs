//! Reads the notation of snapshot files.
//!
//! Each function reads one construct and reports what is wrong with it; reading goes on behind
//! the error, so that one look at the report is enough.

use std::time::Duration;

use crate::order::{Expectation, ExpectedLine, Group, Gutter, Lane, Mark, Name};
use crate::pattern::{NameId, Pattern, Piece};
use crate::value::{Decimal, High, Kind, Range, WholeRegex};
use crate::{NotationError, Run, Snapshot};

/// How long a run may take where the snapshot does not say.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// More lanes than this in one `*N` are taken for a slip.
const MAX_COUNT: usize = 100_000;

/// The types of values, for people.
const TYPES: &str =
    "int, float, word, text, thread, a range as in 0.2..0.4, 1..=9 or 0.., and /regex/";

/// More values than this in one line are taken for a slip.
const MAX_VALUES: usize = 200;

const ESCAPE: &str = "if it is output, put `\\` in front of the line";

/// Reads a whole file.
pub(crate) fn parse(text: &str) -> Result<Snapshot, Vec<NotationError>> {
    let mut errors = Errors::default();
    let mut runs = Vec::new();
    let mut body: Option<RunBody<'_>> = None;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if let Some(command) = line.strip_prefix("$ ") {
            runs.extend(body.take().map(|body| body.finish(&mut errors)));
            body = Some(RunBody::new(number, command));
        } else if let Some(body) = &mut body {
            body.lines.push((number, line));
        } else if line.trim_start().starts_with('$') {
            let remedy =
                "a run begins with `$ ` at the beginning of its line; word a note otherwise";
            errors.add(number, 1, "this is no run, and should be no note", remedy);
        }
    }
    match body {
        Some(body) => runs.push(body.finish(&mut errors)),
        None => errors.add(1, 1, "the file has no run", "start one with a line `$ NAME ARGUMENT…`"),
    }
    if errors.0.is_empty() {
        Ok(Snapshot { runs })
    } else {
        errors.0.sort_by_key(|error| (error.line, error.column));
        Err(errors.0)
    }
}

#[derive(Default)]
pub(crate) struct Errors(Vec<NotationError>);

impl Errors {
    pub(crate) fn add(
        &mut self,
        line: usize,
        column: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (problem, remedy) = (problem.into(), remedy.into());
        self.0.push(NotationError { line, column, problem, remedy });
    }
}

/// The lines of one run, from its `$` to the next.
struct RunBody<'a> {
    number: usize,
    command: &'a str,
    lines: Vec<(usize, &'a str)>,
}

impl<'a> RunBody<'a> {
    fn new(number: usize, command: &'a str) -> Self {
        Self { number, command, lines: Vec::new() }
    }

    fn finish(mut self, errors: &mut Errors) -> Run {
        while self.lines.last().is_some_and(|(_, line)| line.is_empty()) {
            self.lines.pop();
        }
        let mut words = shlex::split(self.command)
            .unwrap_or_else(|| {
                let column = 3 + open_quote(self.command);
                errors.add(self.number, column, "a quote is not closed", "close it, or quote it");
                vec![String::new()]
            })
            .into_iter();
        let program = words.next().unwrap_or_else(|| {
            errors.add(self.number, 3, "the run names no program", "write `$ NAME ARGUMENT…`");
            String::new()
        });

        let mut settings = Settings::default();
        let mut lines = Vec::new();
        for &(number, line) in &self.lines {
            if let Some(setting) = line.strip_prefix("% ") {
                settings.read(number, setting, lines.len(), errors);
            } else if let Some(line) = read_line(number, line, errors) {
                lines.push(line);
            }
        }
        let stdout_lines = settings.stderr_from.unwrap_or(lines.len());
        let (lines, names, groups) = resolve_names(lines, errors);
        let expectation = Expectation::new(lines, stdout_lines, names, groups, errors);
        Run {
            line: self.number,
            program,
            arguments: words.collect(),
            exit: settings.exit.unwrap_or(0),
            timeout: settings.timeout.unwrap_or(DEFAULT_TIMEOUT),
            alone: settings.alone.is_some(),
            expectation,
        }
    }
}

/// Where the quote begins that is not closed, in characters.
fn open_quote(command: &str) -> usize {
    let mut open = None;
    let mut letters = command.chars().enumerate();
    while let Some((at, c)) = letters.next() {
        match (open, c) {
            (Some((quote, _)), _) if c == quote => open = None,
            (Some(('\'', _)), _) => {}
            (_, '\\') => match letters.next() {
                Some(_) => {}
                None => return at,
            },
            (None, '"' | '\'') => open = Some((c, at)),
            _ => {}
        }
    }
    open.map_or(0, |(_, at)| at)
}

/// What the `% ` lines of a run say.
#[derive(Default)]
struct Settings {
    exit: Option<i32>,
    timeout: Option<Duration>,
    alone: Option<()>,
    /// How many expected lines stand before `% stderr`.
    stderr_from: Option<usize>,
}

impl Settings {
    fn read(&mut self, number: usize, setting: &str, lines_so_far: usize, errors: &mut Errors) {
        let setting = setting.trim();
        let (word, argument) = setting.split_once(' ').unwrap_or((setting, ""));
        let argument = argument.trim_start();
        let argument_column = 3 + setting.chars().count() - argument.chars().count();
        let is_again = match word {
            "exit" => match argument.parse() {
                Ok(code) => self.exit.replace(code).is_some(),
                Err(_) => {
                    let problem = format!("\"{argument}\" is no exit code");
                    return errors.add(number, argument_column, problem, "write `% exit 2`");
                }
            },
            "timeout" => match parse_duration(argument) {
                Some(timeout) => self.timeout.replace(timeout).is_some(),
                None => {
                    let problem = format!("\"{argument}\" is no time above 0");
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
        if is_again {
            let problem = format!("`% {word}` stands twice in one run");
            errors.add(number, 3, problem, "keep one of them");
        }
    }
}

/// Reads `30 s`, `500 ms` or `2 min`, seconds where no unit is given. `None` also for 0.
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

/// An expected line whose names are not looked up yet.
struct RawLine {
    number: usize,
    text: String,
    gutter: Option<Gutter>,
    pieces: Vec<RawPiece>,
}

enum RawPiece {
    Literal(String),
    Value {
        kind: Kind,
        name: Option<String>,
        column: usize,
    },
    /// `{name}`: a value whose type stands elsewhere.
    Same {
        name: String,
        column: usize,
    },
}

fn read_line(number: usize, line: &str, errors: &mut Errors) -> Option<RawLine> {
    let (gutter, text) = match line.strip_prefix('\\') {
        Some(text) => (None, text),
        None => read_gutter(number, line, errors)?,
    };
    let column = line.chars().count() - text.chars().count() + 1;
    let pieces = read_pieces(number, column, text, errors)?;
    Some(RawLine { number, text: text.to_owned(), gutter, pieces })
}

/// Splits a line behind the `|` of what is a gutter or looks like one.
fn split_gutter(line: &str) -> Option<(&str, &str)> {
    let may_be_in_one = |c: char| c.is_ascii_alphanumeric() || "_-*@<".contains(c);
    line.split_once('|').filter(|(head, _)| head.chars().all(may_be_in_one))
}

/// What stands before the text of a sound line: its gutter with the `|`, if it has one.
pub(crate) fn gutter_of(line: &str) -> &str {
    split_gutter(line).map_or("", |(head, _)| &line[..=head.len()])
}

/// Writes a line's text, which has no gutter, such that it is read as one.
pub(crate) fn with_backslash_if_needed(text: &str) -> String {
    let needs_one = text.is_empty()
        || ["$ ", "% ", "\\"].iter().any(|sign| text.starts_with(sign))
        || split_gutter(text).is_some();
    if needs_one { format!("\\{text}") } else { text.to_owned() }
}

/// Writes an output line's text such that its braces are read as such.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The placeholders of a sound line's text, with their braces.
pub(crate) fn placeholders(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        rest = &rest[at..];
        let length = match placeholder(rest).filter(|_| !rest.starts_with("{{")) {
            Some((_, length)) if rest.starts_with('{') => {
                found.push(&rest[..length]);
                length
            }
            _ => rest.len().min(2),
        };
        rest = &rest[length..];
    }
    found
}

/// Splits a line into its gutter, if it has one, and its text. `None` after an error.
fn read_gutter<'a>(
    number: usize,
    line: &'a str,
    errors: &mut Errors,
) -> Option<(Option<Gutter>, &'a str)> {
    let Some((head, rest)) = split_gutter(line) else { return Some((None, line)) };
    let text = match rest.strip_prefix(' ') {
        Some(text) => text,
        None if rest.is_empty() => rest,
        None => {
            let remedy = format!("write `{head}| {rest}`; {ESCAPE}");
            errors.add(number, head.len() + 2, "no space stands behind the `|`", remedy);
            return None;
        }
    };

    const SIGNS: [char; 3] = ['*', '@', '<'];
    let (lane_name, mut signs) = head.split_at(head.find(SIGNS).unwrap_or(head.len()));
    if !lane_name.is_empty() && !is_name(lane_name) {
        let problem = format!("\"{lane_name}\" is no lane");
        let remedy =
            format!("a lane is a small letter, then small letters, digits and `_`; {ESCAPE}");
        errors.add(number, 1, problem, remedy);
        return None;
    }
    let mut column = 1 + lane_name.len();
    let (mut count, mut mark, mut after) = (None, None, Vec::new());
    while !signs.is_empty() {
        let end = signs[1..].find(SIGNS).map_or(signs.len(), |at| at + 1);
        let (part, rest) = signs.split_at(end);
        let (sign, word) = part.split_at(1);
        match sign {
            "*" => {
                let parsed = word.parse().ok().filter(|count| (1..=MAX_COUNT).contains(count));
                if lane_name.is_empty() || column != 1 + lane_name.len() || parsed.is_none() {
                    let problem = format!("\"{part}\" is no count of lanes");
                    let remedy = format!("write it right behind the lane, `worker*3|`; {ESCAPE}");
                    errors.add(number, column, problem, remedy);
                    return None;
                }
                count = parsed;
            }
            _ if !is_name(word) => {
                let problem = format!("\"{word}\" is no mark");
                let remedy = format!(
                    "write `{sign}ready`: a small letter, then small letters, digits and `_`; {ESCAPE}"
                );
                errors.add(number, column + 1, problem, remedy);
                return None;
            }
            "@" if mark.is_some() => {
                let remedy = "keep one; `<` may stand several times";
                errors.add(number, column, "a line has two marks", remedy);
                return None;
            }
            "@" => mark = Some(Mark { name: word.to_owned(), column: column + 1 }),
            _ => after.push(Mark { name: word.to_owned(), column: column + 1 }),
        }
        column += part.len();
        signs = rest;
    }
    let lane = match lane_name {
        "" => Lane::Anonymous,
        name => Lane::Named { name: name.to_owned(), count },
    };
    Some((Some(Gutter { lane, mark, after }), text))
}

/// Reads the text of a line, which begins at `column`. `None` after an error.
fn read_pieces(
    number: usize,
    mut column: usize,
    text: &str,
    errors: &mut Errors,
) -> Option<Vec<RawPiece>> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    let mut is_sound = true;
    while let Some(c) = rest.chars().next() {
        let taken = if rest.starts_with("{{") || rest.starts_with("}}") {
            literal.push(c);
            2
        } else if c == '{' {
            let Some((content, length)) = placeholder(rest) else {
                let remedy = "close it with `}`; a brace of the output is written `{{`";
                errors.add(number, column, "a `{` is not closed", remedy);
                return None;
            };
            if !literal.is_empty() {
                pieces.push(RawPiece::Literal(std::mem::take(&mut literal)));
            }
            match read_value(content, &rest[length..]) {
                Ok((kind, name)) => pieces.push(match kind {
                    Some(kind) => RawPiece::Value { kind, name, column },
                    None => RawPiece::Same { name: name.unwrap_or_default(), column },
                }),
                Err((offset, problem, remedy)) => {
                    errors.add(number, column + 1 + offset, problem, remedy);
                    is_sound = false;
                }
            }
            length
        } else if c == '}' {
            let remedy = "a brace of the output is written `}}`";
            errors.add(number, column, "a `}` closes nothing", remedy);
            is_sound = false;
            1
        } else {
            literal.push(c);
            c.len_utf8()
        };
        column += rest[..taken].chars().count();
        rest = &rest[taken..];
    }
    if !literal.is_empty() {
        pieces.push(RawPiece::Literal(literal));
    }
    let values = pieces.iter().filter(|piece| !matches!(piece, RawPiece::Literal(_))).count();
    if values > MAX_VALUES {
        let problem = format!("the line has {values} values, more than {MAX_VALUES}");
        errors.add(number, column, problem, "write what is known, or split the line");
        is_sound = false;
    }
    is_sound.then_some(pieces)
}

/// The content of the placeholder that `text` begins with, and the length of the whole with its
/// braces, in bytes.
fn placeholder(text: &str) -> Option<(&str, usize)> {
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

/// Where in the placeholder the error is, in characters; what is wrong; what would be right.
type ValueError = (usize, String, String);

/// Reads what stands between the braces: a type, a name, or `name:type`. `behind` is the text
/// that follows them.
fn read_value(content: &str, behind: &str) -> Result<(Option<Kind>, Option<String>), ValueError> {
    let (name, kind) = match content.split_once(':') {
        Some((name, kind)) if !content.starts_with('/') => (Some(name), kind),
        _ => (None, content),
    };
    if let Some(name) = name {
        if Kind::from_name(name).is_some() {
            let problem = format!("the name \"{name}\" is that of a type");
            return Err((0, problem, "choose another name".to_owned()));
        }
        if !is_name(name) {
            let problem = format!("\"{name}\" is no name");
            let remedy = "a name is a small letter, then small letters, digits and `_`";
            return Err((0, problem, remedy.to_owned()));
        }
    }
    let offset = name.map_or(0, |name| name.chars().count() + 1);
    if let Some(kind) = read_kind(kind, behind).map_err(|(at, p, r)| (offset + at, p, r))? {
        return Ok((Some(kind), name.map(str::to_owned)));
    }
    if name.is_none() && is_name(content) {
        return Ok((None, Some(content.to_owned())));
    }
    let problem = format!("\"{kind}\" is no type of value");
    let remedy = format!("the types are {TYPES}; a brace of the output is written `{{{{`");
    Err((offset, problem, remedy))
}

/// Reads a type. `None` if it does not look like one.
fn read_kind(text: &str, behind: &str) -> Result<Option<Kind>, ValueError> {
    if let Some(kind) = Kind::from_name(text) {
        return Ok(Some(kind));
    }
    if let Some(pattern) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        let explain = |error: regex::Error| {
            let message = error.to_string();
            let cause = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let problem = format!("/{pattern}/ is no regular expression: {cause}");
            (0, problem, "see the syntax of the regex crate".to_owned())
        };
        return WholeRegex::new(pattern).map(Kind::Regex).map(Some).map_err(explain);
    }
    let Some((low, high)) = text.split_once("..") else { return Ok(None) };
    let bound = |text: &str| {
        Decimal::parse(text).ok_or_else(|| {
            let problem = format!("\"{text}\" is no decimal number");
            let remedy = "a range is written 0.2..0.4, 1..=9 or 0..".to_owned();
            (0, problem, remedy)
        })
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
        let remedy = "put the smaller bound first; `..=` takes in the last one";
        return Err((0, format!("no number is in {text}"), remedy.to_owned()));
    }
    Ok(Some(Kind::Range(range)))
}

/// Whether the first word of a text is a unit of time: then the value before it is a time.
fn begins_with_unit_of_time(text: &str) -> bool {
    // A bracket or a quote may close in between, but no other word or clause begins.
    let word = text.trim_start_matches([' ', ')', ']', '}', '"', '\'']);
    let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    matches!(
        &word[..end],
        "s" | "sec"
            | "secs"
            | "second"
            | "seconds"
            | "ms"
            | "millisecond"
            | "milliseconds"
            | "us"
            | "µs"
            | "ns"
            | "minute"
            | "minutes"
    )
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Looks up what each `{name}` stands for.
fn resolve_names(
    raw: Vec<RawLine>,
    errors: &mut Errors,
) -> (Vec<ExpectedLine>, Vec<Name>, Vec<Group>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of = Vec::new();
    for line in &raw {
        let group = line.gutter.as_ref().and_then(|gutter| gutter.lane.group());
        group_of.push(group.map(|group| {
            groups.iter().position(|known| *known == group).unwrap_or_else(|| {
                groups.push(group);
                groups.len() - 1
            })
        }));
    }

    let mut names: Vec<(Name, Kind)> = Vec::new();
    for (line, &group) in raw.iter().zip(&group_of) {
        for piece in &line.pieces {
            let RawPiece::Value { kind, name: Some(text), column } = piece else { continue };
            let is_known_here = |(name, _): &&(Name, Kind)| {
                name.text == *text
                    && (name.group == group || name.group.is_none() || group.is_none())
            };
            match names.iter().find(is_known_here) {
                Some((first, _)) => {
                    let problem =
                        format!("the name \"{text}\" is given twice, first in line {}", first.line);
                    let remedy =
                        format!("write {{{text}}} here for the same text, or choose another name");
                    errors.add(line.number, *column, problem, remedy);
                }
                None => {
                    let is_thread = matches!(kind, Kind::Thread);
                    let name = Name { text: text.clone(), line: line.number, group, is_thread };
                    names.push((name, kind.clone()));
                }
            }
        }
    }

    let lines = raw.into_iter().zip(&group_of).map(|(line, &group)| {
        let number = line.number;
        let find = |text: &str, column: usize, errors: &mut Errors| {
            let of = |scope: Option<usize>| {
                names.iter().position(|(name, _)| name.text == text && name.group == scope)
            };
            let found = of(group).or_else(|| of(None));
            if found.is_none() {
                let (problem, remedy) = match names.iter().find(|(name, _)| name.text == text) {
                    Some((Name { group: Some(group), .. }, _)) => (
                        format!(
                            "the name \"{text}\" is known only in its lanes {}",
                            groups[*group]
                        ),
                        "give it a name of its own here".to_owned(),
                    ),
                    _ => (
                        format!("\"{text}\" is no type of value, and nothing gives that name"),
                        format!(
                            "a name is given once with its type, as in {{{text}:int}}; the types \
                             are {TYPES}"
                        ),
                    ),
                };
                errors.add(number, column, problem, remedy);
            }
            found
        };
        let pieces = line.pieces.into_iter().filter_map(|piece| {
            Some(match piece {
                RawPiece::Literal(text) => Piece::Literal(text),
                RawPiece::Value { kind, name: None, .. } => Piece::Value { kind, name: None },
                RawPiece::Value { kind, name: Some(text), column } => {
                    let name = find(&text, column, errors).map(NameId);
                    Piece::Value { kind, name }
                }
                RawPiece::Same { name: text, column } => {
                    let index = find(&text, column, errors)?;
                    Piece::Value { kind: names[index].1.clone(), name: Some(NameId(index)) }
                }
            })
        });
        let pattern = Pattern { pieces: pieces.collect() };
        ExpectedLine { number, text: line.text, gutter: line.gutter, group, pattern }
    });
    let lines = lines.collect();
    (lines, names.into_iter().map(|(name, _)| name).collect(), groups)
}
