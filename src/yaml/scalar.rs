//! Scalars: their text, their type by the YAML 1.2 core schema, and where each of their bytes
//! stands in the source.

use crate::source::Span;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A scalar of a document.
#[derive(Debug, Clone, Copy)]
pub struct Scalar<'d> {
    /// Its text after escapes and folding.
    pub text: &'d str,
    /// How it is written.
    pub style: ScalarStyle,
    /// Its bytes, quotes included.
    pub span: Span,
    pub(super) source: &'d str,
    pub(super) tagged_str: bool,
}

/// A scalar's value by the YAML 1.2 core schema.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Typed<'d> {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a floating-point number.
    Number(f64),
    /// Anything else, and everything in quotes.
    Text(&'d str),
}

impl<'d> Scalar<'d> {
    /// Its value by the core schema; quoted and block scalars are always text.
    #[must_use]
    pub fn typed(&self) -> Typed<'d> {
        if self.style != ScalarStyle::Plain || self.tagged_str {
            return Typed::Text(self.text);
        }
        match self.text {
            "" | "~" | "null" | "Null" | "NULL" => Typed::Null,
            "true" | "True" | "TRUE" => Typed::Bool(true),
            "false" | "False" | "FALSE" => Typed::Bool(false),
            text => number(text).map_or(Typed::Text(text), Typed::Number),
        }
    }

    /// The bytes of the text itself: without quotes.
    #[must_use]
    pub fn content_span(&self) -> Span {
        let quoted = matches!(
            self.style,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
        );
        if quoted && self.span.len() >= 2 {
            Span::new(self.span.start + 1, self.span.end - 1)
        } else {
            self.span
        }
    }

    /// Where each byte of the text stands in the source.
    #[must_use]
    pub fn source_map(&self) -> SourceMap {
        SourceMap::new(self)
    }
}

fn number(text: &str) -> Option<f64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        b'0'..=b'9' | b'.' => (false, text),
        _ => return None,
    };
    let value = match digits {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        ".nan" | ".NaN" | ".NAN" if digits.len() == text.len() => f64::NAN,
        _ if digits.len() == text.len() && digits.starts_with("0x") => {
            u64::from_str_radix(digits.get(2..)?, 16).ok()? as f64
        }
        _ if digits.len() == text.len() && digits.starts_with("0o") => {
            u64::from_str_radix(digits.get(2..)?, 8).ok()? as f64
        }
        _ => decimal(digits)?,
    };
    Some(if negative { -value } else { value })
}

fn decimal(digits: &str) -> Option<f64> {
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    let starts = digits
        .trim_start_matches('.')
        .starts_with(|c: char| c.is_ascii_digit());
    (starts && digits.chars().all(allowed)).then(|| digits.parse().ok())?
}

/// Maps offsets in a scalar's text to offsets in the source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// Pairs (offset in the text, offset in the source), ascending; between two pairs both move
    /// byte by byte.
    steps: Vec<(usize, usize)>,
    end: usize,
    /// How many blanks begin each line of a block scalar without being text.
    indent: Option<usize>,
}

impl SourceMap {
    fn new(scalar: &Scalar<'_>) -> Self {
        let mut content = scalar.content_span();
        let block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
        if block {
            content.start = first_line(scalar.source, content.start);
        }
        let raw = scalar
            .source
            .get(content.start..content.end)
            .unwrap_or_default();
        let indent = if block {
            block_indent(scalar.text, raw)
        } else {
            usize::MAX
        };
        let first = if block { indent } else { 0 };
        let aligner = Aligner {
            raw: raw.as_bytes(),
            indent,
            escapes: scalar.style == ScalarStyle::DoubleQuoted,
        };
        Self {
            steps: aligner.align(scalar.text, first, content.start),
            end: content.end,
            indent: block.then_some(indent),
        }
    }

    /// How many blanks begin each line of a block scalar without being text; nothing for the other
    /// styles.
    #[must_use]
    pub fn indent(&self) -> Option<usize> {
        self.indent
    }

    /// The range of the text that a span of the source stands for; `None` where the span begins or
    /// ends in what is no text: an indentation, an escape, the header of a block scalar.
    #[must_use]
    pub fn range(&self, span: Span) -> Option<std::ops::Range<usize>> {
        let start = self.text_offset(span.start)?;
        let end = match span.len() {
            0 => start,
            _ => self.text_offset(span.end - 1)? + 1,
        };
        Some(start..end.max(start))
    }

    fn text_offset(&self, source: usize) -> Option<usize> {
        if self.steps.is_empty() {
            return (source == self.end).then_some(0);
        }
        let after = self.steps.partition_point(|(_, at)| *at <= source);
        let (text, at) = *self.steps.get(after.checked_sub(1)?)?;
        let offset = text + (source - at);
        let next = self.steps.get(after);
        next.is_none_or(|(text, _)| offset <= *text)
            .then_some(offset)
    }

