//! Workflow commands: annotations on the lines of a pull request.

use super::harmless;
use super::region::Region;
use crate::finding::{Finding, Level};
use crate::project::Project;

/// The findings as workflow commands, a line each.
#[must_use]
pub fn render(project: &Project, findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info | Level::Off => "notice",
        };
        let region = Region::of(project, finding.at);
        let mut properties = vec![
            ("file", region.path.to_owned()),
            ("line", region.start.line.to_string()),
            ("endLine", region.end.line.to_string()),
        ];
        // Columns count only within one line.
        if region.start.line == region.end.line {
            properties.push(("col", region.start.column.to_string()));
            properties.push(("endColumn", region.end.column.to_string()));
        }
        properties.push(("title", format!("taglint: {}", finding.rule)));
        let properties: Vec<String> = properties
            .into_iter()
            .map(|(name, value)| format!("{name}={}", property(&value)))
            .collect();
        let mut message = finding.message.clone();
        for note in &finding.notes {
            message.push_str(&format!("\nnote: {note}"));
        }
        if let Some(help) = &finding.help {
            message.push_str(&format!("\nhelp: {help}"));
        }
        text.push_str(&format!(
            "::{command} {}::{}\n",
            properties.join(","),
            data(&harmless(&message))
        ));
    }
    text
}

/// A message as the runner reads it: one line, which can hold no further command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_out_of_its_command() {
        assert_eq!(
            data("50%\r\n::stop-commands::x"),
            "50%25%0D%0A::stop-commands::x"
        );
        assert_eq!(property("a,b:c\n"), "a%2Cb%3Ac%0A");
    }
}
