//! Handlebars text as tokens.
//!
//! Outside of `{{…}}` everything is content; inside, the first rule that fits wins, in the order
//! that the language gives. `\{{` is a brace pair that opens nothing.

use super::super::javascript::is_space;

/// A token of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Content(String),
    Comment(Strip),
    /// `{{`, `{{&`: the flag is whether the output is escaped.
    Open {
        strip: bool,
        escaped: bool,
    },
    /// `{{{`.
    OpenUnescaped {
        strip: bool,
    },
    /// `{{*`, `{{#*`, `{{>`, `{{#>`.
    OpenOther {
        strip: bool,
        kind: Other,
    },
    /// `{{#`.
    OpenBlock {
        strip: bool,
    },
    /// `{{/`.
    OpenEnd {
        strip: bool,
    },
    /// `{{^}}` and `{{else}}`.
    Inverse(Strip),
    /// `{{^`.
    OpenInverse {
        strip: bool,
    },
    /// `{{else` with something after it.
    OpenChain {
        strip: bool,
    },
    /// `{{{{`, `}}}}`, and `{{{{/name}}}}`.
    OpenRaw,
    CloseRaw,
    EndRaw(String),
    /// `}}`.
    Close {
        strip: bool,
    },
    /// `}}}`.
    CloseUnescaped {
        strip: bool,
    },
    OpenCall,
    CloseCall,
    Equals,
    /// A name; `literal` where it was written in brackets.
    Id {
        text: String,
        literal: bool,
    },
    Separator(char),
    Text(String),
    Number(f64),
    Bool(bool),
    Undefined,
    Null,
    Data,
    OpenParams,
    CloseParams,
    Invalid,
}

/// What opens with more than a plain brace pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Other {
    Decorator,
    DecoratorBlock,
    Partial,
    PartialBlock,
}

/// Which of its neighbours' blanks a mustache takes away (`~`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Strip {
    pub(super) open: bool,
    pub(super) close: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
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

struct Lexer {
    chars: Vec<char>,
    at: usize,
    mode: Mode,
    tokens: Vec<Token>,
}

impl Lexer {
    fn peek(&self, offset: usize) -> Option<char> {
        self.chars.get(self.at + offset).copied()
    }

    fn starts(&self, at: usize, wanted: &str) -> bool {
        let mut chars = self.chars.get(at..).unwrap_or_default().iter();
        wanted.chars().all(|c| chars.next() == Some(&c))
    }

    fn find(&self, from: usize, wanted: &str) -> Option<usize> {
        (from..self.chars.len()).find(|at| self.starts(*at, wanted))
    }

