//! Evaluated text of a pipeline file, each part traced back to the bytes that gave it.

use std::ops::Range;
use std::rc::Rc;

use super::tree::Template;
use crate::source::{FileId, Place, Span};

/// Text with the way back to the file; unknown parts are marks.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// The text.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
struct Piece {
    output: Range<usize>,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    /// Byte for byte what a scalar has from this offset on.
    Literal(FileId, Rc<Template>, usize),
    /// What something written there stands for.
    Place(Place),
}

impl Text {
    /// A scalar as it is written.
    #[must_use]
    pub fn literal(file: FileId, template: &Template) -> Self {
        let mut text = Self::default();
        text.copy(file, &Rc::new(template.clone()), 0..template.text.len());
        text
    }

    /// Text that stands for something written at a place.
    #[must_use]
    pub fn at(text: impl Into<String>, place: Place) -> Self {
        let mut whole = Self::default();
        whole.replace(&text.into(), place);
        whole
    }

    /// Adds a part of a scalar as it is written.
    pub fn copy(&mut self, file: FileId, template: &Rc<Template>, range: Range<usize>) {
        let Some(part) = template.text.get(range.clone()) else {
            return;
        };
        if part.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(part);
        self.pieces.push(Piece {
            output: start..self.text.len(),
            origin: Origin::Literal(file, Rc::clone(template), range.start),
        });
    }

    /// Adds text that stands for something written at a place.
    pub fn replace(&mut self, text: &str, place: Place) {
        let start = self.text.len();
        self.text.push_str(text);
        self.pieces.push(Piece {
            output: start..self.text.len(),
            origin: Origin::Place(place),
        });
    }

    /// Adds another text.
    pub fn append(&mut self, other: &Self) {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        self.pieces.extend(other.pieces.iter().map(|piece| Piece {
            output: piece.output.start + shift..piece.output.end + shift,
            origin: piece.origin.clone(),
        }));
    }

    /// Adds text that is written nowhere, such as a line break between two commands.
    pub fn glue(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A part of it.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let Some(text) = self.text.get(range.clone()) else {
            return Self::default();
        };
        let touched = self.pieces.iter().filter_map(|piece| {
            let start = piece.output.start.max(range.start);
            let end = piece.output.end.min(range.end);
            let origin = match &piece.origin {
                Origin::Literal(file, template, at) => {
                    let at = at + start.saturating_sub(piece.output.start);
                    Origin::Literal(*file, Rc::clone(template), at)
                }
                other => other.clone(),
            };
            (start < end).then(|| Piece {
                output: start - range.start..end - range.start,
                origin,
            })
        });
        Self {
            text: text.to_owned(),
            pieces: touched.collect(),
        }
    }

    /// The parts between separators, trimmed; empty ones are dropped.
    #[must_use]
    pub fn split(&self, separator: impl Fn(char) -> bool) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        let ends = self.text.char_indices().filter(|(_, c)| separator(*c));
        let ends: Vec<(usize, usize)> = ends.map(|(at, c)| (at, c.len_utf8())).collect();
        for (end, width) in ends.into_iter().chain([(self.text.len(), 0)]) {
            let part = self.part(start..end).trimmed();
            if !part.text.is_empty() {
                parts.push(part);
            }
            start = end + width;
        }
        parts
    }

    /// Without white space around it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let end = start + self.text.trim().len();
        self.part(start..end)
    }

    /// Where a range of it stands in the file.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Option<Place> {
        let touches = |piece: &&Piece| {
            piece.output.start < range.end.max(range.start + 1)
                && (range.start < piece.output.end || piece.output.is_empty())
        };
        let places = self.pieces.iter().filter(touches).map(|piece| {
            let (file, span) = match &piece.origin {
                Origin::Place(place) => (place.file, place.span),
                Origin::Literal(file, template, at) => {
                    let start = range.start.max(piece.output.start);
                    let end = range.end.clamp(start, piece.output.end);
                    let shift = |here: usize| here - piece.output.start + at;
                    (*file, template.span_of(shift(start)..shift(end)))
                }
            };
            Place { file, span }
        });
        places.reduce(|first, next| {
            if first.file == next.file {
                Place {
                    file: first.file,
                    span: Span::join(first.span, next.span),
                }
            } else {
                first
            }
        })
    }

    /// Where it starts.
    #[must_use]
    pub fn start(&self) -> Option<Place> {
        self.place(0..self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_places() {
        let place = |start| Place {
            file: FileId(0),
            span: Span::new(start, start + 2),
        };
        let mut text = Text::at("a, ", place(0));
        text.append(&Text::at("b ,", place(10)));
        text.append(&Text::at("c", place(20)));
        let parts = text.split(|c| c == ',');
        let row = |part: &Text| (part.text.clone(), part.start().unwrap().span.start);
        let rows: Vec<_> = parts.iter().map(row).collect();
        assert_eq!(
            rows,
            [
                ("a".to_owned(), 0),
                ("b".to_owned(), 10),
                ("c".to_owned(), 20)
            ]
        );
    }
}
