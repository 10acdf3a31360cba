//! `cargo xtask try`, and all that can be wrong with the page of a Try.

mod common;

use common::Workspace;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, ends_with, is_empty, starts_with};

const LESSON: &str = "//! Prints.\n//!\n//! $ cargo run -p examples-toy --bin its\n\n\
    fn main() {\n    println!(\"one\");\n    println!(\"two\");\n}\n";

/// A lesson that prints two lines, and the page of its Try, with this change and these blocks.
fn workspace(old: &str, new: &str, blocks: &str) -> Workspace {
    let workspace = Workspace::new().snapshot("its", "$ its\none\ntwo\n");
    workspace.write("examples-toy/src/bin/its.rs", LESSON);
    let page = format!(
        "# Try: print less\n\nOne line less.\n\n```diff\n--- a\n+++ b\n@@ -5,4 +5,4 @@\n fn main() {{\n     \
         println!(\"one\");\n-    {old}\n+    {new}\n }}\n```\n\n{blocks}\n"
    );
    workspace.write("examples-toy/tries/its.md", &page);
    workspace
}

const TWO: &str = "println!(\"two\");";
const ALWAYS: &str = "```snapshot\n$ its\none\nthree\n```\n";

#[test]
fn the_change_is_shown_and_its_output_is_compared_with_the_lesson() {
    let workspace = workspace(TWO, "println!(\"three\");", ALWAYS);
    let assert = workspace.xtask(["try", "its"]).assert().code(0).stderr(is_empty());
    assert
        .stdout(starts_with("# Try: print less\n\nOne line less.\n\n--- a\n+++ b\n"))
        .stdout(contains("\n+    println!(\"three\");\n"))
        .stdout(contains("\nThe lesson's snapshot does not allow what the changed program does:\n"))
        .stdout(contains("\n>     2 | three\n"));
    // The lesson itself is as it was.
    assert_eq!(workspace.read("examples-toy/src/bin/its.rs"), LESSON);
}

#[test]
fn an_output_that_the_lesson_allows_is_shown() {
    let workspace = workspace(TWO, "print!(\"tw\"); println!(\"o\");", ALWAYS);
    workspace.xtask(["try", "its"]).assert().code(0).stdout(ends_with(
        "\n$ its\n  one\n  two\n\nThe lesson's snapshot allows this output. Another run may differ.\n",
    ));
}

#[test]
fn the_compiler_may_refuse_the_change_if_the_page_says_so() {
    let refused = workspace(TWO, "println!(\"{two}\");", "```error E0425\nerror\n```\n");
    refused.xtask(["try", "its"]).assert().code(0).stdout(contains(
        "\nthe compiler refuses the changed program:\n\nerror[E0425]: cannot find value `two`",
    ));
    let unexpected = workspace(TWO, "println!(\"{two}\");", ALWAYS);
    let assert = unexpected.xtask(["try", "its"]).assert().code(2);
    assert.stderr(starts_with("error: the changed program does not compile:\nerror[E0425]: "));
}

#[test]
fn a_broken_page_is_named() {
    let refuse = |workspace: &Workspace, message: &str| {
        let assert = workspace.xtask(["try", "its"]).assert().code(2);
        assert.stderr(starts_with("error: ").and(contains(message)));
    };
    let page = "examples-toy/tries/its.md";
    refuse(
        &workspace("println!(\"2\");", "", ALWAYS),
        &format!("{page}: its diff does not apply to `"),
    );
    refuse(&workspace(TWO, TWO, ""), &format!("{page}: it does not say what the changed program"));
    refuse(
        &workspace(TWO, TWO, "```snapshot often\n$ its\n```\n"),
        "begins with ```snapshot often",
    );
    refuse(&workspace(TWO, TWO, "```snapshot\n$ its\n$ its\n```\n"), "must have one run");
    refuse(&workspace(TWO, TWO, "```snapshot\n$ its\n{oops}\n```\n"), "is broken");

    let workspace = workspace(TWO, TWO, ALWAYS);
    workspace.write(page, "# Try: nothing\n");
    refuse(&workspace, &format!("{page}: it has no block ```diff"));
    workspace.write(page, "# Try: nothing\n\n```diff\n--- a\n+++ b\n@@ oops\n```\n");
    refuse(&workspace, &format!("{page}: its diff cannot be read: "));
    std::fs::remove_file(workspace.path(page)).unwrap();
    refuse(&workspace, &format!("cannot read `{page}`: "));
    workspace.xtask(["try", "it"]).assert().code(2).stderr(contains("did you mean `its`?"));
}
