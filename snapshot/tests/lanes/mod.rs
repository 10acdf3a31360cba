//! Lanes that take turns at random, for the tests of the limits and the benchmarks.

use std::fmt::Write as _;

/// Each lane's number as often as it has steps, in an order that is the same in every run.
pub fn shuffled(lanes: usize, steps: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..lanes * steps).map(|number| number % lanes).collect();
    let mut random = 1_u64;
    for last in (1..order.len()).rev() {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        order.swap(last, (random >> 33) as usize % (last + 1));
    }
    order
}

/// Lanes that tick alike, and an output up to its last line. Only the values of the first and last
/// line of a lane tell which lane it is.
pub fn ticking(lanes: usize, ticks: usize) -> (String, String) {
    let mut snapshot = String::new();
    for lane in 0..lanes {
        let _ = writeln!(snapshot, "l{lane}| start {{n{lane}:int}}");
        for tick in 0..ticks {
            let _ = writeln!(snapshot, "l{lane}| {}", ["tick", "tock"][tick % 2]);
        }
        let _ = writeln!(snapshot, "l{lane}| end {{n{lane}}}");
    }
    let mut stdout = "start 1\n".repeat(lanes);
    let mut done = vec![0; lanes];
    for lane in shuffled(lanes, ticks) {
        stdout += ["tick\n", "tock\n"][done[lane] % 2];
        done[lane] += 1;
    }
    (snapshot, stdout + &"end 1\n".repeat(lanes - 1))
}
