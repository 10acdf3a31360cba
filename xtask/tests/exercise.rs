//! `cargo xtask exercise`. The package `tests` checks the exercises themselves.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::assert::Assert;
use common::Workspace;
use predicates::boolean::PredicateBooleanExt;
use predicates::str::{contains, ends_with, is_empty, starts_with};
use tempfile::TempDir;

const LESSON: &str = "//! Says it.\n\nfn main() {\n    println!(\"one\");\n    \
                      println!(\"two\");\n}\n";
const DIFF: &str = "--- a/x\n+++ b/x\n@@ -3,4 +3,4 @@\n fn main() {\n     println!(\"one\");\n-    \
                    println!(\"two\");\n+    println!(\"three\");\n }\n";

/// Two exercises, and a folder for the learner.
struct School {
    workspace: Workspace,
    home: TempDir,
}

impl School {
    fn new() -> Self {
        let workspace = Workspace::new().package("threads");
        fs::remove_dir_all(workspace.path("examples-toy")).unwrap();
        for (name, level) in [("count", 2), ("greet", 1)] {
            let lesson = format!("{name}_lesson");
            workspace.write(&format!("examples-threads/src/bin/{lesson}.rs"), LESSON);
            workspace.write(
                &format!("tests/snapshots/threads/{lesson}.snap"),
                &format!("$ {lesson}\none\ntwo\n\n$ {lesson} bad\n% exit 2\n"),
            );
            workspace.write(
                &format!("examples-threads/exercises/{name}.md"),
                &format!(
                    "# To {name}\n\nLesson: {lesson}\nLevel: {level}\nRounds: 3\nTimeout: 2\n\nSay \
                     two things.\n\n```diff\n{DIFF}```\n\n## Hint 1\n\nHow many?\n\n## Hint 2\n\n\
                     Not three.\n"
                ),
            );
        }
        Self { workspace, home: TempDir::new().unwrap() }
    }

    fn folder(&self) -> &Path {
        self.home.path()
    }

    fn source(&self) -> PathBuf {
        self.folder().join("greet/src/main.rs")
    }

    fn progress(&self) -> PathBuf {
        self.folder().join("progress.json")
    }

    fn arguments<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        let folder = self.folder().to_str().expect("a temporary path is UTF-8");
        [&["exercise"], words, &["--folder", folder]].concat()
    }

    fn exercise(&self, words: &[&str]) -> Assert {
        self.workspace.xtask(self.arguments(words)).assert()
    }

    fn start(&self) {
        self.exercise(&["start", "greet"]).code(0);
    }

    /// Starts the exercise and writes this program.
    fn start_with(&self, source: &str) {
        self.start();
        fs::write(self.source(), source).unwrap();
    }

    /// How a check ends that the program has not passed.
    fn stuck(&self) -> String {
        format!("stuck? cargo xtask exercise hint greet --folder {}\n", self.folder().display())
    }

    fn check(&self) -> Assert {
        self.exercise(&["check", "greet"])
    }
}

#[test]
fn the_list_shows_what_is_started_and_solved() {
    let school = School::new();
    let list = |state: &str| {
        let expected = format!(
            "level 1\n  greet  {state}  To greet (threads)\n\nlevel 2\n  count           To count \
             (threads)\n"
        );
        school.exercise(&["list"]).code(0).stdout(expected).stderr("");
    };
    list("       ");
    school.start_with(LESSON);
    list("started");
    school.check().code(0);
    list("solved ");
    school.exercise(&["list", "--markdown"]).code(0).stdout(
        "### Level 1\n\n| Exercise | Title | Lesson |\n| --- | --- | --- |\n\
         | `greet` | To greet | [`greet_lesson`](../examples-threads/src/bin/greet_lesson.rs) |\n\n\
         ### Level 2\n\n| Exercise | Title | Lesson |\n| --- | --- | --- |\n\
         | `count` | To count | [`count_lesson`](../examples-threads/src/bin/count_lesson.rs) |\n",
    );
}

