//! Handlebars text as tokens.
//!
//! Outside of `{{…}}` everything is content; inside, the first rule that fits wins, in the order
//! that the language gives. `\{{` is a brace pair that opens nothing.

use super::super::javascript::is_space;
use super::token::{Other, Strip, Token};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mode {
    Text,
    /// After `\{{`: up to the next brace pair all is content.
    Escaped,
    Mustache,
    /// Inside a raw block, with its depth.
    Raw(usize),
}

/// The tokens of a template.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
        at: 0,
        mode: Mode::Text,
        tokens: Vec::new(),
    };
    // What is invalid can only be refused: nothing after it matters.
    while lexer.at < lexer.chars.len() && lexer.tokens.last() != Some(&Token::Invalid) {
        match lexer.mode {
            Mode::Text => lexer.text(),
            Mode::Escaped => lexer.escaped(),
            Mode::Mustache => lexer.mustache(),
            Mode::Raw(depth) => lexer.raw(depth),
        }
    }
    lexer.tokens
}

pub(super) struct Lexer {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) mode: Mode,
    pub(super) tokens: Vec<Token>,
}

impl Lexer {
    pub(super) fn peek(&self, offset: usize) -> Option<char> {
        self.chars.get(self.at + offset).copied()
    }

    pub(super) fn starts(&self, at: usize, wanted: &str) -> bool {
        let mut chars = self.chars.get(at..).unwrap_or_default().iter();
        wanted.chars().all(|c| chars.next() == Some(&c))
    }

    fn find(&self, from: usize, wanted: &str) -> Option<usize> {
        (from..self.chars.len()).find(|at| self.starts(*at, wanted))
    }

    pub(super) fn between(&self, start: usize, end: usize) -> String {
        self.chars
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .collect()
    }

    fn content(&mut self, text: String) {
        if !text.is_empty() {
            self.tokens.push(Token::Content(text));
        }
    }

    pub(super) fn push(&mut self, token: Token, length: usize) {
        self.tokens.push(token);
        self.at += length;
    }

    fn text(&mut self) {
        let Some(open) = self.find(self.at, "{{") else {
            let rest = self.between(self.at, self.chars.len());
            self.content(rest);
            self.at = self.chars.len();
            return;
        };
        let mut text = self.between(self.at, open);
        self.at = open;
        if text.ends_with("\\\\") {
            text.pop();
            self.mode = Mode::Mustache;
        } else if text.ends_with('\\') {
            text.pop();
            self.mode = Mode::Escaped;
        } else {
            self.mode = Mode::Mustache;
        }
        self.content(text);
    }

    fn escaped(&mut self) {
        let ends = |at: usize| {
            self.starts(at, "{{") || self.starts(at, "\\{{") || self.starts(at, "\\\\{{")
        };
        let end = (self.at + 2..self.chars.len()).find(|at| ends(*at));
        let end = end.unwrap_or(self.chars.len());
        let text = self.between(self.at, end);
        self.content(text);
        self.at = end;
        self.mode = Mode::Text;
    }

    fn raw(&mut self, depth: usize) {
        if self.starts(self.at, "{{{{") {
            if self.peek(4) != Some('/') {
                self.mode = Mode::Raw(depth + 1);
                return self.raw_content(4);
            }
            let name = self.id_length(self.at + 5);
            let end = self.at + 5 + name;
            if name > 0 && self.starts(end, "}}}}") {
                let text = self.between(self.at + 5, end);
                if depth == 0 {
                    self.mode = Mode::Text;
                    return self.push(Token::EndRaw(text), name + 9);
                }
                self.mode = Mode::Raw(depth - 1);
                return self.raw_content(name + 9);
            }
        }
        let end = self.find(self.at + 1, "{{{{").unwrap_or(self.chars.len());
        self.raw_content(end - self.at);
    }

