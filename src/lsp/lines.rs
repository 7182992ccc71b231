//! Places as the protocol counts them: lines end at `\n`, `\r\n` or `\r`, and columns count units of
//! the encoding that client and server have agreed on.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::Span;

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16: what every client understands.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The one to use, of those that a client offers.
    pub fn choose(offered: &[PositionEncodingKind]) -> Self {
        let has = |kind: &PositionEncodingKind| offered.contains(kind);
        match () {
            () if has(&PositionEncodingKind::UTF8) => Self::Utf8,
            () if has(&PositionEncodingKind::UTF32) && !has(&PositionEncodingKind::UTF16) => {
                Self::Utf32
            }
            () => Self::Utf16,
        }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text with the places where its lines start.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    /// Reads a text.
    pub fn new(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|at| {
            // The first half of `\r\n` ends no line by itself.
            bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n')
        });
        Self {
            text,
            starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect(),
            encoding,
        }
    }

    /// The line of an offset, from 0.
    pub fn line_of(&self, offset: usize) -> usize {
        let after = self.starts.partition_point(|start| *start <= offset);
        after.saturating_sub(1)
    }

    /// The bytes of a line, from 0, without what ends it.
    pub fn line(&self, line: usize) -> Span {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let next = self.starts.get(line + 1).copied();
        let whole = self.text.get(start..next.unwrap_or(self.text.len()));
        let whole = whole.unwrap_or_default();
        Span::new(start, start + whole.trim_end_matches(['\r', '\n']).len())
    }

    /// Where a byte offset is; one inside of a character counts as before it.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        let units: usize = before.chars().map(|c| self.encoding.units(c)).sum();
        let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Position {
            line: narrow(line),
            character: narrow(units),
        }
    }

    /// The byte offset of a place; past the end of its line is that end, and past the last line the
    /// end of the text.
    pub fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        if line >= self.starts.len() {
            return self.text.len();
        }
        let span = self.line(line);
        let mut left = position.character as usize;
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        for (at, c) in text.char_indices() {
            let units = self.encoding.units(c);
            if left < units {
                return span.start + at;
            }
            left -= units;
        }
        span.end
    }

    /// The range of some bytes.
    pub fn range(&self, span: Span) -> Range {
        Range {
            start: self.position(span.start),
            end: self.position(span.end),
        }
    }

    /// The bytes of a range; none where it ends before it starts.
    pub fn span(&self, range: Range) -> Span {
        Span::new(self.offset(range.start), self.offset(range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_count_what_was_agreed() {
        let text = "a: 値😀x\r\nb\rc\n";
        let x = text.find('x').unwrap();
        for (encoding, column) in [
            (Encoding::Utf8, 10),
            (Encoding::Utf16, 6),
            (Encoding::Utf32, 5),
        ] {
            let lines = Lines::new(text, encoding);
            assert_eq!(lines.position(x), at(0, column));
            assert_eq!(lines.offset(at(0, column)), x);
            assert_eq!(lines.position(text.find('c').unwrap()), at(2, 0));
            assert_eq!(lines.position(usize::MAX), at(3, 0));
            assert_eq!(lines.offset(at(0, 99)), x + 1);
            assert_eq!(lines.offset(at(99, 0)), text.len());
        }
        // In the middle of a surrogate pair.
        let lines = Lines::new(text, Encoding::Utf16);
        assert_eq!(lines.offset(at(0, 5)), text.find('😀').unwrap());
    }
}