    fn between(&self, start: usize, end: usize) -> String {
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

    fn push(&mut self, token: Token, length: usize) {
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

    fn mustache(&mut self) {
        if self.starts(self.at, "{{") && !self.starts(self.at, "{{{{") {
            return self.open();
        }
        let Some(c) = self.peek(0) else { return };
        let tilde = usize::from(c == '~');
        if c == '(' {
            self.push(Token::OpenCall, 1);
        } else if c == ')' {
            self.push(Token::CloseCall, 1);
        } else if self.starts(self.at, "{{{{") {
            self.push(Token::OpenRaw, 4);
        } else if self.starts(self.at, "}}}}") {
            self.mode = Mode::Raw(0);
            self.push(Token::CloseRaw, 4);
        } else if c == '=' {
            self.push(Token::Equals, 1);
        } else if self.starts(self.at, "..") {
            self.id("..", 2);
        } else if c == '.' && self.peek(1).is_some_and(ends_id) {
            self.id(".", 1);
        } else if c == '/' || c == '.' {
            self.push(Token::Separator(c), 1);
        } else if is_space(c) {
            self.at += 1;
        } else if self.starts(self.at, "}}}") || self.starts(self.at, "}~}}") {
            let strip = self.peek(1) == Some('~');
            self.mode = Mode::Text;
            self.push(Token::CloseUnescaped { strip }, 3 + usize::from(strip));
        } else if self.starts(self.at + tilde, "}}") {
            self.mode = Mode::Text;
            self.push(Token::Close { strip: tilde > 0 }, 2 + tilde);
        } else if (c == '"' || c == '\'') && self.string(c) {
        } else if c == '@' {
            self.push(Token::Data, 1);
        } else if !self.word() {
            self.name(c);
        }
    }

    fn id(&mut self, text: &str, length: usize) {
        let text = text.to_owned();
        self.push(
            Token::Id {
                text,
                literal: false,
            },
            length,
        );
    }

    /// A quoted text; a backslash before its quote keeps the quote, unless no other closes it.
    fn string(&mut self, quote: char) -> bool {
        let mut escaped = None;
        let mut at = self.at + 1;
        let close = loop {
            match self.chars.get(at) {
                Some('\\') if self.chars.get(at + 1) == Some(&quote) => {
                    escaped = Some(at + 1);
                    at += 2;
                }
                Some(c) if *c == quote => break Some(at),
                Some(_) => at += 1,
                None => break escaped,
            }
        };
        let Some(close) = close else {
            return false;
        };
        let text = self.between(self.at + 1, close);
        let plain = text.replace(&format!("\\{quote}"), &quote.to_string());
        self.tokens.push(Token::Text(plain));
        self.at = close + 1;
        true
    }

    /// `true`, `false`, `undefined`, `null`, a number, `as |`, `|`.
    fn word(&mut self) -> bool {
        let words = [
            ("true", Token::Bool(true)),
            ("false", Token::Bool(false)),
            ("undefined", Token::Undefined),
            ("null", Token::Null),
        ];
        let ends = |at: usize| self.chars.get(at).is_some_and(|c| ends_literal(*c));
        for (word, token) in words {
            if self.starts(self.at, word) && ends(self.at + word.len()) {
                self.push(token, word.len());
                return true;
            }
        }
        if let Some(length) = self.number_length().filter(|length| ends(self.at + length)) {
            let number = self.between(self.at, self.at + length).parse();
            self.push(number.map_or(Token::Invalid, Token::Number), length);
            return true;
        }
        if self.starts(self.at, "as") {
            let blanks = (2..)
                .take_while(|o| self.peek(*o).is_some_and(is_space))
                .count();
            if blanks > 0 && self.peek(2 + blanks) == Some('|') {
                self.push(Token::OpenParams, 3 + blanks);
                return true;
            }
        }
        if self.peek(0) == Some('|') {
            self.push(Token::CloseParams, 1);
            return true;
        }
        false
    }

    fn number_length(&self) -> Option<usize> {
        let digit = |offset: usize| self.peek(offset).is_some_and(|c| c.is_ascii_digit());
        let sign = usize::from(self.peek(0) == Some('-'));
        let whole = (sign..).take_while(|offset| digit(*offset)).count();
        let end = sign + whole;
        let part = if self.peek(end) == Some('.') {
            (end + 1..).take_while(|offset| digit(*offset)).count()
        } else {
            0
        };
        (whole > 0).then_some(if part > 0 { end + 1 + part } else { end })
    }

    fn name(&mut self, c: char) {
        let length = self.id_length(self.at);
        if length > 0 {
            let text = self.between(self.at, self.at + length);
            return self.id(&text, length);
        }
        if c == '[' {
            let mut at = self.at + 1;
            let mut text = String::new();
            while let Some(c) = self.chars.get(at).copied() {
                let next = self.chars.get(at + 1).copied();
                match (c, next) {
                    ('\\', Some(escaped @ (']' | '\\'))) => {
                        // A bracket after a backslash does not close the name.
                        text.push(escaped);
                        at += 2;
                    }
                    (']', _) => {
                        self.tokens.push(Token::Id {
                            text,
                            literal: true,
                        });
                        self.at = at + 1;
                        return;
                    }
                    _ => {
                        text.push(c);
                        at += 1;
                    }
                }
            }
        }
        self.push(Token::Invalid, 1);
    }

    /// How long the name at this place is, if a name stands there and something ends it.
    fn id_length(&self, at: usize) -> usize {
        let rest = self.chars.get(at..).unwrap_or_default();
        let mut length = rest.iter().take_while(|c| in_id(**c)).count();
        // `=`, `~` and the like end a name and are never part of one, so no shorter name can do.
        if !rest.get(length).is_some_and(|c| ends_id(*c)) {
            length = 0;
        }
        length
    }

    /// What begins with two braces.
    fn open(&mut self) {
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

fn in_id(c: char) -> bool {
    !(is_space(c)
        || matches!(c, '!' | '"' | '#' | '%'..=',' | '.' | '/' | ';'..='>' | '@')
        || matches!(c, '['..='^' | '`' | '{'..='~'))
}

fn ends_id(c: char) -> bool {
    is_space(c) || matches!(c, '=' | '~' | '}' | '/' | '.' | ')' | '|')
}

fn ends_literal(c: char) -> bool {
    is_space(c) || matches!(c, '~' | '}' | ')')
}
