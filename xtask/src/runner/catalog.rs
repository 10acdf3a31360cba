//! Which examples there are, as Cargo sees the workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use cargo_metadata::{MetadataCommand, Package};
use regex::Regex;

use crate::runner::Trouble;

/// The examples of a workspace. All paths but [`root`](Self::root) and [`target`](Self::target)
/// are relative to its root.
#[derive(Debug)]
pub struct Catalog {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// The examples, by topic and name.
    pub examples: Vec<Example>,
    /// Snapshots that belong to no example.
    pub orphans: Vec<Orphan>,
    /// The packages of the workspace, by name.
    pub(super) packages: BTreeMap<String, Package>,
}

/// A program that teaches one thing.
#[derive(Debug, Clone)]
pub struct Example {
    /// The part of the package's name behind `examples-`.
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

/// A snapshot without an example.
#[derive(Debug, Clone)]
pub struct Orphan {
    /// The folder that it lies in.
    pub topic: String,
    /// The file's name without `.snap`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// The folder of the snapshots, which holds one folder for each topic.
const SNAPSHOTS: &str = "tests/snapshots";

impl Catalog {
    /// Looks through the workspace that `directory` belongs to.
    ///
    /// # Errors
    /// When Cargo cannot read the workspace, or two of its packages have a binary of one name:
    /// Cargo would silently put one in the place of the other.
    pub fn load(directory: &Path) -> Result<Self, Trouble> {
        let metadata =
            MetadataCommand::new().current_dir(directory).no_deps().exec().map_err(|error| {
                Trouble(format!("cannot read the workspace of `{}`: {error}", directory.display()))
            })?;
        let root = metadata.workspace_root.as_std_path();

        let mut package_of = BTreeMap::new();
        let mut examples = Vec::new();
        for package in metadata.workspace_packages() {
            for binary in package.targets.iter().filter(|target| target.is_bin()) {
                if let Some(other) = package_of.insert(&binary.name, &package.name) {
                    return Err(Trouble(format!(
                        "the packages `{other}` and `{}` both have a binary `{}`: rename one, as \
                         they would overwrite each other",
                        package.name, binary.name
                    )));
                }
                if let Some(topic) = package.name.strip_prefix("examples-") {
                    let source = binary.src_path.as_std_path();
                    examples.push(Example {
                        topic: topic.to_owned(),
                        name: binary.name.clone(),
                        package: package.name.to_string(),
                        source: source.strip_prefix(root).unwrap_or(source).to_owned(),
                        snapshot: snapshot_path(topic, &binary.name),
                    });
                }
            }
        }
        examples.sort_by_key(Example::label);
        let mut orphans = snapshots(root)?;
        orphans.retain(|orphan| examples.iter().all(|example| example.snapshot != orphan.path));

        let root = root.to_owned();
        let target = metadata.target_directory.into_std_path_buf();
        let packages = metadata.packages.into_iter();
        let packages = packages.map(|package| (package.name.to_string(), package)).collect();
        Ok(Self { root, target, examples, orphans, packages })
    }

    /// The example of this name.
    ///
    /// # Errors
    /// When there is none; the nearest name is suggested.
    pub fn find(&self, name: &str) -> Result<&Example, Trouble> {
        let found =
            self.examples.iter().find(|example| example.name == name || example.label() == name);
        found.ok_or_else(|| {
            let hint = nearest(name, self.examples.iter().map(|example| example.name.clone()));
            Trouble(format!("there is no example `{name}`{hint}"))
        })
    }
}

impl Example {
    /// `TOPIC/NAME`.
    pub fn label(&self) -> String {
        format!("{}/{}", self.topic, self.name)
    }

    /// What is wrong where it has no snapshot.
    pub fn without_snapshot(&self) -> String {
        format!(
            "it has no snapshot `{}`; `cargo xtask run-all {} --bless` drafts one",
            self.snapshot.display(),
            self.name
        )
    }

