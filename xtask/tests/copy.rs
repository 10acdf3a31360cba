//! `cargo xtask copy`. The package `tests` checks that a copy of each lesson builds and passes.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::Workspace;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, starts_with};
use tempfile::TempDir;

const MANIFEST: &str = r#"[package]
name = "examples-toy"
edition = "2024"
rust-version = "1.86"

[dependencies]
big-crate = { version = "1.2", default-features = false, features = ["a", "b"] }
other = "0.3"
own = { path = "../own" }
renamed = { package = "real", version = "=2.0.1" }

[dev-dependencies]
tester = "1"
"#;

/// Two examples: `plain` uses no crate, `rich` two of four.
fn workspace() -> Workspace {
    let workspace = Workspace::new().lesson("plain", "println!(\"hi\");");
    workspace.write("examples-toy/Cargo.toml", MANIFEST);
    workspace.write("own/Cargo.toml", "[package]\nname = \"own\"\nedition = \"2024\"\n");
    workspace.write("own/src/lib.rs", "");
    workspace.write(
        "examples-toy/src/bin/rich.rs",
        "//! The lesson.\n//!\n//! ```text\n//! $ cargo run -p examples-toy --bin rich -- 0.2\n\
         //! ```\n//! Or `cargo run -p examples-toy --bin rich`; not --bin rich_too: `cargo run -p \
         examples-toy --bin rich_too`.\n\nuse renamed as _;\n\n#[big_crate::main]\nfn main() {\n    \
         // cargo run -p examples-toy --bin rich, other\n    println!(\"other\");\n}\n",
    );
    workspace
}