    fn raw_content(&mut self, length: usize) {
        let end = (self.at + length).min(self.chars.len());
        let text = self.between(self.at, end);
        self.content(text);
        self.at = end;
    }

    /// What begins with two braces.
    pub(super) fn open(&mut self) {
        let strip = self.peek(2) == Some('~');
        let after = 2 + usize::from(strip);
        let at = self.at + after;
        let next = self.peek(after);
        let second = self.peek(after + 1);
        match (next, second) {
            (Some('>'), _) => self.other(strip, Other::Partial, after + 1),
            (Some('#'), Some('>')) => self.other(strip, Other::PartialBlock, after + 2),
            (Some('#'), Some('*')) => self.other(strip, Other::DecoratorBlock, after + 2),
            (Some('#'), _) => self.push(Token::OpenBlock { strip }, after + 1),
            (Some('/'), _) => self.push(Token::OpenEnd { strip }, after + 1),
            (Some('{'), _) => self.push(Token::OpenUnescaped { strip }, after + 1),
            (Some('&'), _) => {
                let escaped = false;
                self.push(Token::Open { strip, escaped }, after + 1);
            }
            (Some('!'), _) => self.comment(strip, at),
            (Some('*'), _) => self.other(strip, Other::Decorator, after + 1),
            (Some('^'), _) => match self.closes(at + 1) {
                Some((close, end)) => self.inverse(strip, close, end),
                None => self.push(Token::OpenInverse { strip }, after + 1),
            },
            _ => {
                let blanks = self.blanks(at);
                let word_end = at + blanks + 4;
                let is_else = self.starts(at + blanks, "else");
                let closed = is_else.then(|| self.closes(word_end)).flatten();
                let in_word = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
                if let Some((close, end)) = closed {
                    self.inverse(strip, close, end);
                } else if is_else && !self.chars.get(word_end).is_some_and(in_word) {
                    self.push(Token::OpenChain { strip }, word_end - self.at);
                } else {
                    let escaped = true;
                    self.push(Token::Open { strip, escaped }, after);
                }
            }
        }
    }

    fn other(&mut self, strip: bool, kind: Other, length: usize) {
        self.push(Token::OpenOther { strip, kind }, length);
    }

    fn inverse(&mut self, open: bool, close: bool, end: usize) {
        self.tokens.push(Token::Inverse(Strip { open, close }));
        self.at = end;
        self.mode = Mode::Text;
    }

    fn blanks(&self, at: usize) -> usize {
        let rest = self.chars.get(at..).unwrap_or_default();
        rest.iter().take_while(|c| is_space(**c)).count()
    }

    /// Whether only blanks stand before a `}}` here: if it strips, and where it ends.
    fn closes(&self, at: usize) -> Option<(bool, usize)> {
        let at = at + self.blanks(at);
        let strip = self.chars.get(at) == Some(&'~');
        let at = at + usize::from(strip);
        self.starts(at, "}}").then_some((strip, at + 2))
    }

    fn comment(&mut self, open: bool, at: usize) {
        let end = if self.starts(at, "!--") {
            // The dashes that open a comment may be those that close it.
            (at + 1..self.chars.len()).find_map(|at| {
                let dashes = self.starts(at, "--");
                dashes.then(|| self.closes_at_once(at + 2)).flatten()
            })
        } else {
            self.find(at, "}}").map(|end| {
                let strip = self.chars.get(end.saturating_sub(1)) == Some(&'~');
                (strip, end + 2)
            })
        };
        match end {
            Some((close, end)) => {
                self.tokens.push(Token::Comment(Strip { open, close }));
                self.at = end;
                self.mode = Mode::Text;
            }
            None => self.push(Token::Invalid, 2),
        }
    }

    fn closes_at_once(&self, at: usize) -> Option<(bool, usize)> {
        let strip = self.chars.get(at) == Some(&'~');
        let at = at + usize::from(strip);
        self.starts(at, "}}").then_some((strip, at + 2))
    }
}
