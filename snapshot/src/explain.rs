//! Says why an output is not legal, in the order in which a person wants to know it.
//!
//! Each question is the pairing or the search under rules that leave aside what is asked later:
//! first which lines cannot be paired, whatever their numbers; then, where they cannot be paired
//! because of their numbers alone, which are out of range; then whether an order exists, if names
//! and ranges did not matter; then whether names can be equal; then which ranges are not kept.
//! The first that fails is the answer.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use crate::StreamText;
use crate::fit::{NameRule, Rules, Scope, Table, TooMuch};
use crate::order::{Block, Expectation, PatternId};
use crate::pairing;
use crate::pattern::NameId;
use crate::search::{Found, Place, Stuck, search};
use crate::value::RangeRule;

/// Why an output is not legal. Its `Display` is several lines for people: the faults, then the
/// real output with the places marked.
#[derive(Debug)]
pub struct Explanation {
    /// What is wrong; never empty.
    pub faults: Vec<Fault>,
    /// With upper bounds on times lifted (`{0.2..0.4} seconds` as `{0.2..} seconds`) the output
    /// would be legal: the program was only slow.
    pub only_slow: bool,
    /// The lines of both streams, to show them.
    printed: [Vec<String>; 2],
    /// How many lines each stream had besides.
    left_out: [usize; 2],
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The stream that it is in.
    pub stream: Stream,
    /// The line of the output that shows it, from 1.
    pub output_line: Option<usize>,
    /// The line of the snapshot that is not kept, from 1.
    pub snapshot_line: Option<usize>,
    /// All of it in a sentence.
    pub message: String,
    /// The rule of the notation that makes a guarantee of what is not kept, in a sentence.
    pub why: String,
}

/// The ways in which an output can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum FaultKind {
    /// A line is not UTF-8.
    NotUtf8,
    /// No expected line allows this line, or not so many of them.
    Unexpected,
    /// A line never came.
    Missing,
    /// A line came before another that has to come first.
    Order,
    /// Two values had to be equal, or two threads different.
    Equality,
    /// A number is out of its range.
    Range,
}

/// A stream of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
        })
    }
}

/// More faults than this are only counted.
const FAULTS_SHOWN: usize = 8;

/// With so many missing lines an unexpected one is compared, at the most.
const LIKELY: usize = 200;

const ONLY_EXPECTED: &str = "only what stands in the snapshot may come";

/// How many lines before and behind a marked one are shown.
const LINES_AROUND: usize = 4;

/// Longer lines are cut when they are shown, in characters.
const LINE_SHOWN: usize = 160;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of_kind in self.faults.chunk_by(|one, other| one.kind == other.kind) {
            let shown = &of_kind[..of_kind.len().min(FAULTS_SHOWN)];
            for alike in shown.chunk_by(|one, other| one.why == other.why) {
                for fault in alike {
                    writeln!(f, "{}", fault.message)?;
                }
                writeln!(f, "    why: {}", alike[0].why)?;
            }
            if of_kind.len() > FAULTS_SHOWN {
                writeln!(f, "and {} more of this kind", of_kind.len() - FAULTS_SHOWN)?;
            }
        }
        let streams = [Stream::Stdout, Stream::Stderr].into_iter().zip(&self.printed);
        for ((stream, lines), behind) in streams.zip(self.left_out) {
            let concerns = self.faults.iter().any(|fault| fault.stream == stream);
            if concerns || !lines.is_empty() {
                self.show(f, stream, lines, behind)?;
            }
        }
        Ok(())
    }
}

impl Explanation {
    /// The output lines that no expected line allows.
    pub(crate) fn unexpected(&self) -> impl Iterator<Item = &str> {
        let faults = self.faults.iter().filter(|fault| fault.kind == FaultKind::Unexpected);
        faults.filter_map(|fault| {
            let lines = match fault.stream {
                Stream::Stdout => &self.printed[0],
                Stream::Stderr => &self.printed[1],
            };
            lines.get(fault.output_line? - 1).map(String::as_str)
        })
    }

