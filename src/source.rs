//! One file as read, and places in it.
//!
//! Everything that points into a file is a [`Span`]: a byte range. Lines and columns are made
//! from it only when somebody asks, in the unit that the asker wants.

use std::sync::{Arc, OnceLock};

/// A byte range of one file's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an end before the start gives the empty span at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// The empty span at `offset`.
    #[must_use]
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// Which file of a run a span belongs to: an index into the run's list of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A span of a known file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

/// A line and a column, both starting at 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// How a text that was let go of is had again.
pub trait Recall: std::fmt::Debug + Send + Sync {
    /// The very same text; nothing where that is not to be had any more.
    fn text(&self) -> Option<String>;
}

/// Whether a character acts on a terminal, or on the order of the text around it, in place of being
/// shown: controls of either set, overrides of direction, separators of lines. Ends of lines and tabs
/// do so as they should. What is no character at all, and may stand in no XML, counts too.
#[must_use]
pub fn is_active(c: char) -> bool {
    match c {
        '\n' | '\t' | '\r' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        c => c.is_control(),
    }
}

/// One file: its path as shown to people, and its text.
/// Copies share the text.
#[derive(Debug, Clone)]
pub struct Source {
    path: Arc<str>,
    text: OnceLock<Arc<str>>,
    recall: Option<Arc<dyn Recall>>,
    lines: OnceLock<Arc<Lines>>,
}

/// What places in a text are counted by, once somebody asks for one.
#[derive(Debug)]
struct Lines {
    /// Where each line starts.
    starts: Vec<usize>,
    /// How many characters start before each block; counted where a line is long.
    blocks: OnceLock<Vec<usize>>,
}

/// Characters of long lines are counted once in blocks of this many bytes: thousands of places in one
/// long line must not each count it from its start.
const BLOCK: usize = 4096;

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

impl Source {
    /// A file with this path and text.
    #[must_use]
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: OnceLock::from(text.into()),
            recall: None,
            lines: OnceLock::new(),
        }
    }

    /// A file whose text is not held, but had again as soon as somebody asks for it: of most files
    /// of a run nobody does.
    #[must_use]
    pub fn let_go(path: impl Into<Arc<str>>, recall: impl Recall + 'static) -> Self {
        Self {
            path: path.into(),
            text: OnceLock::new(),
            recall: Some(Arc::new(recall)),
            lines: OnceLock::new(),
        }
    }

    /// Whether its text was let go of.
    #[must_use]
    pub fn is_let_go(&self) -> bool {
        self.recall.is_some()
    }

    /// The path, with `/` between its parts, relative to where the run started where possible.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.shared()
    }

    fn shared(&self) -> &Arc<str> {
        self.text.get_or_init(|| {
            let recalled = self.recall.as_ref().and_then(|recall| recall.text());
            recalled.unwrap_or_default().into()
        })
    }

    /// The whole text, to be kept beyond this source.
    #[must_use]
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(self.shared())
    }

    /// The text under a span; empty where the span does not fit the file.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text().get(span.start..span.end).unwrap_or_default()
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text().as_bytes());
            Arc::new(Lines {
                starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect(),
                blocks: OnceLock::new(),
            })
        })
    }

    /// Where a byte offset is, as line and column.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text().len());
        let starts = &self.lines().starts;
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let bytes = self.text().as_bytes();
        let before = bytes.get(start..offset).unwrap_or_default();
        let bom = usize::from(start == 0 && before.starts_with("\u{feff}".as_bytes()));
        let count = match before.len() > BLOCK {
            true => self.characters_before(offset) - self.characters_before(start),
            false => characters(before),
        };
        Position {
            line,
            column: count - bom + 1,
        }
    }

    /// How many characters start before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text().as_bytes();
        let blocks = self.lines().blocks.get_or_init(|| {
            let mut sum = 0;
            let counted = bytes.chunks(BLOCK).map(|block| {
                let before = sum;
                sum += characters(block);
                before
            });
            let mut blocks: Vec<usize> = counted.collect();
            blocks.push(sum);
            blocks
        });
        let block = offset / BLOCK;
        let rest = bytes.get(block * BLOCK..offset).unwrap_or_default();
        blocks.get(block).copied().unwrap_or(0) + characters(rest)
    }

    /// The byte offset at which a line (from 1) starts, if there is such a line.
    #[must_use]
    pub fn line_start(&self, line: usize) -> Option<usize> {
        self.lines().starts.get(line.checked_sub(1)?).copied()
    }

    /// The text of the line (from 1) without its line break.
    #[must_use]
    pub fn line(&self, line: usize) -> Option<&str> {
        let start = self.line_start(line)?;
        let end = self.line_start(line + 1).map(|next| next - 1);
        let text = self.text().get(start..end.unwrap_or(self.text().len()))?;
        Some(text.trim_end_matches('\r'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("a.yaml", "名: 値\r\nimage: x\n");
        let at = source.text().find('値').unwrap();
        assert_eq!(source.position(at), Position { line: 1, column: 4 });
        let at = source.text().find('x').unwrap();
        assert_eq!(source.position(at), Position { line: 2, column: 8 });
        assert_eq!(source.line(1), Some("名: 値"));
        assert_eq!(source.position(usize::MAX).line, 3);
    }

    #[test]
    fn columns_of_long_lines_are_those_of_short_ones() {
        let text = format!("\u{feff}{}\n{}", "aé名".repeat(5_000), "é名".repeat(9_000));
        let source = Source::new("a.yaml", text.as_str());
        let mut place = Position { line: 1, column: 0 };
        for (at, c) in text.char_indices() {
            if c != '\u{feff}' {
                place.column += 1;
                assert_eq!(source.position(at), place);
            }
            if c == '\n' {
                place = Position { line: 2, column: 0 };
            }
        }
        assert_eq!(source.line(2).map(str::len), Some(45_000));
        assert_eq!(source.line(3), None);
    }
}
