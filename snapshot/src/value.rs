//! The types of values, and which texts they allow.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use regex::Regex;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Int,
    Float,
    Word,
    Text,
    Thread,
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

/// Which bounds of ranges a number must respect, from the strictest rule to the most lenient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RangeRule {
    /// Both bounds.
    Exact,
    /// Both bounds, but only the lower one of a time: a slow machine delays a correct program.
    SlowAllowed,
    /// No bound.
    AnyNumber,
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
            _ => None,
        }
    }

    pub(crate) fn allows(&self, text: &str, ranges: RangeRule) -> bool {
        match self {
            Self::Int => is_int(text),
            Self::Float => is_float(text),
            Self::Word => !text.is_empty() && !text.contains(char::is_whitespace),
            Self::Text => !text.is_empty(),
            Self::Thread => text
                .strip_prefix("ThreadId(")
                .and_then(|rest| rest.strip_suffix(')'))
                .is_some_and(is_digits),
            Self::Range(range) => {
                Decimal::parse(text).is_some_and(|number| range.allows(&number, ranges))
            }
            Self::Regex(regex) => regex.0.is_match(text),
        }
    }

    /// Whether a text of this type can contain a character.
    pub(crate) fn may_contain(&self, c: char) -> bool {
        match self {
            Self::Int => c.is_ascii_digit() || c == '-',
            Self::Float => c.is_ascii_digit() || "-+.eE".contains(c),
            Self::Range(_) => c.is_ascii_digit() || c == '-' || c == '.',
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

/// A decimal number of any length. Comparisons are exact, so no rounding decides at a bound.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Decimal {
    negative: bool,
    /// Digits before the point, without leading zeros.
    whole: String,
    /// Digits after the point, without trailing zeros.
    fraction: String,
}

impl Decimal {
    /// Reads `-?DIGITS[.DIGITS]`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
            Some(_) => return None,
            None => (digits, ""),
        };
        if !is_digits(whole) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: negative && !is_zero, whole, fraction })
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = || {
            (self.whole.len().cmp(&other.whole.len()))
                .then_with(|| self.whole.cmp(&other.whole))
                .then_with(|| self.fraction.cmp(&other.fraction))
        };
        match (self.negative, other.negative) {
            (false, false) => magnitude(),
            (true, true) => magnitude().reverse(),
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

/// A decimal number, which may have an exponent: `5`, `-0.25`, `1e-05`.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    Decimal::parse(mantissa).is_some()
        && exponent
            .is_none_or(|digits| is_digits(digits.strip_prefix(['-', '+']).unwrap_or(digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a decimal number")
    }

    #[test]
    fn decimals_compare_exactly() {
        let ascending =
            ["-10", "-2.5", "-2", "-0.001", "0", "0.19999999999999999999", "0.2", "1", "9.9", "10"];
        for (i, low) in ascending.iter().enumerate() {
            for (j, high) in ascending.iter().enumerate() {
                assert_eq!(decimal(low).cmp(&decimal(high)), i.cmp(&j), "{low} and {high}");
            }
        }
        assert_eq!(decimal("-0.0"), decimal("00"));
        assert_eq!(decimal("0.20"), decimal("0.2"));
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
