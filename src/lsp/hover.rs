//! Hover: what an image's tag means and who moves it, what an entry publishes, what a rule or a key of
//! the policy is about.

use std::path::Path;

use gen_lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind};
use serde_json::Value;

use super::folder::{Folder, View};
use super::lines::Lines;
use super::published::{self, Push, code, table};
use super::server::Server;
use super::{completion, definition, links};
use crate::facts::{ImageUse, Resolved};
use crate::image::{ImageRef, Pin, Tag};
use crate::report::{harmless, rule_page};
use crate::source::Span;

/// What is to be said of a place.
pub fn answer(server: &Server, path: &Path, params: &HoverParams) -> Value {
    let hover = hover(server, path, params);
    serde_json::to_value(hover).unwrap_or_default()
}

fn hover(server: &Server, path: &Path, params: &HoverParams) -> Option<Hover> {
    let document = server.documents.get(path)?;
    let lines = Lines::new(&document.text, server.client.encoding);
    let position = params.text_document_position_params.position;
    let offset = lines.offset(position);
    let folder = server.folder_of(path);
    let (span, value) = rule(path, &document.text, offset)
        .or_else(|| completion::key_at(path, &document.text, offset))
        .or_else(|| seen(folder?, path, offset))?;
    Some(Hover {
        contents: MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        }
        .into(),
        range: Some(lines.range(span)),
    })
}

fn rule(path: &Path, text: &str, offset: usize) -> Option<(Span, String)> {
    let mut named = links::named_rules(path, text).into_iter();
    let (span, rule) = named.find(|(span, _)| span.start <= offset && offset <= span.end)?;
    Some((span, rule_page(rule)))
}

fn seen(folder: &Folder, path: &Path, offset: usize) -> Option<(Span, String)> {
    let view = &folder.view;
    let file = view.file(path)?;
    if let Some(found) = definition::use_at(&view.project, file, offset) {
        return Some((found.at.span, image(view, found)));
    }
    let (span, pushes) = published::at(&view.project, file, offset)?;
    Some((span, entry(&pushes)))
}

/// What an entry publishes, image by image.
fn entry(pushes: &[Push<'_>]) -> String {
    let mut images: Vec<&str> = pushes
        .iter()
        .map(|push| push.publication.image_key.as_str())
        .collect();
    images.sort_unstable();
    images.dedup();
    let mut text = String::new();
    for image in images {
        let of = |push: &&Push<'_>| push.publication.image_key == image;
        let own: Vec<Push<'_>> = pushes.iter().filter(of).copied().collect();
        text.push_str(&format!("**{}** gets\n\n{}\n", code(image), table(&own)));
    }
    if pushes.iter().any(|push| !push.publication.certain) {
        text.push_str("`?`: something that is not known decides over it\n");
    }
    text
}

/// What an image's reference means where it stands.
fn image(view: &View, found: &ImageUse) -> String {
    let mut text = String::new();
    match &found.resolved {
        Resolved::Reference(reference) => {
            text.push_str(&format!(
                "**{}**\n\n",
                code(&reference.normalized().familiar())
            ));
            text.push_str(&format!("{}\n\n", meaning(reference)));
        }
        Resolved::Invalid(reason) => {
            text.push_str(&format!(
                "**{}** is no image reference: {reason}\n\n",
                code(&found.written)
            ));
        }
        Resolved::Unresolved(what) => {
            text.push_str(&format!(
                "**{}** is not known here: {what}\n\n",
                code(&found.written)
            ));
        }
    }
    let holder = harmless(&found.holder);
    text.push_str(&format!(
        "{holder}: {}, {}\n\n",
        found.environment.name(),
        harmless(&found.environment_reason.to_string())
    ));
    if let Resolved::Reference(reference) = &found.resolved {
        text.push_str(&pins(view, found, reference));
        text.push_str(&movers(view, reference));
    }
    text
}

/// What a tag is, and whether it moves.
fn meaning(reference: &ImageRef) -> String {
    let variant = |name: &str| match name {
        "" => String::new(),
        name => format!(", variant {}", code(name)),
    };
    let parsed = reference.tag().map(Tag::parse);
    let of_tag = match (&parsed, Pin::of(reference)) {
        (None, Pin::Digest) => return "pinned: a digest is one image for good".to_owned(),
        (None, _) => {
            return "no tag: that means `latest`, which moves with every release".to_owned();
        }
        (Some(Tag::Channel { name, variant: of }), _) => {
            format!("channel {}{}", code(name), variant(of))
        }
        (Some(tag @ Tag::Version { .. }), _) => {
            format!("a version{}", variant(&tag.variant().unwrap_or_default()))
        }
        (Some(Tag::Commit), _) => "a commit".to_owned(),
        (Some(Tag::Date), _) => "a date".to_owned(),
        (Some(Tag::Other), _) => "a tag of which nothing can be told".to_owned(),
    };
    let held = match Pin::of(reference) {
        Pin::Digest => "pinned: the digest beside it is one image for good",
        Pin::Version => "pinned, as long as nobody pushes the version again",
        Pin::Partial => "moves with each release of its line",
        Pin::Channel | Pin::Untagged => "not pinned: it moves with every release",
        Pin::Commit | Pin::Date => "fixed by convention",
        Pin::Other | Pin::Unresolved => "",
    };
    match held {
        "" => of_tag,
        held => format!("{of_tag}; {held}"),
    }
}

/// The versions of the same variant that other files name.
fn pins(view: &View, found: &ImageUse, reference: &ImageRef) -> String {
    if !found.pin().floats() {
        return String::new();
    }
    let variant = |tag: &str| match Tag::parse(tag) {
        Tag::Channel { variant, .. } => variant,
        tag => tag.variant().unwrap_or_default(),
    };
    let own = reference.tag().map(variant).unwrap_or_default();
    let known = view.project.versions_of(reference).into_iter();
    let known: Vec<String> = known.filter(|tag| variant(tag) == own).map(code).collect();
    match known.is_empty() {
        true => String::new(),
        false => format!(
            "versions that other files here name: {}\n\n",
            known.join(", ")
        ),
    }
}

/// Which entries of the same folder's CI move the tag, and on which events.
fn movers(view: &View, reference: &ImageRef) -> String {
    let pushes = definition::publishing(&view.project, reference);
    if pushes.is_empty() {
        return String::new();
    }
    let mut places: Vec<String> = Vec::new();
    for push in &pushes {
        let source = view.source(push.publication.at.file);
        let (path, line) = source.map_or(("", 0), |source| {
            (
                source.path(),
                source.position(push.publication.at.span.start).line,
            )
        });
        let place = code(&format!("{path}:{line}"));
        if !places.contains(&place) {
            places.push(place);
        }
    }
    format!(
        "published from {}:\n\n{}\n",
        places.join(", "),
        table(&pushes)
    )
}
