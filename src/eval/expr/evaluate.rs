//! The value of a tree, under contexts.

use std::cell::RefCell;
use std::rc::Rc;

use super::ast::{Comparison, Kind, Node};
use super::index::{self, Found};
use super::memory::{Memory, text_bytes};
use super::parse::{Names, parse};
use super::{Contexts, ExprError, Phase};
use crate::eval::memo::Memo;
use crate::eval::unknown::Mark;
use crate::eval::value::{Truth, Value};

pub(super) type Result<T> = std::result::Result<T, ExprError>;

/// The value of an expression, as it stands between `${{` and `}}`. Blanks alone give null.
///
/// # Errors
/// What the runner refuses: see [`Phase`].
pub fn evaluate(source: &str, contexts: &dyn Contexts) -> Result<Value> {
    Ok(match &parse_for(source, contexts)?.node {
        Some(node) => Evaluator::new(source, contexts).outcome(node, 0)?.value,
        None => Value::Null,
    })
}

/// A tree, and what it rests on.
pub(super) struct Tree {
    /// None where the expression holds nothing but blanks.
    pub(super) node: Option<Node>,
    asked: Vec<Asked>,
}

/// A name that was looked for while an expression was read.
struct Asked {
    name: String,
    function: bool,
    there: bool,
}

thread_local! {
    static TREES: Memo<String, Rc<Tree>> = Memo::default();
}

/// The tree of an expression that may use what these contexts have.
pub(super) fn parse_for(source: &str, contexts: &dyn Contexts) -> Result<Rc<Tree>> {
    let has = |name: &str, function: bool| match function {
        true => contexts.has_function(name),
        false => contexts.context(name).is_some(),
    };
    let known = TREES.with(|trees| trees.get(source));
    let same = |asked: &Asked| has(&asked.name, asked.function) == asked.there;
    if let Some(known) = known.filter(|tree| tree.asked.iter().all(same)) {
        return Ok(known);
    }
    let asked = RefCell::new(Vec::new());
    let ask = |name: &str, function: bool| {
        let there = has(name, function);
        asked.borrow_mut().push(Asked {
            name: name.to_owned(),
            function,
            there,
        });
        there
    };
    let node = parse(
        source,
        &Names {
            context: &|name| ask(name, false),
            function: &|name| ask(name, true),
        },
    )?;
    let tree = Rc::new(Tree {
        node,
        asked: asked.into_inner(),
    });
    TREES.with(|trees| trees.keep(source.to_owned(), source.len(), Rc::clone(&tree)));
    Ok(tree)
}

/// A value, and what is known of its truth: sometimes more than the value itself tells.
///
/// `x && false` with an unknown `x` is one of many values, but it never holds.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) value: Value,
    pub(super) truth: Truth,
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Self {
        let truth = value.truth();
        Self { value, truth }
    }
}

impl From<Truth> for Outcome {
    fn from(truth: Truth) -> Self {
        Value::from(truth).into()
    }
}

/// One evaluation of one expression.
pub(super) struct Evaluator<'a> {
    source: &'a str,
    pub(super) contexts: &'a dyn Contexts,
    memory: Memory,
}

impl<'a> Evaluator<'a> {
    /// For a tree that was made from this source.
    pub(super) fn new(source: &'a str, contexts: &'a dyn Contexts) -> Self {
        Self {
            source,
            contexts,
            memory: Memory::default(),
        }
    }

    pub(super) fn error(&self, node: &Node, message: impl Into<String>) -> ExprError {
        ExprError::new(Phase::Evaluation, message, node.span.start)
    }

    pub(super) fn too_large(&self, node: &Node) -> ExprError {
        self.error(node, "the result is larger than GitHub allows")
    }

    /// Notes that nobody knows what this part of the expression gives.
    pub(super) fn note(&self, node: &Node, reason: &str) -> Mark {
        let what = self.source.get(node.span.clone()).unwrap_or_default();
        self.contexts.unknowns().note(what, reason)
    }

    /// The value of a part that is an operand of a node at this level.
    pub(super) fn value(&mut self, part: &Node, level: usize) -> Result<Value> {
        Ok(self.outcome(part, level + 1)?.value)
    }

