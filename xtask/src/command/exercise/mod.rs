//! `cargo xtask exercise`: programs with a fault, for the learner to find and mend.

mod progress;

use std::fs;
use std::io::IsTerminal;
use std::path::{self, Path, PathBuf};

use diffy::DiffOptions;

use crate::build::{build_failed, cargo, run_build};
use crate::cancel::Cancel;
use crate::check::Checker;
use crate::command::check_and_report::report_session;
use crate::command::context::current_folder;
use crate::command::exit::{Exit, print};
use crate::command::report::Reporter;
use crate::command::report::human::{Advice, Detail, Human, Scope};
use crate::destination::Destination;
use crate::error::{Error, Result};
use crate::files::runner_folder;
use crate::practice::{Change, Exercise};
use crate::project::{NewProject, Project, write_projects};
use crate::session::SessionOptions;
use crate::suite::{RunFolder, Subject, Suite, shell_words};
use crate::watch::Watcher;
use crate::workspace::{Workspace, slashes};
use progress::Progress;

const EXAMPLES: &str = "\
Examples:
  cargo xtask exercise list
  cargo xtask exercise start unjoined_thread     write ../exercises/unjoined_thread
  cargo xtask exercise check unjoined_thread     build your program and run it many times
  cargo xtask exercise check --watch unjoined_thread
  cargo xtask exercise hint unjoined_thread
  cargo xtask exercise solution unjoined_thread

Each exercise is a small program with a fault. The file README.md in its folder says what the
program should do. Change src/main.rs until the check passes.

Exit code: 0 all is well, 1 your program still has a fault, 2 an error, 130 stopped by Ctrl-C.";

/// What to do with which exercise.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
    /// The folder with your exercises [default: `exercises` beside this repository]
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List all exercises, the easy ones first, and which you have solved
    List {
        /// Print a table, as in docs/exercises.md
        #[arg(long)]
        markdown: bool,
    },
    /// Write the program with the fault to a new folder
    Start {
        /// The exercise
        name: String,
    },
    /// Build your program, run it many times, and check what it prints
    Check {
        /// The exercise
        name: String,
        /// Check again whenever you save a file
        #[arg(long)]
        watch: bool,
    },
    /// Show the next hint
    Hint {
        /// The exercise
        name: String,
    },
    /// Show what the solution changes in your program
    Solution {
        /// The exercise
        name: String,
    },
}

/// The learner's folder, and what else all actions need.
struct Learner {
    workspace: Workspace,
    folder: PathBuf,
    /// What the learner has to write after a command so that it uses this folder.
    option: String,
}

/// Runs the command.
///
/// # Errors
/// When there is no such exercise, it was not started, a file cannot be read or written, or the
/// program cannot be built.
pub fn run(arguments: &Arguments, cancel: &Cancel) -> Result<Exit> {
    let workspace = Workspace::load(&current_folder()?)?;
    let beside = || workspace.root.parent().unwrap_or(&workspace.root).join("exercises");
    let option = arguments.folder.as_ref().map_or(String::new(), |folder| {
        format!(" --folder {}", shell_words([&folder.display().to_string()]))
    });
    let folder = arguments.folder.clone().unwrap_or_else(beside);
    let learner = Learner { workspace, folder, option };
    let find = |name: &str| Exercise::find(name, &learner.workspace);
    match &arguments.action {
        Action::List { markdown: false } => learner.list(),
        Action::List { markdown: true } => print(&markdown(&learner.workspace)?),
        Action::Start { name } => learner.start(&find(name)?, cancel),
        Action::Check { name, watch: false } => learner.check(&find(name)?, cancel),
        Action::Check { name, watch: true } => learner.watch(&find(name)?, cancel),
        Action::Hint { name } => learner.hint(&find(name)?),
        Action::Solution { name } => learner.solution(&find(name)?),
    }
}

impl Learner {
    fn list(&self) -> Result<Exit> {
        let progress = Progress::load(&self.folder)?;
        let mut text = String::new();
        let mut level = 0;
        let exercises = Exercise::all(&self.workspace)?;
        let width = exercises.iter().map(|exercise| exercise.change.name.len()).max().unwrap_or(0);
        for Exercise { title, level: its_level, change, .. } in exercises {
            if its_level != level {
                level = its_level;
                text += &format!("{}level {level}\n", if level == 1 { "" } else { "\n" });
            }
            let state = if progress.solved.contains(&change.name) {
                "solved"
            } else if self.project(&change.name).exists() {
                "started"
            } else {
                ""
            };
            let Change { name, lesson, .. } = change;
            text += &format!("  {name:width$}  {state:7}  {title} ({})\n", lesson.topic);
        }
        print(&text)
    }

