//! The conditions under which the rounds of a run take place.
//!
//! Which races show depends on how busy the cores are, and on how many of them a program has. No
//! condition shows all of them. So the rounds are split among several, in the proportions of [`MIX`].

use std::num::NonZero;
use std::thread;

use serde::{Serialize, Serializer};

use crate::process;

/// Most lessons only wait, so a core can have this many of them at once.
const PROGRAMS_PER_CORE: usize = 8;

/// The most programs that may run at once. Each needs a few open files, of which some systems allow
/// 256, and may write 16 MiB.
pub const MAX_JOBS: usize = 100;

/// How many of 100 rounds take place under each condition, in this order. Where `Pinned` finds a race,
/// most rounds fail, but it hardly ever finds one with a short window. `cargo bench -p tests --bench races`
/// measures this.
pub const MIX: [(Conditions, u64); 4] = [
    (Conditions::Alone, 30),
    (Conditions::Pinned, 30),
    (Conditions::PerCore, 20),
    (Conditions::Overloaded, 20),
];

/// How many programs run at once, and on which cores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conditions {
    /// One program at a time.
    Alone,
    /// Half as many programs as cores. All threads of a program share one core.
    Pinned,
    /// One program for each core.
    PerCore,
    /// Eight programs for each core.
    Overloaded,
    /// As many programs as `-j` says.
    Jobs(NonZero<usize>),
}

/// One of the repetitions of a run.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// Which one, counted from 1.
    pub number: u32,
    /// How many there are.
    pub of: NonZero<u32>,
    /// Its conditions.
    pub conditions: Conditions,
}

impl Conditions {
    /// How many programs run at once, at the most.
    pub fn programs(self) -> usize {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        match self {
            Self::Alone => 1,
            // The other half of the cores is for this program's own threads.
            Self::Pinned => (cores / 2).clamp(1, MAX_JOBS),
            Self::PerCore => cores.min(MAX_JOBS),
            Self::Overloaded => (PROGRAMS_PER_CORE * cores).min(MAX_JOBS),
            Self::Jobs(number) => number.get(),
        }
    }

    /// Whether this system can provide them.
    pub fn are_available(self) -> bool {
        self != Self::Pinned || process::can_pin()
    }

    /// The name in reports, and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Pinned => "pinned",
            Self::PerCore => "per-core",
            Self::Overloaded => "overloaded",
            Self::Jobs(_) => "jobs",
        }
    }

    /// The option that asks for them.
    pub fn option(self) -> String {
        match self {
            Self::Jobs(number) => format!("-j {number}"),
            _ => format!("--conditions {}", self.name()),
        }
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Splits rounds among the conditions that this system can provide. Every result is above 0.
pub fn split(rounds: u32) -> Vec<(Conditions, u32)> {
    let mix: Vec<_> =
        MIX.into_iter().filter(|(conditions, _)| conditions.are_available()).collect();
    split_by(&mix, rounds)
}

/// Splits rounds in proportion to the shares: the first `n` conditions together get what the sum of
/// their shares says, rounded up.
fn split_by(mix: &[(Conditions, u64)], rounds: u32) -> Vec<(Conditions, u32)> {
    let total: u64 = mix.iter().map(|(_, share)| share).sum();
    let (mut shares, mut given) = (0, 0);
    let mut parts = Vec::new();
    for &(conditions, share) in mix {
        shares += share;
        // At most `rounds`, so it is a `u32`.
        let up_to_here = (u64::from(rounds) * shares).div_ceil(total) as u32;
        if up_to_here > given {
            parts.push((conditions, up_to_here - given));
        }
        given = up_to_here;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_split_exactly() {
        for rounds in (0..500).chain([1_000_000, u32::MAX]) {
            let parts = split_by(&MIX, rounds);
            assert_eq!(parts.iter().map(|(_, part)| part).sum::<u32>(), rounds);
            for (conditions, part) in parts {
                let share = MIX.iter().find(|(other, _)| *other == conditions).unwrap().1;
                let exact = f64::from(rounds) * share as f64 / 100.0;
                assert!(part > 0 && (f64::from(part) - exact).abs() <= 1.0, "{rounds}: {part}");
            }
        }
    }

    #[test]
    fn a_hundred_rounds_have_the_shares_of_the_mix() {
        let parts: Vec<_> = split_by(&MIX, 100);
        assert_eq!(parts, MIX.map(|(conditions, share)| (conditions, share as u32)));
    }

    #[test]
    fn without_pinning_the_others_share_its_rounds() {
        let mix: Vec<_> =
            MIX.into_iter().filter(|(other, _)| *other != Conditions::Pinned).collect();
        let parts = split_by(&mix, 70);
        assert_eq!(parts.iter().map(|(_, part)| part).sum::<u32>(), 70);
        assert_eq!(parts.len(), 3);
    }
}
