//! The workspace: its lessons and their snapshots, as Cargo sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use cargo_metadata::{MetadataCommand, Package};
use regex::Regex;

use crate::error::{Error, Result};
use crate::header::Header;

/// A workspace with lessons. All paths but [`root`](Self::root) and [`target`](Self::target) are
/// relative to its root.
#[derive(Debug)]
pub struct Workspace {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// The lessons, by topic and name.
    pub lessons: Vec<Lesson>,
    /// The snapshots that belong to no lesson.
    pub orphans: Vec<Orphan>,
    /// The packages of the workspace, by name.
    pub(crate) packages: BTreeMap<String, Package>,
}

/// A program that teaches one thing.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The part of the package's name after `examples-`.
    pub topic: String,
    /// The name of the binary.
    pub name: String,
    /// The package that it belongs to.
    pub package: String,
    /// Its one source file.
    pub source: PathBuf,
    /// Where its snapshot is, or should be.
    pub snapshot: PathBuf,
}

/// A snapshot without a lesson.
#[derive(Debug, Clone)]
pub struct Orphan {
    /// The folder that it lies in.
    pub topic: String,
    /// The file's name without `.snap`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// The topics in the order in which to read them.
pub const TOPICS: [&str; 5] = ["threads", "sync", "async", "process", "distributed"];

/// The folder of the snapshots, which has one folder per topic.
const SNAPSHOTS: &str = "tests/snapshots";

impl Workspace {
    /// Reads the workspace that `directory` belongs to.
    ///
    /// # Errors
    /// When Cargo cannot read the workspace, or two of its packages have a binary with the same
    /// name: Cargo would silently overwrite one with the other.
    pub fn load(directory: &Path) -> Result<Self> {
        let metadata =
            MetadataCommand::new().current_dir(directory).no_deps().exec().map_err(|error| {
                let directory = directory.display();
                Error::new(format!("cannot read the workspace of `{directory}`: {error}"))
            })?;
        let root = metadata.workspace_root.as_std_path();

        let mut package_of = BTreeMap::new();
        let mut lessons = Vec::new();
        for package in metadata.workspace_packages() {
            for binary in package.targets.iter().filter(|target| target.is_bin()) {
                if let Some(other) = package_of.insert(&binary.name, &package.name) {
                    return Err(Error::new(format!(
                        "the packages `{other}` and `{}` both have a binary `{}`, and one would \
                         overwrite the other; rename one of them",
                        package.name, binary.name
                    )));
                }
                if let Some(topic) = package.name.strip_prefix("examples-") {
                    let source = binary.src_path.as_std_path();
                    lessons.push(Lesson {
                        topic: topic.to_owned(),
                        name: binary.name.clone(),
                        package: package.name.to_string(),
                        source: source.strip_prefix(root).unwrap_or(source).to_owned(),
                        snapshot: snapshot_path(topic, &binary.name),
                    });
                }
            }
        }
        lessons.sort_by_key(Lesson::label);
        let mut orphans = snapshots(root)?;
        orphans.retain(|orphan| lessons.iter().all(|lesson| lesson.snapshot != orphan.path));

        let root = root.to_owned();
        let target = metadata.target_directory.into_std_path_buf();
        let packages = metadata.packages.into_iter();
        let packages = packages.map(|package| (package.name.to_string(), package)).collect();
        Ok(Self { root, target, lessons, orphans, packages })
    }

    /// The folders of the topics.
    pub fn topic_folders(&self) -> BTreeSet<PathBuf> {
        self.lessons.iter().map(Lesson::folder).collect()
    }

    /// The lessons of a topic in the order in which the README of the topic lists them.
    ///
    /// # Errors
    /// When there is a README that cannot be read.
    pub fn reading_order(&self, topic: &str) -> Result<Vec<&Lesson>> {
        let mut lessons: Vec<&Lesson> =
            self.lessons.iter().filter(|lesson| lesson.topic == topic).collect();
        let readme = Path::new(&format!("examples-{topic}")).join("README.md");
        if self.root.join(&readme).exists() {
            let text = read(&self.root, &readme)?;
            lessons.sort_by_key(|lesson| {
                text.find(&format!(". [`{}`](", lesson.name)).unwrap_or(usize::MAX)
            });
        }
        Ok(lessons)
    }

