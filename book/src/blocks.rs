//! The fenced blocks of a page.

use regex::Regex;

/// A piece of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// All that is not in a block.
    Prose(&'t str),
    /// A block: what follows the backticks, and the lines between the fences.
    Block(&'t str, &'t str),
}

/// Divides Markdown into its blocks and what is between them.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let opening = Regex::new(r"(?m)^(```+)(.*)\n").expect("it is well-formed");
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(found) = opening.captures(rest) {
        let (whole, [fence, info]) = (found.get_match(), found.extract().1);
        // From the end of the first line on, because the block may be empty.
        let block = &rest[whole.end() - 1..];
        let closing = format!("\n{fence}");
        let Some(length) = block.find(&closing) else { break };
        let body = block[..length].strip_prefix('\n').unwrap_or_default();
        parts.extend([Part::Prose(&rest[..whole.start()]), Part::Block(info, body)]);
        rest = &block[length + closing.len()..];
    }
    parts.push(Part::Prose(rest));
    parts
}

/// A block in Markdown.
pub fn code(language: &str, text: &str) -> String {
    // No line of the code must end the block.
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{fence}{language}\n{}\n{fence}\n\n", text.trim_end())
}

/// A block as the website shows it. Its colours know neither the languages of the guide to snapshots
/// nor what is a command, so such a block becomes HTML.
pub fn shown(info: &str, body: &str) -> String {
    let class = info.split(' ').next().unwrap_or_default();
    let label = match class {
        "allowed" | "refused" => format!("*{class}:*\n\n"),
        "says" => "*the report:*\n\n".to_owned(),
        "text" | "console" | "snapshot" => String::new(),
        _ => return code(info, body).trim_end().to_owned(),
    };
    let lines: Vec<String> = body.lines().map(line).collect();
    let lines = if body.is_empty() { remark("(no output)") } else { lines.join("\n") };
    format!("{label}<pre class=\"{class}\"><code class=\"nohighlight\">{lines}\n</code></pre>")
}

/// A line of a block as HTML, in which a command differs from what it prints.
fn line(line: &str) -> String {
    let escaped = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if escaped.starts_with("# ") {
        return remark(&escaped);
    }
    if !escaped.starts_with("$ ") {
        return escaped;
    }
    let end = escaped.find("  #").unwrap_or(escaped.len());
    let (command, comment) = escaped.split_at(end);
    let comment = if comment.is_empty() { String::new() } else { remark(comment) };
    format!("<b>{command}</b>{comment}")
}

fn remark(text: &str) -> String {
    format!("<span class=\"remark\">{text}</span>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_falls_into_prose_and_blocks() {
        let page = "One\n\n````text\n```rust\n````\n\nTwo\n\n```refused\n```\n";
        let expected = [
            Part::Prose("One\n\n"),
            Part::Block("text", "```rust"),
            Part::Prose("\n\nTwo\n\n"),
            Part::Block("refused", ""),
            Part::Prose("\n"),
        ];
        assert_eq!(parts(page), expected);
    }

    #[test]
    fn a_command_differs_from_its_output() {
        let expected = "<pre class=\"console\"><code class=\"nohighlight\">\
             <b>$ run &lt;a</b><span class=\"remark\">  # why</span>\n1 $ 2\n</code></pre>";
        assert_eq!(shown("console", "$ run <a  # why\n1 $ 2"), expected);
    }
}
