//! Text with `${{ }}` in it, and the conditions of `if:`.

use std::ops::Range;

use super::evaluate::Evaluator;
use super::function::Function;
use super::parse::{self, Expr, Node};
use super::{Contexts, ExprError, Phase};
use crate::eval::value::{Truth, Value};

/// A part of a template: literal text, or what one expression gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes in the template; for an expression the whole `${{ }}`.
    pub input: Range<usize>,
    /// Its bytes in the text that came out.
    pub output: Range<usize>,
    /// Whether an expression gave it.
    pub expression: bool,
}

/// A template as evaluated.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// What came out: of any type where the template is one expression and nothing else, text
    /// otherwise.
    pub value: Value,
    /// What came from where.
    pub pieces: Vec<Piece>,
}

/// One `${{ }}` of a template: its bytes, and those of the expression inside.
struct Slot {
    outer: Range<usize>,
    inner: Range<usize>,
}

/// Finds every `${{ }}`; braces inside quoted text close nothing.
fn slots(text: &str) -> Result<Vec<Slot>, ExprError> {
    let mut slots = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("${{")) {
        let start = from + at;
        let inner = start + 3;
        let Some(length) = closing(text.get(inner..).unwrap_or_default()) else {
            return Err(ExprError {
                phase: Phase::Lexing,
                message: "`${{` is not closed".to_owned(),
                offset: start,
            });
        };
        slots.push(Slot {
            outer: start..inner + length + 2,
            inner: inner..inner + length,
        });
        from = inner + length + 2;
    }
    Ok(slots)
}

fn closing(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quoted = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Evaluates a scalar's text with `${{ }}` in it.
///
/// # Errors
/// An expression that does not lex, parse or evaluate; the offset is in the template.
pub fn evaluate_template(text: &str, contexts: &dyn Contexts) -> Result<Rendered, ExprError> {
    let slots = slots(text)?;
    if let [only] = slots.as_slice()
        && only.outer == (0..text.len())
    {
        let value = evaluate_slot(text, only, contexts)?;
        let length = value.to_text().len();
        return Ok(Rendered {
            value,
            pieces: vec![Piece {
                input: only.outer.clone(),
                output: 0..length,
                expression: true,
            }],
        });
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = Vec::new();
    let mut from = 0;
    let literal = |out: &mut String, pieces: &mut Vec<Piece>, input: Range<usize>| {
        if input.is_empty() {
            return;
        }
        let start = out.len();
        out.push_str(text.get(input.clone()).unwrap_or_default());
        pieces.push(Piece {
            input,
            output: start..out.len(),
            expression: false,
        });
    };
    for slot in &slots {
        literal(&mut out, &mut pieces, from..slot.outer.start);
        let start = out.len();
        out.push_str(&evaluate_slot(text, slot, contexts)?.to_text());
        pieces.push(Piece {
            input: slot.outer.clone(),
            output: start..out.len(),
            expression: true,
        });
        from = slot.outer.end;
    }
    literal(&mut out, &mut pieces, from..text.len());
    Ok(Rendered {
        value: Value::text(&out),
        pieces,
    })
}

fn evaluate_slot(text: &str, slot: &Slot, contexts: &dyn Contexts) -> Result<Value, ExprError> {
    let source = text.get(slot.inner.clone()).unwrap_or_default();
    super::evaluate(source, contexts).map_err(|mut error| {
        error.offset += slot.inner.start;
        error
    })
}

/// Whether an `if:` holds. It may stand without `${{ }}`; text around one makes it a text, which
/// holds unless it is empty. Unless a status function is called, `success()` must hold as well.
///
/// # Errors
/// An expression that does not lex, parse or evaluate.
pub fn evaluate_condition(text: &str, contexts: &dyn Contexts) -> Result<Truth, ExprError> {
    let success = || match contexts.function("success", &[]) {
        Some(value) => value.truth(),
        None => Truth::True,
    };
    let slots = slots(text)?;
    let source = match slots.as_slice() {
        [] => text,
        [only] if only.outer == (0..text.len()) => text.get(only.inner.clone()).unwrap_or_default(),
        _ => {
            let asks = slots.iter().try_fold(false, |asks, slot| {
                let inner = text.get(slot.inner.clone()).unwrap_or_default();
                Ok::<_, ExprError>(asks || asks_status(parse(inner, contexts)?.as_ref()))
            })?;
            let holds = evaluate_template(text, contexts)?.value.truth();
            return Ok(if asks { holds } else { success().and(holds) });
        }
    };
    let Some(node) = parse(source, contexts)? else {
        return Ok(success());
    };
    let evaluator = Evaluator { source, contexts };
    let holds = evaluator.truth(&node)?;
    Ok(if asks_status(Some(&node)) {
        holds
    } else {
        success().and(holds)
    })
}

fn parse(source: &str, contexts: &dyn Contexts) -> Result<Option<Node>, ExprError> {
    parse::parse(source, &|name| contexts.context(name).is_some())
}

fn asks_status(node: Option<&Node>) -> bool {
    let Some(node) = node else { return false };
    match &node.expr {
        Expr::Call(function, arguments) => {
            Function::is_status(*function) || arguments.iter().any(|node| asks_status(Some(node)))
        }
        Expr::And(all) | Expr::Or(all) => all.iter().any(|node| asks_status(Some(node))),
        Expr::Not(inner) | Expr::Star(inner) => asks_status(Some(inner)),
        Expr::Index(left, right) | Expr::Compare(_, left, right) => {
            asks_status(Some(left)) || asks_status(Some(right))
        }
        _ => false,
    }
}
