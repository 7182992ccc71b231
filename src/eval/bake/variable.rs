//! The value of a variable: what the environment says, read as the variable's kind, or its default.

use std::rc::Rc;

use super::csv;
use super::error::{Fault, Outcome};
use super::expression::Locals;
use super::function::from_json;
use super::scope::Scope;
use super::syntax::{Expr, Node, parse_kind};
use super::value::{Kind, Value, convert, parse_number};
use crate::eval::unknown::first_mark;
use crate::eval::value::Truth;

impl Scope<'_> {
    /// The value of a variable or a global attribute; `None` where there is neither.
    pub(super) fn resolve(&self, name: &str) -> Outcome<Option<Value>> {
        let variable = self.module.variables.get(name);
        let attribute = self.module.attributes.get(name);
        if variable.is_none() && attribute.is_none() {
            return Ok(match name {
                "BAKE_CMD_CONTEXT" => Some(Value::text("cwd://")),
                "BAKE_LOCAL_PLATFORM" => {
                    let reason = "the platform of the machine that runs bake";
                    Some(Value::Unknown(self.note(name, reason)))
                }
                _ => None,
            });
        }
        let default = attribute.or(variable.and_then(|v| v.default.as_ref()));
        let kind = variable.and_then(|variable| variable.kind.as_ref());
        let value = match (default, kind) {
            (Some(default), _) => self.evaluate(default, &Locals::default())?,
            (None, Some(kind)) => Value::Null(Some(Rc::new(kind.clone()))),
            (None, None) => {
                let given = self.environment(name);
                return Ok(Some(Value::text(&given.unwrap_or_default())));
            }
        };
        let value = match kind {
            Some(kind) => convert(&value, kind)
                .map_err(|why| Fault::new(format!("the default of `{name}`: {why}")))?,
            None => value,
        };
        let Some(variable) = variable else {
            return Ok(Some(value));
        };
        let given = match (kind, self.json_override(name)) {
            (Some(kind), Some(text)) => from_json_text(&text, kind),
            _ => match self.environment(name) {
                Some(text) => from_text(&text, kind, &value),
                None => return Ok(Some(value)),
            },
        };
        let placed = given.map_err(|why| {
            Fault::at(
                variable.at,
                format!("the environment's value of `{name}`: {why}"),
            )
        });
        placed.map(Some)
    }

    /// A variable can also be given as JSON under its name with `_JSON`, unless that is a variable
    /// of its own.
    fn json_override(&self, name: &str) -> Option<String> {
        let name = format!("{name}_JSON");
        if self.module.variables.contains_key(&*name) {
            return None;
        }
        self.environment(&name)
    }

    /// Checks what each variable has to fulfil.
    pub(super) fn validate_variables(&self) -> Outcome<()> {
        for variable in self.module.variables.values() {
            for validation in &variable.validations {
                let at = validation
                    .condition
                    .as_ref()
                    .map_or(validation.at, |c| c.at);
                let value = match &validation.condition {
                    Some(condition) => self.evaluate(condition, &Locals::default())?,
                    None => Value::NULL,
                };
                match value.to_truth() {
                    // What is not known may be fulfilled.
                    Some(Truth::True | Truth::Unknown(_)) => {}
                    Some(Truth::False) => {
                        let message = match &validation.message {
                            Some(message) => self.evaluate(message, &Locals::default())?,
                            None => Value::text("a variable does not pass its validation"),
                        };
                        let message = message.to_text().unwrap_or_default();
                        return Err(Fault::at(at, &*message));
                    }
                    None => {
                        let message = "a validation's condition is neither true nor false";
                        return Err(Fault::at(at, message));
                    }
                }
            }
        }
        Ok(())
    }
}

fn from_json_text(text: &str, kind: &Kind) -> Result<Value, String> {
    if let Some(mark) = first_mark(text) {
        return Ok(Value::Unknown(mark));
    }
    let json: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    convert(&from_json(json), kind)
}

