//! Exercises: a task, a lesson with a fault in it, and hints.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

use regex::Regex;

use super::Change;
use crate::error::{Error, Result};
use crate::header::Header;
use crate::workspace::{TOPICS, Workspace, nearest};

/// An exercise. Its page is `examples-TOPIC/exercises/NAME.md`:
///
/// ````text
/// # A title
///
/// Lesson: daemon
/// Level: 1
/// Rounds: 100
/// Timeout: 3
///
/// The task.
///
/// ```diff
/// the fault, as a unified diff of the lesson
/// ```
///
/// ```error E0373
/// the first line of the compiler's error
/// ```
///
/// ## Hint 1
///
/// …
/// ````
///
/// Most pages have no `Rounds` (20), no `Timeout` (the seconds for a run, instead of what the
/// snapshot says) and no error.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// Its title.
    pub title: String,
    /// From 1 to 3.
    pub level: u32,
    /// How often a program is run to see that it has no fault.
    pub rounds: NonZero<u32>,
    /// The time limit of a run, if it is not that of the snapshot.
    pub timeout: Option<Duration>,
    /// What the learner has to do.
    pub task: String,
    /// From a nudge to nearly the answer.
    pub hints: Vec<String>,
    /// The fault.
    pub change: Change,
}

/// How often a program is run if the page has no line `Rounds: N`.
const ROUNDS: NonZero<u32> = NonZero::new(20).expect("it is not 0");

impl Exercise {
    /// All exercises, the easy ones first.
    ///
    /// # Errors
    /// When a page cannot be read.
    pub fn all(workspace: &Workspace) -> Result<Vec<Self>> {
        let mut exercises = Vec::new();
        for topic in TOPICS {
            let folder = format!("examples-{topic}/exercises");
            if !workspace.root.join(&folder).exists() {
                continue;
            }
            let cannot_read = |error| Error::io("read the folder", Path::new(&folder), &error);
            let entries = fs::read_dir(workspace.root.join(&folder)).map_err(cannot_read)?;
            let mut names: Vec<String> = Vec::new();
            for entry in entries {
                let entry = entry.map_err(cannot_read)?;
                let name = entry.file_name().to_string_lossy().into_owned();
                names.extend(name.strip_suffix(".md").map(str::to_owned));
            }
            names.sort();
            for name in names {
                let path = Path::new(&folder).join(format!("{name}.md"));
                exercises.push(Self::load(&path, name, workspace)?);
            }
        }
        // Within a level they stay in the order of the topics.
        exercises.sort_by_key(|exercise| exercise.level);
        Ok(exercises)
    }

    fn load(path: &Path, name: String, workspace: &Workspace) -> Result<Self> {
        let text = fs::read_to_string(workspace.root.join(path))
            .map_err(|error| Error::io("read", path, &error))?;
        let error = |what: &str| Error::new(format!("{}: {what}", path.display()));
        let field = |name: &str| {
            let start = format!("{name}: ");
            text.lines().find_map(|line| line.strip_prefix(&start)).map(str::trim)
        };
        let number = |name: &str| {
            field(name)
                .map(str::parse::<u32>)
                .transpose()
                .map_err(|_| error(&format!("the line `{name}: …` has no number")))
        };
        let title = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let title =
            title.ok_or_else(|| error("it does not begin with `# ` and a title"))?.to_owned();
        let lesson = field("Lesson").ok_or_else(|| error("it has no line `Lesson: NAME`"))?;
        let lesson = workspace.find(lesson).map_err(|problem| error(&problem.to_string()))?.clone();
        let level = number("Level")?.filter(|level| (1..=3).contains(level));
        let level =
            level.ok_or_else(|| error("it has no line `Level: N`, where N is 1, 2 or 3"))?;
        let rounds = number("Rounds")?.and_then(NonZero::new).unwrap_or(ROUNDS);
        let timeout = number("Timeout")?.map(|seconds| Duration::from_secs(seconds.into()));

        let is_field = |line: &&str| {
            ["# ", "Lesson: ", "Level: ", "Rounds: ", "Timeout: "]
                .iter()
                .any(|start| line.starts_with(start))
        };
        let change = Change { lesson, name, path: path.to_owned(), text: text.clone() };
        let task: Vec<&str> = change.prose().lines().filter(|line| !is_field(line)).collect();
        let hint = Regex::new(r"(?m)^## Hint \d+\n").expect("it is well-formed");
        let hints: Vec<String> =
            hint.split(&text).skip(1).map(|hint| hint.trim().to_owned()).collect();
        if hints.is_empty() {
            return Err(error("it has no hint; begin each with `## Hint N`"));
        }
        let task = task.join("\n").trim().to_owned();
        Ok(Self { title, level, rounds, timeout, task, hints, change })
    }

    /// The exercise with this name.
    ///
    /// # Errors
    /// When there is none, or a page cannot be read.
    pub fn find(name: &str, workspace: &Workspace) -> Result<Self> {
        let mut exercises = Self::all(workspace)?;
        match exercises.iter().position(|exercise| exercise.change.name == name) {
            Some(index) => Ok(exercises.swap_remove(index)),
            None => {
                let names = exercises.iter().map(|exercise| exercise.change.name.clone());
                let or = nearest(name, names, "exercise list", "exercises");
                Err(Error::new(format!("there is no exercise `{name}`{or}")))
            }
        }
    }

    /// The program that the learner starts with.
    ///
    /// # Errors
    /// When the diff does not apply to the lesson.
    pub fn starter(&self, root: &Path) -> Result<String> {
        Ok(self.with_own_header(&self.change.source(root)?))
    }

    /// The program without the fault: the lesson.
    ///
    /// # Errors
    /// When the lesson cannot be read.
    pub fn solution(&self, root: &Path) -> Result<String> {
        let path = &self.change.lesson.source;
        let source =
            fs::read_to_string(root.join(path)).map_err(|error| Error::io("read", path, &error))?;
        Ok(self.with_own_header(&source))
    }

    /// A header that gives nothing away, instead of the lesson's.
    fn with_own_header(&self, source: &str) -> String {
        format!("//! {} (The task is in README.md.)\n\n{}", self.title, Header::of(source).code)
    }
}
