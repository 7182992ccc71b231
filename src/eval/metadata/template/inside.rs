//! What stands between the braces of a template: names, literals and signs.

use super::super::javascript::is_space;
use super::lexer::{Lexer, Mode};
use super::token::Token;

impl Lexer {
    pub(super) fn mustache(&mut self) {
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
    pub(super) fn id_length(&self, at: usize) -> usize {
        let rest = self.chars.get(at..).unwrap_or_default();
        let mut length = rest.iter().take_while(|c| in_id(**c)).count();
        // `=`, `~` and the like end a name and are never part of one, so no shorter name can do.
        if !rest.get(length).is_some_and(|c| ends_id(*c)) {
            length = 0;
        }
        length
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
