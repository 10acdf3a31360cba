//! What is said about outputs that are not legal.

use legal_outputs::{FaultKind, Output, Stream, Verdict};

use crate::common::{check_both, explained, parse};

/// The kinds and messages of all faults.
#[track_caller]
fn faults(snapshot: &str, stdout: &str) -> Vec<(FaultKind, String)> {
    let faults = explained(snapshot, stdout).faults;
    faults.into_iter().map(|fault| (fault.kind, fault.message)).collect()
}

#[test]
fn what_is_not_utf8_fails() {
    let snapshot = parse("$ p\n{text}\n");
    match snapshot.runs[0].check(Output { stdout: b"a\xffb\n", stderr: b"" }) {
        Verdict::Illegal(explanation) => {
            assert_eq!(explanation.faults[0].kind, FaultKind::NotUtf8);
            assert!(explanation.to_string().contains("a\u{fffd}b"), "{explanation}");
        }
        verdict => panic!("{verdict:?}"),
    }
}

#[test]
fn a_line_that_is_not_expected_is_named() {
    assert_eq!(
        faults("a\nb\n", "a\nx\nb\n"),
        [(FaultKind::Unexpected, "line 2: \"x\" is not expected".to_owned())]
    );
    assert_eq!(
        faults("a\nb\n", "a\nb\nb\n"),
        [(
            FaultKind::Unexpected,
            "line 3: \"b\" is an extra line matching \"b\" (line 3 of the snapshot)".to_owned()
        )]
    );
    assert_eq!(
        faults("| {int}\n| {int}\n| a\n", "1\n2\n3\n")[0],
        (
            FaultKind::Unexpected,
            "line 3: \"3\" is an extra line matching \"{int}\" (line 2 of the snapshot)".to_owned()
        )
    );
    assert_eq!(
        faults("starting\n", "startling\n"),
        [(
            FaultKind::Unexpected,
            "line 1: \"startling\" is not expected; did you mean \"starting\" (line 2 of the \
             snapshot)?"
                .to_owned()
        )]
    );
    let found = faults("| {thread}: true\n| done\n", "ThreadId(22): True\nat once\n");
    let messages: Vec<&str> = found.iter().map(|(_, message)| &**message).collect();
    assert_eq!(
        messages,
        [
            "line 1: \"ThreadId(22): True\" is not expected; did you mean \"{thread}: true\" (line 2 of \
             the snapshot)?",
            "line 2: \"at once\" is not expected",
            "\"done\" (line 3 of the snapshot) never came",
        ]
    );
    let found = faults("{word}: {int}\n", "hello world\n");
    assert_eq!(found[0].1, "line 1: \"hello world\" is not expected");
    assert!(!explained("a\nb\n", "a\nx\n").to_string().contains("why:"));
}

/// Python's `print` does this on several threads.
#[test]
fn two_lines_in_one_are_recognised() {
    let found = faults("w*2| cook {n:int} starts\nend\n", "cook 1 startscook 2 starts\n\nend\n");
    let expected = "\"cook {n:int} starts\" (line 2 of the snapshot)";
    assert_eq!(
        found[0].1,
        format!(
            "line 1: \"cook 1 startscook 2 starts\" is two lines in one: {expected} and {expected}"
        )
    );
    // Half of it is no other line.
    let found = faults("a| start\nb| begin\n", "startend\n\n");
    assert!(!found[0].1.contains("two lines in one"), "{found:?}");
}

#[test]
fn a_line_that_never_came_is_named() {
    assert_eq!(
        faults("w*3| a\nb\n", "a\na\nb\n"),
        [(
            FaultKind::Missing,
            "\"a\" (line 2 of the snapshot) came 2 times, but must come 3 times".to_owned()
        )]
    );
    // Of two equal ones it is the last.
    assert_eq!(
        faults("a\na\nb\n", "a\nb\n"),
        [(FaultKind::Missing, "\"a\" (line 3 of the snapshot) never came".to_owned())]
    );
    assert_eq!(faults("a\n", "")[0].0, FaultKind::Missing);
    let found = faults("w*2| a\nb\nw*2| c\n", "a\n");
    let messages: Vec<&str> = found.iter().map(|(_, message)| &**message).collect();
    assert_eq!(
        messages,
        [
            "\"a\" (line 2 of the snapshot) came once, but must come 2 times",
            "2 lines never came, the first: \"b\" (line 3 of the snapshot)",
            "\"c\" (line 4 of the snapshot) never came, but must come 2 times",
        ]
    );
    let verdict = check_both("a\n% stderr\nb\n", "a\n", "");
    let Verdict::Illegal(explanation) = verdict else { panic!("{verdict:?}") };
    assert_eq!(
        explanation.faults[0].message,
        "\"b\" (line 4 of the snapshot) never came on standard error"
    );
    assert_eq!(explanation.faults[0].stream, Stream::Stderr);
}

