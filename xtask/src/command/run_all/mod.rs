//! `cargo xtask run-all`: builds and runs the lessons, and checks their output.

mod draft;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::bless::Blesser;
use crate::build::{BuildOptions, build};
use crate::cancel::Cancel;
use crate::check::{Checker, Status};
use crate::command::check_and_report::check_and_report;
use crate::command::context::current_folder;
use crate::command::exit::Exit;
use crate::command::options::Options;
use crate::command::report::human::Scope;
use crate::error::Result;
use crate::files::runner_folder;
use crate::session::Skipped;
use crate::suite::Suite;
use crate::workspace::{Lesson, Selection, Workspace};

const EXAMPLES: &str = "\
Examples:
  cargo xtask run-all                    every lesson
  cargo xtask run-all queue              the lessons with `queue` in their name
  cargo xtask run-all threads/           the lessons of the topic `threads`
  cargo xtask run-all daemon --show-output=normalised
  cargo xtask run-all daemon --bless     accept what it prints now
  cargo xtask run-all timer --stress 200 run it 200 times: how often does it fail?

Exit code: 0 everything passed, 1 a check failed, 2 an error, 130 stopped by Ctrl-C.";

/// Which lessons to check, and how.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Run lessons whose name contains FILTER, or whose TOPIC/NAME starts with it [default: all]
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Skip the lessons that match FILTER
    #[arg(long, value_name = "FILTER")]
    skip: Vec<String>,
    /// Match whole names instead of parts
    #[arg(long)]
    exact: bool,
    /// Update the text of snapshots to the programs' current output, and draft missing snapshots
    #[arg(long, conflicts_with = "stress")]
    bless: bool,
    /// Build with optimisations
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    options: Options,
}

/// Runs the command.
///
/// # Errors
/// When nothing can be run: a filter matches nothing, the build fails.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    let Arguments { filters, skip, exact, bless, release, options } = arguments;
    let workspace = Workspace::load(&current_folder()?)?;
    let selection = Selection { filters, skip, exact: *exact };
    selection.check(&workspace)?;
    let lessons: Vec<&Lesson> = (workspace.lessons.iter())
        .filter(|lesson| selection.selects(&lesson.topic, &lesson.name))
        .collect();
    let build_options = BuildOptions { release: *release, quiet: options.quiet };
    let programs = build(&workspace.root, lessons.iter().copied(), build_options, cancel)?;

    let checker = options.run.checker(cancel.clone());
    let (mut suites, mut skipped) = (Vec::new(), Vec::new());
    for lesson in lessons {
        match suite(lesson, &workspace.root, &programs, *bless, &checker) {
            Ok(suite) => suites.push(suite),
            Err(reason) => skipped.push(reason),
        }
    }
    for orphan in &workspace.orphans {
        if selection.selects(&orphan.topic, &orphan.name) {
            let label = orphan.path.display().to_string();
            skipped.push(Skipped::new(label, Status::Failed, orphan.problem()));
        }
    }
    let outputs = runner_folder(&workspace.target);
    let blesser = bless.then(|| Blesser::new(&workspace.root));
    check_and_report(options, &checker, &suites, &skipped, Scope::Lessons, outputs, blesser)
}

/// The runs of a lesson, or why there are none to check.
fn suite(
    lesson: &Lesson,
    root: &Path,
    programs: &HashMap<String, PathBuf>,
    bless: bool,
    checker: &Checker,
) -> Result<Suite, Skipped> {
    let Some(program) = programs.get(&lesson.name) else {
        let problem = "Cargo built no program for this lesson".to_owned();
        return Err(Skipped::new(lesson.label(), Status::Error, problem));
    };
    if root.join(&lesson.snapshot).exists() {
        Suite::of_lesson(lesson, root, program)
            .map_err(|error| Skipped::new(lesson.label(), Status::Error, error.to_string()))
    } else if bless {
        Err(draft::draft(checker, lesson, root, program))
    } else {
        Err(Skipped::new(lesson.label(), Status::Failed, lesson.missing_snapshot()))
    }
}
