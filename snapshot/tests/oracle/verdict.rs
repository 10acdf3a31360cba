//! Whether an output is legal.

use legal_outputs::{Output, Snapshot, Verdict, bless};
use proptest::prelude::*;

use crate::model::Model;
use crate::random::{Change, change, config, line, model, vague_line};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_verdict_is_that_of_the_oracle(
        model in model(line(), 1..7),
        seeds in proptest::collection::vec(any::<u8>(), 24),
        changes in proptest::collection::vec(change(), 0..3),
    ) {
        compare(&model, &seeds, &changes)?;
    }

    #[test]
    fn the_verdict_on_vague_lines_is_that_of_the_oracle(
        model in model(vague_line(), 4..9),
        seeds in proptest::collection::vec(any::<u8>(), 24),
        changes in proptest::collection::vec(change(), 0..3),
    ) {
        compare(&model, &seeds, &changes)?;
    }
}

fn compare(model: &Model, seeds: &[u8], changes: &[Change]) -> Result<(), TestCaseError> {
    let text = model.text();
    let snapshot = Snapshot::parse(&text);
    if model.has_cycle() {
        prop_assert!(snapshot.is_err(), "the cycle is not seen:\n{text}");
        return Ok(());
    }
    let snapshot = snapshot.map_err(|errors| TestCaseError::fail(format!("{text}\n{errors:?}")))?;
    let mut output = model.output(seeds);
    for change in changes {
        change.apply(&mut output);
    }
    let stdout: String = output.iter().map(|line| format!("{line}\n")).collect();
    let verdict = snapshot.runs[0].check(Output { stdout: stdout.as_bytes(), stderr: b"" });
    let is_legal = match &verdict {
        Verdict::Legal(reading) => {
            let mut read = reading.stdout.clone();
            let mut printed = output.clone();
            read.sort();
            printed.sort();
            prop_assert_eq!(read, printed, "a reading has the lines that were printed");
            true
        }
        Verdict::Illegal(explanation) => {
            prop_assert!(!explanation.faults.is_empty(), "{text}\n{stdout}: no fault");
            prop_assert!(!explanation.to_string().is_empty());
            let output = Output { stdout: stdout.as_bytes(), stderr: b"" };
            if let Ok(blessed) = bless(&text, 0, output) {
                let snapshot = Snapshot::parse(&blessed)
                    .map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
                let verdict = snapshot.runs[0].check(output);
                prop_assert!(matches!(verdict, Verdict::Legal(_)), "{blessed}");
            }
            false
        }
        Verdict::Undecided(_) => {
            return Err(TestCaseError::fail(format!("{text}\n{stdout}: undecided")));
        }
    };
    prop_assert_eq!(is_legal, model.allows(&output), "{}\n{}\n{:?}", text, stdout, verdict);
    Ok(())
}
