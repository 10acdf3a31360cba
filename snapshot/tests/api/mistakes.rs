//! What is said about mistakes that students make, and about mistakes that were made on purpose.

use legal_outputs::{Fault, FaultKind};

use crate::common::explained;

/// The faults of an output.
#[track_caller]
fn faults(snapshot: &str, stdout: &str) -> Vec<Fault> {
    explained(snapshot, stdout).faults
}

/// The kinds, the lines of the output and of the snapshot, and the messages of all faults.
fn shown(faults: &[Fault]) -> String {
    let lines = faults.iter().map(|fault| {
        let Fault { kind, output_line, snapshot_line, message, .. } = fault;
        let number = |line: &Option<usize>| line.map_or("-".to_owned(), |line| line.to_string());
        format!("{kind:?} {} {}: {message}\n", number(output_line), number(snapshot_line))
    });
    lines.collect()
}

/// A semaphore with one permit too many. The lines that show it are told whatever else is wrong.
#[test]
fn a_number_out_of_range_is_told_even_if_a_line_is_unexpected() {
    let snapshot = "{a:thread} enters, 1 of 2 inside\n\
                    {b:thread} enters, 2 of 2 inside\n\
                    {c:thread} enters, {1..=2} of 2 inside\n\
                    {d:thread} enters, 2 of 2 inside\n";
    let stdout = "ThreadId(2) enters, 1 of 2 inside\n\
                  ThreadId(3) enters, 2 of 2 inside\n\
                  ThreadId(4) enters, 3 of 2 inside\n\
                  ThreadId(5) enters, 3 of 2 inside\n";
    assert_eq!(
        shown(&faults(snapshot, stdout)),
        "Range 3 4: line 3: 3 is not in 1..=2, as \"{c:thread} enters, {1..=2} of 2 inside\" (line \
         4 of the snapshot) requires\n\
         Unexpected 4 5: line 4: \"ThreadId(5) enters, 3 of 2 inside\" is not expected; did you mean \
         \"{d:thread} enters, 2 of 2 inside\" (line 5 of the snapshot)?\n"
    );
}

/// A lock with another number of updates.
#[test]
fn a_line_that_is_too_long_is_not_two_lines() {
    let found = faults("{/(- ){3}- ?/}\nDone\n", "- - - - - - - - \nDone\n");
    assert_eq!(
        shown(&found),
        "Unexpected 1 2: line 1: \"- - - - - - - - \" is not expected: \"- - - - - - - - \" \
         does not match /(- ){3}- ?/, as \"{/(- ){3}- ?/}\" (line 2 of the snapshot) requires\n"
    );
}

/// "Done" before the threads are joined.
#[test]
fn an_order_is_told_even_if_a_line_is_unexpected() {
    let found = faults("{/(- ){3}- ?/}\nDone\n", "\nDone\n- - - - \n");
    assert_eq!(
        shown(&found),
        "Unexpected 1 -: line 1: \"\" is not expected\n\
         Order 2 3: line 2: \"Done\" came too early: \"{/(- ){3}- ?/}\" (line 2 of the snapshot) \
         must come first, but comes at line 3\n"
    );
    // The text that `main` prints next follows the marks directly.
    let found = faults(
        "{/(- ){3}- ?/}\nDone\n4 of 4 updates counted\n",
        "\nDone\n- - - - 4 of 4 updates counted\n",
    );
    assert_eq!(
        shown(&found),
        "Unexpected 1 -: line 1: \"\" is not expected\n\
         Unexpected 3 2: line 3: \"- - - - 4 of 4 updates counted\" is two lines in one: \
         \"{/(- ){3}- ?/}\" (line 2 of the snapshot) and \"4 of 4 updates counted\" (line 4 of the \
         snapshot)\n\
         Order 2 3: line 2: \"Done\" came too early: \"{/(- ){3}- ?/}\" (line 2 of the snapshot) \
         must come first, but comes at line 3\n"
    );
}

/// Two threads share a value that each of them should have for itself.
#[test]
fn of_lines_that_compete_the_one_out_of_place_is_blamed() {
    let snapshot = "a| id: {t1:thread}, tls: 42\n\
                    a| id: {t1}, tls: {100..=999}\n\
                    b| id: {t2:thread}, tls: 43\n\
                    b| id: {t2}, tls: {100..=999}\n";
    let stdout = "id: ThreadId(2), tls: 43\n\
                  id: ThreadId(3), tls: 512\n\
                  id: ThreadId(2), tls: 512\n\
                  id: ThreadId(3), tls: 777\n";
    assert_eq!(
        shown(&faults(snapshot, stdout)),
        "Unexpected 2 2: line 2: \"id: ThreadId(3), tls: 512\" is not expected; \"id: {t1:thread}, \
         tls: 42\" (line 2 of the snapshot) must come in its place\n"
    );
}

