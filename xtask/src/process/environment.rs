//! The environment of a program: the user's, without what Cargo has added, and without the variables
//! that would change what the program prints.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Cargo sets these for a program that `cargo run` starts. A program that is started without Cargo
/// does not have them. Every other `CARGO_…` variable is the user's.
const SET_BY_CARGO: [&str; 4] = ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "OUT_DIR"];

/// Cargo describes the package in variables with this prefix.
const SET_BY_CARGO_PREFIX: &str = "CARGO_PKG_";

/// These change what a program prints, or how many threads it has.
const CHANGE_OUTPUT: [&str; 12] = [
    "RUST_BACKTRACE",
    "RUST_LIB_BACKTRACE",
    "RUST_LOG",
    "RUST_LOG_STYLE",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "COLUMNS",
    "LINES",
    "RAYON_NUM_THREADS",
    "TOKIO_WORKER_THREADS",
];

/// Cargo puts its own folders in front of the user's folders in these.
const LIBRARY_PATHS: [&str; 3] =
    ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];

/// Removes from a program's environment what Cargo has set for this process, and what would change
/// the program's output.
pub(super) fn clean(command: &mut Command) {
    for (name, value) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if LIBRARY_PATHS.contains(&text) {
            match without_folders_in(&value, &cargo_folders()) {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        } else if SET_BY_CARGO.contains(&text)
            || text.starts_with(SET_BY_CARGO_PREFIX)
            || CHANGE_OUTPUT.contains(&text)
        {
            command.env_remove(name);
        }
    }
}

/// The folders below which Cargo adds to the library paths: that of this build, and the toolchain.
fn cargo_folders() -> Vec<PathBuf> {
    let of_build = env::current_exe().ok().and_then(|program| {
        let folder = program.parent()?;
        // Test programs lie one folder deeper.
        Some(if folder.ends_with("deps") { folder.parent()? } else { folder }.to_owned())
    });
    let of_toolchain = env::var_os("CARGO")
        .and_then(|cargo| Some(Path::new(&cargo).parent()?.parent()?.join("lib")));
    of_build.into_iter().chain(of_toolchain).collect()
}

/// A list of paths without those in these folders. `None` if no path is left.
fn without_folders_in(paths: &OsStr, folders: &[PathBuf]) -> Option<OsString> {
    let is_other = |path: &PathBuf| !folders.iter().any(|folder| path.starts_with(folder));
    let rest: Vec<PathBuf> = env::split_paths(paths).filter(is_other).collect();
    if rest.is_empty() { None } else { env::join_paths(rest).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folders_of_cargo_are_removed() {
        let paths = env::join_paths(["/w/target/debug/deps", "/mine", "/r/lib/rustlib/x"]).unwrap();
        let cargo = ["/w/target/debug".into(), "/r/lib".into()];
        assert_eq!(without_folders_in(&paths, &cargo), Some("/mine".into()));
        assert_eq!(without_folders_in(&paths, &["/".into()]), None);
        assert_eq!(without_folders_in(&paths, &[]), Some(paths));
    }
}
