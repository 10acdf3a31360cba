//! `cargo xtask try`: runs a lesson with the change that its Try proposes.

use legal_outputs::printable;

use crate::cancel::Cancel;
use crate::check::{Checker, Status};
use crate::command::context::current_folder;
use crate::command::exit::{Exit, print};
use crate::error::{Error, Result};
use crate::practice::{Change, Changed, build_changed};
use crate::workspace::Workspace;

const EXAMPLES: &str = "\
Examples:
  cargo xtask try daemon

First make the change yourself: the header of the lesson says what to edit. Then compare. The
lesson itself is not changed.

Exit code: 0 the changed program ran, or the compiler refused it as expected; 2 an error, 130
stopped by Ctrl-C.";

/// Which change to make.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The lesson
    #[arg(value_name = "NAME")]
    name: String,
}

/// Runs the command.
///
/// # Errors
/// When there is no such lesson, its change cannot be read or built, or the report cannot be
/// written.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    let workspace = Workspace::load(&current_folder()?)?;
    let root = &workspace.root;
    let change = Change::of_try(workspace.find(&arguments.name)?, root)?;
    let (text, diff) = (change.prose(), change.diff()?);
    let shown = print(&format!("{text}\n\n{}\n\n", diff.trim_end()))?;
    if shown != Exit::Success {
        return Ok(shown);
    }
    let source = change.source(root)?;
    let changed = Changed { lesson: &change.lesson, name: &change.name, source };
    let built = build_changed("try", &[changed], &workspace, cancel)?;
    if let Some(errors) = built.errors.get(&change.name) {
        let errors = errors.iter().filter_map(|error| error.rendered.as_deref());
        let errors: String = errors.collect();
        if change.compiler_error().is_none() {
            return Err(Error::new(format!("the changed program does not compile:\n{errors}")));
        }
        return print(&format!("the compiler refuses the changed program:\n\n{errors}"));
    }
    let program = built.programs.get(&change.name);
    let program = program.ok_or_else(|| Error::new("Cargo built no program"))?;

    let checker = Checker::new(cancel.clone());
    let claims = change.claims(program, root)?;
    let case = claims[0].suite.cases().next().expect("a block has a run");
    let finished =
        checker.run_case(case, false, false).map_err(|result| Error::new(result.problem))?;
    if cancel.is_set() {
        return Ok(Exit::Interrupted);
    }
    let output = [&finished.stdout, &finished.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    let lines = output.iter().flat_map(|text| text.lines());
    let lines: String = lines.map(|line| format!("  {}\n", printable(line))).collect();
    let printed = format!("$ {}\n{lines}", case.title());
    let lesson = change.lesson_suite(program, root)?;
    let same = lesson.snapshot.runs.iter().find(|run| run.arguments == case.run().arguments);
    let Some(same) = same else { return print(&printed) };
    let result = checker.check_finished(same, finished);
    print(&if result.status == Status::Passed {
        format!("{printed}\nThe lesson's snapshot allows this output. Another run may differ.\n")
    } else {
        let problem = result.problem.trim_end();
        format!(
            "The lesson's snapshot does not allow what the changed program does:\n\n{problem}\n"
        )
    })
}
