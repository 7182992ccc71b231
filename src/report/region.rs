//! Places as other programs count them.

use crate::project::Project;
use crate::source::{Place, Position};

/// A place as lines and columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region<'a> {
    /// The path as shown.
    pub(super) path: &'a str,
    /// The first character; line and column from 1, the column in characters.
    pub(super) start: Position,
    /// The character after the last.
    pub(super) end: Position,
    /// The column of the first character in bytes, from 1.
    pub(super) start_byte: usize,
    /// The column after the last character in bytes, from 1.
    pub(super) end_byte: usize,
}

impl<'a> Region<'a> {
    /// Where a place is; the file's first character where the file is not at hand.
    pub(super) fn of(project: &'a Project, place: Place) -> Self {
        let first = Position { line: 1, column: 1 };
        let Some(source) = project.source(place) else {
            return Self {
                path: "",
                start: first,
                end: first,
                start_byte: 1,
                end_byte: 1,
            };
        };
        let (start, end) = (
            source.position(place.span.start),
            source.position(place.span.end),
        );
        let byte = |offset: usize, line: usize| {
            let offset = offset.min(source.text().len());
            offset.saturating_sub(source.line_start(line).unwrap_or(0)) + 1
        };
        Self {
            path: source.path(),
            start,
            end,
            start_byte: byte(place.span.start, start.line),
            end_byte: byte(place.span.end, end.line),
        }
    }
}
