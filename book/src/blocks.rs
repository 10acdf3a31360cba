//! Fenced blocks as Markdown and as HTML.

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
    fn a_command_differs_from_its_output() {
        let expected = "<pre class=\"console\"><code class=\"nohighlight\">\
             <b>$ run &lt;a</b><span class=\"remark\">  # why</span>\n1 $ 2\n</code></pre>";
        assert_eq!(shown("console", "$ run <a  # why\n1 $ 2"), expected);
    }
}
