//! Resolves the names of a run: which definition each `{name}` and each `{!name}` stands for.

use std::collections::HashMap;

use super::line::{RawLine, RawPiece};
use super::value::TYPES;
use crate::error::Errors;
use crate::expectation::{ExpectedLine, Group, Name};
use crate::pattern::{NameId, NameUse, Pattern, Piece};

/// The lines with their names resolved, the names, and the `*N` lanes of the run. That a name is
/// not known is not reported if one of the lines `unread`, which have errors, defines it.
pub(super) fn resolve(
    raw: Vec<RawLine>,
    unread: &[&str],
    errors: &mut Errors,
) -> (Vec<ExpectedLine>, Vec<Name>, Vec<Group>) {
    let (groups, group_of) = groups(&raw);
    let names = Names::defined_by(&raw, &group_of, errors);
    let lines = raw.into_iter().zip(&group_of).map(|(line, &group)| {
        let mut find = |text: &str, column: usize| {
            let id = names.find(text, group);
            let definition = format!("{{{text}:");
            if id.is_none() && !unread.iter().any(|line| line.contains(&definition)) {
                let (problem, remedy) = names.unknown(text, &groups);
                errors.add(line.number, column, problem, remedy);
            }
            id
        };
        let pieces = line.pieces.into_iter().filter_map(|piece| {
            Some(match piece {
                RawPiece::Literal(text) => Piece::Literal(text),
                RawPiece::Value { kind, name, column } => {
                    let name = name.and_then(|text| find(&text, column));
                    Piece::Value { kind, name: name.map(NameUse::Same) }
                }
                RawPiece::Same { name, column } => {
                    let id = find(&name, column)?;
                    let kind = names.names[id.0].kind.clone();
                    Piece::Value { kind, name: Some(NameUse::Same(id)) }
                }
                RawPiece::Other { name, column } => {
                    let id = find(&name, column)?;
                    let kind = names.names[id.0].kind.clone();
                    Piece::Value { kind, name: Some(NameUse::Other(id)) }
                }
            })
        });
        let pattern = Pattern { pieces: pieces.collect() };
        let RawLine { number, text, gutter, hint, .. } = line;
        ExpectedLine { number, text, gutter, hint, group, pattern }
    });
    let lines = lines.collect();
    (lines, names.names, groups)
}

/// The `*N` lanes of a run, and to which of them each line belongs.
fn groups(lines: &[RawLine]) -> (Vec<Group>, Vec<Option<usize>>) {
    let mut ids: HashMap<Group, usize> = HashMap::new();
    let mut groups = Vec::new();
    let mut group_of = Vec::with_capacity(lines.len());
    for line in lines {
        let group = line.gutter.as_ref().and_then(|gutter| gutter.lane.group());
        group_of.push(group.map(|group| {
            *ids.entry(group.clone()).or_insert_with(|| {
                groups.push(group);
                groups.len() - 1
            })
        }));
    }
    (groups, group_of)
}

/// The names that a run defines.
struct Names {
    names: Vec<Name>,
    /// The names with one text. Names of several `*N` lanes may share a text.
    by_text: HashMap<String, Vec<NameId>>,
}

impl Names {
    fn defined_by(lines: &[RawLine], group_of: &[Option<usize>], errors: &mut Errors) -> Self {
        let mut names = Self { names: Vec::new(), by_text: HashMap::new() };
        for (line, &group) in lines.iter().zip(group_of) {
            for piece in &line.pieces {
                let RawPiece::Value { kind, name: Some(text), column } = piece else { continue };
                let first = names.same_text(text).find(|id| {
                    let other = names.names[id.0].group;
                    other == group || other.is_none() || group.is_none()
                });
                if let Some(first) = first {
                    let first = names.names[first.0].line;
                    let problem =
                        format!("the name \"{text}\" is defined twice, first in line {first}");
                    let remedy =
                        format!("write {{{text}}} here for the same text, or choose another name");
                    errors.add(line.number, *column, problem, remedy);
                    continue;
                }
                let id = NameId(names.names.len());
                names.by_text.entry(text.clone()).or_default().push(id);
                let (text, kind) = (text.clone(), kind.clone());
                names.names.push(Name { text, line: line.number, group, kind });
            }
        }
        names
    }

    fn same_text(&self, text: &str) -> impl Iterator<Item = NameId> {
        self.by_text.get(text).into_iter().flatten().copied()
    }

    /// The name that a text stands for in a line that belongs to these lanes.
    fn find(&self, text: &str, group: Option<usize>) -> Option<NameId> {
        let of = |group| self.same_text(text).find(|id| self.names[id.0].group == group);
        of(group).or_else(|| of(None))
    }

    /// What is wrong with a name that is not known, and what to do about it.
    fn unknown(&self, text: &str, groups: &[Group]) -> (String, String) {
        match self.same_text(text).find_map(|id| self.names[id.0].group) {
            Some(group) => {
                let lanes = &groups[group];
                let problem = format!("the name \"{text}\" is defined only in the lanes {lanes}");
                (problem, "define another name here".to_owned())
            }
            None => (
                format!("\"{text}\" is not a type, and no value has this name"),
                format!("define a name with its type, {{{text}:int}}; the types are {TYPES}"),
            ),
        }
    }
}