    /// Shows a stream with the marked lines and those around them. Behind `lines` there are so many
    /// more.
    fn show(
        &self,
        f: &mut fmt::Formatter<'_>,
        stream: Stream,
        lines: &[String],
        behind: usize,
    ) -> fmt::Result {
        if lines.is_empty() {
            return writeln!(f, "\n{stream} was empty");
        }
        let marked: HashSet<usize> = self
            .faults
            .iter()
            .filter(|fault| fault.stream == stream)
            .take(FAULTS_SHOWN)
            .filter_map(|fault| fault.output_line)
            .collect();
        let is_near = |number: usize| {
            marked.iter().any(|&mark| mark.abs_diff(number) <= LINES_AROUND)
                || marked.is_empty()
                    && (number <= LINES_AROUND || number + LINES_AROUND > lines.len())
        };
        writeln!(f, "\n{stream}, as it came:")?;
        let mut left_out = 0;
        let gap = |f: &mut fmt::Formatter<'_>, left_out: &mut usize| match std::mem::take(left_out)
        {
            0 => Ok(()),
            1 => writeln!(f, "          … 1 line"),
            count => writeln!(f, "          … {count} lines"),
        };
        for (index, line) in lines.iter().enumerate() {
            let number = index + 1;
            if is_near(number) {
                gap(f, &mut left_out)?;
                let sign = if marked.contains(&number) { '>' } else { ' ' };
                writeln!(f, "{sign} {number:>5} | {}", printable(line))?;
            } else {
                left_out += 1;
            }
        }
        left_out += behind;
        gap(f, &mut left_out)
    }
}

/// A line as it can be shown: no control characters, not endless.
pub fn printable(line: &str) -> String {
    let mut text = String::new();
    for (count, c) in line.chars().enumerate() {
        if count == LINE_SHOWN {
            text.push_str(&format!("… ({} characters)", line.chars().count()));
            break;
        }
        if c.is_control() && c != '\t' { text.extend(c.escape_default()) } else { text.push(c) }
    }
    text
}

pub(crate) fn not_utf8(streams: &[StreamText; 2]) -> Explanation {
    let mut faults = Vec::new();
    for (text, stream) in streams.iter().zip([Stream::Stdout, Stream::Stderr]) {
        faults.extend(text.foreign.iter().map(|&index| Fault {
            kind: FaultKind::NotUtf8,
            stream,
            output_line: Some(index + 1),
            snapshot_line: None,
            message: format!("line {} of {stream} is not UTF-8", index + 1),
            why: "every output has to be text in UTF-8".to_owned(),
        }));
    }
    Explanation {
        faults,
        only_slow: false,
        printed: printed(streams),
        left_out: streams.each_ref().map(|stream| stream.left_out),
    }
}

fn printed(streams: &[StreamText; 2]) -> [Vec<String>; 2] {
    streams.each_ref().map(|stream| stream.lines.clone())
}

/// Explains an output that is known not to be legal.
///
/// # Errors
/// Why it would take too long.
pub(crate) fn explain(
    expectation: &Expectation,
    streams: &[StreamText; 2],
) -> Result<Explanation, TooMuch> {
    let lines: Vec<&str> =
        streams.iter().flat_map(|stream| stream.lines.iter().map(String::as_str)).collect();
    let explainer = Explainer { expectation, lines, stdout_size: streams[0].lines.len() };
    let (faults, only_slow) = explainer.faults()?;
    Ok(Explanation {
        faults,
        only_slow,
        printed: printed(streams),
        left_out: streams.each_ref().map(|stream| stream.left_out),
    })
}

struct Explainer<'a> {
    expectation: &'a Expectation,
    /// The lines of both streams, one behind the other.
    lines: Vec<&'a str>,
    stdout_size: usize,
}

/// A name in one of the lanes that have it.
type NameInLane = (NameId, usize);

