//! Which patterns match which lines of an output, each line by itself: the table that pairing and
//! search work on.

use std::collections::{BTreeSet, HashMap};

use crate::budget::{Budget, OutOfBudget};
use crate::expectation::{Expectation, PatternId};
use crate::pattern::{NameId, NameUse, Names, Pattern};
use crate::value::RangeRule;

/// What an output must respect, apart from the order of its lines. Lenient rules serve to find out
/// what is wrong with an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) ranges: RangeRule,
    pub(crate) names: NameRule,
}

/// Which names must have one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// All names, and different names of an identifying type have different values.
    All,
    /// The same but for this name: it may have several values, also those that it must not have.
    AllBut(NameId),
    /// All names, but two names of an identifying type may have the same value.
    SameIdentityAllowed,
    /// No name.
    None,
}

impl Rules {
    pub(crate) const STRICT: Self = Self { ranges: RangeRule::Exact, names: NameRule::All };

    /// Whether a name may have several values.
    pub(crate) fn allow_several_values(self, name: NameId) -> bool {
        match self.names {
            NameRule::All | NameRule::SameIdentityAllowed => false,
            NameRule::AllBut(free) => free == name,
            NameRule::None => true,
        }
    }

    /// Whether two names of an identifying type may have the same value.
    pub(crate) fn allow_same_identity(self) -> bool {
        matches!(self.names, NameRule::SameIdentityAllowed | NameRule::None)
    }
}

/// The text of a value, by its index in [`Table::texts`].
pub(crate) type Value = u32;

/// A pattern that matches a line.
#[derive(Debug)]
pub(crate) struct Fit {
    pub(crate) pattern: PatternId,
    /// The ways to read the line; never empty.
    readings: Vec<Reading>,
}

/// One way to read a line.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The values of the pattern's names.
    pub(crate) names: Vec<(NameId, Value)>,
    /// Values that names do not have.
    pub(crate) others: Vec<(NameId, Value)>,
    /// The strictest rule that all its numbers respect.
    ranges: RangeRule,
    /// What it says about one of its names is a contradiction: two values, or a value and another
    /// one that are the same.
    pub(crate) is_contradictory: bool,
}

impl Reading {
    /// Whether all its numbers are in range.
    pub(crate) fn is_in_range(&self) -> bool {
        self.ranges == RangeRule::Exact
    }
}

impl Fit {
    /// The readings that these rules allow.
    pub(crate) fn readings(&self, rules: Rules) -> impl Iterator<Item = &Reading> {
        self.readings.iter().filter(move |reading| {
            reading.ranges <= rules.ranges
                && (!reading.is_contradictory || rules.names == NameRule::None)
        })
    }

    /// Whether the rules allow a reading.
    pub(crate) fn is_allowed(&self, rules: Rules) -> bool {
        self.readings(rules).next().is_some()
    }

    /// Whether all numbers of some reading are in range.
    pub(crate) fn is_in_range(&self) -> bool {
        self.readings.iter().any(Reading::is_in_range)
    }
}

/// What takes too long to decide.
#[derive(Debug)]
pub(crate) enum TooMuch {
    /// To read a line of the output, by its index, by this pattern.
    Readings { line: usize, pattern: PatternId },
    /// To tell these lanes apart. Each is given by the index of an expected line.
    Lanes(Vec<usize>),
    /// To look at so many lines.
    Size,
}

impl TooMuch {
    /// It takes too long to tell the lanes of these expected lines apart.
    pub(crate) fn lanes(expectation: &Expectation, lines: impl IntoIterator<Item = usize>) -> Self {
        let lines: Vec<usize> = lines.into_iter().take(4).collect();
        let is_alone = |&line: &usize| expectation.lines[line].group.is_none();
        if lines.len() < 2 && lines.iter().all(is_alone) { Self::Size } else { Self::Lanes(lines) }
    }
}

/// The units that may be spent on reading one line by one pattern. Only several `{text}`, `{word}`
/// or regular expressions with little text between them need as many.
const MAX_READING: usize = 1_000_000;

