//! Which outputs are legal.

use legal_outputs::{Output, Verdict};

use crate::common::{check, check_both, illegal, legal, lines, parse};

#[test]
fn barriers_are_ordered() {
    legal("a\nb\n", &["a b"]);
    illegal("a\nb\n", &["b a", "a", "b", "a b b", "a a b", ""]);
}

#[test]
fn a_run_without_lines_prints_nothing() {
    legal("", &[""]);
    illegal("", &["a"]);
    assert!(matches!(check_both("", "", "a\n"), Verdict::Illegal(_)));
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
fn gutters_on_both_sides_of_stderr_are_two_blocks() {
    let snapshot = "a| 1\n% stderr\na| 2\n| 3\n";
    assert!(matches!(check_both(snapshot, "1\n", "3\n2\n"), Verdict::Legal(_)));
    assert!(matches!(check_both(snapshot, "2\n", "1\n3\n"), Verdict::Illegal(_)));
}

#[test]
fn ranges_hold_exactly() {
    legal("{0.2..0.4}\n", &["0.2", "0.20", "0.39999999999999999999"]);
    illegal("{0.2..0.4}\n", &["0.4", "0.19999999999999999999", "0.40", "x", "-0.3", "1e-1", "1e"]);
    legal("{1..=1000}\n", &["1", "1000", "1000.0"]);
    illegal("{1..=1000}\n", &["0", "1001", "1000.0000000000000000000001"]);
    legal("{-1..}\n", &["-1", "0", "100000000000000000000000000"]);
    illegal("{-1..}\n", &["-1.1"]);
}

/// Python, JavaScript and C print small numbers with an exponent.
#[test]
fn a_range_allows_numbers_with_an_exponent() {
    legal("{0..1}\n", &["7.9e-07", "1e-999999999", "9.9E-1", "0e5", "1e-99999999999999999999"]);
    illegal(
        "{0..1}\n",
        &["1e0", "1E+3", "-7.9e-07", "1e999999999", "1e99999999999999999999", "e-1"],
    );
    legal("{1e-6..=2.5e+3}\n", &["0.000001", "2500", "25e2"]);
    illegal("{1e-6..=2.5e+3}\n", &["0.0000009", "9.9e-7", "2500.1"]);
    // What follows the number is not its exponent.
    legal("{0..1}e{int}\n", &["0e5", "0.5e5", "1e-1e5"]);
    legal("{n:0..1}\n{n}\n", &["1e-1 1e-1"]);
    illegal("{n:0..1}\n{n}\n", &["1e-1 0.1"]);
    illegal("{int}\n", &["1e3"]);
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
        assert_eq!(matches!(check(snapshot, line), Verdict::Legal(_)), is_legal, "{line}");
    }
}

#[test]
fn a_name_is_one_text_whichever_comes_first() {
    let snapshot = "a| {x:int}\nb| got-{x}\n";
    legal(snapshot, &["7 got-7", "got-7 7"]);
    illegal(snapshot, &["7 got-8", "got-8 7", "got-x x"]);
}

#[test]
fn another_value_is_not_that_of_the_name_whichever_comes_first() {
    let snapshot = "a| main{main:thread}\nb| by{!main}\nc| by{!main}\n";
    let [main, two, three] = ["mainThreadId(1)", "byThreadId(2)", "byThreadId(3)"];
    let wrong = "byThreadId(1)";
    legal(snapshot, &[&format!("{main} {two} {three}"), &format!("{two} {three} {main}")]);
    // The others may be one thread.
    legal(snapshot, &[&format!("{two} {main} {two}")]);
    illegal(snapshot, &[&format!("{main} {two} {wrong}"), &format!("{wrong} {two} {main}")]);
    illegal(snapshot, &[&format!("{two} {main} {wrong}"), &format!("{main} byx {two}")]);
}

#[test]
fn another_value_can_be_of_any_type() {
    legal("{n:int}\n{!n}\n", &["1 2", "1 01"]);
    illegal("{n:int}\n{!n}\n", &["1 1", "1 x"]);
    legal("{!n}\n{n:1..=2}\n", &["1 2", "2 1"]);
    illegal("{!n}\n{n:1..=2}\n", &["1 1", "3 1"]);
    legal("{x:/a|b/}{!x}\n", &["ab", "ba"]);
    illegal("{x:/a|b/}{!x}\n", &["aa", "bb", "ac"]);
    legal("{!x}{x:/a|b/}\n", &["ab", "ba"]);
    illegal("{!x}{x:/a|b/}\n", &["aa"]);
    // One way to read the line is enough.
    legal("{a:word}-{!a}\n", &["x-y", "x-x-x", "x-x-y"]);
    illegal("{a:word}-{!a}\n", &["x-x"]);
    // Some line decides which of two values the name has.
    let either = "a@m| {x:int}\nb@m| {int}\nc<m| {!x}\n";
    legal(either, &["1 2 1", "1 2 2", "1 2 3"]);
    illegal(either, &["1 1 1"]);
}

