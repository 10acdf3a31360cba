//! What the page of a lesson says about the orders of its lines.

use legal_outputs::OrderCount;
use xtask::command::orders::Layout;

/// How many orders of the lines are legal, and how to read the picture of them, for a lesson of this
/// topic.
pub fn explanation(layout: &Layout, topic: &str) -> String {
    let Layout { orders, lines, arrows, rules, has_equal_lanes, .. } = layout;
    let mut text = match orders {
        // Several equal lanes, of which any may come first.
        OrderCount::Exactly(1) => "Any of the lanes may come first.".to_owned(),
        OrderCount::Exactly(count) => {
            format!("The lines of the snapshot may come in {} orders.", with_commas(*count))
        }
        OrderCount::MoreThan(count) => {
            format!(
                "The lines of the snapshot may come in more than {} orders.",
                with_commas(*count)
            )
        }
    };
    if *has_equal_lanes {
        let they = match topic {
            "async" => "Tasks",
            "process" => "Processes",
            _ => "Threads",
        };
        text += &format!(" {they} that print the same lines are not told apart.");
    }
    text += "\n\nEach box is a line of the output.";
    let has_rules = !rules.is_empty() || lines.iter().any(|line| line.column.is_none());
    if !arrows.is_empty() {
        text += " An arrow points to a box that always comes later.";
    }
    if has_rules {
        text +=
            " A rule across the picture separates what comes before it from what comes after it.";
    }
    if *orders != OrderCount::Exactly(1) {
        text += match (arrows.is_empty(), has_rules) {
            (false, true) => {
                " Boxes that neither an arrow nor a rule separates may come in any order."
            }
            (false, false) => " Boxes that no arrow separates may come in any order.",
            (true, true) => " Boxes that no rule separates may come in any order.",
            (true, false) => " The boxes may come in any order.",
        };
    }
    if lines.iter().any(|line| line.text.contains('{')) {
        text += " `{…}` stands for a [value](../../../docs/snapshots.md#values).";
    }
    text
}

/// A number with a comma between thousands.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    String::from_utf8_lossy(&groups.join(&b',')).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(orders: u64, has_equal_lanes: bool) -> Layout {
        Layout {
            run: "its".to_owned(),
            orders: OrderCount::Exactly(orders),
            columns: 3,
            lines: Vec::new(),
            rows: 2,
            stderr: None,
            arrows: Vec::new(),
            rules: Vec::new(),
            has_equal_lanes,
        }
    }

    #[test]
    fn equal_lanes_have_no_single_order() {
        let text = explanation(&layout(1, true), "process");
        let start = "Any of the lanes may come first. Processes that print the same lines are not";
        assert!(text.starts_with(start), "{text}");
    }

    #[test]
    fn only_what_is_drawn_is_explained() {
        let mut layout = layout(8100, false);
        let text = explanation(&layout, "sync");
        assert!(
            text.starts_with("The lines of the snapshot may come in 8,100 orders.\n"),
            "{text}"
        );
        assert!(
            text.ends_with("Each box is a line of the output. The boxes may come in any order.")
        );
        layout.arrows.push((0, 1));
        layout.rules.push(1);
        let text = explanation(&layout, "sync");
        assert!(text.contains("An arrow points to") && text.contains("A rule across"), "{text}");
    }

    #[test]
    fn thousands_are_separated() {
        let numbers = [7, 720, 113_400, 1_000_000].map(with_commas);
        assert_eq!(numbers, ["7", "720", "113,400", "1,000,000"]);
    }
}
