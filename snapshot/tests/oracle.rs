//! The verdict on random snapshots and outputs, against an oracle that tries everything.
//!
//! The oracle knows nothing of blocks, tables or states: it takes the definition of a legal
//! output word by word, and tries every assignment of output lines to expected ones and every
//! way to read a line.

use std::collections::HashMap;
use std::fmt::Write as _;

use legal_outputs::{Output, Snapshot, Verdict, bless};
use proptest::prelude::*;

/// A snapshot of one run, before it is written down.
#[derive(Debug, Clone)]
struct Model {
    lines: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    lane: Lane,
    mark: Option<u8>,
    after: Vec<u8>,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Barrier,
    Own,
    Plain(char),
    /// `w*2`.
    Counted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Literal(char),
    Unnamed(Kind),
    Name(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    /// `2..=3`.
    Low,
    /// `3..`.
    High,
    Word,
    Thread,
}

/// Names that are given once in the run.
const NAMES: [(char, Kind); 5] = [
    ('p', Kind::Int),
    ('q', Kind::Low),
    ('r', Kind::Low),
    ('t', Kind::Thread),
    ('u', Kind::Thread),
];

/// Names that each `w*2` lane has for itself.
const NAMES_IN_LANES: [(char, Kind); 4] =
    [('g', Kind::Word), ('h', Kind::High), ('l', Kind::Low), ('v', Kind::Thread)];

fn kind_of(name: char) -> Kind {
    let mut names = NAMES.iter().chain(&NAMES_IN_LANES);
    names.find(|(known, _)| *known == name).expect("a name").1
}

fn is_of_lanes(name: char) -> bool {
    NAMES_IN_LANES.iter().any(|(known, _)| *known == name)
}

impl Kind {
    fn source(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Low => "2..=3",
            Self::High => "3..",
            Self::Word => "word",
            Self::Thread => "thread",
        }
    }

    /// Outputs are made of digits, letters and thread ids only.
    fn admits(self, text: &str) -> bool {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = || if is_number(text) { text.parse::<u64>().ok() } else { None };
        match self {
            Self::Int => is_number(text),
            Self::Low => number().is_some_and(|number| number == 2 || number == 3),
            Self::High => number().is_some_and(|number| number >= 3),
            Self::Word => !text.is_empty(),
            Self::Thread => {
                let inside = text.strip_prefix("ThreadId(").and_then(|rest| rest.strip_suffix(')'));
                inside.is_some_and(is_number)
            }
        }
    }

    fn sample(self, seed: u8) -> String {
        match self {
            Self::Int => (seed % 5).to_string(),
            Self::Low => (2 + seed % 2).to_string(),
            Self::High => (3 + seed % 2).to_string(),
            Self::Word => ["x", "yx", "3"][usize::from(seed) % 3].to_owned(),
            Self::Thread => format!("ThreadId({})", seed % 4),
        }
    }
}

/// An expected line, and which of the lanes of a `*N` it is of.
type Instance = (usize, usize);

/// A name, and which of the lanes it belongs to.
type Holder = (char, usize);

