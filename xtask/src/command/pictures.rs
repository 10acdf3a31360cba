//! `cargo xtask pictures`: draws the pictures in the documents again.
//!
//! In a document a comment with the command stands in the line before a picture:
//!
//! ```text
//! <!-- cargo xtask timeline event 0.1 -->
//! ![What the picture shows](img/event.svg)
//! ```

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::cancel::Cancel;
use crate::command::context::current_folder;
use crate::command::exit::{Exit, print};
use crate::error::{Error, Result};
use crate::files::write_atomically;
use crate::workspace::Workspace;

const EXAMPLES: &str = "\
Examples:
  cargo xtask pictures              draw all of them
  cargo xtask pictures waits        those whose file has `waits` in its name
  cargo xtask pictures --check      only see whether they show today's programs

A document says before each picture how to draw it: `<!-- cargo xtask timeline event 0.1 -->`.
With --check, times may differ, and so may the order of lines that are not ordered.

Exit code: 0 the pictures are up to date, 1 --check has found one that is not, 2 an error, 130
stopped by Ctrl-C.";

/// Which pictures to draw.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Only pictures whose files have one of these words in their names
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Draw nothing, but compare what the pictures show with what the programs do today
    #[arg(long)]
    check: bool,
}

/// Runs a command of `cargo xtask` that has these arguments.
pub type RunCommand = fn(Vec<OsString>, &Cancel) -> Result<Exit>;

/// A picture in a document.
#[derive(Debug)]
pub struct Picture {
    /// Its file, relative to the workspace.
    file: PathBuf,
    /// The arguments of `cargo xtask` that draw it.
    words: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// When a document or a picture cannot be read or written, or a command in a document is wrong.
pub fn run(arguments: &Arguments, run_command: RunCommand, cancel: &Cancel) -> Result<Exit> {
    let workspace = Workspace::load(&current_folder()?)?;
    let mut pictures = pictures(&workspace)?;
    let filters = &arguments.filters;
    pictures.retain(|picture| {
        let name = picture.file.to_string_lossy();
        filters.is_empty() || filters.iter().any(|filter| name.contains(filter))
    });
    if pictures.is_empty() {
        return Err(Error::new("no picture is selected"));
    }
    if arguments.check {
        let outdated = outdated(&workspace, &pictures, run_command, cancel)?;
        if cancel.is_set() {
            return Ok(Exit::Interrupted);
        }
        if outdated.is_empty() {
            return Ok(Exit::Success);
        }
        print(&format!("{}`cargo xtask pictures` draws them again\n", outdated.concat()))?;
        return Ok(Exit::Failed);
    }
    for Picture { file, words } in pictures {
        let Some(svg) = draw(&words, run_command, cancel)? else { return Ok(Exit::Interrupted) };
        let file = workspace.root.join(file);
        write_atomically(&file, &svg).map_err(|error| Error::io("write", &file, &error))?;
    }
    Ok(Exit::Success)
}

/// A line for each picture that shows other lines, or other threads, than one that is drawn today.
///
/// # Errors
/// When a picture cannot be drawn.
pub fn outdated(
    workspace: &Workspace,
    pictures: &[Picture],
    run_command: RunCommand,
    cancel: &Cancel,
) -> Result<Vec<String>> {
    let mut outdated = Vec::new();
    for Picture { file, words } in pictures {
        // These pictures show measurements only.
        if words.first().is_some_and(|word| word == "load" || word == "compare") {
            continue;
        }
        let Some(new) = draw(words, run_command, cancel)? else { break };
        let committed = fs::read_to_string(workspace.root.join(file)).unwrap_or_default();
        if content(&committed) != content(&new) {
            outdated.push(format!("`{}` does not show today's program\n", file.display()));
        }
    }
    Ok(outdated)
}

/// The picture that a command draws. `None` if it was stopped by Ctrl-C.
fn draw(words: &[String], run_command: RunCommand, cancel: &Cancel) -> Result<Option<String>> {
    /// The commands that draw.
    const DRAW: [&str; 4] = ["timeline", "orders", "load", "compare"];

    let line = words.join(" ");
    if !words.first().is_some_and(|word| DRAW.contains(&word.as_str())) {
        return Err(Error::new(format!("`cargo xtask {line}` draws nothing")));
    }
    // An older picture stays as it is until the new one is there.
    let folder = tempfile::tempdir()
        .map_err(|error| Error::new(format!("cannot create a temporary folder: {error}")))?;
    let file = folder.path().join("new.svg");
    let words = words.iter().map(OsString::from);
    let words = words.chain(["--output".into(), file.clone().into()]).collect();
    match run_command(words, cancel)? {
        Exit::Success => {
            fs::read_to_string(&file).map(Some).map_err(|error| Error::io("read", &file, &error))
        }
        Exit::Interrupted => Ok(None),
        _ => Err(Error::new(format!("`cargo xtask {line}` has failed"))),
    }
}

/// The lines of a picture's description, without numbers, and how often each comes.
fn content(svg: &str) -> BTreeMap<String, usize> {
    let number = Regex::new(r"\d+(\.\d+)?").expect("it is well-formed");
    let description = svg.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next());
    let mut lines = BTreeMap::new();
    for line in description.unwrap_or_default().lines() {
        *lines.entry(number.replace_all(line, "N").into_owned()).or_default() += 1;
    }
    lines
}

/// The pictures in all documents, by file.
///
/// # Errors
/// When a comment before a picture is no command.
pub fn pictures(workspace: &Workspace) -> Result<Vec<Picture>> {
    let root = &workspace.root;
    let picture = Regex::new(r"<!-- cargo xtask ([^>]*?) -->\n!\[[^\]]*\]\(([^)]+\.svg)\)")
        .expect("it is well-formed");
    let mut documents = vec![PathBuf::from("README.md")];
    for folder in [PathBuf::from("docs")].into_iter().chain(workspace.topic_folders()) {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else { continue };
        let files = entries.flatten().map(|entry| folder.join(entry.file_name()));
        documents.extend(files.filter(|file| file.extension().is_some_and(|end| end == "md")));
    }
    let mut pictures = Vec::new();
    for document in documents {
        let Ok(text) = fs::read_to_string(root.join(&document)) else { continue };
        for found in picture.captures_iter(&text) {
            let words = shlex::split(&found[1]).ok_or_else(|| {
                Error::new(format!("{}: `{}` is no command", document.display(), &found[1]))
            })?;
            let folder = document.parent().unwrap_or(Path::new(""));
            pictures.push(Picture { file: folder.join(&found[2]), words });
        }
    }
    pictures.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(pictures)
}
