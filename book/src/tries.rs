//! The change that a Try suggests, and what happens then.

use regex::Regex;
use xtask::practice::{Part, parts};

use crate::blocks::code;

/// The page of a Try without what only its test needs. Its links are relative to a lesson's source.
pub fn text(page: &str) -> String {
    // The title would be one more heading.
    let (_, page) = page.split_once('\n').unwrap_or_default();
    let mut text = String::new();
    let mut reading = String::new();
    for part in parts(page.trim()) {
        match part {
            Part::Prose(prose) => text += prose,
            Part::Block("diff", diff) => text += code("diff", &without_numbers(diff)).trim_end(),
            Part::Block(info, body) if info.starts_with("snapshot") => {
                if let Some(output) = output(body) {
                    text += output.trim_end();
                    // Once is enough.
                    if reading.is_empty() {
                        reading = how_to_read(&output);
                        text += &format!("\n\n{reading}");
                    }
                } else if text.trim_end().ends_with(':') {
                    text.truncate(text.trim_end().len() - 1);
                    text += ".";
                }
            }
            Part::Block(_, body) => text += code("text", body).trim_end(),
        }
    }
    text.trim_end().to_owned()
}

/// The lines of a diff. The numbers of lines count the header, which the page does not show.
fn without_numbers(diff: &str) -> String {
    let is_name = |line: &&str| line.starts_with("--- ") || line.starts_with("+++ ");
    let is_empty = |line: &&str| line.starts_with("@@") || line.trim().is_empty();
    let lines = diff.lines().skip_while(|line| is_name(line) || is_empty(line));
    let lines = lines.map(|line| if line.starts_with("@@") { "…" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// A snapshot of one run, if it prints something.
fn output(snapshot: &str) -> Option<String> {
    let mut exit = String::new();
    let mut lines = Vec::new();
    for line in snapshot.lines() {
        match line.strip_prefix("% ") {
            Some("stderr") => lines.push("# standard error:"),
            Some(setting) => {
                let code = setting.strip_prefix("exit ");
                exit.extend(code.map(|code| format!("The exit code is {code}.\n\n")));
            }
            None => lines.push(line),
        }
    }
    let has_output = lines.iter().any(|line| !line.starts_with("$ "));
    has_output.then(|| code("text", &lines.join("\n")) + &exit)
}

/// Where the guide explains what is in a snapshot. Empty if that needs no explanation.
pub fn how_to_read(snapshot: &str) -> String {
    let topics = [
        ("settings", "settings", r"(?m)^% "),
        ("lanes", "order", r"(?m)^[a-z0-9_*@<]*\| "),
        ("values", "values", r"\{[^{]"),
    ];
    let links: Vec<String> = topics
        .into_iter()
        .filter(|(.., sign)| Regex::new(sign).expect("it is well-formed").is_match(snapshot))
        .map(|(title, anchor, _)| format!("[{title}](../../../docs/snapshots.md#{anchor})"))
        .collect();
    if links.is_empty() {
        String::new()
    } else {
        format!("How to read this: {}.", links.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_try_says_only_what_a_reader_needs() {
        let page = "# Try: a\n\nB.\n\n```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n c\n```\n\n\
             It prints:\n\n```snapshot\n$ x\n% exit 1\n% timeout 1 s\n{int}\n```\n\n\
             Then it waits:\n\n```snapshot never ends\n$ x\n% timeout 1 s\n```\n";
        let expected = "B.\n\n```diff\n-a\n+b\n…\n c\n```\n\n\
             It prints:\n\n```text\n$ x\n{int}\n```\n\nThe exit code is 1.\n\n\
             How to read this: [values](../../../docs/snapshots.md#values).\n\nThen it waits.";
        assert_eq!(text(page), expected);
    }
}