/// All files below a folder, by their paths from there.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inner)).expect("the folder can be read") {
            let path = inner.join(entry.unwrap().file_name());
            if folder.join(&path).is_dir() {
                folders.push(path);
            } else {
                found.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_copy_is_the_file_with_a_project_around_it() {
    let (workspace, home) = (workspace(), TempDir::new().unwrap());
    let folder = home.path().join("a/b");
    let read = |path: &str| fs::read_to_string(folder.join(path)).unwrap();
    let assert = workspace.xtask(["copy", "rich", folder.to_str().unwrap()]).assert().code(0);
    assert.stdout(format!(
        "copied `rich` to `{}`; run it there with `cargo run -- 0.2`\n",
        folder.display()
    ));
    assert_eq!(
        files(home.path()),
        ["a/b/.gitignore", "a/b/Cargo.toml", "a/b/README.md", "a/b/src/main.rs"]
    );
    assert_eq!(
        read("src/main.rs"),
        "//! The lesson.\n//!\n//! ```text\n//! $ cargo run -- 0.2\n//! ```\n//! Or `cargo run`; not \
         --bin rich_too: `cargo run -p examples-toy --bin rich_too`.\n\nuse renamed as \
         _;\n\n#[big_crate::main]\nfn main() {\n    // cargo run -p examples-toy --bin rich, \
         other\n    println!(\"other\");\n}\n"
    );
    assert_eq!(
        read("Cargo.toml"),
        "[package]\nname = \"rich\"\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \
         \"1.86.0\"\npublish = false\n\n[dependencies]\nbig-crate = { version = \"1.2\", \
         default-features = false, features = [\"a\", \"b\"] }\nrenamed = { version = \"=2.0.1\", \
         package = \"real\" }\n\n# This makes it a workspace of its own, whatever the folders above it \
         belong to.\n[workspace]\n"
    );
    let readme = read("README.md");
    for part in ["# rich\n\nThe lesson.\n", "$ cargo run -- 0.2\n", "$ cargo xtask check rich -- "]
    {
        assert!(readme.contains(part), "{readme}");
    }
}

#[test]
fn what_is_there_already_is_left_alone() {
    let (workspace, home) = (workspace(), TempDir::new().unwrap());
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(home.path().join("full")).unwrap();
    fs::write(home.path().join("full/mine"), "").unwrap();
    workspace.write("examples-toy/src/bin/leans.rs", "//! The lesson.\nuse own::help;");
    for (name, folder, why) in [
        ("plain", path("full"), "it is not empty"),
        ("plain", path("full/mine"), "is not a folder"),
        ("plain", path("full/mine/inner"), "is not a folder"),
        ("plain", path("none/../new"), "there is a `..` after a folder that does not exist"),
        ("plain", "here".to_owned(), "it lies in the workspace"),
        ("plain", "examples-toy/src/../new".to_owned(), "it lies in the workspace"),
        ("plane", path("new"), "there is no lesson `plane`; did you mean `plain`?"),
        ("leans", path("new"), "it uses `own`, a package of this workspace"),
    ] {
        let assert = workspace.xtask(["copy", name, &folder]).assert().code(2);
        assert.stdout("").stderr(starts_with("error: ")).stderr(contains(why));
        // A second name changes nothing.
        workspace.xtask(["copy", "rich", name, &folder]).assert().code(2).stderr(contains(why));
    }
    let none = workspace.xtask(["copy", "rich", "plain"]).assert().code(2);
    none.stderr(contains("the folder is missing: `plain` is a lesson"));
    for (word, missing) in [("plain", "folder"), ("somewhere", "lesson")] {
        let one = workspace.xtask(["copy", word]).assert().code(2);
        let form = contains("write `cargo xtask copy NAME... DIR`\n");
        one.stderr(starts_with(format!("error: the {missing} is missing")).and(form));
    }
    let twice = workspace.xtask(["copy", "plain", "toy/plain", &path("new")]).assert().code(2);
    twice.stderr("error: `plain` is named twice\n");
    assert_eq!(files(home.path()), ["full/mine"]);
    assert!(!workspace.path("here").exists());
}

#[test]
#[cfg(unix)]
fn a_link_does_not_lead_into_the_workspace() {
    let (workspace, home) = (workspace(), TempDir::new().unwrap());
    let link = home.path().join("link");
    std::os::unix::fs::symlink(workspace.path("examples-toy"), &link).unwrap();
    let inside = link.join("new");
    let assert = workspace.xtask(["copy", "plain", inside.to_str().unwrap()]).assert().code(2);
    assert.stderr(contains("it lies in the workspace"));
}

/// The folder is shown as the one that it is, and not as the way that leads there.
#[test]
fn the_path_of_a_copy_is_the_shortest() {
    let (workspace, home) = (workspace(), TempDir::new().unwrap());
    let home = home.path().canonicalize().unwrap();
    fs::create_dir(home.join("a")).unwrap();
    let detour = home.join("a").join("..").join("c");
    let assert = workspace.xtask(["copy", "plain", detour.to_str().unwrap()]).assert().code(0);
    let folder = home.join("c");
    assert.stdout(contains(format!("copied `plain` to `{}`;", folder.display())));
    assert_eq!(fs::read_to_string(folder.join(".gitignore")).unwrap(), "/target\n");
}

#[test]
fn several_names_make_several_projects() {
    let (workspace, home) = (workspace(), TempDir::new().unwrap());
    let folder = home.path().to_str().unwrap();
    workspace.xtask(["copy", "plain", "rich", folder]).assert().code(0);
    let files = files(home.path());
    let of = |name: &str| {
        [".gitignore", "Cargo.toml", "README.md", "src/main.rs"]
            .map(|file| format!("{name}/{file}"))
    };
    assert_eq!(files, [of("plain"), of("rich")].concat());
    let manifest = fs::read_to_string(home.path().join("plain/Cargo.toml")).unwrap();
    assert!(manifest.contains("[dependencies]\n\n"), "{manifest}");
}

#[test]
fn a_folder_is_required() {
    workspace().xtask(["copy", "plain"]).assert().code(2).stderr(contains("NAME... DIR"));
}
