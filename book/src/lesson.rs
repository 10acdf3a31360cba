//! The page of a lesson.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xtask::header::Header;
use xtask::practice::{Change, Exercise};
use xtask::workspace::{Lesson, Workspace, slashes};

use crate::blocks::code;
use crate::chapters::SOURCE;
use crate::runs::Run;
use crate::{mentions, orders, pictures, tries};

/// The page of a lesson of the workspace, in Markdown. `exercises` are all that there are. Its links
/// are relative to the lesson's source.
///
/// # Errors
/// When a file of the lesson cannot be read.
pub fn page(
    workspace: &Workspace,
    lesson: &Lesson,
    exercises: &[Exercise],
    run: &Run,
) -> Result<String> {
    let (root, name) = (&workspace.root, &lesson.name);
    let mut header = Header::of(&read(&root.join(&lesson.source))?);
    mentions::link(&mut header, lesson, &workspace.lessons);
    let mut page = format!("# {name}\n\n{}\n\n", header.summary);
    page += &format!("Topic: [{}](../../README.md)\n\n", lesson.topic);
    for paragraph in &header.text {
        page += &format!("{paragraph}\n\n");
    }
    page += &format!("{}\n\n## The program\n\n", header.table);
    page += &programs(lesson, root, &header)?;

    let output = format!("$ {}\n{}", cargo_run(lesson, run), run.output);
    page += &format!("## A run\n\n{}", code("text", &output));
    page += &picture(lesson, "timeline", run.timeline.as_ref());

    page += "## What is guaranteed\n\n";
    for paragraph in &header.guarantees {
        page += &format!("{paragraph}\n\n");
    }
    if run.orders.is_some() {
        page += &format!("{}\n\n", orders::explanation(&run.layout, &lesson.topic));
        page += &picture(lesson, "orders", run.orders.as_ref());
    }
    page += &folded("The snapshot, which the tests check", &snapshot(&run.snapshot));

    page += "## Try it\n\n";
    for paragraph in &header.try_this {
        page += &format!("{}\n\n", with_capital(paragraph));
    }
    let change = Change::of_try(lesson, root)?;
    page += &folded("The change, and what happens", &tries::text(&change.text));

    let mut exercises = exercises.iter().filter(|one| one.change.lesson.name == *name).peekable();
    if exercises.peek().is_some() {
        page += "## Exercises\n\n";
        for Exercise { title, level, task, change, .. } in exercises {
            let task = task.split("\n\n").next().unwrap_or_default();
            let start = format!("$ cargo xtask exercise start {}", change.name);
            page +=
                &format!("[**{title}**](../../../docs/exercises.md) (level {level}). {task}\n\n");
            page += &code("console", &start);
        }
    }

    let repository = match crate::repository() {
        Some(url) => format!("[repository]({url})"),
        None => "repository".to_owned(),
    };
    page += &format!("## On your machine\n\nIn a clone of the {repository}:\n\n");
    page += &code("console", &commands(lesson, run));
    let source = slashes(&lesson.source);
    Ok(page + &format!("The source is [`{source}`]({name}.rs{SOURCE}).\n"))
}

/// The command that runs the lesson as its header shows it.
fn cargo_run(lesson: &Lesson, run: &Run) -> String {
    let Lesson { name, package, .. } = lesson;
    let dashes = if run.arguments.is_empty() { "" } else { " -- " };
    format!("cargo run -p {package} --bin {name}{dashes}{}", run.arguments)
}

/// What to do with the lesson. Many commands are so long that no remark fits beside them.
fn commands(lesson: &Lesson, run: &Run) -> String {
    let name = &lesson.name;
    let with_arguments = format!("{name} {}", run.arguments);
    let with_arguments = with_arguments.trim_end();
    let folder = if name.len() > 20 { "copy" } else { name };
    let xtask = |command: String| format!("cargo xtask {command}");
    let mut commands = vec![("run it", cargo_run(lesson, run))];
    commands.push(if run.layout.is_fixed() {
        ("check what it prints", xtask(format!("run-all --exact {name}")))
    } else {
        (
            "run it 100 times: which orders come?",
            xtask(format!("run-all --exact {name} --stress 100")),
        )
    });
    if run.timeline.is_some() {
        commands.push(("draw when each line comes", xtask(format!("timeline {with_arguments}"))));
    }
    if run.orders.is_some() {
        commands.push(("draw the legal orders", xtask(format!("orders {with_arguments}"))));
    }
    if name.starts_with("cpu_load") {
        commands.push(("draw how busy each core is", xtask("load".to_owned())));
    }
    commands.push(("make the change above, and run it", xtask(format!("try {name}"))));
    commands.push(("make a project of its own", xtask(format!("copy {name} ../{folder}"))));
    commands.iter().map(|(why, command)| format!("# {why}\n$ {command}\n")).collect()
}

/// A snapshot, with its note as prose.
fn snapshot(text: &str) -> String {
    let (note, runs) = text.split_at(text.find("\n$ ").map_or(0, |end| end + 1));
    format!("{note}\n\n{}{}", code("text", runs), tries::how_to_read(runs))
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

/// Text behind a fold.
fn folded(title: &str, text: &str) -> String {
    format!("<details>\n<summary>{title}</summary>\n\n{}\n\n</details>\n\n", text.trim_end())
}

/// A picture of the lesson, if there is one.
fn picture(lesson: &Lesson, kind: &str, svg: Option<&String>) -> String {
    let inline = |svg: &String| pictures::inline(svg, &picture_file(lesson, kind)) + "\n\n";
    svg.map(inline).unwrap_or_default()
}

/// The name of the file with a picture, which is beside the page.
pub fn picture_file(lesson: &Lesson, kind: &str) -> String {
    format!("{}-{kind}.svg", lesson.name)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
