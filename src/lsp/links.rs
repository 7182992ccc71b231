//! Document links: the names of rules, in suppressions and in policies, lead to their pages.

use std::path::Path;

use gen_lsp_types::DocumentLink;
use serde_json::Value;

use super::lines::Lines;
use super::pages;
use super::server::Server;
use crate::rules::{self, Rule};
use crate::source::{Source, Span};
use crate::suppress;
use crate::workspace::policies::is_policy;
use crate::yaml::Yaml;

/// The links of a file.
pub fn answer(server: &Server, path: &Path) -> Value {
    let Some(document) = server.documents.get(path) else {
        return Value::Null;
    };
    let lines = Lines::new(&document.text, server.client.encoding);
    let link = |(span, rule): (Span, &Rule)| DocumentLink {
        range: lines.range(span),
        target: pages::page(rule),
        tooltip: Some(format!("what {} is about", rule.name)),
        data: None,
    };
    let named = named_rules(path, &document.text);
    let links: Vec<DocumentLink> = named.into_iter().map(link).collect();
    serde_json::to_value(links).unwrap_or_default()
}

/// The names of rules in a text, with their bytes.
pub fn named_rules(path: &Path, text: &str) -> Vec<(Span, &'static Rule)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let source = Source::new(name.as_ref(), text);
    let mut named = suppress::named_rules(&source);
    if is_policy(&name) {
        let yaml = Yaml::parse(text);
        // A policy names rules as keys of `rules` and in the lists of exceptions: wherever a scalar is
        // a rule's name, it means the rule.
        for (_, scalar) in yaml.scalars() {
            named.extend(rules::find(scalar.text).map(|rule| (scalar.content_span(), rule)));
        }
        named.sort_by_key(|(span, _)| *span);
    }
    named
}
