//! The functions: which there are, how many arguments they take, and what they give.

use std::rc::Rc;

use super::ast::Node;
use super::evaluate::{Evaluator, Outcome, Result};
use super::memory::Builder;
use super::{json, search};
use crate::eval::unknown::Mark;
use crate::eval::value::{Truth, Value};

/// A function by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Function {
    Case,
    Contains,
    EndsWith,
    Format,
    FromJson,
    Join,
    StartsWith,
    ToJson,
    /// One that belongs to the place of the expression, in lower case: `hashfiles`, `success`.
    OfPlace(String),
}

/// Whether a function asks how the run went so far.
pub(super) fn is_status(name: &str) -> bool {
    matches!(name, "success" | "failure" | "cancelled" | "always")
}

impl Function {
    /// The function of this name in any case, if there is one here.
    pub(super) fn named(name: &str, of_place: &dyn Fn(&str) -> bool) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Some(match name.as_str() {
            "case" => Self::Case,
            "contains" => Self::Contains,
            "endswith" => Self::EndsWith,
            "format" => Self::Format,
            "fromjson" => Self::FromJson,
            "join" => Self::Join,
            "startswith" => Self::StartsWith,
            "tojson" => Self::ToJson,
            _ if of_place(&name) => Self::OfPlace(name),
            _ => return None,
        })
    }

    /// Whether it can be called with so many arguments.
    pub(super) fn check_count(&self, count: usize) -> std::result::Result<(), String> {
        let allowed = match self {
            Self::Case => 3..=255,
            Self::Contains | Self::EndsWith | Self::StartsWith => 2..=2,
            Self::Format => 1..=255,
            Self::Join => 1..=2,
            Self::FromJson | Self::ToJson => 1..=1,
            Self::OfPlace(name) => match name.as_str() {
                "always" | "cancelled" => 0..=0,
                "hashfiles" => 1..=255,
                _ => 0..=255,
            },
        };
        if !allowed.contains(&count) {
            let few = count < *allowed.start();
            return Err(format!(
                "too {} arguments",
                if few { "few" } else { "many" }
            ));
        }
        if *self == Self::Case && count.is_multiple_of(2) {
            return Err("`case` takes pairs and a default: an odd number of arguments".to_owned());
        }
        Ok(())
    }
}

