//! What the notation means, and what is an error in it.

use std::time::Duration;

use legal_outputs::{Output, Snapshot, Verdict};

use crate::common::{check, parse};

#[test]
fn the_time_of_a_run_is_checked() {
    let milliseconds = Duration::from_millis;
    for (range, time, expected) in [
        ("{1..2} s", milliseconds(1_000), None),
        ("{1..2} s", milliseconds(1_999), None),
        ("{1..2} s", milliseconds(999), Some((false, "took 0.999 s, but must take at least 1 s"))),
        (
            "{1..2} s",
            milliseconds(2_000),
            Some((true, "took 2.000 s, but must take less than 2 s")),
        ),
        ("{1..=2}", milliseconds(2_000), None),
        (
            "{1..=2}",
            Duration::from_nanos(2_000_000_001),
            Some((true, "took 2.001 s, but must take at most 2 s")),
        ),
        ("{0.1..} ms", Duration::from_secs(1_000_000), None),
        (
            "{50..70} ms",
            milliseconds(49),
            Some((false, "took 0.049 s, but must take at least 50 ms")),
        ),
        ("{0..1e-1} min", milliseconds(5_999), None),
        (
            "{0..1e-1} min",
            milliseconds(6_000),
            Some((true, "took 6.000 s, but must take less than")),
        ),
    ] {
        let snapshot = parse(&format!("$ p\n\n% takes {range}\n"));
        let takes = snapshot.runs[0].takes.as_ref().expect("a range");
        assert_eq!(takes.line, 3);
        match (takes.check(time), expected) {
            (Ok(()), None) => {}
            (Err(fault), Some((too_long, message))) => {
                assert_eq!(fault.too_long, too_long, "{range} {time:?}");
                assert!(fault.message.contains(message), "{range} {time:?}: {fault:?}");
            }
            (result, _) => panic!("{range} {time:?}: {result:?}"),
        }
    }
    assert_eq!(parse("$ p\n").runs[0].takes, None);
}

#[test]
fn a_backslash_takes_a_line_literally() {
    let verdict = check("\\$ a\n\\% exit 2\n\\\\\n\\x| a\n", "$ a\n% exit 2\n\\\nx| a\n");
    assert!(matches!(verdict, Verdict::Legal(_)));
}

#[test]
fn blank_lines_are_expected_but_for_the_last() {
    let snapshot = parse("note\n\n$ p\n\na\n\nb\n\n\n$ p 2\n\n");
    let output = |stdout: &'static str| Output { stdout: stdout.as_bytes(), stderr: b"" };
    assert!(matches!(snapshot.runs[0].check(output("\na\n\nb\n")), Verdict::Legal(_)));
    assert!(matches!(snapshot.runs[0].check(output("a\n\nb\n")), Verdict::Illegal(_)));
    assert!(matches!(snapshot.runs[1].check(output("")), Verdict::Legal(_)));
}

#[test]
fn commands_are_split_as_a_shell_splits_them() {
    let snapshot = parse("$ p 'a b' \"c d\" e\\ f ''\n");
    assert_eq!(snapshot.runs[0].program, "p");
    assert_eq!(snapshot.runs[0].arguments, ["a b", "c d", "e f", ""]);
}

#[test]
fn settings_are_read() {
    let snapshot = parse("$ p\n% exit 2\n% timeout 500 ms\n% alone\na\n% stderr\nb\n\n$ q\n");
    let run = &snapshot.runs[0];
    assert_eq!((run.line, run.exit, run.alone), (1, 2, true));
    assert_eq!(run.timeout, Duration::from_millis(500));
    let output = Output { stdout: b"a\n", stderr: b"b\n" };
    assert!(matches!(run.check(output), Verdict::Legal(_)));
    let output = Output { stdout: b"b\n", stderr: b"a\n" };
    assert!(matches!(run.check(output), Verdict::Illegal(_)));
    let run = &snapshot.runs[1];
    assert_eq!((run.line, run.exit, run.alone), (9, 0, false));
    assert_eq!(run.timeout, Duration::from_secs(10));
}

