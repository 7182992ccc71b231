//! The tokens of a `jq` program.

use super::json;

/// How deep interpolations may nest.
const DEPTH: usize = 16;
/// How many tokens a program may have.
const MOST: usize = 4_000;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or keyword.
    Name(String),
    /// `.name`.
    Field(String),
    /// `$name`.
    Variable(String),
    /// `@name`.
    Format(String),
    Number(f64, String),
    Text(Vec<Part>),
    Sign(&'static str),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Plain(String),
    Program(Vec<Token>),
}

/// Longest first.
const SIGNS: [&str; 35] = [
    "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "..", "//", ".", "[",
    "]", "{", "}", "(", ")", "|", ",", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%", "?", "$",
];

struct Lexer<'t> {
    rest: &'t str,
    left: usize,
}

/// The tokens of a whole program; nothing where it is none.
pub(super) fn tokens(program: &str) -> Option<Vec<Token>> {
    let mut lexer = Lexer {
        rest: program,
        left: MOST,
    };
    let found = lexer.run(DEPTH)?;
    lexer.rest.is_empty().then_some(found)
}

impl Lexer<'_> {
    fn starts_name(&self) -> bool {
        self.rest
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    }

    fn name(&mut self) -> Option<String> {
        if !self.starts_name() {
            return None;
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(name.to_owned())
    }

    /// Tokens up to the end, or to a closing parenthesis that was not opened.
    fn run(&mut self, depth: usize) -> Option<Vec<Token>> {
        let depth = depth.checked_sub(1)?;
        let mut found = Vec::new();
        let mut open = 0usize;
        loop {
            self.left = self.left.checked_sub(1)?;
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix('#') {
                self.rest = comment
                    .find('\n')
                    .and_then(|at| comment.get(at..))
                    .unwrap_or("");
                continue;
            }
            let Some(first) = self.rest.chars().next() else {
                return Some(found);
            };
            match first {
                '(' => open += 1,
                ')' => match open.checked_sub(1) {
                    Some(fewer) => open = fewer,
                    None => return Some(found),
                },
                '"' => {
                    found.push(Token::Text(self.text(depth)?));
                    continue;
                }
                _ => {}
            }
            found.push(self.token()?);
        }
    }

    fn token(&mut self) -> Option<Token> {
        let rest = self.rest;
        let digit = |c: char| c.is_ascii_digit();
        if self.starts_name() {
            return Some(Token::Name(self.name()?));
        }
        if rest.starts_with(digit) || rest.strip_prefix('.').is_some_and(|r| r.starts_with(digit)) {
            return self.number();
        }
        for (sign, make) in [
            ('.', Token::Field as fn(String) -> Token),
            ('$', Token::Variable),
            ('@', Token::Format),
        ] {
            if let Some(after) = rest.strip_prefix(sign) {
                self.rest = after;
                if let Some(name) = self.name() {
                    return Some(make(name));
                }
                self.rest = rest;
            }
        }
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
        self.rest = rest.strip_prefix(sign)?;
        Some(Token::Sign(sign))
    }

    fn number(&mut self) -> Option<Token> {
        let bytes = self.rest.as_bytes();
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut end = digits(0);
        if bytes.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let after = digits(end + 1 + sign);
            if after > end + 1 + sign {
                end = after;
            }
        }
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(Token::Number(word.parse().ok()?, word.to_owned()))
    }

    fn text(&mut self, depth: usize) -> Option<Vec<Part>> {
        self.rest = self.rest.strip_prefix('"')?;
        let mut parts = Vec::new();
        let mut plain = String::new();
        loop {
            let mut chars = self.rest.chars();
            let c = chars.next()?;
            if c != '\\' {
                self.rest = chars.as_str();
                if c == '"' {
                    break;
                }
                plain.push(c);
                continue;
            }
            let escape = chars.next()?;
            match escape {
                '(' => {
                    self.rest = chars.as_str();
                    if !plain.is_empty() {
                        parts.push(Part::Plain(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Program(self.run(depth)?));
                    self.rest = self.rest.strip_prefix(')')?;
                    continue;
                }
                'u' => plain.push(json::escaped(&mut chars)?),
                'n' => plain.push('\n'),
                't' => plain.push('\t'),
                'r' => plain.push('\r'),
                'b' => plain.push('\u{8}'),
                'f' => plain.push('\u{c}'),
                '"' | '\\' | '/' => plain.push(escape),
                _ => return None,
            }
            self.rest = chars.as_str();
        }
        if !plain.is_empty() {
            parts.push(Part::Plain(plain));
        }
        Some(parts)
    }
}
