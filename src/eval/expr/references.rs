//! What an expression reads, without evaluating it.

use std::fmt;
use std::ops::Range;

use super::ast::{Kind, Node};
use super::parse::{Names, parse};
use super::template::segments;
use crate::eval::value::Value;

/// A path into a context: `steps.meta.outputs.tags`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The context and the names after it, as written; `*` for a filter. It ends where an index is
    /// computed.
    pub path: Vec<String>,
    /// The bytes that it covers in the text that was given.
    pub span: Range<usize>,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.join("."))
    }
}

/// What an expression reads, in order; nothing where it is not well-formed.
#[must_use]
pub fn references(source: &str) -> Vec<Reference> {
    let anything = |_: &str| true;
    let names = Names {
        context: &anything,
        function: &anything,
    };
    let mut found = Vec::new();
    if let Ok(Some(node)) = parse(source, &names) {
        collect(&node, &mut found);
    }
    found
}

/// What the expressions of a scalar read, in order.
#[must_use]
pub fn template_references(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    for span in segments(text)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|segment| segment.expression)
    {
        let source = text.get(span.clone()).unwrap_or_default();
        found.extend(references(source).into_iter().map(|reference| Reference {
            span: reference.span.start + span.start..reference.span.end + span.start,
            ..reference
        }));
    }
    found
}

fn collect(node: &Node, found: &mut Vec<Reference>) {
    if let Some(path) = path(node) {
        found.push(Reference {
            path,
            span: node.span.clone(),
        });
        return;
    }
    for part in node.parts() {
        collect(part, found);
    }
}

/// The path that a node is, if it is one to its end.
fn path(node: &Node) -> Option<Vec<String>> {
    match &node.kind {
        Kind::Context(name) => Some(vec![name.clone()]),
        Kind::Index(base, key) => {
            let name = match &key.kind {
                Kind::Wildcard => "*".to_owned(),
                Kind::Literal(value @ (Value::String(_) | Value::Number(_))) => {
                    value.to_text().as_ref().to_owned()
                }
                _ => return None,
            };
            let mut path = path(base)?;
            path.push(name);
            Some(path)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_end_where_an_index_is_computed() {
        let shown = |found: Vec<Reference>| {
            found
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let source = "format('{0}', steps.meta.outputs['tags']) == env[matrix.x].y || a.*.b";
        assert_eq!(
            shown(references(source)),
            "steps.meta.outputs.tags env matrix.x a.*.b"
        );
        let text = "x ${{ github.ref }} ${{ inputs.a }}";
        let found = template_references(text);
        assert_eq!(text.get(found[1].span.clone()), Some("inputs.a"));
        assert_eq!(shown(found), "github.ref inputs.a");
    }
}
