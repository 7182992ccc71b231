//! Comments that suppress findings: `# taglint: ignore[floating-tag] reason`, on the line of the
//! finding or above it, and `# taglint: ignore-file[floating-tag] reason` for a whole file.
//!
//! A suppression that suppresses nothing is a finding itself, and so is one that cannot be read.

mod comment;
mod insert;
mod lines;

pub use comment::speaks;
pub use insert::{insert, suppressing};

use std::collections::HashMap;

use crate::finding::{Applicability, Edit, Finding, Level};
use crate::fix;
use crate::project::Project;
use crate::rules::{self, Rule, Selection};
use crate::source::{FileId, Place, Source, Span};
use comment::{Directive, Written};
use lines::Lines;

/// The rule that reports suppressions.
const RULE: &str = "unused-suppression";

/// What suppressions leave of a run's findings.
#[derive(Debug, Default)]
pub struct Suppressed {
    /// The findings left, those about suppressions among them, in order.
    pub findings: Vec<Finding>,
    /// How many were taken out.
    pub count: usize,
}

/// A suppression with what it has done.
struct Suppression {
    written: Written,
    directive: Directive,
    /// The lines that it is about; `None` for the whole file.
    lines: Option<(usize, usize)>,
    /// For each of its rules, whether it suppressed something.
    used: Vec<bool>,
}

/// Takes out what comments suppress, and adds what is wrong with the comments.
#[must_use]
pub fn suppress(project: &Project, selection: &Selection, findings: Vec<Finding>) -> Suppressed {
    let mut out = Suppressed::default();
    let level = |file: FileId| {
        let policy = project.policy_level(file, RULE);
        rules::find(RULE).map_or(Level::Off, |rule| selection.level(rule, policy))
    };
    let mut files: Vec<(FileId, Found)> = Vec::new();
    let mut own = Vec::new();
    for (index, source) in project.sources.iter().enumerate() {
        let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        let found = read(source, file, level(file), &mut own);
        if !found.is_empty() {
            files.push((file, Found::new(found)));
        }
    }
    for finding in findings {
        let known = files.binary_search_by_key(&finding.at.file, |(file, _)| *file);
        let suppressions = known.ok().and_then(|index| files.get_mut(index));
        let line = project
            .source(finding.at)
            .map_or(0, |source| source.position(finding.at.span.start).line);
        let hit = suppressions.is_some_and(|(_, found)| found.take(finding.rule, line));
        if hit {
            out.count += 1;
        } else {
            out.findings.push(finding);
        }
    }
    for (file, found) in &files {
        let Some(source) = project.sources.get(file.0 as usize) else {
            continue;
        };
        let unused = found.all.iter();
        own.extend(
            unused.filter_map(|one| one.unused(project, (*file, source), level(*file), selection)),
        );
    }
    own.retain(|finding| finding.level != Level::Off);
    if !own.is_empty() {
        fix::settle(project, &mut own);
        out.findings.extend(own);
        out.findings
            .sort_by(|a, b| (a.at, b.level, a.rule).cmp(&(b.at, a.level, b.rule)));
    }
    out
}

/// The suppressions of a file; what cannot be read as one becomes a finding.
fn read(
    source: &Source,
    file: FileId,
    level: Level,
    faults: &mut Vec<Finding>,
) -> Vec<Suppression> {
    let written = comment::find(source);
    if written.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(source);
    let mut found = Vec::new();
    for written in written {
        match comment::parse(&written.text) {
            Ok(directive) => found.push(Suppression {
                lines: (!directive.file).then(|| lines.about(written.span)),
                used: vec![false; directive.rules.len()],
                written,
                directive,
            }),
            Err(fault) => {
                let at = Place {
                    file,
                    span: written.span,
                };
                faults.push(
                    Finding::new(RULE, level, at, fault)
                        .label("suppresses nothing")
                        .help("write `taglint: ignore[RULE] reason`, with commas between rules"),
                );
            }
        }
    }
    found
}

/// The suppressions of one file, found by the lines that they are about.
struct Found {
    all: Vec<Suppression>,
    by_line: HashMap<usize, Vec<usize>>,
    /// Those about many lines, or the whole file.
    wide: Vec<usize>,
}

/// What is about more lines is not noted at each of them.
const FEW_LINES: usize = 64;