impl Model {
    /// The number of the block that each line is in.
    fn block_of(&self) -> Vec<usize> {
        let mut block = 0;
        let mut blocks = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let is_first = index == 0;
            let after_barrier = !is_first && self.lines[index - 1].lane == Lane::Barrier;
            if !is_first && (after_barrier || line.lane == Lane::Barrier) {
                block += 1;
            }
            blocks.push(block);
        }
        blocks
    }

    /// Takes out waits for marks that the block does not have, and names that no line can give.
    fn without_unknowns(mut self) -> Self {
        let blocks = self.block_of();
        let given: Vec<char> =
            NAMES.iter().map(|(name, _)| *name).filter(|&n| self.giver(n).is_some()).collect();
        for piece in self.lines.iter_mut().flat_map(|line| &mut line.pieces) {
            if let Piece::Name(name) = *piece
                && !is_of_lanes(name)
                && !given.contains(&name)
            {
                *piece = Piece::Unnamed(kind_of(name));
            }
        }
        for index in 0..self.lines.len() {
            let known: Vec<u8> = (0..self.lines.len())
                .filter(|&other| blocks[other] == blocks[index])
                .filter_map(|other| self.lines[other].mark)
                .collect();
            self.lines[index].after.retain(|mark| known.contains(mark));
        }
        self
    }

    /// The line that gives a name: one of `w*2` would give it to each of these lanes, so a name
    /// of the run is given by the first other line, which may come after its first use.
    fn giver(&self, name: char) -> Option<usize> {
        self.lines.iter().position(|line| {
            line.pieces.contains(&Piece::Name(name))
                && (is_of_lanes(name) || line.lane != Lane::Counted)
        })
    }

    fn instances(&self) -> Vec<Instance> {
        (self.lines.iter().enumerate())
            .flat_map(|(index, line)| {
                let copies = if line.lane == Lane::Counted { 2 } else { 1 };
                (0..copies).map(move |copy| (index, copy))
            })
            .collect()
    }

    fn precedes(&self, blocks: &[usize], left: Instance, right: Instance) -> bool {
        let (a, b) = (&self.lines[left.0], &self.lines[right.0]);
        if blocks[left.0] != blocks[right.0] {
            return blocks[left.0] < blocks[right.0];
        }
        let same_lane = a.lane == b.lane && a.lane != Lane::Own && left.1 == right.1;
        (same_lane && left.0 < right.0) || a.mark.is_some_and(|mark| b.after.contains(&mark))
    }

    fn is_ready(&self, blocks: &[usize], open: &[Instance], instance: Instance) -> bool {
        !open.iter().any(|&other| self.precedes(blocks, other, instance))
    }

    /// Whether some lines wait for one another.
    fn has_cycle(&self) -> bool {
        let blocks = self.block_of();
        let mut open = self.instances();
        while !open.is_empty() {
            match open.iter().position(|&one| self.is_ready(&blocks, &open, one)) {
                Some(index) => drop(open.remove(index)),
                None => return true,
            }
        }
        false
    }

    fn text(&self) -> String {
        let mut given: Vec<char> = Vec::new();
        let mut text = "$ program\n".to_owned();
        for (index, line) in self.lines.iter().enumerate() {
            match line.lane {
                Lane::Barrier | Lane::Own => {}
                Lane::Plain(name) => text.push(name),
                Lane::Counted => text.push_str("w*2"),
            }
            if line.lane != Lane::Barrier {
                if let Some(mark) = line.mark {
                    let _ = write!(text, "@m{mark}");
                }
                for mark in &line.after {
                    let _ = write!(text, "<m{mark}");
                }
                text.push_str("| ");
            }
            for piece in &line.pieces {
                let _ = match *piece {
                    Piece::Literal(c) => write!(text, "{c}"),
                    Piece::Unnamed(kind) => write!(text, "{{{}}}", kind.source()),
                    Piece::Name(name)
                        if self.giver(name) == Some(index) && !given.contains(&name) =>
                    {
                        given.push(name);
                        write!(text, "{{{name}:{}}}", kind_of(name).source())
                    }
                    Piece::Name(name) => write!(text, "{{{name}}}"),
                };
            }
            text.push('\n');
        }
        text
    }

    /// An output that keeps orders, equalities and ranges; different threads only by luck.
    fn output(&self, seeds: &[u8]) -> Vec<String> {
        let blocks = self.block_of();
        let mut open = self.instances();
        let mut output = Vec::new();
        let mut seeds = seeds.iter().copied().cycle();
        let mut seed = || seeds.next().unwrap_or(0);
        let mut named: HashMap<Holder, String> = HashMap::new();
        while !open.is_empty() {
            let ready: Vec<usize> =
                (0..open.len()).filter(|&i| self.is_ready(&blocks, &open, open[i])).collect();
            let (line, copy) = open.remove(ready[usize::from(seed()) % ready.len()]);
            let mut text = String::new();
            for piece in &self.lines[line].pieces {
                match *piece {
                    Piece::Literal(c) => text.push(c),
                    Piece::Unnamed(kind) => text.push_str(&kind.sample(seed())),
                    Piece::Name(name) => {
                        let holder = (name, if is_of_lanes(name) { copy } else { 0 });
                        let new = || kind_of(name).sample(seed());
                        text.push_str(named.entry(holder).or_insert_with(new));
                    }
                }
            }
            output.push(text);
        }
        output
    }

    /// Whether some assignment respects every order, every equality and every range.
    fn allows(&self, output: &[String]) -> bool {
        let instances = self.instances();
        let nothing_named = HashMap::new();
        output.len() == instances.len()
            && self.assigns(output, &self.block_of(), &instances, &nothing_named)
    }

    fn assigns(
        &self,
        output: &[String],
        blocks: &[usize],
        open: &[Instance],
        named: &HashMap<Holder, String>,
    ) -> bool {
        let Some((first, rest)) = output.split_first() else { return true };
        (0..open.len()).any(|index| {
            let instance = open[index];
            self.is_ready(blocks, open, instance)
                && readings(&self.lines[instance.0].pieces, first).into_iter().any(|reading| {
                    let Some(named) = extended(named, reading, instance.1) else { return false };
                    let mut open = open.to_vec();
                    open.remove(index);
                    self.assigns(rest, blocks, &open, &named)
                })
        })
    }
}

