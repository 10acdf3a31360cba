//! The text of one expected line: literal stretches and values. Which lines it allows, and what
//! its names stand for in them.

use std::collections::HashMap;

use crate::value::{Kind, RangeRule};

/// Index of a name in the table of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NameId(pub(crate) usize);

/// A stretch of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    /// Exactly this text; never empty.
    Literal(String),
    /// Any text that the type admits; with a name, the same text wherever that name stands.
    Value { kind: Kind, name: Option<NameId> },
}

/// The text of an expected line. No two literals are neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pub(crate) pieces: Vec<Piece>,
}

/// One way to read a line by a pattern: the text that each of its names stands for.
pub(crate) type Names<'a> = Vec<(NameId, &'a str)>;

/// There are so many ways to read one line that listing them is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyReadings;

/// How many steps the readings of one line may take. Sane patterns take about as many as the
/// line has characters; only several `{text}`, `{word}` or regular expressions with little
/// between them come near.
const MAX_STEPS: usize = 1_000_000;

/// How many different readings one line may have.
const MAX_READINGS: usize = 1_000;

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

    /// The names that stand in this pattern.
    pub(crate) fn names(&self) -> impl Iterator<Item = NameId> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value { name, .. } => *name,
            Piece::Literal(_) => None,
        })
    }

    /// All ways to read `line`: none where the pattern does not allow it. Each differs from the
    /// others in what at least one name stands for; a name that stands twice has one text, but
    /// for those that `free` says are free, which are left out.
    ///
    /// # Errors
    /// There are too many to list.
    pub(crate) fn readings<'a>(
        &self,
        line: &'a str,
        ranges: RangeRule,
        free: &dyn Fn(NameId) -> bool,
    ) -> Result<Vec<Names<'a>>, TooManyReadings> {
        if !line.starts_with(self.prefix()) {
            return Ok(Vec::new());
        }
        let mut reader = Reader::new(&self.pieces, line, ranges, free);
        reader.read(0, 0)?;
        Ok(reader.found)
    }

    /// What the names stand for in a line whose numbers may be out of range, and where one name
    /// may have two texts. Of several readings one.
    pub(crate) fn names_in<'a>(&self, line: &'a str) -> Names<'a> {
        let values = self.values_in(line).into_iter();
        values.filter_map(|(_, name, text)| Some((name?, text))).collect()
    }

    /// The numbers of a line that are out of range, with that range.
    pub(crate) fn out_of_range<'a>(&self, line: &'a str) -> Vec<(&'a str, &str)> {
        let values = self.values_in(line).into_iter();
        values
            .filter_map(|(kind, _, text)| match kind {
                Kind::Range(range) if !kind.admits(text, RangeRule::Whole) => {
                    Some((text, range.source.as_str()))
                }
                _ => None,
            })
            .collect()
    }

    fn values_in<'a>(&self, line: &'a str) -> Vec<(&Kind, Option<NameId>, &'a str)> {
        let all_free = |_| true;
        let mut reader = Reader::new(&self.pieces, line, RangeRule::AnyNumber, &all_free);
        let mut values = Vec::new();
        let mut start = 0;
        for (index, piece) in self.pieces.iter().enumerate() {
            let ends = reader.ends(index, start).unwrap_or_default();
            let end = ends.into_iter().find(|&end| reader.fits(index + 1, end).unwrap_or(false));
            let Some(end) = end else { break };
            if let Piece::Value { kind, name } = piece {
                values.push((kind, *name, &line[start..end]));
            }
            start = end;
        }
        values
    }
}

/// Walks over the pieces of a pattern and the places where each can end in the line.
struct Reader<'p, 'a> {
    pieces: &'p [Piece],
    line: &'a str,
    ranges: RangeRule,
    free: &'p dyn Fn(NameId) -> bool,
    /// Whether the pieces from the first index on can make up the line from the second on, names
    /// left aside.
    fits: HashMap<(usize, usize), bool>,
    names: Names<'a>,
    found: Vec<Names<'a>>,
    steps: usize,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn new(
        pieces: &'p [Piece],
        line: &'a str,
        ranges: RangeRule,
        free: &'p dyn Fn(NameId) -> bool,
    ) -> Self {
        let (fits, names, found) = (HashMap::new(), Vec::new(), Vec::new());
        Self { pieces, line, ranges, free, fits, names, found, steps: 0 }
    }

    /// Adds to `found` every reading of the line from `start` on by the pieces from `index` on.
    fn read(&mut self, index: usize, start: usize) -> Result<(), TooManyReadings> {
        if !self.fits(index, start)? {
            return Ok(());
        }
        // Where no name follows, one way is as good as another.
        if !self.pieces[index..].iter().any(|piece| self.bound_name(piece).is_some()) {
            let mut reading = self.names.clone();
            reading.sort_unstable();
            if !self.found.contains(&reading) {
                self.found.push(reading);
            }
            return if self.found.len() > MAX_READINGS { Err(TooManyReadings) } else { Ok(()) };
        }
        for end in self.ends(index, start)? {
            let text = &self.line[start..end];
            let Some(name) = self.bound_name(&self.pieces[index]) else {
                self.read(index + 1, end)?;
                continue;
            };
            match self.names.iter().find(|(known, _)| *known == name) {
                Some((_, same)) if *same == text => self.read(index + 1, end)?,
                Some(_) => {}
                None => {
                    self.names.push((name, text));
                    self.read(index + 1, end)?;
                    self.names.pop();
                }
            }
        }
        Ok(())
    }