    fn start(&self, exercise: &Exercise, cancel: &Cancel) -> Result<Exit> {
        let Exercise { title, task, change, .. } = exercise;
        let (name, option) = (&change.name, &self.option);
        let folder = self.project(name);
        if folder.symlink_metadata().is_ok() {
            return Err(Error::new(format!(
                "`{}` exists already; rename or remove it to start again",
                folder.display()
            )));
        }
        let source = exercise.starter(&self.workspace.root)?;
        let project = Project::of_source(&change.lesson, name, &source, &self.workspace)?;
        let lessons = shell_words([&self.workspace.root.display().to_string()]);
        let readme = format!(
            "# {title}\n\n{task}\n\nChange `src/main.rs`. Run your program here, and check it in the \
             folder of the lessons:\n\n```console\n$ cargo run\n$ cd {lessons}\n\
             $ cargo xtask exercise check {name}{option}\n\
             $ cargo xtask exercise hint {name}{option}\n```\n"
        );
        let root = &self.workspace.root;
        let destination = Destination::new(&folder, root)?;
        let project = NewProject { below: PathBuf::new(), project, readme };
        write_projects(&[project], destination, root, cancel)?;
        print(&format!(
            "{title}\n\n{task}\n\nYour program is {}. Check it with `cargo xtask exercise check \
             {name}{option}`.\n",
            folder.join("src/main.rs").display()
        ))
    }

    fn check(&self, exercise: &Exercise, cancel: &Cancel) -> Result<Exit> {
        let Exercise { change, .. } = exercise;
        let name = &change.name;
        let folder = self.started(name)?;
        let mut command = cargo();
        command.current_dir(&folder).args(["build", "--message-format=json-render-diagnostics"]);
        // All exercises of the folder share what their dependencies are built to.
        command.arg("--target-dir").arg(absolute(&self.folder.join("target"))?);
        if !std::io::stderr().is_terminal() {
            command.arg("--quiet");
        }
        let built = run_build(command, cancel)?;
        if !built.is_complete {
            return if built.was_compiled {
                self.failed(name, "your program does not compile; see the compiler's errors above")
            } else {
                Err(build_failed())
            };
        }
        let program = built.programs.get(name);
        let program = program.ok_or_else(|| {
            Error::new(format!(
                "your project builds no program `{name}`; keep the name in Cargo.toml"
            ))
        })?;

        let human = Human::new(Scope::Runs { left_out: 0 }, Detail::Normal, None, Advice::None);
        let checker = Checker::new(cancel.clone());
        let exit = judge(exercise, program, &self.workspace, &checker, vec![Box::new(human)])?;
        match exit {
            Exit::Success => {}
            Exit::Failed => return self.failed(name, &format!("program: {}", program.display())),
            other => return Ok(other),
        }
        let printed = print(&format!(
            "solved: `cargo xtask exercise solution {name}{}` compares your program with the lesson\n",
            self.option
        ))?;
        let mut progress = Progress::load(&self.folder)?;
        if !progress.solved.contains(name) {
            progress.solved.push(name.clone());
            progress.save(&self.folder)?;
        }
        Ok(printed)
    }

    /// The end of a check that the program has not passed.
    fn failed(&self, name: &str, last: &str) -> Result<Exit> {
        let option = &self.option;
        let printed = print(&format!("{last}\nstuck? cargo xtask exercise hint {name}{option}\n"))?;
        Ok(if printed == Exit::Success { Exit::Failed } else { printed })
    }

    /// Checks again whenever a source file changes, until Ctrl-C.
    fn watch(&self, exercise: &Exercise, cancel: &Cancel) -> Result<Exit> {
        let sources = self.started(&exercise.change.name)?.join("src");
        let mut watcher = Watcher::new()?;
        watcher.add(&sources, true)?;
        loop {
            // A program that does not compile, for example, can be mended too.
            let checked = self.check(exercise, cancel).or_else(|error| {
                if cancel.is_set() {
                    Ok(Exit::Interrupted)
                } else {
                    print(&format!("error: {error}\n"))
                }
            })?;
            if matches!(checked, Exit::Interrupted | Exit::ClosedPipe) {
                return Ok(checked);
            }
            let printed = print("\nwaiting for a change; stop with Ctrl-C\n")?;
            if printed == Exit::ClosedPipe {
                return Ok(printed);
            }
            watcher.wait(cancel);
            if cancel.is_set() {
                return Ok(Exit::Interrupted);
            }
        }
    }