impl Explainer<'_> {
    fn faults(&self) -> Result<(Vec<Fault>, bool), TooMuch> {
        let shapes = Rules { ranges: RangeRule::AnyNumber, names: NameRule::None };
        let table = Table::new(self.expectation, &self.lines, shapes, Scope::Run)?;
        let faults = self.unpaired(&table);
        if !faults.is_empty() {
            return Ok((faults, false));
        }

        // Each line has its pattern. The rest is asked block by block, as the sizes fit now.
        let Some(paired) = pairing::of_run(self.expectation, &table) else {
            let (Found::Nothing(stuck) | Found::Undecided(_, stuck)) =
                search(self.expectation, &table, shapes, &[], usize::MAX)
            else {
                return Ok((vec![self.unexplained()], false));
            };
            return Ok((vec![self.order_fault(&table, &stuck)], false));
        };
        let slow = Rules { ranges: RangeRule::SlowAllowed, names: NameRule::All };
        if !self.can_be_paired(Rules { ranges: RangeRule::Whole, names: NameRule::None })? {
            let faults = match self.places(Rules { names: NameRule::All, ..shapes })? {
                Some(places) => self.out_of_range(|at| places[at].line),
                None => self.out_of_range(|at| self.expectation.patterns[paired[at]]),
            };
            return Ok((self.or_unexplained(faults), self.places(slow)?.is_some()));
        }
        let any_names = match self.with_fewest_faults(&table, shapes, &paired) {
            Found::Order(places) => places,
            Found::Nothing(stuck) => return Ok((vec![self.order_fault(&table, &stuck)], false)),
            Found::Undecided(..) => return Ok((vec![self.unexplained()], false)),
        };

        let Some(places) = self.places(Rules { names: NameRule::All, ..shapes })? else {
            let swapped = self.swapped_in_lane(&any_names);
            if !swapped.is_empty() {
                return Ok((swapped, false));
            }
            let (unequal, names) = self.unequal(&any_names);
            let single = names.into_iter().map(NameRule::AllBut).chain([NameRule::AllThreadsAlike]);
            for names in single.take(FAULTS_SHOWN) {
                if let Some(places) = self.places(Rules { names, ..shapes })? {
                    let (faults, _) = self.unequal(&places);
                    if !faults.is_empty() {
                        return Ok((faults, false));
                    }
                }
            }
            return Ok((self.or_unexplained(unequal), false));
        };
        let (places, only_slow) = match self.places(slow)? {
            Some(places) => (places, true),
            None => (places, false),
        };
        Ok((self.or_unexplained(self.out_of_range(|at| places[at].line)), only_slow))
    }

    /// For an output that is certainly not legal, but about which nothing simpler is wrong.
    fn unexplained(&self) -> Fault {
        let (stream, _) = self.stream_of(0);
        let message = "its lines come, each by itself, as they should, but no order of the lanes \
                       and no reading of the values makes all of them fit together";
        Fault {
            kind: FaultKind::Order,
            stream,
            output_line: None,
            snapshot_line: None,
            message: message.to_owned(),
            why: "lanes, marks and names hold together, for the whole run".to_owned(),
        }
    }

    fn or_unexplained(&self, faults: Vec<Fault>) -> Vec<Fault> {
        if faults.is_empty() { vec![self.unexplained()] } else { faults }
    }

    fn can_be_paired(&self, rules: Rules) -> Result<bool, TooMuch> {
        let table = Table::new(self.expectation, &self.lines, rules, Scope::Block)?;
        Ok(pairing::of_run(self.expectation, &table).is_some())
    }

    /// The places of all lines under some rules, if a search finds them.
    fn places(&self, rules: Rules) -> Result<Option<Vec<Place>>, TooMuch> {
        let table = Table::new(self.expectation, &self.lines, rules, Scope::Block)?;
        let Some(paired) = pairing::of_run(self.expectation, &table) else { return Ok(None) };
        Ok(match self.with_fewest_faults(&table, rules, &paired) {
            Found::Order(places) => Some(places),
            Found::Nothing(_) | Found::Undecided(..) => None,
        })
    }

    /// Searches an order that leans on the leniency of the rules as little as possible: what is
    /// at fault then is what a person would name.
    fn with_fewest_faults(&self, table: &Table, rules: Rules, paired: &[PatternId]) -> Found {
        for max_faults in [1, 2, 4, 8] {
            match search(self.expectation, table, rules, paired, max_faults) {
                Found::Nothing(_) => {}
                Found::Undecided(..) => break,
                Found::Order(places) => return Found::Order(places),
            }
        }
        search(self.expectation, table, rules, paired, usize::MAX)
    }

    fn stream_of(&self, at: usize) -> (Stream, usize) {
        if at < self.stdout_size {
            (Stream::Stdout, at + 1)
        } else {
            (Stream::Stderr, at - self.stdout_size + 1)
        }
    }

    /// A fault that the output line `at` shows; `line` is the expected line that it breaks.
    fn fault(
        &self,
        kind: FaultKind,
        at: usize,
        line: Option<usize>,
        message: &str,
        why: String,
    ) -> Fault {
        let (stream, number) = self.stream_of(at);
        Fault {
            kind,
            stream,
            output_line: Some(number),
            snapshot_line: line.map(|line| self.expectation.lines[line].number),
            message: format!("{}: {message}", self.position(at)),
            why,
        }
    }

    /// `line 3`, or `line 1 of standard error`.
    fn position(&self, at: usize) -> String {
        match self.stream_of(at) {
            (Stream::Stdout, number) => format!("line {number}"),
            (stream, number) => format!("line {number} of {stream}"),
        }
    }

    /// An expected line, with its place in the snapshot.
    fn expected(&self, line: usize) -> String {
        let line = &self.expectation.lines[line];
        format!("\"{}\" (line {} of the snapshot)", printable(&line.text), line.number)
    }

    /// Lines that no expected line allows, and expected lines that never came.
    fn unpaired(&self, table: &Table) -> Vec<Fault> {
        let mut faults = Vec::new();
        let bounds = self.expectation.stdout_lines;
        for (lines, expected) in [
            (0..self.stdout_size, 0..bounds),
            (self.stdout_size..self.lines.len(), bounds..self.expectation.lines.len()),
        ] {
            let mut capacity = vec![0; self.expectation.patterns.len()];
            for line in expected.clone() {
                capacity[self.expectation.pattern_of[line]] += self.expectation.count(line);
            }
            let pairing = pairing::largest(table, lines.clone(), capacity);
            let missing = pairing.missing(self.expectation, expected.clone());

            if expected.is_empty() && lines.len() > 1 {
                let (stream, _) = self.stream_of(lines.start);
                let message =
                    format!("nothing is expected here, but {} lines of {stream} came", lines.len());
                let why = ONLY_EXPECTED.to_owned();
                faults.push(self.fault(FaultKind::Unexpected, lines.start, None, &message, why));
                continue;
            }
            let mut hinted: Vec<usize> = Vec::new();
            let unpaired = pairing.pattern_of.iter().zip(lines.clone());
            for (_, at) in unpaired.filter(|(pattern, _)| pattern.is_none()) {
                // To compare takes time, so only what is shown is compared, and each line once.
                let likely = missing.iter().map(|&(line, _)| line).take(LIKELY);
                let likely = likely.filter(|line| !hinted.contains(line));
                let is_shown = faults.len() < FAULTS_SHOWN;
                let nearest = is_shown.then(|| self.nearest(at, likely)).flatten();
                hinted.extend(nearest);
                let torn = is_shown.then(|| self.two_in_one(at, &missing)).flatten();
                faults.push(self.unexpected(table, at, torn, nearest));
            }
            faults.extend(missing.into_iter().map(|(line, lacking)| self.missing(line, lacking)));
        }
        faults
    }

    /// The expected line that an output line is most like, if it is like one.
    fn nearest(&self, at: usize, likely: impl Iterator<Item = usize>) -> Option<usize> {
        likely
            .map(|line| (likeness(self.lines[at], &self.expectation.lines[line].text), line))
            .max_by_key(|&(percent, line)| (percent, std::cmp::Reverse(line)))
            .filter(|&(percent, _)| percent >= 50)
            .map(|(_, line)| line)
    }

    /// The two expected lines that never came and that an output line is made of: what threads do
    /// to each other's lines that write text and line end apart.
    fn two_in_one(&self, at: usize, missing: &[(usize, usize)]) -> Option<[usize; 2]> {
        /// A hint is not worth more tries, nor longer lines.
        const TRIES: usize = 200;

        let text = self.lines[at];
        if text.len() > LINE_SHOWN {
            return None;
        }
        let mut tries = 0;
        let mut reads_like = |text: &str| {
            missing.iter().map(|&(line, _)| line).take(LIKELY).find(|&line| {
                let pattern = &self.expectation.lines[line].pattern;
                let may_be = text.starts_with(pattern.prefix()) && text.ends_with(pattern.suffix());
                if !may_be || tries == TRIES {
                    return false;
                }
                tries += 1;
                pattern
                    .readings(text, RangeRule::AnyNumber, &|_| true)
                    .is_ok_and(|readings| !readings.is_empty())
            })
        };
        text.char_indices().skip(1).find_map(|(cut, _)| {
            let (first, second) = text.split_at(cut);
            Some([reads_like(first)?, reads_like(second)?])
        })
    }

    /// An output line that no expected line is left for. It may be `torn`, or mean the `nearest`.
    fn unexpected(
        &self,
        table: &Table,
        at: usize,
        torn: Option<[usize; 2]>,
        nearest: Option<usize>,
    ) -> Fault {
        let text = self.lines[at];
        let taken = table.of_line(at).iter().find_map(|fit| {
            let line = self.line_of_pattern(fit.pattern, at)?;
            Some((line, fit.in_range()))
        });
        let what = match (taken, torn, nearest) {
            (Some((line, true)), ..)
                if self.expectation.lines[line].pattern.as_literal().is_some() =>
            {
                "comes once too often".to_owned()
            }
            (Some((line, false)), ..) => {
                let out = self.expectation.lines[line].pattern.out_of_range(text);
                let out = out.iter().map(|(number, range)| format!("{number} is not in {range}"));
                let out = out.collect::<Vec<_>>().join(", ");
                format!("is not expected: {out}, which {} asks for", self.expected(line))
            }
            (Some((line, true)), ..) => {
                format!("is one line too many that reads like {}", self.expected(line))
            }
            (None, Some([first, second]), _) => {
                let [first, second] = [self.expected(first), self.expected(second)];
                format!("is two lines in one, {first} and {second}")
            }
            (None, None, Some(line)) => {
                format!("is not expected; did it mean {}?", self.expected(line))
            }
            (None, None, None) => "is not expected".to_owned(),
        };
        let why = match taken {
            Some((_, true)) => {
                "each line of the snapshot stands for one line, or for one in each of N lanes"
            }
            None if torn.is_some() => {
                "a line has to be written at once, its end included, or another one comes between"
            }
            Some((_, false)) | None => ONLY_EXPECTED,
        };
        let line = taken.map(|(line, _)| line).or(torn.map(|[first, _]| first)).or(nearest);
        let message = format!("\"{}\" {what}", printable(text));
        self.fault(FaultKind::Unexpected, at, line, &message, why.to_owned())
    }

    /// An expected line that never came, or not so often.
    fn missing(&self, line: usize, lacking: usize) -> Fault {
        let how_often = match (lacking, self.expectation.count(line)) {
            (_, 1) => String::new(),
            (lacking, count) if lacking == count => format!(", {count} times expected"),
            (lacking, count) => format!(" {lacking} of {count} times"),
        };
        let (stream, place) = if line < self.expectation.stdout_lines {
            (Stream::Stdout, "")
        } else {
            (Stream::Stderr, " on standard error")
        };
        Fault {
            kind: FaultKind::Missing,
            stream,
            output_line: None,
            snapshot_line: Some(self.expectation.lines[line].number),
            message: format!("never came{place}{how_often}: {}", self.expected(line)),
            why: "every line of the snapshot has to come".to_owned(),
        }
    }

    /// An expected line with this pattern, of the stream that the output line `at` is in.
    fn line_of_pattern(&self, pattern: PatternId, at: usize) -> Option<usize> {
        let is_stdout = at < self.stdout_size;
        (0..self.expectation.lines.len()).find(|&line| {
            self.expectation.pattern_of[line] == pattern
                && (line < self.expectation.stdout_lines) == is_stdout
        })
    }

    /// Why the line where the search stuck may not stand there.
    fn order_fault(&self, table: &Table, stuck: &Stuck) -> Fault {
        let at = stuck.at.min(self.lines.len() - 1);
        let expectation = self.expectation;
        // How many lines each expected line stands for have come.
        let mut came: Vec<usize> = vec![0; expectation.lines.len()];
        for place in &stuck.places {
            came[place.line] += 1;
        }
        let mut end = 0;
        let block = expectation.blocks.iter().position(|block| {
            end += block.size;
            at < end
        });
        let block = &expectation.blocks[block.unwrap_or(expectation.blocks.len() - 1)];
        let pending = |line: &usize| came[*line] < expectation.count(*line);
        let fits = |line: usize, at: usize| {
            table.of_line(at).iter().any(|fit| fit.pattern == expectation.pattern_of[line])
        };

        let text = printable(self.lines[at]);
        let end_of_stream = match self.stream_of(at) {
            (Stream::Stdout, _) => expectation.stdout_lines,
            (Stream::Stderr, _) => expectation.lines.len(),
        };
        let candidate = (block.first_line..end_of_stream)
            .find(|&line| pending(&line) && fits(line, at))
            .and_then(|line| Some((line, self.awaited(block, &came, line)?)));
        if let Some((line, (first, why))) = candidate {
            let later = (at + 1..self.lines.len()).find(|&later| fits(first, later));
            let later = later.map_or_else(String::new, |later| {
                format!(", which comes at {}", self.position(later))
            });
            let message = format!(
                "\"{text}\" came too early: before it has to come {}{later}",
                self.expected(first)
            );
            return self.fault(FaultKind::Order, at, Some(line), &message, why);
        }
        let next: Vec<String> = (block.first_line..block.end_line())
            .filter(pending)
            .take(3)
            .map(|line| self.expected(line))
            .collect();
        let message = format!("\"{text}\" may not come here; to come are {}", next.join(", "));
        let why = "the order of the lanes, the marks and the lines without a gutter allow no other \
                   line here";
        self.fault(FaultKind::Order, at, None, &message, why.to_owned())
    }

    /// An expected line that has to come before another one and has not, and the rule that says
    /// so. `came` counts the lines of this block that have come, for each expected line.
    fn awaited(&self, block: &Block, came: &[usize], line: usize) -> Option<(usize, String)> {
        let expectation = self.expectation;
        let number = |line: usize| expectation.lines[line].number;
        let pending = |line: &usize| came[*line] < expectation.count(*line);
        let end_line = block.end_line();
        if line >= end_line {
            let first = (block.first_line..end_line).find(pending)?;
            // A block of lanes ends with its stream, or before a line without a gutter.
            let has_gutter = expectation.lines[first].gutter.is_some();
            let barrier = number(if has_gutter { end_line } else { first });
            let why = format!(
                "line {barrier} of the snapshot has no gutter: what stands above it comes before \
                 it, what stands below it after it"
            );
            return Some((first, why));
        }

        let lane = block.slots.iter().find(|slot| slot.steps.iter().any(|step| step.line == line));
        let steps = &lane?.steps;
        let step = steps.iter().find(|step| step.line == line)?;
        // Of the lines before it in its lane the first one from which on no more have come than of
        // the line itself.
        let before: Vec<usize> =
            steps.iter().map(|step| step.line).take_while(|&other| other != line).collect();
        let lacking = before.iter().rev().take_while(|&&other| came[other] <= came[line]);
        if let Some(&first) = lacking.last() {
            let lane = expectation.lane_name(line);
            let why = format!("both stand in the lane `{lane}`, and a lane keeps its order");
            return Some((first, why));
        }

        let first = (block.slots.iter().flat_map(|slot| slot.steps.iter()))
            .filter(|other| other.mark.is_some_and(|mark| step.after.contains(&mark)))
            .map(|other| other.line)
            .find(pending)?;
        let mark = &expectation.lines[first].gutter.as_ref()?.mark.as_ref()?.name;
        let why = format!(
            "line {} of the snapshot waits, by `<{mark}`, for every line marked `@{mark}`",
            number(line)
        );
        Some((first, why))
    }

    /// Lines of a `*N` that by their names are of one lane, and in that lane in the wrong order.
    fn swapped_in_lane(&self, places: &[Place]) -> Vec<Fault> {
        let mut lanes: BTreeMap<(NameId, &str), Vec<(usize, usize)>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            let expected = &self.expectation.lines[place.line];
            for (name, text) in expected.pattern.names_in(self.lines[at]) {
                if expected.group.is_some() && self.expectation.name(name).group == expected.group {
                    lanes.entry((name, text)).or_default().push((at, place.line));
                }
            }
        }
        let mut faults = Vec::new();
        for lines in lanes.into_values() {
            let different: HashSet<usize> = lines.iter().map(|&(_, line)| line).collect();
            // Where two lanes have one text, the text does not tell them apart.
            if different.len() < lines.len() {
                continue;
            }
            for pair in lines.windows(2).filter(|pair| pair[0].1 > pair[1].1) {
                let [(early, line), (late, first)] = [pair[0], pair[1]];
                let message = format!(
                    "\"{}\" came too early: before it has to come {}, which comes at {}",
                    printable(self.lines[early]),
                    self.expected(first),
                    self.position(late)
                );
                let lane = self.expectation.lane_name(line);
                let why = format!("both stand in the lane `{lane}`, and a lane keeps its order");
                faults.push(self.fault(FaultKind::Order, early, Some(line), &message, why));
            }
        }
        faults
    }

    /// Names that stand for two texts, and threads that are one; then the names of the former.
    fn unequal(&self, places: &[Place]) -> (Vec<Fault>, Vec<NameId>) {
        let mut texts: BTreeMap<NameInLane, Vec<(usize, usize, &str)>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            let pattern = &self.expectation.lines[place.line].pattern;
            for (name, text) in pattern.names_in(self.lines[at]) {
                let group = self.expectation.name(name).group;
                let member = if group.is_some() { place.member } else { 0 };
                texts.entry((name, member)).or_default().push((at, place.line, text));
            }
        }
        let mut faults = Vec::new();
        let mut names = Vec::new();
        for (&(id, _), places) in &texts {
            let (first_at, _, first) = places[0];
            let name = self.expectation.name(id);
            if places.iter().any(|(.., text)| *text != first) && !names.contains(&id) {
                names.push(id);
            }
            for (at, line, text) in places.iter().filter(|(.., text)| *text != first) {
                let message = format!(
                    "{{{}}} is \"{}\" here and \"{}\" in {}, but has to be the same (line {} of the \
                     snapshot gives it)",
                    name.text,
                    printable(text),
                    printable(first),
                    self.position(first_at),
                    name.line
                );
                let scope = match name.group {
                    Some(group) => {
                        format!("in each of the lanes {}", self.expectation.groups[group])
                    }
                    None => "in all of the run".to_owned(),
                };
                let why = format!("{{{}}} stands for one text {scope}", name.text);
                faults.push(self.fault(FaultKind::Equality, *at, Some(*line), &message, why));
            }
        }
        let threads: Vec<_> =
            texts.iter().filter(|((name, _), _)| self.expectation.name(*name).is_thread).collect();
        for (index, ((name, _), places)) in threads.iter().enumerate() {
            for ((other, _), others) in &threads[..index] {
                let (at, line, text) = places[0];
                if others[0].2 == text {
                    let name = &self.expectation.name(*name).text;
                    let other = &self.expectation.name(*other).text;
                    let whose = if name == other {
                        format!("{{{name}}} of two lanes are both")
                    } else {
                        format!("{{{other}}} and {{{name}}} are both")
                    };
                    let message = format!(
                        "{whose} \"{text}\" (see {}), but have to be different threads",
                        self.position(others[0].0)
                    );
                    let why =
                        "each name of type `thread` stands for a thread of its own".to_owned();
                    faults.push(self.fault(FaultKind::Equality, at, Some(line), &message, why));
                }
            }
        }
        (faults, names)
    }

    /// Numbers out of their ranges. `line_of` is the expected line of each output line.
    fn out_of_range(&self, line_of: impl Fn(usize) -> usize) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, text) in self.lines.iter().enumerate() {
            let line = line_of(at);
            for (number, range) in self.expectation.lines[line].pattern.out_of_range(text) {
                let message =
                    format!("{number} is not in {range}, which {} asks for", self.expected(line));
                let why = match range.split_once("..") {
                    Some((low, "")) => format!("{{{range}}} allows numbers from {low} up"),
                    Some((low, high)) => match high.strip_prefix('=') {
                        Some(high) => format!("{{{range}}} allows numbers from {low} to {high}"),
                        None => format!("{{{range}}} allows numbers from {low} to below {high}"),
                    },
                    None => String::new(),
                };
                faults.push(self.fault(FaultKind::Range, at, Some(line), &message, why));
            }
        }
        faults
    }
}

/// How alike two lines are, in percent.
pub(crate) fn likeness(left: &str, right: &str) -> u32 {
    let cut = |text: &str| text.chars().take(LINE_SHOWN).collect::<String>();
    (strsim::normalized_levenshtein(&cut(left), &cut(right)) * 100.0) as u32
}