/// All fits of an output's lines.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// For each line the index of its text in `fits`: equal lines share one.
    text_of: Vec<usize>,
    /// For each text the patterns that match it: literal ones first, those out of range last.
    fits: Vec<Vec<Fit>>,
    /// The texts of all values.
    texts: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// Reads each line by the patterns of the block in whose place it stands. The sizes of the
    /// streams must be those that are expected.
    ///
    /// # Errors
    /// It takes too long.
    pub(crate) fn strict(
        expectation: &Expectation,
        lines: &[&'a str],
        budget: &Budget,
    ) -> Result<Self, TooMuch> {
        Self::by_block(expectation, lines, budget, false)
    }

    /// Like [`Table::strict`], but also where numbers are out of range or a name has two values.
    ///
    /// # Errors
    /// It takes too long.
    pub(crate) fn lenient_by_block(
        expectation: &Expectation,
        lines: &[&'a str],
        budget: &Budget,
    ) -> Result<Self, TooMuch> {
        Self::by_block(expectation, lines, budget, true)
    }

    fn by_block(
        expectation: &Expectation,
        lines: &[&'a str],
        budget: &Budget,
        is_lenient: bool,
    ) -> Result<Self, TooMuch> {
        let mut builder = Builder::new(expectation, budget, is_lenient);
        let mut end = 0;
        for block in &expectation.blocks {
            let patterns = block.lines.clone().map(|line| expectation.pattern_of[line]);
            let index = PrefixIndex::new(expectation, patterns);
            builder.text_ids.clear();
            for (at, line) in lines.iter().enumerate().skip(end).take(block.size) {
                builder.add(at, line, &index)?;
            }
            end += block.size;
        }
        Ok(builder.table)
    }

    /// Reads each line by all patterns of the run, also where numbers are out of range or a name
    /// has two values.
    ///
    /// # Errors
    /// It takes too long.
    pub(crate) fn lenient(
        expectation: &Expectation,
        lines: &[&'a str],
        budget: &Budget,
    ) -> Result<Self, TooMuch> {
        let mut builder = Builder::new(expectation, budget, true);
        let index = PrefixIndex::new(expectation, 0..expectation.patterns.len());
        for (at, line) in lines.iter().enumerate() {
            builder.add(at, line, &index)?;
        }
        Ok(builder.table)
    }

    /// The patterns that match a line.
    pub(crate) fn of_line(&self, line: usize) -> &[Fit] {
        &self.fits[self.text_of[line]]
    }

    /// Equal for lines with equal texts.
    pub(crate) fn text_id(&self, line: usize) -> usize {
        self.text_of[line]
    }

    pub(crate) fn text(&self, value: Value) -> &'a str {
        self.texts[value as usize]
    }

    /// Whether some line can be read only, or also, with numbers out of range.
    pub(crate) fn has_out_of_range(&self) -> bool {
        let mut readings = self.fits.iter().flatten().flat_map(|fit| &fit.readings);
        readings.any(|reading| !reading.is_in_range())
    }

    /// Lets a line match this pattern only, whatever the line is, while the work is done.
    pub(crate) fn with_stand_in<T>(
        &mut self,
        line: usize,
        pattern: PatternId,
        work: impl FnOnce(&Self) -> T,
    ) -> T {
        let reading = Reading {
            names: Vec::new(),
            others: Vec::new(),
            ranges: RangeRule::Exact,
            is_contradictory: false,
        };
        let text = std::mem::replace(&mut self.text_of[line], self.fits.len());
        self.fits.push(vec![Fit { pattern, readings: vec![reading] }]);
        let result = work(self);
        self.fits.pop();
        self.text_of[line] = text;
        result
    }

    /// How many lines it has.
    pub(crate) fn len(&self) -> usize {
        self.text_of.len()
    }
}

/// Builds a table line by line.
struct Builder<'e, 'a> {
    expectation: &'e Expectation,
    budget: &'e Budget,
    is_lenient: bool,
    table: Table<'a>,
    text_ids: HashMap<&'a str, usize>,
    values: HashMap<&'a str, Value>,
}

impl<'e, 'a> Builder<'e, 'a> {
    fn new(expectation: &'e Expectation, budget: &'e Budget, is_lenient: bool) -> Self {
        let table = Table { text_of: Vec::new(), fits: Vec::new(), texts: Vec::new() };
        let (text_ids, values) = (HashMap::new(), HashMap::new());
        Self { expectation, budget, is_lenient, table, text_ids, values }
    }

    fn add(&mut self, at: usize, line: &'a str, index: &PrefixIndex<'_>) -> Result<(), TooMuch> {
        let next = self.table.fits.len();
        let id = *self.text_ids.entry(line).or_insert(next);
        self.table.text_of.push(id);
        if id < next {
            return self.budget.spend(1).map_err(|OutOfBudget| TooMuch::Size);
        }
        let candidates = index.candidates(line);
        let lines_of = |patterns: &[PatternId]| {
            TooMuch::lanes(
                self.expectation,
                patterns.iter().map(|&id| self.expectation.patterns[id]),
            )
        };
        let units = 4 + index.lengths.len() / 2 + candidates.len() / 4;
        self.budget.spend(units).map_err(|OutOfBudget| lines_of(&candidates))?;
        let mut fits = Vec::new();
        for &pattern in &candidates {
            let matcher = self.expectation.pattern(pattern);
            if !line.ends_with(matcher.suffix()) {
                continue;
            }
            let has_full_part = self.budget.left() >= MAX_READING;
            let read = |part: &Budget| readings(matcher, line, self.is_lenient, part);
            let found = self.budget.part(MAX_READING, read);
            let found = found.map_err(|OutOfBudget| {
                let readings = TooMuch::Readings { line: at, pattern };
                if has_full_part { readings } else { lines_of(&candidates) }
            })?;
            if !found.is_empty() {
                let readings = found.into_iter().map(|reading| self.interned(reading)).collect();
                fits.push(Fit { pattern, readings });
            }
        }
        let is_literal = |id: PatternId| self.expectation.pattern(id).as_literal().is_some();
        fits.sort_by_key(|fit| (!is_literal(fit.pattern), !fit.is_in_range(), fit.pattern));
        self.table.fits.push(fits);
        Ok(())
    }

    /// A reading with its values as numbers.
    fn interned(&mut self, (names, ranges, is_contradictory): RawReading<'a>) -> Reading {
        let texts = &mut self.table.texts;
        let mut number = |text: &'a str| {
            *self.values.entry(text).or_insert_with(|| {
                texts.push(text);
                Value::try_from(texts.len() - 1).expect("the budget allows fewer values than that")
            })
        };
        let mut numbers = |texts: Vec<(NameId, &'a str)>| {
            texts.into_iter().map(|(name, text)| (name, number(text))).collect()
        };
        let (names, others) = (numbers(names.same), numbers(names.other));
        Reading { names, others, ranges, is_contradictory }
    }
}

/// What it says about names, the strictest rule that the numbers respect, and whether it contradicts
/// itself.
type RawReading<'a> = (Names<'a>, RangeRule, bool);

