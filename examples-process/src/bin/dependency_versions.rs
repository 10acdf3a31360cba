//! `Cargo.lock` names the exact version of each package that a program is built with.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `!jupyter --version` | the packages that this program's package asks for |
//! | `importlib.metadata.version("jupyter")` | the line in `Cargo.lock`, which Cargo keeps |
//!
//! Python looks up what is installed when it runs. A Rust program carries its packages inside, so
//! what counts is what Cargo chose when it built it, and `Cargo.lock` is where that is written.
//! This program reads that file when it runs, so it is right as long as `cargo run` starts it,
//! which builds first. `use … as _` builds a package in without calling it by any name.
//!
//! ```text
//! $ cargo run -p examples-process --bin dependency_versions
//! ipc-channel : 0.22.0
//! procspawn   : 1.0.2
//! serde       : 1.0.229
//! ```
//!
//! **Always:** what the package asks for in its `Cargo.toml`, by name. It reads a file and runs
//! nothing. In another project it lists that one's packages.
//!
//! **May differ:** after `cargo update`, the versions, as far as `Cargo.toml` lets them.
//!
//! **Try:** in the folder of the package, `cargo tree --depth 1`, which tells the same, and without
//! `--depth 1` also what these packages ask for in their turn.

use ipc_channel as _;
use procspawn as _;
use serde as _;
use std::path::Path;
use std::{fs, process};

fn main() {
    let package = env!("CARGO_PKG_NAME");
    let Some(lock) = read_lock_file(package) else {
        eprintln!("error: no Cargo.lock from {} up knows {package}", env!("CARGO_MANIFEST_DIR"));
        process::exit(1)
    };

    let mut versions = Vec::new();
    for dependency in dependencies_of(&lock, package) {
        // The version stands here too where several versions of one package are in use.
        let (name, version) = match dependency.split_once(' ') {
            Some((name, version)) => (name, version.split(' ').next()),
            None => (dependency, version_of(&lock, dependency)),
        };
        versions.push((name, version.unwrap_or("unknown")));
    }

    let width = versions.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, version) in versions {
        println!("{name:width$} : {version}");
    }
}

/// The nearest `Cargo.lock` that knows the package: a workspace keeps one for all its members.
fn read_lock_file(package: &str) -> Option<String> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut locks = folders.filter_map(|folder| fs::read_to_string(folder.join("Cargo.lock")).ok());
    locks.find(|lock| entry_of(lock, package).is_some())
}

/// The lines of one package. Cargo writes the file in one fixed form, so no parser is needed.
fn entry_of<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    lock.split("[[package]]").find(|entry| entry.lines().any(|line| line == name))
}

fn version_of<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = entry_of(lock, package)?.lines();
    lines.find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
}

fn dependencies_of<'a>(lock: &'a str, package: &str) -> impl Iterator<Item = &'a str> {
    let lines = entry_of(lock, package).into_iter().flat_map(str::lines);
    lines.filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\","))
}