/// What the names stand for with this reading too, if it agrees with the others.
fn extended(
    named: &HashMap<Holder, String>,
    reading: Vec<(char, String)>,
    copy: usize,
) -> Option<HashMap<Holder, String>> {
    let mut named = named.clone();
    for (name, text) in reading {
        let holder = (name, if is_of_lanes(name) { copy } else { 0 });
        let is_thread = |name| kind_of(name) == Kind::Thread;
        let is_taken = is_thread(name)
            && named
                .iter()
                .any(|(other, known)| *other != holder && is_thread(other.0) && *known == text);
        if is_taken || *named.entry(holder).or_insert_with(|| text.clone()) != text {
            return None;
        }
    }
    Some(named)
}

/// Every way to cut a text into the pieces, as what the names stand for.
fn readings(pieces: &[Piece], text: &str) -> Vec<Vec<(char, String)>> {
    let Some((piece, rest)) = pieces.split_first() else {
        return if text.is_empty() { vec![Vec::new()] } else { Vec::new() };
    };
    let mut all = Vec::new();
    for end in 0..=text.len() {
        let (value, behind) = text.split_at(end);
        let name = match *piece {
            Piece::Literal(c) if value == c.to_string() => None,
            Piece::Unnamed(kind) if kind.admits(value) => None,
            Piece::Name(name) if kind_of(name).admits(value) => Some((name, value.to_owned())),
            _ => continue,
        };
        all.extend(readings(rest, behind).into_iter().map(|mut reading| {
            reading.extend(name.clone());
            reading
        }));
    }
    all
}