    /// The source offset of a text offset.
    #[must_use]
    pub fn offset(&self, offset: usize) -> usize {
        let at = self.steps.partition_point(|(text, _)| *text <= offset);
        let (text, source) = self
            .steps
            .get(at.saturating_sub(1))
            .copied()
            .unwrap_or((0, self.end));
        (source + offset.saturating_sub(text)).min(self.end)
    }

    /// The source span of a range of the text.
    #[must_use]
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.offset(range.start);
        if range.end <= range.start {
            return Span::at(start);
        }
        // The end is taken from the last byte inside, so that it never runs over an indentation; the
        // line break that ends a block scalar need not be written where the file ends.
        let end = (self.offset(range.end - 1) + 1).min(self.end);
        Span::new(start, end.max(start))
    }
}

/// Where the first line of a block scalar begins: what the parser tells is the first character that is
/// no blank, behind blank lines that are text, too.
fn first_line(source: &str, content: usize) -> usize {
    let before = source.as_bytes().get(..content).unwrap_or_default();
    let line_before = |at: usize| {
        let above = before.get(..at.checked_sub(1)?)?;
        Some(memchr::memrchr(b'\n', above).map_or(0, |at| at + 1))
    };
    let mut start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    while let Some(above) = line_before(start)
        && let Some(line) = before.get(above..start)
        && line.trim_ascii().is_empty()
    {
        start = above;
    }
    start
}

/// How many blanks begin each line of a block scalar without being text.
fn block_indent(text: &str, raw: &str) -> usize {
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let full = |line: &&str| !line.trim().is_empty();
    let raw = raw.lines().find(full).map_or(0, blanks);
    let text = text.lines().find(full).map_or(0, blanks);
    raw.saturating_sub(text)
}

/// Walks text and source side by side.
struct Aligner<'s> {
    raw: &'s [u8],
    /// How many blanks at most begin a line without being text.
    indent: usize,
    escapes: bool,
}

impl Aligner<'_> {
    fn align(&self, text: &str, first: usize, base: usize) -> Vec<(usize, usize)> {
        let mut steps = Vec::new();
        let mut delta = None;
        let mut r = self.indented(0, first);
        for (t, c) in text.char_indices() {
            let mut buffer = [0; 4];
            let bytes: &[u8] = c.encode_utf8(&mut buffer).as_bytes();
            if !self.stands_for(r, bytes) {
                r = self.next(r, bytes);
            }
            let here = base + r;
            if delta != Some(here.wrapping_sub(t)) {
                delta = Some(here.wrapping_sub(t));
                steps.push((t, here));
            }
            if self.breaks(r) {
                r = self.indented(r + 1, self.indent);
            } else if self.is(r, bytes) {
                r += bytes.len();
            } else {
                // An escape, all of which stands for one character; or there is nothing left.
                steps.extend((t + 1..t + bytes.len()).map(|t| (t, here)));
                delta = None;
                r += 1;
            }
        }
        steps
    }

    /// Past the blanks that begin a line.
    fn indented(&self, r: usize, most: usize) -> usize {
        let rest = self.raw.get(r..).unwrap_or_default();
        let blanks = |b: &&u8| matches!(b, b' ' | b'\t');
        r + rest.iter().take(most).take_while(blanks).count()
    }

    fn is(&self, r: usize, bytes: &[u8]) -> bool {
        self.raw
            .get(r..)
            .is_some_and(|rest| rest.starts_with(bytes))
    }

    /// Whether a line ends here; a carriage return before a line feed is no end of its own.
    fn breaks(&self, r: usize) -> bool {
        match self.raw.get(r) {
            Some(b'\n') => true,
            Some(b'\r') => self.raw.get(r + 1) != Some(&b'\n'),
            _ => false,
        }
    }

    fn stands_for(&self, r: usize, bytes: &[u8]) -> bool {
        match self.breaks(r) {
            // A folded line break is a space.
            true => matches!(bytes, b" " | b"\n"),
            false => r >= self.raw.len() || self.is(r, bytes),
        }
    }

    /// The next place from `r` on that can stand for a character: escapes, carriage returns, blanks
    /// before a line break and folded-away breaks lie between. The end where there is none.
    fn next(&self, r: usize, bytes: &[u8]) -> usize {
        let mut at = r;
        while let Some(raw) = self.raw.get(at) {
            if self.stands_for(at, bytes) || (self.escapes && *raw == b'\\') {
                return at;
            }
            at = match self.breaks(at) {
                true => self.indented(at + 1, self.indent),
                false => at + 1,
            };
        }
        self.raw.len()
    }
}
