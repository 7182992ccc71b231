//! Findings as editors show them.

use std::collections::HashMap;
use std::path::Path;

use gen_lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, Uri,
};

use super::client::Client;
use super::folder::View;
use super::lines::Lines;
use super::{pages, uri};
use crate::finding::{Finding, Level, Related};
use crate::report::harmless;
use crate::rules;
use crate::source::{FileId, Place};

/// Draws the findings of one look; what several of them share is worked out once.
pub struct Drawing<'v> {
    view: &'v View,
    client: &'v Client,
    root: &'v Path,
    lines: HashMap<FileId, Lines<'v>>,
    pages: HashMap<&'static str, Option<Uri>>,
}

impl<'v> Drawing<'v> {
    /// Of the findings of a folder.
    pub fn new(view: &'v View, client: &'v Client, root: &'v Path) -> Self {
        Self {
            view,
            client,
            root,
            lines: HashMap::new(),
            pages: HashMap::new(),
        }
    }

    /// All findings in a file.
    pub fn file(&mut self, file: FileId) -> Vec<Diagnostic> {
        let view = self.view;
        let findings = view.findings_in(file);
        findings.map(|finding| self.finding(finding)).collect()
    }

    /// A finding as a diagnostic.
    pub fn finding(&mut self, finding: &Finding) -> Diagnostic {
        let range = self.location(finding.at).range;
        let unused = finding.rule == "unused-suppression";
        Diagnostic {
            range,
            severity: Some(match finding.level {
                Level::Error => DiagnosticSeverity::Error,
                Level::Warning => DiagnosticSeverity::Warning,
                Level::Info | Level::Off => DiagnosticSeverity::Information,
            }),
            code: Some(finding.rule.to_owned().into()),
            code_description: self.page(finding.rule).map(|href| CodeDescription { href }),
            source: Some("taglint".to_owned()),
            message: message(finding).into(),
            tags: unused.then(|| vec![DiagnosticTag::Unnecessary]),
            related_information: self.related(finding),
            data: None,
        }
    }

    fn related(&mut self, finding: &Finding) -> Option<Vec<DiagnosticRelatedInformation>> {
        if !self.client.related {
            return None;
        }
        let related: Vec<&Related> = finding.related.iter().chain(&finding.chain).collect();
        let each = related
            .into_iter()
            .map(|related| DiagnosticRelatedInformation {
                location: self.location(related.at),
                message: harmless(&related.label).into_owned(),
            });
        Some(each.collect())
    }

    /// A place of any file.
    pub fn location(&mut self, place: Place) -> Location {
        let view = self.view;
        let uri = match view.paths.get(place.file.0 as usize) {
            Some(path) => uri::of(path),
            // What was read for others' sake is known by how it is shown.
            None => uri::of(&self.root.join(view.project.path(place))),
        };
        let text = view.source(place.file).map_or("", |source| source.text());
        let encoding = self.client.encoding;
        let lines = self.lines.entry(place.file);
        let lines = lines.or_insert_with(|| Lines::new(text, encoding));
        Location {
            range: lines.range(place.span),
            uri,
        }
    }

    fn page(&mut self, rule: &'static str) -> Option<Uri> {
        let page = self.pages.entry(rule);
        page.or_insert_with(|| pages::page(rules::find(rule)?))
            .clone()
    }
}

/// What is wrong, why here, and what to write instead.
pub fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    if let Some(label) = &finding.label {
        text.push_str(&format!(" ({label})"));
    }
    for note in &finding.notes {
        text.push_str(&format!("\nnote: {note}"));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    harmless(&text).into_owned()
}
