//! Arbitrary snapshots and outputs: no panic, no hang, and errors that say where they are.
//! `PROPTEST_CASES=100000 cargo test -p legal-outputs --release --test fuzz` tries more.

use std::time::{Duration, Instant};

use legal_outputs::{OrderCount, Output, Snapshot, Verdict, bless, draft};
use proptest::prelude::*;

/// How long all checks of one case may take. One check takes about a second at most, but the machine
/// may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// Parses a snapshot, checks an output against each of its runs, and blesses that.
fn check_and_bless(text: &str, stdout: &[u8], stderr: &[u8]) {
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
                assert_ne!(run.count_orders(1_000), OrderCount::Exactly(0));
                match run.check(output) {
                    Verdict::Legal(reading) => {
                        let lines = reading.stdout.len() + reading.stderr.len();
                        assert_eq!(reading.origins.len(), lines);
                        assert_eq!(reading.identities.len(), lines);
                        assert_eq!(reading.behaviour().to_string().is_empty(), lines == 0);
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

/// Pieces of the notation, and near misses.
const FRAGMENTS: [&str; 78] = [
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
    "% takes {1..2} s",
    "% takes {",
    "% takes ",
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
    "{!x}",
    "{!y}",
    "{!x:int}",
    "{!}",
    "{x:thread}",
    "{x:unique}",
    "{unique}",
    "{y:text}",
    "{y}",
    "{1..2}",
    "{2..1}",
    "{1..=1}",
    "{-1..}",
    "{..}",
    "{1e999..}",
    "{7.9e-07..1E+3}",
    "{0..1e9999999999999999999}",
    "{-1e-5..=1e5}",
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

/// Pieces of an output that nearly matches.
const PRINTED: [&str; 16] = [
    "1",
    "-1.5e3",
    "7.9e-07",
    "1e99999999999999999999",
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
        check_and_bless(&text, &stdout, &[]);
    }

    #[test]
    fn text_near_the_notation_is_parsed_or_refused(
        lines in prop::collection::vec(of(&FRAGMENTS, 6), 0..12),
        stdout in of(&PRINTED, 20),
        stderr in of(&PRINTED, 4),
    ) {
        check_and_bless(&format!("$ p\n{}", lines.join("\n")), stdout.as_bytes(), stderr.as_bytes());
    }

    #[test]
    fn an_output_of_bytes_is_checked(
        lines in prop::collection::vec(of(&FRAGMENTS[33..], 4), 0..6),
        stdout in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        check_and_bless(&format!("$ p\n| {}", lines.join("\n| ")), &stdout, &stdout);
    }

    /// A draft is a snapshot that allows the outputs that it was made from.
    #[test]
    fn a_draft_allows_what_it_was_made_from(
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

/// An earlier version took a byte of the output for the place of a value.
#[test]
fn a_draft_tells_values_from_whatever_is_printed() {
    let outputs = [&b"ThreadId(1)"[..], b"\0\n-1.5e3"].map(|stdout| Output { stdout, stderr: b"" });
    assert!(draft("p", &[], 0, &outputs).is_err());
}

/// An earlier version counted columns in bytes.
#[test]
fn columns_are_characters() {
    check_and_bless("$ \u{5d0}\u{1f900}\"", &[], &[]);
}
