//! Whatever stands in a snapshot, and whatever a program prints: no panic, no hang, and errors that
//! say where they are. `PROPTEST_CASES=100000 cargo test -p xtask --release --test fuzz` tries more.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use legal_outputs::{Output, Snapshot, Verdict, bless, draft};
use proptest::prelude::*;

/// How long one judgement may take. The engine keeps to two seconds where it has a core for itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// Parses a snapshot, holds an output to each of its runs, and blesses that.
fn hold(text: &str, stdout: &[u8], stderr: &[u8]) {
    let start = Instant::now();
    match Snapshot::parse(text) {
        Err(errors) => {
            assert!(!errors.is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            let mut last = 0;
            for error in &errors {
                let line = lines.get(error.line - 1).unwrap_or_else(|| panic!("{error}: {text:?}"));
                let columns = line.chars().count() + 1;
                assert!((1..=columns).contains(&error.column), "{error}: {line:?}");
                assert!(error.line >= last, "out of order: {errors:?}");
                assert!(!error.problem.is_empty() && !error.remedy.is_empty());
                last = error.line;
            }
        }
        Ok(snapshot) => {
            let output = Output { stdout, stderr };
            for (index, run) in snapshot.runs.iter().enumerate() {
                match run.check(output) {
                    Verdict::Legal(reading) => {
                        let lines = reading.stdout.len() + reading.stderr.len();
                        assert_eq!(reading.origins.len(), lines);
                    }
                    Verdict::Illegal(explanation) => assert!(!explanation.to_string().is_empty()),
                    Verdict::Undecided(undecided) => assert!(!undecided.to_string().is_empty()),
                }
                if let Ok(blessed) = bless(text, index, output) {
                    assert!(Snapshot::parse(&blessed).is_ok(), "{text:?} into {blessed:?}");
                }
            }
        }
    }
    let time = start.elapsed();
    let beginning: String = text.chars().take(1_000).collect();
    assert!(time < PATIENCE, "{time:?} for {beginning:?}");
}

/// Pieces of the notation, and what nearly is one.
const FRAGMENTS: [&str; 66] = [
    "$ p",
    "$ p 'a b'",
    "$ ",
    "$",
    "$ 'p",
    "% exit 2",
    "% exit",
    "% exit 99999999999",
    "% timeout 1 s",
    "% timeout 1e400 s",
    "% timeout -1 s",
    "% alone",
    "% stderr",
    "% nothing",
    "%",
    "| ",
    "|",
    "a| ",
    "a|",
    "w*2| ",
    "w*3| ",
    "w*0| ",
    "w*99999999999999999999| ",
    "w*| ",
    "a@m| ",
    "b<m| ",
    "b<m<n@o| ",
    "a@m<m| ",
    "A| ",
    "é| ",
    "\\",
    "\\$ ",
    "\\\\",
    "{",
    "}",
    "{{",
    "}}",
    "{int}",
    "{float}",
    "{word}",
    "{text}",
    "{thread}",
    "{x:int}",
    "{x}",
    "{x:thread}",
    "{y:text}",
    "{y}",
    "{1..2}",
    "{2..1}",
    "{1..=1}",
    "{-1..}",
    "{..}",
    "{1e999..}",
    "{x:1..2}",
    "{/a*/}",
    "{/(/}",
    "{/}",
    "{x:/a|b/}",
    "{/",
    "1",
    "-1.5e3",
    "aa",
    "ThreadId(1)",
    " ",
    "\n",
    "\r\n",
];

/// What a program might print where it nearly keeps to that.
const PRINTED: [&str; 14] = [
    "1",
    "-1.5e3",
    "aa",
    "a",
    "ThreadId(1)",
    "ThreadId(2)",
    " ",
    "\n",
    "\n",
    "\r\n",
    "é",
    "\u{0}",
    "{",
    "\u{1b}[1m",
];

fn of(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..most).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn arbitrary_text_is_parsed_or_refused(text in any::<String>(), stdout in any::<Vec<u8>>()) {
        hold(&text, &stdout, &[]);
    }

    #[test]
    fn text_near_the_notation_is_parsed_or_refused(
        lines in prop::collection::vec(of(&FRAGMENTS, 6), 0..12),
        stdout in of(&PRINTED, 20),
        stderr in of(&PRINTED, 4),
    ) {
        hold(&format!("$ p\n{}", lines.join("\n")), stdout.as_bytes(), stderr.as_bytes());
    }

    #[test]
    fn an_output_of_bytes_is_judged(
        lines in prop::collection::vec(of(&FRAGMENTS[30..], 4), 0..6),
        stdout in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        hold(&format!("$ p\n| {}", lines.join("\n| ")), &stdout, &stdout);
    }

    /// A draft is a snapshot, and the outputs that it was made of are legal.
    #[test]
    fn a_draft_allows_what_it_was_made_of(
        outputs in prop::collection::vec((of(&PRINTED, 12), of(&PRINTED, 3)), 1..4),
    ) {
        let outputs: Vec<Output<'_>> = (outputs.iter())
            .map(|(stdout, stderr)| Output { stdout: stdout.as_bytes(), stderr: stderr.as_bytes() })
            .collect();
        if let Ok(text) = draft("p", &[], 0, &outputs) {
            let snapshot = Snapshot::parse(&text).expect("a draft is in the notation");
            for output in outputs {
                let verdict = snapshot.runs[0].check(output);
                prop_assert!(matches!(verdict, Verdict::Legal(_)), "{text}\n{output:?}: {verdict:?}");
            }
        }
    }
}

