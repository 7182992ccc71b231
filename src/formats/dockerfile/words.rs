//! The flags and words of an instruction, each with the bytes that spell it.

use std::ops::Range;

use super::lines::Instruction;
use crate::source::Span;

/// A word after its quotes are taken away.
#[derive(Debug, Default, Clone)]
pub(super) struct Word {
    /// Its text.
    pub(super) text: String,
    /// Where each byte of it stands in the instruction.
    at: Vec<usize>,
}

impl Word {
    /// A part of the word.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        Self {
            text: self.text.get(range.clone()).unwrap_or_default().to_owned(),
            at: self.at.get(range).unwrap_or_default().to_vec(),
        }
    }

    /// What follows a prefix, compared without case.
    pub(super) fn after(&self, prefix: &str) -> Option<Self> {
        let start = self.text.get(..prefix.len())?;
        start
            .eq_ignore_ascii_case(prefix)
            .then(|| self.part(prefix.len()..self.text.len()))
    }

    /// The parts between commas, where no quotes hold them together.
    pub(super) fn fields(&self) -> Vec<Self> {
        let mut fields = Vec::new();
        let mut start = 0;
        let mut quoted = false;
        for (at, c) in self.text.char_indices() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => {
                    fields.push(self.part(start..at).unquoted());
                    start = at + 1;
                }
                _ => {}
            }
        }
        fields.push(self.part(start..self.text.len()).unquoted());
        fields
    }

    fn unquoted(self) -> Self {
        match self.text.len() {
            len @ 2.. if self.text.starts_with('"') && self.text.ends_with('"') => {
                self.part(1..len - 1)
            }
            _ => self,
        }
    }

    /// Its bytes in the file.
    pub(super) fn span(&self, instruction: &Instruction) -> Span {
        let end = self.at.last().map_or(0, |at| at + 1);
        instruction.span(self.at.first().copied().unwrap_or(0)..end)
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.at.extend(at..at + c.len_utf8());
    }
}

/// An instruction's flags, and what follows them.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// `--name=value` each.
    pub(super) flags: Vec<Word>,
    /// The words after the flags, as written.
    pub(super) words: Vec<Word>,
}

/// Reads what follows the keyword that ends at `from`.
pub(super) fn arguments(text: &str, from: usize, escape: char) -> Arguments {
    let mut arguments = Arguments::default();
    let mut at = from;
    loop {
        at = blanks(text, at);
        if !text.get(at..).is_some_and(|rest| rest.starts_with("--")) {
            break;
        }
        let (flag, end) = flag(text, at, escape);
        at = end;
        if flag.text == "--" {
            break;
        }
        arguments.flags.push(flag);
    }
    loop {
        at = blanks(text, at);
        let rest = text.get(at..).unwrap_or_default();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        if end == 0 {
            return arguments;
        }
        arguments.words.push(Word {
            text: rest.get(..end).unwrap_or_default().to_owned(),
            at: (at..at + end).collect(),
        });
        at += end;
    }
}

fn blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start().len())
}

/// One flag: quotes hold blanks together and fall away, an escape takes the next character as it is.
fn flag(text: &str, from: usize, escape: char) -> (Word, usize) {
    let mut word = Word::default();
    let mut quote = None;
    let mut chars = text.get(from..).unwrap_or_default().char_indices();
    while let Some((at, c)) = chars.next() {
        match quote {
            None if c.is_whitespace() => return (word, from + at),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ if c == escape => {
                if let Some((at, c)) = chars.next() {
                    word.push(c, from + at);
                }
            }
            _ => word.push(c, from + at),
        }
    }
    (word, text.len())
}
