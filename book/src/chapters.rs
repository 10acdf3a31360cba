//! The documents of the repository as chapters, and links between all pages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use regex::Regex;
use xtask::practice::{Exercise, Part, parts};
use xtask::workspace::{Lesson, TOPICS, Workspace, slashes};

use crate::blocks::shown;
use crate::{pictures, write};

/// The documents before the chapters of the topics, and those after them.
const FIRST: [&str; 2] = ["README.md", "docs/choosing.md"];
const LAST: [&str; 7] = [
    "docs/from-python.md",
    "docs/exercises.md",
    "docs/snapshots.md",
    "docs/topics.md",
    "CONTRIBUTING.md",
    "snapshot/README.md",
    "xtask/README.md",
];

/// The anchor of a link that leads to a copy of the file, and not to the page that it has become.
pub const SOURCE: &str = "#source";

/// Which page each file of the repository becomes.
#[derive(Debug)]
pub struct Contents {
    root: PathBuf,
    /// The folder of all pages.
    pages: PathBuf,
    /// The page, and its anchor if the file is a part of the page.
    page_of: BTreeMap<PathBuf, (String, &'static str)>,
}

impl Contents {
    /// Finds the pages of a workspace, which are to be written to `pages`.
    ///
    /// # Errors
    /// When a document is missing.
    pub fn of(workspace: &Workspace, exercises: &[Exercise], pages: &Path) -> Result<Self> {
        let (root, pages) = (workspace.root.clone(), pages.to_owned());
        let mut page_of = BTreeMap::new();
        for file in FIRST.iter().chain(&LAST) {
            if !root.join(file).exists() {
                bail!("there is no {file}");
            }
            let page = match *file {
                "README.md" => "introduction.md".to_owned(),
                file => file.trim_start_matches("docs/").to_lowercase().replace("readme", "index"),
            };
            page_of.insert(PathBuf::from(file), (page, ""));
        }
        for topic in TOPICS {
            let readme = PathBuf::from(format!("examples-{topic}/README.md"));
            page_of.insert(readme, (format!("{topic}/index.md"), ""));
        }
        for lesson in &workspace.lessons {
            let page = format!("{}/{}.md", lesson.topic, lesson.name);
            page_of.insert(lesson.source.clone(), (page.clone(), ""));
            page_of.insert(lesson.snapshot.clone(), (page.clone(), "#what-is-guaranteed"));
            let its_try = lesson.folder().join("tries").join(format!("{}.md", lesson.name));
            page_of.insert(its_try, (page, "#try-it"));
        }
        for exercise in exercises {
            let Lesson { topic, name, .. } = &exercise.change.lesson;
            let page = format!("{topic}/{name}.md");
            page_of.insert(exercise.change.path.clone(), (page, "#exercises"));
        }
        Ok(Self { root, pages, page_of })
    }

    /// Writes all documents, the list of all pages, and the files to which pages link.
    ///
    /// # Errors
    /// When a file cannot be read or written, or a link leads nowhere.
    pub fn write(&self, workspace: &Workspace) -> Result<()> {
        let mut summary = String::from("# Summary\n\n");
        for file in FIRST {
            summary += &self.document(Path::new(file))?;
        }
        for topic in TOPICS {
            let readme = PathBuf::from(format!("examples-{topic}/README.md"));
            summary += &self.document(&readme)?;
            for Lesson { name, .. } in workspace.reading_order(topic)? {
                summary += &format!("  - [{name}]({topic}/{name}.md)\n");
            }
        }
        for file in LAST {
            summary += &self.document(Path::new(file))?;
        }
        write(&self.pages.join("SUMMARY.md"), &summary)
    }

    /// Writes the page of a document, and returns its line in the list of all pages.
    fn document(&self, file: &Path) -> Result<String> {
        let (page, _) = &self.page_of[file];
        let folder = Path::new(page).parent().context("a page has a folder")?;
        let mut text = self.read(file)?;
        if file == Path::new("README.md") {
            // A reader of the book need not be told how to build it.
            let begin =
                text.find("\n## Read them as a book\n").context("README.md has no such section")?;
            let end = text[begin + 1..].find("\n## ").context("it is not the last section")?;
            text.replace_range(begin..begin + 1 + end, "");
        }
        write(&self.pages.join(page), &self.with_links(&text, file, folder)?)?;
        // A heading may go on after its name.
        let heading = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        let name = heading.split(':').next().unwrap_or_default();
        let name = if page == "introduction.md" { "Introduction" } else { name };
        Ok(format!("- [{name}]({page})\n"))
    }

