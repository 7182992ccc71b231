//! From the parts of a word to words: splitting at `IFS`, patterns, and plain text.

use super::glob;
use crate::eval::unknown::Mark;

/// A part of a word after expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Text {
        text: String,
        quoted: bool,
        /// Whether it came out of an expansion, and so is split where it is not quoted.
        expanded: bool,
        certain: bool,
    },
    /// Where one element of `"${A[@]}"` ends and the next begins.
    Break,
}

/// One word after expansion and splitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) text: String,
    pub(super) certain: bool,
    /// Whether it may be any number of words: unknown text outside of quotes.
    pub(super) open: bool,
    /// The character positions of `*` and `?` outside of quotes.
    pub(super) wild: Vec<usize>,
}

/// All of it as one text.
pub(super) fn text(segments: &[Segment]) -> String {
    let mut out = String::new();
    for segment in segments {
        match segment {
            Segment::Text { text, .. } => out.push_str(text),
            Segment::Break => out.push(' '),
        }
    }
    out
}

/// All of it as one pattern: what is quoted stands for itself.
pub(super) fn pattern(segments: &[Segment]) -> String {
    let mut out = String::new();
    for segment in segments {
        match segment {
            Segment::Text {
                text, quoted: true, ..
            } => glob::escape(text, &mut out),
            Segment::Text { text, .. } => out.push_str(text),
            Segment::Break => out.push(' '),
        }
    }
    out
}

/// All of it as one regular expression: what is quoted stands for itself.
pub(super) fn regex(segments: &[Segment]) -> String {
    let mut out = String::new();
    for segment in segments {
        match segment {
            Segment::Text {
                text, quoted: true, ..
            } => {
                for c in text.chars() {
                    if c.is_ascii_punctuation() {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
            Segment::Text { text, .. } => out.push_str(text),
            Segment::Break => out.push(' '),
        }
    }
    out
}

#[derive(Default)]
struct Splitter {
    done: Vec<Field>,
    open: Option<Field>,
    /// Whether any part of the current field was quoted or known.
    solid: bool,
}

impl Splitter {
    fn field(&mut self) -> &mut Field {
        self.open.get_or_insert_with(|| Field {
            text: String::new(),
            certain: true,
            open: false,
            wild: Vec::new(),
        })
    }

    /// Adds text to the field, all of it.
    fn push(&mut self, text: String, quoted: bool, certain: bool) {
        if text.is_empty() {
            return;
        }
        self.solid |= quoted || text.chars().any(|c| Mark::from_char(c).is_none());
        let field = self.field();
        field.certain &= certain;
        if !quoted && text.contains(['*', '?']) {
            let before = field.text.chars().count();
            let wild = text.chars().enumerate();
            let wild = wild.filter(|(_, c)| matches!(c, '*' | '?'));
            field.wild.extend(wild.map(|(at, _)| before + at));
        }
        if field.text.is_empty() {
            field.text = text;
        } else {
            field.text.push_str(&text);
        }
    }

    fn end(&mut self) {
        let solid = std::mem::take(&mut self.solid);
        if let Some(mut field) = self.open.take() {
            field.open = !solid && !field.text.is_empty();
            self.done.push(field);
        }
    }
}

/// The words that it becomes.
pub(super) fn split(segments: Vec<Segment>, separators: &str) -> Vec<Field> {
    let mut splitter = Splitter::default();
    for segment in segments {
        let Segment::Text {
            text,
            quoted,
            expanded,
            certain,
        } = segment
        else {
            splitter.end();
            continue;
        };
        if quoted {
            splitter.solid = true;
            splitter.field().certain &= certain;
        }
        if quoted || !expanded || !text.contains(|c| separators.contains(c)) {
            splitter.push(text, quoted, certain);
            continue;
        }
        // A separator that is no blank ends a field even if that is empty; blanks around it go.
        let mut after_blank = false;
        for part in text.split_inclusive(|c| separators.contains(c)) {
            let end = part.chars().next_back().filter(|c| separators.contains(*c));
            let inner = part.get(..part.len() - end.map_or(0, char::len_utf8));
            let inner = inner.unwrap_or_default();
            if !inner.is_empty() {
                splitter.push(inner.to_owned(), quoted, certain);
                after_blank = false;
            }
            match end {
                None => {}
                Some(c) if c.is_whitespace() => {
                    after_blank = splitter.open.is_some();
                    splitter.end();
                }
                Some(_) => {
                    if !after_blank {
                        splitter.field().certain &= certain;
                    }
                    after_blank = false;
                    splitter.end();
                }
            }
        }
    }
    splitter.end();
    splitter.done
}