#[test]
fn errors_of_the_notation_are_placed() {
    for (text, place, problem) in [
        ("", "1:1", "the snapshot has no run"),
        ("a\nb\n", "1:1", "the snapshot has no run"),
        ("$ \n", "1:3", "the run does not name a program"),
        ("$ p 'a\n", "1:5", "a quote is not closed"),
        ("$ p\n% exit x\n", "2:8", "\"x\" is not an exit code"),
        ("$ p\n% exit\n", "2:7", "\"\" is not an exit code"),
        ("$ p\n% timeout soon\n", "2:11", "\"soon\" is not a time above 0"),
        ("$ p\n% timeout 0 s\n", "2:11", "\"0 s\" is not a time above 0"),
        ("$ p\n% takes 1..2 s\n", "2:9", "\"1..2 s\" is not a range of times"),
        ("$ p\n% takes {1..2 s\n", "2:9", "\"{1..2 s\" is not a range of times"),
        ("$ p\n% takes {1..2} hours\n", "2:9", "\"{1..2} hours\" is not a range of times"),
        ("$ p\n% takes {2..1} s\n", "2:9", "\"{2..1} s\" is not a range of times"),
        ("$ p\n% takes {-1..1} s\n", "2:9", "\"{-1..1} s\" is not a range of times"),
        ("$ p\n% takes {a:1..2} s\n", "2:9", "\"{a:1..2} s\" is not a range of times"),
        ("$ p\n% takes {int} s\n", "2:9", "\"{int} s\" is not a range of times"),
        ("$ p\n% takes {1e9..1e99} min\n", "2:9", "\"{1e9..1e99} min\" is not a range of times"),
        ("$ p\n% takes\n", "2:8", "\"\" is not a range of times"),
        ("$ p\n% takes {1..2} s\n% takes {1..2} s\n", "3:3", "`% takes` appears twice in one run"),
        (
            "$ p\n% takes {10..20} s\n",
            "2:3",
            "the run must take at least 10 s, but is ended after 10 s",
        ),
        ("$ p\n% takes {10..20} s\n% timeout 15 s\n", "", ""),
        ("$ p\n% alone now\n", "2:9", "`% alone` takes no argument"),
        ("$ p\n% exit 1\n% exit 2\n", "3:3", "`% exit` appears twice in one run"),
        ("$ p\n% stderr\n% stderr\n", "3:3", "`% stderr` appears twice in one run"),
        ("$ p\n% exits 1\n", "2:3", "there is no setting \"exits\""),
        ("$ p\na|b\n", "2:3", "a space is missing after the `|`"),
        ("$ p\nA| b\n", "2:1", "\"A\" is not the name of a lane"),
        ("$ p\n1a| b\n", "2:1", "\"1a\" is not the name of a lane"),
        ("$ p\na*0| b\n", "2:2", "\"*0\" is not a count of lanes"),
        ("$ p\na*| b\n", "2:2", "\"*\" is not a count of lanes"),
        ("$ p\na@m*2| b\n", "2:4", "\"*2\" is not a count of lanes"),
        ("$ p\na*2*3| b\n", "2:4", "\"*3\" is not a count of lanes"),
        ("$ p\n*2| b\n", "2:1", "\"*2\" is not a count of lanes"),
        ("$ p\na@M| b\n", "2:3", "\"M\" is not the name of a mark"),
        ("$ p\na@| b\n", "2:3", "\"\" is not the name of a mark"),
        ("$ p\na@m@n| b\n", "2:4", "the line has two marks"),
        ("$ p\na<m| b\n", "2:3", "no line of this block has the mark \"m\""),
        ("$ p\na@m| b\nc\nd<m| e\n", "4:3", "no line of this block has the mark \"m\""),
        ("$ p\na<m@m| b\n", "2:3", "no order is possible: the line waits for itself"),
        ("$p\na\n\n$ q\n", "1:1", "a line of the note starts with `$`, but not with a run"),
        (" $ p\n\n$ q\n", "1:1", "a line of the note starts with `$`, but not with a run"),
        ("$ p 'a' \"b\n", "1:9", "a quote is not closed"),
        ("$ p a\\\n", "1:6", "a quote is not closed"),
        ("$ p\na| x\na@m| y\nb@n<m| z\na<n| y\n", "", ""),
        (
            "$ p\na<n@m| y\nb<m@n| z\n",
            "2:3",
            "no order is possible: lines 2, 3 wait for one another",
        ),
        ("$ p\na<m| y\na@m| z\n", "2:3", "no order is possible"),
        ("$ p\nw*2| y\nw*3| z\n", "3:1", "this lane is `w*3` here but `w*2` in line 2"),
        ("$ p\nw| y\nw*3| z\n", "3:1", "this lane is `w*3` here but `w` in line 2"),
        ("$ p\nw*2| {a:int}\nw*3| {a}\n", "3:1", "this lane is `w*3` here but `w*2` in line 2"),
        ("$ p\nab{int\n", "2:3", "a `{` is not closed"),
        ("$ p\nab{/x}\n", "2:3", "a `{` is not closed"),
        ("$ p\nab}\n", "2:3", "a `}` has no `{` before it"),
        ("$ p\nx {}\n", "2:4", "\"\" is not a type"),
        ("$ p\nx {Int}\n", "2:4", "\"Int\" is not a type"),
        ("$ p\nx {a:integer}\n", "2:6", "\"integer\" is not a type"),
        ("$ p\nx {a:integer} {a}\n{a}\n{!a}\n", "2:6", "\"integer\" is not a type"),
        ("$ p\nA| {a:int}\n{a}\n", "2:1", "\"A\" is not the name of a lane"),
        ("$ p\nx {A:int}\n", "2:4", "\"A\" is not a name"),
        ("$ p\nx {int:int}\n", "2:4", "\"int\" is a type and cannot be a name"),
        ("$ p\nx {a}\n", "2:3", "\"a\" is not a type, and no value has this name"),
        ("$ p\n{a:int} {a:int}\n", "2:9", "the name \"a\" is defined twice, first in line 2"),
        ("$ p\n{a:int}\nw*2| {a:int}\n", "3:6", "the name \"a\" is defined twice, first in line 2"),
        ("$ p\nw*2| {a:int}\n{a}\n", "3:1", "the name \"a\" is defined only in the lanes w*2"),
        ("$ p\n{a:int}\n\n$ p\n{a}\n", "5:1", "\"a\" is not a type, and no value has this name"),
        ("$ p\n{unique}\n", "2:2", "a value of the type `unique` needs a name"),
        ("$ p\n{unique:int}\n", "2:2", "\"unique\" is a type and cannot be a name"),
        ("$ p\n{!a}\n", "2:1", "\"a\" is not a type, and no value has this name"),
        ("$ p\nw*2| {a:int}\nb| {!a}\n", "3:4", "the name \"a\" is defined only in the lanes w*2"),
        ("$ p\n{a:int}{!a:int}\n", "2:11", "a type follows {!a}"),
        ("$ p\n{!int}\n", "2:3", "\"int\" is a type and not the name of a value"),
        ("$ p\n{!}\n", "2:3", "\"\" is not a name"),
        ("$ p\n{a:int}{! a}\n", "2:10", "\" a\" is not a name"),
        ("$ p\n{a:int}{b:!a}\n", "2:11", "\"!a\" is not a type"),
        ("$ p\n{5..5}\n", "2:2", "the range 5..5 is empty"),
        ("$ p\n{5..=4}\n", "2:2", "the range 5..=4 is empty"),
        ("$ p\n{5e-1..=4.9e-1}\n", "2:2", "the range 5e-1..=4.9e-1 is empty"),
        ("$ p\n{1e-3..1e}\n", "2:2", "\"1e\" is not a decimal number"),
        ("$ p\n{0..1e9999999999999999}\n", "2:2", "the exponent of \"1e9999999999999999\" is too"),
        ("$ p\n{a..5}\n", "2:2", "\"a\" is not a decimal number"),
        ("$ p\n{..5}\n", "2:2", "\"\" is not a decimal number"),
        ("$ p\n{n:1..x}\n", "2:4", "\"x\" is not a decimal number"),
        ("$ p\n{/a(/}\n", "2:2", "/a(/ is not a regular expression"),
    ] {
        let errors = match Snapshot::parse(text) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        };
        match errors.as_slice() {
            [] => assert!(place.is_empty(), "{text:?} is refused"),
            [error] => {
                assert!(error.starts_with(&format!("{place}: {problem}")), "{text:?}: {error}");
                assert!(error.contains("; "), "{error} does not say how to correct it");
            }
            errors => panic!("{text:?}: {errors:#?}"),
        }
    }
}

#[test]
fn all_errors_are_reported_at_once() {
    let errors = Snapshot::parse("$ p\n% exit x\nA| b\n{a}\n\n$ q\n{int\n").expect_err("errors");
    let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
    assert_eq!(lines, [2, 3, 4, 7]);
}

#[test]
fn all_errors_of_a_run_are_reported_even_if_its_command_is_broken() {
    let errors = Snapshot::parse("$ p 'x\nA| b\n").expect_err("errors");
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn a_line_with_very_many_values_is_refused() {
    let many: String = (0..8000).map(|number| format!("{{a{number}:word}} ")).collect();
    let errors = Snapshot::parse(&format!("$ p\n{many}\n")).expect_err("an error");
    assert!(errors[0].problem.contains("8000 values"), "{errors:?}");
}
