//! `cargo xtask grade`: checks all programs in a folder against one snapshot.

mod book;
mod prepare;
mod reason;
mod submission;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io, path};

use crate::cancel::Cancel;
use crate::command::check_and_report::report_session;
use crate::command::context::current_folder;
use crate::command::exit::Exit;
use crate::command::options::{ReportOptions, RunOptions};
use crate::command::report::Reporter;
use crate::command::report::progress::Progress;
use crate::error::{Error, Result};
use crate::files::{check_writable, runner_folder};
use crate::session::{SessionOptions, Skipped};
use crate::suite::{RunFolder, Subject, Suite};
use crate::workspace::Workspace;
use book::Book;
use prepare::Workshop;
use submission::{Submission, Template};

const EXAMPLES: &str = "\
Examples:
  cargo xtask grade daemon ../submissions
  cargo xtask grade queue ../submissions --stress 100 --csv grades.csv
  cargo xtask grade --snapshot ../kitchen.snap ../submissions
  cargo xtask grade daemon ../submissions --command 'node {}'

Each entry of FOLDER is a submission:
  a folder with a Cargo.toml    built with `cargo build`
  a .rs file                    built with `rustc`, with the standard library only
  a .py file                    run with `python3`
  another folder                must contain one .rs or .py file, or one that is called `main`
With --command, every entry is run with that command. Hidden files, README, LICENSE, `target`,
`__pycache__`, and .md, .csv and .xml files are not submissions.

Each run takes place in a new, empty folder, so that the programs do not see each other's files.
Rust programs are built without optimisations, as the lessons are, and a build may take ten
minutes. Cargo writes a Cargo.lock into a project that has none. Runs that expect an exit code
other than 0 are left out unless you give --all. After three runs that reach the time limit, or
write too much, the other runs of that submission are not started.

This is not a sandbox: a program, and the build of a Cargo project, can do what you can. The
limits of a run are explained by `cargo xtask help check`. Grade programs that you do not trust in
a container.

Exit code: 0 all submissions passed, 1 one failed, 2 an error, 130 stopped by Ctrl-C.";

/// After so many runs that never end, no further one of the submission starts.
const MAX_ENDLESS: usize = 3;

/// Which submissions to check, and against which snapshot.
#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    allow_missing_positional = true,
    override_usage = "cargo xtask grade [OPTIONS] NAME FOLDER\n       \
                      cargo xtask grade [OPTIONS] --snapshot FILE FOLDER",
)]
pub struct Arguments {
    /// The lesson whose snapshot to use
    #[arg(value_name = "NAME", required_unless_present = "snapshot", conflicts_with = "snapshot")]
    name: Option<String>,
    /// The folder with the submissions
    #[arg(value_name = "FOLDER", required = true)]
    folder: PathBuf,
    /// Use this snapshot instead of a lesson's
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Run every submission with this command, in which `{}` is its path. It starts in an empty folder,
    /// so its other paths must be absolute
    #[arg(long, value_name = "'PROGRAM {}'")]
    command: Option<Template>,
    /// Also check the runs that expect an exit code other than 0
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    run: RunOptions,
    /// Write a report on each submission that fails to DIR/SUBMISSION.txt [default:
    /// target/xtask/grade/NAME, which is emptied before]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Also write the table to FILE, with the columns submission, status, passed, runs and reason
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    report: ReportOptions,
}

/// Runs the command.
///
/// # Errors
/// When there is no such lesson or folder, a snapshot is broken, or a file cannot be written.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    let here = current_folder()?;
    let workspace = Workspace::load(&here)?;
    let assignment = Assignment::load(arguments, &workspace, &here)?;
    let submissions = submission::find(&arguments.folder, arguments.command.as_ref())?;
    let graded = runner_folder(&workspace.target).join("grade");
    let checker = arguments.run.checker(cancel.clone());
    // Only one `grade` at a time may replace the reports.
    let workshop = Workshop::open(&checker, &graded.join(".build"), &assignment.name)?;
    let output = arguments.create_output(&graded.join(&assignment.name), &here)?;
    let csv = arguments.csv.as_deref();
    if let Some(csv) = csv {
        check_writable(csv).map_err(|error| Error::io("write", csv, &error))?;
    }
    let mut reporters = arguments.report.reporters(None)?;

    let is_for_people = arguments.report.is_for_people();
    let names = submissions.iter().map(|submission| &*submission.name);
    let runs = assignment.runs.len() * arguments.run.rounds();
    let book = Book::new(names, runs, &output, csv, is_for_people);
    let (suites, skipped) =
        assignment.suites(&submissions, &workshop, Progress::new(is_for_people))?;
    // Its events come before those that end everything.
    reporters.insert(0, Box::new(book) as Box<dyn Reporter + Send>);
    let options = SessionOptions { max_endless: MAX_ENDLESS, ..arguments.run.session(output) };
    report_session(options, reporters, &checker, &suites, &skipped)
}

