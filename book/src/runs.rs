//! Runs each lesson once, as its header shows it.

use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context, Result, bail};
use xtask::build::{BuildOptions, build};
use xtask::cancel::Cancel;
use xtask::check::{Checker, RunResult, Status};
use xtask::command::orders::{self, Layout};
use xtask::command::timeline::{self, Timeline, picture::is_worth_drawing};
use xtask::suite::{Case, Suite};
use xtask::workspace::{Lesson, Workspace};

/// What a run of a lesson has shown.
pub struct Run {
    /// The arguments, as a shell reads them. May be empty.
    pub arguments: String,
    /// What it printed.
    pub output: String,
    /// When each line came, as SVG, if that shows more than the output.
    pub timeline: Option<String>,
    /// Which orders the snapshot allows.
    pub layout: Layout,
    /// The same as SVG, if that shows more than the lines in their order.
    pub orders: Option<String>,
    /// The text of the snapshot.
    pub snapshot: String,
}

/// So many lessons run at once. More would disturb each other's times.
const RUNS_AT_ONCE: usize = 2;

/// Builds all lessons, and runs each once. The results are in the order of the lessons.
///
/// # Errors
/// When a lesson cannot be built, or does not do what its snapshot says.
pub fn run_all(workspace: &Workspace, cancel: &Cancel) -> Result<Vec<Run>> {
    let options = BuildOptions { release: false, quiet: false };
    let programs = build(&workspace.root, &workspace.lessons, options, cancel)?;
    let checker = Checker::new(cancel.clone());
    let run = |lesson: &Lesson| -> Result<Run> {
        let suite = Suite::of_lesson(lesson, &workspace.root, &programs[&lesson.name])?;
        let arguments = lesson.sample_arguments(&workspace.root)?;
        let mut cases = suite.cases();
        let case = cases.find(|case| case.run().arguments == arguments);
        let case = case.context("the snapshot has no run with the arguments of the header")?;
        let result = checker.check(case);
        if result.status >= Status::Cancelled {
            bail!("{}", result.problem);
        }
        Ok(Run::of(case, &result))
    };
    let run_part = |lessons: &[Lesson]| -> Result<Vec<Run>> {
        lessons.iter().map(|lesson| run(lesson).with_context(|| lesson.label())).collect()
    };
    let parts = workspace.lessons.chunks(workspace.lessons.len().div_ceil(RUNS_AT_ONCE).max(1));
    let results = thread::scope(|scope| {
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || run_part(part))).collect();
        let join =
            |thread: ScopedJoinHandle<'_, _>| thread.join().expect("the thread does not panic");
        threads.into_iter().map(join).collect::<Result<Vec<_>>>()
    });
    if cancel.is_set() {
        bail!("cancelled");
    }
    Ok(results?.into_iter().flatten().collect())
}

impl Run {
    fn of(case: Case<'_>, result: &RunResult) -> Self {
        let title = case.title();
        let arguments = title.split_once(' ').map_or("", |(_, arguments)| arguments);
        let timeline = Timeline::of(case, result);
        let layout = Layout::of(case);
        Self {
            arguments: arguments.to_owned(),
            output: String::from_utf8_lossy(&result.stdout).into_owned(),
            timeline: is_worth_drawing(&timeline).then(|| timeline::picture::draw(&[timeline])),
            orders: layout.is_worth_drawing().then(|| orders::picture::draw(&layout)),
            layout,
            snapshot: case.suite.text.clone(),
        }
    }
}
