//! The fenced blocks of a page, and what is between them.

use std::sync::LazyLock;

use regex::Regex;

/// A piece of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// All that is not in a block.
    Prose(&'t str),
    /// A block: what follows the backticks, and the lines between the fences.
    Block(&'t str, &'t str),
}

/// Divides Markdown into its blocks and what is between them. A block without an end goes to the end of
/// the text.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    static OPENING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^(```+)(.*)\n").expect("it is well-formed"));
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(found) = OPENING.captures(rest) {
        let (whole, [fence, info]) = (found.get_match(), found.extract().1);
        parts.push(Part::Prose(&rest[..whole.start()]));
        // From the end of the first line on, because the block may be empty.
        let block = &rest[whole.end() - 1..];
        let closing = format!("\n{fence}");
        let (body, after) = match block.find(&closing) {
            Some(end) => (&block[1..=end], &block[end + closing.len()..]),
            None => (&block[1..], ""),
        };
        parts.push(Part::Block(info.trim(), body));
        rest = after;
    }
    parts.push(Part::Prose(rest));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_falls_into_prose_and_blocks() {
        let page = "One\n\n````text\n```rust\n````\n\nTwo\n\n```refused\n```\n";
        let expected = [
            Part::Prose("One\n\n"),
            Part::Block("text", "```rust\n"),
            Part::Prose("\n\nTwo\n\n"),
            Part::Block("refused", ""),
            Part::Prose("\n"),
        ];
        assert_eq!(parts(page), expected);
        assert_eq!(parts("```a\nb"), [Part::Prose(""), Part::Block("a", "b"), Part::Prose("")]);
    }
}