/// Found: a byte that a program printed was taken for the place of a value.
#[test]
fn a_draft_tells_values_from_whatever_is_printed() {
    let outputs = [&b"ThreadId(1)"[..], b"\0\n-1.5e3"].map(|stdout| Output { stdout, stderr: b"" });
    assert!(draft("p", &[], 0, &outputs).is_err());
}

/// Found: a column was counted in bytes.
#[test]
fn columns_are_characters() {
    hold("$ \u{5d0}\u{1f900}\"", &[], &[]);
}

/// `count` lines, each made of its number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

/// Snapshots and outputs that were made to take long.
#[test]
fn nasty_snapshots_end_in_time() {
    let hold = |snapshot: String, stdout: String| {
        hold(&format!("$ p\n{snapshot}"), stdout.as_bytes(), &[]);
    };
    // Many lanes, alike or nearly so.
    hold("| {int}\n".repeat(10_000), lines(10_000, |n| n.to_string()));
    hold(lines(10_000, |n| format!("| {n}")), lines(10_000, |n| (9_999 - n).to_string()));
    hold(lines(2_000, |n| format!("| {{{n}..}}")), lines(2_000, |n| (1_999 - n).to_string()));
    hold(lines(2_000, |n| format!("| {{n{n}:int}}")), lines(2_000, |n| n.to_string()));
    let counted = "w*1000| a {t:thread}\nw*1000| b {t}\n".to_owned();
    let begun = lines(1_000, |n| format!("a ThreadId({n})"));
    hold(counted.clone(), begun.clone() + &lines(1_000, |n| format!("b ThreadId({})", 999 - n)));
    hold(counted, begun + &lines(1_000, |n| format!("b ThreadId({})", 1_000 - n)));
    hold("w*1000000| x\n\nw*1000000| y {n:int}\n".to_owned(), "x\n".to_owned());
    // Many patterns that have to be tried on every line.
    hold(lines(500, |n| format!("| {{/[a-z]+{n}/}}")), lines(500, |n| format!("abc{}", 499 - n)));
    // Long lines.
    let long = "x-".repeat(1 << 19) + "\n";
    for pattern in ["{text} b", "{x:text}-{y:text}", "{int}{word}{text}", "{/(x*-)*y/}{text}"] {
        hold(format!("{pattern}\n"), long.clone());
    }
    hold(long.clone() + "a", long.replace("-\n", "\n"));
    // Much output.
    hold("y\n".to_owned(), "y\n".repeat(1 << 20));
}