    fn hint(&self, exercise: &Exercise) -> Result<Exit> {
        let Exercise { hints, change, .. } = exercise;
        self.started(&change.name)?;
        let mut progress = Progress::load(&self.folder)?;
        let shown = progress.hints.entry(change.name.clone()).or_default();
        // After the last one it is shown again.
        *shown = shown.saturating_add(1).min(hints.len());
        let number = *shown;
        let last = if number == hints.len() {
            format!(
                "\n\nThis is the last hint; `cargo xtask exercise solution {}{}` shows the solution.",
                change.name, self.option
            )
        } else {
            String::new()
        };
        let hint = &hints[number - 1];
        let printed = print(&format!("hint {number} of {}: {hint}{last}\n", hints.len()))?;
        progress.save(&self.folder)?;
        Ok(printed)
    }

    fn solution(&self, exercise: &Exercise) -> Result<Exit> {
        let path = self.started(&exercise.change.name)?.join("src/main.rs");
        let mine = fs::read_to_string(&path).map_err(|error| Error::io("read", &path, &error))?;
        let solution = exercise.solution(&self.workspace.root)?;
        let lesson = exercise.change.lesson.source.display();
        if mine == solution {
            return print(&format!("your program is the lesson, {lesson}\n"));
        }
        let mut options = DiffOptions::new();
        options.set_original_filename("your program").set_modified_filename("the lesson");
        let patch = options.create_patch(&mine, &solution);
        print(&format!("from your program to the lesson, {lesson}:\n\n{patch}"))
    }

    fn project(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder of an exercise that the learner has started.
    fn started(&self, name: &str) -> Result<PathBuf> {
        let folder = self.project(name);
        if folder.is_dir() {
            return Ok(folder);
        }
        Err(Error::new(format!(
            "there is no folder `{}`; `cargo xtask exercise start {name}{}` writes it",
            folder.display(),
            self.option
        )))
    }
}

/// The tables of all exercises in `docs/exercises.md`, one for each level.
///
/// # Errors
/// When a page cannot be read.
pub fn markdown(workspace: &Workspace) -> Result<String> {
    let mut text = String::new();
    for level in Exercise::all(workspace)?.chunk_by(|one, other| one.level == other.level) {
        let gap = if text.is_empty() { "" } else { "\n" };
        text += &format!("{gap}### Level {}\n\n", level[0].level);
        text += "| Exercise | Title | Lesson |\n| --- | --- | --- |\n";
        for Exercise { title, change: Change { name, lesson, .. }, .. } in level {
            let source = slashes(&lesson.source);
            text += &format!("| `{name}` | {title} | [`{}`](../{source}) |\n", lesson.name);
        }
    }
    Ok(text)
}

/// Runs a program many times, until it fails, and compares what it prints with the snapshot of the
/// exercise's lesson.
///
/// # Errors
/// When the snapshot is broken, or a report cannot be written.
pub fn judge(
    exercise: &Exercise,
    program: &Path,
    workspace: &Workspace,
    checker: &Checker,
    reporters: Vec<Box<dyn Reporter + Send>>,
) -> Result<Exit> {
    let lesson = &exercise.change.lesson;
    let subject = Subject::Command {
        words: vec![program.into()],
        folder: RunFolder::At(workspace.root.clone()),
        snapshot: vec![lesson.name.clone()],
    };
    let mut suite = Suite::load(&workspace.root, &lesson.snapshot, subject)?;
    suite.label.clone_from(&exercise.change.name);
    suite.runs = suite.successful_runs("")?;
    if let Some(timeout) = exercise.timeout {
        suite.snapshot.runs.iter_mut().for_each(|run| run.timeout = timeout);
    }
    let options = SessionOptions {
        conditions: None,
        // One failure is enough to look for the fault.
        fail_fast: true,
        max_endless: usize::MAX,
        stress: Some(exercise.rounds),
        outputs: runner_folder(&workspace.target),
        blesser: None,
    };
    report_session(options, reporters, checker, &[suite], &[])
}

/// A path that leads to the same place from every folder.
fn absolute(path: &Path) -> Result<PathBuf> {
    path::absolute(path).map_err(|error| Error::io("find the folder", path, &error))
}
