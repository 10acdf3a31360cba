//! `cargo xtask run-all`: build, run, compare.

use crate::command::{Exit, Options, present_folder, unless_stopped};
use crate::runner::Trouble;
use crate::runner::bless::{self, Draft};
use crate::runner::build::{Manner, build};
use crate::runner::cancel::Cancel;
use crate::runner::catalog::{Catalog, Selection};
use crate::runner::report::Scope;
use crate::runner::schedule::Times;
use crate::runner::session::Unrun;
use crate::runner::subject::{Status, Subject};

const EXAMPLES: &str = "\
Examples:
  cargo xtask run-all                    every example
  cargo xtask run-all queue              those with `queue` in their name
  cargo xtask run-all threads/           those of the topic `threads`
  cargo xtask run-all daemon --show-output=normalised
  cargo xtask run-all daemon --bless     accept what it prints now
  cargo xtask run-all lock --stress 200  does it ever fail, and how many orders are there?

Exit code: 0 all is well, 1 a difference was found, 2 trouble, 130 stopped by Ctrl-C.";

/// Which examples, and how.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Parts of names, or `TOPIC/` [default: every example].
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Leave out the examples with this in their name.
    #[arg(long, value_name = "FILTER")]
    skip: Vec<String>,
    /// Filters are whole names.
    #[arg(long)]
    exact: bool,
    /// Rewrite the snapshots after what the programs print, and draft those that are missing.
    #[arg(long, conflicts_with = "stress")]
    bless: bool,
    /// Build with optimisations.
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    options: Options,
}

/// Runs the command.
///
/// # Errors
/// When nothing can be run: a filter matches nothing, the build fails.
pub fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let cancel = Cancel::on_ctrl_c()?;
    let catalog = Catalog::load(&present_folder()?)?;
    let selection = Selection {
        filters: arguments.filters.clone(),
        skip: arguments.skip.clone(),
        exact: arguments.exact,
    };
    selection.check(&catalog)?;
    let examples: Vec<_> = (catalog.examples.iter())
        .filter(|example| selection.selects(&example.topic, &example.name))
        .collect();
    let manner = Manner { release: arguments.release, quiet: arguments.options.quiet };
    let built = build(&catalog.root, examples.iter().copied(), manner, &cancel);

    unless_stopped(built, &cancel, |programs| {
        let session = arguments.options.session(Some(&catalog.target), cancel.clone());
        let mut subjects = Vec::new();
        let mut unrun = Vec::new();
        for example in examples {
            let mut unrun = |status, problem: String| {
                unrun.push(Unrun { label: example.label(), status, problem });
            };
            let Some(program) = programs.get(&example.name) else {
                unrun(Status::Trouble, "Cargo builds no program of it".to_owned());
                continue;
            };
            if catalog.root.join(&example.snapshot).exists() {
                match Subject::of_example(example, &catalog.root, program) {
                    Ok(subject) => subjects.push(subject),
                    Err(trouble) => unrun(Status::Trouble, trouble.to_string()),
                }
            } else if arguments.bless {
                let path = example.snapshot.display();
                match bless::draft(&session, example, &catalog.root, program) {
                    Ok(Draft::Written) => {
                        unrun(Status::Blessed, format!("drafted `{path}`: read it closely"));
                    }
                    Ok(Draft::Refused(why)) => unrun(Status::Failed, why),
                    Ok(Draft::Stopped) => unrun(Status::Stopped, String::new()),
                    Err(trouble) => unrun(Status::Trouble, trouble.to_string()),
                }
            } else {
                unrun(Status::Failed, example.without_snapshot());
            }
        }
        for orphan in &catalog.orphans {
            if selection.selects(&orphan.topic, &orphan.name) {
                unrun.push(Unrun {
                    label: orphan.path.display().to_string(),
                    status: Status::Failed,
                    problem: orphan.problem(),
                });
            }
        }
        let bless_from = arguments.bless.then(|| catalog.root.clone());
        let times = Times::load(&catalog.target);
        arguments.options.hold(session, times, &subjects, &unrun, Scope::Examples, bless_from)
    })
}
