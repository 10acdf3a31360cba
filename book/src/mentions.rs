//! Links from the header of a lesson to the lessons that it mentions.

use std::collections::HashSet;
use std::iter;

use regex::{Captures, Regex};
use xtask::header::Header;
use xtask::workspace::{Lesson, slashes};

/// Lessons whose names also are those of functions or macros.
const OTHER_MEANINGS: [&str; 4] = ["compare_exchange", "cpu_count", "spawn_local", "thread_local"];

/// Makes the first mention of each other lesson, and of each README, a link. A name of one word, such
/// as `lock`, seldom means the lesson. The links are relative to the lesson's source.
pub fn link(header: &mut Header, lesson: &Lesson, lessons: &[Lesson]) {
    let name =
        Regex::new(r"(^|[^`\[])`(\w+_\w+|examples-\w+/README\.md)`").expect("it is well-formed");
    let target = |name: &str| {
        if name.ends_with(".md") {
            return Some(name.to_owned());
        }
        let means_lesson = name != lesson.name && !OTHER_MEANINGS.contains(&name);
        let other = lessons.iter().find(|other| means_lesson && other.name == name)?;
        Some(slashes(&other.source))
    };
    let mut linked = HashSet::new();
    let mut link = |found: &Captures<'_>| match target(&found[2]) {
        Some(target) if linked.insert(target.clone()) => {
            format!("{}[`{}`](../../../{target})", &found[1], &found[2])
        }
        _ => found[0].to_owned(),
    };
    let Header { summary, text, table, guarantees, try_this, .. } = header;
    let texts = iter::once(summary).chain(text).chain([table]).chain(guarantees).chain(try_this);
    for text in texts.filter(|text| !text.starts_with("```")) {
        *text = name.replace_all(text, &mut link).into_owned();
    }
}
