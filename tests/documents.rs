//! The documents say what is so.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::command::list;
use xtask::runner::catalog::Catalog;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

#[test]
fn the_readme_has_the_index_of_all_examples() {
    let catalog = Catalog::load(&root()).expect("a workspace");
    let index = list::markdown(&catalog).expect("all sources can be read");
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    assert!(
        readme.contains(&index),
        "put what `cargo xtask list --markdown` prints into README.md:\n{index}"
    );
}
