//! The text of one expected line: which output lines it matches, and which values its names have in
//! them.

use std::collections::HashMap;

use crate::budget::{Budget, OutOfBudget};
use crate::value::{Kind, RangeRule};

/// Index of a name in [`Expectation::names`](crate::expectation::Expectation::names).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NameId(pub(crate) usize);

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    /// Exactly this text; never empty.
    Literal(String),
    /// Any text of the type that agrees with what it says about a name.
    Value { kind: Kind, name: Option<NameUse> },
}

/// What a value says about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum NameUse {
    /// It is the value of the name: `{name}`, or `{name:type}`.
    Same(NameId),
    /// It is another value than that of the name: `{!name}`.
    Other(NameId),
}

impl NameUse {
    pub(crate) fn name(self) -> NameId {
        match self {
            Self::Same(name) | Self::Other(name) => name,
        }
    }
}

/// The text of an expected line. No two literals are neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pub(crate) pieces: Vec<Piece>,
}

/// One way to read a line by a pattern: what it says about names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names<'a> {
    /// Names and their values.
    pub(crate) same: Vec<(NameId, &'a str)>,
    /// Names and values that they do not have.
    pub(crate) other: Vec<(NameId, &'a str)>,
}

/// A value in a line.
pub(crate) struct ValueInLine<'p, 'a> {
    pub(crate) kind: &'p Kind,
    pub(crate) name: Option<NameUse>,
    pub(crate) text: &'a str,
}

impl Pattern {
    /// The literal text that every line of this pattern begins with.
    pub(crate) fn prefix(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// The literal text that every line of this pattern ends with.
    pub(crate) fn suffix(&self) -> &str {
        match self.pieces.last() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// The whole line, where the pattern has no value.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The uses of names in this pattern, each as often as it appears.
    pub(crate) fn name_uses(&self) -> impl Iterator<Item = NameUse> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value { name, .. } => *name,
            Piece::Literal(_) => None,
        })
    }

    /// The names in this pattern, each as often as it appears.
    pub(crate) fn names(&self) -> impl Iterator<Item = NameId> {
        self.name_uses().map(NameUse::name)
    }

    pub(crate) fn repeats_a_name(&self) -> bool {
        let names: Vec<NameId> = self.names().collect();
        names.iter().enumerate().any(|(index, name)| names[..index].contains(name))
    }

    pub(crate) fn has_literal(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Literal(_)))
    }

    pub(crate) fn has_range(&self) -> bool {
        let is_range = |piece: &Piece| matches!(piece, Piece::Value { kind: Kind::Range(_), .. });
        self.pieces.iter().any(is_range)
    }

    /// Whether it has a value that identifies something.
    pub(crate) fn has_identity(&self) -> bool {
        let is_identity =
            |piece: &Piece| matches!(piece, Piece::Value { kind, .. } if kind.is_identity());
        self.pieces.iter().any(is_identity)
    }

    /// All ways to read `line`: none where the pattern does not match it. They differ in what they
    /// say about at least one name. A name that appears twice has one value.
    ///
    /// # Errors
    /// Listing them takes too long.
    pub(crate) fn readings<'a>(
        &self,
        line: &'a str,
        ranges: RangeRule,
        budget: &Budget,
    ) -> Result<Vec<Names<'a>>, OutOfBudget> {
        let mut reader = Reader::new(&self.pieces, line, ranges, budget);
        reader.read(0, 0)?;
        Ok(reader.found)
    }

    /// The parts of a line that stand in the places of values, whether their types allow them or not.
    /// Where there are several readings, this is one of them; `None` where there is none.
    ///
    /// # Errors
    /// Finding one takes too long.
    pub(crate) fn loose_values<'a>(
        &self,
        line: &'a str,
        budget: &Budget,
    ) -> Result<Option<Vec<ValueInLine<'_, 'a>>>, OutOfBudget> {
        self.some_values(Reader::new(&self.pieces, line, RangeRule::AnyText, budget))
    }

    /// The values in a line whose numbers may be out of range, and where one name may have two
    /// values. Where there are several readings, this is one of them; `None` where there is none.
    ///
    /// # Errors
    /// Finding one takes too long.
    pub(crate) fn lenient_values<'a>(
        &self,
        line: &'a str,
        budget: &Budget,
    ) -> Result<Option<Vec<ValueInLine<'_, 'a>>>, OutOfBudget> {
        self.some_values(Reader::new(&self.pieces, line, RangeRule::AnyNumber, budget))
    }

    /// The values in a line whose names have these values. Where there are several readings, this is
    /// one of them; `None` where there is none.
    ///
    /// # Errors
    /// Finding one takes too long.
    pub(crate) fn values<'p, 'a>(
        &'p self,
        line: &'a str,
        names: &'p [(NameId, &'a str)],
        budget: &'p Budget,
    ) -> Result<Option<Vec<ValueInLine<'p, 'a>>>, OutOfBudget> {
        let mut reader = Reader::new(&self.pieces, line, RangeRule::Exact, budget);
        reader.fixed = names;
        self.some_values(reader)
    }

    /// The first values that a reader finds.
    fn some_values<'a>(
        &self,
        mut reader: Reader<'_, 'a>,
    ) -> Result<Option<Vec<ValueInLine<'_, 'a>>>, OutOfBudget> {
        let mut values = Vec::new();
        let mut start = 0;
        for (index, piece) in self.pieces.iter().enumerate() {
            let mut found = None;
            for end in reader.ends(index, start)? {
                if reader.matches(index + 1, end)? {
                    found = Some(end);
                    break;
                }
            }
            let Some(end) = found else { return Ok(None) };
            if let Piece::Value { kind, name } = piece {
                values.push(ValueInLine { kind, name: *name, text: &reader.line[start..end] });
            }
            start = end;
        }
        Ok((start == reader.line.len()).then_some(values))
    }
}

