//! The page of a lesson.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use legal_outputs::OrderCount;
use xtask::command::orders::Layout;
use xtask::header::Header;
use xtask::practice::{Change, Exercise};
use xtask::workspace::Lesson;

use crate::chapters::{SOURCE, slashes};
use crate::runs::Run;

/// The page of a lesson of the workspace at `root`, in Markdown. `exercises` are all that there are.
/// Its links are relative to the lesson's source.
///
/// # Errors
/// When a file of the lesson cannot be read.
pub fn page(root: &Path, lesson: &Lesson, exercises: &[Exercise], run: &Run) -> Result<String> {
    let Lesson { name, package, .. } = lesson;
    let source = read(&root.join(&lesson.source))?;
    let header = Header::of(&source);
    let mut page = format!("# {name}\n\n{}\n\n", header.summary);
    for paragraph in &header.text {
        page += &format!("{paragraph}\n\n");
    }
    page += &format!("{}\n\n## The program\n\n", header.table);
    page += &programs(lesson, root, &header)?;

    let arguments = &run.arguments;
    let with_arguments =
        if arguments.is_empty() { String::new() } else { format!(" -- {arguments}") };
    page += &format!(
        "## A run\n\n```text\n$ cargo run -p {package} --bin {name}{with_arguments}\n{}```\n\n",
        run.output
    );
    page += &picture(lesson, "timeline", run.timeline.as_ref());

    page += "## What is guaranteed\n\n";
    for paragraph in &header.guarantees {
        page += &format!("{paragraph}\n\n");
    }
    page += &format!("{}\n\n", legal_orders(run));
    page += &picture(lesson, "orders", run.orders.as_ref());
    page += &folded("The snapshot, which the tests check", &code("text", &run.snapshot));

    page += "## Try it\n\n";
    for paragraph in &header.try_this {
        page += &format!("{}\n\n", with_capital(paragraph));
    }
    let change = Change::of_try(lesson, root)?;
    // The title of the page would be one more heading.
    let (_, text) = change.text.split_once('\n').unwrap_or_default();
    page += &folded("The change, and what happens", text.trim());

    let mut exercises = exercises.iter().filter(|one| one.change.lesson.name == *name).peekable();
    if exercises.peek().is_some() {
        page += "## Exercises\n\n";
        for Exercise { title, level, change, .. } in exercises {
            let name = &change.name;
            page += &format!("- {title} (level {level}): `cargo xtask exercise start {name}`\n");
        }
        page += "\n";
    }

    let argument = if arguments.is_empty() { String::new() } else { format!(" {arguments}") };
    page += &format!(
        "## On your machine\n\n```console\n\
         $ cargo run -p {package} --bin {name}{with_arguments}\n\
         $ cargo xtask run-all --exact {name} --stress 100    # how many orders come?\n\
         $ cargo xtask timeline {name}{argument}\n\
         $ cargo xtask orders {name}{argument}\n\
         $ cargo xtask try {name}    # the change above\n\
         $ cargo xtask copy {name} ../{name}    # as a project of its own\n```\n\n\
         The source is [{source}]({name}.rs{SOURCE}).\n",
        source = slashes(&lesson.source),
    );
    Ok(page)
}

/// The program, with the Python program in a tab beside it, if there is one.
fn programs(lesson: &Lesson, root: &Path, header: &Header) -> Result<String> {
    let rust = code("rust", &header.code);
    let Some(python) = lesson.python(root) else { return Ok(rust) };
    let python = code("python", &read(&root.join(python))?);
    let name = &lesson.name;
    let tab = |language: &str, title: &str, state: &str| {
        format!(
            "<input type=\"radio\" name=\"language-{name}\" id=\"{language}-{name}\" \
             class=\"{language}\"{state}><label for=\"{language}-{name}\">{title}</label>\n"
        )
    };
    Ok(format!(
        "<div class=\"tabs\">\n{}{}<div class=\"tab rust\">\n\n{rust}</div>\n\
         <div class=\"tab python\">\n\n{python}</div>\n</div>\n\n",
        tab("rust", "Rust", " checked"),
        tab("python", "Python", ""),
    ))
}

/// A sentence that followed a label, and now stands alone.
fn with_capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().to_string() + letters.as_str())
}

fn code(language: &str, text: &str) -> String {
    // No line of the code must end the block.
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}{language}\n{}\n{fence}\n\n", text.trim_end())
}

/// Text behind a fold.
fn folded(title: &str, text: &str) -> String {
    format!("<details>\n<summary>{title}</summary>\n\n{}\n\n</details>\n\n", text.trim_end())
}

/// How many orders of the lines are legal, and how to read the picture of them.
fn legal_orders(run: &Run) -> String {
    let Layout { orders, lines, arrows, .. } = &run.layout;
    let mut text = match orders {
        OrderCount::Exactly(1) => "Only one order of these lines is legal.".to_owned(),
        count => format!("These lines may come in {count} orders."),
    };
    if run.orders.is_some() {
        if !arrows.is_empty() {
            text += " An arrow leads to a line that always comes later.";
        }
        if lines.iter().any(|line| line.column.is_none()) {
            text += " A line across the picture separates everything before it from everything after it.";
        }
        if *orders != OrderCount::Exactly(1) {
            text += " All else may come in any order.";
        }
        if lines.iter().any(|line| line.text.contains('{')) {
            text += " `{…}` stands for a value: see [Snapshots](../../../docs/snapshots.md).";
        }
    }
    text
}

/// A picture as a part of the page, so that it takes the colours of the page's theme, and a link to
/// the [file](picture_file) with the picture alone. In Markdown an empty line would end it.
fn picture(lesson: &Lesson, kind: &str, svg: Option<&String>) -> String {
    let Some(svg) = svg else { return String::new() };
    let dark = "@media (prefers-color-scheme: dark) {";
    let svg = svg.replace(dark, ":is(.coal, .navy, .ayu) {");
    let lines = svg.lines().filter(|line| !line.is_empty());
    let file = picture_file(lesson, kind);
    format!(
        "<div class=\"picture\"><a href=\"{file}\" title=\"Open the picture\">\n{}\n</a></div>\n\n",
        lines.collect::<Vec<_>>().join("\n")
    )
}

/// The name of the file with a picture, which is beside the page.
pub fn picture_file(lesson: &Lesson, kind: &str) -> String {
    format!("{}-{kind}.svg", lesson.name)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