/// All ways to read a line by a pattern.
fn readings<'a>(
    pattern: &Pattern,
    line: &'a str,
    is_lenient: bool,
    budget: &Budget,
) -> Result<Vec<RawReading<'a>>, OutOfBudget> {
    const RULES: [RangeRule; 3] = [RangeRule::Exact, RangeRule::SlowAllowed, RangeRule::AnyNumber];
    let rules = if is_lenient && pattern.has_range() { &RULES } else { &RULES[..1] };
    let mut all: Vec<RawReading<'a>> = Vec::new();
    for &rule in rules {
        for names in pattern.readings(line, rule, budget)? {
            budget.spend(2 + names.same.len() + names.other.len() + all.len() / 8)?;
            if !all.iter().any(|(known, ..)| *known == names) {
                all.push((names, rule, false));
            }
        }
    }
    if is_lenient
        && all.is_empty()
        && pattern.repeats_a_name()
        && let Some(values) = pattern.lenient_values(line, budget)?
    {
        let respects = |rule: &RangeRule| values.iter().all(|it| it.kind.allows(it.text, *rule));
        let ranges = RULES.into_iter().find(respects).unwrap_or(RangeRule::AnyNumber);
        let mut names = Names::default();
        for value in values {
            match value.name {
                Some(NameUse::Same(name)) => names.same.push((name, value.text)),
                Some(NameUse::Other(name)) => names.other.push((name, value.text)),
                None => {}
            }
        }
        all.push((names, ranges, true));
    }
    Ok(all)
}

/// Finds the patterns that can match a line by the literal text that they begin with.
struct PrefixIndex<'e> {
    /// The patterns with values, by prefix.
    by_prefix: HashMap<&'e str, Vec<PatternId>>,
    /// The lengths of all prefixes, in bytes, in ascending order.
    lengths: Vec<usize>,
    /// The patterns without values, by their text.
    literals: HashMap<&'e str, PatternId>,
}

impl<'e> PrefixIndex<'e> {
    fn new(expectation: &'e Expectation, patterns: impl Iterator<Item = PatternId>) -> Self {
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
