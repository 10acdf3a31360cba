//! The types of values, and which texts they allow.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use regex::Regex;

use crate::output::printable;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Int,
    Float,
    Word,
    Text,
    Thread,
    Unique,
    Range(Range),
    Regex(WholeRegex),
}

/// A regular expression that a whole text has to match.
#[derive(Debug, Clone)]
pub(crate) struct WholeRegex(Regex);

impl WholeRegex {
    /// # Errors
    /// The text is not a regular expression.
    pub(crate) fn new(pattern: &str) -> Result<Self, regex::Error> {
        // First by itself: `a)(b` is not an expression, but would be one between parentheses.
        Regex::new(pattern)?;
        Regex::new(&format!(r"\A(?:{pattern})\z")).map(Self)
    }

    /// As the snapshot writes it.
    fn source(&self) -> &str {
        let whole = self.0.as_str();
        whole.strip_prefix(r"\A(?:").and_then(|rest| rest.strip_suffix(r")\z")).unwrap_or(whole)
    }
}

impl PartialEq for WholeRegex {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for WholeRegex {}

impl Hash for WholeRegex {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

/// `A..B`, `A..=B` or `A..`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Range {
    /// As the snapshot writes it.
    pub(crate) source: String,
    pub(crate) low: Decimal,
    pub(crate) high: Option<High>,
    /// A unit of time follows the value in its line, as in `{0.2..0.4} seconds`.
    pub(crate) is_time: bool,
}

/// The upper end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct High {
    pub(crate) bound: Decimal,
    pub(crate) included: bool,
}

/// What a value must respect, from the strictest rule to the most lenient: which bounds of its range,
/// if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RangeRule {
    /// Both bounds.
    Exact,
    /// Both bounds, but only the lower one of a time: a slow machine delays a correct program.
    SlowAllowed,
    /// No bound.
    AnyNumber,
    /// Not even the type: any text will do.
    AnyText,
}

impl Kind {
    /// The type with this name. No value may have one of these names.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "int" => Some(Self::Int),
            "float" => Some(Self::Float),
            "word" => Some(Self::Word),
            "text" => Some(Self::Text),
            "thread" => Some(Self::Thread),
            "unique" => Some(Self::Unique),
            _ => None,
        }
    }

    pub(crate) fn allows(&self, text: &str, ranges: RangeRule) -> bool {
        if ranges == RangeRule::AnyText {
            return !text.is_empty();
        }
        match self {
            Self::Int => is_int(text),
            Self::Float => Decimal::parse(text).is_some(),
            Self::Word => !text.is_empty() && !text.contains(char::is_whitespace),
            Self::Text => !text.is_empty(),
            Self::Thread => text
                .strip_prefix("ThreadId(")
                .and_then(|rest| rest.strip_suffix(')'))
                .is_some_and(is_digits),
            Self::Unique => is_digits(text),
            Self::Range(range) => {
                Decimal::parse(text).is_some_and(|number| range.allows(&number, ranges))
            }
            Self::Regex(regex) => regex.0.is_match(text),
        }
    }

    /// Whether its values identify something: then two names never have the same value.
    pub(crate) fn is_identity(&self) -> bool {
        matches!(self, Self::Thread | Self::Unique)
    }

    /// What a value of this type is, for people.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Unique => "number",
            _ => "value",
        }
    }

    /// Why this text is not of this type, in a part of a sentence.
    pub(crate) fn refusal(&self, text: &str) -> String {
        let shown = printable(text);
        match self {
            Self::Int => format!("\"{shown}\" is not a whole number"),
            Self::Range(range) if Decimal::parse(text).is_some() => {
                format!("{shown} is not in {}", range.source)
            }
            Self::Float | Self::Range(_) => format!("\"{shown}\" is not a decimal number"),
            Self::Word => format!("\"{shown}\" is not one word"),
            Self::Text => format!("\"{shown}\" is empty"),
            Self::Thread => {
                format!("\"{shown}\" is not a thread's id, such as ThreadId(7)")
            }
            Self::Unique => format!("\"{shown}\" does not consist of digits"),
            Self::Regex(regex) => format!("\"{shown}\" does not match /{}/", regex.source()),
        }
    }

    /// Whether a text of this type can contain a character.
    pub(crate) fn may_contain(&self, c: char) -> bool {
        match self {
            Self::Int => c.is_ascii_digit() || c == '-',
            Self::Unique => c.is_ascii_digit(),
            Self::Float | Self::Range(_) => c.is_ascii_digit() || "-+.eE".contains(c),
            Self::Word => !c.is_whitespace(),
            Self::Thread => c.is_ascii_alphanumeric() || c == '(' || c == ')',
            Self::Text | Self::Regex(_) => true,
        }
    }
}

impl Range {
    fn allows(&self, number: &Decimal, rule: RangeRule) -> bool {
        if rule == RangeRule::AnyNumber {
            return true;
        }
        let is_low_enough = match &self.high {
            Some(_) if self.is_time && rule == RangeRule::SlowAllowed => true,
            Some(high) if high.included => *number <= high.bound,
            Some(high) => *number < high.bound,
            None => true,
        };
        *number >= self.low && is_low_enough
    }

