//! SARIF 2.1.0, for code scanning.

use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::region::Region;
use crate::finding::{Applicability, Finding, Level};
use crate::project::Project;
use crate::rules::{RULES, Rule};
use crate::source::Place;

/// The findings as a log of one run.
#[must_use]
pub fn render(project: &Project, findings: &[Finding]) -> String {
    let prints = fingerprints(project, findings);
    let results: Vec<Value> = findings
        .iter()
        .zip(prints)
        .map(|(finding, fingerprint)| result(project, finding, &fingerprint))
        .collect();
    log(results)
}

/// A log of one run with these results.
#[must_use]
pub fn log(results: Vec<Value>) -> String {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "taglint",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(rule).collect::<Vec<Value>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "where the run started" } } },
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

/// The word of SARIF for a level.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
        Level::Off => "none",
    }
}

fn rule(rule: &Rule) -> Value {
    // Each line of a doc comment opens with a blank, which would make text of code and code of text.
    let line = |line: &'static str| line.strip_prefix(' ').unwrap_or(line).trim_end();
    let page: Vec<&str> = rule.docs.lines().map(line).collect();
    let page = page.join("\n");
    json!({
        "id": rule.name,
        "name": name(rule.name),
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": full_description(&page).unwrap_or_else(|| rule.summary().to_owned()) },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(rule.level), "enabled": rule.level != Level::Off },
        "properties": { "tags": [rule.family.name()] },
    })
}

/// The name as the standard wants it beside the identifier: `contested-tag` is `ContestedTag`.
fn name(id: &str) -> String {
    let words = id.split('-').map(str::chars);
    words
        .flat_map(|mut word| {
            let first = word.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(word)
        })
        .collect()
}

/// What the page says under its first heading, as one paragraph.
fn full_description(page: &str) -> Option<String> {
    let (_, section) = page.split_once("## What it does")?;
    let section = section.split("\n##").next()?;
    let words: Vec<&str> = section.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn result(project: &Project, finding: &Finding, fingerprint: &str) -> Value {
    let mut text = finding.message.clone();
    for note in &finding.notes {
        text.push_str(&format!("\n{note}"));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\n{help}"));
    }
    let related = finding.related.iter().chain(&finding.chain);
    let related: Vec<Value> = related
        .enumerate()
        .map(|(id, related)| {
            let mut location = location(project, related.at);
            if let Some(fields) = location.as_object_mut() {
                fields.insert("id".to_owned(), json!(id));
                fields.insert("message".to_owned(), json!({ "text": related.label }));
            }
            location
        })
        .collect();
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.level),
        "message": { "text": text },
        "locations": [location(project, finding.at)],
        "partialFingerprints": { "taglint/v1": fingerprint },
    });
    let Some(fields) = result.as_object_mut() else {
        return result;
    };
    if let Some(index) = RULES.iter().position(|rule| rule.name == finding.rule) {
        fields.insert("ruleIndex".to_owned(), json!(index));
    }
    if !related.is_empty() {
        fields.insert("relatedLocations".to_owned(), json!(related));
    }
    if let Some(fix) = fix(project, finding) {
        fields.insert("fixes".to_owned(), json!([fix]));
    }
    result
}

fn fix(project: &Project, finding: &Finding) -> Option<Value> {
    let fix = finding.fix.as_ref()?;
    let mut changes: Vec<(&str, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let replacement = json!({
            "deletedRegion": region(project, edit.at),
            "insertedContent": { "text": edit.text },
        });
        let path = project.path(edit.at);
        match changes.iter_mut().find(|(known, _)| *known == path) {
            Some((_, list)) => list.push(replacement),
            None => changes.push((path, vec![replacement])),
        }
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(path, replacements)| {
            json!({ "artifactLocation": artifact(path), "replacements": replacements })
        })
        .collect();
    let description = finding.help.clone().unwrap_or_else(|| "mend it".to_owned());
    // The standard has no word for a fix that wants a look.
    let applicability = match fix.applicability {
        Applicability::Safe => "safe",
        Applicability::Unsafe => "unsafe",
    };
    Some(json!({
        "description": { "text": description },
        "artifactChanges": changes,
        "properties": { "applicability": applicability },
    }))
}

/// A place as a location.
pub(super) fn location(project: &Project, place: Place) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": artifact(project.path(place)),
        "region": region(project, place),
    } })
}

fn region(project: &Project, place: Place) -> Value {
    let region = Region::of(project, place);
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    })
}

/// A path as a reference relative to where the run started.
fn artifact(path: &str) -> Value {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    if path.starts_with('/') {
        json!({ "uri": format!("file://{uri}") })
    } else {
        json!({ "uri": uri, "uriBaseId": "%SRCROOT%" })
    }
}
