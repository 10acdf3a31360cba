//! What the snapshot says about the order of the lines of one run.

use legal_outputs::{OutlineLane, Stream};

use super::lines::{Line, Source};

/// Which lines of different threads always come in the order in which they came. All indexes are
/// those of lines.
#[derive(Debug, Default)]
pub struct Order {
    /// Pairs of lines of which the first comes first. Pairs that follow from others are left out.
    pub arrows: Vec<(usize, usize)>,
    /// All lines before this one come before it and all that follow. Only where an arrow would not do.
    pub rules: Vec<usize>,
}

impl Order {
    /// Finds the order of the lines on standard output, which are sorted by time.
    pub(super) fn of(sources: &[Source<'_>], lines: &[Line]) -> Self {
        let is_output = |&index: &usize| sources[index].stream == Stream::Stdout;
        let indexes: Vec<usize> = (0..sources.len()).filter(is_output).collect();
        let before = predecessors(sources, &indexes);
        let comes_first = |from: usize, to: usize| before[to].binary_search(&from).is_ok();
        let is_cut = |at: usize| {
            let has_all =
                |&to: &usize| before[to].partition_point(|from| *from < indexes[at]) == at;
            indexes[at..].iter().all(has_all)
        };
        let cuts: Vec<usize> = (1..indexes.len()).filter(|&at| is_cut(at)).collect();
        let ends = cuts.iter().copied().chain([indexes.len()]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let parts: Vec<&[usize]> = starts.zip(ends).map(|(from, to)| &indexes[from..to]).collect();

        let mut order = Self::default();
        let differ = |from: usize, to: usize| lines[from].thread != lines[to].thread;
        for pair in parts.windows(2) {
            match pair {
                [[from], [to]] if differ(*from, *to) => order.arrows.push((*from, *to)),
                [[_], [_]] => {}
                [_, next] => order.rules.push(next[0]),
                _ => unreachable!("the windows have two parts"),
            }
        }
        for part in parts {
            for &to in part {
                for &from in part.iter().filter(|&&from| comes_first(from, to) && differ(from, to))
                {
                    let is_between =
                        |&other: &usize| comes_first(from, other) && comes_first(other, to);
                    if !part.iter().any(is_between) {
                        order.arrows.push((from, to));
                    }
                }
            }
        }
        order.arrows.sort_unstable();
        order
    }
}

/// For each line the indexes of all lines of which the snapshot says that they come before it, sorted.
fn predecessors(sources: &[Source<'_>], indexes: &[usize]) -> Vec<Vec<usize>> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); sources.len()];
    for (position, &to) in indexes.iter().enumerate() {
        let Some((line, number)) = sources[to].expected else { continue };
        let mut all = Vec::new();
        for &from in &indexes[..position] {
            let Some((other, other_number)) = sources[from].expected else { continue };
            let same_lane = other.lane == line.lane
                && other_number == number
                && line.lane != OutlineLane::Anonymous;
            let is_marked = other.mark.as_ref().is_some_and(|mark| line.after.contains(mark));
            if other.block < line.block || (other.block == line.block && (same_lane || is_marked)) {
                all.push(from);
                all.extend(&before[from]);
            }
        }
        all.sort_unstable();
        all.dedup();
        before[to] = all;
    }
    before
}
