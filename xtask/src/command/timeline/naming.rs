//! Which thread, task or process has printed each line, as far as the snapshot and the texts tell.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use legal_outputs::{OutlineLane, Stream};
use regex::Regex;

use super::lines::Source;

/// The thread that prints what no other one does.
pub(super) const MAIN: &str = "main";

/// Words with a colon that say what the line is about, and not who prints it.
const NO_SPEAKERS: [&str; 2] = ["Hook", "Total"];

/// The beginning of a line that names its speaker: `ThreadId(2)`, `main`, `worker 1`, `Thread-2`, `A`,
/// or any word with a colon.
static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
    let numbered = r"(?:worker|reader|writer|buyer|philosopher|customer|thread)[ -]\d+";
    let name = format!(r"(main|(?i:{numbered}))\b");
    let speaker = format!(r"^(?:id: |[.E]+ )?(?:(ThreadId\(\d+\))|{name}|(\w+): |([ABC]) )");
    Regex::new(&speaker).expect("it is well-formed")
});

/// How a line names its speaker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Speaker<'a> {
    /// A thread id, which nothing else can be.
    Id(&'a str),
    /// One of the usual names.
    Name(&'a str),
    /// Another word with a colon.
    Word(&'a str),
}

impl<'a> Speaker<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let found = SPEAKER.captures(text)?;
        let group = |index: usize| found.get(index).map(|group| group.as_str());
        (group(1).map(Self::Id))
            .or_else(|| group(2).or(group(4)).map(Self::Name))
            .or_else(|| group(3).map(Self::Word))
    }

    fn name(self) -> &'a str {
        let (Self::Id(name) | Self::Name(name) | Self::Word(name)) = self;
        name
    }
}

/// A lane that has a name, with its number if it is one of several.
type Lane<'a> = (&'a str, Option<usize>);

/// For each line the name of the one that printed it. None for a line that may come from a thread of
/// its own, which nothing names.
pub(super) fn names(sources: &[Source<'_>]) -> Vec<Option<String>> {
    let names = Names::of(sources);
    sources.iter().map(|source| names.name(source)).collect()
}

/// The text without the name of its speaker at the beginning.
pub(super) fn without_name<'a>(text: &'a str, name: &str) -> &'a str {
    let Some(rest) = text.strip_prefix(name) else { return text };
    // The name of a lane may be an ordinary word, such as `a`.
    let is_speaker = Speaker::of(text).is_some_and(|speaker| speaker.name() == name);
    if is_speaker { rest.trim_start_matches([':', ' ']) } else { text }
}

struct Names<'a> {
    /// The id of the main thread, if the snapshot names it.
    main: Option<&'a str>,
    /// How many lines begin with this word and a colon.
    words: HashMap<&'a str, usize>,
    /// The usual names, without their numbers, in lines with a lane.
    kinds: HashSet<String>,
    /// Who speaks in each lane.
    speakers: HashMap<Lane<'a>, BTreeSet<Option<Speaker<'a>>>>,
}

impl<'a> Names<'a> {
    fn of(sources: &'a [Source<'_>]) -> Self {
        let (main, words, kinds) = Default::default();
        let mut names = Self { main, words, kinds, speakers: HashMap::new() };
        for source in sources {
            let speaker = Speaker::of(&source.text);
            match speaker {
                Some(Speaker::Word(word)) => *names.words.entry(word).or_default() += 1,
                Some(Speaker::Name(name)) if has_lane(source) => {
                    names.kinds.insert(kind(name));
                }
                Some(Speaker::Id(id)) if is_main(source) => names.main = Some(id),
                _ => {}
            }
            if let Some(lane) = lane(source) {
                names.speakers.entry(lane).or_default().insert(speaker);
            }
        }
        names
    }

    fn name(&self, source: &Source<'_>) -> Option<String> {
        if let Some(lane) = lane(source) {
            return Some(self.name_of_lane(lane));
        }
        let name = match (Speaker::of(&source.text), source.expected) {
            (Some(Speaker::Id(id)), _) if self.main == Some(id) => MAIN,
            (Some(Speaker::Id(id)), _) => id,
            // Without a lane, another thread may say how many jobs worker 1 has done.
            (Some(Speaker::Name(name)), _)
                if name == MAIN || has_lane(source) || self.kinds.contains(&kind(name)) =>
            {
                name
            }
            (Some(Speaker::Word(word)), _)
                if self.words[word] > 1 && !NO_SPEAKERS.contains(&word) =>
            {
                word
            }
            (_, None) if source.stream == Stream::Stdout => "?",
            (_, Some((line, _))) if line.lane == OutlineLane::Anonymous => return None,
            _ if source.stream == Stream::Stderr => "stderr",
            _ => MAIN,
        };
        Some(name.to_owned())
    }

    /// The one who speaks in all lines of the lane, or the name of the lane.
    fn name_of_lane(&self, lane: Lane<'_>) -> String {
        let speakers = &self.speakers[&lane];
        let only = speakers.first().filter(|_| speakers.len() == 1).copied().flatten();
        let lanes = || self.speakers.values().filter(|speakers| speakers.contains(&only));
        match (only, lane) {
            // Several lanes may begin with the same word, because they are parts of one thing.
            (Some(Speaker::Word(_)), (name, _)) if lanes().count() > 1 => name.to_owned(),
            (Some(only), _) => only.name().to_owned(),
            (None, (name, None)) => name.to_owned(),
            (None, (name, Some(number))) => format!("{name} {number}"),
        }
    }
}

/// A name without its number.
fn kind(name: &str) -> String {
    let name = name.trim_end_matches(char::is_numeric);
    if name.len() == 1 { "letter".to_owned() } else { name.to_lowercase() }
}

fn lane<'a>(source: &'a Source<'_>) -> Option<Lane<'a>> {
    let (line, number) = source.expected?;
    match &line.lane {
        OutlineLane::Named { name, count } => Some((name, count.map(|_| number + 1))),
        OutlineLane::Barrier | OutlineLane::Anonymous => None,
    }
}

fn has_lane(source: &Source<'_>) -> bool {
    source.expected.is_some_and(|(line, _)| line.lane != OutlineLane::Barrier)
}

fn is_main(source: &Source<'_>) -> bool {
    source.expected.is_some_and(|(line, _)| line.text.contains("{main:thread}"))
}
