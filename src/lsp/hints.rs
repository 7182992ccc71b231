//! Inlay hints: the tags that an entry comes to, beside the entry.

use std::collections::BTreeMap;
use std::path::Path;

use gen_lsp_types::{InlayHint, InlayHintParams, MarkupContent, MarkupKind};
use serde_json::Value;

use super::lines::Lines;
use super::published::{Push, by_event, declared_in, pushes, table};
use super::server::Server;
use crate::project::Project;
use crate::report::harmless;
use crate::source::{FileId, Span};
use crate::yaml::Yaml;

/// How many characters of tags stand beside a line; the rest is in the tooltip.
const MOST: usize = 72;

/// The hints of a range.
pub fn answer(server: &Server, path: &Path, params: &InlayHintParams) -> Value {
    let hints = hints(server, path, params).unwrap_or_default();
    serde_json::to_value(hints).unwrap_or_default()
}

fn hints(server: &Server, path: &Path, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    if !server.settings.inlay_hints {
        return None;
    }
    let view = &server.folder_of(path)?.view;
    let document = server.documents.get(path)?;
    let file = view.file(path)?;
    let lines = Lines::new(&document.text, server.client.encoding);
    let mut by_line: BTreeMap<usize, Vec<Push<'_>>> = BTreeMap::new();
    let declared = declared_in(&view.project, file).into_iter();
    for (span, pushes) in declared.chain(given_tags(&view.project, file, &document.text)) {
        // The last line of an entry that has text: a block ends after its line break.
        let end = span.end.max(span.start + 1) - 1;
        by_line
            .entry(lines.line_of(end))
            .or_default()
            .extend(pushes);
    }
    let asked = lines.span(params.range);
    let asked = lines.line_of(asked.start)..=lines.line_of(asked.end);
    let shown = by_line.into_iter().filter(|(line, _)| asked.contains(line));
    let hints = shown.map(|(line, pushes)| InlayHint {
        position: lines.position(lines.line(line).end),
        label: label(&pushes).into(),
        kind: None,
        text_edits: None,
        tooltip: Some(
            MarkupContent {
                kind: MarkupKind::Markdown,
                value: table(&pushes),
            }
            .into(),
        ),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    });
    Some(hints.collect())
}

/// `→ release v1.2.3: 1.2.3, latest`: the first event, and how many more there are.
fn label(pushes: &[Push<'_>]) -> String {
    let events = by_event(pushes);
    let Some((event, tags)) = events.first() else {
        return String::new();
    };
    let mut text = format!("→ {event}: ");
    for (index, tag) in tags.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        if index > 0 && text.chars().count() + tag.chars().count() > MOST {
            text.push_str(&format!(" and {} more", tags.len() - index));
            break;
        }
        text.push_str(&format!("{comma}{tag}"));
    }
    match events.len() {
        0 | 1 => {}
        2 => text.push_str(" · 1 more event"),
        more => text.push_str(&format!(" · {} more events", more - 1)),
    }
    harmless(&text).into_owned()
}

/// The `tags:` of steps that are given what another step declares: `${{ steps.meta.outputs.tags }}`.
fn given_tags<'p>(project: &'p Project, file: FileId, text: &str) -> Vec<(Span, Vec<Push<'p>>)> {
    let mut by_step: BTreeMap<Span, Vec<Push<'p>>> = BTreeMap::new();
    for push in pushes(project).filter(|push| push.build.at.file == file) {
        by_step.entry(push.build.at.span).or_default().push(push);
    }
    if by_step.is_empty() {
        return Vec::new();
    }
    let yaml = Yaml::parse(text);
    let jobs = yaml.first().and_then(|root| root.get("jobs"));
    let jobs = jobs.map(|jobs| jobs.entries()).unwrap_or_default();
    let steps = jobs.iter().filter_map(|(_, _, job)| job.get("steps"));
    let mut given = Vec::new();
    for step in steps.flat_map(|steps| steps.items()) {
        // A build stands where its step names the action.
        let own = step.get("uses").and_then(|uses| by_step.get(&uses.span()));
        let (Some(pushes), Some(tags)) = (own, step.path(&["with", "tags"])) else {
            continue;
        };
        let span = tags.span();
        let elsewhere = |push: &&Push<'_>| {
            let at = push.publication.at;
            at.file != file || at.span.end <= span.start || span.end <= at.span.start
        };
        let pushes: Vec<Push<'_>> = pushes.iter().filter(elsewhere).copied().collect();
        if !pushes.is_empty() {
            given.push((span, pushes));
        }
    }
    given
}
