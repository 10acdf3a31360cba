//! First snapshots, made from outputs.

use legal_outputs::{Output, draft};

fn drafted(outputs: &[&str]) -> Result<String, String> {
    let outputs: Vec<Output<'_>> =
        outputs.iter().map(|text| Output { stdout: text.as_bytes(), stderr: b"" }).collect();
    let text = draft("p", &["a b".to_owned()], 0, &outputs)?;
    let (note, run) = text.split_once("$ p 'a b'\n").expect("the command");
    assert!(note.starts_with("A draft from"));
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
        (&["0.5 s, 1e-05\n", "7.9e-07 s, 2\n"], "{float} s, {float}\n"),
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

#[test]
fn a_draft_keeps_the_identity_of_lanes() {
    let draft =
        drafted(&["worker 1 at 0.1\nworker 2 at 0.2\n", "worker 2 at 0.15\nworker 1 at 0.25\n"]);
    assert_eq!(draft.as_deref(), Ok("| worker 1 at {float}\n| worker 2 at {float}\n"));
}
