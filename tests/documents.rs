//! The documents say what is so.

use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use regex::Regex;
use xtask::command::list;
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
fn the_readme_has_the_index_of_all_examples() {
    let index = list::markdown(&workspace()).expect("all sources can be read");
    assert!(
        read(&root().join("README.md")).contains(&index),
        "put what `cargo xtask list --markdown` prints into README.md:\n{index}"
    );
}

#[test]
fn the_notes_of_a_topic_have_each_of_its_lessons_once() {
    for lesson in workspace().lessons {
        let notes = read(&root().join(&lesson.package).join("README.md"));
        let (_, lessons) = notes
            .split_once("\n## The lessons")
            .unwrap_or_else(|| panic!("{} has no lessons", lesson.package));
        let link = format!("](src/bin/{}.rs)", lesson.name);
        assert_eq!(lessons.matches(&link).count(), 1, "{} in {}", lesson.name, lesson.package);
    }
}

#[test]
fn every_example_has_a_cell_of_the_notebook_or_a_reason() {
    let map = read(&root().join("docs/from-python.md"));
    for lesson in workspace().lessons {
        assert!(map.contains(&format!("/{}.rs)", lesson.name)), "{} is not mapped", lesson.name);
    }
}

/// Each line of the help that starts with a command has lessons that there are, and arguments for
/// none that takes none.
#[test]
fn the_help_names_lessons_that_there_are() {
    let workspace = workspace();
    let help = xtask::command::Arguments::command();
    let help = help.find_subcommand("load").and_then(|load| load.get_after_help());
    let help = help.expect("`load` has examples").to_string();
    let mut checked = 0;
    for line in help.lines().filter_map(|line| line.strip_prefix("  cargo xtask load ")) {
        // What is said of the command comes behind two spaces.
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
    assert!(checked > 5, "{help}");
}

#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a regular expression");
    for document in documents(&root()) {
        let text = read(&document);
        for found in link.captures_iter(&text) {
            let target = &found[1];
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = document.parent().expect("a folder");
            let file = if path.is_empty() { document.clone() } else { folder.join(path) };
            assert!(file.exists(), "{}: {target}", document.display());
            let has_anchor = || read(&file).lines().any(|line| is_heading_of(line, anchor));
            assert!(anchor.is_empty() || has_anchor(), "{}: {target}", document.display());
        }
    }
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