#[test]
fn start_writes_a_project_with_the_fault_and_the_task() {
    let school = School::new();
    let assert = school.exercise(&["start", "greet"]).code(0).stderr("");
    let option = format!(" --folder {}", school.folder().display());
    let source = school.source();
    assert.stdout(starts_with("To greet\n\nSay two things.\n\nYour program is ").and(ends_with(
        format!(
            "{}. Check it with `cargo xtask exercise check greet{option}`.\n",
            source.display()
        ),
    )));
    assert_eq!(
        fs::read_to_string(&source).unwrap(),
        LESSON.replace("Says it.", "To greet (The task is in README.md.)").replace("two", "three")
    );
    let readme = fs::read_to_string(school.folder().join("greet/README.md")).unwrap();
    assert!(readme.contains("Say two things.") && !readme.contains("Not three"), "{readme}");
    let lessons = school.workspace.path("").canonicalize().unwrap();
    let go = readme.lines().find_map(|line| line.strip_prefix("$ cd ")).expect("it says where");
    assert_eq!(Path::new(go.trim_matches('\'')).canonicalize().unwrap(), lessons, "{readme}");
    assert!(readme.contains(&format!("cargo xtask exercise hint greet{option}\n")), "{readme}");
    let manifest = fs::read_to_string(school.folder().join("greet/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"greet\""), "{manifest}");
}

#[test]
fn start_replaces_nothing() {
    let school = School::new();
    school.start_with("mine");
    let folder = school.folder().join("greet");
    school.exercise(&["start", "greet"]).code(2).stdout("").stderr(format!(
        "error: `{}` exists already; rename or remove it to start again\n",
        folder.display()
    ));
    assert_eq!(fs::read_to_string(school.source()).unwrap(), "mine");
}

#[test]
fn start_needs_a_folder_outside_of_the_workspace() {
    let school = School::new();
    for (folder, why) in [("mine", "it lies in the workspace"), ("Cargo.toml", "is not a folder")] {
        let folder = school.workspace.path(folder);
        let words = ["exercise", "start", "greet", "--folder", folder.to_str().unwrap()];
        let assert = school.workspace.xtask(words).assert().code(2).stdout("");
        assert.stderr(starts_with("error: cannot copy to `").and(contains(why)));
        assert!(!folder.is_dir());
    }
}

#[test]
fn a_program_that_does_what_the_lesson_does_is_accepted() {
    let school = School::new();
    // Not word for word.
    school.start_with("fn main() {\n    println!(\"one\\ntwo\");\n}\n");
    let option = format!(" --folder {}", school.folder().display());
    school.check().code(0).stderr("").stdout(contains("3 runs").and(ends_with(format!(
        "solved: `cargo xtask exercise solution greet{option}` compares your program with the \
         lesson\n"
    ))));
    school.check().code(0);
    let progress = fs::read_to_string(school.progress()).unwrap();
    assert_eq!(progress.matches("greet").count(), 1, "{progress}");
}

/// For Cargo two projects with the same name may be the same one.
#[test]
fn a_solution_in_another_folder_does_not_count() {
    let mut school = School::new();
    school.start_with(LESSON);
    school.check().code(0);
    school.home = TempDir::new().unwrap();
    school.start();
    school.check().code(1);
}

#[test]
fn a_program_with_a_fault_is_refused() {
    let school = School::new();
    school.start();
    let report = contains("line 2: \"three\" is not expected").and(contains("solved").not());
    let assert = school.check().code(1).stderr("").stdout(report).stdout(ends_with(school.stuck()));
    // The commands that repeat a run would only distract.
    let output = contains("\nprogram: ").and(contains("cargo xtask check").not());
    assert.stdout(output.and(contains("repeat: ").not()));
    assert!(!school.progress().exists());
    fs::write(school.source(), "fn main() {\n    loop {}\n}\n").unwrap();
    school.check().code(1).stdout(contains("the program was still running after 2 s"));
}

#[test]
fn a_program_that_does_not_compile_has_a_fault_too() {
    let school = School::new();
    school.start_with("fn main() {\n    nothing();\n}\n");
    let said = "your program does not compile; see the compiler's errors above\n";
    let assert = school.check().code(1).stdout(format!("{said}{}", school.stuck()));
    assert.stderr(contains("error[E0425]"));
}

