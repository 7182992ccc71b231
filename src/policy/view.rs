//! A policy's document as JSON, for its schema, and the way back from a JSON pointer to the bytes.

use serde_json::{Map, Number, Value};

use super::PolicyFault;
use crate::source::Span;
use crate::yaml::{Kind, MAX_DEPTH, NodeRef, Typed};

/// Policies with more nodes than this are refused: aliases could make them as large as they like.
const MAX_NODES: usize = 100_000;

/// The document as JSON; keys that stand twice or are no text, and what else JSON does not have, are
/// faults.
pub(super) fn json(root: NodeRef<'_, '_>, faults: &mut Vec<PolicyFault>) -> Value {
    let mut walk = Walk {
        left: MAX_NODES,
        faults,
    };
    let value = walk.value(root, 0);
    if walk.left == 0 {
        let message = format!("the policy has more than {MAX_NODES} nodes");
        walk.faults.push(PolicyFault::new(message, root.span()));
    }
    value
}

struct Walk<'f> {
    left: usize,
    faults: &'f mut Vec<PolicyFault>,
}

impl Walk<'_> {
    fn value(&mut self, node: NodeRef<'_, '_>, depth: usize) -> Value {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || depth > MAX_DEPTH {
            return Value::Null;
        }
        match node.kind() {
            Kind::Scalar => scalar(node),
            Kind::Sequence => {
                let items = node.items();
                Value::Array(items.map(|item| self.value(item, depth + 1)).collect())
            }
            Kind::Mapping => self.mapping(node, depth),
            // An alias without its anchor is a fault of the document.
            Kind::Missing => Value::Null,
        }
    }

    fn mapping(&mut self, node: NodeRef<'_, '_>, depth: usize) -> Value {
        let mut seen: Vec<&str> = Vec::new();
        for (key, _) in node.pairs() {
            let Some(name) = key.text() else {
                let message = "a key has to be text".to_owned();
                self.faults.push(PolicyFault::new(message, key.span()));
                continue;
            };
            if name != "<<" && seen.contains(&name) {
                let message = format!("the key `{name}` stands here twice");
                self.faults.push(PolicyFault::new(message, key.span()));
            }
            seen.push(name);
        }
        let mut map = Map::new();
        for (name, _, value) in node.entries() {
            map.insert(name.to_owned(), self.value(value, depth + 1));
        }
        Value::Object(map)
    }
}

fn scalar(node: NodeRef<'_, '_>) -> Value {
    let Some(scalar) = node.scalar() else {
        return Value::Null;
    };
    match scalar.typed() {
        Typed::Null => Value::Null,
        Typed::Bool(value) => Value::Bool(value),
        Typed::Text(text) => Value::String(text.to_owned()),
        Typed::Number(number) => {
            let whole = scalar.text.parse::<i64>().ok().map(Number::from);
            let number = whole.or_else(|| Number::from_f64(number));
            number.map_or_else(|| Value::String(scalar.text.to_owned()), Value::Number)
        }
    }
}

/// The parts of a JSON pointer.
pub(super) fn parts(pointer: &str) -> Vec<String> {
    let parts = pointer.split('/').skip(1);
    parts
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// The key (where it has one) and the node under a path of keys and indexes; the nearest node above
/// where the path leads nowhere.
pub(super) fn find<'d, 's, S: AsRef<str>>(
    root: NodeRef<'d, 's>,
    path: &[S],
) -> (Option<NodeRef<'d, 's>>, NodeRef<'d, 's>) {
    let (mut key, mut node) = (None, root);
    for part in path {
        let part = part.as_ref();
        let next = match node.kind() {
            Kind::Sequence => {
                let index = part.parse().ok();
                let item = index.and_then(|index| node.items().nth(index));
                item.map(|item| (None, item))
            }
            _ => node.entry(part).map(|(key, value)| (Some(key), value)),
        };
        let Some((next_key, next_node)) = next else {
            break;
        };
        (key, node) = (next_key, next_node);
    }
    (key, node)
}

/// The bytes of a node that a fault points at: a scalar whole, of a mapping or list its key, or its
/// first line.
pub(super) fn place(text: &str, key: Option<NodeRef<'_, '_>>, node: NodeRef<'_, '_>) -> Span {
    let span = node.span();
    match (node.kind(), key) {
        (Kind::Scalar, _) if !span.is_empty() => span,
        (_, Some(key)) => key.span(),
        _ => {
            let line = text.get(span.start..span.end).unwrap_or_default();
            let line = line.lines().next().unwrap_or_default().trim_end();
            Span::new(span.start, span.start + line.len())
        }
    }
}