    /// The value of a node at this level, and its truth.
    pub(super) fn outcome(&mut self, node: &Node, level: usize) -> Result<Outcome> {
        let outcome = match &node.kind {
            Kind::Literal(value) => value.clone().into(),
            Kind::Context(name) => self.contexts.context(name).unwrap_or_default().into(),
            Kind::Wildcard => Value::text("*").into(),
            Kind::Index(base, key) => match self.index(base, key, level)? {
                Found::Value(value) => value.into(),
                Found::Hidden(mark) => Value::Unknown(self.name(node, mark)).into(),
            },
            Kind::Call(function, arguments) => self.call(function, arguments, node, level)?,
            Kind::Not(part) => (!self.outcome(part, level + 1)?.truth).into(),
            Kind::Compare(comparison, left, right) => {
                let left = self.value(left, level)?;
                let right = self.value(right, level)?;
                compare(*comparison, &left, &right).into()
            }
            Kind::And(parts) => self.chain(parts, false, level)?,
            Kind::Or(parts) => self.chain(parts, true, level)?,
        };
        self.count(node, &outcome.value, level)?;
        Ok(outcome)
    }

    fn count(&mut self, node: &Node, value: &Value, level: usize) -> Result<()> {
        let (bytes, alone) = match value {
            Value::String(text) => (text_bytes(text), true),
            Value::Array(array) if array.filtered => (24 + 8 * array.items.len(), false),
            Value::Array(_) | Value::Object(_) => (24, false),
            _ => (24, true),
        };
        self.memory
            .add(level, bytes, alone)
            .map_err(|_| self.too_large(node))
    }

    /// `&&` stops at the first part that does not hold, `||` at the first that does. Past a part of
    /// unknown truth the value is unknown, but a part that certainly stops it settles the truth.
    fn chain(&mut self, parts: &[Node], stops_at: bool, level: usize) -> Result<Outcome> {
        let mut doubt: Option<Mark> = None;
        let mut last = Outcome::from(Value::Null);
        for part in parts {
            last = match (self.outcome(part, level + 1), doubt) {
                (Ok(outcome), None) => outcome,
                (Ok(Outcome { truth, .. }), Some(mark)) => Outcome {
                    value: Value::Unknown(mark),
                    truth: match truth.known() {
                        Some(known) if known == stops_at => truth,
                        _ => Truth::Unknown(mark),
                    },
                },
                (Err(error), None) => return Err(error),
                // Nobody knows whether it comes to this part, and so to its error.
                (Err(_), Some(mark)) => return Ok(Value::Unknown(mark).into()),
            };
            match last.truth {
                Truth::Unknown(mark) => doubt = doubt.or(Some(mark)),
                truth if truth.known() == Some(stops_at) => break,
                _ => {}
            }
        }
        Ok(last)
    }

    fn index(&mut self, base: &Node, key: &Node, level: usize) -> Result<Found> {
        let value = match &base.kind {
            // Of `a.b.c` only the whole is named as unknown, and not `a.b` as well.
            Kind::Index(inner, inner_key) => match self.index(inner, inner_key, level + 1)? {
                Found::Hidden(mark) => Value::Unknown(mark),
                Found::Value(value) => {
                    self.count(base, &value, level + 1)?;
                    value
                }
            },
            _ => self.value(base, level)?,
        };
        if matches!(key.kind, Kind::Wildcard) {
            return Ok(Found::Value(index::read_all(&value)));
        }
        match value {
            Value::Unknown(mark) => Ok(Found::Hidden(mark)),
            Value::Array(_) | Value::Object(_) => {
                let key = self.value(key, level)?;
                Ok(index::read(&value, &key))
            }
            _ => Ok(Found::Value(Value::Null)),
        }
    }

    /// The mark of what an unknown property is, with the reason of what hides it.
    fn name(&self, node: &Node, mark: Mark) -> Mark {
        match self.contexts.unknowns().get(mark) {
            Some(unknown) if is_path(node) => self.note(node, &unknown.reason),
            _ => mark,
        }
    }
}

/// Whether a node is a context and names: what a person would call a path.
fn is_path(node: &Node) -> bool {
    match &node.kind {
        Kind::Context(_) => true,
        Kind::Index(base, key) => matches!(key.kind, Kind::Literal(_)) && is_path(base),
        _ => false,
    }
}

fn compare(comparison: Comparison, left: &Value, right: &Value) -> Truth {
    match comparison {
        Comparison::Equal => left.equals(right),
        Comparison::NotEqual => !left.equals(right),
        Comparison::Less => left.less_than(right),
        Comparison::AtMost => left.at_most(right),
        Comparison::Greater => right.less_than(left),
        Comparison::AtLeast => right.at_most(left),
    }
}
