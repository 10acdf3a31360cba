//! How a legal output is read, and what it tells of the program's behaviour.

use std::collections::HashMap;
use std::fmt;

use crate::budget::Budget;
use crate::expectation::Expectation;
use crate::fit::Table;
use crate::search::Place;

/// How a legal output is read: which expected line each of its lines stands for.
#[derive(Debug)]
pub struct Reading {
    /// The lines of standard output, in the order of the snapshot.
    pub stdout: Vec<String>,
    /// The lines of standard error, in the order of the snapshot.
    pub stderr: Vec<String>,
    /// What each line of the output stands for, in the order of the output, with the lines of
    /// standard error after those of standard output. Two outputs with the same origins have the
    /// same order, whatever their values are.
    pub origins: Vec<Origin>,
    /// For each line of the output the threads in it, from left to right: the values whose type
    /// identifies something. They are numbered from 1, in the order in which they first appear in
    /// the output.
    pub identities: Vec<Vec<usize>>,
}

/// The expected line that a line of an output stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Its line in the snapshot's file, from 1.
    pub line: usize,
    /// Which of the N lanes of a `*N` wrote it, from 0, in the order in which the lanes wrote their
    /// first lines; 0 elsewhere.
    pub lane: usize,
}

/// What a program did, apart from times and other values: in which order its lines came, and which
/// thread wrote each of them, whatever the ids of the threads are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Behaviour(Vec<(Origin, Vec<usize>)>);

impl Reading {
    /// What the program did. Two outputs have the same behaviour if their lines have the same order,
    /// and the same lines are written by the same threads, up to the ids of the threads.
    pub fn behaviour(&self) -> Behaviour {
        let identities = self.identities.iter().cloned();
        Behaviour(self.origins.iter().copied().zip(identities).collect())
    }
}

/// The lines of the snapshot in the order of the output, such as `3 5(1) 4(2) 6#1 6#2`. The numbers
/// in parentheses are the threads in a line. A `#` stands before the number of a lane, from 1, where
/// several lanes have written the line.
impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lanes: HashMap<usize, usize> = HashMap::new();
        for (origin, _) in &self.0 {
            *lanes.entry(origin.line).or_default() += 1;
        }
        for (number, (origin, identities)) in self.0.iter().enumerate() {
            let space = if number == 0 { "" } else { " " };
            write!(f, "{space}{}", origin.line)?;
            if lanes[&origin.line] > 1 {
                write!(f, "#{}", origin.lane + 1)?;
            }
            if !identities.is_empty() {
                let numbers: Vec<String> = identities.iter().map(ToString::to_string).collect();
                write!(f, "({})", numbers.join(","))?;
            }
        }
        Ok(())
    }
}

/// The reading of an output whose lines have these places.
pub(crate) fn reading(
    expectation: &Expectation,
    table: &Table<'_>,
    lines: &[&str],
    places: &[Place<'_>],
    budget: &Budget,
) -> Reading {
    let origins = origins(expectation, places);
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|&at| (places[at].line, origins[at].lane));
    let mut stdout: Vec<String> = order.iter().map(|&at| lines[at].to_owned()).collect();
    let stderr = stdout.split_off(expectation.sizes()[0]);
    let identities = identities(expectation, table, lines, places, budget);
    Reading { stdout, stderr, origins, identities }
}

fn origins(expectation: &Expectation, places: &[Place<'_>]) -> Vec<Origin> {
    // The lanes of a `*N` are numbered in the order in which they first wrote something.
    let mut lane_numbers: HashMap<(usize, usize), usize> = HashMap::new();
    let mut lanes_seen = vec![0; expectation.groups.len()];
    let origins = places.iter().map(|place| {
        let expected = &expectation.lines[place.line];
        let lane = expected.group.map_or(0, |group| {
            *lane_numbers.entry((group, place.member)).or_insert_with(|| {
                lanes_seen[group] += 1;
                lanes_seen[group] - 1
            })
        });
        Origin { line: expected.number, lane }
    });
    origins.collect()
}

fn identities(
    expectation: &Expectation,
    table: &Table<'_>,
    lines: &[&str],
    places: &[Place<'_>],
    budget: &Budget,
) -> Vec<Vec<usize>> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let identities = lines.iter().zip(places).map(|(line, place)| {
        let pattern = &expectation.lines[place.line].pattern;
        if !pattern.has_identity() {
            return Vec::new();
        }
        let names = place.reading.names.iter();
        let names: Vec<_> = names.map(|&(name, value)| (name, table.text(value))).collect();
        // Where the search has left nothing of the budget, the line counts as one without threads.
        let values = pattern.values(line, &names, budget).ok().flatten().unwrap_or_default();
        let identities = values.into_iter().filter(|value| value.kind.is_identity());
        let numbered = identities.map(|value| {
            let next = numbers.len() + 1;
            *numbers.entry(value.text).or_insert(next)
        });
        numbered.collect()
    });
    identities.collect()
}