    /// The lesson with this name, which may be written `TOPIC/NAME`.
    ///
    /// # Errors
    /// When there is none; the message suggests the nearest name.
    pub fn find(&self, name: &str) -> Result<&Lesson> {
        let found =
            self.lessons.iter().find(|lesson| lesson.name == name || lesson.label() == name);
        found.ok_or_else(|| {
            let hint = nearest(
                name,
                self.lessons.iter().map(|lesson| lesson.name.clone()),
                "list",
                "lessons",
            );
            Error::new(format!("there is no lesson `{name}`{hint}"))
        })
    }
}

impl Lesson {
    /// `TOPIC/NAME`.
    pub fn label(&self) -> String {
        format!("{}/{}", self.topic, self.name)
    }

    /// The folder of its package.
    pub fn folder(&self) -> PathBuf {
        format!("examples-{}", self.topic).into()
    }

    /// The same program in Python, if there is one: `NAME.py`, or `NAME_.py` if Python has a module
    /// `NAME`, which all programs of the folder would import from there.
    pub fn python(&self, root: &Path) -> Option<PathBuf> {
        let folder = self.folder().join("python");
        let file = |end| folder.join(format!("{}{end}", self.name));
        [".py", "_.py"].map(file).into_iter().find(|path| root.join(path).is_file())
    }

    /// The error of a lesson that has no snapshot.
    pub fn missing_snapshot(&self) -> String {
        format!(
            "there is no snapshot `{}`; `cargo xtask run-all {} --bless` writes a draft",
            self.snapshot.display(),
            self.name
        )
    }

    /// What the program teaches: the first paragraph of its header.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn summary(&self, root: &Path) -> Result<String> {
        Ok(Header::of(&read(root, &self.source)?).summary.replace('\n', " "))
    }

    /// The arguments that the program takes, as its usage line names them: `[SECONDS]`.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn arguments(&self, root: &Path) -> Result<String> {
        let usage =
            format!(r"usage: {}((?: \[?[A-Z]+\]?(?:\.\.\.|…)?)+)", regex::escape(&self.name));
        let usage = Regex::new(&usage).expect("a literal name makes a valid expression");
        let source = read(root, &self.source)?;
        Ok(usage.captures(&source).map_or(String::new(), |found| found[1].trim().to_owned()))
    }

    /// The arguments of the sample in the header: `["0.2"]` after `-- 0.2`.
    ///
    /// # Errors
    /// When the source cannot be read, or its header has no sample.
    pub fn sample_arguments(&self, root: &Path) -> Result<Vec<String>> {
        let command = format!("//! $ cargo run -p {} --bin {}", self.package, self.name);
        let source = read(root, &self.source)?;
        let rest = source.lines().find_map(|line| line.strip_prefix(&command));
        let words = rest.and_then(|rest| match rest.strip_prefix(" -- ") {
            Some(arguments) => shlex::split(arguments),
            None => rest.is_empty().then(Vec::new),
        });
        words.ok_or_else(|| {
            let command = &command["//! ".len()..];
            let source = self.source.display();
            Error::new(format!(
                "the header of `{source}` has no sample that begins with `{command}`"
            ))
        })
    }
}

impl Orphan {
    /// The error of a snapshot without a lesson.
    pub fn problem(&self) -> String {
        let Self { topic, name, .. } = self;
        format!(
            "no lesson belongs to this snapshot: there is no binary `{name}` in `examples-{topic}`"
        )
    }
}

/// Selects lessons by their names.
#[derive(Debug)]
pub struct Selection<'a> {
    /// At least one of these must match; an empty list selects everything.
    pub filters: &'a [String],
    /// None of these may match.
    pub skip: &'a [String],
    /// A name must be equal to a filter instead of containing it.
    pub exact: bool,
}

