//! What an output tells of the program's behaviour.

use legal_outputs::{Behaviour, Reading, Verdict};

use crate::common::{check, lines};

#[track_caller]
fn reading(snapshot: &str, output: &str) -> Reading {
    match check(snapshot, &lines(output)) {
        Verdict::Legal(reading) => reading,
        verdict => panic!("{snapshot}{output}: {verdict:?}"),
    }
}

#[track_caller]
fn behaviour(snapshot: &str, output: &str) -> Behaviour {
    reading(snapshot, output).behaviour()
}

#[test]
fn threads_count_and_other_values_do_not() {
    let snapshot = "{main:thread}\n| {!main}-a-{float}\n| {thread}-b-{word}\n";
    let first = behaviour(snapshot, "ThreadId(1) ThreadId(2)-a-0.5 ThreadId(2)-b-x");
    // The ids of the threads and the other values differ.
    let same = behaviour(snapshot, "ThreadId(7) ThreadId(9)-a-0.7 ThreadId(9)-b-y");
    assert_eq!(first, same);
    // Another thread writes the last line.
    let two = behaviour(snapshot, "ThreadId(1) ThreadId(2)-a-0.5 ThreadId(3)-b-x");
    let main = behaviour(snapshot, "ThreadId(1) ThreadId(2)-a-0.5 ThreadId(1)-b-x");
    // The order is another one.
    let order = behaviour(snapshot, "ThreadId(1) ThreadId(2)-b-x ThreadId(2)-a-0.5");
    let all = std::collections::BTreeSet::from([&first, &same, &two, &main, &order]);
    assert_eq!(all.len(), 4, "{all:?}");
    assert_eq!(first.to_string(), "2(1) 3(2) 4(2)");
    assert_eq!(main.to_string(), "2(1) 3(2) 4(1)");
    assert_eq!(order.to_string(), "2(1) 4(2) 3(2)");
}

#[test]
fn lanes_are_numbered_by_their_first_lines() {
    let snapshot = "w*2| s{id:int}\nw*2| e{id}\n-\n";
    assert_eq!(behaviour(snapshot, "s7 s8 e8 e7 -").to_string(), "2#1 2#2 3#2 3#1 4");
    assert_eq!(behaviour(snapshot, "s7 s8 e8 e7 -"), behaviour(snapshot, "s2 s1 e1 e2 -"));
    assert_ne!(behaviour(snapshot, "s7 s8 e8 e7 -"), behaviour(snapshot, "s7 s8 e7 e8 -"));
    assert_eq!(behaviour("", "").to_string(), "");
}

#[test]
fn all_threads_of_a_line_are_numbered() {
    let snapshot = "{thread}->{t:thread}\n{word}{t}{text}\n";
    let reading = reading(snapshot, "ThreadId(5)->ThreadId(2) xThreadId(2)ThreadId(9)");
    // Text is text, whatever it is.
    assert_eq!(reading.identities, [vec![1, 2], vec![2]]);
    assert_eq!(reading.behaviour().to_string(), "2(1,2) 3(2)");
}

#[test]
fn processes_count_like_threads() {
    let snapshot = "| {a:unique}-{int}\n| {b:unique}-{int}\n| {!a}-x\n";
    let first = behaviour(snapshot, "41-5 42-5 42-x");
    assert_eq!(first.to_string(), "2(1) 3(2) 4(2)");
    assert_eq!(first, behaviour(snapshot, "51-7 32-1 32-x"));
    assert_ne!(first, behaviour(snapshot, "41-5 42-5 43-x"));
}
