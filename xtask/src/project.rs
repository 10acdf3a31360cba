//! A lesson as a Cargo project of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{fs, io};

use cargo_metadata::{Dependency, DependencyKind, Package};
use regex::Regex;

use crate::build::cargo;
use crate::cancel::Cancel;
use crate::destination::Destination;
use crate::error::{Error, Result};
use crate::workspace::{Lesson, Workspace};

const OWN_WORKSPACE: &str = "
# This makes it a workspace of its own, whatever the folders above it belong to.
[workspace]
";

/// The files of a project, apart from its `Cargo.lock`.
pub struct Project {
    /// The command that runs the program, from the lesson's header.
    pub command: String,
    /// Its `src/main.rs`.
    pub source: String,
    /// Its `Cargo.toml`, without the line that makes it a workspace of its own.
    pub manifest: String,
}

/// A project that is to be written.
pub struct NewProject {
    /// Where it belongs, below the destination.
    pub below: PathBuf,
    /// Its other files.
    pub project: Project,
    /// Its `README.md`.
    pub readme: String,
}

impl Project {
    /// The project of a lesson.
    ///
    /// # Errors
    /// When the source cannot be read, or depends on a package of the workspace.
    pub fn new(lesson: &Lesson, workspace: &Workspace) -> Result<Self> {
        let root = &workspace.root;
        let source = fs::read_to_string(root.join(&lesson.source))
            .map_err(|error| Error::io("read", &lesson.source, &error))?;
        Self::of_source(lesson, &lesson.name, &source, workspace)
    }

    /// The project of a lesson whose source was changed. The package has this name.
    ///
    /// # Errors
    /// When the source depends on a package of the workspace.
    pub fn of_source(
        lesson: &Lesson,
        name: &str,
        source: &str,
        workspace: &Workspace,
    ) -> Result<Self> {
        let source = with_short_commands(source, lesson);
        let manifest = manifest(lesson, name, &workspace.packages[&lesson.package], &source)?;
        let command = (source.lines())
            .find_map(|line| line.strip_prefix("//! $ "))
            .filter(|command| command.starts_with("cargo run"))
            .unwrap_or("cargo run")
            .to_owned();
        Ok(Self { command, source, manifest })
    }

    /// Writes all files to a new folder.
    fn write(&self, readme: &str, folder: &Path, root: &Path) -> io::Result<()> {
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("src/main.rs"), &self.source)?;
        fs::write(folder.join("Cargo.toml"), format!("{}{OWN_WORKSPACE}", self.manifest))?;
        fs::write(folder.join("README.md"), readme)?;
        fs::write(folder.join(".gitignore"), "/target\n")?;
        if root.join("Cargo.lock").exists() {
            fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
            trim_lock(folder)?;
        }
        Ok(())
    }
}

/// Writes projects to a new folder outside of the workspace at `root`.
///
/// # Errors
/// When something cannot be written. Then everything is as it was before.
pub fn write_projects(
    projects: &[NewProject],
    destination: Destination,
    root: &Path,
    cancel: &Cancel,
) -> Result<()> {
    for NewProject { below, project, readme } in projects {
        project
            .write(readme, &destination.draft_path(below), root)
            .map_err(|error| Error::io("write", &destination.final_path(below), &error))?;
    }
    if cancel.is_set() {
        return Err(Error::new("it was cancelled"));
    }
    destination.publish()
}

/// Removes from a project's `Cargo.lock` what it does not use. If Cargo cannot do that without a
/// network, it does so when it first builds the project.
fn trim_lock(folder: &Path) -> io::Result<()> {
    let mut cargo = cargo();
    cargo.current_dir(folder).args(["update", "--workspace", "--offline", "--quiet"]);
    cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().map(drop)
}

/// The source with `cargo run` in its header instead of the command that names the package and the
/// binary, because a project has only one program.
fn with_short_commands(source: &str, lesson: &Lesson) -> String {
    let Lesson { package, name, .. } = lesson;
    let command = format!(
        r"cargo run (?:-p|--package) {} --bin {}\b",
        regex::escape(package),
        regex::escape(name)
    );
    let command = Regex::new(&command).expect("literal names make a valid expression");
    let lines = source.split_inclusive('\n').map(|line| {
        let is_header = line.starts_with("//!");
        if is_header { command.replace_all(line, "cargo run") } else { line.into() }
    });
    lines.collect()
}

fn manifest(lesson: &Lesson, name: &str, package: &Package, source: &str) -> Result<String> {
    let mut text = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"{}\"\n",
        package.edition
    );
    if let Some(version) = &package.rust_version {
        text += &format!("rust-version = \"{version}\"\n");
    }
    text += "publish = false\n\n[dependencies]\n";
    let mut dependencies: Vec<&Dependency> = (package.dependencies.iter())
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        .filter(|dependency| uses(source, &name_in_manifest(dependency).replace('-', "_")))
        .collect();
    dependencies.sort_by_key(|dependency| name_in_manifest(dependency));
    for dependency in dependencies {
        if dependency.source.is_none() {
            return Err(Error::new(format!(
                "`{}` cannot be copied: it uses `{}`, a package of this workspace",
                lesson.source.display(),
                dependency.name
            )));
        }
        text += &format!("{} = {}\n", name_in_manifest(dependency), requirement(dependency));
    }
    Ok(text)
}

/// Whether a source names this crate in a `use` or in a path, outside of comments.
fn uses(source: &str, name: &str) -> bool {
    let name = Regex::new(&format!(r"\buse {name}\b|\b{name}::"));
    let name = name.expect("the name of a crate makes a valid expression");
    source.lines().any(|line| name.is_match(line.split("//").next().unwrap_or_default()))
}

fn name_in_manifest(dependency: &Dependency) -> &str {
    dependency.rename.as_deref().unwrap_or(&dependency.name)
}

/// What comes after the `=` of a dependency.
fn requirement(dependency: &Dependency) -> String {
    // Cargo shows `1.2` as what it means, `^1.2`.
    let version = dependency.req.to_string();
    let version = format!("\"{}\"", version.strip_prefix('^').unwrap_or(&version));
    let mut keys = Vec::new();
    if dependency.rename.is_some() {
        keys.push(format!("package = \"{}\"", dependency.name));
    }
    if !dependency.uses_default_features {
        keys.push("default-features = false".to_owned());
    }
    if !dependency.features.is_empty() {
        keys.push(format!("features = {:?}", dependency.features));
    }
    if keys.is_empty() {
        return version;
    }
    format!("{{ version = {version}, {} }}", keys.join(", "))
}