    /// A text as a page of the book shows it: its links lead to pages, and its pictures are parts of
    /// it. `file` is where the text is from, and `folder` is the folder of its page.
    ///
    /// # Errors
    /// When a link leads nowhere.
    pub fn with_links(&self, text: &str, file: &Path, folder: &Path) -> Result<String> {
        let mut result = String::new();
        for part in parts(text) {
            match part {
                Part::Block(info, body) => result += &shown(info, body),
                Part::Prose(prose) => {
                    let prose = self.prose_with_links(prose, file, folder)?;
                    result += &self.with_pictures(&prose, folder)?;
                }
            }
        }
        Ok(result)
    }

    fn prose_with_links(&self, prose: &str, file: &Path, folder: &Path) -> Result<String> {
        static LINK: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\]\(([^)\s]+)\)").expect("it is well-formed"));
        let mut result = String::new();
        let mut end = 0;
        for found in LINK.captures_iter(prose) {
            let (whole, target) = (found.get_match(), &found[1]);
            result += &prose[end..whole.start()];
            end = whole.end();
            if self.is_folder(target, file) {
                // A book has no page for a folder, so only the words stay.
                result.replace_range(result.rfind('[').map_or(0..0, |at| at..at + 1), "");
            } else {
                result += &format!("]({})", self.target(target, file, folder)?);
            }
        }
        Ok(result + &prose[end..])
    }

    /// A text in which each picture is a part of the page.
    fn with_pictures(&self, prose: &str, folder: &Path) -> Result<String> {
        static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"!\[([^\]]*)\]\(([^)\s]+\.svg)\)").expect("it is well-formed")
        });
        let mut result = String::new();
        let mut end = 0;
        for found in IMAGE.captures_iter(prose) {
            let (whole, [words, picture]) = (found.get_match(), found.extract().1);
            let file = self.pages.join(folder).join(picture);
            let svg = fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let words = words.replace('\n', " ").replace('"', "&quot;");
            let label = format!("role=\"img\" aria-label=\"{words}\"");
            let svg = svg.replacen("role=\"img\"", &label, 1);
            result += &prose[end..whole.start()];
            result += &pictures::inline(&svg, picture);
            end = whole.end();
        }
        Ok(result + &prose[end..])
    }

    fn is_folder(&self, target: &str, file: &Path) -> bool {
        let folder = file.parent().unwrap_or(Path::new(""));
        self.root.join(folder).join(target).is_dir()
    }

    /// Where a link leads in the book.
    fn target(&self, target: &str, file: &Path, folder: &Path) -> Result<String> {
        if target.starts_with('#') || target.contains("://") {
            return Ok(target.to_owned());
        }
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, format!("#{anchor}")),
            None => (target, String::new()),
        };
        let linked = without_dots(&file.parent().context("a file has a folder")?.join(path));
        // The way back to the folder of all pages.
        let up = "../".repeat(folder.components().count());
        if anchor == SOURCE {
            return Ok(format!("{up}{}", self.copy(&linked)?));
        }
        if let Some((page, default_anchor)) = self.page_of.get(&linked) {
            let anchor = if anchor.is_empty() { default_anchor } else { anchor.as_str() };
            return Ok(format!("{up}{page}{anchor}"));
        }
        if self.root.join(&linked).is_file() {
            return Ok(format!("{up}{}", self.copy(&linked)?));
        }
        bail!("{}: no page or file belongs to the link `{target}`", file.display())
    }

    /// Copies a file of the repository beside the pages, and returns where it is.
    fn copy(&self, file: &Path) -> Result<String> {
        let text = fs::read(self.root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))?;
        // A browser shows a text only if it is called one.
        let end = if file.extension().is_some_and(|end| end == "svg") { "" } else { ".txt" };
        // mdBook would take a name with `.md` for a page.
        let copy = format!("files/{}{end}", slashes(file).replace(".md", ""));
        write(&self.pages.join(&copy), &String::from_utf8_lossy(&text))?;
        Ok(copy)
    }

    fn read(&self, file: &Path) -> Result<String> {
        fs::read_to_string(self.root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))
    }
}

/// A path without `.` and `..`.
fn without_dots(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}