impl Selection<'_> {
    /// Whether the lesson, or orphan, with this topic and name is selected.
    pub fn selects(&self, topic: &str, name: &str) -> bool {
        let any =
            |filters: &[String]| filters.iter().any(|filter| self.matches(filter, topic, name));
        (self.filters.is_empty() || any(self.filters)) && !any(self.skip)
    }

    /// A filter with a `/` is the beginning of `TOPIC/NAME`; one without is a part of the name.
    fn matches(&self, filter: &str, topic: &str, name: &str) -> bool {
        let label = format!("{topic}/{name}");
        if self.exact {
            filter == name || filter == label
        } else if filter.contains('/') {
            label.starts_with(filter)
        } else {
            name.contains(filter)
        }
    }

    /// Rejects a filter that matches nothing, and filters that together select nothing.
    ///
    /// # Errors
    /// When there is such a filter; the message suggests the nearest name or topic.
    pub fn check(&self, workspace: &Workspace) -> Result<()> {
        let names: Vec<(&str, &str)> = (workspace.lessons.iter())
            .map(|lesson| (&*lesson.topic, &*lesson.name))
            .chain(workspace.orphans.iter().map(|orphan| (&*orphan.topic, &*orphan.name)))
            .collect();
        for filter in self.filters.iter().chain(self.skip) {
            if !names.iter().any(|(topic, name)| self.matches(filter, topic, name)) {
                let topics = names.iter().map(|(topic, _)| format!("{topic}/"));
                let topics = topics.filter(|_| !self.exact);
                let candidates = names.iter().map(|(_, name)| (*name).to_owned()).chain(topics);
                let hint = nearest(filter, candidates, "list", "lessons");
                return Err(Error::new(format!("no lesson matches `{filter}`{hint}")));
            }
        }
        if names.iter().any(|(topic, name)| self.selects(topic, name)) {
            Ok(())
        } else {
            Err(Error::new("no lesson is selected, so there is nothing to run"))
        }
    }
}

/// `; did you mean …?`, or how to see all `things` if no candidate is near.
pub(crate) fn nearest(
    name: &str,
    candidates: impl Iterator<Item = String>,
    list: &str,
    things: &str,
) -> String {
    candidates
        .map(|candidate| (strsim::jaro_winkler(name, &candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map_or_else(
            || format!("; `cargo xtask {list}` shows all {things}"),
            |(_, candidate)| format!("; did you mean `{candidate}`?"),
        )
}

/// Where the snapshot of a lesson is. It is written with `/` on every system.
/// A path as it is written in links, on every system.
pub fn slashes(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn snapshot_path(topic: &str, name: &str) -> PathBuf {
    format!("{SNAPSHOTS}/{topic}/{name}.snap").into()
}

/// Every snapshot file, each as if it were an orphan.
fn snapshots(root: &Path) -> Result<Vec<Orphan>> {
    let mut found = Vec::new();
    for topic in names(root, Path::new(SNAPSHOTS))? {
        for file in names(root, &Path::new(SNAPSHOTS).join(&topic))? {
            if let Some(name) = file.strip_suffix(".snap") {
                let path = snapshot_path(&topic, name);
                found.push(Orphan { topic: topic.clone(), name: name.to_owned(), path });
            }
        }
    }
    Ok(found)
}

/// The names of what is in a folder, sorted. Empty if it is not a folder.
fn names(root: &Path, folder: &Path) -> Result<Vec<String>> {
    if !root.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let names: io::Result<Vec<String>> = fs::read_dir(root.join(folder)).and_then(|entries| {
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    });
    let mut names = names.map_err(|error| Error::io("read the folder", folder, &error))?;
    names.sort();
    Ok(names)
}

fn read(root: &Path, path: &Path) -> Result<String> {
    fs::read_to_string(root.join(path)).map_err(|error| Error::io("read", path, &error))
}