    fn bound_name(&self, piece: &Piece) -> Option<NameId> {
        match piece {
            Piece::Value { name: Some(name), .. } if !(self.free)(*name) => Some(*name),
            _ => None,
        }
    }

    fn fits(&mut self, index: usize, start: usize) -> Result<bool, TooManyReadings> {
        if index == self.pieces.len() {
            return Ok(start == self.line.len());
        }
        if let Some(&known) = self.fits.get(&(index, start)) {
            return Ok(known);
        }
        let mut fits = false;
        for end in self.ends(index, start)? {
            if self.fits(index + 1, end)? {
                fits = true;
                break;
            }
        }
        self.fits.insert((index, start), fits);
        Ok(fits)
    }

    /// Where the piece at `index` can end if it begins at `start`, as far as that piece and a
    /// literal behind it tell.
    fn ends(&mut self, index: usize, start: usize) -> Result<Vec<usize>, TooManyReadings> {
        let rest = &self.line[start..];
        let kind = match &self.pieces[index] {
            Piece::Literal(text) => {
                return Ok(if rest.starts_with(text) { vec![start + text.len()] } else { vec![] });
            }
            Piece::Value { kind, .. } => kind,
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
            let length = rest.find(|c| !kind.may_contain(c)).unwrap_or(rest.len());
            (start..=start + length)
                .filter(|&end| self.line.is_char_boundary(end))
                .filter(|&end| self.line[end..].starts_with(behind))
                .collect()
        };
        let mut ends = Vec::new();
        for end in candidates {
            // `{text}` needs no look at the text itself.
            self.steps += 1 + if matches!(kind, Kind::Text) { 0 } else { (end - start) / 16 };
            if self.steps > MAX_STEPS {
                return Err(TooManyReadings);
            }
            if kind.admits(&self.line[start..end], self.ranges) {
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
        Piece::Value { kind: Kind::from_name(kind).expect("a type"), name: name.map(NameId) }
    }

    fn read(pieces: &[Piece], line: &str) -> Vec<Vec<String>> {
        let pattern = Pattern { pieces: pieces.to_vec() };
        let readings = pattern.readings(line, RangeRule::Whole, &|_| false).expect("few readings");
        readings
            .iter()
            .map(|names| names.iter().map(|(_, text)| (*text).to_owned()).collect())
            .collect()
    }

    #[test]
    fn every_split_is_found() {
        let pieces = [value("text", Some(0)), literal(" "), value("text", Some(1))];
        assert_eq!(read(&pieces, "x y z"), [["x", "y z"], ["x y", "z"]]);
        assert!(read(&pieces, "xyz").is_empty());
    }

    #[test]
    fn overlapping_literals_are_found() {
        let pieces = [value("text", Some(0)), literal("aa"), value("text", Some(1))];
        assert_eq!(read(&pieces, "aaaaa"), [["a", "aa"], ["aa", "a"]]);
    }

    #[test]
    fn one_name_has_one_text() {
        let pieces = [value("text", Some(0)), literal("-"), value("text", Some(0))];
        assert_eq!(read(&pieces, "a-b-a-b"), [["a-b"]]);
        assert!(read(&pieces, "a-b").is_empty());
    }

    #[test]
    fn unnamed_values_do_not_multiply_readings() {
        let pieces = [value("text", None), value("text", None), literal("c"), value("text", None)];
        assert_eq!(read(&pieces, "aacacaa"), [Vec::<String>::new()]);
    }

    #[test]
    fn a_regular_expression_may_match_nothing() {
        let regex = WholeRegex::new("x*").expect("a regular expression");
        let pieces =
            [literal("a"), Piece::Value { kind: Kind::Regex(regex), name: None }, literal("b")];
        assert_eq!(read(&pieces, "ab").len(), 1);
        assert_eq!(read(&pieces, "axxb").len(), 1);
        assert!(read(&pieces, "axyb").is_empty());
    }

    #[test]
    fn too_many_readings_are_an_error() {
        let pieces: Vec<Piece> = (0..8).map(|name| value("text", Some(name))).collect();
        let pattern = Pattern { pieces };
        let line = "a".repeat(60);
        let readings = pattern.readings(&line, RangeRule::Whole, &|_| false);
        assert_eq!(readings, Err(TooManyReadings));
    }

    #[test]
    fn a_long_line_is_read_quickly() {
        let pieces = [literal("begin "), value("text", Some(0)), literal(" end")];
        let line = format!("begin {} end", "x".repeat(1 << 20));
        assert_eq!(read(&pieces, &line).len(), 1);
    }
}
