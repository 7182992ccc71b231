//! What the names of a template mean where they stand.

use super::render::{Rendered, Renderer};
use super::tree::{Expression, Path, Program};
use super::value::Value;
use crate::eval::unknown::first_mark;

impl Renderer<'_> {
    /// Renders a body over another context.
    pub(super) fn within(
        &mut self,
        context: Value,
        parameters: &[Value],
        program: Option<&Program>,
    ) -> Rendered<Value> {
        let Some(program) = program else {
            return Ok(Value::text(""));
        };
        // The same context again is no step down, which `..` can tell.
        let deeper = self.contexts.last() != Some(&context);
        if deeper {
            self.contexts.push(context);
        }
        let before = self.parameters.len();
        for (name, value) in program.parameters.iter().zip(parameters) {
            self.parameters.push((name.clone(), value.clone()));
        }
        let rendered = self.program(program);
        self.parameters.truncate(before);
        if deeper {
            self.contexts.pop();
        }
        rendered.map(Value::text)
    }

    pub(super) fn expression(&mut self, expression: &Expression) -> Rendered<Value> {
        Ok(match expression {
            Expression::Path(path) => match first_mark(&path.original) {
                Some(mark) => Value::Unknown(mark),
                None => self.resolve(path),
            },
            Expression::Text(text) => Value::text(text.as_str()),
            Expression::Number(number) => Value::Number(*number),
            Expression::Bool(value) => Value::Bool(*value),
            Expression::Undefined => Value::Undefined,
            Expression::Null => Value::Null,
            Expression::Call(call) => return self.call(call, None, true),
        })
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&Value> {
        let found = self
            .parameters
            .iter()
            .rev()
            .find(|(other, _)| other == name);
        found.map(|(_, value)| value)
    }

    pub(super) fn resolve(&self, path: &Path) -> Value {
        let mut parts = path.parts.iter();
        let start = if path.data {
            parts
                .next()
                .map_or(Value::Undefined, |name| self.data(name, path.depth))
        } else if path.depth == 0
            && !scoped(path)
            && let Some(value) = path.parts.first().and_then(|name| self.parameter(name))
        {
            parts.next();
            value.clone()
        } else {
            let at = self.contexts.len().checked_sub(path.depth + 1);
            let context = at.and_then(|at| self.contexts.get(at));
            context.cloned().unwrap_or(Value::Undefined)
        };
        parts.fold(start, |value, name| {
            if value.is_nothing() {
                value
            } else {
                value.property(name, self.names)
            }
        })
    }

    fn data(&self, name: &str, depth: usize) -> Value {
        if depth > self.frames.len() {
            return Value::Undefined;
        }
        let frame = self
            .frames
            .get(..self.frames.len() - depth)
            .and_then(<[_]>::last);
        match (name, frame) {
            ("root", _) => Value::Root,
            ("key", Some(frame)) => frame.key.clone(),
            ("index", Some(frame)) => Value::Number(frame.index),
            ("first", Some(frame)) => Value::Bool(frame.first),
            ("last", Some(frame)) => Value::Bool(frame.last),
            _ => Value::Undefined,
        }
    }
}

/// Whether a path is about the current context and not about a name: `./x`, `this.x`.
pub(super) fn scoped(path: &Path) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    path.original.starts_with('.')
        || path
            .original
            .match_indices("this")
            .filter_map(|(at, found)| path.original.get(at + found.len()..))
            .any(|rest| !rest.starts_with(word))
}
