//! Two threads with three steps each can interleave in 20 ways, and 18 of them lose an update.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `counter += 1`, without a lock | `counter.store(counter.load(SeqCst) + 1, SeqCst)`: load, add, store |
//! | `with lock: counter += 1` | `counter.fetch_add(1, SeqCst)`, a single step |
//!
//! The program starts no threads. It makes the steps of two threads, A and B, in every order:
//! `AABABB` is two steps of A, one of B, one of A, two of B. Each adds 1, so 2 is right.
//!
//! ```text
//! $ cargo run -p examples-sync --bin interleavings
//! AAABBB: counter = 2
//! AABABB: counter = 1
//! AABBAB: counter = 1
//! AABBBA: counter = 1
//! ABAABB: counter = 1
//! ABABAB: counter = 1
//! ABABBA: counter = 1
//! ABBAAB: counter = 1
//! ABBABA: counter = 1
//! ABBBAA: counter = 1
//! BAAABB: counter = 1
//! BAABAB: counter = 1
//! BAABBA: counter = 1
//! BABAAB: counter = 1
//! BABABA: counter = 1
//! BABBAA: counter = 1
//! BBAAAB: counter = 1
//! BBAABA: counter = 1
//! BBABAA: counter = 1
//! BBBAAA: counter = 2
//! load, add, store: 18 of 20 interleavings lose an update
//! AB: counter = 2
//! BA: counter = 2
//! fetch_add: 0 of 2 interleavings lose an update
//! ```
//!
//! **Always:** all of it, because no other thread takes part. Only `AAABBB` and `BBBAAA` are right.
//! In all others both threads load 0 before one of them stores 1, so both store 1.
//!
//! **Try:** write `const THREADS: usize = 3;`. Now 1674 of 1680 interleavings lose an update.

const THREADS: usize = 2;

fn main() {
    try_all("load, add, store", &[LOAD, ADD, STORE]);
    try_all("fetch_add", &[FETCH_ADD]);
}

/// All threads share the counter. Each has a register of its own.
type Step = fn(counter: &mut usize, register: &mut usize);
const LOAD: Step = |counter, register| *register = *counter;
const ADD: Step = |_, register| *register += 1;
const STORE: Step = |counter, register| *counter = *register;
const FETCH_ADD: Step = |counter, _| *counter += 1;

fn try_all(name: &str, steps: &[Step]) {
    let interleavings = interleave([steps.len(); THREADS]);
    let mut losing = 0;
    for order in &interleavings {
        let counter = run(order, steps);
        println!("{order}: counter = {counter}");
        losing += usize::from(counter < THREADS);
    }
    println!("{name}: {losing} of {} interleavings lose an update", interleavings.len());
}

/// Returns all orders in which the threads can make the steps that they have left.
fn interleave(left: [usize; THREADS]) -> Vec<String> {
    if left == [0; THREADS] {
        return vec![String::new()];
    }
    let mut orders = Vec::new();
    for (thread, name) in ('A'..).take(THREADS).enumerate() {
        let mut left = left;
        if left[thread] > 0 {
            left[thread] -= 1;
            orders.extend(interleave(left).iter().map(|rest| format!("{name}{rest}")));
        }
    }
    orders
}

/// Lets the threads make their steps in this order, and returns the counter.
fn run(order: &str, steps: &[Step]) -> usize {
    let mut counter = 0;
    let mut threads = [(); THREADS].map(|()| (0, steps.iter()));
    for name in order.bytes() {
        let (register, steps) = &mut threads[usize::from(name - b'A')];
        let step = steps.next().expect("an order names a thread once for each step");
        step(&mut counter, register);
    }
    counter
}