    /// What the program teaches: the first paragraph of its header.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn lesson(&self, root: &Path) -> Result<String, Trouble> {
        let source = read(root, &self.source)?;
        let paragraph = source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(str::trim)
            .skip_while(|line| line.is_empty())
            .take_while(|line| !line.is_empty());
        Ok(paragraph.collect::<Vec<_>>().join(" "))
    }

    /// The arguments that the program takes, as its usage line names them: `[SECONDS]`.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn arguments(&self, root: &Path) -> Result<String, Trouble> {
        let usage =
            format!(r"usage: {}((?: \[?[A-Z]+\]?(?:\.\.\.|…)?)+)", regex::escape(&self.name));
        let usage = Regex::new(&usage).expect("a literal name makes a valid expression");
        let source = read(root, &self.source)?;
        Ok(usage.captures(&source).map_or(String::new(), |found| found[1].trim().to_owned()))
    }
}

impl Orphan {
    /// What is wrong with it.
    pub fn problem(&self) -> String {
        let Self { topic, name, .. } = self;
        format!(
            "no example belongs to this snapshot: there is no binary `{name}` in `examples-{topic}`"
        )
    }
}

/// Names what is to be run, and what not.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// One of these must match; none at all selects everything.
    pub filters: Vec<String>,
    /// None of these may match.
    pub skip: Vec<String>,
    /// A name must be equal to a filter instead of containing it.
    pub exact: bool,
}

impl Selection {
    /// Whether the example, or orphan, of this topic and name is selected.
    pub fn selects(&self, topic: &str, name: &str) -> bool {
        let any =
            |filters: &[String]| filters.iter().any(|filter| self.matches(filter, topic, name));
        (self.filters.is_empty() || any(&self.filters)) && !any(&self.skip)
    }

    /// A filter with a `/` is the beginning of `TOPIC/NAME`; without, a part of the name.
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

    /// Refuses a filter that matches nothing, and filters that together leave nothing.
    ///
    /// # Errors
    /// When there is such a filter, the nearest name or topic is suggested.
    pub fn check(&self, catalog: &Catalog) -> Result<(), Trouble> {
        let names: Vec<(&str, &str)> = (catalog.examples.iter())
            .map(|example| (&*example.topic, &*example.name))
            .chain(catalog.orphans.iter().map(|orphan| (&*orphan.topic, &*orphan.name)))
            .collect();
        for filter in self.filters.iter().chain(&self.skip) {
            if !names.iter().any(|(topic, name)| self.matches(filter, topic, name)) {
                let candidates = names
                    .iter()
                    .flat_map(|(topic, name)| [(*name).to_owned(), format!("{topic}/")]);
                let hint = nearest(filter, candidates);
                return Err(Trouble(format!("no example matches `{filter}`{hint}")));
            }
        }
        if names.iter().any(|(topic, name)| self.selects(topic, name)) {
            Ok(())
        } else {
            Err(Trouble("no example is selected, so there is nothing to run".to_owned()))
        }
    }
}

/// `; did you mean …?`, or where no candidate is near, how to see all.
fn nearest(name: &str, candidates: impl Iterator<Item = String>) -> String {
    candidates
        .map(|candidate| (strsim::jaro_winkler(name, &candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map_or_else(
            || "; `cargo xtask list` names all".to_owned(),
            |(_, candidate)| format!("; did you mean `{candidate}`?"),
        )
}

/// Where the snapshot of an example is, with the slashes of every system.
fn snapshot_path(topic: &str, name: &str) -> PathBuf {
    format!("{SNAPSHOTS}/{topic}/{name}.snap").into()
}

/// Every snapshot file, each as if it were an orphan.
fn snapshots(root: &Path) -> Result<Vec<Orphan>, Trouble> {
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

/// What is in a folder, sorted; nothing where it is no folder.
fn names(root: &Path, folder: &Path) -> Result<Vec<String>, Trouble> {
    if !root.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let names: io::Result<Vec<String>> = fs::read_dir(root.join(folder)).and_then(|entries| {
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    });
    let mut names = names.map_err(|error| Trouble::with("read the folder", folder, &error))?;
    names.sort();
    Ok(names)
}

fn read(root: &Path, path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(root.join(path)).map_err(|error| Trouble::with("read", path, &error))
}
