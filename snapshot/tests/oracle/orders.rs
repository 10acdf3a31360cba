//! How many orders of lines a snapshot allows.

use std::collections::{HashMap, HashSet};

use legal_outputs::{OrderCount, Snapshot};
use proptest::prelude::*;

use crate::model::{Instance, Lane, Line, Model, Piece, is_of_lanes};
use crate::random::{config, line, model, short_line};

/// What a lane of a block is like: its lines. A `*N` is like no other lane.
type Shape = (Option<usize>, Vec<(Vec<Piece>, Option<u8>, Vec<u8>)>);

/// An output line in an order: its block, the shape of its lane, its place in the lane, and the
/// lane's number.
type Written = (usize, usize, usize, usize);

/// What tells a lane from all others: its block, its name, which of N lanes it is, and the line that
/// it is for, if it is for that line alone.
type LaneKey = (usize, Lane, usize, usize);

/// A lane in a block: its shape, and which of the lanes with that shape it is.
struct LaneInBlock {
    shape: usize,
    /// The place in the lane of each instance.
    places: HashMap<Instance, usize>,
    /// It is a lane of `w*2`.
    is_counted: bool,
    /// Which of the lanes of a `*N` it is.
    copy: usize,
    /// The earlier block that has given it its number.
    numbered_in: Option<usize>,
}

impl Model {
    /// Every order, counted one by one.
    fn orders(&self) -> usize {
        let lanes = self.lanes();
        let mut orders = HashSet::new();
        self.list_orders(&self.block_of(), &mut self.instances(), &mut Vec::new(), &mut |order| {
            orders.insert(numbered(order, &lanes));
        });
        orders.len()
    }

    fn list_orders(
        &self,
        blocks: &[usize],
        open: &mut Vec<Instance>,
        order: &mut Vec<Instance>,
        add: &mut impl FnMut(&[Instance]),
    ) {
        if open.is_empty() {
            add(order);
        }
        for index in 0..open.len() {
            let instance = open[index];
            if self.is_ready(blocks, open, instance) {
                open.remove(index);
                order.push(instance);
                self.list_orders(blocks, open, order, add);
                order.pop();
                open.insert(index, instance);
            }
        }
    }

    /// The lanes of each block.
    fn lanes(&self) -> Vec<(usize, LaneInBlock)> {
        let blocks = self.block_of();
        let mut members: Vec<(LaneKey, Vec<Instance>)> = Vec::new();
        for (line, copy) in self.instances() {
            let lane = self.lines[line].lane;
            // A line of its own is the only one of its lane.
            let own = if matches!(lane, Lane::Own | Lane::Barrier) { line } else { 0 };
            let key = (blocks[line], lane, copy, own);
            match members.iter_mut().find(|(known, _)| *known == key) {
                Some((_, lines)) => lines.push((line, copy)),
                None => members.push((key, vec![(line, copy)])),
            }
        }
        let mut shapes: Vec<Shape> = Vec::new();
        let lanes = members.into_iter().map(|((block, lane, copy, _), instances)| {
            let lines = instances.iter().map(|&(line, _)| {
                let Line { pieces, mark, after, .. } = self.lines[line].clone();
                (pieces, mark, after)
            });
            let counted = Some(lane.count()).filter(|&count| count > 1);
            let shape = (counted, lines.collect());
            let numbered_in = (0..block).find(|&earlier| {
                let names = self.names_of_lanes(&blocks, earlier);
                lane == Lane::Counted && !names.is_disjoint(&self.names_of_lanes(&blocks, block))
            });
            let number = shapes.iter().position(|other| *other == shape).unwrap_or_else(|| {
                shapes.push(shape);
                shapes.len() - 1
            });
            let places = instances.into_iter().zip(0..).collect();
            (
                block,
                LaneInBlock {
                    shape: number,
                    places,
                    is_counted: lane == Lane::Counted,
                    copy,
                    numbered_in,
                },
            )
        });
        lanes.collect()
    }

    /// The names in a block that each lane of `w*2` has for itself.
    fn names_of_lanes(&self, blocks: &[usize], block: usize) -> HashSet<char> {
        let lines = self.lines.iter().zip(blocks).filter(|&(_, of_line)| *of_line == block);
        let names = lines.flat_map(|(line, _)| &line.pieces).filter_map(|piece| match *piece {
            Piece::Name(name) | Piece::Other(name) if is_of_lanes(name) => Some(name),
            _ => None,
        });
        names.collect()
    }
}

/// An order with the lanes that are alike numbered in the order in which they write.
fn numbered(order: &[Instance], lanes: &[(usize, LaneInBlock)]) -> Vec<Written> {
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut next: HashMap<(usize, usize), usize> = HashMap::new();
    // The numbers of the lanes of `w*2` in each block.
    let mut of_copies: HashMap<(usize, usize), usize> = HashMap::new();
    let written = order.iter().map(|instance| {
        let (index, (block, lane)) = (lanes.iter().enumerate())
            .find(|(_, (_, lane))| lane.places.contains_key(instance))
            .expect("each line is in a lane");
        let number = *numbers.entry(index).or_insert_with(|| match lane.numbered_in {
            Some(earlier) => of_copies[&(earlier, lane.copy)],
            None => {
                let next = next.entry((*block, lane.shape)).or_default();
                *next += 1;
                *next
            }
        });
        if lane.is_counted {
            of_copies.insert((*block, lane.copy), number);
        }
        (*block, lane.shape, lane.places[instance], number)
    });
    written.collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_count_is_that_of_the_oracle(model in model(short_line(), 1..7)) {
        compare(&model)?;
    }

    #[test]
    fn the_count_of_long_lines_is_that_of_the_oracle(model in model(line(), 1..7)) {
        compare(&model)?;
    }
}

fn compare(model: &Model) -> Result<(), TestCaseError> {
    if model.has_cycle() {
        return Ok(());
    }
    let text = model.text();
    let snapshot = Snapshot::parse(&text).expect("no errors");
    let run = &snapshot.runs[0];
    let orders = model.orders() as u64;
    prop_assert_eq!(run.count_orders(u64::MAX), OrderCount::Exactly(orders), "{}", text);
    for limit in [0, 5, orders - 1, orders] {
        let expected =
            if orders > limit { OrderCount::MoreThan(limit) } else { OrderCount::Exactly(orders) };
        prop_assert_eq!(run.count_orders(limit), expected, "{}", text);
    }
    Ok(())
}