#[test]
fn another_value_in_a_counted_lane_is_another_than_that_lane_has() {
    let snapshot = "w*2| {!t}\nw*2| s{t:int}\n";
    legal(snapshot, &["1 2 s2 s1", "1 2 s1 s2", "1 1 s2 s3", "1 s2 2 s1"]);
    illegal(snapshot, &["1 s1 2 s2", "1 2 s2 s2", "1 1 s1 s2"]);
    let of_run = "{main:int}\nw*2| {!main}\n";
    legal(of_run, &["1 2 2", "1 2 3"]);
    illegal(of_run, &["1 2 1"]);
}

/// What an open name must not be tells two states apart.
#[test]
fn the_values_that_a_name_must_not_have_tell_states_apart() {
    let snapshot = "a@m| {!x}\nb@m| {int}\nc<m| {x:int}\nd<m| {word}\n";
    legal(snapshot, &["1 2 1 z", "1 2 2 z", "2 1 2 z"]);
    illegal(snapshot, &["1 1 1 z"]);
}

#[test]
fn a_name_spans_both_streams() {
    let snapshot = "{x:int}\n% stderr\n{x}\n";
    assert!(matches!(check_both(snapshot, "7\n", "7\n"), Verdict::Legal(_)));
    assert!(matches!(check_both(snapshot, "7\n", "8\n"), Verdict::Illegal(_)));
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
fn unique_names_are_different_numbers() {
    let snapshot = "a| a{p:unique}\nb| b{q:unique}\n";
    legal(snapshot, &["a1 b2", "b2 a1", "a1 b01"]);
    illegal(snapshot, &["a1 b1", "b1 a1", "a-1 b2", "ax b2"]);
    let lanes = "w*2| s{p:unique}\nw*2| e{p}\n";
    legal(lanes, &["s1 s2 e2 e1", "s1 e1 s2 e2"]);
    illegal(lanes, &["s1 s1 e1 e1", "s1 e1 s1 e1", "s1 s2 e1 e1", "s1 s2 e1 e3"]);
    illegal("{p:unique}\nw*2| {q:unique}\n", &["1 2 1", "1 2 2"]);
    legal("{p:unique}\nw*2| {q:unique}\n", &["1 2 3"]);
    // Other numbers may be the same.
    legal("{p:unique}\n| {int}\n| {n:int}\n", &["1 1 1"]);
    legal("{p:unique}\n{!p}\n{!p}\n", &["1 2 2"]);
    illegal("{p:unique}\n{!p}\n", &["1 1"]);
    // Threads are told by other texts.
    legal("{p:unique}\n{t:thread}\n", &["1 ThreadId(1)"]);
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
        assert!(matches!(check("a\nb\n", stdout), Verdict::Legal(_)), "{stdout:?}");
    }
    for stdout in ["a\n\nb\n", "a\nb\n\n", "a \nb\n", "\na\nb\n", "a\nb\r"] {
        assert!(matches!(check("a\nb\n", stdout), Verdict::Illegal(_)), "{stdout:?}");
    }
    let with_crlf = parse("$ p\r\na\r\nw*2| b\r\n\r\n");
    let output = Output { stdout: b"a\nb\nb\n", stderr: b"" };
    assert!(matches!(with_crlf.runs[0].check(output), Verdict::Legal(_)));
}

#[test]
fn legal_output_can_be_put_in_the_order_of_the_snapshot() {
    let output = |text| match check("w*2| a{id:int}\nw*2| b{id}\nx| 1\n", &lines(text)) {
        Verdict::Legal(reading) => reading.stdout.join(" "),
        verdict => panic!("{verdict:?}"),
    };
    assert_eq!(output("1 a7 b7 a8 b8"), "a7 a8 b7 b8 1");
    assert_eq!(output("a7 a8 b8 1 b7"), "a7 a8 b7 b8 1");
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
    let verdict = check(&snapshot, &stdout);
    let Verdict::Undecided(undecided) = verdict else { panic!("{verdict:?}") };
    assert!(
        undecided.to_string().contains("lanes of the snapshot are too alike: `"),
        "{undecided}"
    );
}

#[test]
fn a_line_with_too_many_readings_ends_the_search() {
    let snapshot = "{a:text}{b:text}{c:text}{d:text}{e:text}{f:text}\n";
    let verdict = check(snapshot, &format!("{}\n", "x".repeat(100)));
    let Verdict::Undecided(undecided) = verdict else { panic!("{verdict:?}") };
    assert!(undecided.to_string().contains("in too many ways"), "{undecided}");
}

/// Two ways to the same progress can differ in the values of names. That one of them has failed says
/// nothing about the other.
#[test]
fn the_values_of_names_tell_states_apart() {
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
        let verdict = check(snapshot, &format!("x y z\n{first}\n"));
        assert_eq!(matches!(verdict, Verdict::Legal(_)), is_legal, "{first}");
    }
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
    let verdict = check("{a:text} {b:text}\nlong: {/[xyz ]+/}\n", &long);
    assert!(matches!(verdict, Verdict::Legal(_)), "{verdict:?}");
}