#[test]
fn an_order_that_is_not_allowed_names_what_has_to_come_first() {
    for (snapshot, stdout, message) in [
        (
            "a\nb\n",
            "b\na\n",
            "line 1: \"b\" came too early: \"a\" (line 2 of the snapshot) must come first, but \
             comes at line 2",
        ),
        (
            "x| a\nx| b\n| c\n",
            "c\nb\na\n",
            "line 2: \"b\" came too early: \"a\" (line 2 of the snapshot) must come first, but \
             comes at line 3",
        ),
        (
            "x@m| a\ny<m| b\n",
            "b\na\n",
            "line 1: \"b\" came too early: \"a\" (line 2 of the snapshot) must come first, but \
             comes at line 2",
        ),
        (
            "w*2| a\nw*2| b\n",
            "a\nb\nb\na\n",
            "line 3: \"b\" came too early: \"a\" (line 2 of the snapshot) must come first, but \
             comes at line 4",
        ),
    ] {
        assert_eq!(faults(snapshot, stdout), [(FaultKind::Order, message.to_owned())]);
    }
}

#[test]
fn values_that_had_to_be_equal_are_named() {
    assert_eq!(
        faults("{x:int} a\n{x} b\n", "7 a\n8 b\n"),
        [(
            FaultKind::Equality,
            "line 2: {x} is \"8\" here but \"7\" in line 1; the two must be equal (line 2 of the \
             snapshot defines {x})"
                .to_owned()
        )]
    );
    assert_eq!(
        faults("{t:thread}\n{u:thread}\n", "ThreadId(2)\nThreadId(2)\n"),
        [(
            FaultKind::Equality,
            "line 2: {t} and {u} are both \"ThreadId(2)\" (see line 1), but must differ".to_owned()
        )]
    );
    for (stdout, line) in
        [("ThreadId(1)\nby ThreadId(1)\n", 1), ("by ThreadId(1)\nThreadId(1)\n", 2)]
    {
        let other = 3 - line;
        let message = format!(
            "line {other}: {{!main}} is \"ThreadId(1)\", the same as {{main}} in line {line}, but must \
             be another thread"
        );
        let found = faults("a| {main:thread}\nb| by {!main}\n", stdout);
        assert_eq!(found, [(FaultKind::Equality, message)]);
    }
    let found = faults("{x:int} {!x}\n", "3 3\n");
    assert!(
        found[0].1.contains("the same as {x} in line 1, but must be another value"),
        "{found:?}"
    );
    let found = explained("w*2| {pid:unique}\n", "7\n7\n").faults;
    assert_eq!(
        found[0].message,
        "line 2: {pid} is \"7\" in two lanes (see line 1), but must differ"
    );
    assert_eq!(found[0].why, "each name of type `unique` stands for a different number");
    // Of two names only the one that is at fault is named.
    let snapshot = "{x:int} {y:int}\n{x} {y}\n";
    let found = faults(snapshot, "1 2\n1 3\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("{y} is \"3\" here but \"2\""), "{found:?}");
    // The lanes that fit are taken for granted.
    let found = faults(
        "w*3| s {t:thread}\nw*3| e {t}\n",
        "s ThreadId(1)\ns ThreadId(2)\ns ThreadId(3)\ne ThreadId(3)\ne ThreadId(3)\ne ThreadId(1)\n",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("line 5: {t} is \"ThreadId(3)\" here but \"ThreadId(2)\""));
}

#[test]
fn a_number_out_of_range_is_named() {
    let explanation =
        explained("a| took {0.2..0.4} seconds\nb| x {1..=3}\n", "x 4\ntook 0.3 seconds\n");
    assert_eq!(
        explanation.faults[0].message,
        "line 1: 4 is not in 1..=3, as \"x {1..=3}\" (line 3 of the snapshot) requires"
    );
    assert_eq!((explanation.faults.len(), explanation.only_slow), (1, false));
}

