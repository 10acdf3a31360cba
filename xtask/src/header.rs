//! The header of a lesson, in its parts.

/// The parts of a header. All are Markdown.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The lesson in one sentence.
    pub summary: String,
    /// The table with the calls of Python and Rust.
    pub table: String,
    /// What else the reader needs.
    pub text: Vec<String>,
    /// What is the same in every run, and what may differ.
    pub guarantees: Vec<String>,
    /// The change for the reader to make.
    pub try_this: Vec<String>,
    /// The source without the header.
    pub code: String,
}

impl Header {
    /// Reads the source of a lesson.
    pub fn of(source: &str) -> Self {
        let is_header = |line: &&str| line.starts_with("//!");
        let lines = source.lines().take_while(is_header);
        let lines: Vec<&str> = lines
            .map(|line| line.trim_start_matches("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let code = source.lines().skip_while(is_header).skip_while(|line| line.is_empty());
        let code = code.map(|line| format!("{line}\n")).collect();
        let mut header = Self { code, ..Self::default() };
        // What a paragraph without a label belongs to.
        let mut in_try = false;
        let mut in_block = false;
        let is_between = |line: &&str| {
            in_block ^= line.starts_with("```");
            line.is_empty() && !in_block
        };
        for paragraph in lines.split(is_between).filter(|lines| !lines.is_empty()) {
            let text = paragraph.join("\n");
            if header.summary.is_empty() {
                header.summary = text;
            } else if text.starts_with("**Try:**") || in_try {
                in_try = true;
                header.try_this.push(text.trim_start_matches("**Try:** ").to_owned());
            } else if text.starts_with('|') {
                header.table = text;
            } else if text.starts_with("```text") {
                // The book shows a run of this build instead.
            } else if text.starts_with("**Always:**") || text.starts_with("**May differ:**") {
                header.guarantees.push(text);
            } else {
                header.text.push(text);
            }
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_falls_into_its_parts() {
        let source = "//! One sentence.\n//!\n//! | Python | Rust |\n//! | --- | --- |\n//!\n\
             //! Why it\n//! is so.\n//!\n//! ```text\n//! $ cargo run\n//! 1\n//! ```\n//!\n\
             //! Without an argument 5.\n//!\n//! **Always:** 1.\n//!\n//! **Try:** 2.\n//! Then 3.\n\n\
             fn main() {}\n";
        let header = Header::of(source);
        assert_eq!(header.summary, "One sentence.");
        assert_eq!(header.table, "| Python | Rust |\n| --- | --- |");
        assert_eq!(header.text, ["Why it\nis so.", "Without an argument 5."]);
        assert_eq!(header.guarantees, ["**Always:** 1."]);
        assert_eq!(header.try_this, ["2.\nThen 3."]);
        assert_eq!(header.code, "fn main() {}\n");
    }

    #[test]
    fn a_try_keeps_its_blocks_and_lists() {
        let source = "//! One sentence.\n//!\n//! ```text\n//! $ cargo run\n//!\n//! 1\n//! ```\n//!\n\
             //! **Try:** write\n//!\n//! ```text\n//! let a = 1;\n//!\n//! let b = 2;\n//! ```\n//!\n\
             //! - here\n//! - and there.\n\nfn main() {}\n";
        let header = Header::of(source);
        assert_eq!(header.text, [""; 0]);
        let block = "```text\nlet a = 1;\n\nlet b = 2;\n```";
        assert_eq!(header.try_this, ["write", block, "- here\n- and there."]);
    }
}
