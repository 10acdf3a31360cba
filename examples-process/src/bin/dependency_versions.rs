//! `Cargo.lock` names the exact version of each package that a program is built with.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `!jupyter --version` | the dependencies of this program's package |
//! | `importlib.metadata.version("jupyter")` | the entry of the package in `Cargo.lock` |
//!
//! Python looks up which packages are installed when the program runs. A Rust program contains its
//! packages, and `Cargo.lock` says which versions Cargo has built it with. This program reads that
//! file when it runs, so start it with `cargo run`, which builds it first. The lines `use … as _`
//! link the three packages. Nothing here calls them.
//!
//! ```text
//! $ cargo run -p examples-process --bin dependency_versions
//! ipc-channel : 0.22.0
//! procspawn   : 1.0.2
//! serde       : 1.0.229
//! ```
//!
//! **Always:** the packages that `Cargo.toml` names for this package, in the order of their names.
//!
//! **May differ:** the versions, after `cargo update`.
//!
//! **Try:** write `"procspawn"` instead of `env!("CARGO_PKG_NAME")`. It prints the packages that
//! procspawn uses. `windows` is always among them, because `Cargo.lock` is the same on every
//! system. `cargo tree -p procspawn --depth 1` prints only those that are built on yours.

use ipc_channel as _;
use procspawn as _;
use serde as _;
use std::path::Path;
use std::{fs, process};

fn main() {
    let package = env!("CARGO_PKG_NAME");
    let Some(lock) = read_lock_file(package) else {
        eprintln!("error: no Cargo.lock from {} up has {package}", env!("CARGO_MANIFEST_DIR"));
        process::exit(1)
    };

    let mut versions = Vec::new();
    for dependency in dependencies_of(&lock, package) {
        // If several versions of a package are in use, the version follows its name.
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

/// Reads the nearest `Cargo.lock` that has the package. A workspace has one for all its members.
fn read_lock_file(package: &str) -> Option<String> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut locks = folders.filter_map(|folder| fs::read_to_string(folder.join("Cargo.lock")).ok());
    locks.find(|lock| entry_of(lock, package).is_some())
}

/// Returns the lines about one package. Cargo always writes them in the same form.
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
