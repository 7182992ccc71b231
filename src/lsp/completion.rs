//! Completion: keys and values of the policy, rules in suppressions, tags of images that CI publishes
//! or other files name.

use std::path::Path;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionParams, MarkupContent,
    MarkupKind, TextEdit,
};
use serde_json::Value;

use super::definition::of_repository;
use super::folder::View;
use super::lines::Lines;
use super::policy_path::{Cursor, Step, cursor};
use super::server::Server;
use crate::image::{ImageRef, Tag};
use crate::policy::SCHEMA;
use crate::rules::RULES;
use crate::source::Span;
use crate::workspace::policies::is_policy;

/// Something that may stand at the cursor.
struct Offer {
    text: String,
    /// What is written for it, where that is more than the text.
    written: Option<String>,
    detail: Option<String>,
    docs: Option<String>,
    kind: CompletionItemKind,
}

/// What may stand at a place.
pub fn answer(server: &Server, path: &Path, params: &CompletionParams) -> Value {
    let Some(document) = server.documents.get(path) else {
        return Value::Null;
    };
    let lines = Lines::new(&document.text, server.client.encoding);
    let offset = lines.offset(params.text_document_position_params.position);
    let view = server.folder_of(path).map(|folder| &folder.view);
    let (span, offers) = suppression(&document.text, offset)
        .or_else(|| policy(path, &document.text, offset))
        .or_else(|| tags(view?, &document.text, offset))
        .unwrap_or_default();
    let item = |(index, offer): (usize, Offer)| {
        let edit = TextEdit {
            range: lines.range(span),
            new_text: offer.written.unwrap_or_else(|| offer.text.clone()),
        };
        let docs = offer.docs.map(|value| MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        });
        CompletionItem {
            label: offer.text.clone(),
            kind: Some(offer.kind),
            detail: offer.detail,
            documentation: docs.map(Into::into),
            sort_text: Some(format!("{index:04}")),
            filter_text: Some(offer.text),
            text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
            ..CompletionItem::default()
        }
    };
    let items: Vec<CompletionItem> = offers.into_iter().enumerate().map(item).collect();
    serde_json::to_value(items).unwrap_or_default()
}

/// Rules between the brackets of `taglint: ignore[…]`.
fn suppression(text: &str, offset: usize) -> Option<(Span, Vec<Offer>)> {
    let before = text.get(..offset)?;
    let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
    let (_, directive) = line.rsplit_once("taglint:")?;
    let directive = directive.trim_start();
    let list = directive
        .strip_prefix("ignore-file[")
        .or_else(|| directive.strip_prefix("ignore["))?;
    if list.contains(']') {
        return None;
    }
    let word = list.rsplit(',').next().unwrap_or(list).trim_start();
    let offers = RULES.iter().map(|rule| Offer {
        text: rule.name.to_owned(),
        written: None,
        detail: Some(rule.level.name().to_owned()),
        docs: Some(rule.summary().to_owned()),
        kind: CompletionItemKind::EnumMember,
    });
    Some((Span::new(offset - word.len(), offset), offers.collect()))
}

/// The schema of policies, with the rules that there are.
fn schema() -> Value {
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap_or_default();
    if let Some(names) = schema.pointer_mut("/definitions/rule/enum") {
        *names = RULES.iter().map(|rule| rule.name).collect();
    }
    schema
}

fn resolved<'s>(schema: &'s Value, node: &'s Value) -> &'s Value {
    let target = node.get("$ref").and_then(Value::as_str);
    let target = target.and_then(|path| schema.pointer(path.trim_start_matches('#')));
    target.unwrap_or(node)
}

/// What the schema has at the end of a way.
fn schema_at<'s>(schema: &'s Value, path: &[Step]) -> Option<&'s Value> {
    let mut node = schema;
    for step in path {
        let next = match step {
            Step::Item => node.get("items"),
            Step::Key(key) => {
                let own = node.get("properties").and_then(|keys| keys.get(key));
                own.or_else(|| {
                    node.get("additionalProperties")
                        .filter(|any| any.is_object())
                })
            }
        };
        node = resolved(schema, next?);
    }
    Some(node)
}

