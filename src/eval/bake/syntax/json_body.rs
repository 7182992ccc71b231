//! HCL written as JSON: which property is a block, which one an attribute.

use std::rc::Rc;

use super::json::JsonValue;
use super::native::literal;
use super::template::parse_text;
use super::{Attribute, Block, Body, Expr, Json, Node};
use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::value::Value;

/// What the properties of a body mean: block types with their number of labels and their own
/// bodies; every other property is an attribute.
pub(in crate::eval::bake) struct Level {
    pub(in crate::eval::bake) blocks: &'static [(&'static str, bool, &'static Level)],
}

impl Json {
    /// The JSON as a body.
    pub(in crate::eval::bake) fn body(&self, level: &Level) -> Outcome<Body> {
        let mut body = Body::default();
        self.collect(level, &mut body)?;
        Ok(body)
    }

    /// The properties of an object, or of each object of a list.
    fn properties(&self, what: &str) -> Outcome<Vec<&(Rc<str>, At, Json)>> {
        match &self.value {
            JsonValue::Object(entries) => Ok(entries.iter().collect()),
            JsonValue::List(items) => {
                let mut all = Vec::new();
                for item in items {
                    match &item.value {
                        JsonValue::Object(entries) => all.extend(entries),
                        _ => return Err(Fault::at(item.at, format!("{what} must be an object"))),
                    }
                }
                Ok(all)
            }
            _ => Err(Fault::at(
                self.at,
                format!("{what} must be an object or a list of objects"),
            )),
        }
    }

    fn collect(&self, level: &Level, body: &mut Body) -> Outcome<()> {
        for (name, at, value) in self.properties("a body")? {
            let block = level.blocks.iter().find(|(kind, ..)| *kind == &**name);
            match block {
                Some((kind, labelled, inner)) => {
                    value.blocks(kind, *labelled, inner, *at, body)?;
                }
                // A comment.
                None if &**name == "//" => {}
                None if body.attribute(name).is_some() => {
                    let message = format!("the attribute `{name}` stands twice");
                    return Err(Fault::at(*at, message));
                }
                None => body.attributes.push(Attribute {
                    name: Rc::clone(name),
                    value: expression(value)?.into(),
                }),
            }
        }
        Ok(())
    }

    fn blocks(
        &self,
        kind: &str,
        labelled: bool,
        level: &Level,
        at: At,
        body: &mut Body,
    ) -> Outcome<()> {
        if labelled {
            for (label, at, value) in self.properties(kind)? {
                value.unlabelled(kind, vec![Rc::clone(label)], level, *at, body)?;
            }
            return Ok(());
        }
        self.unlabelled(kind, Vec::new(), level, at, body)
    }

    fn unlabelled(
        &self,
        kind: &str,
        labels: Vec<Rc<str>>,
        level: &Level,
        at: At,
        body: &mut Body,
    ) -> Outcome<()> {
        let single = std::slice::from_ref(self);
        let bodies = match &self.value {
            JsonValue::List(items) => items.as_slice(),
            JsonValue::Null => &[],
            _ => single,
        };
        for inner in bodies {
            if !matches!(inner.value, JsonValue::Object(_)) {
                let message =
                    format!("an object is required, or a list of them, for `{kind}` blocks");
                return Err(Fault::at(inner.at, message));
            }
            body.blocks.push(Block {
                kind: kind.into(),
                labels: labels.clone(),
                body: inner.body(level)?,
                at,
            });
        }
        Ok(())
    }
}

/// A JSON value as an expression: its texts are templates.
fn expression(json: &Json) -> Outcome<Expr> {
    let at = json.at;
    let node = match &json.value {
        JsonValue::Null => Node::Literal(Value::NULL),
        JsonValue::Bool(value) => Node::Literal(Value::Bool(*value)),
        JsonValue::Number(value) => Node::Literal(Value::Number(*value)),
        JsonValue::Text(text) => return parse_text(text, at),
        JsonValue::List(items) => {
            let items: Outcome<_> = items.iter().map(expression).collect();
            Node::Tuple(items?)
        }
        JsonValue::Object(entries) => {
            let mut pairs = Vec::with_capacity(entries.len());
            for (name, at, value) in entries {
                let key = if name.contains("${") {
                    parse_text(name, *at)?
                } else {
                    Expr {
                        node: literal(name, *at),
                        at: *at,
                    }
                };
                pairs.push((key, expression(value)?));
            }
            Node::Object(pairs)
        }
    };
    Ok(Expr { node, at })
}
