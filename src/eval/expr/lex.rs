//! Splits an expression into tokens, one at a time, as the runner does.

use super::{ExprError, Phase};
use crate::eval::value::parse_number;

/// A token and where it starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// One of `( ) [ ] , . *`.
    Mark(char),
    Operator(Operator),
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    /// A name: of a context, a function or a property.
    Name(String),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Not,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

pub(super) struct Lexer<'s> {
    source: &'s str,
    at: usize,
    /// Whether the last token ends a value, so that a `.` after it is an access and no number.
    after_value: bool,
    /// Whether the last token was a `.`, so that a name is a property.
    after_dot: bool,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            source,
            at: 0,
            after_value: false,
            after_dot: false,
        }
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    pub(super) fn next(&mut self) -> Result<Token, ExprError> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token {
                kind: Kind::End,
                start,
                end: start,
            });
        };
        let (kind, length) = match first {
            '(' | ')' | '[' | ']' | ',' | '*' => (Kind::Mark(first), 1),
            '\'' => self.string(rest)?,
            '.' if self.after_value => (Kind::Mark('.'), 1),
            '!' | '<' | '>' | '=' | '&' | '|' => self.operator(rest)?,
            '.' | '-' | '+' | '0'..='9' => self.number(rest)?,
            _ => self.word(rest)?,
        };
        self.at += length;
        self.after_value = matches!(
            kind,
            Kind::Mark(')' | ']' | '*')
                | Kind::Name(_)
                | Kind::String(_)
                | Kind::Number(_)
                | Kind::Null
                | Kind::Bool(_)
        );
        self.after_dot = kind == Kind::Mark('.');
        Ok(Token {
            kind,
            start,
            end: self.at,
        })
    }

    fn unexpected(&self, symbol: &str) -> ExprError {
        ExprError {
            phase: Phase::Lexing,
            message: format!("unexpected symbol `{symbol}`"),
            offset: self.at,
        }
    }

    fn string(&self, rest: &str) -> Result<(Kind, usize), ExprError> {
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            match (c, chars.peek()) {
                ('\'', Some((_, '\''))) => {
                    chars.next();
                    text.push('\'');
                }
                ('\'', _) => return Ok((Kind::String(text), at + 1)),
                _ => text.push(c),
            }
        }
        Err(self.unexpected(rest))
    }

    fn operator(&self, rest: &str) -> Result<(Kind, usize), ExprError> {
        for (text, operator) in [
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessEqual),
            (">=", Operator::GreaterEqual),
            ("==", Operator::Equal),
            ("&&", Operator::And),
            ("||", Operator::Or),
            ("!", Operator::Not),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ] {
            if rest.starts_with(text) {
                return Ok((Kind::Operator(operator), text.len()));
            }
        }
        let tail = rest.get(1..).map_or(0, |tail| word_length(tail, false));
        Err(self.unexpected(rest.get(..=tail).unwrap_or(rest)))
    }

    fn number(&self, rest: &str) -> Result<(Kind, usize), ExprError> {
        let length = word_length(rest, true);
        let text = rest.get(..length).unwrap_or(rest);
        let value = parse_number(text);
        if value.is_nan() {
            return Err(self.unexpected(text));
        }
        Ok((Kind::Number(value), length))
    }

    fn word(&self, rest: &str) -> Result<(Kind, usize), ExprError> {
        let length = word_length(rest, false).max(1);
        let text = rest.get(..length).unwrap_or(rest);
        let kind = match text {
            _ if self.after_dot => None,
            "null" => Some(Kind::Null),
            "true" => Some(Kind::Bool(true)),
            "false" => Some(Kind::Bool(false)),
            "NaN" => Some(Kind::Number(f64::NAN)),
            "Infinity" => Some(Kind::Number(f64::INFINITY)),
            _ => None,
        };
        let mut chars = text.chars();
        let legal = chars
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        match kind {
            Some(kind) => Ok((kind, length)),
            None if legal => Ok((Kind::Name(text.to_owned()), length)),
            None => Err(self.unexpected(text)),
        }
    }
}

/// Bytes up to the next blank or symbol; in a number a `.` is no symbol.
fn word_length(text: &str, number: bool) -> usize {
    let boundary = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | ')' | '[' | ']' | ',' | '!' | '<' | '>' | '=' | '&' | '|'
            )
            || (c == '.' && !number)
    };
    let from = text.chars().next().map_or(0, char::len_utf8);
    let tail = text.get(from..).unwrap_or_default();
    from + tail.find(boundary).unwrap_or(tail.len())
}

impl Lexer<'_> {
    /// Whether the text up to here ends with a closing parenthesis.
    pub(super) fn ends_with_group(&self, end: usize) -> bool {
        self.source
            .get(..end)
            .is_some_and(|text| text.ends_with(')'))
    }
}