/// The environment's text, as the variable's kind, or as the kind of its default.
fn from_text(text: &str, kind: Option<&Kind>, default: &Value) -> Result<Value, String> {
    match (kind, default) {
        (Some(Kind::Text), _) => Ok(Value::text(text)),
        (Some(Kind::Number), _) => number(text),
        (Some(Kind::Bool), _) => truth(text),
        (Some(kind @ (Kind::List(item) | Kind::Set(item))), _) => list(text, |_| Some(item), kind),
        (Some(kind @ Kind::Tuple(items)), _) => list(text, |index| items.get(index), kind),
        (None | Some(Kind::Any), Value::Bool(_)) => truth(text),
        (None | Some(Kind::Any), Value::Number(_)) => number(text),
        (None | Some(Kind::Any), Value::Text(_) | Value::Null(_) | Value::Unknown(_)) => {
            Ok(Value::text(text))
        }
        (_, value) => Err(format!("unsupported type {}", value.kind_name())),
    }
}

/// Fields of a CSV line, each of its kind.
fn list<'k>(
    text: &str,
    item: impl Fn(usize) -> Option<&'k Kind>,
    kind: &Kind,
) -> Result<Value, String> {
    if let Some(mark) = first_mark(text) {
        return Ok(Value::Unknown(mark));
    }
    let fields = csv::fields(text).ok_or("no CSV")?;
    let mut items = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        items.push(match item(index) {
            Some(Kind::Text | Kind::Any) => Value::text(field),
            Some(Kind::Number) => number(field)?,
            Some(Kind::Bool) => truth(field)?,
            _ => return Err(format!("unsupported type {kind}")),
        });
    }
    convert(&Value::tuple(items), kind)
}

fn truth(text: &str) -> Result<Value, String> {
    if let Some(mark) = first_mark(text) {
        return Ok(Value::Unknown(mark));
    }
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
        _ => Err(format!("`{text}` is no bool")),
    }
}

fn number(text: &str) -> Result<Value, String> {
    if let Some(mark) = first_mark(text) {
        return Ok(Value::Unknown(mark));
    }
    parse_number(text)
        .map(Value::Number)
        .ok_or_else(|| format!("`{text}` is no number"))
}

/// The kind that an expression names.
pub(super) fn kind_of(expr: &Expr) -> Outcome<Kind> {
    let refused = || Fault::at(expr.at, "this names no type");
    match &expr.node {
        Node::Variable(name) => match &**name {
            "any" => Ok(Kind::Any),
            "string" => Ok(Kind::Text),
            "number" => Ok(Kind::Number),
            "bool" => Ok(Kind::Bool),
            "list" => Ok(Kind::List(Box::new(Kind::Any))),
            "set" => Ok(Kind::Set(Box::new(Kind::Any))),
            "map" => Ok(Kind::Map(Box::new(Kind::Any))),
            _ => Err(refused()),
        },
        Node::Call(name, arguments, false) => match (&**name, arguments.as_slice()) {
            ("list", [item]) => Ok(Kind::List(Box::new(kind_of(item)?))),
            ("set", [item]) => Ok(Kind::Set(Box::new(kind_of(item)?))),
            ("map", [item]) => Ok(Kind::Map(Box::new(kind_of(item)?))),
            (
                "tuple",
                [
                    Expr {
                        node: Node::Tuple(items),
                        ..
                    },
                ],
            ) => Ok(Kind::Tuple(
                items.iter().map(kind_of).collect::<Outcome<_>>()?,
            )),
            (
                "object",
                [
                    Expr {
                        node: Node::Object(entries),
                        ..
                    },
                ],
            ) => {
                let mut fields = std::collections::BTreeMap::new();
                for (key, kind) in entries {
                    let name = key.as_text().ok_or_else(refused)?;
                    let field = match &kind.node {
                        Node::Call(name, arguments, _) if &**name == "optional" => {
                            let kind = arguments.first().ok_or_else(refused)?;
                            (kind_of(kind)?, true)
                        }
                        _ => (kind_of(kind)?, false),
                    };
                    fields.insert(Rc::from(name), field);
                }
                Ok(Kind::Object(fields))
            }
            _ => Err(refused()),
        },
        // JSON writes a type as text.
        _ => match expr.as_text() {
            Some(text) => match parse_kind(text, expr.at)? {
                Expr {
                    node: Node::Literal(_),
                    ..
                } => Err(refused()),
                inner => kind_of(&inner),
            },
            None => Err(refused()),
        },
    }
}
