//! Reviewdog's diagnostic format; its columns count bytes.

use serde_json::{Value, json};

use super::region::Region;
use crate::finding::{Finding, Level};
use crate::project::Project;
use crate::source::Place;

/// The findings as one object in JSON.
#[must_use]
pub fn render(project: &Project, findings: &[Finding]) -> String {
    let diagnostics: Vec<Value> = findings.iter().map(|f| diagnostic(project, f)).collect();
    let report = json!({
        "source": { "name": "taglint" },
        "diagnostics": diagnostics,
    });
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn diagnostic(project: &Project, finding: &Finding) -> Value {
    let related: Vec<Value> = finding
        .related
        .iter()
        .chain(&finding.chain)
        .map(|related| json!({ "message": related.label, "location": location(project, related.at) }))
        .collect();
    let mut diagnostic = json!({
        "message": finding.message,
        "location": location(project, finding.at),
        "severity": match finding.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
            Level::Info | Level::Off => "INFO",
        },
        "code": { "value": finding.rule },
        "relatedLocations": related,
    });
    // Suggestions stand for the file of the finding itself.
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let suggestions: Vec<Value> = edits
        .filter(|edit| edit.at.file == finding.at.file)
        .map(|edit| {
            let location = location(project, edit.at);
            json!({ "range": location.get("range"), "text": edit.text })
        })
        .collect();
    if let (false, Some(fields)) = (suggestions.is_empty(), diagnostic.as_object_mut()) {
        fields.insert("suggestions".to_owned(), Value::Array(suggestions));
    }
    diagnostic
}

fn location(project: &Project, place: Place) -> Value {
    let region = Region::of(project, place);
    json!({
        "path": region.path,
        "range": {
            "start": { "line": region.start.line, "column": region.start_byte },
            "end": { "line": region.end.line, "column": region.end_byte },
        },
    })
}
