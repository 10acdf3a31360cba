//! The drawings of every lesson, as text and as pictures: `cargo test -p tests --test pictures daemon`
//! draws that one.
//!
//! A table must fit in 80 columns. In a picture no text may cover another one, and nothing may lie
//! outside. A real renderer measures the texts.

mod common;

use std::process::ExitCode;
use std::sync::{Arc, LazyLock};

use common::Shared;
use legal_outputs::{Output, Verdict, printable};
use libtest_mimic::{Failed, Trial};
use usvg::{Group, Node, Options, Rect, Tree};
use xtask::check::{Fault, Status};
use xtask::command::compare::{self, Comparison, SpeedUp, Times};
use xtask::command::{orders, timeline};
use xtask::suite::{Case, Suite};
use xtask::workspace::Lesson;

/// The width of a terminal.
const COLUMNS: usize = 80;

fn main() -> ExitCode {
    common::run(Shared::load, trials)
}

fn trials(shared: &Arc<Shared>) -> Vec<Trial> {
    let lessons = shared.workspace.lessons.iter();
    let trial = |lesson: &Lesson| {
        let (shared, lesson) = (Arc::clone(shared), lesson.clone());
        Trial::test(lesson.name.clone(), move || can_be_drawn(&shared, &lesson))
    };
    let comparison = Trial::test("comparison", a_comparison_can_be_drawn);
    lessons.map(trial).chain([comparison]).collect()
}

/// Also if a title or a number is long, or a bar is short.
fn a_comparison_can_be_drawn() -> Result<(), Failed> {
    let times = |whole| Times { whole, ..Times::default() };
    let comparison = |title: &str, python, rust| Comparison {
        title: title.to_owned(),
        python: times(python),
        rust: times(rust),
    };
    let title = "multi_thread_with_blocking_wait 0.2 with a long argument";
    let comparisons = [comparison("lock", 0.0, 0.001), comparison(title, 12_345.6, 99.9)];
    let speed_ups = [SpeedUp { title: "three threads", python: 0.9, rust: 2.75 }];
    is_readable("compare", &compare::picture::draw(&comparisons, &speed_ups))?;
    is_readable("compare", &compare::picture::draw(&comparisons, &[]))
}

fn can_be_drawn(shared: &Shared, lesson: &Lesson) -> Result<(), Failed> {
    let root = &shared.workspace.root;
    let suite = Suite::of_lesson(lesson, root, shared.program(lesson)?)?;
    for case in suite.cases() {
        let layout = orders::Layout::of(case);
        fits(case, &orders::table::draw(&layout, COLUMNS))?;
        is_readable(&case.title(), &orders::picture::draw(&layout))?;
    }
    // The other runs have other arguments and the same lines.
    let sample = lesson.sample_arguments(root)?;
    let case = suite.cases().find(|case| case.run().arguments == sample).ok_or("no sample")?;
    let mut result = shared.checker.check(case);
    if result.status >= Status::Cancelled {
        return Err(result.problem.into());
    }
    let timeline = timeline::Timeline::of(case, &result);
    fits(case, &timeline::table::draw(&[timeline], COLUMNS))?;
    is_readable(&case.title(), &timeline::picture::draw(&[timeline::Timeline::of(case, &result)]))?;

    // An illegal output can be drawn, too: here its first line is missing.
    let rest = result.stdout.iter().position(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    result.stdout.drain(..rest);
    result.reading = None;
    let output = Output { stdout: &result.stdout, stderr: &result.stderr };
    let Verdict::Illegal(explanation) = case.run().check(output) else {
        return Err("without its first line the output is legal".into());
    };
    result.faults.extend(explanation.faults.into_iter().map(Fault::Output));
    let timeline = timeline::Timeline::of(case, &result);
    is_readable(&case.title(), &timeline::picture::draw(&[timeline]))
}

/// Whether each line of a table fits in the terminal, and contains nothing but text.
fn fits(case: Case<'_>, table: &str) -> Result<(), Failed> {
    for line in table.lines() {
        // Sentences about the output may be longer; the terminal wraps them.
        let is_sentence = line.contains(&case.title());
        if (line.chars().count() > COLUMNS && !is_sentence) || printable(line) != line {
            return Err(
                format!("{}: the line `{line}` does not fit in\n{table}", case.title()).into()
            );
        }
    }
    Ok(())
}

/// Whether all texts of a picture are inside, and apart from each other.
fn is_readable(title: &str, svg: &str) -> Result<(), Failed> {
    static OPTIONS: LazyLock<Options<'_>> = LazyLock::new(|| {
        let mut options = Options::default();
        let fonts = options.fontdb_mut();
        fonts.load_font_data(dejavu::sans_mono::regular().to_vec());
        fonts.set_monospace_family("DejaVu Sans Mono");
        options
    });
    let tree = Tree::from_str(svg, &OPTIONS)?;
    let mut texts = Vec::new();
    let mut others = Vec::new();
    collect(tree.root(), &mut texts, &mut others);
    if texts.is_empty() {
        return Err(format!("{title}: no text was measured").into());
    }
    let (width, height) = (tree.size().width(), tree.size().height());
    for (what, area) in texts.iter().chain(&others) {
        let inside = area.left() >= 0.0 && area.top() >= 0.0;
        if !inside || area.right() > width || area.bottom() > height {
            return Err(format!("{title}: `{what}` is outside: {area:?}\n{svg}").into());
        }
    }
    for (index, (one, area)) in texts.iter().enumerate() {
        let mut later = texts[index + 1..].iter();
        if let Some((other, _)) = later.find(|(_, other)| overlap(area, other)) {
            return Err(format!("{title}: `{one}` covers `{other}`\n{svg}").into());
        }
    }
    Ok(())
}

/// The texts and the other shapes in a group, each with its area.
fn collect(group: &Group, texts: &mut Vec<(String, Rect)>, others: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, texts, others),
            Node::Text(text) => {
                let words = text.chunks().iter().map(usvg::TextChunk::text).collect();
                texts.push((words, text.abs_bounding_box()));
            }
            Node::Path(path) => others.push(("a shape".to_owned(), path.abs_bounding_box())),
            Node::Image(_) => others.push(("an image".to_owned(), node.abs_bounding_box())),
        }
    }
}

/// The boxes of the renderer contain the whole height of a line, which is more than the letters take.
fn overlap(one: &Rect, other: &Rect) -> bool {
    const SLACK: f32 = 1.0;
    one.left() + SLACK < other.right()
        && other.left() + SLACK < one.right()
        && one.top() + SLACK < other.bottom()
        && other.top() + SLACK < one.bottom()
}
