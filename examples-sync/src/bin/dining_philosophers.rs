//! Dining philosophers need two forks each: if all take the forks in one order, no deadlock happens.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `forks = [Lock() for _ in range(5)]` | `[Mutex<u32>; 5]`, where each fork contains the number of its uses |
//! | `with forks[first], forks[second]:` | `lock` twice; the guards are dropped when the meal is over |
//!
//! Five philosophers sit around a table, and between any two of them lies one fork. Each
//! philosopher takes the fork with the lower number first, which is the rule of `lock_ordering`.
//! Philosophers 0 to 3 therefore take the left fork first. Philosopher 4 sits between forks 4 and
//! 0, so it takes the right one first. If all took the left fork first, each could hold one fork
//! and wait for the next one, in a circle.
//!
//! A row of five characters shows which philosophers are eating, and a lock protects it. When a
//! meal begins, the philosopher prints the row: an `E` in column n, counted from 0, means that
//! philosopher n is eating.
//!
//! ```text
//! $ cargo run -p examples-sync --bin dining_philosophers
//! ...E. philosopher 3 eats meal 1
//! ..E.. philosopher 2 eats meal 1
//! .E... philosopher 1 eats meal 1
//! E.... philosopher 0 eats meal 1
//! ...E. philosopher 3 eats meal 2
//! ..E.. philosopher 2 eats meal 2
//! ..E.E philosopher 4 eats meal 1
//! .E..E philosopher 1 eats meal 2
//! E.... philosopher 0 eats meal 2
//! ....E philosopher 4 eats meal 2
//! All have eaten, uses of the forks: [4, 4, 4, 4, 4]
//! ```
//!
//! **Always:** each philosopher eats twice, so each fork is used four times. Neighbours share a fork,
//! so they never eat at the same time, and no line has an `E` next to another one. (Philosophers 4
//! and 0 are neighbours, too.) The lines come in the order in which the meals begin, because a
//! philosopher prints its line while it holds the lock of the row.
//!
//! **May differ:** in which order they eat, and whether two of them eat at the same time. The rule
//! prevents deadlocks, but it promises no fairness: one of them may wait much longer than another.
//!
//! **Try:** write `let (first, second) = (left, right);`. Also let a philosopher reach for the
//! other fork for 100 milliseconds instead of 5, so that the deadlock comes on a busy machine too.
//! In nearly every run all five now take their left forks before any of them takes a right one.
//! Then each waits for its neighbour, and the program prints nothing and never ends.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

fn main() {
    // Fork n lies between the philosophers n - 1 and n.
    let forks: [Mutex<u32>; 5] = Default::default();
    let row = Mutex::new(['.'; 5]);
    thread::scope(|scope| {
        for seat in 0..5 {
            let (forks, row) = (&forks, &row);
            scope.spawn(move || dine(seat, forks, row));
        }
    });
    let uses = forks.map(|fork| fork.into_inner().expect("no philosopher panics"));
    println!("All have eaten, uses of the forks: {uses:?}");
}

fn dine(seat: usize, forks: &[Mutex<u32>; 5], row: &Mutex<[char; 5]>) {
    let (left, right) = (seat, (seat + 1) % 5);
    let (first, second) = (left.min(right), left.max(right));
    for meal in 1..=2 {
        let mut one = forks[first].lock().expect("no philosopher panics");
        thread::sleep(Duration::from_millis(5)); // Simulates reaching for the other fork.
        let mut other = forks[second].lock().expect("no philosopher panics");

        begin_to_eat(seat, meal, &mut row.lock().expect("no philosopher panics"));
        thread::sleep(Duration::from_millis(rand::random_range(1..=5))); // Simulates eating.
        *one += 1;
        *other += 1;
        row.lock().expect("no philosopher panics")[seat] = '.';
        drop((one, other));

        thread::sleep(Duration::from_millis(rand::random_range(1..=10))); // Simulates thinking.
    }
}

fn begin_to_eat(seat: usize, meal: u32, row: &mut [char; 5]) {
    row[seat] = 'E';
    println!("{} philosopher {seat} eats meal {meal}", String::from_iter(*row));
}
