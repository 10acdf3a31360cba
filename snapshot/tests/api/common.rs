//! What the tests share.

use legal_outputs::{Explanation, Output, Snapshot, Verdict};

/// A snapshot that has no errors.
pub fn parse(text: &str) -> Snapshot {
    Snapshot::parse(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

/// The verdict on a standard output. The `$` line is added to the snapshot.
pub fn check(snapshot: &str, stdout: &str) -> Verdict {
    check_both(snapshot, stdout, "")
}

/// The verdict on both streams.
pub fn check_both(snapshot: &str, stdout: &str, stderr: &str) -> Verdict {
    let output = Output { stdout: stdout.as_bytes(), stderr: stderr.as_bytes() };
    parse(&format!("$ program\n{snapshot}")).runs[0].check(output)
}

/// The words of a text, one per line.
pub fn lines(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).map(|word| format!("{word}\n")).collect()
}

/// The snapshot allows each of these outputs, which are given as words.
#[track_caller]
pub fn legal(snapshot: &str, outputs: &[&str]) {
    for output in outputs {
        let verdict = check(snapshot, &lines(output));
        assert!(matches!(verdict, Verdict::Legal(_)), "{snapshot}\nallows {output}: {verdict:?}");
    }
}

/// The snapshot does not allow any of these outputs, which are given as words.
#[track_caller]
pub fn illegal(snapshot: &str, outputs: &[&str]) {
    for output in outputs {
        let verdict = check(snapshot, &lines(output));
        assert!(
            matches!(verdict, Verdict::Illegal(_)),
            "{snapshot}\nrefuses {output}: {verdict:?}"
        );
    }
}

/// The explanation of an output that is not legal.
#[track_caller]
pub fn explained(snapshot: &str, stdout: &str) -> Explanation {
    match check(snapshot, stdout) {
        Verdict::Illegal(explanation) => explanation,
        verdict => panic!("{snapshot}\nrefuses {stdout:?}: {verdict:?}"),
    }
}