impl Evaluator<'_> {
    /// The value of a call. Arguments are evaluated only where they are needed.
    pub(super) fn call(
        &mut self,
        function: &Function,
        arguments: &[Node],
        node: &Node,
        level: usize,
    ) -> Result<Outcome> {
        let value = match (function, arguments) {
            (Function::Case, _) => return self.case(arguments, level),
            (Function::Contains, [text, part]) => self.contains(text, part, level)?.into(),
            (Function::StartsWith, [text, start]) => {
                self.ends(text, start, level, search::starts_with)?.into()
            }
            (Function::EndsWith, [text, end]) => {
                self.ends(text, end, level, search::ends_with)?.into()
            }
            (Function::Format, [template, rest @ ..]) => {
                self.format(template, rest, node, level)?
            }
            (Function::Join, [items, rest @ ..]) => self.join(items, rest.first(), node, level)?,
            (Function::ToJson, [value]) => {
                let value = self.value(value, level)?;
                Value::text(json::print(&value).map_err(|_| self.too_large(node))?)
            }
            (Function::FromJson, [text]) => {
                let text = self.value(text, level)?.to_text();
                json::parse(&text).map_err(|reason| self.error(node, reason))?
            }
            (Function::OfPlace(name), _) => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(self.value(argument, level)?);
                }
                match self.contexts.function(name, &values) {
                    Some(value) => value,
                    None => Value::Unknown(self.note(node, "a function of the runner")),
                }
            }
            // The parser lets no other number of arguments pass.
            _ => Value::Null,
        };
        Ok(value.into())
    }

    fn contains(&mut self, place: &Node, wanted: &Node, level: usize) -> Result<Truth> {
        let place = self.value(place, level)?;
        let items = match &place {
            Value::Unknown(mark) => return Ok(Truth::Unknown(*mark)),
            Value::Object(_) => return Ok(Truth::False),
            Value::Array(array) if array.items.is_empty() => {
                return Ok(array.open.map_or(Truth::False, Truth::Unknown));
            }
            Value::Array(array) => Rc::clone(array),
            _ => {
                return Ok(match self.value(wanted, level)? {
                    Value::Unknown(mark) => Truth::Unknown(mark),
                    Value::Array(_) | Value::Object(_) => Truth::False,
                    part => search::contains(&place.to_text(), &part.to_text()),
                });
            }
        };
        let wanted = self.value(wanted, level)?;
        let rest = items.open.map_or(Truth::False, Truth::Unknown);
        // Of an open sequence even the items that are listed may be others.
        if items.open.is_some() {
            return Ok(rest);
        }
        let mut found = rest;
        for item in &items.items {
            found = found.or(wanted.equals(item));
            if found == Truth::True {
                break;
            }
        }
        Ok(found)
    }

    fn ends(
        &mut self,
        text: &Node,
        part: &Node,
        level: usize,
        test: fn(&str, &str) -> Truth,
    ) -> Result<Truth> {
        let text = self.value(text, level)?;
        if text.is_collection() {
            return Ok(Truth::False);
        }
        let part = self.value(part, level)?;
        Ok(match (&text, &part) {
            (_, Value::Array(_) | Value::Object(_)) => Truth::False,
            (Value::Unknown(mark), _) | (_, Value::Unknown(mark)) => Truth::Unknown(*mark),
            _ => test(&text.to_text(), &part.to_text()),
        })
    }

    fn join(
        &mut self,
        items: &Node,
        separator: Option<&Node>,
        node: &Node,
        level: usize,
    ) -> Result<Value> {
        let items = match self.value(items, level)? {
            Value::Array(array) => array,
            Value::Object(_) => return Ok(Value::text("")),
            single => return Ok(Value::String(single.to_text())),
        };
        if let Some(mark) = items.open {
            return Ok(Value::unknown_text(mark));
        }
        let mut between: Rc<str> = ",".into();
        if let Some(separator) = separator
            && items.items.len() > 1
        {
            let value = self.value(separator, level)?;
            if !value.is_collection() {
                between = value.to_text();
            }
        }
        let mut joined = Builder::default();
        for (place, item) in items.items.iter().enumerate() {
            let separator = if place == 0 { "" } else { &between };
            joined
                .push(separator)
                .and_then(|()| joined.push(&item.to_text()))
                .map_err(|_| self.too_large(node))?;
        }
        Ok(Value::text(joined.finish()))
    }

    /// `case(when, then, …, otherwise)`. Past a predicate that is not known the value is not known
    /// either, but its truth is where all that it may be agrees.
    fn case(&mut self, arguments: &[Node], level: usize) -> Result<Outcome> {
        let mut doubt: Option<Mark> = None;
        let mut truths = Vec::new();
        let mut chosen = arguments.last();
        for pair in arguments.chunks_exact(2) {
            let [when, then] = pair else { continue };
            let predicate = match (self.outcome(when, level), doubt) {
                (Ok(outcome), _) => outcome,
                (Err(_), Some(mark)) => return Ok(Value::Unknown(mark).into()),
                (Err(error), None) => return Err(error),
            };
            if !matches!(predicate.value, Value::Bool(_) | Value::Unknown(_)) {
                return match doubt {
                    Some(mark) => Ok(Value::Unknown(mark).into()),
                    None => Err(self.error(when, "a predicate of `case` must be a boolean")),
                };
            }
            match predicate.truth {
                Truth::False => {}
                Truth::True => {
                    chosen = Some(then);
                    break;
                }
                Truth::Unknown(mark) => {
                    doubt = doubt.or(Some(mark));
                    truths.push(self.truth_of_maybe(then, level, mark));
                }
            }
        }
        let Some(chosen) = chosen else {
            return Ok(Value::Null.into());
        };
        let Some(mark) = doubt else {
            return self.outcome(chosen, level);
        };
        let last = self.truth_of_maybe(chosen, level, mark);
        let agree = truths.iter().all(|truth| *truth == last);
        Ok(Outcome {
            value: Value::Unknown(mark),
            truth: if agree { last } else { Truth::Unknown(mark) },
        })
    }

    fn truth_of_maybe(&mut self, node: &Node, level: usize, mark: Mark) -> Truth {
        self.outcome(node, level)
            .map_or(Truth::Unknown(mark), |outcome| outcome.truth)
    }
}