    /// Whether no number lies in the range.
    pub(crate) fn is_empty(&self) -> bool {
        self.high.as_ref().is_some_and(|high| match self.low.cmp(&high.bound) {
            Ordering::Less => false,
            Ordering::Equal => !high.included,
            Ordering::Greater => true,
        })
    }
}

/// A decimal number of any length, `0.DIGITS × 10^EXPONENT`. Comparisons are exact, so no rounding
/// decides at a bound, and take no longer for a large exponent than for a small one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decimal {
    negative: bool,
    /// Without zeros at the beginning or the end, so empty for zero.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// A number whose exponent is beyond this cannot be the bound of a range.
    pub(crate) const MAX_BOUND_EXPONENT: i64 = 1_000_000_000_000_000;

    /// A larger exponent counts as this one. It is so far beyond that of every bound that no bound
    /// can tell the two apart.
    const MAX_EXPONENT: i64 = 1_000_000_000_000_000_000;

    /// Reads `-?DIGITS[.DIGITS]`, which an exponent such as `e-07` or `E+3` may follow.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, number) = match text.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, text),
        };
        let (mantissa, exponent) = match number.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (number, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        if !is_digits(whole) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let Some(last) = significant.rfind(|c| c != '0') else {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        };
        let place = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX);
        let exponent = exponent + place(whole.len()) - place(all.len() - significant.len());
        Some(Self { negative, digits: significant[..=last].to_owned(), exponent })
    }

    /// Whether it can be the bound of a range.
    pub(crate) fn is_bound(&self) -> bool {
        self.exponent.abs() <= Self::MAX_BOUND_EXPONENT
    }

    /// Ascending for numbers above 0.
    fn magnitude(&self) -> (bool, i64, &str) {
        (!self.digits.is_empty(), self.exponent, &self.digits)
    }
}

/// Reads what follows the `e` of a number.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !is_digits(digits) {
        return None;
    }
    let exponent = digits.parse().unwrap_or(i64::MAX).min(Decimal::MAX_EXPONENT);
    Some(if text.starts_with('-') { -exponent } else { exponent })
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude().cmp(&other.magnitude()),
            (true, true) => other.magnitude().cmp(&self.magnitude()),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_int(text: &str) -> bool {
    is_digits(text.strip_prefix('-').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a decimal number")
    }

    #[test]
    fn decimals_compare_exactly() {
        let ascending = [
            "-1e99999999999999999999",
            "-10",
            "-2.5",
            "-2",
            "-1e-3",
            "-1e-999999999",
            "0",
            "1e-99999999999999999999",
            "1e-1000000000000000",
            "7.9e-07",
            "0.0000008",
            "0.19999999999999999999",
            "20e-2",
            "1",
            "0.99e1",
            "10",
            "1001",
            "1.0011E+3",
            "9e999999999",
            "1e1000000000",
            "1e99999999999999999999",
        ];
        for (i, low) in ascending.iter().enumerate() {
            for (j, high) in ascending.iter().enumerate() {
                assert_eq!(decimal(low).cmp(&decimal(high)), i.cmp(&j), "{low} and {high}");
            }
        }
        assert_eq!(decimal("-0.0"), decimal("00"));
        assert_eq!(decimal("-0.0e5"), decimal("0e99999999999999999999"));
        assert_eq!(decimal("0.20"), decimal("0.2"));
        for number in ["100", "1e2", "1E+2", "1e002", "0.01e4", "1000e-1", "00100.0"] {
            assert_eq!(decimal(number), decimal("100"), "{number}");
        }
        for text in ["", "e5", "1e", "1e+", "1e--5", "1e5.0", "1.e5", ".5e1", "+1", "1e5e5", "1e 5"]
        {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn each_type_allows_its_texts_only() {
        let strict = |name: &str, text: &str| {
            Kind::from_name(name).expect("a type").allows(text, RangeRule::Exact)
        };
        for (name, good, bad) in [
            ("int", vec!["0", "-12"], vec!["", "-", "1.0", "+1", "1e3", "a"]),
            ("float", vec!["5", "0.25", "-1.5", "1e-05"], vec!["", ".5", "5.", "1e", "nan"]),
            ("word", vec!["a", "[7,"], vec!["", "a b", "\t"]),
            ("text", vec!["a b", " "], vec![""]),
            ("thread", vec!["ThreadId(7)"], vec!["ThreadId()", "ThreadId(x)", "7"]),
            ("unique", vec!["0", "4711"], vec!["", "-1", "1.0", "1e3", "a", "ThreadId(7)"]),
        ] {
            for text in good {
                assert!(strict(name, text), "{name} allows {text:?}");
            }
            for text in bad {
                assert!(!strict(name, text), "{name} refuses {text:?}");
            }
        }
    }
}
