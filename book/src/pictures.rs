//! Pictures as parts of a page, so that they take the colours of the page's theme.

use regex::Regex;

/// A picture, with a link to the file with the picture alone. In Markdown an empty line would end it.
pub fn inline(svg: &str, file: &str) -> String {
    let dark =
        Regex::new(r"@media \(prefers-color-scheme: ?dark\) ?\{").expect("it is well-formed");
    let svg = dark.replace(svg, ":is(.coal, .navy, .ayu) {");
    let lines: Vec<&str> = svg.lines().filter(|line| !line.trim().is_empty()).collect();
    let lines = lines.join("\n");
    format!(
        "<div class=\"picture\"><a href=\"{file}\" title=\"Open the picture\">\n{lines}\n</a></div>"
    )
}
