//! Walks the tree of an expression.

use std::rc::Rc;

use super::function::{self, Function};
use super::lex::Operator;
use super::parse::{Expr, Node};
use super::{Contexts, ExprError};
use crate::eval::unknown::{Mark, Unknowns};
use crate::eval::value::{Array, Truth, Value, compare, equal};

pub(super) struct Evaluator<'c> {
    pub(super) source: &'c str,
    pub(super) contexts: &'c dyn Contexts,
}

/// A value, and whether it is the result of a `*`, over which further accesses map.
struct Step {
    value: Value,
    filtered: bool,
}

impl From<Value> for Step {
    fn from(value: Value) -> Self {
        Self {
            value,
            filtered: false,
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn value(&self, node: &Node) -> Result<Value, ExprError> {
        Ok(self.step(node)?.value)
    }

    /// Whether an expression holds, where only that is asked: an operand that decides does so
    /// whatever the unknown ones are.
    pub(super) fn truth(&self, node: &Node) -> Result<Truth, ExprError> {
        Ok(match &node.expr {
            Expr::Not(inner) => self.truth(inner)?.negated(),
            Expr::And(all) => {
                let mut truth = Truth::True;
                for part in all {
                    truth = truth.and(self.truth(part)?);
                    if truth == Truth::False {
                        break;
                    }
                }
                truth
            }
            Expr::Or(all) => {
                let mut truth = Truth::False;
                for part in all {
                    truth = truth.or(self.truth(part)?);
                    if truth == Truth::True {
                        break;
                    }
                }
                truth
            }
            _ => self.value(node)?.truth(),
        })
    }

    fn step(&self, node: &Node) -> Result<Step, ExprError> {
        let value = match &node.expr {
            Expr::Null => Value::Null,
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Number(value) => Value::Number(*value),
            Expr::String(text) => Value::text(text),
            Expr::Context(name) => self.contexts.context(name).unwrap_or(Value::Null),
            Expr::Index(left, index) => {
                let left = self.step(left)?;
                let index = self.value(index)?;
                return Ok(if left.filtered {
                    self.map(&left.value, &index)
                } else {
                    self.property(node, &left.value, &index).into()
                });
            }
            Expr::Star(left) => {
                let left = self.step(left)?;
                return Ok(Step {
                    value: star(&left),
                    filtered: true,
                });
            }
            Expr::Not(_) => match self.truth(node)? {
                Truth::True => Value::Bool(true),
                Truth::False => Value::Bool(false),
                Truth::Unknown(mark) => Value::Unknown(mark),
            },
            Expr::Compare(operator, left, right) => {
                self.compare(*operator, &self.value(left)?, &self.value(right)?)
            }
            Expr::And(all) => self.chain(all, Truth::False)?,
            Expr::Or(all) => self.chain(all, Truth::True)?,
            Expr::Call(function, arguments) => self.call(*function, arguments)?,
        };
        Ok(value.into())
    }

    /// `&&` and `||` give the operand that decides, or the last one.
    fn chain(&self, all: &[Node], decides: Truth) -> Result<Value, ExprError> {
        let mut doubt: Option<Mark> = None;
        let mut last = Value::Null;
        for (index, node) in all.iter().enumerate() {
            last = self.value(node)?;
            let truth = last.truth();
            let end = truth == decides || index + 1 == all.len();
            match (truth, doubt) {
                (_, None) if end => return Ok(last),
                (_, Some(mark)) if end => {
                    // An earlier operand may have decided: only where all outcomes have the same
                    // truth can the truth be told, and the value never.
                    return Ok(Value::Unknown(mark));
                }
                (Truth::Unknown(mark), None) => doubt = Some(mark),
                _ => {}
            }
        }
        Ok(last)
    }

    fn compare(&self, operator: Operator, left: &Value, right: &Value) -> Value {
        let truth = match operator {
            Operator::Equal => equal(left, right),
            Operator::NotEqual => equal(left, right).negated(),
            Operator::Less => compare(left, right, std::cmp::Ordering::is_lt),
            Operator::LessEqual => compare(left, right, std::cmp::Ordering::is_le),
            Operator::Greater => compare(left, right, std::cmp::Ordering::is_gt),
            Operator::GreaterEqual => compare(left, right, std::cmp::Ordering::is_ge),
            Operator::Not | Operator::And | Operator::Or => Truth::False,
        };
        match truth {
            Truth::True => Value::Bool(true),
            Truth::False => Value::Bool(false),
            Truth::Unknown(mark) => Value::Unknown(mark),
        }
    }

    fn call(&self, function: Function, arguments: &[Node]) -> Result<Value, ExprError> {
        if function == Function::Case {
            return self.case(arguments);
        }
        let values: Result<Vec<Value>, ExprError> =
            arguments.iter().map(|node| self.value(node)).collect();
        function::call(function, &values?, self.contexts)
    }

    /// `case` evaluates no further than the condition that holds.
    fn case(&self, arguments: &[Node]) -> Result<Value, ExprError> {
        for pair in arguments.chunks(2) {
            match pair {
                [condition, value] => {
                    let condition = self.value(condition)?;
                    match condition {
                        Value::Bool(false) => {}
                        Value::Bool(true) => return self.value(value),
                        _ => {
                            let chosen = [condition, Value::Null, Value::Null];
                            return function::call(Function::Case, &chosen, self.contexts);
                        }
                    }
                }
                [default] => return self.value(default),
                _ => {}
            }
        }
        Ok(Value::Null)
    }

    fn unknowns(&self) -> &Unknowns {
        self.contexts.unknowns()
    }

    /// A missing part of something open: named by the expression that asks for it.
    fn missing(&self, node: &Node, open: Mark) -> Value {
        let what = self.source.get(node.start..node.end).unwrap_or_default();
        let known = self.unknowns().get(open);
        let (reason, at) = match known {
            Some(unknown) => (unknown.reason, unknown.at),
            None => ("not known".to_owned(), None),
        };
        let what = canonical(what);
        match at {
            Some(at) => Value::Unknown(self.unknowns().note_at(what, reason, Some(at))),
            None => Value::Unknown(self.unknowns().note(what, reason)),
        }
    }

    fn property(&self, node: &Node, left: &Value, index: &Value) -> Value {
        match (left, index) {
            (Value::Unknown(mark), _) => self.missing(node, *mark),
            (Value::Object(_) | Value::Array(_), Value::Unknown(mark)) => Value::Unknown(*mark),
            (Value::Object(object), index) if index.is_primitive() => {
                let name = index.to_text();
                match (object.get(&name), object.open) {
                    (Some(value), _) => value.clone(),
                    (None, Some(mark)) => self.missing(node, mark),
                    (None, None) => Value::Null,
                }
            }
            (Value::Array(array), index) => match (position(index), array.open) {
                (Some(at), open) => match (array.items.get(at), open) {
                    (Some(value), None) => value.clone(),
                    (_, Some(mark)) => self.missing(node, mark),
                    (None, None) => Value::Null,
                },
                (None, _) => Value::Null,
            },
            _ => Value::Null,
        }
    }

    /// An access over the result of a `*`: maps over the items that have it.
    fn map(&self, list: &Value, index: &Value) -> Step {
        let Value::Array(array) = list else {
            return Step {
                value: list.clone(),
                filtered: true,
            };
        };
        let mut items = Vec::new();
        for item in &array.items {
            match item {
                Value::Unknown(mark) => items.push(Value::Unknown(*mark)),
                Value::Object(object) if index.is_primitive() => {
                    let name = index.to_text();
                    items.extend(object.get(&name).cloned());
                }
                Value::Array(inner) => {
                    let found = position(index).and_then(|at| inner.items.get(at));
                    items.extend(found.cloned());
                }
                _ => {}
            }
        }
        Step {
            value: Value::Array(Rc::new(Array {
                items,
                open: array.open,
            })),
            filtered: true,
        }
    }
}

/// The array position that an index stands for: not negative, rounded down.
fn position(index: &Value) -> Option<usize> {
    let number = index.to_number().ok()?;
    if !(0.0..=f64::from(i32::MAX)).contains(&number) {
        return None;
    }
    Some(number.floor() as usize)
}

fn star(left: &Step) -> Value {
    let inside = |value: &Value| -> Vec<Value> {
        match value {
            Value::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
            Value::Array(array) => array.items.clone(),
            Value::Unknown(mark) => vec![Value::Unknown(*mark)],
            _ => Vec::new(),
        }
    };
    let open = |value: &Value| match value {
        Value::Object(object) => object.open,
        Value::Array(array) => array.open,
        Value::Unknown(mark) => Some(*mark),
        _ => None,
    };
    let items = match (&left.value, left.filtered) {
        (Value::Array(array), true) => array.items.iter().flat_map(inside).collect(),
        (value, _) => inside(value),
    };
    Value::Array(Rc::new(Array {
        items,
        open: open(&left.value),
    }))
}

/// The usual spelling of an access: `secrets['USER']` is `secrets.USER`.
fn canonical(what: &str) -> String {
    let mut text = String::with_capacity(what.len());
    let mut rest = what;
    while let Some(at) = rest.find("['") {
        let inner = rest.get(at + 2..).and_then(|inner| inner.split_once("']"));
        let Some((name, after)) = inner else { break };
        text.push_str(rest.get(..at).unwrap_or_default());
        text.push('.');
        text.push_str(name);
        rest = after;
    }
    text.push_str(rest);
    text
}
