//! How many orders of lines a run allows.

use std::time::{Duration, Instant};

use legal_outputs::OrderCount;

use crate::common::parse;

#[track_caller]
fn count(snapshot: &str) -> OrderCount {
    parse(&format!("$ program\n{snapshot}")).runs[0].count_orders(u64::MAX)
}

#[test]
fn orders_are_counted() {
    for (snapshot, expected) in [
        ("", 1),
        ("a\nb\n", 1),
        ("| a\n| b\n| c\n", 6),
        ("x| a\nx| b\ny| c\ny| d\n", 6),
        // Barriers multiply.
        ("| a\n| b\n-\n| c\n| d\n| e\n", 12),
        // The streams are captured separately.
        ("| a\n| b\n% stderr\n| c\n| d\n", 4),
        // Marks restrict.
        ("x@m| a\ny<m| b\n", 1),
        ("x@m| a\nx| b\ny<m| c\ny| d\n", 3),
        ("a@m| a\nb@m| b\nc<m| c\nd| d\n", 8),
        // Lanes that wait for one another, beside others.
        ("a@m| 1\nb<m| 2\nc@n| 3\nd<n| 4\n", 6),
        ("c<sent<open@got| x\na@sent| s\nb@open| o\nd<got| d\n", 2),
        // A barrier of three threads: 3! orders before it, and as many after it.
        ("w*3@all| {t:thread} in\nw*3<all| {t} out\n", 6),
    ] {
        assert_eq!(count(snapshot), OrderCount::Exactly(expected), "{snapshot}");
    }
}

#[test]
fn lanes_that_are_alike_are_numbered_by_their_first_lines() {
    for (snapshot, expected) in [
        ("w*3| a\n", 1),
        ("w*3| a\nw*3| b\n", 15),
        ("w*100000| a\n", 1),
        // They are alike, however they are written.
        ("| a\n| a\n| a\n", 1),
        ("x| a\nx| b\ny| a\ny| b\nz| a\nz| b\n", 15),
        ("x| a\nx| b\ny| a\ny| c\n", 6),
        ("x| {n:int}\ny| {n}\n", 1),
        ("x| {n:int}\ny| {!n}\n", 2),
        ("w*2| a\nw*2| b\nv*2| a\nv*2| b\n", 3 * 3 * 70),
        // Two lanes that write one line each before the mark have numbers after it.
        ("w*2@m| a\nw*2<m| b\n", 2),
        // A name tells the lanes of a later block.
        ("w*3| a {t:thread}\n-\nw*3| b {t}\n", 6),
        ("w*3| a {t:thread}\n-\nw*3| b\n", 1),
        ("w*3| a {t:thread}\n-\nw*3| b {t}\nw*3| c\n", 90),
        ("w*3| a {t:thread}\n% stderr\nw*3| b {!t}\n", 6),
    ] {
        assert_eq!(count(snapshot), OrderCount::Exactly(expected), "{snapshot}");
    }
}

#[test]
fn beyond_the_limit_the_count_says_so() {
    let snapshot = parse("$ p\n| a\n| b\n| c\n");
    let run = &snapshot.runs[0];
    assert_eq!(run.count_orders(6), OrderCount::Exactly(6));
    assert_eq!(run.count_orders(5).to_string(), "more than 5");
    assert_eq!(run.count_orders(0).to_string(), "more than 0");
    let lanes = |count: usize| (0..count).map(|n| format!("| {n}\n")).collect::<String>();
    assert_eq!(count(&lanes(20)), OrderCount::Exactly(2_432_902_008_176_640_000));
    assert_eq!(count(&lanes(21)), OrderCount::MoreThan(u64::MAX));
    assert_eq!(count("w*1000| a\nw*1000| b\n"), OrderCount::MoreThan(u64::MAX));
}

/// Whatever the snapshot is, counting takes a second at most, but the machine may be busy.
#[test]
fn counting_never_takes_long() {
    let mut chained = String::new();
    let mut crossed = String::new();
    for lane in 0..1_000 {
        chained += &format!("a{lane}@m{lane}<m{}| x\nb{lane}| y\n", lane + 1);
        crossed += &format!("a{lane}@m| {lane}\na{lane}<n| b\nb{lane}@n| {lane}\nb{lane}<m| c\n");
    }
    let numbers: String = (0..20_000).map(|number| format!("| {number}\n")).collect();
    for snapshot in [
        format!("{chained}c@m1000| x\n"),
        crossed,
        numbers,
        "w*100000@m| a\nv*100000<m| b\n".to_owned(),
        "w*1000@m| a\nw*1000| b\nv*1000<m| c\n".to_owned(),
        "| a\n-\n".repeat(20_000),
    ] {
        let start = Instant::now();
        let count = count(&snapshot);
        let time = start.elapsed();
        assert!(time < Duration::from_secs(20), "{count} after {time:?}: {snapshot:.50}");
    }
}
