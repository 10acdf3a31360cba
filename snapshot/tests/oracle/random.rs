//! Random snapshots, and changes of outputs.

use proptest::prelude::*;

use crate::model::{Kind, Lane, Line, Model, NAMES, NAMES_IN_LANES, Piece};

pub fn piece(names: Vec<char>) -> impl Strategy<Value = Piece> {
    let kinds = vec![Kind::Int, Kind::Low, Kind::High, Kind::Word, Kind::Thread];
    prop_oneof![
        4 => proptest::sample::select(vec!['x', 'y']).prop_map(Piece::Literal),
        2 => proptest::sample::select(kinds).prop_map(Piece::Unnamed),
        3 => proptest::sample::select(names.clone()).prop_map(Piece::Name),
        1 => proptest::sample::select(names).prop_map(Piece::Other),
    ]
}

pub fn line() -> impl Strategy<Value = Line> {
    let lane = prop_oneof![
        2 => Just(Lane::Barrier),
        1 => Just(Lane::Own),
        3 => Just(Lane::Plain('a')),
        3 => Just(Lane::Plain('b')),
        3 => Just(Lane::Counted),
        1 => Just(Lane::Three),
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
pub fn vague_line() -> impl Strategy<Value = Line> {
    let lane = proptest::sample::select(vec![Lane::Plain('a'), Lane::Plain('b'), Lane::Counted]);
    lane.prop_flat_map(|lane| {
        let mut names = vec!['q', 'r', 'i'];
        if lane == Lane::Counted {
            names.extend(['l', 'k']);
        }
        let piece = prop_oneof![
            2 => Just(Piece::Unnamed(Kind::Low)),
            5 => proptest::sample::select(names.clone()).prop_map(Piece::Name),
            2 => proptest::sample::select(names).prop_map(Piece::Other),
        ];
        piece.prop_map(move |piece| Line {
            lane,
            mark: None,
            after: Vec::new(),
            pieces: vec![piece],
        })
    })
}

/// A line of few that are possible, so that many lanes are alike.
pub fn short_line() -> impl Strategy<Value = Line> {
    let lane = prop_oneof![
        1 => Just(Lane::Barrier),
        2 => Just(Lane::Own),
        3 => proptest::sample::select(vec!['a', 'b', 'c']).prop_map(Lane::Plain),
        3 => Just(Lane::Counted),
        2 => Just(Lane::Three),
    ];
    let mark = || proptest::option::weighted(0.25, 0..2_u8);
    (lane, mark(), mark()).prop_flat_map(|(lane, mark, after)| {
        let (mark, after) = if lane == Lane::Barrier { (None, None) } else { (mark, after) };
        let name = if lane == Lane::Counted { 'l' } else { 'p' };
        let piece = prop_oneof![
            3 => Just(Piece::Literal('x')),
            1 => Just(Piece::Literal('y')),
            2 => Just(Piece::Name(name)),
            1 => Just(Piece::Other(name)),
        ];
        piece.prop_map(move |piece| Line {
            lane,
            mark,
            after: after.into_iter().collect(),
            pieces: vec![piece],
        })
    })
}

pub fn model(
    line: impl Strategy<Value = Line>,
    lines: std::ops::Range<usize>,
) -> impl Strategy<Value = Model> {
    proptest::collection::vec(line, lines)
        .prop_map(|lines| Model { lines }.without_unknowns())
        .prop_filter("the oracle takes too long", |model| model.instances().len() <= 8)
}

/// Something done to an output.
#[derive(Debug, Clone)]
pub enum Change {
    Drop(usize),
    Double(usize),
    Move(usize, usize),
    Swap(usize, usize),
    /// Replaces the text of a line with that of another line.
    Replace(usize, usize),
    /// Replaces the first digit with another digit.
    Digit(usize, u8),
}

impl Change {
    pub fn apply(&self, output: &mut Vec<String>) {
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

pub fn change() -> impl Strategy<Value = Change> {
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
pub fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { 3_000 };
    // Cases that take the oracle too long are as many again, and no fault.
    ProptestConfig { cases, max_local_rejects: u32::MAX, ..asked }
}
