//! Examples taken along: each becomes a Cargo project of its own.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use std::{fs, io, path};

use cargo_metadata::{Dependency, DependencyKind, Package};
use proc_macro2::{TokenStream, TokenTree};
use regex::Regex;

use crate::runner::Trouble;
use crate::runner::build::cargo;
use crate::runner::cancel::Cancel;
use crate::runner::catalog::{Catalog, Example};

/// A copied example.
#[derive(Debug)]
pub struct Copied {
    /// The name of the example, of the package and of its program.
    pub name: String,
    /// The folder of the project.
    pub folder: PathBuf,
    /// The command that runs it there.
    pub command: String,
}

/// Makes projects of these examples: of one in `folder` itself, of several in a folder each below
/// it. Each has the workspace's versions, down to its `Cargo.lock`.
///
/// # Errors
/// When `folder` is not empty or lies in the workspace, when a source does not stand by itself, or
/// when something cannot be written. Then all is as it was before.
pub fn copy(
    catalog: &Catalog,
    examples: &[&Example],
    folder: &Path,
    cancel: &Cancel,
) -> Result<Vec<Copied>, Trouble> {
    let place = Place::find(folder, &catalog.root)?;
    // Everything is made beside its place and moved there when it is whole.
    let draft = tempfile::Builder::new()
        .prefix(".copy-")
        .tempdir_in(&place.ground)
        .map_err(|error| Trouble::with("write into", &place.ground, &error))?;
    let below = draft.path().join(&place.rest);

    let mut copied = Vec::new();
    for example in examples {
        let (mut project, mut below) = (place.folder(), below.clone());
        if examples.len() > 1 {
            project.push(&example.name);
            below.push(&example.name);
        }
        let text = Project::of(example, catalog, &project)?;
        text.write(&below, &catalog.root)
            .map_err(|error| Trouble::with("write", &project, &error))?;
        copied.push(Copied { name: example.name.clone(), folder: project, command: text.command });
    }
    if cancel.is_set() {
        return Err(Trouble("the copy was stopped".to_owned()));
    }
    move_all(draft.path(), &place.ground)
        .map_err(|error| Trouble::with("write", &place.folder(), &error))?;
    Ok(copied)
}

/// Where a copy goes.
struct Place {
    /// The nearest folder that is there already.
    ground: PathBuf,
    /// What has to be made below it.
    rest: PathBuf,
}

impl Place {
    fn find(folder: &Path, root: &Path) -> Result<Self, Trouble> {
        let refused = |why: &str| Trouble(format!("cannot copy to `{}`: {why}", folder.display()));
        let whole = path::absolute(folder)
            .map_err(|error| Trouble::with("find the folder", folder, &error))?;
        let ground = whole.ancestors().find(|above| above.symlink_metadata().is_ok());
        let ground = ground.ok_or_else(|| refused("no folder above it is there"))?;
        let rest = whole.strip_prefix(ground).unwrap_or(Path::new("")).to_owned();
        if rest.components().any(|part| part == Component::ParentDir) {
            return Err(refused("a `..` stands behind a folder that is not there"));
        }
        if !ground.is_dir() {
            return Err(refused(&format!("`{}` is no folder", ground.display())));
        }
        // Links and `..` may lead into the workspace, whatever the name looks like.
        let real = |path: &Path| {
            path.canonicalize().map_err(|error| Trouble::with("find the folder", path, &error))
        };
        if real(ground)?.starts_with(real(root)?) {
            return Err(refused("it lies in the workspace of the examples"));
        }
        let is_empty = || fs::read_dir(ground).is_ok_and(|mut entries| entries.next().is_none());
        if rest.as_os_str().is_empty() && !is_empty() {
            return Err(refused("it is not empty"));
        }
        Ok(Self { ground: ground.to_owned(), rest })
    }

    fn folder(&self) -> PathBuf {
        // Joined with nothing a path would get a slash at its end.
        self.ground.components().chain(self.rest.components()).collect()
    }
}

/// Moves what is in one folder into another. After an error all of it is gone again there.
fn move_all(from: &Path, to: &Path) -> io::Result<()> {
    let mut moved: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if let Err(error) = fs::rename(entry.path(), &place) {
            for path in moved {
                // The error that matters is the first one.
                let _ =
                    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            }
            return Err(error);
        }
        moved.push(place);
    }
    Ok(())
}

/// The files of a project, but for its `Cargo.lock`.
struct Project {
    command: String,
    source: String,
    manifest: String,
    readme: String,
}

