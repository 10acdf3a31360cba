//! The documents say what is so.

use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::CommandFactory;
use regex::Regex;
use xtask::cancel::Cancel;
use xtask::command::{exercise, list, pictures, run_words};
use xtask::practice::Exercise;
use xtask::workspace::Workspace;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn workspace() -> Workspace {
    Workspace::load(&root()).expect("a workspace")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All Markdown files of the project.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
            found.extend(documents(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_readme_has_the_index_of_all_lessons() {
    let index = list::markdown(&workspace()).expect("all sources can be read");
    let readme = read(&root().join("README.md"));
    let has_line = |line: &&str| readme.lines().any(|other| other == *line);
    let missing: Vec<_> = index.lines().filter(|line| !has_line(line)).collect();
    assert!(
        readme.contains(&index),
        "\nREADME.md: the index is not what `cargo xtask list --markdown` prints. Replace it by that \
         output. Lines that are missing:\n{}\n",
        missing.join("\n")
    );
}

#[test]
fn the_course_has_all_exercises_in_order() {
    let table = exercise::markdown(&workspace()).expect("all pages can be read");
    let course = read(&root().join("docs/exercises.md"));
    assert!(
        course.ends_with(&format!("\n\n{table}")),
        "\ndocs/exercises.md: replace the tables at its end by the output of `cargo xtask exercise list \
         --markdown`\n"
    );
}

/// Every command in the documents and in the help names an exercise that there is.
#[test]
fn the_documents_name_exercises_that_there_are() {
    let command = Regex::new(
        r"cargo xtask exercise (?:start|check|hint|solution) (?:--watch )?([a-z][a-z_]+)",
    );
    let command = command.expect("a regular expression");
    let (root, workspace) = (root(), workspace());
    let help = xtask::command::Arguments::command();
    let help = help.find_subcommand("exercise").and_then(|exercise| exercise.get_after_help());
    let mut texts = vec![help.expect("`exercise` has examples").to_string()];
    texts.extend(["README.md", "docs/exercises.md"].map(|file| read(&root.join(file))));
    for text in texts {
        let names: Vec<&str> =
            command.captures_iter(&text).map(|found| found.extract::<1>().1[0]).collect();
        assert!(names.len() > 1, "{text}");
        for name in names {
            Exercise::find(name, &workspace).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn the_readme_of_a_topic_lists_each_of_its_lessons_once() {
    let mut problems = Vec::new();
    for lesson in workspace().lessons {
        let file = format!("{}/README.md", lesson.package);
        let text = read(&root().join(&file));
        let section = text.split_once("\n## The lessons").map_or("", |(_, after)| after);
        let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
        let name = &lesson.name;
        let link = format!("](src/bin/{name}.rs)");
        match section.matches(&link).count() {
            1 => {}
            0 => problems.push(format!(
                "{file}: add a line for `{name}` under the heading `## The lessons`, for example:\n\
                 \x20   1. [`{name}`{link} shows …"
            )),
            n => problems.push(format!(
                "{file}: leave only one of the {n} links to `{name}` under `## The lessons`."
            )),
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_lesson_has_a_row_in_from_python() {
    let file = "docs/from-python.md";
    let table = read(&root().join(file));
    let mut problems = Vec::new();
    for lesson in workspace().lessons {
        let source = format!("../{}/src/bin/{}.rs", lesson.package, lesson.name);
        if !table.contains(&format!("]({source})")) {
            let name = &lesson.name;
            problems.push(format!(
                "{file}: add a row for `{name}` to the table of programs, for example:\n\
                 \x20   | its subject (no cell) | [`{name}`]({source}) |"
            ));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Each line of the help that starts with a command has lessons that there are, and arguments for
/// none that takes none.
#[test]
fn the_help_names_lessons_that_there_are() {
    let workspace = workspace();
    let arguments = xtask::command::Arguments::command();
    let after_help = |name: &str| {
        let help = arguments.find_subcommand(name).and_then(|command| command.get_after_help());
        help.expect("the command has examples").to_string()
    };
    let help = after_help("load") + &after_help("compare");
    let mut checked = 0;
    for line in help.lines().filter_map(|line| {
        let line = line.strip_prefix("  cargo xtask ")?;
        line.strip_prefix("load ").or(line.strip_prefix("compare "))
    }) {
        // Two spaces separate the command from its explanation.
        let command = line.split("  ").next().unwrap_or_default().replace('\'', "");
        let words =
            command.split_whitespace().take_while(|word| !matches!(*word, "-o" | "--format"));
        let mut last = None;
        for word in words {
            if word.starts_with(char::is_alphabetic) {
                last = Some(workspace.find(word).unwrap_or_else(|error| panic!("{line}: {error}")));
            } else {
                let takes = last.expect("a name comes first").arguments(&root());
                assert_ne!(takes.expect("the source can be read"), "", "{line}");
            }
            checked += 1;
        }
    }
    assert!(checked > 8, "{help}");
}

#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a regular expression");
    let root = root();
    let mut problems = Vec::new();
    for document in documents(&root) {
        let text = read(&document);
        let shown = document.strip_prefix(&root).expect("a file of the project").display();
        for (number, line) in (1..).zip(text.lines()) {
            for found in link.captures_iter(line) {
                let target = &found[1];
                if target.contains("://") {
                    continue;
                }
                let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
                let folder = document.parent().expect("a folder");
                let file = if path.is_empty() { document.clone() } else { folder.join(path) };
                // In the book `#source` leads to the file itself instead of the page made from it.
                let has_anchor = || {
                    anchor == "source"
                        || read(&file).lines().any(|line| is_heading_of(line, anchor))
                };
                if !file.exists() {
                    problems.push(format!("{shown}:{number}: there is no file {path}"));
                } else if !anchor.is_empty() && !has_anchor() {
                    problems.push(format!("{shown}:{number}: no heading leads to {target}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Whether a line is the heading to which this anchor leads.
fn is_heading_of(line: &str, anchor: &str) -> bool {
    let Some(heading) = line.strip_prefix('#').map(|line| line.trim_start_matches('#')) else {
        return false;
    };
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>() == anchor
}

/// A committed picture shows the lines and the threads of today's program. Times may differ.
#[test]
fn the_pictures_show_what_the_lessons_do() {
    let workspace = workspace();
    // The commands in the documents are run there. The other tests use absolute paths.
    env::set_current_dir(root()).expect("the workspace is a folder");
    let pictures = pictures::pictures(&workspace).expect("each picture has its command");
    // These are at least as many as the documents have today.
    assert!(pictures.len() >= 8, "{pictures:?}");
    let outdated = pictures::outdated(&workspace, &pictures, run_words, &Cancel::default());
    let outdated = outdated.expect("each picture can be drawn");
    assert!(outdated.is_empty(), "{}`cargo xtask pictures` draws them again", outdated.concat());
}