/// A line is missing from each of two parts.
#[test]
fn what_never_came_is_told_for_each_part() {
    let snapshot = "w*3| x\n-\nw*3| x\n";
    assert_eq!(
        shown(&faults(snapshot, "x\nx\n-\nx\nx\n")),
        "Missing - 2: \"x\" (line 2 of the snapshot) came 2 times, but must come 3 times\n\
         Missing - 4: \"x\" (line 4 of the snapshot) came 2 times, but must come 3 times\n"
    );
    assert_eq!(
        shown(&faults(snapshot, "x\nx\nx\n-\nx\n")),
        "Missing - 4: \"x\" (line 4 of the snapshot) came 1 times, but must come 3 times\n"
            .replace("1 times", "once")
    );
    assert_eq!(
        shown(&faults(snapshot, "x\n-\nx\nx\nx\n")),
        "Missing - 2: \"x\" (line 2 of the snapshot) came once, but must come 3 times\n"
    );
}

/// Python's `print` writes the text of a line and its newline one after the other.
#[test]
fn a_torn_line_is_one_finding_with_its_cure() {
    let snapshot = "w*2| cook {n:int} starts\nend\n";
    for stdout in ["cook 1 startscook 2 starts\n\nend\n", "\ncook 1 startscook 2 starts\nend\n"] {
        let found = faults(snapshot, stdout);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].kind, FaultKind::Torn);
        let line = "\"cook {n:int} starts\" (line 2 of the snapshot)";
        assert!(found[0].message.ends_with(&format!(
            "\"cook 1 startscook 2 starts\" is two lines in one: {line} and {line}"
        )));
        assert_eq!(
            found[0].why,
            "a thread wrote the text of a line, and another thread wrote before the newline came; \
             write the text and its newline in one call, in Python `print(\"text\\n\", end=\"\", \
             flush=True)`; `flush=True` alone does not help"
        );
        assert_eq!(found[0].snapshot_line, Some(2));
    }
    let found = faults("a| one {int}\nb| two\nc| three\n", "two\none 1three\n\n");
    assert_eq!((found.len(), found[0].kind), (1, FaultKind::Torn), "{found:?}");
    // Three lines in one, and what else is wrong.
    let found = faults("a| one\nb| two\nc| three {1..=2}\nend\n", "twothree 3one\n\n\nfin\n");
    let kinds: Vec<FaultKind> = found.iter().map(|fault| fault.kind).collect();
    let expected = [FaultKind::Torn, FaultKind::Unexpected, FaultKind::Missing, FaultKind::Range];
    assert_eq!(kinds, expected, "{found:?}");
    assert!(found[0].message.contains("is three lines in one"), "{found:?}");
}

/// `print` with several arguments writes each of them by itself.
#[test]
fn pieces_of_two_lines_are_torn() {
    let snapshot = "a| {t:thread} 42\nb| {u:thread} ({int},)\nend\n";
    for (first, second) in [
        ("ThreadId(7)ThreadId(8) (5,)", " 42"),
        ("ThreadId(7)ThreadId(8) 42", " (5,)"),
        ("ThreadId(7) 42ThreadId(8) ", "(5,)"),
        ("ThreadId(8)ThreadId(7) 42", " (5,)"),
    ] {
        let found = faults(snapshot, &format!("{first}\n{second}\nend\n"));
        assert_eq!(
            shown(&found),
            format!(
                "Torn 1 2: line 1: \"{first}\" and \"{second}\" in line 2 are pieces of two lines: \
                 \"{{t:thread}} 42\" (line 2 of the snapshot) and \"{{u:thread}} ({{int}},)\" (line 3 \
                 of the snapshot)\n"
            )
        );
        assert!(found[0].why.contains("in one call"), "{found:?}");
    }
    // Pieces of three lines.
    let found = faults(
        "w*3| {t:thread} is {int}\n",
        "ThreadId(7)ThreadId(8)ThreadId(9) is 1\n is 2\n is 3\n",
    );
    assert_eq!(found[0].kind, FaultKind::Torn, "{found:?}");
    assert!(found[0].message.contains("ThreadId(9)\" is not a thread's id"), "{found:?}");
    assert!(found[0].why.contains("in one call"), "{found:?}");
    // One thread does not write into its own lines, and what is left must be a line.
    for (snapshot, stdout) in [
        ("a| one 42\na| two 5\n", "onetwo 5\n 42\n"),
        ("a| {t:thread} 42\nb| {u:thread} (5,)\n", "ThreadId(7) ThreadId(8) (6,)\n42\n"),
        // These ids tell nothing about who wrote them.
        ("a| {t:thread} 42\n", "ThreadId(7)ThreadId(7) 42\n"),
        ("{t:thread} 42\n", "ThreadId(7)ThreadId(8) 42\n"),
    ] {
        let found = faults(snapshot, stdout);
        assert!(found.iter().all(|fault| fault.kind != FaultKind::Torn), "{found:?}");
    }
}

