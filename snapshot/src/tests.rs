//! The notation and the verdict, construct by construct.

use super::*;

fn parse(text: &str) -> Snapshot {
    Snapshot::parse(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

fn judge(snapshot: &str, stdout: &str) -> Verdict {
    judge_both(snapshot, stdout, "")
}

fn judge_both(snapshot: &str, stdout: &str, stderr: &str) -> Verdict {
    let output = Output { stdout: stdout.as_bytes(), stderr: stderr.as_bytes() };
    parse(&format!("$ program\n{snapshot}")).runs[0].check(output)
}

/// The words of a text, a line each.
fn lines(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).map(|word| format!("{word}\n")).collect()
}

#[track_caller]
fn legal(snapshot: &str, outputs: &[&str]) {
    for output in outputs {
        let verdict = judge(snapshot, &lines(output));
        assert!(matches!(verdict, Verdict::Legal(_)), "{snapshot}\nallows {output}: {verdict:?}");
    }
}

#[track_caller]
fn illegal(snapshot: &str, outputs: &[&str]) {
    for output in outputs {
        let verdict = judge(snapshot, &lines(output));
        assert!(
            matches!(verdict, Verdict::Illegal(_)),
            "{snapshot}\nrefuses {output}: {verdict:?}"
        );
    }
}

#[track_caller]
fn explained(snapshot: &str, stdout: &str) -> Explanation {
    match judge(snapshot, stdout) {
        Verdict::Illegal(explanation) => explanation,
        verdict => panic!("{snapshot}\nrefuses {stdout:?}: {verdict:?}"),
    }
}

#[test]
fn barriers_are_ordered() {
    legal("a\nb\n", &["a b"]);
    illegal("a\nb\n", &["b a", "a", "b", "a b b", "a a b", ""]);
}

#[test]
fn a_run_without_lines_prints_nothing() {
    legal("", &[""]);
    illegal("", &["a"]);
    assert!(matches!(judge_both("", "", "a\n"), Verdict::Illegal(_)));
}

#[test]
fn lanes_interleave_and_keep_their_order() {
    let snapshot = "x| a\nx| b\ny| 1\ny| 2\n";
    legal(snapshot, &["a b 1 2", "1 2 a b", "a 1 b 2", "1 a 2 b"]);
    illegal(snapshot, &["b a 1 2", "a b 2 1", "a b 1", "2 a 1 b"]);
}

#[test]
fn a_line_of_its_own_lane_may_come_anywhere_in_its_block() {
    legal("x| a\nx| b\n| c\n", &["c a b", "a c b", "a b c"]);
    legal("s\n| a\n| b\ne\n", &["s a b e", "s b a e"]);
    illegal("s\n| a\n| b\ne\n", &["a s b e", "s a e b"]);
}

#[test]
fn a_count_stands_for_that_many_lanes() {
    let snapshot = "w*3| a\nw*3| b\n";
    legal(snapshot, &["a a a b b b", "a b a b a b", "a a b b a b"]);
    illegal(snapshot, &["a b b a a b", "a a b b b a", "b a a a b b", "a a a b b"]);
}

#[test]
fn marks_order_across_lanes() {
    let snapshot = "x| a\nx@m| b\ny| 1\ny<m| 2\n";
    legal(snapshot, &["a b 1 2", "1 a b 2", "a 1 b 2"]);
    illegal(snapshot, &["a 1 2 b", "1 2 a b"]);
    let both = "a@m| a\nb@m| b\nc<m| c\n";
    legal(both, &["a b c", "b a c"]);
    illegal(both, &["a c b", "c a b"]);
    legal("c<sent<open@got| x\na@sent| s\nb@open| o\nd<got| d\n", &["s o x d", "o s x d"]);
    illegal("c<sent<open@got| x\na@sent| s\nb@open| o\nd<got| d\n", &["s x o d", "d s o x"]);
}

#[test]
fn a_mark_in_counted_lanes_is_carried_by_all_of_them() {
    let barrier = "w*2@all| in\nw*2<all| out\n";
    legal(barrier, &["in in out out"]);
    illegal(barrier, &["in out in out"]);
}

#[test]
fn a_backslash_takes_a_line_literally() {
    let verdict = judge("\\$ a\n\\% exit 2\n\\\\\n\\x| a\n", "$ a\n% exit 2\n\\\nx| a\n");
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
fn gutters_on_both_sides_of_stderr_are_two_blocks() {
    let snapshot = "a| 1\n% stderr\na| 2\n| 3\n";
    assert!(matches!(judge_both(snapshot, "1\n", "3\n2\n"), Verdict::Legal(_)));
    assert!(matches!(judge_both(snapshot, "2\n", "1\n3\n"), Verdict::Illegal(_)));
}

#[test]
fn ranges_hold_exactly() {
    legal("{0.2..0.4}\n", &["0.2", "0.20", "0.39999999999999999999"]);
    illegal("{0.2..0.4}\n", &["0.4", "0.19999999999999999999", "0.40", "x", "-0.3", "1e-1"]);
    legal("{1..=1000}\n", &["1", "1000", "1000.0"]);
    illegal("{1..=1000}\n", &["0", "1001", "1000.0000000000000000000001"]);
    legal("{-1..}\n", &["-1", "0", "100000000000000000000000000"]);
    illegal("{-1..}\n", &["-1.1"]);
}

#[test]
fn values_and_braces_are_read() {
    let snapshot = "{{{int}}} {word} {text} {/a{2}|b/}.\n";
    for (line, is_legal) in [
        ("{5} a b c aa.\n", true),
        ("{5} a b b.\n", true),
        ("{5} a b a.\n", false),
        ("5 a b b.\n", false),
        ("{x} a b b.\n", false),
    ] {
        assert_eq!(matches!(judge(snapshot, line), Verdict::Legal(_)), is_legal, "{line}");
    }
}

#[test]
fn a_name_is_one_text_whichever_comes_first() {
    let snapshot = "a| {x:int}\nb| got-{x}\n";
    legal(snapshot, &["7 got-7", "got-7 7"]);
    illegal(snapshot, &["7 got-8", "got-8 7", "got-x x"]);
}

#[test]
fn a_name_spans_both_streams() {
    let snapshot = "{x:int}\n% stderr\n{x}\n";
    assert!(matches!(judge_both(snapshot, "7\n", "7\n"), Verdict::Legal(_)));
    assert!(matches!(judge_both(snapshot, "7\n", "8\n"), Verdict::Illegal(_)));
}

#[test]
fn each_counted_lane_has_its_own_names() {
    let snapshot = "w*2| s{id:int}\nw*2| e{id}\n";
    legal(snapshot, &["s1 s2 e2 e1", "s1 e1 s2 e2", "s1 s1 e1 e1"]);
    illegal(snapshot, &["s1 s2 e1 e1", "s1 e2 s2 e1"]);
    // They are the same lanes in a later block.
    let later = "w*2| s{id:int}\n-\nw*2| e{id}\n";
    legal(later, &["s1 s2 - e2 e1", "s1 s2 - e1 e2"]);
    illegal(later, &["s1 s2 - e1 e1"]);
}

#[test]
fn thread_names_are_different_threads() {
    let snapshot = "a| a{t:thread}\nb| b{u:thread}\n";
    legal(snapshot, &["aThreadId(1) bThreadId(2)"]);
    illegal(snapshot, &["aThreadId(1) bThreadId(1)"]);
    illegal("w*2| {t:thread}\n", &["ThreadId(1) ThreadId(1)"]);
    legal("w*2| {t:thread}\n", &["ThreadId(1) ThreadId(2)"]);
    // Without a name nothing is said.
    legal("w*2| {thread}\n", &["ThreadId(1) ThreadId(1)"]);
}

#[test]
fn pairing_is_exact_not_greedy() {
    // The wildcard that stands first must leave the lines that only others allow.
    legal("| {text}\n| a\n| {/[ab]/}\n", &["a b c", "c b a", "b a c", "a a a"]);
    illegal("| {text}\n| a\n| {/[ab]/}\n", &["b b c", "c c a"]);
    // Which lane a line is of shows only at the end.
    legal("x| go\nx| a\ny| go\ny| b\n", &["go b go a", "go a go b", "go go b a"]);
    // A range decides which of two lines it was.
    legal("| {1..10}\n| {5..20}\n", &["7 3", "3 7", "9 19"]);
    illegal("| {1..10}\n| {5..20}\n", &["3 4", "12 15"]);
}

#[test]
fn line_ends_do_not_matter_but_lines_do() {
    for stdout in ["a\nb\n", "a\nb", "a\r\nb\r\n", "a\r\nb"] {
        assert!(matches!(judge("a\nb\n", stdout), Verdict::Legal(_)), "{stdout:?}");
    }
    for stdout in ["a\n\nb\n", "a\nb\n\n", "a \nb\n", "\na\nb\n", "a\nb\r"] {
        assert!(matches!(judge("a\nb\n", stdout), Verdict::Illegal(_)), "{stdout:?}");
    }
    let with_crlf = parse("$ p\r\na\r\nw*2| b\r\n\r\n");
    let output = Output { stdout: b"a\nb\nb\n", stderr: b"" };
    assert!(matches!(with_crlf.runs[0].check(output), Verdict::Legal(_)));
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
fn legal_output_can_be_put_in_the_order_of_the_snapshot() {
    let output = |text| match judge("w*2| a{id:int}\nw*2| b{id}\nx| 1\n", &lines(text)) {
        Verdict::Legal(reading) => reading.stdout.join(" "),
        verdict => panic!("{verdict:?}"),
    };
    assert_eq!(output("1 a7 b7 a8 b8"), "a7 a8 b7 b8 1");
    assert_eq!(output("a7 a8 b8 1 b7"), "a7 a8 b7 b8 1");
}

#[test]
fn errors_of_the_notation_are_placed() {
    for (text, place, problem) in [
        ("", "1:1", "the file has no run"),
        ("a\nb\n", "1:1", "the file has no run"),
        ("$ \n", "1:3", "the run names no program"),
        ("$ p 'a\n", "1:5", "a quote is not closed"),
        ("$ p\n% exit x\n", "2:8", "\"x\" is no exit code"),
        ("$ p\n% exit\n", "2:7", "\"\" is no exit code"),
        ("$ p\n% timeout soon\n", "2:11", "\"soon\" is no time above 0"),
        ("$ p\n% timeout 0 s\n", "2:11", "\"0 s\" is no time above 0"),
        ("$ p\n% alone now\n", "2:9", "`% alone` takes no argument"),
        ("$ p\n% exit 1\n% exit 2\n", "3:3", "`% exit` stands twice in one run"),
        ("$ p\n% stderr\n% stderr\n", "3:3", "`% stderr` stands twice in one run"),
        ("$ p\n% exits 1\n", "2:3", "there is no setting \"exits\""),
        ("$ p\na|b\n", "2:3", "no space stands behind the `|`"),
        ("$ p\nA| b\n", "2:1", "\"A\" is no lane"),
        ("$ p\n1a| b\n", "2:1", "\"1a\" is no lane"),
        ("$ p\na*0| b\n", "2:2", "\"*0\" is no count of lanes"),
        ("$ p\na*| b\n", "2:2", "\"*\" is no count of lanes"),
        ("$ p\na@m*2| b\n", "2:4", "\"*2\" is no count of lanes"),
        ("$ p\na*2*3| b\n", "2:4", "\"*3\" is no count of lanes"),
        ("$ p\n*2| b\n", "2:1", "\"*2\" is no count of lanes"),
        ("$ p\na@M| b\n", "2:3", "\"M\" is no mark"),
        ("$ p\na@| b\n", "2:3", "\"\" is no mark"),
        ("$ p\na@m@n| b\n", "2:4", "a line has two marks"),
        ("$ p\na<m| b\n", "2:3", "no line of this block is marked \"m\""),
        ("$ p\na@m| b\nc\nd<m| e\n", "4:3", "no line of this block is marked \"m\""),
        ("$ p\na<m@m| b\n", "2:3", "no order is possible: the line waits for itself"),
        ("$p\na\n\n$ q\n", "1:1", "this is no run, and should be no note"),
        (" $ p\n\n$ q\n", "1:1", "this is no run, and should be no note"),
        ("$ p 'a' \"b\n", "1:9", "a quote is not closed"),
        ("$ p a\\\n", "1:6", "a quote is not closed"),
        ("$ p\na| x\na@m| y\nb@n<m| z\na<n| y\n", "", ""),
        ("$ p\na<n@m| y\nb<m@n| z\n", "2:3", "no order is possible: each of the lines 2, 3"),
        ("$ p\na<m| y\na@m| z\n", "2:3", "no order is possible"),
        ("$ p\nw*2| y\nw*3| z\n", "3:1", "the lane w has *3 here and *2 in line 2"),
        ("$ p\nw| y\nw*3| z\n", "3:1", "the lane w has *3 here and no count in line 2"),
        ("$ p\nab{int\n", "2:3", "a `{` is not closed"),
        ("$ p\nab{/x}\n", "2:3", "a `{` is not closed"),
        ("$ p\nab}\n", "2:3", "a `}` closes nothing"),
        ("$ p\nx {}\n", "2:4", "\"\" is no type of value"),
        ("$ p\nx {Int}\n", "2:4", "\"Int\" is no type of value"),
        ("$ p\nx {a:integer}\n", "2:6", "\"integer\" is no type of value"),
        ("$ p\nx {A:int}\n", "2:4", "\"A\" is no name"),
        ("$ p\nx {int:int}\n", "2:4", "the name \"int\" is that of a type"),
        ("$ p\nx {a}\n", "2:3", "\"a\" is no type of value, and nothing gives that name"),
        ("$ p\n{a:int} {a:int}\n", "2:9", "the name \"a\" is given twice, first in line 2"),
        ("$ p\n{a:int}\nw*2| {a:int}\n", "3:6", "the name \"a\" is given twice, first in line 2"),
        ("$ p\nw*2| {a:int}\n{a}\n", "3:1", "the name \"a\" is known only in its lanes w*2"),
        (
            "$ p\n{a:int}\n\n$ p\n{a}\n",
            "5:1",
            "\"a\" is no type of value, and nothing gives that name",
        ),
        ("$ p\n{5..5}\n", "2:2", "no number is in 5..5"),
        ("$ p\n{5..=4}\n", "2:2", "no number is in 5..=4"),
        ("$ p\n{a..5}\n", "2:2", "\"a\" is no decimal number"),
        ("$ p\n{..5}\n", "2:2", "\"\" is no decimal number"),
        ("$ p\n{n:1..x}\n", "2:4", "\"x\" is no decimal number"),
        ("$ p\n{/a(/}\n", "2:2", "/a(/ is no regular expression"),
    ] {
        let errors = match Snapshot::parse(text) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        };
        match errors.as_slice() {
            [] => assert!(place.is_empty(), "{text:?} is refused"),
            [error] => {
                assert!(error.starts_with(&format!("{place}: {problem}")), "{text:?}: {error}");
                assert!(error.contains("; "), "{error} says what would be right");
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

/// The kinds and messages of all faults.
#[track_caller]
fn faults(snapshot: &str, stdout: &str) -> Vec<(FaultKind, String)> {
    let faults = explained(snapshot, stdout).faults;
    faults.into_iter().map(|fault| (fault.kind, fault.message)).collect()
}

#[test]
fn a_line_that_is_not_expected_is_named() {
    assert_eq!(
        faults("a\nb\n", "a\nx\nb\n"),
        [(FaultKind::Unexpected, "line 2: \"x\" is not expected".to_owned())]
    );
    assert_eq!(
        faults("a\nb\n", "a\nb\nb\n"),
        [(FaultKind::Unexpected, "line 3: \"b\" comes once too often".to_owned())]
    );
    assert_eq!(
        faults("| {int}\n| {int}\n| a\n", "1\n2\n3\n")[0],
        (
            FaultKind::Unexpected,
            "line 3: \"3\" is one line too many that reads like \"{int}\" (line 2 of the snapshot)"
                .to_owned()
        )
    );
    assert_eq!(
        faults("starting\n", "startling\n"),
        [
            (
                FaultKind::Unexpected,
                "line 1: \"startling\" is not expected; did it mean \"starting\" (line 2 of the \
                 snapshot)?"
                    .to_owned()
            ),
            (FaultKind::Missing, "never came: \"starting\" (line 2 of the snapshot)".to_owned()),
        ]
    );
}

/// As `print` of Python does it on several threads.
#[test]
fn two_lines_in_one_are_told_as_such() {
    let found = faults("w*2| cook {n:int} starts\nend\n", "cook 1 startscook 2 starts\n\nend\n");
    let expected = "\"cook {n:int} starts\" (line 2 of the snapshot)";
    assert_eq!(
        found[0].1,
        format!(
            "line 1: \"cook 1 startscook 2 starts\" is two lines in one, {expected} and {expected}"
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
            "never came 1 of 3 times: \"a\" (line 2 of the snapshot)".to_owned()
        )]
    );
    // Of two equal ones it is the last.
    assert_eq!(
        faults("a\na\nb\n", "a\nb\n"),
        [(FaultKind::Missing, "never came: \"a\" (line 3 of the snapshot)".to_owned())]
    );
    assert_eq!(faults("a\n", "")[0].0, FaultKind::Missing);
    let verdict = judge_both("a\n% stderr\nb\n", "a\n", "");
    let Verdict::Illegal(explanation) = verdict else { panic!("{verdict:?}") };
    assert_eq!(
        explanation.faults[0].message,
        "never came on standard error: \"b\" (line 4 of the snapshot)"
    );
    assert_eq!(explanation.faults[0].stream, Stream::Stderr);
}

#[test]
fn an_order_that_is_not_allowed_names_what_has_to_come_first() {
    for (snapshot, stdout, message) in [
        (
            "a\nb\n",
            "b\na\n",
            "line 1: \"b\" came too early: before it has to come \"a\" (line 2 of the snapshot), \
             which comes at line 2",
        ),
        (
            "x| a\nx| b\n| c\n",
            "c\nb\na\n",
            "line 2: \"b\" came too early: before it has to come \"a\" (line 2 of the snapshot), \
             which comes at line 3",
        ),
        (
            "x@m| a\ny<m| b\n",
            "b\na\n",
            "line 1: \"b\" came too early: before it has to come \"a\" (line 2 of the snapshot), \
             which comes at line 2",
        ),
        (
            "w*2| a\nw*2| b\n",
            "a\nb\nb\na\n",
            "line 3: \"b\" came too early: before it has to come \"a\" (line 2 of the snapshot), \
             which comes at line 4",
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
            "line 2: {x} is \"8\" here and \"7\" in line 1, but has to be the same (line 2 of the \
             snapshot gives it)"
                .to_owned()
        )]
    );
    assert_eq!(
        faults("{t:thread}\n{u:thread}\n", "ThreadId(2)\nThreadId(2)\n"),
        [(
            FaultKind::Equality,
            "line 2: {t} and {u} are both \"ThreadId(2)\" (see line 1), but have to be different \
             threads"
                .to_owned()
        )]
    );
    // Of two names only the one that is at fault is named.
    let snapshot = "{x:int} {y:int}\n{x} {y}\n";
    let found = faults(snapshot, "1 2\n1 3\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("{y} is \"3\" here and \"2\""), "{found:?}");
    // The lanes that fit are taken for granted.
    let found = faults(
        "w*3| s {t:thread}\nw*3| e {t}\n",
        "s ThreadId(1)\ns ThreadId(2)\ns ThreadId(3)\ne ThreadId(3)\ne ThreadId(3)\ne ThreadId(1)\n",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("line 5: {t} is \"ThreadId(3)\" here and \"ThreadId(2)\""));
}

#[test]
fn a_number_out_of_range_is_named() {
    let explanation =
        explained("a| took {0.2..0.4} seconds\nb| x {1..=3}\n", "x 4\ntook 0.3 seconds\n");
    assert_eq!(
        explanation.faults[0].message,
        "line 1: 4 is not in 1..=3, which \"x {1..=3}\" (line 3 of the snapshot) asks for"
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
        ("{0.2..0.4} seconds\n", "0.1 seconds\n", false),
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
        "line 2: \"c\" came too early: before it has to come \"b\" (line 3 of the snapshot), which \
         comes at line 3\n    why: line 3 of the snapshot has no gutter: what stands above it comes \
         before it, what stands below it after it\n\n\
         standard output, as it came:\n      1 | a\n>     2 | c\n      3 | b\n"
    );
    let long: String = (0..100).map(|number| format!("{number}\n")).collect();
    let shown = explained(&long, &long.replace("50\n", "fifty\n")).to_string();
    assert!(shown.contains("          … 46 lines\n     47 | 46\n"), "{shown}");
    assert!(shown.contains(">    51 | fifty\n"), "{shown}");
    let control = explained("a\n", "a\u{1b}[31m\n").to_string();
    assert!(!control.contains('\u{1b}'), "{control}");
}

#[test]
fn lanes_that_are_too_alike_end_the_search() {
    let mut snapshot = String::new();
    let mut stdout = String::new();
    for lane in "abcdefgh".chars() {
        snapshot.push_str(&format!("{lane}| start {{{lane}:int}}\n"));
        stdout.push_str("start 1\n");
        for step in 0..40 {
            snapshot.push_str(&format!("{lane}| {}\n", ["tick", "tock"][step % 2]));
        }
        snapshot.push_str(&format!("{lane}| end {{{lane}}}\n"));
    }
    // The lanes take turns at random, and nothing shows that the last line is wrong.
    let mut done = [0; 8];
    let mut random = 1_usize;
    while done.iter().any(|&steps| steps < 40) {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let lane = (random >> 33) % 8;
        if done[lane] < 40 {
            stdout.push_str(["tick\n", "tock\n"][done[lane] % 2]);
            done[lane] += 1;
        }
    }
    stdout.push_str(&"end 1\n".repeat(7));
    stdout.push_str("end 2\n");
    let verdict = judge(&snapshot, &stdout);
    let Verdict::Undecided(undecided) = verdict else { panic!("{verdict:?}") };
    assert!(undecided.to_string().contains("its lanes are too alike: `"), "{undecided}");
}

#[test]
fn a_line_with_too_many_readings_ends_the_search() {
    let snapshot = "{a:text}{b:text}{c:text}{d:text}{e:text}{f:text}\n";
    let verdict = judge(snapshot, &format!("{}\n", "x".repeat(100)));
    let Verdict::Undecided(undecided) = verdict else { panic!("{verdict:?}") };
    assert!(undecided.to_string().contains("can be read in too many ways"), "{undecided}");
}

/// The new text of a snapshot after one output of its first run, or why there is none.
fn blessed(snapshot: &str, stdout: &str) -> Result<String, String> {
    let output = Output { stdout: stdout.as_bytes(), stderr: b"" };
    let blessed = bless(&format!("$ program\n{snapshot}"), 0, output)?;
    Ok(blessed.strip_prefix("$ program\n").expect("the command stays").to_owned())
}

#[test]
fn bless_rewrites_the_text_of_lines() {
    for (snapshot, stdout, expected) in [
        ("a\nb\n", "a\nb\n", "a\nb\n"),
        ("a\nb\n", "a\nc\n", "a\nc\n"),
        ("a\nb\n", "c\nd\n", "c\nd\n"),
        ("a\nb", "a\nc\n", "a\nc"),
        ("a\r\nb\r\n", "a\nc\n", "a\r\nc\r\n"),
        // The gutter stays, and the lane's order says which line is which.
        ("x| a\nx| b\ny| c\n", "A\nc\nB\n", "x| A\nx| B\ny| c\n"),
        ("w*2@m| a\nw*2<m| b\n", "A\nA\nb\nb\n", "w*2@m| A\nw*2<m| b\n"),
        // Placeholders stay, with their names.
        (
            "begin {x:int} of {0.2..0.4} seconds\nend {x}\n",
            "start 3 after 0.25 seconds\nend 3\n",
            "start {x:int} after {0.2..0.4} seconds\nend {x}\n",
        ),
        // What would be notation is escaped.
        ("a\n", "{a}\n", "{{a}}\n"),
        ("a\n", "$ a\n", "\\$ a\n"),
        ("a\n", "b| a\n", "\\b| a\n"),
        ("a\n", "\n", "\\\n"),
        ("x| a\n", "$ a\n", "x| $ a\n"),
        ("x|\n", "a\n", "x| a\n"),
    ] {
        assert_eq!(blessed(snapshot, stdout).as_deref(), Ok(expected), "{snapshot:?} {stdout:?}");
    }
}

#[test]
fn bless_never_loosens() {
    for (snapshot, stdout, why) in [
        ("a\nb\n", "b\na\n", "more than the text"),
        ("x| a\nx| b\n| c\n", "b\na\nc\n", "more than the text"),
        ("a\nb\nc\n", "b\na\nd\n", "more than the text"),
        ("{0.2..0.4} seconds\n", "0.5 seconds\n", "more than the text"),
        ("took {0.2..0.4} seconds\n", "needed 0.5 seconds\n", "with its placeholders kept"),
        ("{x:int}\n{x}\n", "1\n2\n", "more than the text"),
        ("{t:thread}\n", "main\n", "with its placeholders kept"),
        ("a\nb\n", "a\n", "has 1 lines, where the snapshot has 2"),
        ("a\n", "a\nb\n", "has 2 lines, where the snapshot has 1"),
        ("x| a\ny| b\n", "c\nd\n", "it is not certain which of the lines 2, 3"),
        ("w*2| a\n", "b\nc\n", "with its placeholders kept"),
        // The number may be the value or text.
        ("a {int}\n", "1 2 3\n", "with its placeholders kept"),
    ] {
        let refused = blessed(snapshot, stdout).expect_err(snapshot);
        assert!(refused.contains(why), "{snapshot:?} {stdout:?}: {refused}");
    }
}

#[test]
fn bless_keeps_all_else() {
    let text = "A note.\n\n$ p\nold\n\n$ p x\n% exit 2\n% stderr\nerror: old\n";
    let first = bless(text, 0, Output { stdout: b"new\n", stderr: b"" }).unwrap();
    assert_eq!(first, text.replacen("old", "new", 1));
    let both = bless(&first, 1, Output { stdout: b"", stderr: b"error: new\n" }).unwrap();
    assert_eq!(both, text.replace("old", "new"));
}

fn drafted(outputs: &[&str]) -> Result<String, String> {
    let outputs: Vec<Output<'_>> =
        outputs.iter().map(|text| Output { stdout: text.as_bytes(), stderr: b"" }).collect();
    let text = draft("p", &["a b".to_owned()], 0, &outputs)?;
    let (note, run) = text.split_once("$ p 'a b'\n").expect("the command");
    assert!(note.starts_with("A draft out of"));
    Ok(run.to_owned())
}

#[test]
fn a_draft_keeps_orders_and_replaces_what_changes() {
    for (outputs, expected) in [
        (&["a\nb\n", "a\nb\n"][..], "a\nb\n"),
        (&["a\nb\nc\n", "b\na\nc\n"], "| a\n| b\nc\n"),
        (&["a 1 0.25 ThreadId(2)\n", "a 2 0.5 ThreadId(2)\n"], "a {int} {float} {thread}\n"),
        (
            &["a1\nb1\na2\nb2\n", "b1\nb2\na1\na2\n", "a1\na2\nb1\nb2\n"],
            "a| a1\nb| b1\na| a2\nb| b2\n",
        ),
        (&["s\nx\ny\n", "s\ny\nx\n"], "s\n| x\n| y\n"),
        // d came after b, though they are in two lanes.
        (&["a\nb\nd\nc\n", "b\na\nc\nd\n", "b\nc\na\nd\n"], "a| a\nb@m2| b\na<m2| d\nb| c\n"),
        (&["{x}\n$ y\n", "{x}\n$ y\n"], "{{x}}\n\\$ y\n"),
        (&["", ""], ""),
    ] {
        assert_eq!(drafted(outputs).as_deref(), Ok(expected), "{outputs:?}");
    }
    assert!(drafted(&["a\n", "b\n"]).expect_err("no shape").contains("not every run prints \"a\""));
    assert!(drafted(&["a\n", "a\na\n"]).is_err());
}

#[test]
fn a_draft_has_both_streams_and_the_exit_code() {
    let output = Output { stdout: b"a\n", stderr: b"b\n" };
    let text = draft("p", &[], 3, &[output, output]).expect("a draft");
    assert!(text.ends_with("$ p\n% exit 3\na\n% stderr\nb\n"), "{text}");
}

/// Two ways to the same progress can differ in what names stand for: that one has failed says
/// nothing of the other.
#[test]
fn what_names_stand_for_tells_states_apart() {
    // `a` takes the first 2, and both `w` are 3: that fails at the end, and must not be taken for
    // the way in which `a` takes a 3.
    legal(
        "a@m| {x:int}\nw*2@m| {g:int}\nw*2<m| {g}\nb<m| {int}\nc<m| {word}\n",
        &["2 3 3 2 3 9 9"],
    );
    legal("a@m| {x:int}\nb@m| {y:int}\nc<m| {x}\nd<m| {int}\ne<m| {word}\n", &["2 3 3 9 9"]);
    // The name {t} does not come again, but its thread is taken.
    legal(
        "a@m| {t:thread}\nb@m| {x:word}\nc<m| {u:thread}\nd<m| {word}\ne<m| {text}\n",
        &["ThreadId(1) ThreadId(2) ThreadId(1) ThreadId(1) ThreadId(1)"],
    );
}

#[test]
fn every_reading_of_a_line_is_tried() {
    let snapshot = "{a:text} {b:text}\n{a}\n";
    for (first, is_legal) in [("x", true), ("x y", true), ("y z", false)] {
        let verdict = judge(snapshot, &format!("x y z\n{first}\n"));
        assert_eq!(matches!(verdict, Verdict::Legal(_)), is_legal, "{first}");
    }
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

#[test]
fn an_explanation_always_names_a_fault() {
    // The one reading that keeps the range does not keep the equality, and the other way round.
    let explanation = explained("{10..=20}{n:int}\n{n}\n", "123\n23\n");
    assert!(!explanation.faults.is_empty());
    assert!(blessed("{10..=20}{n:int}\n{n}\n", "123\n23\n").is_err());
}

#[test]
fn lanes_that_must_go_on_soonest_go_first() {
    let mut outputs = String::new();
    let ids = |range: std::ops::Range<usize>| range.map(|id| format!("e{id} ")).collect::<String>();
    outputs.push_str(&(0..18).map(|id| format!("s{id} ")).collect::<String>());
    outputs.push_str(&"tick ".repeat(9));
    outputs.push_str(&ids(9..18));
    outputs.push_str(&"tick ".repeat(9));
    outputs.push_str(&ids(0..9));
    legal("w*18| s{id:int}\nw*18| tick\nw*18| e{id}\n", &[&outputs]);
    // The pairing says which of many one-line lanes a line is of.
    let lanes: String = (0..40).map(|low| format!("| {{{low}..}}\n")).collect();
    let numbers: Vec<String> = (0..40).map(|i| (i * 7 % 40).to_string()).collect();
    legal(&lanes, &[&numbers.join(" ")]);
}

#[test]
fn many_lanes_that_are_alike_are_one_question() {
    legal("w*2000| a\n", &["a ".repeat(2000).as_str()]);
    legal(&"| a\n".repeat(2000), &["a ".repeat(2000).as_str()]);
}

#[test]
fn a_line_is_read_only_by_the_patterns_of_its_block() {
    let long = format!("x y\nlong: {}\n", "x y z ".repeat(2000));
    let verdict = judge("{a:text} {b:text}\nlong: {/[xyz ]+/}\n", &long);
    assert!(matches!(verdict, Verdict::Legal(_)), "{verdict:?}");
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
    assert!(found[0].1.contains("before it has to come \"b\" (line 3"), "{found:?}");
}

/// What stands in for the line that came too early is of the same stream.
#[test]
fn an_order_is_explained_by_lines_of_its_own_stream() {
    let verdict = judge_both("a| {text}\na| y\n% stderr\n| {text}\n", "y\nfoo\n", "z\n");
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
fn bless_refuses_what_is_not_certain() {
    for (snapshot, stdout, why) in [
        ("| {word}\n| hello\n", "foo\nbar\n", "it is not certain which of the lines 3"),
        ("took {0.2..0.4} seconds\n", "took 0.3 ms\n", "with its placeholders kept"),
        ("a| one one\na| one two\n", "one two!\none one!\n", "it is not certain which"),
    ] {
        let refused = blessed(snapshot, stdout).expect_err(snapshot);
        assert!(refused.contains(why), "{snapshot:?} {stdout:?}: {refused}");
    }
    let text = "$ p\na\n% stderr\nb\n";
    let swapped = Output { stdout: b"b\n", stderr: b"a\n" };
    let refused = bless(text, 0, swapped).unwrap_err();
    assert!(refused.contains("more than the text of lines has changed"), "{refused}");
}

#[test]
fn a_draft_keeps_the_identity_of_lanes() {
    let draft =
        drafted(&["worker 1 at 0.1\nworker 2 at 0.2\n", "worker 2 at 0.15\nworker 1 at 0.25\n"]);
    assert_eq!(draft.as_deref(), Ok("| worker 1 at {float}\n| worker 2 at {float}\n"));
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
