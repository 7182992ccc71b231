//! JSON as the runner reads it, which is more than JSON: single quotes, names without quotes,
//! comments, commas at the end, line breaks in text. What follows the first value is not looked at.

use std::iter::Peekable;
use std::str::Chars;

use crate::eval::unknown;
use crate::eval::value::{Object, Value};

/// Values nest no deeper than this.
const MAX_DEPTH: usize = 64;

/// The first value of a text, if it begins with one.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader {
        rest: text.chars().peekable(),
    };
    reader.value(0)
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    /// The next character that is neither blank nor part of a comment.
    fn peek(&mut self) -> Option<char> {
        loop {
            match *self.rest.peek()? {
                c if c.is_whitespace() => {
                    self.rest.next();
                }
                '/' => self.comment()?,
                c => return Some(c),
            }
        }
    }

    fn comment(&mut self) -> Option<()> {
        self.rest.next();
        match self.rest.next()? {
            '/' => {
                while self.rest.next_if(|c| !matches!(c, '\n' | '\r')).is_some() {}
                Some(())
            }
            '*' => {
                let mut star = false;
                loop {
                    match self.rest.next()? {
                        '/' if star => return Some(()),
                        c => star = c == '*',
                    }
                }
            }
            _ => None,
        }
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        if self.peek()? != wanted {
            return None;
        }
        self.rest.next();
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            '[' => self.array(depth),
            '{' => self.object(depth),
            quote @ ('"' | '\'') => Some(Value::text(self.text(quote)?)),
            _ => self.word(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.take('[')?;
        let mut items = Vec::new();
        loop {
            if self.peek()? == ']' {
                break;
            }
            items.push(self.value(depth + 1)?);
            if self.take(',').is_none() {
                break;
            }
        }
        self.take(']')?;
        Some(Value::array(items))
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take('{')?;
        let mut object = Object::new();
        loop {
            let name = match self.peek()? {
                '}' => break,
                quote @ ('"' | '\'') => self.text(quote)?,
                _ => self.run(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))?,
            };
            self.take(':')?;
            object.insert(name, self.value(depth + 1)?);
            if self.take(',').is_none() {
                break;
            }
        }
        self.take('}')?;
        Some(Value::object(object))
    }

    /// Characters of one kind; none where there is not even one.
    fn run(&mut self, of: impl Fn(char) -> bool) -> Option<String> {
        let mut run = String::new();
        while let Some(c) = self.rest.next_if(|c| of(*c)) {
            run.push(c);
        }
        (!run.is_empty()).then_some(run)
    }

    fn word(&mut self) -> Option<Value> {
        let word = self.run(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))?;
        Some(match word.as_str() {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "NaN" => Value::Number(f64::NAN),
            "Infinity" => Value::Number(f64::INFINITY),
            "-Infinity" => Value::Number(f64::NEG_INFINITY),
            digits if digits.starts_with(|c: char| c.is_ascii_digit() || "-.".contains(c)) => {
                Value::Number(digits.parse().ok()?)
            }
            _ => return None,
        })
    }

    fn text(&mut self, quote: char) -> Option<String> {
        self.take(quote)?;
        let mut units: Vec<u16> = Vec::new();
        loop {
            let c = match self.rest.next()? {
                c if c == quote => break,
                '\\' => match self.rest.next()? {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        units.push(self.unit()?);
                        continue;
                    }
                    c @ ('"' | '\'' | '\\' | '/') => c,
                    _ => return None,
                },
                c => c,
            };
            units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
        let text = String::from_utf16_lossy(&units);
        Some(unknown::clean(&text).into_owned())
    }

    /// The four digits of an escape.
    fn unit(&mut self) -> Option<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + self.rest.next()?.to_digit(16)?;
        }
        u16::try_from(unit).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse(text).map(|value| value.to_json().to_string())
    }

    #[test]
    fn more_than_json_is_read() {
        for (text, json) in [
            ("['a', \"b\",]", r#"["a","b"]"#),
            (
                "{a: 1, 'b-c': [], // x\n d: /* y */ null,}",
                r#"{"a":1,"b-c":[],"d":null}"#,
            ),
            (r"'it\'s \u00e9 \uD83D\uDE0A'", r#""it's é 😊""#),
            ("'a\nb'", r#""a\nb""#),
            ("[1] and more", "[1]"),
            (r"'\uDB80\uDC00'", "\"\u{fffd}\""),
        ] {
            assert_eq!(read(text).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_none() {
        for text in [
            "", " ", "[", "{a}", "{a:}", "'a", "abc", "[,1]", "12abc", "/", "/* x", "\"\\x\"",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
    }
}
