//! From text to the words of its actions; trim markers and comments are done with here.

use super::TemplateError;
use super::value::Value;

/// A piece of a template.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Action(Vec<Token>),
}

/// A word of an action.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Name(String),
    Field(String),
    Variable(String),
    Dot,
    Text(String),
    Int(i64),
    Float(f64),
    Open,
    Close,
    Pipe,
    Comma,
    Declare,
    Assign,
}

impl Word {
    /// The constant that it is.
    pub(super) fn constant(&self) -> Option<Value> {
        match self {
            Self::Text(text) => Some(Value::text(text.as_str())),
            Self::Int(number) => Some(Value::Int(*number)),
            Self::Float(number) => Some(Value::Float(*number)),
            Self::Name(name) => match name.as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                "nil" => Some(Value::Nil),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A word, and whether it stands apart from the one before.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) word: Word,
    pub(super) apart: bool,
}

/// Takes a template apart.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut trim_next = false;
    while let Some(at) = rest.find("{{") {
        let (before, action) = rest.split_at(at);
        let mut action = action.get(2..).unwrap_or_default();
        let mut before = if trim_next {
            before.trim_start()
        } else {
            before
        };
        if let Some(inner) = action.strip_prefix('-')
            && inner.starts_with([' ', '\t', '\r', '\n'])
        {
            before = before.trim_end();
            action = inner;
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        let lead = action.trim_start();
        if let Some(comment) = lead.strip_prefix("/*") {
            let Some((_, after)) = comment.split_once("*/") else {
                return Err(TemplateError::new("unclosed comment"));
            };
            let trims = after.trim_start().strip_prefix("-}}");
            let closed = trims.or_else(|| after.trim_start().strip_prefix("}}"));
            let Some(after) = closed else {
                return Err(TemplateError::new("comment ends before closing delimiter"));
            };
            trim_next = trims.is_some();
            rest = after;
            continue;
        }
        let (tokens, after, trims) = action_words(action)?;
        pieces.push(Piece::Action(tokens));
        trim_next = trims;
        rest = after;
    }
    let last = if trim_next { rest.trim_start() } else { rest };
    if !last.is_empty() {
        pieces.push(Piece::Text(last.to_owned()));
    }
    Ok(pieces)
}

/// The words up to `}}`, what follows it, and whether that is trimmed.
fn action_words(text: &str) -> Result<(Vec<Token>, &str, bool), TemplateError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut apart = true;
    loop {
        let trimmed = rest.trim_start();
        apart |= trimmed.len() < rest.len();
        if let Some(after) = trimmed.strip_prefix("-}}")
            && trimmed.len() < rest.len()
        {
            return Ok((tokens, after, true));
        }
        rest = trimmed;
        if let Some(after) = rest.strip_prefix("}}") {
            return Ok((tokens, after, false));
        }
        let Some(first) = rest.chars().next() else {
            return Err(TemplateError::new("unclosed action"));
        };
        let (word, after) = word(first, rest)?;
        tokens.push(Token { word, apart });
        apart = false;
        rest = after;
    }
}

fn word(first: char, rest: &str) -> Result<(Word, &str), TemplateError> {
    let after = rest.get(first.len_utf8()..).unwrap_or_default();
    let name = |text: &str| -> usize {
        text.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len())
    };
    let named = |text: &'_ str| text.split_at(name(text)).0.to_owned();
    Ok(match first {
        '(' => (Word::Open, after),
        ')' => (Word::Close, after),
        '|' => (Word::Pipe, after),
        ',' => (Word::Comma, after),
        '=' => (Word::Assign, after),
        ':' if after.starts_with('=') => (Word::Declare, after.get(1..).unwrap_or_default()),
        '"' => quoted(after)?,
        '`' => match after.split_once('`') {
            Some((raw, after)) => (Word::Text(raw.to_owned()), after),
            None => return Err(TemplateError::new("unterminated raw quoted string")),
        },
        '\'' => character(after)?,
        '$' => {
            let own = named(after);
            let after = after.get(own.len()..).unwrap_or_default();
            (Word::Variable(own), after)
        }
        '.' if after.starts_with(|c: char| c.is_ascii_digit()) => number(rest)?,
        '.' => {
            let own = named(after);
            let after = after.get(own.len()..).unwrap_or_default();
            if own.is_empty() {
                (Word::Dot, after)
            } else {
                (Word::Field(own), after)
            }
        }
        '+' | '-' => number(rest)?,
        c if c.is_ascii_digit() => number(rest)?,
        c if c.is_alphabetic() || c == '_' => {
            let own = named(rest);
            let after = rest.get(own.len()..).unwrap_or_default();
            (Word::Name(own), after)
        }
        other => {
            let message = format!("unexpected {other:?} in command");
            return Err(TemplateError::new(message));
        }
    })
}