fn piece(names: Vec<char>) -> impl Strategy<Value = Piece> {
    let kinds = vec![Kind::Int, Kind::Low, Kind::High, Kind::Word, Kind::Thread];
    prop_oneof![
        4 => proptest::sample::select(vec!['x', 'y']).prop_map(Piece::Literal),
        2 => proptest::sample::select(kinds).prop_map(Piece::Unnamed),
        3 => proptest::sample::select(names).prop_map(Piece::Name),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    let lane = prop_oneof![
        2 => Just(Lane::Barrier),
        1 => Just(Lane::Own),
        3 => Just(Lane::Plain('a')),
        3 => Just(Lane::Plain('b')),
        3 => Just(Lane::Counted),
    ];
    let mark = || proptest::option::weighted(0.3, 0..2_u8);
    (lane, mark(), mark()).prop_flat_map(|(lane, mark, after)| {
        let mut names: Vec<char> = NAMES.iter().map(|(name, _)| *name).collect();
        if lane == Lane::Counted {
            names.extend(NAMES_IN_LANES.iter().map(|(name, _)| *name));
        }
        let (mark, after) = if lane == Lane::Barrier { (None, None) } else { (mark, after) };
        proptest::collection::vec(piece(names), 1..4).prop_map(move |pieces| Line {
            lane,
            mark,
            after: after.into_iter().collect(),
            pieces,
        })
    })
}

/// A line that tells little of its lane: a value and nothing else, and few values that it can
/// have. Only what the names stand for shows which way is the right one.
fn vague_line() -> impl Strategy<Value = Line> {
    let lane = proptest::sample::select(vec![Lane::Plain('a'), Lane::Plain('b'), Lane::Counted]);
    lane.prop_flat_map(|lane| {
        let mut names = vec!['q', 'r'];
        if lane == Lane::Counted {
            names.push('l');
        }
        let piece = prop_oneof![
            2 => Just(Piece::Unnamed(Kind::Low)),
            5 => proptest::sample::select(names).prop_map(Piece::Name),
        ];
        piece.prop_map(move |piece| Line {
            lane,
            mark: None,
            after: Vec::new(),
            pieces: vec![piece],
        })
    })
}

fn model(
    line: impl Strategy<Value = Line>,
    lines: std::ops::Range<usize>,
) -> impl Strategy<Value = Model> {
    proptest::collection::vec(line, lines)
        .prop_map(|lines| Model { lines }.without_unknowns())
        .prop_filter("the oracle takes too long", |model| model.instances().len() <= 8)
}

/// Something done to an output.
#[derive(Debug, Clone)]
enum Change {
    Drop(usize),
    Double(usize),
    Move(usize, usize),
    Swap(usize, usize),
    /// Puts one line's text in place of another's.
    Replace(usize, usize),
    /// Puts another digit in place of the first.
    Digit(usize, u8),
}

impl Change {
    fn apply(&self, output: &mut Vec<String>) {
        let count = output.len();
        if count == 0 {
            return;
        }
        match *self {
            Self::Drop(line) => drop(output.remove(line % count)),
            Self::Double(line) => output.push(output[line % count].clone()),
            Self::Move(from, to) => {
                let line = output.remove(from % count);
                output.insert(to % count, line);
            }
            Self::Swap(left, right) => output.swap(left % count, right % count),
            Self::Replace(from, to) => output[to % count] = output[from % count].clone(),
            Self::Digit(line, digit) => {
                let text = &mut output[line % count];
                if let Some(at) = text.find(|c: char| c.is_ascii_digit()) {
                    text.replace_range(at..=at, &digit.to_string());
                }
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let line = || 0..8_usize;
    prop_oneof![
        1 => line().prop_map(Change::Drop),
        1 => line().prop_map(Change::Double),
        3 => (line(), line()).prop_map(|(from, to)| Change::Move(from, to)),
        3 => (line(), line()).prop_map(|(left, right)| Change::Swap(left, right)),
        2 => (line(), line()).prop_map(|(from, to)| Change::Replace(from, to)),
        3 => (line(), 0..6_u8).prop_map(|(line, digit)| Change::Digit(line, digit)),
    ]
}

/// Some seconds' worth of cases; `PROPTEST_CASES=200000` asks for more.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { 3_000 };
    // Cases that take the oracle too long are as many again, and no fault.
    ProptestConfig { cases, max_local_rejects: u32::MAX, ..asked }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_verdict_is_that_of_the_oracle(
        model in model(line(), 1..7),
        seeds in proptest::collection::vec(any::<u8>(), 24),
        changes in proptest::collection::vec(change(), 0..3),
    ) {
        compare(&model, &seeds, &changes)?;
    }

    #[test]
    fn the_verdict_on_vague_lines_is_that_of_the_oracle(
        model in model(vague_line(), 4..9),
        seeds in proptest::collection::vec(any::<u8>(), 24),
        changes in proptest::collection::vec(change(), 0..3),
    ) {
        compare(&model, &seeds, &changes)?;
    }
}

fn compare(model: &Model, seeds: &[u8], changes: &[Change]) -> Result<(), TestCaseError> {
    let text = model.text();
    let snapshot = Snapshot::parse(&text);
    if model.has_cycle() {
        prop_assert!(snapshot.is_err(), "the cycle is not seen:\n{text}");
        return Ok(());
    }
    let snapshot = snapshot.map_err(|errors| TestCaseError::fail(format!("{text}\n{errors:?}")))?;
    let mut output = model.output(seeds);
    for change in changes {
        change.apply(&mut output);
    }
    let stdout: String = output.iter().map(|line| format!("{line}\n")).collect();
    let verdict = snapshot.runs[0].check(Output { stdout: stdout.as_bytes(), stderr: b"" });
    let is_legal = match &verdict {
        Verdict::Legal(reading) => {
            let mut read = reading.stdout.clone();
            let mut printed = output.clone();
            read.sort();
            printed.sort();
            prop_assert_eq!(read, printed, "a reading has the lines that were printed");
            true
        }
        Verdict::Illegal(explanation) => {
            prop_assert!(!explanation.faults.is_empty(), "{text}\n{stdout}: no fault");
            prop_assert!(!explanation.to_string().is_empty());
            let output = Output { stdout: stdout.as_bytes(), stderr: b"" };
            if let Ok(blessed) = bless(&text, 0, output) {
                let snapshot = Snapshot::parse(&blessed)
                    .map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
                let verdict = snapshot.runs[0].check(output);
                prop_assert!(matches!(verdict, Verdict::Legal(_)), "{blessed}");
            }
            false
        }
        Verdict::Undecided(_) => {
            return Err(TestCaseError::fail(format!("{text}\n{stdout}: undecided")));
        }
    };
    prop_assert_eq!(is_legal, model.allows(&output), "{}\n{}\n{:?}", text, stdout, verdict);
    Ok(())
}
