//! Snapshots and outputs that are made to take long. The budget of a verdict ends them in time.

mod lanes;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use lanes::{shuffled, ticking};
use legal_outputs::{Output, Snapshot, Verdict};

/// How long one verdict may take. It takes about a second at most, but the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a verdict must be.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Legal,
    Illegal,
    Undecided,
    /// The budget may suffice or not.
    LegalOrUndecided,
    /// The budget may suffice or not.
    IllegalOrUndecided,
}

use Expected::{Illegal, IllegalOrUndecided, Legal, LegalOrUndecided, Undecided};

/// Checks an output against a snapshot, and returns what is said about it.
#[track_caller]
fn check(expected: &Expected, snapshot: &str, stdout: &str) -> String {
    let text = format!("$ p\n{snapshot}");
    let start = Instant::now();
    let snapshot = Snapshot::parse(&text).expect("no errors");
    let verdict = snapshot.runs[0].check(Output { stdout: stdout.as_bytes(), stderr: b"" });
    let (is_expected, said) = match &verdict {
        Verdict::Legal(_) => (matches!(expected, Legal | LegalOrUndecided), String::new()),
        Verdict::Illegal(explanation) => {
            (matches!(expected, Illegal | IllegalOrUndecided), explanation.to_string())
        }
        Verdict::Undecided(undecided) => {
            (!matches!(expected, Legal | Illegal), undecided.to_string())
        }
    };
    let time = start.elapsed();
    let beginning: String = text.chars().take(200).collect();
    assert!(is_expected, "{expected:?}, not {said:.200}: {beginning}");
    assert!(time < PATIENCE, "{time:?}: {beginning}");
    said
}

/// `count` lines, each made of its number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

#[test]
fn lanes_that_look_alike() {
    let (snapshot, stdout) = ticking(4, 20);
    check(&Legal, &snapshot, &format!("{stdout}end 1\n"));
    let said = check(&Illegal, &snapshot, &format!("{stdout}end 2\n"));
    assert!(said.starts_with("line 88: {n3} is \"2\" here but \"1\" in line 4"), "{said}");
    for (lanes, ticks) in [(5, 40), (8, 40), (20, 200)] {
        let (snapshot, stdout) = ticking(lanes, ticks);
        check(&LegalOrUndecided, &snapshot, &format!("{stdout}end 1\n"));
        let said = check(&Undecided, &snapshot, &format!("{stdout}end 2\n"));
        assert!(said.contains("lanes of the snapshot are too alike: `l"), "{said}");
        check(&Illegal, &snapshot, &format!("{stdout}tick\n"));
    }
    for (count, steps) in [(3, 300), (10, 100), (100, 10), (1000, 4)] {
        let snapshot = lines(steps, |step| format!("w*{count}| {}", ["tick", "tock"][step % 2]));
        let mut done = vec![0; count];
        let mut stdout = String::new();
        for lane in shuffled(count, steps) {
            stdout += ["tick\n", "tock\n"][done[lane] % 2];
            done[lane] += 1;
        }
        check(&LegalOrUndecided, &snapshot, &stdout);
    }
}

#[test]
fn many_lanes() {
    check(&Legal, &"| {int}\n".repeat(10_000), &lines(10_000, |n| n.to_string()));
    let reversed = |count: usize| lines(count, |n| (count - 1 - n).to_string());
    check(&Legal, &lines(10_000, |n| format!("| {n}")), &reversed(10_000));
    for count in [500, 2_000] {
        let ranges = lines(count, |n| format!("| {{{n}..}}"));
        check(&LegalOrUndecided, &ranges, &reversed(count));
        let wrong = reversed(count).replacen(&format!("{}\n", count - 1), "0\n", 1);
        check(&IllegalOrUndecided, &ranges, &wrong);
        let names = lines(count, |n| format!("| {{n{n}:int}}"));
        check(&LegalOrUndecided, &names, &reversed(count));
        let twice = lines(count, |n| format!("a{n}| {{n{n}:int}}\na{n}| {{n{n}}}"));
        check(&LegalOrUndecided, &twice, &reversed(count).repeat(2));
        let wrong = lines(count, |n| n.to_string()) + &lines(count, |n| (n + 1).to_string());
        check(&IllegalOrUndecided, &twice, &wrong);
    }
    let counted = "w*1000| a {t:thread}\nw*1000| b {t}\n";
    let begun = lines(1_000, |n| format!("a ThreadId({n})"));
    let ended = |first: usize| lines(1_000, |n| format!("b ThreadId({})", first - n));
    check(&Legal, counted, &(begun.clone() + &ended(999)));
    check(&Illegal, counted, &(begun + &ended(1_000)));
    check(&Illegal, "w*100000| x\n\nw*100000| y {n:int}\n", "x\n");
    // A chain of marks, each of which waits for the one below it.
    for (count, expected) in [(2_000, Legal), (20_000, LegalOrUndecided)] {
        let chain = lines(count, |n| format!("a{n}@m{n}<m{}| x", n + 1));
        let snapshot = format!("{chain}b@m{count}| x\n");
        check(&expected, &snapshot, &"x\n".repeat(count + 1));
    }
}

