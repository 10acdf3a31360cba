//! Which patterns allow which lines of an output, each line alone: the table on which pairing
//! and search work.

use std::collections::{BTreeSet, HashMap};

use crate::order::{Expectation, PatternId};
use crate::pattern::{NameId, Names, TooManyReadings};
use crate::value::RangeRule;

/// What a search asks of an output. The lenient rules serve to find out what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) ranges: RangeRule,
    pub(crate) names: NameRule,
}

/// Which names must stand for one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// All of them, and different threads for different thread names.
    All,
    /// All but this one, and different threads.
    AllBut(NameId),
    /// All of them, but two thread names may stand for one thread.
    AllThreadsAlike,
    /// None.
    None,
}

impl Rules {
    pub(crate) const STRICT: Self = Self { ranges: RangeRule::Whole, names: NameRule::All };

    /// Whether this name may stand for different texts.
    pub(crate) fn frees(self, name: NameId) -> bool {
        match self.names {
            NameRule::All | NameRule::AllThreadsAlike => false,
            NameRule::AllBut(free) => free == name,
            NameRule::None => true,
        }
    }

    /// Whether two thread names must stand for different threads.
    pub(crate) fn parts_threads(self) -> bool {
        matches!(self.names, NameRule::All | NameRule::AllBut(_))
    }
}

/// The text of a name, by its number in a [`Table`].
pub(crate) type Value = u32;

/// A line and a pattern that allows it.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) pattern: PatternId,
    /// The ways to read the line; never empty.
    pub(crate) readings: Vec<Reading>,
}

/// One way to read a line.
#[derive(Debug)]
pub(crate) struct Reading {
    /// What the pattern's names stand for.
    pub(crate) names: Vec<(NameId, Value)>,
    /// Every value lies in its range. Can be false only where the rules are lenient.
    pub(crate) in_range: bool,
}

impl Fit {
    /// Whether the line can be read without leaving a range.
    pub(crate) fn in_range(&self) -> bool {
        self.readings.iter().any(|reading| reading.in_range)
    }
}

/// Why there is no table.
#[derive(Debug)]
pub(crate) enum TooMuch {
    /// A line, by its index, that this pattern reads in too many ways.
    Readings(usize, PatternId),
    /// Some of many patterns that allow, or may allow, nearly every line.
    Fits(Vec<PatternId>),
}

/// How many fits a table may have, about a hundred bytes each. Only many hundreds of lines that
/// nearly all fit many hundreds of patterns come near.
const MAX_FITS: usize = 1_000_000;

/// How many pairs of a line and a pattern may be tried. Only thousands of patterns that tell
/// neither by their beginnings nor by their ends which lines they allow come near.
const MAX_TRIES: usize = 4_000_000;

/// Which patterns a line is tried with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those of the whole run.
    Run,
    /// Those of the block in whose place it stands. The sizes of the streams fit.
    Block,
}

/// All fits of an output's lines.
#[derive(Debug)]
pub(crate) struct Table {
    /// For each line the number of its text: equal lines have one, in the block scope those of
    /// one block.
    pub(crate) text_of: Vec<usize>,
    /// For each text the patterns that allow it: literal ones first, those out of range last.
    pub(crate) fits: Vec<Vec<Fit>>,
}

