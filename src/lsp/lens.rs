//! Code lenses: what a definition of CI publishes, above it and above each of its jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gen_lsp_types::{CodeLens, Command};
use serde_json::Value;

use super::client::SHOW_PLAN;
use super::lines::Lines;
use super::published::{Push, pushes};
use super::server::Server;
use crate::report::counted;
use crate::report::plan::Event;
use crate::source::Span;

/// The lenses of a file.
pub fn answer(server: &Server, path: &Path) -> Value {
    let lenses = lenses(server, path).unwrap_or_default();
    serde_json::to_value(lenses).unwrap_or_default()
}

fn lenses(server: &Server, path: &Path) -> Option<Vec<CodeLens>> {
    if !server.settings.code_lens {
        return None;
    }
    let view = &server.folder_of(path)?.view;
    let document = server.documents.get(path)?;
    let file = view.file(path)?;
    let lines = Lines::new(&document.text, server.client.encoding);
    let own: Vec<Push<'_>> = pushes(&view.project)
        .filter(|push| push.plan.file == file)
        .collect();
    let triggers = view.project.plans.iter().filter(|plan| plan.file == file);
    let trigger = triggers
        .filter_map(|plan| plan.trigger_at)
        .map(|at| at.span)
        .min();
    let mut jobs: BTreeMap<Span, Vec<Push<'_>>> = BTreeMap::new();
    for push in &own {
        if let Some(at) = push.build.job_at.filter(|at| at.file == file) {
            jobs.entry(at.span).or_default().push(*push);
        }
    }
    let several = jobs.len() > 1;
    let whole = (!own.is_empty()).then(|| (trigger.unwrap_or_default(), own));
    let jobs = jobs.into_iter().filter(|_| several);
    let lens = |(span, pushes): (Span, Vec<Push<'_>>)| CodeLens {
        range: lines.range(Span::at(span.start)),
        command: Some(Command {
            title: title(&pushes),
            tooltip: None,
            command: SHOW_PLAN.to_owned(),
            arguments: Some(vec![document.uri.as_ref().into()]),
        }),
        data: None,
    };
    Some(whole.into_iter().chain(jobs).map(lens).collect())
}

/// `publishes 9 tags on release v1.2.3, 2 on branch main`.
fn title(pushes: &[Push<'_>]) -> String {
    let mut events: Vec<(Event, BTreeSet<(&str, &str)>)> = Vec::new();
    for push in pushes {
        let event = Event::of(push.plan);
        let tag = (
            push.publication.image_key.as_str(),
            push.publication.tag_key.as_str(),
        );
        match events.iter_mut().find(|(known, _)| *known == event) {
            Some((_, tags)) => _ = tags.insert(tag),
            None => events.push((event, BTreeSet::from([tag]))),
        }
    }
    events.sort_by_key(|(event, _)| event.scenario);
    let all: Vec<Event> = events.iter().map(|(event, _)| event.clone()).collect();
    let mut parts = events.iter().enumerate().map(|(index, (event, tags))| {
        let count = match index {
            0 => counted(tags.len(), "tag"),
            _ => tags.len().to_string(),
        };
        format!("{count} on {}", event.title(&all))
    });
    let shown: Vec<String> = parts.by_ref().take(3).collect();
    let more = match parts.count() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("publishes {}{more}", shown.join(", "))
}