impl Found {
    fn new(all: Vec<Suppression>) -> Self {
        let mut by_line: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut wide = Vec::new();
        for (index, suppression) in all.iter().enumerate() {
            match suppression.lines {
                Some((first, last)) if last - first <= FEW_LINES => {
                    (first..=last).for_each(|line| by_line.entry(line).or_default().push(index));
                }
                _ => wide.push(index),
            }
        }
        Self { all, by_line, wide }
    }

    /// Whether a rule's finding on a line is suppressed; whatever suppresses it counts as used.
    fn take(&mut self, rule: &str, line: usize) -> bool {
        let here = self.by_line.get(&line).map(Vec::as_slice);
        let mut hit = false;
        for index in here.unwrap_or_default().iter().chain(&self.wide) {
            let suppression = self.all.get_mut(*index);
            hit |= suppression.is_some_and(|one| one.takes(rule, line));
        }
        hit
    }
}

impl Suppression {
    /// Whether it suppresses a rule's finding on a line; it then counts as used.
    fn takes(&mut self, rule: &str, line: usize) -> bool {
        let here = self
            .lines
            .is_none_or(|(first, last)| (first..=last).contains(&line));
        let index = self.directive.rules.iter().position(|name| name == rule);
        match index.and_then(|index| self.used.get_mut(index)) {
            Some(used) if here => {
                *used = true;
                true
            }
            _ => false,
        }
    }

    /// The finding for what it does not suppress. A rule that did not run says nothing about it.
    fn unused(
        &self,
        project: &Project,
        (file, source): (FileId, &Source),
        level: Level,
        selection: &Selection,
    ) -> Option<Finding> {
        let ran = |name: &str| {
            rules::find(name).is_some_and(|rule| {
                selection.level(rule, project.policy_level(file, name)) != Level::Off
            })
        };
        let pairs = self.directive.rules.iter().zip(&self.used);
        let (unused, kept): (Vec<_>, Vec<_>) = pairs.partition(|(name, used)| !**used && ran(name));
        let first = unused.first()?.0;
        let names: Vec<String> = unused.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = match self.lines {
            Some(_) => format!("no finding of {} is suppressed here", names.join(", ")),
            None => format!("no finding of {} in this file", names.join(", ")),
        };
        let at = Place {
            file,
            span: self.written.span,
        };
        let finding = Finding::new(RULE, level, at, message).label("suppresses nothing");
        let kept: Vec<&str> = kept.iter().map(|(name, _)| name.as_str()).collect();
        let (help, edit) = if kept.is_empty() {
            let span = whole(source, self.written.span);
            ("remove the comment".to_owned(), (span, String::new()))
        } else {
            let start = self.written.span.start + self.written.offset;
            let list = &self.directive.list;
            let span = Span::new(start + list.start, start + list.end);
            (format!("remove `{first}`"), (span, kept.join(", ")))
        };
        let edit = Edit {
            at: Place { file, span: edit.0 },
            text: edit.1,
        };
        Some(finding.help(help).fix(Applicability::Safe, vec![edit]))
    }
}

/// What goes when a comment goes: its line where it stands alone, else it and the blanks before it.
fn whole(source: &Source, span: Span) -> Span {
    let text = source.text();
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let lead = before.get(line..).unwrap_or_default();
    if lead.trim().is_empty() {
        let rest = text.get(span.end..).unwrap_or_default();
        let end = rest.find('\n').map_or(text.len(), |at| span.end + at + 1);
        return Span::new(line, end);
    }
    Span::new(line + lead.trim_end().len(), span.end)
}

/// Every rule that a comment of a file names, with the bytes of its name.
#[must_use]
pub fn named_rules(source: &Source) -> Vec<(Span, &'static Rule)> {
    let mut named = Vec::new();
    for written in comment::find(source) {
        let Ok(directive) = comment::parse(&written.text) else {
            continue;
        };
        let list = written.text.get(directive.list.clone()).unwrap_or_default();
        let start = written.span.start + written.offset + directive.list.start;
        let mut at = start;
        for part in list.split(',') {
            let name = part.trim();
            let lead = part.len() - part.trim_start().len();
            let span = Span::new(at + lead, at + lead + name.len());
            named.extend(rules::find(name).map(|rule| (span, rule)));
            at += part.len() + 1;
        }
    }
    named
}

#[cfg(test)]
mod tests;
