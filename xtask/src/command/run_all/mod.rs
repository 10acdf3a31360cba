//! `cargo xtask run-all`: builds and runs the lessons, and checks their output.

mod bless;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::build::{BuildOptions, build};
use crate::cancel::Cancel;
use crate::check::{Checker, Status};
use crate::command::context::current_folder;
use crate::command::exit::{Exit, unless_cancelled};
use crate::command::options::Options;
use crate::command::report::human::Scope;
use crate::error::Result;
use crate::files::own_folder;
use crate::session::{Blesser, Skipped};
use crate::suite::Suite;
use crate::workspace::{Lesson, Selection, Workspace};

const EXAMPLES: &str = "\
Examples:
  cargo xtask run-all                    every lesson
  cargo xtask run-all queue              the lessons with `queue` in their name
  cargo xtask run-all threads/           the lessons of the topic `threads`
  cargo xtask run-all daemon --show-output=normalised
  cargo xtask run-all daemon --bless     accept what it prints now
  cargo xtask run-all lock --stress 200  does it ever fail, and how many orders are there?

Exit code: 0 all is well, 1 a difference was found, 2 an error, 130 stopped by Ctrl-C.";

/// Which lessons, and how.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Parts of names, or `TOPIC/` [default: every lesson]
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Leave out the lessons with this in their name
    #[arg(long, value_name = "FILTER")]
    skip: Vec<String>,
    /// Take filters as whole names
    #[arg(long)]
    exact: bool,
    /// Rewrite the text of snapshots to what the programs print, and draft missing snapshots
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
pub fn run(arguments: &Arguments) -> Result<Exit> {
    let cancel = Cancel::on_ctrl_c()?;
    let workspace = Workspace::load(&current_folder()?)?;
    let selection = Selection {
        filters: arguments.filters.clone(),
        skip: arguments.skip.clone(),
        exact: arguments.exact,
    };
    selection.check(&workspace)?;
    let lessons: Vec<&Lesson> = (workspace.lessons.iter())
        .filter(|lesson| selection.selects(&lesson.topic, &lesson.name))
        .collect();
    let options = BuildOptions { release: arguments.release, quiet: arguments.options.quiet };
    let built = build(&workspace.root, lessons.iter().copied(), options, &cancel);

    unless_cancelled(built, &cancel, |programs| {
        let checker = arguments.options.checker(cancel.clone());
        let (mut suites, mut skipped) = (Vec::new(), Vec::new());
        for lesson in lessons {
            match suite(lesson, &workspace.root, &programs, arguments.bless, &checker) {
                Ok(suite) => suites.push(suite),
                Err(one) => skipped.push(one),
            }
        }
        for orphan in &workspace.orphans {
            if selection.selects(&orphan.topic, &orphan.name) {
                let label = orphan.path.display().to_string();
                skipped.push(skip(label, Status::Failed, orphan.problem()));
            }
        }
        let blesser: Option<Box<dyn Blesser>> = match arguments.bless {
            true => Some(Box::new(bless::Snapshots::unchanged(&workspace.root))),
            false => None,
        };
        arguments.options.check_all(
            &checker,
            &suites,
            &skipped,
            Scope::Lessons,
            own_folder(&workspace.target),
            blesser,
        )
    })
}

/// The runs of a lesson, or why there are none.
fn suite(
    lesson: &Lesson,
    root: &Path,
    programs: &HashMap<String, PathBuf>,
    bless: bool,
    checker: &Checker,
) -> Result<Suite, Skipped> {
    let Some(program) = programs.get(&lesson.name) else {
        let problem = "Cargo has built no program for it".to_owned();
        return Err(skip(lesson.label(), Status::Error, problem));
    };
    if root.join(&lesson.snapshot).exists() {
        Suite::of_lesson(lesson, root, program)
            .map_err(|error| skip(lesson.label(), Status::Error, error.to_string()))
    } else if bless {
        Err(bless::draft(checker, lesson, root, program))
    } else {
        Err(skip(lesson.label(), Status::Failed, lesson.missing_snapshot()))
    }
}

fn skip(label: String, status: Status, problem: String) -> Skipped {
    Skipped { label, status, problem, runs: 0 }
}
