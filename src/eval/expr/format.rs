//! `format('{0} of {1}', …)`.

use std::rc::Rc;

use super::ast::Node;
use super::evaluate::{Evaluator, Result};
use super::memory::Builder;
use crate::eval::unknown;
use crate::eval::value::Value;

/// A part of a format.
enum Part<'a> {
    Text(&'a str),
    Argument(usize),
}

impl Evaluator<'_> {
    /// The format with its arguments in place; each is evaluated once, if it is used at all.
    pub(super) fn format(
        &mut self,
        format: &Node,
        arguments: &[Node],
        node: &Node,
        level: usize,
    ) -> Result<Value> {
        let format = self.value(format, level)?.to_text();
        let parts = match read(&format, arguments.len()) {
            Ok(parts) => parts,
            // What is not known of a format may be what makes it well-formed.
            Err(reason) => match unknown::first_mark(&format) {
                Some(mark) => return Ok(Value::unknown_text(mark)),
                None => return Err(self.error(node, reason)),
            },
        };
        let mut texts: Vec<Option<Rc<str>>> = vec![None; arguments.len()];
        let mut result = Builder::default();
        for part in parts {
            let pushed = match part {
                Part::Text(text) => result.push(text),
                Part::Argument(place) => {
                    let (Some(argument), Some(slot)) = (arguments.get(place), texts.get_mut(place))
                    else {
                        continue;
                    };
                    let text = match slot {
                        Some(text) => text,
                        None => slot.insert(self.value(argument, level)?.to_text()),
                    };
                    result.push(text)
                }
            };
            pushed.map_err(|_| self.too_large(node))?;
        }
        Ok(Value::text(result.finish()))
    }
}

/// The parts of a format for so many arguments.
fn read(format: &str, arguments: usize) -> std::result::Result<Vec<Part<'_>>, String> {
    let invalid = || format!("the format is invalid: {format}");
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            // The first of two braces stands for itself.
            parts.push(Part::Text(rest.get(..=at).unwrap_or(before)));
            rest = after;
            continue;
        }
        let (place, after) = from
            .strip_prefix('{')
            .and_then(|inside| inside.split_once('}'))
            .ok_or_else(invalid)?;
        // A colon may follow the number, but nothing that it could introduce is allowed.
        let digits = place.strip_suffix(':').unwrap_or(place);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid());
        }
        let place = usize::from(digits.parse::<u8>().map_err(|_| invalid())?);
        if place >= arguments {
            return Err(format!(
                "the format names more arguments than there are: {format}"
            ));
        }
        parts.push(Part::Text(before));
        parts.push(Part::Argument(place));
        rest = after;
    }
    parts.push(Part::Text(rest));
    Ok(parts)
}