/// A name that comes last must differ from all values before it.
#[test]
fn many_values_that_a_name_must_not_have() {
    for count in [1_000, 10_000] {
        let numbers = lines(count, |n| n.to_string());
        for (lane, expected) in [("a", Legal), ("w*1", LegalOrUndecided), ("", LegalOrUndecided)] {
            let snapshot = lines(count, |_| format!("{lane}| {{!x}}"));
            let last = if lane.is_empty() { "end" } else { lane };
            let snapshot = format!("{snapshot}{last}| last {{x:int}}\n");
            check(&expected, &snapshot, &format!("{numbers}last {count}\n"));
            let illegal = if expected == Legal { Illegal } else { IllegalOrUndecided };
            check(&illegal, &snapshot, &format!("{numbers}last 7\n"));
        }
    }
}

#[test]
fn many_patterns_for_each_line() {
    let regexes = lines(1_000, |n| format!("| {{/[a-z]+{n}/}}"));
    check(&LegalOrUndecided, &regexes, &lines(1_000, |n| format!("abc{}", 999 - n)));
    let alike = |n: usize| format!("{} {n}", "the quick brown fox jumps over it".repeat(4));
    let said = check(&Illegal, &lines(2_000, alike), &lines(2_000, |n| alike(n + 5_000)));
    assert!(said.contains("did you mean"), "{said}");
    let names = lines(20, |n| format!("| {{a{n}:text}} {{b{n}:text}}\n| {{b{n}}} {{a{n}}}"));
    check(&IllegalOrUndecided, &names, &lines(40, |n| format!("x y z {}", n / 2)));
}

#[test]
fn long_lines() {
    let long = "x-".repeat(1 << 19) + "\n";
    for pattern in ["{text} b", "{int}{word}{text}", "{/(x*-)*y/}{text}"] {
        check(&IllegalOrUndecided, &format!("{pattern}\n"), &long);
    }
    check(&Undecided, "{x:text}-{y:text}\n", &long);
    check(&Illegal, &format!("{long}a"), &long.replace("-\n", "\n"));
    check(&LegalOrUndecided, &"{word} ".repeat(100), &"xyz ".repeat(100));
    let lanes = lines(1_000, |_| "| {/(x*-)*y/}{text}".to_owned());
    check(&IllegalOrUndecided, &lanes, &lines(1_000, |n| format!("{}{n}", "x-".repeat(200))));
}

#[test]
fn long_outputs() {
    check(&Illegal, "y\n", &"y\n".repeat(1 << 20));
    let line = |n: usize| format!("line {n} took 3 s");
    let snapshot = lines(100_000, |n| format!("l{}| line {n} took {{0..9}} s", n % 8));
    let stdout = lines(100_000, line);
    check(&Legal, &snapshot, &stdout);
    let [last, other] = [99_999, 99_991].map(line);
    let swapped = stdout.replacen(&other, "", 1).replacen(&last, &format!("{last}\n{other}"), 1);
    let said = check(&Illegal, &snapshot, &swapped.replacen("\n\n", "\n", 1));
    assert!(said.starts_with("line 99999: \"line 99999 took 3 s\" came too early"), "{said:.200}");
    let said = check(&Illegal, &snapshot, &stdout.replace("took 3", "took 11"));
    assert!(said.contains("and 99992 more of this kind"), "{said:.200}");
    let flood = stdout + &lines(100_000, |n| format!("flood {n}"));
    check(&Illegal, &snapshot, &flood);
    let blocks = lines(20_000, |n| format!("| a {n}\n| b {n}\nend {n}"));
    check(&Legal, &blocks, &lines(20_000, |n| format!("b {n}\na {n}\nend {n}")));
    let names =
        lines(20_000, |n| format!("a {{n{n}:int}}")) + &lines(20_000, |n| format!("b {{n{n}}}"));
    let values = |letter: &str, wrong: usize| {
        lines(20_000, |n| format!("{letter} {}", n + usize::from(n > wrong)))
    };
    let said = check(&Illegal, &names, &(values("a", 20_000) + &values("b", 19_900)));
    assert!(said.starts_with("line 39902: {n19901} is \"19902\" here but"), "{said:.200}");
}
