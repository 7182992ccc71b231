//! Writes suppressions: one comment above each line that has findings.

use std::collections::BTreeMap;

use super::comment::{self, Written};
use super::lines::Lines;
use crate::finding::{Applicability, Edit, Finding, Fix};
use crate::fix;
use crate::project::Project;
use crate::rules::{self, Family};
use crate::source::{FileId, Place, Source, Span};

/// The texts of the files with their findings suppressed, and how many findings that are. A file
/// that holds no comments (JSON) is left, and so is what cannot be read at all.
#[must_use]
pub fn insert(
    project: &Project,
    findings: &[Finding],
    reason: &str,
) -> (BTreeMap<FileId, String>, usize) {
    let mut by_file: BTreeMap<FileId, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if is_suppressible(project, finding) {
            by_file.entry(finding.at.file).or_default().push(finding);
        }
    }
    let mut texts = BTreeMap::new();
    let mut count = 0;
    for (file, findings) in by_file {
        let Some(source) = project.sources.get(file.0 as usize) else {
            continue;
        };
        let (text, done) = insert_in(source, file, &findings, reason);
        if done > 0 {
            texts.insert(file, text);
            count += done;
        }
    }
    (texts, count)
}

fn insert_in(
    source: &Source,
    file: FileId,
    findings: &[&Finding],
    reason: &str,
) -> (String, usize) {
    let lines = Lines::new(source);
    let known = comment::find(source);
    let mut wanted: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for finding in findings {
        let line = source.position(finding.at.span.start).line;
        wanted
            .entry(lines.anchor(line))
            .or_default()
            .push(finding.rule);
    }
    let mut fixes = Vec::new();
    let mut counts = Vec::new();
    for (line, mut rules) in wanted {
        counts.push(rules.len());
        rules.sort_unstable();
        rules.dedup();
        let edit = comment_on(source, &lines, &known, line, &rules, reason);
        fixes.push(Fix {
            applicability: Applicability::Safe,
            edits: vec![Edit {
                at: Place { file, span: edit.0 },
                text: edit.1,
            }],
        });
    }
    let fixes: Vec<&Fix> = fixes.iter().collect();
    let applied = fix::apply(source.path(), source.text(), &fixes);
    let done = applied.done.iter().filter_map(|index| counts.get(*index));
    (applied.text, done.sum())
}

/// The edit that suppresses rules on a line: one more name in a comment that is there already, or a
/// comment above it.
fn comment_on(
    source: &Source,
    lines: &Lines<'_>,
    known: &[Written],
    line: usize,
    rules: &[&str],
    reason: &str,
) -> (Span, String) {
    let own = known.iter().find_map(|written| {
        let directive = comment::parse(&written.text).ok()?;
        let here = !directive.file && lines.about(written.span).0 == line;
        here.then_some((written, directive))
    });
    let Some((written, directive)) = own else {
        return above(source, line, rules, reason);
    };
    let mut names: Vec<&str> = directive.rules.iter().map(String::as_str).collect();
    names.extend(
        rules
            .iter()
            .filter(|rule| !directive.rules.iter().any(|n| n == *rule)),
    );
    let start = written.span.start + written.offset;
    let list = Span::new(start + directive.list.start, start + directive.list.end);
    (list, names.join(", "))
}

/// The edit that suppresses one finding where it stands; `None` where no comment can.
#[must_use]
pub fn suppressing(project: &Project, finding: &Finding, reason: &str) -> Option<(Span, String)> {
    if !is_suppressible(project, finding) {
        return None;
    }
    let source = project.source(finding.at)?;
    let lines = Lines::new(source);
    let line = lines.anchor(source.position(finding.at.span.start).line);
    let known = comment::find(source);
    Some(comment_on(
        source,
        &lines,
        &known,
        line,
        &[finding.rule],
        reason,
    ))
}

/// Whether a comment can suppress a finding: a file that holds no comments (JSON) has none, and what
/// cannot be read at all must be mended.
fn is_suppressible(project: &Project, finding: &Finding) -> bool {
    let family = rules::find(finding.rule).map(|rule| rule.family);
    family != Some(Family::File) && !project.path(finding.at).ends_with(".json")
}

/// A comment on a line of its own, as far in as the line below it.
fn above(source: &Source, line: usize, rules: &[&str], reason: &str) -> (Span, String) {
    let text = source.line(line).unwrap_or_default();
    let indent = text.len() - text.trim_start().len();
    let indent = text.get(..indent).unwrap_or_default();
    let start = source.line_start(line).unwrap_or_default();
    let rest = source.text().get(start + text.len()..).unwrap_or_default();
    let ending = if rest.starts_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let comment = format!(
        "{indent}# taglint: ignore[{}] {}",
        rules.join(", "),
        reason.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    (Span::at(start), format!("{}{ending}", comment.trim_end()))
}
