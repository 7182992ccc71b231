//! The page of a rule, as its own documentation has it.

use crate::rules::Rule;

/// A rule's page, in Markdown.
#[must_use]
pub fn rule_page(rule: &Rule) -> String {
    let mut text = format!(
        "# {}\n\nFamily: {} · default level: {}\n\n",
        rule.name,
        rule.family.name(),
        rule.level.name()
    );
    for line in rule.docs.lines() {
        text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
        text.push('\n');
    }
    text
}