#[test]
fn only_upper_bounds_of_times_are_slow() {
    for (snapshot, stdout, only_slow) in [
        ("{0.2..0.4} seconds\n", "0.5 seconds\n", true),
        ("{0.2..0.4} second(s)\n", "0.4 second(s)\n", true),
        ("{{'delta_time': {0.2..0.4}}} seconds\n", "{'delta_time': 0.5} seconds\n", true),
        ("{t:0.2..0.4} s\n{t} s\n", "0.5 s\n0.5 s\n", true),
        ("{0.2..0.4} seconds\n", "4e+1 seconds\n", true),
        ("{0.2..0.4} seconds\n", "0.1 seconds\n", false),
        ("{0.2..0.4} seconds\n", "7.9e-07 seconds\n", false),
        ("{1..=1000}\n", "1001\n", false),
        ("{0.2..0.4} seconds\n{1..3} items\n", "0.5 seconds\n3 items\n", false),
        ("{0.2..0.4} seconds\n{1..3} items\n", "0.5 seconds\n2 items\n", true),
        ("{0.2..0.4} seconds\na\n", "0.5 seconds\nb\n", false),
        ("a| {0.2..0.4} seconds\na| end\n", "end\n0.5 seconds\n", false),
    ] {
        assert_eq!(explained(snapshot, stdout).only_slow, only_slow, "{snapshot}{stdout}");
    }
}

#[test]
fn the_output_is_shown_with_the_place_marked() {
    let explanation = explained("a\nb\nc\n", "a\nc\nb\n").to_string();
    assert_eq!(
        explanation,
        "line 2: \"c\" came too early: \"b\" (line 3 of the snapshot) must come first, but comes at \
         line 3\n    why: line 3 of the snapshot is not in a lane, so it must come after every \
         line above it and before every line below it\n\n\
         standard output, as the program wrote it:\n      1 | a\n>     2 | c\n      3 | b\n"
    );
    let long: String = (0..100).map(|number| format!("{number}\n")).collect();
    let shown = explained(&long, &long.replace("50\n", "fifty\n")).to_string();
    assert!(shown.contains("          … 46 lines\n     47 | 46\n"), "{shown}");
    assert!(shown.contains(">    51 | fifty\n"), "{shown}");
    // A single line is not replaced by `…`.
    let two = long.replace("\n5\n", "\nfive\n").replace("15\n", "fifteen\n");
    let shown = explained(&long, &two).to_string();
    assert!(shown.contains("wrote it:\n      1 | 0\n      2 | 1\n"), "{shown}");
    assert!(shown.contains("     11 | 10\n"), "{shown}");
    let control = explained("a\n", "a\u{1b}[31m\n").to_string();
    assert!(!control.contains('\u{1b}'), "{control}");
}

/// A program that ends with an error usually writes the cause to standard error.
#[test]
fn what_is_on_standard_error_comes_first() {
    let traceback: String = (1..12).map(|number| format!("frame {number}\n")).collect();
    let verdict = check_both("a\nb\n", "a\n", &format!("{traceback}KeyError: 7\n"));
    let Verdict::Illegal(explanation) = verdict else { panic!("{verdict:?}") };
    let text = explanation.to_string();
    let expected = "line 1 of standard error: \"frame 1\" is the first of 12 lines, but the snapshot \
                    expects none\n\"b\" (line 3 of the snapshot) never came\n\nstandard error, as";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("     12 | KeyError: 7\n\nstandard output, as"), "{text}");
}

/// A panic begins with an empty line, and a traceback ends with the exception.
#[test]
fn of_many_lines_the_one_that_says_most_is_named() {
    let panic = "\nthread 'main' panicked at src/main.rs:2:5:\nboom\n";
    let traceback = "Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: 7\n";
    let in_thread = format!("Exception in thread Thread-1 (work):\n{traceback}\n");
    for (stderr, message) in [
        (
            panic,
            "line 2 of standard error: \"thread 'main' panicked at src/main.rs:2:5:\" is one of 3",
        ),
        (traceback, "line 3 of standard error: \"ValueError: 7\" is one of 3"),
        (&in_thread, "line 4 of standard error: \"ValueError: 7\" is one of 5"),
        ("\n\n", "line 1 of standard error: \"\" is the first of 2"),
    ] {
        let verdict = check_both("a\n", "a\n", stderr);
        let Verdict::Illegal(explanation) = verdict else { panic!("{verdict:?}") };
        let expected = format!("{message} lines, but the snapshot expects none");
        assert_eq!(explanation.faults[0].message, expected);
    }
}