impl Table {
    /// # Errors
    /// The table would be too large, or take too long.
    pub(crate) fn new(
        expectation: &Expectation,
        lines: &[&str],
        rules: Rules,
        scope: Scope,
    ) -> Result<Self, TooMuch> {
        let indices: Vec<(usize, PrefixIndex<'_>)> = match scope {
            Scope::Run => {
                vec![(usize::MAX, PrefixIndex::new(expectation, 0..expectation.patterns.len()))]
            }
            Scope::Block => expectation
                .blocks
                .iter()
                .scan(0, |end, block| {
                    *end += block.size;
                    let lines = block.first_line..block.end_line();
                    let patterns = lines.map(|line| expectation.pattern_of[line]);
                    Some((*end, PrefixIndex::new(expectation, patterns)))
                })
                .collect(),
        };
        let mut block = 0;
        let mut values: HashMap<&str, Value> = HashMap::new();
        let mut texts: HashMap<(usize, &str), usize> = HashMap::new();
        let mut table = Self { text_of: Vec::with_capacity(lines.len()), fits: Vec::new() };
        let (mut tries, mut size) = (0, 0);
        for (number, &line) in lines.iter().enumerate() {
            while number >= indices[block].0 {
                block += 1;
            }
            let next = table.fits.len();
            let text = *texts.entry((block, line)).or_insert(next);
            table.text_of.push(text);
            if text < next {
                continue;
            }
            let mut fits = Vec::new();
            let mut candidates = indices[block].1.candidates(line);
            candidates.retain(|&pattern| line.ends_with(expectation.pattern(pattern).suffix()));
            tries += candidates.len();
            if tries > MAX_TRIES {
                return Err(TooMuch::Fits(candidates.into_iter().take(4).collect()));
            }
            for pattern in candidates {
                let fit = fit(expectation, pattern, line, rules, &mut values)
                    .map_err(|TooManyReadings| TooMuch::Readings(number, pattern))?;
                fits.extend(fit);
            }
            let is_literal = |fit: &Fit| expectation.pattern(fit.pattern).as_literal().is_some();
            fits.sort_by_key(|fit| (!is_literal(fit), !fit.in_range(), fit.pattern));
            size += fits.iter().map(|fit| fit.readings.len()).sum::<usize>();
            if size > MAX_FITS {
                return Err(TooMuch::Fits(fits.iter().map(|fit| fit.pattern).take(4).collect()));
            }
            table.fits.push(fits);
        }
        Ok(table)
    }

    pub(crate) fn of_line(&self, line: usize) -> &[Fit] {
        &self.fits[self.text_of[line]]
    }
}

fn fit<'a>(
    expectation: &Expectation,
    pattern: PatternId,
    line: &'a str,
    rules: Rules,
    values: &mut HashMap<&'a str, Value>,
) -> Result<Option<Fit>, TooManyReadings> {
    let matcher = expectation.pattern(pattern);
    let none_free = |_| false;
    let mut readings: Vec<(Names<'a>, bool)> = Vec::new();
    let strict = matcher.readings(line, RangeRule::Whole, &none_free)?;
    readings.extend(strict.into_iter().map(|names| (names, true)));
    if rules.ranges != RangeRule::Whole {
        for names in matcher.readings(line, rules.ranges, &none_free)? {
            if !readings.iter().any(|(known, _)| *known == names) {
                readings.push((names, false));
            }
        }
    }
    if readings.is_empty() && matcher.names().any(|name| rules.frees(name)) {
        // One name with two texts in one line.
        let free = matcher.readings(line, rules.ranges, &|name| rules.frees(name))?;
        readings.extend(free.into_iter().map(|names| (names, false)));
    }
    if readings.is_empty() {
        return Ok(None);
    }
    let mut number = |text: &'a str| {
        let next = Value::try_from(values.len()).expect("an output has fewer values than that");
        *values.entry(text).or_insert(next)
    };
    let readings = readings
        .into_iter()
        .map(|(names, in_range)| {
            let names = names.into_iter().map(|(name, text)| (name, number(text))).collect();
            Reading { names, in_range }
        })
        .collect();
    Ok(Some(Fit { pattern, readings }))
}

/// Finds the patterns that can allow a line by the literal text that they begin with.
struct PrefixIndex<'a> {
    /// By prefix; literal patterns by their whole text.
    by_prefix: HashMap<&'a str, Vec<PatternId>>,
    lengths: Vec<usize>,
    literals: HashMap<&'a str, PatternId>,
}

impl<'a> PrefixIndex<'a> {
    fn new(expectation: &'a Expectation, patterns: impl Iterator<Item = PatternId>) -> Self {
        let mut by_prefix: HashMap<&str, Vec<PatternId>> = HashMap::new();
        let mut literals = HashMap::new();
        let different: BTreeSet<PatternId> = patterns.collect();
        for id in different {
            let pattern = expectation.pattern(id);
            match pattern.as_literal() {
                Some(text) => drop(literals.insert(text, id)),
                None => by_prefix.entry(pattern.prefix()).or_default().push(id),
            }
        }
        let mut lengths: Vec<usize> = by_prefix.keys().map(|prefix| prefix.len()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Self { by_prefix, lengths, literals }
    }

    fn candidates(&self, line: &str) -> Vec<PatternId> {
        let prefixes = self.lengths.iter().map_while(|&length| {
            (length <= line.len()).then(|| line.get(..length).and_then(|p| self.by_prefix.get(p)))
        });
        self.literals.get(line).into_iter().chain(prefixes.flatten().flatten()).copied().collect()
    }
}
