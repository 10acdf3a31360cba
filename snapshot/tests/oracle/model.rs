//! Snapshots of one run before they are written down, and which outputs they allow.

use std::collections::HashMap;
use std::fmt::Write as _;

/// A snapshot of one run, before it is written down.
#[derive(Debug, Clone)]
pub struct Model {
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub lane: Lane,
    pub mark: Option<u8>,
    pub after: Vec<u8>,
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Barrier,
    Own,
    Plain(char),
    /// `w*2`.
    Counted,
    /// `v*3`.
    Three,
}

impl Lane {
    /// How many lanes it stands for.
    pub fn count(self) -> usize {
        match self {
            Self::Counted => 2,
            Self::Three => 3,
            Self::Barrier | Self::Own | Self::Plain(_) => 1,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Piece {
    Literal(char),
    Unnamed(Kind),
    Name(char),
    /// `{!name}`.
    Other(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Int,
    /// `2..=3`.
    Low,
    /// `3..`.
    High,
    Word,
    Thread,
    Unique,
}

/// Names that are given once in the run.
pub const NAMES: [(char, Kind); 7] = [
    ('p', Kind::Int),
    ('q', Kind::Low),
    ('r', Kind::Low),
    ('t', Kind::Thread),
    ('u', Kind::Thread),
    ('i', Kind::Unique),
    ('j', Kind::Unique),
];

/// Names that each `w*2` lane has for itself.
pub const NAMES_IN_LANES: [(char, Kind); 5] = [
    ('g', Kind::Word),
    ('h', Kind::High),
    ('l', Kind::Low),
    ('v', Kind::Thread),
    ('k', Kind::Unique),
];

fn kind_of(name: char) -> Kind {
    let mut names = NAMES.iter().chain(&NAMES_IN_LANES);
    names.find(|(known, _)| *known == name).expect("a name").1
}

pub fn is_of_lanes(name: char) -> bool {
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
            Self::Unique => "unique",
        }
    }

    /// Whether two names of the type never have the same value.
    fn is_distinct(self) -> bool {
        matches!(self, Self::Thread | Self::Unique)
    }

    /// Outputs are made of digits, letters, thread ids and small numbers only.
    fn admits(self, text: &str) -> bool {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = || {
            let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
            let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
            let exponent = exponent.strip_prefix('-').unwrap_or(exponent);
            let is_decimal = [whole, fraction, exponent].into_iter().all(is_number);
            if is_decimal { text.parse::<f64>().ok() } else { None }
        };
        match self {
            Self::Int | Self::Unique => is_number(text),
            Self::Low => number().is_some_and(|number| (2.0..=3.0).contains(&number)),
            Self::High => number().is_some_and(|number| number >= 3.0),
            Self::Word => !text.is_empty(),
            Self::Thread => {
                let inside = text.strip_prefix("ThreadId(").and_then(|rest| rest.strip_suffix(')'));
                inside.is_some_and(is_number)
            }
        }
    }

    fn sample(self, seed: u8) -> String {
        match self {
            Self::Int | Self::Unique => (seed % 5).to_string(),
            Self::Low if seed > 220 => ["2e0", "30e-1", "0.2e1"][usize::from(seed) % 3].to_owned(),
            Self::Low => (2 + seed % 2).to_string(),
            Self::High if seed > 220 => ["3e0", "1e2", "400e-2"][usize::from(seed) % 3].to_owned(),
            Self::High => (3 + seed % 2).to_string(),
            Self::Word => ["x", "yx", "3"][usize::from(seed) % 3].to_owned(),
            Self::Thread => format!("ThreadId({})", seed % 4),
        }
    }
}

/// An expected line, and which of the lanes of a `*N` it is of.
pub type Instance = (usize, usize);

/// A name, and which of the lanes it belongs to.
type Holder = (char, usize);

impl Model {
    /// The number of the block that each line is in.
    pub fn block_of(&self) -> Vec<usize> {
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
    pub fn without_unknowns(mut self) -> Self {
        let blocks = self.block_of();
        let names = NAMES.iter().chain(&NAMES_IN_LANES).map(|(name, _)| *name);
        let given: Vec<char> = names.filter(|&name| self.giver(name).is_some()).collect();
        for piece in self.lines.iter_mut().flat_map(|line| &mut line.pieces) {
            if let Piece::Name(name) | Piece::Other(name) = *piece
                && !given.contains(&name)
            {
                // Only a name can be unique.
                *piece = Piece::Unnamed(match kind_of(name) {
                    Kind::Unique => Kind::Int,
                    kind => kind,
                });
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

    /// The line that gives a name: one of `w*2` or `v*3` would give it to each of these lanes, so a
    /// name of the run is given by the first other line, which may come after its first use.
    fn giver(&self, name: char) -> Option<usize> {
        self.lines.iter().position(|line| {
            line.pieces.contains(&Piece::Name(name))
                && (is_of_lanes(name) || line.lane.count() == 1)
        })
    }

    pub fn instances(&self) -> Vec<Instance> {
        (self.lines.iter().enumerate())
            .flat_map(|(index, line)| (0..line.lane.count()).map(move |copy| (index, copy)))
            .collect()
    }

    pub fn precedes(&self, blocks: &[usize], left: Instance, right: Instance) -> bool {
        let (a, b) = (&self.lines[left.0], &self.lines[right.0]);
        if blocks[left.0] != blocks[right.0] {
            return blocks[left.0] < blocks[right.0];
        }
        let same_lane = a.lane == b.lane && a.lane != Lane::Own && left.1 == right.1;
        (same_lane && left.0 < right.0) || a.mark.is_some_and(|mark| b.after.contains(&mark))
    }

    pub fn is_ready(&self, blocks: &[usize], open: &[Instance], instance: Instance) -> bool {
        !open.iter().any(|&other| self.precedes(blocks, other, instance))
    }

    /// Whether some lines wait for one another.
    pub fn has_cycle(&self) -> bool {
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

    pub fn text(&self) -> String {
        let mut given: Vec<char> = Vec::new();
        let mut text = "$ program\n".to_owned();
        for (index, line) in self.lines.iter().enumerate() {
            match line.lane {
                Lane::Barrier | Lane::Own => {}
                Lane::Plain(name) => text.push(name),
                Lane::Counted => text.push_str("w*2"),
                Lane::Three => text.push_str("v*3"),
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
                    Piece::Other(name) => write!(text, "{{!{name}}}"),
                };
            }
            text.push('\n');
        }
        text
    }

    /// An output that keeps orders, equalities and ranges; what must differ does so only by luck.
    pub fn output(&self, seeds: &[u8]) -> Vec<String> {
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
                    Piece::Other(name) => text.push_str(&kind_of(name).sample(seed())),
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
    pub fn allows(&self, output: &[String]) -> bool {
        let instances = self.instances();
        output.len() == instances.len()
            && self.assigns(output, &self.block_of(), &instances, &Known::default())
    }

    fn assigns(
        &self,
        output: &[String],
        blocks: &[usize],
        open: &[Instance],
        known: &Known,
    ) -> bool {
        let Some((first, rest)) = output.split_first() else { return true };
        (0..open.len()).any(|index| {
            let instance = open[index];
            self.is_ready(blocks, open, instance)
                && readings(&self.lines[instance.0].pieces, first).into_iter().any(|reading| {
                    let Some(known) = known.with(reading, instance.1) else { return false };
                    let mut open = open.to_vec();
                    open.remove(index);
                    self.assigns(rest, blocks, &open, &known)
                })
        })
    }
}

/// What is known of the names.
#[derive(Clone, Default)]
struct Known {
    values: HashMap<Holder, String>,
    /// Values that they do not have.
    others: Vec<(Holder, String)>,
}

/// A name, whether the text is that of the name or another one, and the text.
type Use = (char, bool, String);

impl Known {
    /// What is known with this reading too, if it agrees with the others.
    fn with(&self, reading: Vec<Use>, copy: usize) -> Option<Self> {
        let mut known = self.clone();
        for (name, is_same, text) in reading {
            let holder = (name, if is_of_lanes(name) { copy } else { 0 });
            if !is_same {
                known.others.push((holder, text));
            } else if *known.values.entry(holder).or_insert_with(|| text.clone()) != text {
                return None;
            }
        }
        let is_other = |(holder, text): &(Holder, String)| known.values.get(holder) == Some(text);
        let is_taken = |(holder, text): (&Holder, &String)| {
            kind_of(holder.0).is_distinct()
                && known.values.iter().any(|(other, taken)| {
                    other != holder && kind_of(other.0).is_distinct() && taken == text
                })
        };
        let is_sound = !known.others.iter().any(is_other) && !known.values.iter().any(is_taken);
        is_sound.then_some(known)
    }
}

/// Every way to cut a text into the pieces, as what it says about names.
fn readings(pieces: &[Piece], text: &str) -> Vec<Vec<Use>> {
    let Some((piece, rest)) = pieces.split_first() else {
        return if text.is_empty() { vec![Vec::new()] } else { Vec::new() };
    };
    let mut all = Vec::new();
    for end in 0..=text.len() {
        let (value, behind) = text.split_at(end);
        let name = match *piece {
            Piece::Literal(c) if value == c.to_string() => None,
            Piece::Unnamed(kind) if kind.admits(value) => None,
            Piece::Name(name) if kind_of(name).admits(value) => Some((name, true)),
            Piece::Other(name) if kind_of(name).admits(value) => Some((name, false)),
            _ => continue,
        };
        let name_use = name.map(|(name, is_same)| (name, is_same, value.to_owned()));
        all.extend(readings(rest, behind).into_iter().map(|mut reading| {
            reading.extend(name_use.clone());
            reading
        }));
    }
    all
}
