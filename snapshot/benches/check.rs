//! How long parsing a snapshot and checking an output take, and how the time grows with their size.
//!
//! The `item/s` of the table are lines of the output. Where the time is linear, they stay the same
//! from row to row.

#[path = "../tests/lanes/mod.rs"]
mod lanes;

use std::fmt::Write as _;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use lanes::{shuffled, ticking};
use legal_outputs::{Output, Snapshot, Verdict};

fn main() {
    divan::main();
}

/// A snapshot, and an output that is checked against it.
struct Case {
    snapshot: String,
    stdout: String,
}

impl Case {
    fn new() -> Self {
        Self { snapshot: "$ program\n".to_owned(), stdout: String::new() }
    }

    fn lines(&self) -> ItemsCount {
        ItemsCount::new(self.stdout.lines().count())
    }

    fn parse(&self, bencher: Bencher<'_, '_>) {
        bencher.counter(self.lines()).bench(|| Snapshot::parse(black_box(&self.snapshot)));
    }

    fn check(&self, bencher: Bencher<'_, '_>, is_expected: fn(&Verdict) -> bool) {
        let snapshot = Snapshot::parse(&self.snapshot).expect("a sound snapshot");
        let output = Output { stdout: self.stdout.as_bytes(), stderr: b"" };
        assert!(is_expected(&snapshot.runs[0].check(output)));
        bencher.counter(self.lines()).bench(|| snapshot.runs[0].check(black_box(output)));
    }
}

fn is_legal(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Legal(_))
}

/// Lanes that say in each line which they are, and take turns at random.
fn told_apart(lanes: usize, steps: usize) -> Case {
    let mut case = Case::new();
    for lane in 0..lanes {
        for step in 0..steps {
            let _ = writeln!(case.snapshot, "l{lane}| lane {lane} step {step} took {{0..9}} s");
        }
    }
    let mut done = vec![0; lanes];
    for lane in shuffled(lanes, steps) {
        let _ = writeln!(case.stdout, "lane {lane} step {} took 3 s", done[lane]);
        done[lane] += 1;
    }
    case
}

/// A usual lesson: a start, a few threads that are alike, an end.
fn lesson() -> Case {
    let mut case = Case::new();
    case.snapshot += "main starts\n\
                      w*3| {id:thread} begins with {0..=9}\n\
                      w*3| {id} ends after {0.2..0.4} seconds\n\
                      Total time taken: {0.2..0.4} seconds\n";
    case.stdout += "main starts\n\
                    ThreadId(2) begins with 1\nThreadId(4) begins with 2\n\
                    ThreadId(3) begins with 3\nThreadId(3) ends after 0.2 seconds\n\
                    ThreadId(2) ends after 0.21 seconds\nThreadId(4) ends after 0.2 seconds\n\
                    Total time taken: 0.3 seconds\n";
    case
}

#[divan::bench]
fn parse_ordinary(bencher: Bencher<'_, '_>) {
    lesson().parse(bencher);
}

#[divan::bench(args = [100, 1_000, 10_000])]
fn parse_long(bencher: Bencher<'_, '_>, lines: usize) {
    told_apart(4, lines / 4).parse(bencher);
}

#[divan::bench]
fn ordinary(bencher: Bencher<'_, '_>) {
    lesson().check(bencher, is_legal);
}

/// Many lanes with names of their own.
#[divan::bench(args = [10, 100, 1_000])]
fn wide_named(bencher: Bencher<'_, '_>, lanes: usize) {
    let mut case = Case::new();
    let _ = write!(case.snapshot, "w*{lanes}| {{id:thread}} begins\nw*{lanes}| {{id}} ends\n");
    for lane in 0..lanes {
        let _ = writeln!(case.stdout, "ThreadId({lane}) begins");
    }
    for lane in shuffled(lanes, 1) {
        let _ = writeln!(case.stdout, "ThreadId({lane}) ends");
    }
    case.check(bencher, is_legal);
}

/// Many lanes of one line, all alike.
#[divan::bench(args = [100, 1_000, 10_000])]
fn wide_alike(bencher: Bencher<'_, '_>, lanes: usize) {
    let mut case = Case::new();
    case.snapshot += &"| {int}\n".repeat(lanes);
    case.stdout = (0..lanes).map(|lane| format!("{lane}\n")).collect();
    case.check(bencher, is_legal);
}

#[divan::bench(args = [100, 1_000, 10_000, 40_000])]
fn long(bencher: Bencher<'_, '_>, lines: usize) {
    told_apart(8, lines / 8).check(bencher, is_legal);
}

/// An output that is not legal, and is explained.
#[divan::bench(args = [100, 1_000, 10_000], sample_count = 10)]
fn long_wrong(bencher: Bencher<'_, '_>, lines: usize) {
    let mut case = told_apart(8, lines / 8);
    case.stdout = case.stdout.replacen("took 3", "took 10", 1);
    case.check(bencher, |verdict| matches!(verdict, Verdict::Illegal(_)));
}

/// Lanes that tick alike, and an output whose last line is wrong. No order is legal, and every one
/// has to be tried to find that out.
fn wrong_at_the_end(lanes: usize, ticks: usize) -> Case {
    let mut case = Case::new();
    let (snapshot, stdout) = ticking(lanes, ticks);
    case.snapshot += &snapshot;
    case.stdout = stdout + "end 2\n";
    case
}

/// Lanes that cannot be told apart: each one multiplies the time.
#[divan::bench(args = [2, 3, 4], sample_count = 10)]
fn ambiguous(bencher: Bencher<'_, '_>, lanes: usize) {
    let case = wrong_at_the_end(lanes, 20);
    case.check(bencher, |verdict| matches!(verdict, Verdict::Illegal(_)));
}

/// So many of them that the budget does not suffice.
#[divan::bench(args = [8, 20], sample_count = 3)]
fn given_up(bencher: Bencher<'_, '_>, lanes: usize) {
    let case = wrong_at_the_end(lanes, 40);
    case.check(bencher, |verdict| matches!(verdict, Verdict::Undecided(_)));
}
