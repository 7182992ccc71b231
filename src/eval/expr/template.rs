//! A scalar with `${{ }}` in it: finding the expressions, and the text that they make.

use std::ops::Range;

use super::evaluate::evaluate;
use super::memory::Builder;
use super::{Contexts, ExprError, MAX_LENGTH, Phase};
use crate::eval::value::Value;

const OPEN: &str = "${{";

/// What a scalar gives.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Its value: of any type where the scalar is exactly one expression, otherwise text.
    pub value: Value,
    /// Where each part of the text came from, in order and without gaps.
    pub pieces: Vec<Piece>,
}

/// A part of a scalar, and what it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the scalar, braces included.
    pub input: Range<usize>,
    /// Bytes of the value's text.
    pub output: Range<usize>,
    /// Whether it was an expression, or stands in the scalar as it is.
    pub expression: bool,
}

/// A part of a scalar before evaluation.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// Bytes of the scalar, braces included.
    pub(super) span: Range<usize>,
    /// Bytes of the expression without braces and blanks, if it is one.
    pub(super) expression: Option<Range<usize>>,
}

/// Cuts a scalar at its expressions. `}}` inside quotes ends none.
pub(super) fn segments(text: &str) -> Result<Vec<Segment>, ExprError> {
    let mut segments = Vec::new();
    let mut at = 0;
    while let Some(open) = find(text, at) {
        if at < open {
            segments.push(Segment {
                span: at..open,
                expression: None,
            });
        }
        let inside = open + OPEN.len();
        let Some(end) = closing(text, inside) else {
            return Err(ExprError::new(
                Phase::Parsing,
                "the expression is not closed: `}}` is missing",
                open,
            ));
        };
        let raw = text.get(inside..end).unwrap_or_default();
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            return Err(ExprError::new(
                Phase::Parsing,
                "there is no expression between `${{` and `}}`",
                open,
            ));
        }
        let start = inside + (raw.len() - raw.trim_start().len());
        at = end + 2;
        segments.push(Segment {
            span: open..at,
            expression: Some(start..start + trimmed.len()),
        });
    }
    if at < text.len() {
        segments.push(Segment {
            span: at..text.len(),
            expression: None,
        });
    }
    Ok(segments)
}

fn find(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?.as_bytes();
    let opens = |at: &usize| {
        rest.get(*at..)
            .is_some_and(|rest| rest.starts_with(OPEN.as_bytes()))
    };
    Some(from + memchr::memchr_iter(b'$', rest).find(opens)?)
}

/// Where the `}}` begins that ends an expression.
fn closing(text: &str, from: usize) -> Option<usize> {
    let mut quoted = false;
    let mut last = b' ';
    for (at, byte) in text.bytes().enumerate().skip(from) {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && last == b'}' => return at.checked_sub(1),
            _ => {}
        }
        last = byte;
    }
    None
}

/// The one expression that a scalar consists of, if it is so.
pub(super) fn single(segments: &[Segment]) -> Option<Range<usize>> {
    match segments {
        [only] => only.expression.clone(),
        _ => None,
    }
}

/// Evaluates the text of a YAML scalar. Exactly one expression, with nothing around it, keeps its
/// type; anything else is text.
///
/// # Errors
/// The first expression that is not closed, not well-formed, or has no value; and text around
/// expressions that is longer than an expression may be, since GitHub makes one of it.
pub fn evaluate_template(text: &str, contexts: &dyn Contexts) -> Result<Rendered, ExprError> {
    let segments = segments(text)?;
    let literal = segments.iter().all(|segment| segment.expression.is_none());
    if literal {
        let whole = Piece {
            input: 0..text.len(),
            output: 0..text.len(),
            expression: false,
        };
        return Ok(Rendered {
            value: Value::text(text),
            pieces: if text.is_empty() {
                Vec::new()
            } else {
                vec![whole]
            },
        });
    }
    let evaluate_at = |span: &Range<usize>| {
        evaluate(text.get(span.clone()).unwrap_or_default(), contexts)
            .map_err(|error| error.moved(span.start))
    };
    if let Some(span) = single(&segments) {
        let value = evaluate_at(&span)?;
        let piece = Piece {
            input: 0..text.len(),
            output: 0..value.to_text().len(),
            expression: true,
        };
        return Ok(Rendered {
            value,
            pieces: vec![piece],
        });
    }
    check_length(text, &segments)?;
    let mut rendered = Builder::default();
    let mut pieces = Vec::with_capacity(segments.len());
    for segment in segments {
        let start = rendered.text().len();
        let pushed = match &segment.expression {
            Some(span) => rendered.push(&evaluate_at(span)?.to_text()),
            None => rendered.push(text.get(segment.span.clone()).unwrap_or_default()),
        };
        pushed.map_err(|_| {
            let message = "the result is larger than GitHub allows";
            ExprError::new(Phase::Evaluation, message, segment.span.start)
        })?;
        pieces.push(Piece {
            input: segment.span,
            output: start..rendered.text().len(),
            expression: segment.expression.is_some(),
        });
    }
    Ok(Rendered {
        value: Value::text(rendered.finish()),
        pieces,
    })
}

/// Text around expressions becomes one call of `format`, to which the limits apply.
fn check_length(text: &str, segments: &[Segment]) -> Result<(), ExprError> {
    // Each byte counts twice at most, and each expression as an argument of a few characters.
    if segments.len() <= 64 && 2 * text.len() + 10 * segments.len() + 16 <= MAX_LENGTH {
        return Ok(());
    }
    let mut length = "format('')".len();
    let mut arguments = 0;
    for segment in segments {
        let part = segment.expression.as_ref().unwrap_or(&segment.span);
        let part = text.get(part.clone()).unwrap_or_default();
        length += part.encode_utf16().count();
        if segment.expression.is_some() {
            // `, ` before the argument, `{N}` in the format.
            length += 4 + usize::to_string(&arguments).len();
            arguments += 1;
        } else {
            length += part.matches(['\'', '{', '}']).count();
        }
    }
    let message = if length > MAX_LENGTH {
        "the text with its expressions is longer than 21,000 characters"
    } else if arguments > 254 {
        "the text holds more than 254 expressions"
    } else {
        return Ok(());
    };
    Err(ExprError::new(Phase::Parsing, message, 0))
}
