//! Reads one expected line: its gutter, and its text with placeholders.

use super::value::{Placeholder, is_name, read_value, split_placeholder};
use crate::error::Errors;
use crate::expectation::{Gutter, Lane, Mark};
use crate::value::Kind;

/// A `*N` with more lanes than this is a mistake.
const MAX_COUNT: usize = 100_000;

/// What is longer, in characters, does not look like a gutter.
const MAX_GUTTER: usize = 20;

/// A line with more values than this is a mistake.
const MAX_VALUES: usize = 200;

/// What to do where the notation is meant literally.
pub(super) const ESCAPE: &str = "if the program prints this, put `\\` before the line";

const NAME: &str = "a lower-case letter, then lower-case letters, digits and `_`";

/// An expected line whose names are not resolved yet.
pub(super) struct RawLine {
    pub(super) number: usize,
    pub(super) text: String,
    pub(super) gutter: Option<Gutter>,
    /// What it may have been meant to be, if it looks like another part of the notation.
    pub(super) hint: Option<String>,
    pub(super) pieces: Vec<RawPiece>,
}

pub(super) enum RawPiece {
    Literal(String),
    /// `{type}`, or `{name:type}`, which defines the name.
    Value {
        kind: Kind,
        name: Option<String>,
        column: usize,
    },
    /// `{name}`: the value of a name whose type stands elsewhere.
    Same {
        name: String,
        column: usize,
    },
    /// `{!name}`: another value of the same type.
    Other {
        name: String,
        column: usize,
    },
}

/// Reads a line. `None` after an error.
pub(super) fn read(number: usize, line: &str, errors: &mut Errors) -> Option<RawLine> {
    let ((gutter, text), hint) = match line.strip_prefix('\\') {
        Some(text) => ((None, text), None),
        None => (read_gutter(number, line, errors)?, hint(line)),
    };
    let column = line.chars().count() - text.chars().count() + 1;
    let pieces = read_pieces(number, column, text, errors)?;
    Some(RawLine { number, text: text.to_owned(), gutter, hint, pieces })
}

/// Splits a line after the `|` of what is a gutter or looks like one.
fn split_gutter(line: &str) -> Option<(&str, &str)> {
    let is_of_gutter = |c: char| c.is_ascii_alphanumeric() || "_-*@<".contains(c);
    line.split_once('|').filter(|(head, _)| head.chars().all(is_of_gutter))
}

/// What a line without a gutter may have been meant to be: `%exit 2`, or `a b| text`.
fn hint(line: &str) -> Option<String> {
    let text = line.trim_start();
    for (sign, what) in [('$', "a run"), ('%', "a setting")] {
        let rest = text.strip_prefix(sign).map_or("", str::trim_start);
        if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Some(format!("if you mean {what}, write `{sign} {rest}`; {ESCAPE}"));
        }
    }
    let (head, rest) = line.split_once('|').filter(|_| split_gutter(line).is_none())?;
    let is_short = head.chars().count() <= MAX_GUTTER && (rest.is_empty() || rest.starts_with(' '));
    let is_gutter = is_short && (!head.ends_with(' ') || head.contains(['*', '@', '<']));
    is_gutter.then(|| format!("if you mean a lane, write it as in `worker*3| text`; {ESCAPE}"))
}

/// The gutter of a correct line with its `|`; empty where the line has none.
pub(crate) fn gutter_of(line: &str) -> &str {
    split_gutter(line).map_or("", |(head, _)| &line[..=head.len()])
}

/// Writes the text of a line without a gutter so that its beginning is not read as notation.
pub(crate) fn escape_beginning(text: &str) -> String {
    let is_notation = text.is_empty()
        || ["$ ", "% ", "\\"].iter().any(|sign| text.starts_with(sign))
        || split_gutter(text).is_some();
    if is_notation { format!("\\{text}") } else { text.to_owned() }
}

/// Writes the text of an output line so that its braces are not read as notation.
pub(crate) fn escape_braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
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
            errors.add(number, head.len() + 2, "a space is missing after the `|`", remedy);
            return None;
        }
    };

    const SIGNS: [char; 3] = ['*', '@', '<'];
    let (lane_name, mut signs) = head.split_at(head.find(SIGNS).unwrap_or(head.len()));
    if !lane_name.is_empty() && !is_name(lane_name) {
        let problem = format!("\"{lane_name}\" is not the name of a lane");
        errors.add(number, 1, problem, format!("a lane is {NAME}; {ESCAPE}"));
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
                    let problem = format!("\"{part}\" is not a count of lanes");
                    let remedy = format!(
                        "write 1 to {MAX_COUNT} directly after the lane, `worker*3|`; {ESCAPE}"
                    );
                    errors.add(number, column, problem, remedy);
                    return None;
                }
                count = parsed;
            }
            _ if !is_name(word) => {
                let problem = format!("\"{word}\" is not the name of a mark");
                let remedy = format!("write `{sign}ready`; a mark is {NAME}; {ESCAPE}");
                errors.add(number, column + 1, problem, remedy);
                return None;
            }
            "@" if mark.is_some() => {
                let remedy = "keep one; a line can wait for several with `<`";
                errors.add(number, column, "the line has two marks", remedy);
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
            let Some((content, length)) = split_placeholder(rest) else {
                let remedy = "close it with `}`, or write `{{` for a brace of the output";
                errors.add(number, column, "a `{` is not closed", remedy);
                return None;
            };
            if !literal.is_empty() {
                pieces.push(RawPiece::Literal(std::mem::take(&mut literal)));
            }
            match read_value(content, &rest[length..]) {
                Ok(placeholder) => pieces.push(match placeholder {
                    Placeholder::Value { kind, name } => RawPiece::Value { kind, name, column },
                    Placeholder::Same(name) => RawPiece::Same { name, column },
                    Placeholder::Other(name) => RawPiece::Other { name, column },
                }),
                Err(error) => {
                    let at = column + 1 + error.offset;
                    errors.add(number, at, error.problem, error.remedy);
                    is_sound = false;
                }
            }
            length
        } else if c == '}' {
            let remedy = "write `}}` for a brace of the output";
            errors.add(number, column, "a `}` has no `{` before it", remedy);
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
        let problem = format!("the line has {values} values, but {MAX_VALUES} are the limit");
        errors.add(number, column, problem, "use fewer values, or one `{text}`");
        is_sound = false;
    }
    is_sound.then_some(pieces)
}