#[test]
fn a_project_that_cannot_be_built_is_an_error() {
    let school = School::new();
    school.check().code(2).stdout("").stderr(
        starts_with("error: there is no folder `")
            .and(contains("greet`; `cargo xtask exercise start greet --folder ")),
    );
    school.start_with(LESSON);
    let manifest = school.folder().join("greet/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, "[package").unwrap();
    let failed = ends_with("the build failed; see Cargo's errors above\n");
    school.check().code(2).stdout("").stderr(failed);
    fs::write(&manifest, text.replace("name = \"greet\"", "name = \"other\"")).unwrap();
    school
        .check()
        .code(2)
        .stderr("error: your project builds no program `greet`; keep the name in Cargo.toml\n");
}

#[test]
fn hints_come_one_by_one() {
    let school = School::new();
    let hint = || school.exercise(&["hint", "greet"]);
    hint().code(2).stdout("").stderr(starts_with("error: there is no folder `"));
    school.start();
    hint().code(0).stdout("hint 1 of 2: How many?\n");
    for _ in 0..2 {
        hint().code(0).stdout(format!(
            "hint 2 of 2: Not three.\n\nThis is the last hint; `cargo xtask exercise solution \
             greet --folder {}` shows the solution.\n",
            school.folder().display()
        ));
    }
    // Of each exercise on its own.
    school.exercise(&["start", "count"]).code(0);
    school.exercise(&["hint", "count"]).code(0).stdout(starts_with("hint 1 of 2"));
    school.exercise(&["hint", "greet"]).code(0).stdout(starts_with("hint 2 of 2"));
}

#[test]
fn the_solution_is_shown_as_a_change_of_the_learners_program() {
    let school = School::new();
    let solution = || school.exercise(&["solution", "greet"]);
    solution().code(2).stderr(starts_with("error: there is no folder `"));
    school.start();
    let mine = fs::read_to_string(school.source()).unwrap();
    solution().code(0).stdout(
        contains("-    println!(\"three\");\n+    println!(\"two\");\n")
            .and(contains("\n--- your program\n+++ the lesson\n"))
            .and(contains("greet_lesson.rs")),
    );
    assert_eq!(fs::read_to_string(school.source()).unwrap(), mine);
    fs::write(school.source(), mine.replace("three", "two")).unwrap();
    solution().code(0).stdout(starts_with("your program is the lesson, "));
    fs::remove_file(school.source()).unwrap();
    solution().code(2).stdout("").stderr(starts_with("error: cannot read `"));
}

#[test]
fn an_unknown_exercise_is_an_error() {
    let school = School::new();
    for action in ["start", "check", "hint", "solution"] {
        let near = "error: there is no exercise `gret`; did you mean `greet`?\n";
        school.exercise(&[action, "gret"]).code(2).stdout("").stderr(near);
        let far = "error: there is no exercise `xyz`; `cargo xtask exercise list` shows all \
                   exercises\n";
        school.exercise(&[action, "xyz"]).code(2).stdout("").stderr(far);
    }
}

#[test]
fn a_broken_page_is_named() {
    let school = School::new();
    let page = "examples-threads/exercises/greet.md";
    let text = school.workspace.read(page);
    let cases = [
        ("# To greet", "To greet", "list", "it does not begin with `# ` and a title"),
        ("Level: 1", "Level: 4", "list", "it has no line `Level: N`, where N is 1, 2 or 3"),
        ("Level: 1", "", "list", "it has no line `Level: N`, where N is 1, 2 or 3"),
        ("Lesson: greet_lesson\n", "", "list", "it has no line `Lesson: NAME`"),
        ("greet_lesson", "gret_lesson", "list", "there is no lesson `gret_lesson`; did you mean"),
        ("Rounds: 3", "Rounds: many", "list", "the line `Rounds: …` has no number"),
        ("Timeout: 2", "Timeout: -1", "list", "the line `Timeout: …` has no number"),
        ("## Hint", "## Clue", "list", "it has no hint; begin each with `## Hint N`"),
        ("```diff", "```text", "start", "it has no block ```diff"),
        ("-    println!(\"two\")", "-    print!(\"two\")", "start", "its diff does not apply to"),
        ("@@ -3,4", "@@ 3,4", "start", "its diff cannot be read: "),
    ];
    for (right, wrong, action, problem) in cases {
        assert!(text.contains(right), "{right}");
        school.workspace.write(page, &text.replace(right, wrong));
        let words = if action == "list" { vec!["list"] } else { vec![action, "greet"] };
        let assert = school.exercise(&words).code(2).stdout("");
        let output = String::from_utf8_lossy(&assert.get_output().stderr).replace('\\', "/");
        assert!(output.starts_with(&format!("error: {page}: {problem}")), "{output}");
        assert_eq!(output.lines().count(), 1, "{output}");
        assert!(!school.folder().join("greet").exists());
    }
}

/// It may be a file with a slip, which the learner can repair.
#[test]
fn a_broken_record_of_the_progress_is_not_replaced() {
    let school = School::new();
    school.start_with(LESSON);
    let broken = "{\"solved\": [\"count\"],}";
    fs::write(school.progress(), broken).unwrap();
    let error = || starts_with("error: `").and(contains("is broken; repair or remove it: "));
    school.exercise(&["list"]).code(2).stdout("").stderr(error());
    school.exercise(&["hint", "greet"]).code(2).stdout("").stderr(error());
    // The verdict comes first.
    school.check().code(2).stdout(contains("solved: ")).stderr(error());
    assert_eq!(fs::read_to_string(school.progress()).unwrap(), broken);

    fs::remove_file(school.progress()).unwrap();
    fs::create_dir(school.progress()).unwrap();
    school.exercise(&["list"]).code(2).stderr(starts_with("error: cannot read `"));
    fs::remove_dir(school.progress()).unwrap();
    school.exercise(&["hint", "greet"]).code(0).stderr(is_empty());
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, File};
    use std::process::{Command, Stdio};

    use assert_cmd::prelude::OutputAssertExt;
    use predicates::str::starts_with;

    use super::{LESSON, School};
    use crate::common::{interrupt, wait_until};

    /// Even the superuser cannot write a file above the limit.
    #[test]
    fn a_record_that_cannot_be_written_stays_as_it_was() {
        let school = School::new();
        school.start();
        let before = "{\"solved\":[\"count\"]}";
        fs::write(school.progress(), before).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""]);
        command.arg(env!("CARGO_BIN_EXE_xtask")).args(school.arguments(&["hint", "greet"]));
        let assert = command.current_dir(school.workspace.path("")).assert().code(2);
        assert.stdout("hint 1 of 2: How many?\n").stderr(starts_with("error: cannot write `"));
        assert_eq!(fs::read_to_string(school.progress()).unwrap(), before);
        assert_eq!(fs::read_dir(school.folder()).unwrap().count(), 2, "a draft is left");
    }

    #[test]
    fn watch_checks_again_when_a_file_changes_until_ctrl_c() {
        let school = School::new();
        school.start();
        let file = school.workspace.path("printed");
        let mut command =
            school.workspace.command(school.arguments(&["check", "--watch", "greet"]));
        let stdout = File::create(&file).unwrap();
        let mut watch = command.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
        let checks = |number: usize, verdict: &str| {
            wait_until(verdict, || {
                let text = fs::read_to_string(&file).unwrap();
                let parts: Vec<&str> = text.split("\nwaiting for a change").collect();
                parts.len() == number + 1 && parts[number - 1].contains(verdict)
            });
        };
        checks(1, "\"three\" is not expected");
        fs::write(school.source(), LESSON.replace("two", "four")).unwrap();
        checks(2, "\"four\" is not expected");
        // A new file, as some editors write it.
        let draft = school.folder().join("greet/src/draft");
        fs::write(&draft, LESSON).unwrap();
        fs::rename(&draft, school.source()).unwrap();
        checks(3, "solved: ");
        assert!(watch.try_wait().unwrap().is_none(), "it goes on");
        interrupt(watch);
    }

    #[test]
    fn watch_survives_a_program_that_does_not_compile() {
        let school = School::new();
        school.start_with("fn main() {\n    nothing();\n}\n");
        let file = school.workspace.path("printed");
        let mut command =
            school.workspace.command(school.arguments(&["check", "--watch", "greet"]));
        let stdout = File::create(&file).unwrap();
        let watch = command.stdout(stdout).stderr(Stdio::null()).spawn().unwrap();
        let printed = |text: &str| fs::read_to_string(&file).unwrap().contains(text);
        wait_until("it waits", || printed("does not compile") && printed("\nwaiting for"));
        fs::write(school.source(), LESSON).unwrap();
        wait_until("it is solved", || printed("solved: "));
        interrupt(watch);
    }

    #[test]
    fn ctrl_c_ends_a_check() {
        let school = School::new();
        let started = school.workspace.path("started");
        school.start_with(&format!(
            "fn main() {{\n    std::fs::write({started:?}, \"\").unwrap();\n    loop {{}}\n}}\n"
        ));
        let page = "examples-threads/exercises/greet.md";
        let text = school.workspace.read(page).replace("Timeout: 2", "Timeout: 60");
        school.workspace.write(page, &text);
        let mut command = school.workspace.command(school.arguments(&["check", "greet"]));
        let check = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_until("the program runs", || started.exists());
        interrupt(check);
        assert!(!school.progress().exists());
    }
}
