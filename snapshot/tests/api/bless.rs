//! Snapshots that are brought up to date.

use legal_outputs::{Output, bless};

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
        // Placeholders in other lines stay.
        ("begin {x:int}\nold\nend {x}\n", "begin 3\nnew\nend 3\n", "begin {x:int}\nnew\nend {x}\n"),
        // A lane keeps its order, so it is certain which line is which.
        ("a| one one\na| one two\n", "one two!\none one!\n", "a| one two!\na| one one!\n"),
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
        (
            "took {0.2..0.4} seconds\n",
            "needed 0.3 seconds\n",
            "line 2 of the snapshot has placeholders",
        ),
        ("{x:int}\n{x}\n", "1\n2\n", "more than the text"),
        ("{10..=20}{n:int}\n{n}\n", "123\n23\n", "more than the text"),
        ("{t:thread}\n", "main\n", "line 2 of the snapshot has placeholders"),
        ("a\nb\n", "a\n", "has 1 lines, but the snapshot expects 2"),
        ("a\n", "a\nb\n", "has 2 lines, but the snapshot expects 1"),
        ("x| a\ny| b\n", "c\nd\n", "belong to the lines 2, 3"),
        ("| {word}\n| hello\n", "foo\nbar\n", "belong to the lines 3"),
        ("w*2| a\n", "b\nc\n", "cannot become both \"b\" and \"c\""),
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

#[test]
fn bless_refuses_lines_that_changed_the_stream() {
    let text = "$ p\na\n% stderr\nb\n";
    let swapped = Output { stdout: b"b\n", stderr: b"a\n" };
    let refused = bless(text, 0, swapped).unwrap_err();
    assert!(refused.contains("more than the text of lines has changed"), "{refused}");
}
