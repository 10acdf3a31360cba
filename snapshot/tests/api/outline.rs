//! The structure of a run.

use legal_outputs::{OutlineLane, Output, Stream, Verdict};

use crate::common::parse;

#[test]
fn the_outline_has_every_line_with_its_place() {
    let snapshot = parse(
        "A note.\n\n$ p\nstart {n:int}\na@sent| sends\nw*2<sent<ready| got {n}\n| alone@m\n\
         b@ready|\n% stderr\nw*2| error\n",
    );
    let named = |name: &str, count| OutlineLane::Named { name: name.to_owned(), count };
    let expected = [
        (4, "start {n:int}", Stream::Stdout, 0, OutlineLane::Barrier, "", ""),
        (5, "sends", Stream::Stdout, 1, named("a", None), "sent", ""),
        (6, "got {n}", Stream::Stdout, 1, named("w", Some(2)), "", "sent ready"),
        (7, "alone@m", Stream::Stdout, 1, OutlineLane::Anonymous, "", ""),
        (8, "", Stream::Stdout, 1, named("b", None), "ready", ""),
        (10, "error", Stream::Stderr, 2, named("w", Some(2)), "", ""),
    ];
    let outline = snapshot.runs[0].outline();
    let found = outline.iter().map(|line| {
        let mark = line.mark.clone().unwrap_or_default();
        let after = line.after.join(" ");
        (line.number, line.text.clone(), line.stream, line.block, line.lane.clone(), mark, after)
    });
    let expected = expected.map(|(number, text, stream, block, lane, mark, after)| {
        (number, text.to_owned(), stream, block, lane, mark.to_owned(), after.to_owned())
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert!(parse("$ p\n").runs[0].outline().is_empty());
}

/// Each line of an output refers to a line of the outline.
#[test]
fn origins_refer_to_the_outline() {
    let snapshot = parse("$ p\nw*2| a\nb\n% stderr\nc\n");
    let output = Output { stdout: b"a\na\nb\n", stderr: b"c\n" };
    let Verdict::Legal(reading) = snapshot.runs[0].check(output) else { panic!("it is legal") };
    let outline = snapshot.runs[0].outline();
    let texts = reading.origins.iter().map(|origin| {
        let line = outline.iter().find(|line| line.number == origin.line).expect("a line");
        (line.text.as_str(), origin.lane)
    });
    assert_eq!(texts.collect::<Vec<_>>(), [("a", 0), ("a", 1), ("b", 0), ("c", 0)]);
}

/// Ranges and names do not matter, but the text and the stream do.
#[test]
fn a_line_of_an_illegal_output_is_like_some_lines_of_the_snapshot() {
    let snapshot = parse("$ p\n| took {1..2} s\n| took {n:int} s\n| by {n}\n% stderr\ntook 3 s\n");
    let like = |line| snapshot.runs[0].lines_like(Stream::Stdout, line);
    assert_eq!(like("took 3 s"), [2, 3]);
    assert_eq!(like("took 0.5 s"), [2]);
    assert_eq!(like("by 9"), [4]);
    assert!(like("took long").is_empty());
    assert_eq!(snapshot.runs[0].lines_like(Stream::Stderr, "took 3 s"), [6]);
}