/// Tries the places where each piece of a pattern can end in a line.
struct Reader<'p, 'a> {
    pieces: &'p [Piece],
    line: &'a str,
    ranges: RangeRule,
    budget: &'p Budget,
    /// Whether the pieces from the first index on match the line from the second on, if names may
    /// have several values.
    matches: HashMap<(usize, usize), bool>,
    /// Names whose values are known.
    fixed: &'p [(NameId, &'a str)],
    names: Names<'a>,
    found: Vec<Names<'a>>,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn new(pieces: &'p [Piece], line: &'a str, ranges: RangeRule, budget: &'p Budget) -> Self {
        let (matches, names, found) = (HashMap::new(), Names::default(), Vec::new());
        Self { pieces, line, ranges, budget, matches, fixed: &[], names, found }
    }

    /// Adds to `found` every reading of the line from `start` on by the pieces from `index` on.
    fn read(&mut self, index: usize, start: usize) -> Result<(), OutOfBudget> {
        if !self.matches(index, start)? {
            return Ok(());
        }
        // Readings that differ only in values without a name count as one.
        let is_named = |piece: &Piece| matches!(piece, Piece::Value { name: Some(_), .. });
        if !self.pieces[index..].iter().any(is_named) {
            let mut reading = self.names.clone();
            reading.same.sort_unstable();
            reading.other.sort_unstable();
            reading.other.dedup();
            self.budget.spend(1 + self.found.len() / 8)?;
            if !self.found.contains(&reading) {
                self.found.push(reading);
            }
            return Ok(());
        }
        for end in self.ends(index, start)? {
            let text = &self.line[start..end];
            let Piece::Value { name: Some(name), .. } = self.pieces[index] else {
                self.read(index + 1, end)?;
                continue;
            };
            match name {
                NameUse::Same(name) => {
                    match self.names.same.iter().find(|(known, _)| *known == name) {
                        Some((_, same)) if *same == text => self.read(index + 1, end)?,
                        Some(_) => {}
                        None if self.names.other.contains(&(name, text)) => {}
                        None => {
                            self.names.same.push((name, text));
                            self.read(index + 1, end)?;
                            self.names.same.pop();
                        }
                    }
                }
                NameUse::Other(name) if self.names.same.contains(&(name, text)) => {}
                NameUse::Other(name) => {
                    self.names.other.push((name, text));
                    self.read(index + 1, end)?;
                    self.names.other.pop();
                }
            }
        }
        Ok(())
    }

    fn matches(&mut self, index: usize, start: usize) -> Result<bool, OutOfBudget> {
        match self.pieces.get(index) {
            None => return Ok(start == self.line.len()),
            Some(Piece::Literal(text)) => {
                let is_here = self.line[start..].starts_with(text);
                return Ok(is_here && self.matches(index + 1, start + text.len())?);
            }
            Some(Piece::Value { .. }) => {}
        }
        if let Some(&known) = self.matches.get(&(index, start)) {
            return Ok(known);
        }
        let mut matches = false;
        for end in self.ends(index, start)? {
            if self.matches(index + 1, end)? {
                matches = true;
                break;
            }
        }
        self.budget.spend(1)?;
        self.matches.insert((index, start), matches);
        Ok(matches)
    }

    /// Where the piece at `index` can end if it begins at `start`, judging by that piece and a
    /// literal after it.
    fn ends(&self, index: usize, start: usize) -> Result<Vec<usize>, OutOfBudget> {
        let rest = &self.line[start..];
        let only =
            |text: &str| Ok(if rest.starts_with(text) { vec![start + text.len()] } else { vec![] });
        let kind = match &self.pieces[index] {
            Piece::Literal(text) => return only(text),
            Piece::Value { kind, name } => {
                let fixed = |known: &&(NameId, &str)| Some(NameUse::Same(known.0)) == *name;
                match self.fixed.iter().find(fixed) {
                    Some((_, text)) => return only(text),
                    None => kind,
                }
            }
        };
        let behind = match self.pieces.get(index + 1) {
            Some(Piece::Literal(text)) => text,
            _ => "",
        };
        let is_last = index + 1 == self.pieces.len();
        let literal_is_last = !behind.is_empty() && index + 2 == self.pieces.len();
        let candidates: Vec<usize> = if is_last {
            vec![self.line.len()]
        } else if literal_is_last {
            // Only at one place can the rest be just that literal.
            match rest.strip_suffix(behind) {
                Some(value) => vec![start + value.len()],
                None => vec![],
            }
        } else {
            // One place more than there are characters that the value may consist of.
            let cannot_be_in_value = |c| self.ranges != RangeRule::AnyText && !kind.may_contain(c);
            let length = rest.find(cannot_be_in_value).unwrap_or(rest.len());
            self.budget.spend(length / 32)?;
            (start..=start + length)
                .filter(|&end| self.line.is_char_boundary(end))
                .filter(|&end| self.line[end..].starts_with(behind))
                .collect()
        };
        let mut ends = Vec::new();
        for end in candidates {
            self.budget.spend(match kind {
                Kind::Text => 1,
                Kind::Regex(_) => 20 + (end - start) / 2,
                _ => 1 + (end - start) / 16,
            })?;
            if kind.allows(&self.line[start..end], self.ranges) {
                ends.push(end);
            }
        }
        Ok(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::WholeRegex;

    fn literal(text: &str) -> Piece {
        Piece::Literal(text.to_owned())
    }

    fn value(kind: &str, name: Option<usize>) -> Piece {
        let name = name.map(|id| NameUse::Same(NameId(id)));
        Piece::Value { kind: Kind::from_name(kind).expect("a type"), name }
    }

    fn read(pieces: &[Piece], line: &str) -> Result<Vec<Vec<String>>, OutOfBudget> {
        let pattern = Pattern { pieces: pieces.to_vec() };
        let readings = pattern.readings(line, RangeRule::Exact, &Budget::new(100_000))?;
        let texts = |names: &Names<'_>| {
            names.same.iter().map(|(_, text)| (*text).to_owned()).collect::<Vec<_>>()
        };
        Ok(readings.iter().map(texts).collect())
    }

    #[test]
    fn every_split_is_found() {
        let pieces = [value("text", Some(0)), literal(" "), value("text", Some(1))];
        assert_eq!(read(&pieces, "x y z").unwrap(), [["x", "y z"], ["x y", "z"]]);
        assert!(read(&pieces, "xyz").unwrap().is_empty());
    }

    #[test]
    fn overlapping_literals_are_found() {
        let pieces = [value("text", Some(0)), literal("aa"), value("text", Some(1))];
        assert_eq!(read(&pieces, "aaaaa").unwrap(), [["a", "aa"], ["aa", "a"]]);
    }

    #[test]
    fn one_name_has_one_text() {
        let pieces = [value("text", Some(0)), literal("-"), value("text", Some(0))];
        assert_eq!(read(&pieces, "a-b-a-b").unwrap(), [["a-b"]]);
        assert!(read(&pieces, "a-b").unwrap().is_empty());
    }

    #[test]
    fn unnamed_values_do_not_multiply_readings() {
        let pieces = [value("text", None), value("text", None), literal("c"), value("text", None)];
        assert_eq!(read(&pieces, "aacacaa").unwrap(), [Vec::<String>::new()]);
    }

    #[test]
    fn a_regular_expression_may_match_nothing() {
        let regex = WholeRegex::new("x*").expect("a regular expression");
        let pieces =
            [literal("a"), Piece::Value { kind: Kind::Regex(regex), name: None }, literal("b")];
        assert_eq!(read(&pieces, "ab").unwrap().len(), 1);
        assert_eq!(read(&pieces, "axxb").unwrap().len(), 1);
        assert!(read(&pieces, "axyb").unwrap().is_empty());
    }

    #[test]
    fn too_many_readings_are_an_error() {
        let pieces: Vec<Piece> = (0..8).map(|name| value("text", Some(name))).collect();
        assert_eq!(read(&pieces, &"a".repeat(60)), Err(OutOfBudget));
    }

    #[test]
    fn a_long_line_is_read_quickly() {
        let pieces = [literal("begin "), value("text", Some(0)), literal(" end")];
        let line = format!("begin {} end", "x".repeat(1 << 20));
        assert_eq!(read(&pieces, &line).unwrap().len(), 1);
    }
}
