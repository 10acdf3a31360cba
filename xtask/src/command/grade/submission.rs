//! The programs in a folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{fs, io, path};

use crate::error::{Error, Result};
use crate::python;

/// One entry of the folder.
#[derive(Debug)]
pub struct Submission {
    /// The name of the entry.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What a submission is. All paths are absolute.
#[derive(Debug)]
pub enum Kind {
    /// A Cargo project in this folder.
    Project(PathBuf),
    /// A Rust program in one file.
    RustFile(PathBuf),
    /// A Python program in one file that lies among other submissions.
    PythonFile(PathBuf),
    /// These words run it.
    Command(Vec<OsString>),
    /// Nothing that can be run, for this reason.
    Unknown(String),
}

/// A command in which `{}` stands for the path of a submission.
#[derive(Debug, Clone)]
pub struct Template(Vec<String>);

impl FromStr for Template {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = shlex::split(text).ok_or("a quote is not closed")?;
        if words.iter().any(|word| word.contains("{}")) {
            Ok(Self(words))
        } else {
            Err("it must contain `{}`, which stands for the path of a submission".to_owned())
        }
    }
}

impl Template {
    fn command(&self, submission: &Path) -> io::Result<Vec<OsString>> {
        let fill = |word: &String| {
            let mut parts = word.split("{}");
            let mut filled = OsString::from(parts.next().unwrap_or_default());
            for part in parts {
                filled.push(submission);
                filled.push(part);
            }
            filled
        };
        let mut words: Vec<OsString> = self.0.iter().map(fill).collect();
        // It is run in another folder. A mere name is looked up in `PATH`.
        if Path::new(&words[0]).components().count() > 1 {
            words[0] = path::absolute(&words[0])?.into();
        }
        Ok(words)
    }
}

/// The submissions in a folder, by name. With a template, it runs each of them.
///
/// # Errors
/// When the folder cannot be read, or has none.
pub fn find(folder: &Path, template: Option<&Template>) -> Result<Vec<Submission>> {
    let problem = |error: io::Error| Error::io("read the folder", folder, &error);
    let mut submissions = Vec::new();
    let absolute = path::absolute(folder).map_err(problem)?;
    for entry in fs::read_dir(&absolute).map_err(problem)? {
        let file_name = entry.map_err(problem)?.file_name();
        let name = file_name.to_string_lossy().into_owned();
        if is_skipped(&name) {
            continue;
        }
        let path = absolute.join(&file_name);
        let kind = if file_name.to_str().is_none() {
            Kind::Unknown("its name is not UTF-8; rename it".to_owned())
        } else {
            kind(&path, template)
                .unwrap_or_else(|error| Kind::Unknown(format!("it cannot be read: {error}")))
        };
        submissions.push(Submission { name, kind });
    }
    if submissions.is_empty() {
        return Err(Error::new(format!("there is no submission in `{}`", folder.display())));
    }
    submissions.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(submissions)
}

fn is_skipped(name: &str) -> bool {
    let upper = name.to_uppercase();
    name.starts_with('.')
        || matches!(name, "target" | "__pycache__")
        || ["README", "LICENSE"].iter().any(|start| upper.starts_with(start))
        || [".MD", ".CSV", ".XML"].iter().any(|end| upper.ends_with(end))
}

fn kind(path: &Path, template: Option<&Template>) -> io::Result<Kind> {
    let metadata = path.metadata()?;
    Ok(if let Some(template) = template {
        Kind::Command(template.command(path)?)
    } else if metadata.is_dir() && path.join("Cargo.toml").exists() {
        Kind::Project(path.to_owned())
    } else if metadata.is_dir() {
        match main_file(path)? {
            Some(file) if has_extension(&file, "rs") => Kind::RustFile(file),
            // The other files of the folder belong to it.
            Some(file) => Kind::Command(vec![python::COMMAND.into(), file.into()]),
            None => {
                let reason = "the folder has no `Cargo.toml`, and not just one `.rs` or `.py` file or one \
                              called `main`";
                Kind::Unknown(reason.to_owned())
            }
        }
    } else if metadata.is_file() && has_extension(path, "rs") {
        Kind::RustFile(path.to_owned())
    } else if metadata.is_file() && has_extension(path, "py") {
        Kind::PythonFile(path.to_owned())
    } else {
        Kind::Unknown("it is neither a folder, nor a `.rs` or `.py` file; see --command".to_owned())
    })
}

/// The program in a folder without `Cargo.toml`: the only one that is called `main`, or the only one.
fn main_file(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && (has_extension(&path, "rs") || has_extension(&path, "py")) {
            files.push(path);
        }
    }
    let is_main = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "main");
    let mains: Vec<&PathBuf> = files.iter().filter(is_main).collect();
    Ok(match (&mains[..], &files[..]) {
        ([main], _) => Some((*main).clone()),
        (_, [file]) => Some(file.clone()),
        _ => None,
    })
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|other| other == extension)
}