#[test]
fn an_explanation_always_names_a_fault() {
    // The one reading that keeps the range does not keep the equality, and the other way round.
    let explanation = explained("{10..=20}{n:int}\n{n}\n", "123\n23\n");
    assert!(!explanation.faults.is_empty());
}

#[test]
fn a_range_is_a_time_only_where_its_unit_follows() {
    for (snapshot, stdout, only_slow) in [
        ("inside: {1..=2}; seconds: {int}\n", "inside: 3; seconds: 3\n", false),
        ("{1..=2} | second: {int}\n", "3 | second: 3\n", false),
        ("\"{1..=2}\" ms\n", "\"3\" ms\n", true),
    ] {
        assert_eq!(explained(&format!("\\{snapshot}"), stdout).only_slow, only_slow, "{snapshot}");
    }
}

#[test]
fn the_missing_predecessor_is_the_one_that_lags() {
    let found = faults("w*3| a\nw*3| b\nw*3| c\n", "a\na\nc\nb\nb\nc\na\nb\nc\n");
    assert!(found[0].1.contains("\"b\" (line 3 of the snapshot) must come first"), "{found:?}");
}

/// What stands in for the line that came too early is of the same stream.
#[test]
fn an_order_is_explained_by_lines_of_its_own_stream() {
    let verdict = check_both("a| {text}\na| y\n% stderr\n| {text}\n", "y\nfoo\n", "z\n");
    let Verdict::Illegal(explanation) = verdict else { panic!("{verdict:?}") };
    let text = explanation.to_string();
    assert!(!text.contains("line 5 of the snapshot"), "{text}");
}

#[test]
fn a_number_out_of_range_comes_before_other_questions() {
    let snapshot = "{a:thread} enters, 1 inside\n{b:thread} enters, {1..=2} inside\n";
    let found = faults(snapshot, "ThreadId(2) enters, 1 inside\nThreadId(3) enters, 3 inside\n");
    assert_eq!(found[0].0, FaultKind::Range, "{found:?}");
    let found = faults("| x {1..=2}\n| x 1\n| y\n", "x 3\nx 1\nx 1\n");
    let kinds: Vec<FaultKind> = found.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [FaultKind::Unexpected, FaultKind::Missing], "{found:?}");
    assert!(found[0].1.contains("3 is not in 1..=2"), "{found:?}");
}

#[test]
fn an_order_within_a_lane_that_its_name_tells_is_an_order() {
    let snapshot = "w*3| worker {id:int} starts\nw*3| worker {id} ends\n";
    let stdout = "worker 1 starts\nworker 2 ends\nworker 2 starts\nworker 1 ends\n\
                  worker 3 starts\nworker 3 ends\n";
    let found = faults(snapshot, stdout);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("line 2: \"worker 2 ends\" came too early"), "{found:?}");
}

#[test]
fn an_order_within_a_named_lane_is_an_order() {
    let snapshot = "a| {t:thread} starts\na| {t} ends\nb| {u:thread} starts\nb| {u} ends\n";
    let stdout = "ThreadId(2) starts\nThreadId(3) ends\nThreadId(3) starts\nThreadId(2) ends\n";
    let found = faults(snapshot, stdout);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("line 2: \"ThreadId(3) ends\" came too early"), "{found:?}");
    // In no order are these equal.
    let found = faults(snapshot, &stdout.replace("(2) ends", "(4) ends"));
    assert_eq!(found[0].0, FaultKind::Equality, "{found:?}");
}

#[test]
fn a_number_out_of_range_does_not_hide_an_unequal_name() {
    let found = faults("{n:int} starts\n{n} took {0..1} s\n", "1 starts\n2 took 3 s\n");
    let kinds: Vec<FaultKind> = found.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [FaultKind::Range, FaultKind::Equality], "{found:?}");
}
