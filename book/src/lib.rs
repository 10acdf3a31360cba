//! Builds the book: a page for each lesson, the documents, and full-text search.
//!
//! The headers of the lessons, the READMEs, the snapshots, the pages of the Tries and the exercises are
//! its source, so the book says what is already checked. Only what connects them is written here. A
//! build goes this way:
//!
//! - [`runs`] builds the lessons and runs each once, which gives its output and its pictures;
//! - `lesson` writes the page of a lesson from its [header](xtask::header), with `mentions` (links to
//!   other lessons), `orders` (how to read the picture of the orders) and `tries` (the change);
//! - `chapters` copies the documents, and turns their links into links between the pages;
//! - `blocks` and `pictures` turn code and pictures into HTML;
//! - mdBook makes the website.

pub mod blocks;
pub mod chapters;
pub mod lesson;
pub mod mentions;
pub mod orders;
pub mod pictures;
pub mod runs;
pub mod serve;
pub mod tries;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use xtask::cancel::Cancel;
use xtask::practice::Exercise;
use xtask::workspace::Workspace;

const BOOK_TOML: &str = r#"
[book]
title = "Concurrency in Rust, one small program at a time"
language = "en"

[build]
create-missing = false
use-default-preprocessors = false

[preprocessor.index]

[output.html]
default-theme = "light"
preferred-dark-theme = "navy"
additional-css = ["lesson.css"]
additional-js = ["page.js"]

[output.html.playground]
runnable = false
"#;

/// Builds the book of a workspace into `book` in Cargo's target folder, and returns the path of that
/// folder. `progress` is called with each step.
///
/// # Errors
/// When a lesson cannot be built or fails, a document cannot be read, or a page cannot be written.
pub fn build(workspace: &Workspace, cancel: &Cancel, progress: impl Fn(&str)) -> Result<PathBuf> {
    let source = workspace.target.join("book-source");
    let output = workspace.target.join("book");
    progress("building and running the lessons");
    let runs = runs::run_all(workspace, cancel)?;

    progress("writing the pages");
    let pages = source.join("src");
    // What an earlier build has written may no longer exist.
    if pages.exists() {
        fs::remove_dir_all(&pages).with_context(|| format!("cannot remove {}", pages.display()))?;
    }
    let exercises = Exercise::all(workspace)?;
    let contents = chapters::Contents::of(workspace, &exercises, &pages)?;
    for (lesson, run) in workspace.lessons.iter().zip(&runs) {
        let page = lesson::page(workspace, lesson, &exercises, run)?;
        let page = contents.with_links(&page, &lesson.source, Path::new(&lesson.topic))?;
        let folder = pages.join(&lesson.topic);
        write(&folder.join(format!("{}.md", lesson.name)), &page)?;
        for (kind, svg) in [("timeline", &run.timeline), ("orders", &run.orders)] {
            if let Some(svg) = svg {
                write(&folder.join(lesson::picture_file(lesson, kind)), svg)?;
            }
        }
    }
    contents.write(workspace)?;
    let repository = repository().map(|url| format!("git-repository-url = {url:?}\n"));
    let book_toml = BOOK_TOML
        .replace("[output.html]\n", &format!("[output.html]\n{}", repository.unwrap_or_default()));
    write(&source.join("book.toml"), &book_toml)?;
    write(&source.join("lesson.css"), include_str!("lesson.css"))?;
    write(&source.join("page.js"), include_str!("page.js"))?;

    progress("making the website");
    let mut book = MDBook::load(&source)?;
    book.config.build.build_dir.clone_from(&output);
    book.build()?;
    Ok(output)
}

/// The address of the repository, from the environment variable `BOOK_REPOSITORY`: a clone does not
/// know where it is published.
pub(crate) fn repository() -> Option<String> {
    env::var("BOOK_REPOSITORY").ok().filter(|url| !url.is_empty())
}

/// Writes a file, and the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}