impl Arguments {
    /// Creates the folder for the reports.
    fn create_output(&self, default: &Path, here: &Path) -> Result<PathBuf> {
        let folder = self.output.as_deref().unwrap_or(default);
        let problem = |error: io::Error| Error::io("write to", folder, &error);
        let absolute = path::absolute(folder).map_err(problem)?;
        let existing = absolute.ancestors().find(|above| above.exists()).unwrap_or(&absolute);
        let real = |path: &Path| path.canonicalize().map_err(problem);
        if real(existing)?.starts_with(real(&self.folder)?) {
            return Err(Error::new(format!(
                "the reports in `{}` would lie among the submissions; choose another folder with \
                 --output",
                folder.display()
            )));
        }
        if self.output.is_none() && folder.exists() {
            // It has reports on submissions that may not be there any more.
            fs::remove_dir_all(folder).map_err(problem)?;
        }
        fs::create_dir_all(folder).map_err(problem)?;
        check_writable(&folder.join("report.txt")).map_err(problem)?;
        // Shown like this, it is easier to read.
        Ok(folder.strip_prefix(here).unwrap_or(folder).to_owned())
    }
}

/// What each submission is checked against.
struct Assignment {
    /// The name of the lesson, or of the snapshot's file.
    name: String,
    /// The snapshot lies here.
    root: PathBuf,
    path: PathBuf,
    /// How the command line of `check` names the snapshot.
    words: Vec<String>,
    /// The runs to check.
    runs: Vec<usize>,
}

impl Assignment {
    fn load(arguments: &Arguments, workspace: &Workspace, here: &Path) -> Result<Self> {
        let (root, path, words) = match (&arguments.name, &arguments.snapshot) {
            (_, Some(path)) => {
                (here, path, vec!["--snapshot".to_owned(), path.display().to_string()])
            }
            (Some(name), None) if name.ends_with(".snap") => {
                let problem = format!("`{name}` is not a lesson; write `--snapshot {name}`");
                return Err(Error::new(problem));
            }
            (Some(name), None) => {
                let lesson = workspace.find(name)?;
                (&*workspace.root, &lesson.snapshot, vec![lesson.name.clone()])
            }
            (None, None) => unreachable!("clap requires a name or a snapshot"),
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut assignment =
            Self { name, root: root.to_owned(), path: path.clone(), words, runs: Vec::new() };
        let suite = assignment.suite(String::new(), Vec::new())?;
        assignment.runs = if arguments.all {
            (0..suite.snapshot.runs.len()).collect()
        } else {
            suite.successful_runs("; add `--all`")?
        };
        Ok(assignment)
    }

    /// The suite of one submission, which these words run.
    fn suite(&self, label: String, words: Vec<OsString>) -> Result<Suite> {
        let folder = RunFolder::Fresh { inputs: self.root.clone() };
        let subject = Subject::Command { words, folder, snapshot: self.words.clone() };
        let suite = Suite::load(&self.root, &self.path, subject)?;
        Ok(Suite { label, runs: self.runs.clone(), ..suite })
    }

    /// The suites of the submissions that can be run, and the reason for each of the others.
    fn suites(
        &self,
        submissions: &[Submission],
        workshop: &Workshop<'_>,
        progress: Progress,
    ) -> Result<(Vec<Suite>, Vec<Skipped>)> {
        let (mut suites, mut skipped) = (Vec::new(), Vec::new());
        for (name, prepared) in workshop.prepare(submissions, progress)? {
            match prepared {
                Ok(words) => suites.push(self.suite(name, words)?),
                Err(reason) => skipped.push(reason),
            }
        }
        Ok((suites, skipped))
    }
}
