//! Evaluates expressions.

mod access;
mod call;
mod each;
mod operator;

use std::rc::Rc;

use super::error::{At, Fault, Outcome};
use super::scope::Scope;
use super::syntax::{Expr, Node, Part};
use super::value::{Entries, Shape, Text, Value};
use crate::eval::unknown::Mark;
use crate::eval::value::Truth;

/// The names that loops, parameters and matrices give, innermost first.
#[derive(Clone, Copy, Default)]
pub(super) struct Locals<'l> {
    pub(super) entries: &'l [(Rc<str>, Value)],
    pub(super) outer: Option<&'l Locals<'l>>,
}

impl Locals<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        let own = self.entries.iter().find(|(own, _)| &**own == name);
        match own {
            Some((_, value)) => Some(value),
            None => self.outer.and_then(|outer| outer.get(name)),
        }
    }
}

impl Scope<'_> {
    /// What an expression gives.
    pub(super) fn evaluate(&self, expr: &Expr, locals: &Locals<'_>) -> Outcome<Value> {
        self.budget
            .deeper(|| self.node(expr, locals))
            .map_err(|fault| fault.or_at(expr.at))
    }

    fn node(&self, expr: &Expr, locals: &Locals<'_>) -> Outcome<Value> {
        match &expr.node {
            Node::Literal(value) => Ok(value.clone()),
            Node::Template(parts) => self.template(parts, expr.at, locals),
            Node::Tuple(items) => {
                let items: Outcome<_> = items
                    .iter()
                    .map(|item| self.evaluate(item, locals))
                    .collect();
                Ok(Value::tuple(items?))
            }
            Node::Object(entries) => self.object(entries, locals),
            Node::Variable(name) => self.name(name, locals),
            Node::Conditional(parts) => self.conditional(parts, locals),
            Node::Call(name, arguments, spread) => self.call(name, arguments, *spread, locals),
            Node::Traversal(base, steps) => self.traversal(base, steps, locals),
            Node::Not(inner) => self.not(inner, locals),
            Node::Negate(inner) => self.negate(inner, locals),
            Node::Binary(operator, sides) => self.binary(*operator, sides, locals),
            Node::For(tree) => self.for_each(tree, locals),
        }
    }

    fn name(&self, name: &Rc<str>, locals: &Locals<'_>) -> Outcome<Value> {
        if let Some(value) = locals.get(name) {
            return Ok(value.clone());
        }
        if Self::is_block_kind(name) {
            return Err(Fault::new(format!("`{name}` cannot be used as a variable")));
        }
        self.variable(name)?
            .ok_or_else(|| Fault::new(format!("there is no variable named `{name}`")))
    }

    fn object(&self, entries: &[(Expr, Expr)], locals: &Locals<'_>) -> Outcome<Value> {
        let mut object = Entries::new();
        for (key, value) in entries {
            let name = key_text(&self.evaluate(key, locals)?).map_err(|f| f.or_at(key.at))?;
            object.insert(name, self.evaluate(value, locals)?);
        }
        Ok(Value::object(object))
    }

    fn conditional(&self, parts: &[Expr; 3], locals: &Locals<'_>) -> Outcome<Value> {
        let [condition, chosen, other] = parts;
        let at = condition.at;
        let condition = self.evaluate(condition, locals)?;
        if condition.is_null() {
            return Err(Fault::at(at, "the condition is null"));
        }
        let truth = condition
            .to_truth()
            .ok_or_else(|| Fault::at(at, "the condition is neither true nor false"))?;
        // Both sides are evaluated, for their kinds have to agree; faults count on one only.
        let chosen = self.evaluate(chosen, locals);
        let other = self.evaluate(other, locals);
        let (taken, left) = match truth {
            Truth::True => (chosen?, other.ok()),
            Truth::False => (other?, chosen.ok()),
            Truth::Unknown(mark) => {
                let (chosen, other) = (chosen?, other?);
                agreed(chosen.clone(), Some(&other))?;
                let same = super::value::equal(&chosen, &other) == Truth::True;
                return Ok(if same { chosen } else { Value::Unknown(mark) });
            }
        };
        agreed(taken, left.as_ref())
    }

    fn template(&self, parts: &[Part], at: At, locals: &Locals<'_>) -> Outcome<Value> {
        if let [Part::Hole(hole)] = parts {
            return self.evaluate(hole, locals);
        }
        let mut text = String::new();
        self.fill(parts, locals, &mut text)?;
        Ok(Value::Text(Text {
            text: text.into(),
            at: Some(at),
        }))
    }

    fn fill(&self, parts: &[Part], locals: &Locals<'_>, out: &mut String) -> Outcome<()> {
        for part in parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Hole(hole) => {
                    let value = self.evaluate(hole, locals)?;
                    out.push_str(&hole_text(&value).map_err(|fault| fault.or_at(hole.at))?);
                }
                Part::If(condition, chosen, other) => {
                    let truth = self.evaluate(condition, locals)?.to_truth();
                    match truth {
                        Some(Truth::True) => self.fill(chosen, locals, out)?,
                        Some(Truth::False) => self.fill(other, locals, out)?,
                        Some(Truth::Unknown(mark)) => out.push(mark.as_char()),
                        None => {
                            let message = "the condition is neither true nor false";
                            return Err(Fault::at(condition.at, message));
                        }
                    }
                }
                Part::For(names, collection, inner) => {
                    let value = self.evaluate(collection, locals)?;
                    let mut one = |locals: &Locals<'_>| self.fill(inner, locals, out);
                    let open = self.each(names, &value, collection.at, locals, &mut one)?;
                    out.extend(open.map(Mark::as_char));
                }
            }
            self.budget.text(out.len())?;
        }
        Ok(())
    }
}

/// The key of an object's entry.
fn key_text(value: &Value) -> Outcome<Rc<str>> {
    value.to_text().ok_or_else(|| {
        let kind = value.kind_name();
        Fault::new(format!("a key must be a string, this is {kind}"))
    })
}

/// What a hole of a template adds.
fn hole_text(value: &Value) -> Outcome<Rc<str>> {
    value.to_text().ok_or_else(|| {
        let what = if value.is_null() {
            "null".to_owned()
        } else {
            value.kind_name()
        };
        Fault::new(format!("a template cannot hold {what}"))
    })
}

/// The value that a conditional takes, of the kind that both of its sides can be.
fn agreed(taken: Value, left: Option<&Value>) -> Outcome<Value> {
    let Some(left) = left else { return Ok(taken) };
    match (&taken, left) {
        (Value::Unknown(_) | Value::Null(_), _) | (_, Value::Unknown(_) | Value::Null(_)) => {
            Ok(taken)
        }
        (Value::Text(_), Value::Text(_) | Value::Number(_) | Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Map(..), Value::Map(..)) => Ok(taken),
        (Value::Number(_) | Value::Bool(_), Value::Text(_)) => {
            Ok(taken.to_text().map_or(taken, |text| Value::text(&text)))
        }
        (Value::List(shape, items), Value::List(_, others)) => {
            let shape = match shape {
                Shape::Tuple if items.len() != others.len() => Shape::List,
                same => *same,
            };
            Ok(Value::List(shape, Rc::clone(items)))
        }
        _ => Err(Fault::new(format!(
            "the two sides of a conditional differ in kind: {} and {}",
            taken.kind_name(),
            left.kind_name()
        ))),
    }
}
