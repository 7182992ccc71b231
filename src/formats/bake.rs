//! Bake definitions: the images that stand as build contexts, `contexts = { x = "docker-image://…" }`.
//!
//! What a definition publishes is evaluated elsewhere; here is only what it builds on.

use std::collections::HashMap;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body};

use super::uses::{Holder, path_environment, resolve, resolve_filled};
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::policy::Evidence;
use crate::source::{FileId, Span};
use crate::yaml::{NodeRef, Yaml};

/// What stands before an image that is a context.
pub(super) const SCHEME: &str = "docker-image://";

/// Whether a JSON file is named as bake's are.
#[must_use]
pub fn is_definition(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains("bake") && name.ends_with(".json")
}

/// Reads a definition, in HCL or in JSON by its name. One that cannot be read has no uses.
#[must_use]
pub fn read(file: FileId, path: &str, text: &str) -> Vec<ImageUse> {
    let (environment, reason) = path_environment(path);
    let mut reader = Reader {
        holder: Holder {
            file,
            kind: UseKind::Bake,
            name: String::new(),
            environment,
            reason,
            evidence: Evidence::default(),
        },
        text,
        defaults: HashMap::new(),
        uses: Vec::new(),
    };
    if path.ends_with(".json") {
        let yaml = Yaml::parse(text);
        if let Some(root) = yaml.first() {
            reader.json(root);
        }
    } else if let Ok(body) = hcl_edit::parser::parse_body(text) {
        reader.native(&body);
    }
    reader.uses
}

struct Reader<'t> {
    holder: Holder,
    text: &'t str,
    /// The defaults of variables that are plain text.
    defaults: HashMap<String, String>,
    uses: Vec<ImageUse>,
}

impl Reader<'_> {
    fn native(&mut self, body: &Body) {
        let label = |block: &Block| block.labels.first().map(|l| l.as_str().to_owned());
        let of = |kind: &'static str| body.get_blocks(kind);
        for variable in of("variable") {
            let default = variable.body.get_attribute("default");
            if let Some(name) = label(variable)
                && let Some(Expression::String(text)) = default.map(|default| &default.value)
            {
                self.defaults.insert(name, text.value().to_owned());
            }
        }
        for target in of("target") {
            let contexts = target.body.get_attribute("contexts");
            let Some(Expression::Object(contexts)) = contexts.map(|contexts| &contexts.value)
            else {
                continue;
            };
            self.holder.name = format!("target {}", label(target).unwrap_or_default());
            for (key, value) in contexts {
                let Some(span) = value.expr().span() else {
                    continue;
                };
                let key = match key {
                    ObjectKey::Ident(name) => name.as_str().to_owned(),
                    ObjectKey::Expression(Expression::String(text)) => text.value().to_owned(),
                    ObjectKey::Expression(_) => String::new(),
                };
                let quoted = matches!(
                    value.expr(),
                    Expression::String(_) | Expression::StringTemplate(_)
                );
                if quoted {
                    self.context(&key, Span::new(span.start, span.end));
                }
            }
        }
    }

    fn json(&mut self, root: NodeRef<'_, '_>) {
        let entries = |key: &str| root.get(key).map(NodeRef::entries).unwrap_or_default();
        for (name, _, variable) in entries("variable") {
            if let Some(default) = variable.get("default").and_then(NodeRef::text) {
                self.defaults.insert(name.to_owned(), default.to_owned());
            }
        }
        for (name, _, target) in entries("target") {
            self.holder.name = format!("target {name}");
            let contexts = target.get("contexts").map(NodeRef::entries);
            for (key, _, value) in contexts.unwrap_or_default() {
                self.context(key, value.span());
            }
        }
    }

    /// Takes a context whose quoted text stands at some bytes.
    fn context(&mut self, name: &str, span: Span) {
        let raw = self.text.get(span.start..span.end).unwrap_or_default();
        let Some(image) = raw
            .trim()
            .strip_prefix('"')
            .and_then(|raw| raw.strip_suffix('"'))
            .and_then(|raw| raw.strip_prefix(SCHEME))
        else {
            return;
        };
        let start = span.start + raw.find(SCHEME).unwrap_or(0) + SCHEME.len();
        let resolved = match self.filled(image) {
            Some(text) => resolve_filled(&text),
            None if image.contains("${") => Resolved::Unresolved(image.to_owned()),
            None => resolve(image),
        };
        let holder = Holder {
            name: format!("{}, context {name}", self.holder.name),
            ..self.holder.clone()
        };
        let span = Span::new(start, start + image.len());
        self.uses.push(holder.at(span, image.to_owned(), resolved));
    }

    /// The text with the defaults of its variables, where it has any and all are known.
    fn filled(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            out.push_str(before);
            out.push_str(self.defaults.get(name.trim())?);
            rest = after;
        }
        out.push_str(rest);
        (rest.len() < text.len() && !out.contains("${")).then_some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, text: &str) -> Vec<String> {
        read(FileId(0), path, text)
            .into_iter()
            .map(|found| {
                let at = text.get(found.at.span.start..found.at.span.end).unwrap();
                format!("{} | {at} | {}", found.holder, found.pin().name())
            })
            .collect()
    }

    #[test]
    fn contexts_that_are_images() {
        let text = r#"
variable "V" { default = "3.20.1" }
variable "OPEN" {}
target "app" {
  contexts = {
    alpine = "docker-image://alpine:${V}"
    "base" = "docker-image://acme/base@bad"
    src = "../src"
    open = "docker-image://acme/x:${OPEN}"
    other = "target:x"
  }
}
"#;
        assert_eq!(
            told("docker-bake.hcl", text),
            [
                "target app, context alpine | alpine:${V} | version",
                "target app, context base | acme/base@bad | unresolved",
                "target app, context open | acme/x:${OPEN} | unresolved",
            ]
        );
        let text = r#"{"target": {"a": {"contexts": {"x": "docker-image://alpine:edge"}}}}"#;
        assert_eq!(
            told("docker-bake.json", text),
            ["target a, context x | alpine:edge | channel"]
        );
        assert!(told("docker-bake.hcl", "target \"").is_empty());
    }
}