fn quoted(text: &str) -> Result<(Word, &str), TemplateError> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let Some(c) = rest.chars().next() else {
            return Err(TemplateError::new("unterminated quoted string"));
        };
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '"' => return Ok((Word::Text(value), rest)),
            '\n' => return Err(TemplateError::new("unterminated quoted string")),
            '\\' => {
                let (escaped, after) = escape(rest)?;
                value.push(escaped);
                rest = after;
            }
            c => value.push(c),
        }
    }
}

/// What follows a backslash.
fn escape(rest: &str) -> Result<(char, &str), TemplateError> {
    let wrong = || TemplateError::new("invalid syntax");
    let kind = rest.chars().next().ok_or_else(wrong)?;
    let after = rest.get(kind.len_utf8()..).unwrap_or_default();
    let code = |digits: usize, base: u32, text: &str| -> Result<char, TemplateError> {
        let digits = text.get(..digits).ok_or_else(wrong)?;
        let code = u32::from_str_radix(digits, base).map_err(|_| wrong())?;
        let c = char::from_u32(code).ok_or_else(wrong)?;
        // An escape cannot spell what stands for an unknown part.
        Ok(crate::eval::unknown::Mark::from_char(c).map_or(c, |_| char::REPLACEMENT_CHARACTER))
    };
    let skip = |count: usize, text: &'_ str| text.len().min(count);
    Ok(match kind {
        'n' => ('\n', after),
        't' => ('\t', after),
        'r' => ('\r', after),
        'a' => ('\u{7}', after),
        'b' => ('\u{8}', after),
        'f' => ('\u{c}', after),
        'v' => ('\u{b}', after),
        '\\' | '"' | '\'' => (kind, after),
        'x' => (code(2, 16, after)?, after.split_at(skip(2, after)).1),
        'u' => (code(4, 16, after)?, after.split_at(skip(4, after)).1),
        'U' => (code(8, 16, after)?, after.split_at(skip(8, after)).1),
        '0'..='7' => (code(3, 8, rest)?, rest.split_at(skip(3, rest)).1),
        _ => return Err(wrong()),
    })
}

fn character(text: &str) -> Result<(Word, &str), TemplateError> {
    let wrong = || TemplateError::new("malformed character constant");
    let first = text.chars().next().ok_or_else(wrong)?;
    let after = text.get(first.len_utf8()..).unwrap_or_default();
    let (c, after) = if first == '\\' {
        escape(after)?
    } else {
        (first, after)
    };
    let after = after.strip_prefix('\'').ok_or_else(wrong)?;
    Ok((Word::Int(i64::from(u32::from(c))), after))
}

fn number(text: &str) -> Result<(Word, &str), TemplateError> {
    let end = text
        .char_indices()
        .find(|(at, c)| {
            let exponent = text
                .get(..*at)
                .is_some_and(|before| before.ends_with(['e', 'E']));
            let sign = matches!(c, '+' | '-') && (*at == 0 || exponent);
            !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || sign)
        })
        .map_or(text.len(), |(at, _)| at);
    let (own, after) = text.split_at(end);
    let plain = own.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let lower = digits.to_ascii_lowercase();
    let based = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, base)| Some((lower.strip_prefix(prefix)?, base)));
    let whole = match based {
        Some((digits, base)) => i64::from_str_radix(digits, base).ok(),
        None if lower.len() > 1 && lower.starts_with('0') => i64::from_str_radix(&lower, 8).ok(),
        None => lower.parse().ok(),
    };
    if let Some(whole) = whole {
        return Ok((Word::Int(sign * whole), after));
    }
    match lower.parse::<f64>() {
        Ok(number) if !lower.contains(['i', 'n']) => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let whole = number as i64;
            #[allow(clippy::cast_precision_loss)]
            let exact = (whole as f64 - number).abs() == 0.0;
            if exact && lower.contains('e') {
                return Ok((Word::Int(sign * whole), after));
            }
            #[allow(clippy::cast_precision_loss)]
            let signed = number * sign as f64;
            Ok((Word::Float(signed), after))
        }
        _ => Err(TemplateError::new(format!("bad number syntax: {own:?}"))),
    }
}