fn docs(node: &Value) -> Option<String> {
    node.get("description")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn policy(path: &Path, text: &str, offset: usize) -> Option<(Span, Vec<Offer>)> {
    if !is_policy(&path.file_name()?.to_string_lossy()) {
        return None;
    }
    let at = cursor(text, offset)?;
    let schema = schema();
    let span = Span::new(at.word.start.min(offset), at.word.end);
    let mut offers = Vec::new();
    if let Some(key) = &at.value_of {
        let path: Vec<Step> = at
            .path
            .iter()
            .cloned()
            .chain([Step::Key(key.clone())])
            .collect();
        values(&schema, schema_at(&schema, &path)?, &mut offers);
    } else {
        let node = schema_at(&schema, &at.path)?;
        keys(&schema, node, &at, text, &mut offers);
        if matches!(at.path.last(), Some(Step::Item)) {
            values(&schema, node, &mut offers);
        }
    }
    Some((span, offers))
}

fn values(schema: &Value, node: &Value, offers: &mut Vec<Offer>) {
    let all = node
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    for value in all.chain(node.get("const")) {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let rule = crate::rules::find(&text);
        offers.push(Offer {
            docs: rule
                .map(|rule| rule.summary().to_owned())
                .or_else(|| docs(node)),
            text,
            written: None,
            detail: None,
            kind: CompletionItemKind::EnumMember,
        });
    }
    let inner = ["anyOf", "oneOf"]
        .iter()
        .filter_map(|name| node.get(*name)?.as_array());
    for node in inner.flatten() {
        values(schema, resolved(schema, node), offers);
    }
}

fn keys(schema: &Value, node: &Value, at: &Cursor, text: &str, offers: &mut Vec<Offer>) {
    // A value is begun where none stands yet.
    let rest = text.get(at.word.end..).unwrap_or_default();
    let colon = if rest.starts_with(':') { "" } else { ": " };
    let mut offer = |name: &str, docs: Option<String>| {
        offers.push(Offer {
            text: name.to_owned(),
            written: Some(format!("{name}{colon}")),
            detail: None,
            docs,
            kind: CompletionItemKind::Property,
        });
    };
    let own = node.get("properties").and_then(Value::as_object);
    for (name, value) in own.into_iter().flatten() {
        offer(name, docs(value).or_else(|| docs(resolved(schema, value))));
    }
    let names = node
        .get("propertyNames")
        .map(|names| resolved(schema, names));
    let names = names.and_then(|names| names.get("enum")?.as_array());
    for name in names.into_iter().flatten().filter_map(Value::as_str) {
        offer(
            name,
            crate::rules::find(name).map(|rule| rule.summary().to_owned()),
        );
    }
}

/// What the schema says of the key at a place of a policy.
pub fn key_at(path: &Path, text: &str, offset: usize) -> Option<(Span, String)> {
    if !is_policy(&path.file_name()?.to_string_lossy()) {
        return None;
    }
    let at = cursor(text, offset)?;
    let word = text.get(at.word.start..at.word.end)?;
    if at.value_of.is_some() || word.is_empty() {
        return None;
    }
    let schema = schema();
    let steps: Vec<Step> = at
        .path
        .into_iter()
        .chain([Step::Key(word.to_owned())])
        .collect();
    let said = docs(schema_at(&schema, &steps)?)?;
    Some((at.word, format!("**{word}**\n\n{said}")))
}

/// Tags after `image: repository:`.
fn tags(view: &View, text: &str, offset: usize) -> Option<(Span, Vec<Offer>)> {
    let before = text.get(..offset)?;
    let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
    let word = line.rsplit([' ', '\t', '"', '\'', '=']).next()?;
    let (name, begun) = word.rsplit_once(':')?;
    let looks = line.to_ascii_lowercase();
    if !(looks.contains("image") || looks.trim_start().starts_with("from ")) || begun.contains('/')
    {
        return None;
    }
    let reference = ImageRef::parse(name).ok()?;
    let mut offers: Vec<Offer> = Vec::new();
    let mut offer = |text: String, detail: &str| {
        if !offers.iter().any(|known| known.text == text) {
            offers.push(Offer {
                text,
                written: None,
                detail: Some(detail.to_owned()),
                docs: None,
                kind: CompletionItemKind::Value,
            });
        }
    };
    let known = view.project.versions_of(&reference);
    for tag in known.iter().rev() {
        offer((*tag).to_owned(), "other files here name it");
    }
    let images = view.project.images();
    let published = view.project.published(&images);
    if let Some(image) = published.get(reference.normalized_repository().name()) {
        let bare = known.iter().rev().filter(|tag| match Tag::parse(tag) {
            tag @ Tag::Version { .. } => tag.variant().is_none_or(|variant| variant.is_empty()),
            _ => false,
        });
        for version in bare {
            for variant in &image.scheme.variants {
                offer(
                    variant.around(version),
                    "a variant of a version that other files name",
                );
            }
        }
    }
    for push in of_repository(&view.project, &reference) {
        let tag = &push.publication.tag;
        if matches!(Tag::parse(tag), Tag::Channel { .. }) {
            offer(tag.clone(), "moves with every release");
        }
    }
    Some((Span::new(offset - begun.len(), offset), offers))
}
