//! What is known about the values of names at a point of the search.

use std::collections::{BTreeMap, HashMap};

use crate::expectation::{Expectation, Slot};
use crate::fit::{Reading, Rules, Value};
use crate::pattern::{NameId, NameUse};

/// The values of all names, as far as they are known.
pub(crate) struct Bindings<'a> {
    expectation: &'a Expectation,
    /// For each `*N` the names that its lanes have for themselves.
    names_of_group: Vec<Vec<NameId>>,
    /// For each name, and each of the lanes that have it, its value.
    bound: Vec<Vec<Option<Value>>>,
    /// Likewise, the values that came while it had none and that it must not have, each with the
    /// number of times.
    excluded: Vec<Vec<BTreeMap<Value, usize>>>,
    /// For each name whether a `{!name}` excludes values.
    is_excluding: Vec<bool>,
    /// For each name, and each of the lanes that have it, how many times it is still to come.
    to_come: Vec<Vec<usize>>,
    /// The name of an identifying type that has a value.
    owner_of: HashMap<Value, (NameId, usize)>,
    unbound_identities: usize,
}

/// The names that a line has given their values, and in which of the lanes that have them.
pub(crate) type Bound = Vec<(NameId, usize)>;

impl<'a> Bindings<'a> {
    pub(crate) fn new(expectation: &'a Expectation) -> Self {
        let name_ids = || (0..expectation.names.len()).map(NameId);
        let mut names_of_group = vec![Vec::new(); expectation.groups.len()];
        for name in name_ids() {
            if let Some(group) = expectation.name(name).group {
                names_of_group[group].push(name);
            }
        }
        let mut is_excluding = vec![false; expectation.names.len()];
        for name_use in expectation.lines.iter().flat_map(|line| line.pattern.name_uses()) {
            is_excluding[name_use.name().0] |= matches!(name_use, NameUse::Other(_));
        }
        let mut to_come: Vec<_> =
            name_ids().map(|name| vec![0; expectation.holders(name)]).collect();
        for slot in expectation.blocks.iter().flat_map(|block| &block.slots) {
            for step in slot.steps.iter() {
                for name in expectation.lines[step.line].pattern.names() {
                    to_come[name.0][holder(expectation, name, slot)] += 1;
                }
            }
        }
        let unbound_identities = name_ids()
            .filter(|&name| expectation.name(name).kind.is_identity())
            .map(|name| to_come[name.0].iter().filter(|&&times| times > 0).count())
            .sum();
        let of_holders = |name| expectation.holders(name);
        Self {
            expectation,
            names_of_group,
            bound: name_ids().map(|name| vec![None; of_holders(name)]).collect(),
            excluded: name_ids().map(|name| vec![BTreeMap::new(); of_holders(name)]).collect(),
            is_excluding,
            to_come,
            owner_of: HashMap::new(),
            unbound_identities,
        }
    }

    /// The value of a name in a lane.
    pub(crate) fn value(&self, name: NameId, slot: &Slot) -> Option<Value> {
        self.bound[name.0][holder(self.expectation, name, slot)]
    }

    /// How often a reading breaks what lenient rules allow to break: numbers out of range, names
    /// with two values or with one that they must not have, identities with two names. `None` if
    /// the rules forbid it.
    pub(crate) fn faults(&self, rules: Rules, slot: &Slot, reading: &Reading) -> Option<usize> {
        let mut faults =
            usize::from(!reading.is_in_range()) + usize::from(reading.is_contradictory);
        for &(name, value) in &reading.others {
            let holder = holder(self.expectation, name, slot);
            if self.bound[name.0][holder] == Some(value) {
                if !rules.allow_several_values(name) {
                    return None;
                }
                faults += 1;
            }
        }
        for (number, &(name, value)) in reading.names.iter().enumerate() {
            let holder = holder(self.expectation, name, slot);
            let is_refused = match self.bound[name.0][holder] {
                Some(known) => known != value,
                None => self.excluded[name.0][holder].contains_key(&value),
            };
            if is_refused {
                if !rules.allow_several_values(name) {
                    return None;
                }
                faults += 1;
            } else if self.expectation.name(name).kind.is_identity() {
                let is_in_line = reading.names[..number].iter().any(|&(other, same)| {
                    same == value
                        && other != name
                        && self.expectation.name(other).kind.is_identity()
                });
                let known = self.owner_of.get(&value);
                if is_in_line || known.is_some_and(|&known| known != (name, holder)) {
                    if !rules.allow_same_identity() {
                        return None;
                    }
                    faults += 1;
                }
            }
        }
        Some(faults)
    }