impl Project {
    fn of(example: &Example, catalog: &Catalog, folder: &Path) -> Result<Self, Trouble> {
        let Catalog { root, packages, .. } = catalog;
        let path = &example.source;
        let source = fs::read_to_string(root.join(path))
            .map_err(|error| Trouble::with("read", path, &error))?;
        let source = at_home(&source, example);
        let manifest = manifest(example, &packages[&example.package], &source)?;
        let command = (source.lines())
            .find_map(|line| line.strip_prefix("//! $ "))
            .filter(|command| command.starts_with("cargo run"))
            .unwrap_or("cargo run")
            .to_owned();
        let readme = readme(&example.name, &example.lesson(root)?, &command, folder);
        Ok(Self { command, source, manifest, readme })
    }

    /// Writes all files into a new folder.
    fn write(&self, folder: &Path, root: &Path) -> io::Result<()> {
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("src/main.rs"), &self.source)?;
        fs::write(folder.join("Cargo.toml"), &self.manifest)?;
        fs::write(folder.join("README.md"), &self.readme)?;
        if root.join("Cargo.lock").exists() {
            fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
            trim_lock(folder)?;
        }
        Ok(())
    }
}

/// Takes out of a project's `Cargo.lock` what it does not use. Where Cargo cannot do that without
/// a network, it does it when it first builds the project.
fn trim_lock(folder: &Path) -> io::Result<()> {
    let mut cargo = cargo();
    cargo.current_dir(folder).args(["update", "--workspace", "--offline", "--quiet"]);
    cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().map(drop)
}

/// The source with its run command such as it is where the program is the only one.
fn at_home(source: &str, example: &Example) -> String {
    let Example { package, name, .. } = example;
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

fn manifest(example: &Example, package: &Package, source: &str) -> Result<String, Trouble> {
    let path = example.source.display();
    let tokens = source
        .parse()
        .map_err(|error| Trouble(format!("cannot read `{path}` as Rust: {error}")))?;
    let mut words = HashSet::new();
    words_of(tokens, &mut words);
    let mut text = format!(
        "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"{}\"\n",
        example.name, package.edition
    );
    if let Some(version) = &package.rust_version {
        text += &format!("rust-version = \"{version}\"\n");
    }
    text += "publish = false\n\n[dependencies]\n";
    let mut dependencies: Vec<&Dependency> = (package.dependencies.iter())
        .filter(|dependency| dependency.kind == DependencyKind::Normal)
        .filter(|dependency| words.contains(&called(dependency).replace('-', "_")))
        .collect();
    dependencies.sort_by_key(|dependency| called(dependency));
    for dependency in dependencies {
        if dependency.source.is_none() {
            return Err(Trouble(format!(
                "`{path}` does not stand by itself: it uses `{}`, which lies in this workspace",
                dependency.name
            )));
        }
        text += &format!("{} = {}\n", called(dependency), requirement(dependency));
    }
    text += "\n# A workspace of its own, whatever the folders above it belong to.\n[workspace]\n";
    Ok(text)
}

/// What a dependency is called in its manifest.
fn called(dependency: &Dependency) -> &str {
    dependency.rename.as_deref().unwrap_or(&dependency.name)
}

/// What stands behind the `=` of a dependency.
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

/// The words of a source outside of its comments and strings, the names of crates among them. One
/// that is called like a crate and is none would only cost a dependency that is not needed.
fn words_of(source: TokenStream, words: &mut HashSet<String>) {
    for token in source {
        match token {
            TokenTree::Ident(word) => _ = words.insert(word.to_string()),
            TokenTree::Group(group) => words_of(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn readme(name: &str, lesson: &str, command: &str, folder: &Path) -> String {
    let manifest = folder.join("Cargo.toml").display().to_string();
    // A path that no shell can be told is shown as it is.
    let manifest = shlex::try_quote(&manifest).map_or(manifest.clone(), Into::into);
    format!(
        "# {name}\n\n{lesson}\n\n```console\n$ {command}\n```\n\n\
         `src/main.rs` tells above its `main` what is the same in every run, what may differ, and \
         what to try.\n\n\
         To hold it to the snapshot of all its legal outputs, `cargo build` it here. Then, in the \
         workspace of\nthe examples:\n\n\
         ```console\n$ cargo xtask check {name} -- cargo run --quiet --manifest-path {manifest} --\n```\n"
    )
}
