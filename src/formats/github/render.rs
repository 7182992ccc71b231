//! Evaluating the parts of a workflow: text with `${{ }}`, and trees of it, each traced back to
//! the bytes that it came from.

use std::ops::Range;
use std::rc::Rc;

use super::context::Frame;
use super::tree::{Scalar, Template, Tree};
use crate::eval::expr::{self, ExprError, Piece};
use crate::eval::value::{Array, Object, Truth, Value};
use crate::source::{FileId, Place, Span};

/// Text as evaluated, with the way back to the file.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The text; unknown parts are marks.
    pub text: String,
    file: FileId,
    template: Template,
    pieces: Vec<Piece>,
}

impl Rendered {
    /// The parts of the template that gave a range of the text: the bytes themselves where it is
    /// literal, the whole `${{ }}` where an expression gave it.
    fn inputs(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let touched = move |piece: &&Piece| touches(&piece.output, &range).then(|| range.clone());
        self.pieces.iter().filter_map(move |piece| {
            let range = touched(&piece)?;
            if piece.expression {
                return Some(piece.input.clone());
            }
            let shift = |at: usize| at - piece.output.start + piece.input.start;
            let start = range.start.max(piece.output.start);
            Some(shift(start)..shift(range.end.clamp(start, piece.output.end)))
        })
    }

    /// Where a range of the text stands in the file.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Place {
        let spans = self.inputs(range).map(|input| self.template.span_of(input));
        Place {
            file: self.file,
            span: spans.reduce(Span::join).unwrap_or(self.template.span),
        }
    }

    /// What the file has for a range of the text: expressions as written.
    #[must_use]
    pub fn written(&self, range: Range<usize>) -> String {
        let template = &self.template.text;
        let inputs = self.inputs(range.clone());
        let written: String = inputs.filter_map(|input| template.get(input)).collect();
        if written.is_empty() {
            return self.text.get(range).unwrap_or_default().to_owned();
        }
        written
    }

    /// Where the whole scalar stands.
    #[must_use]
    pub fn whole(&self) -> Place {
        Place {
            file: self.file,
            span: self.template.span,
        }
    }
}

/// Whether a piece gave some of a range; an expression that gave nothing counts where it stands.
fn touches(piece: &Range<usize>, range: &Range<usize>) -> bool {
    if piece.is_empty() {
        range.start <= piece.start && piece.end <= range.end
    } else {
        piece.start < range.end.max(range.start + 1) && range.start < piece.end
    }
}

/// The place of a span, and the mark of an expression that fails there.
fn failed(frame: &Frame<'_>, file: FileId, span: Span, error: &ExprError) -> Value {
    let reason = format!("the expression fails: {}", error.message);
    let place = Place { file, span };
    Value::Unknown(frame.unknowns.note_at("an expression", reason, Some(place)))
}

/// The value of a scalar, with the type that it has.
#[must_use]
pub fn value(frame: &Frame<'_>, file: FileId, template: &Template) -> Value {
    match template.typed {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Number(value) => Value::Number(value),
        Scalar::Text => {
            let span = template.span;
            frame.unknowns.set_place(Some(Place { file, span }));
            match expr::evaluate_template(&template.text, frame) {
                Ok(rendered) => rendered.value,
                Err(error) => failed(frame, file, span, &error),
            }
        }
    }
}

/// The text of a scalar, as an input or a script gets it.
#[must_use]
pub fn text(frame: &Frame<'_>, file: FileId, template: &Template) -> Rendered {
    let span = template.span;
    frame.unknowns.set_place(Some(Place { file, span }));
    let (text, pieces) = match template.typed {
        Scalar::Text => match expr::evaluate_template(&template.text, frame) {
            Ok(rendered) => (rendered.value.to_text().to_string(), rendered.pieces),
            Err(error) => {
                let text = failed(frame, file, span, &error).to_text().to_string();
                (text, Vec::new())
            }
        },
        _ => {
            let text = value(frame, file, template).to_text().to_string();
            (text, Vec::new())
        }
    };
    Rendered {
        text,
        file,
        template: template.clone(),
        pieces,
    }
}

/// The value of a tree.
#[must_use]
pub fn tree(frame: &Frame<'_>, file: FileId, node: &Tree) -> Value {
    match node {
        Tree::Scalar(template) => value(frame, file, template),
        Tree::Sequence(items, _) => Value::Array(Rc::new(Array {
            items: items.iter().map(|item| tree(frame, file, item)).collect(),
            ..Array::default()
        })),
        Tree::Mapping(pairs, _) => {
            let mut object = Object::default();
            for (key, item) in pairs {
                object.insert(key.text.as_str(), tree(frame, file, item));
            }
            Value::Object(Rc::new(object))
        }
    }
}

/// Adds the variables of an `env` block to those known so far.
pub fn env_block(frame: &mut Frame<'_>, file: FileId, block: Option<&Tree>) {
    let Some(block) = block else { return };
    // A block cannot refer to itself: all of it is evaluated before any of it counts.
    let mut added = Vec::new();
    match block {
        Tree::Scalar(template) => match value(frame, file, template) {
            Value::Object(object) => {
                added.extend(object.iter().map(|(k, v)| (k.to_string(), v.clone())));
            }
            Value::Unknown(mark) => frame.env.open = Some(mark),
            _ => {}
        },
        _ => {
            for (key, item) in block.pairs() {
                let value = tree(frame, file, item).to_text();
                added.push((key.text.clone(), Value::String(value)));
            }
        }
    }
    for (name, value) in added {
        frame.env.insert(name, value);
    }
}

/// Whether an `if:` holds; a fault in it makes it unknown.
#[must_use]
pub fn condition(frame: &Frame<'_>, file: FileId, template: Option<&Template>) -> Truth {
    let Some(template) = template else {
        return frame.success;
    };
    let span = template.span;
    frame.unknowns.set_place(Some(Place { file, span }));
    match template.typed {
        Scalar::Null => frame.success,
        Scalar::Bool(value) => frame.success.and(Truth::from(value)),
        Scalar::Number(value) => frame.success.and(Truth::from(value != 0.0)),
        Scalar::Text => match expr::evaluate_condition(&template.text, frame) {
            Ok(truth) => truth,
            Err(error) => match failed(frame, file, span, &error) {
                Value::Unknown(mark) => Truth::Unknown(mark),
                _ => Truth::False,
            },
        },
    }
}