#[test]
fn lines_of_one_lane_are_not_torn() {
    // One thread writes both, so it has left out the newline.
    for snapshot in ["a| one\na| two\n", "one\ntwo\n"] {
        let found = faults(snapshot, "onetwo\n\n");
        assert!(found[0].message.contains("is two lines in one"), "{found:?}");
        assert!(found[0].why.contains("no newline"), "{found:?}");
    }
    // Without an empty line no newline has come later.
    let found = faults("a| one\nb| two\n", "onetwo\n");
    assert!(found[0].message.contains("is two lines in one"), "{found:?}");
}

/// A space that is missing in the snapshot, or one too many.
#[test]
fn a_missing_line_that_looks_like_notation_has_a_hint() {
    for (line, hint) in [
        ("$taps", "if you mean a run, write `$ taps`; if the program prints this, put `\\`"),
        ("%exit 2", "if you mean a setting, write `% exit 2`; if"),
        (" % alone", "if you mean a setting, write `% alone`; if"),
        ("a b| x", "if you mean a lane, write it as in `worker*3| text`; if the"),
        ("w*3 | x", "if you mean a lane, "),
        ("  w| x", "if you mean a lane, "),
        ("\\%exit 2", ""),
        ("$5", ""),
        ("100 %", ""),
        ("name | value", ""),
        ("w| %exit 2", ""),
    ] {
        let found = faults(&format!("{line}\n"), "");
        assert!(found[0].why.starts_with(hint), "{found:?}");
        assert_eq!(found[0].why.is_empty(), hint.is_empty(), "{found:?}");
    }
}

/// A value that its type refuses is named, with the reason.
#[test]
fn a_value_of_another_type_is_named() {
    for (snapshot, stdout, message) in [
        ("took {0..1} s\n", "took nan s\n", "\"nan\" is not a decimal number"),
        ("took {0..1} s\n", "took .5 s\n", "\".5\" is not a decimal number"),
        ("{0..1}\n", "0,5\n", "\"0,5\" is not a decimal number"),
        ("{int} items\n", "1e3 items\n", "\"1e3\" is not a whole number"),
        ("by {thread}\n", "by main\n", "\"main\" is not a thread's id, such as ThreadId(7)"),
        ("pid {p:unique}\n", "pid -1\n", "\"-1\" does not consist of digits"),
        ("hello {word}!\n", "hello you all!\n", "\"you all\" is not one word"),
        ("v{/[0-9]+/}\n", "vx\n", "\"x\" does not match /[0-9]+/"),
    ] {
        let found = faults(snapshot, stdout);
        let expected = format!("is not expected: {message}, as \"");
        assert!(found[0].message.contains(&expected), "{found:?}");
        assert_eq!(found[0].snapshot_line, Some(2));
    }
    // In each line that it is in, also if the line is nothing but the value.
    let found = shown(&faults("w*2| took {0..1} s\n{0..1}\n", "took nan s\ntook .5 s\n0,5\n"));
    for value in ["nan", ".5", "0,5"] {
        let expected = format!("is not expected: \"{value}\" is not a decimal number");
        assert!(found.contains(&expected) && !found.contains("Missing"), "{found}");
    }
    // The expected line is the one with the fewest such values.
    let found = faults("{word} has {int}\ncook {int} has {int}\n", "cook 1 has x\n");
    assert!(found[0].message.contains("is not expected: \"x\" is not a whole number, as \"cook"));
    let found = faults("took {0..1} s\n", "took 7.9e-07 s\ntook 7.9e+07 s\n");
    assert!(found[0].message.contains("7.9e+07 is not in 0..1"), "{found:?}");
}

/// Of several pairs of similar lines, the most similar ones are named.
#[test]
fn suggestions_are_not_crossed() {
    let ended = "Secondary thread wait ended (event was set in main thread)";
    let waited = "Secondary thread waited {0.1..0.2} second(s)";
    let stdout = "Secondary thread wait ended\nSecondary thread waited 0.10 seconds\n";
    let found = faults(&format!("{ended}\n{waited}\n"), stdout);
    assert_eq!(
        shown(&found),
        format!(
            "Unexpected 1 2: line 1: \"Secondary thread wait ended\" is not expected; did you mean \
             \"{ended}\" (line 2 of the snapshot)?\n\
             Unexpected 2 3: line 2: \"Secondary thread waited 0.10 seconds\" is not expected; did \
             you mean \"{waited}\" (line 3 of the snapshot)?\n"
        )
    );
    let found = faults("color: {word}\ncolors: {word}\n", "colorz: red\ncolor; red\n");
    let lines: Vec<_> = found.iter().map(|fault| fault.snapshot_line).collect();
    assert_eq!(lines, [Some(3), Some(2)], "{found:?}");
    let found = faults(&format!("| {waited}\n| {ended}\n"), stdout);
    let lines: Vec<_> = found.iter().map(|fault| fault.snapshot_line).collect();
    assert_eq!(lines, [Some(3), Some(2)], "{found:?}");
    // A common beginning that is short says nothing.
    let found = faults("done by the second thread\n", "done\n");
    assert!(!found[0].message.contains("did you mean"), "{found:?}");
}