    /// Learns from a lane's expected line and how it is read.
    pub(crate) fn bind(&mut self, slot: &Slot, line: usize, reading: &Reading) -> Bound {
        let expectation = self.expectation;
        let mut bound = Vec::new();
        for name in expectation.lines[line].pattern.names() {
            self.to_come[name.0][holder(expectation, name, slot)] -= 1;
        }
        for &(name, value) in &reading.names {
            let holder = holder(expectation, name, slot);
            if self.bound[name.0][holder].is_none() {
                self.bound[name.0][holder] = Some(value);
                if expectation.name(name).kind.is_identity() {
                    self.unbound_identities -= 1;
                    self.owner_of.entry(value).or_insert((name, holder));
                }
                bound.push((name, holder));
            }
        }
        for &(name, value) in &reading.others {
            let holder = holder(expectation, name, slot);
            if self.bound[name.0][holder].is_none() {
                *self.excluded[name.0][holder].entry(value).or_default() += 1;
            }
        }
        bound
    }

    /// Forgets what the last line has taught that was not undone yet.
    pub(crate) fn unbind(&mut self, slot: &Slot, line: usize, reading: &Reading, bound: &Bound) {
        let expectation = self.expectation;
        for &(name, value) in &reading.others {
            let holder = holder(expectation, name, slot);
            let excluded = &mut self.excluded[name.0][holder];
            if self.bound[name.0][holder].is_none()
                && let Some(times) = excluded.get_mut(&value)
            {
                *times -= 1;
                if *times == 0 {
                    excluded.remove(&value);
                }
            }
        }
        for &(name, holder) in bound.iter().rev() {
            let value = self.bound[name.0][holder].take();
            if expectation.name(name).kind.is_identity() {
                self.unbound_identities += 1;
                if let Some(value) = value
                    && self.owner_of.get(&value) == Some(&(name, holder))
                {
                    self.owner_of.remove(&value);
                }
            }
        }
        for name in expectation.lines[line].pattern.names() {
            self.to_come[name.0][holder(expectation, name, slot)] += 1;
        }
    }

    /// The values of the names that this one of N lanes has for itself, as far as they are still to
    /// come.
    pub(crate) fn of_lane(&self, slot: &Slot) -> Vec<u32> {
        slot.member.map_or_else(Vec::new, |(group, member)| self.of_member(group, member))
    }

    /// The same for this lane of a `*N`.
    pub(crate) fn of_member(&self, group: usize, member: usize) -> Vec<u32> {
        let mut values = Vec::with_capacity(self.names_of_group[group].len());
        for &name in &self.names_of_group[group] {
            self.push_known(name, member, &mut values);
        }
        values
    }

    /// How many values are excluded for the names that a lane has for itself.
    pub(crate) fn excluded_in_lane(&self, slot: &Slot) -> usize {
        let Some((group, member)) = slot.member else { return 0 };
        let names = self.names_of_group[group].iter();
        names.map(|name| self.excluded[name.0][member].len()).sum()
    }

    /// Adds to a state what is known about the value of a name and still matters: the value, or 0
    /// where it is open or the name does not come again; then the values that an open name must not
    /// have, and before them how many they are. A name that may have several values counts too: how
    /// many faults the rest needs depends on it.
    pub(crate) fn push_known(&self, name: NameId, holder: usize, state: &mut Vec<u32>) {
        let value = self.bound[name.0][holder];
        state.push(match value {
            Some(value) if self.to_come[name.0][holder] > 0 => value + 1,
            _ => 0,
        });
        if self.is_excluding[name.0] {
            let excluded = Some(&self.excluded[name.0][holder]).filter(|_| value.is_none());
            let count = excluded.map_or(0, BTreeMap::len);
            state.push(u32::try_from(count).unwrap_or(u32::MAX));
            state.extend(excluded.into_iter().flat_map(BTreeMap::keys));
        }
    }

    /// Adds to a state the identities that no other name may have, if some name is still open.
    pub(crate) fn push_identities(&self, state: &mut Vec<u32>) {
        if self.unbound_identities > 0 {
            let from = state.len();
            state.extend(self.owner_of.keys());
            state[from..].sort_unstable();
        }
    }
}

/// Which of the lanes that have a name a slot is.
fn holder(expectation: &Expectation, name: NameId, slot: &Slot) -> usize {
    match (expectation.name(name).group, slot.member) {
        (Some(_), Some((_, member))) => member,
        _ => 0,
    }
}
