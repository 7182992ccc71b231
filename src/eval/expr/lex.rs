//! Tokens of an expression. All of it is read before anything is parsed, so that what is no token
//! is a lexing error whatever stands before it.

use std::ops::Range;

use super::{ExprError, Phase, number};
use crate::eval::value::Value;

/// A token and the bytes that it covers.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone)]
pub(super) enum TokenKind {
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `[`.
    OpenIndex,
    /// `]`.
    CloseIndex,
    /// `,`.
    Comma,
    /// `.`.
    Dot,
    /// `*`.
    Star,
    /// `!`, `==` and so on.
    Operator(Operator),
    /// `null`, a boolean, a number, text.
    Literal(Value),
    /// A name: of a context, of a function, or of a property after a dot.
    Word,
}

/// An operator with one or two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Not,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    And,
    Or,
}

impl Operator {
    /// The operator that this text begins with, and its length.
    fn read(text: &str) -> Option<(Self, usize)> {
        let operators = [
            ("!=", Self::NotEqual),
            ("==", Self::Equal),
            ("<=", Self::AtMost),
            (">=", Self::AtLeast),
            ("&&", Self::And),
            ("||", Self::Or),
            ("!", Self::Not),
            ("<", Self::Less),
            (">", Self::Greater),
        ];
        let (spelled, operator) = operators
            .into_iter()
            .find(|(spelled, _)| text.starts_with(spelled))?;
        Some((operator, spelled.len()))
    }
}

/// All tokens of an expression.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, ExprError> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let last = tokens.last().map(|token| &token.kind);
        let (kind, length) = read(rest, first, last).map_err(|length| {
            let symbol = rest.get(..length).unwrap_or(rest);
            ExprError::new(Phase::Lexing, format!("unexpected symbol: `{symbol}`"), at)
        })?;
        tokens.push(Token {
            kind,
            span: at..at + length,
        });
        at += length;
    }
    Ok(tokens)
}

/// The next token and its length, or the length of what is none.
fn read(rest: &str, first: char, last: Option<&TokenKind>) -> Result<(TokenKind, usize), usize> {
    let single = match first {
        '(' => TokenKind::Open,
        ')' => TokenKind::Close,
        '[' => TokenKind::OpenIndex,
        ']' => TokenKind::CloseIndex,
        ',' => TokenKind::Comma,
        '*' => TokenKind::Star,
        '.' => match last {
            Some(TokenKind::Word | TokenKind::Close | TokenKind::CloseIndex | TokenKind::Star) => {
                TokenKind::Dot
            }
            _ => return read_number(rest),
        },
        '\'' => return read_text(rest),
        '+' | '-' | '0'..='9' => return read_number(rest),
        '!' | '=' | '<' | '>' | '&' | '|' => {
            return match Operator::read(rest) {
                Some((operator, length)) => Ok((TokenKind::Operator(operator), length)),
                None => Err(1 + word_length(rest.get(1..).unwrap_or_default())),
            };
        }
        _ => return read_word(rest, first, last),
    };
    Ok((single, 1))
}

/// How many bytes follow until a character that ends a name or a number.
fn word_length(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || "()[],.!><=&|".contains(c))
        .unwrap_or(text.len())
}

fn read_number(rest: &str) -> Result<(TokenKind, usize), usize> {
    let mut length = 1;
    while let Some(more) = rest.get(length..).filter(|more| !more.is_empty()) {
        match word_length(more) {
            0 if more.starts_with('.') => length += 1,
            0 => break,
            run => length += run,
        }
    }
    let number = number::parse(rest.get(..length).unwrap_or(rest));
    if number.is_nan() {
        return Err(length);
    }
    Ok((TokenKind::Literal(Value::Number(number)), length))
}

/// Text in single quotes, in which two quotes stand for one.
fn read_text(rest: &str) -> Result<(TokenKind, usize), usize> {
    let mut text = String::new();
    let mut at = 1;
    while let Some(run) = rest.get(at..) {
        let Some(quote) = run.find('\'') else {
            break;
        };
        text.push_str(run.get(..quote).unwrap_or_default());
        at += quote + 1;
        if !rest.get(at..).is_some_and(|next| next.starts_with('\'')) {
            return Ok((TokenKind::Literal(Value::text(text)), at));
        }
        text.push('\'');
        at += 1;
    }
    Err(rest.len())
}

fn read_word(
    rest: &str,
    first: char,
    last: Option<&TokenKind>,
) -> Result<(TokenKind, usize), usize> {
    let head = first.len_utf8();
    let length = head + word_length(rest.get(head..).unwrap_or_default());
    let word = rest.get(..length).unwrap_or(rest);
    let legal = (first.is_ascii_alphabetic() || first == '_')
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !legal {
        return Err(length);
    }
    let property = matches!(last, Some(TokenKind::Dot));
    let literal = match word {
        _ if property => None,
        "null" => Some(Value::Null),
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "NaN" => Some(Value::Number(f64::NAN)),
        "Infinity" => Some(Value::Number(f64::INFINITY)),
        _ => None,
    };
    Ok((literal.map_or(TokenKind::Word, TokenKind::Literal), length))
}
