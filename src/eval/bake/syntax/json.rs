//! JSON whose every value knows its bytes.

use std::rc::Rc;

use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::unknown::clean;

/// Nesting past this is refused.
const MAX_DEPTH: usize = 64;

/// A JSON value and where it stands.
#[derive(Debug)]
pub(in crate::eval::bake) struct Json {
    pub(in crate::eval::bake) value: JsonValue,
    pub(in crate::eval::bake) at: At,
}

/// What a JSON value is.
#[derive(Debug)]
pub(in crate::eval::bake) enum JsonValue {
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    List(Vec<Json>),
    /// Names with their values as written, doubles included.
    Object(Vec<(Rc<str>, At, Json)>),
}

/// Reads a file.
pub(in crate::eval::bake) fn parse(text: &str, file: usize) -> Outcome<Json> {
    let mut parser = Parser { text, file, at: 0 };
    parser.at = text.len() - text.trim_start_matches('\u{feff}').len();
    let json = parser.value(0)?;
    parser.blanks();
    if parser.at < text.len() {
        return Err(parser.fault("something stands after the end of the JSON"));
    }
    Ok(json)
}

struct Parser<'t> {
    text: &'t str,
    file: usize,
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, message: &str) -> Fault {
        Fault::at(At::new(self.file, self.at..self.at), message)
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let left = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - left.len();
    }

    /// Takes this text if it comes next, blanks before it aside.
    fn take(&mut self, text: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Outcome<Json> {
        if depth > MAX_DEPTH {
            return Err(self.fault("the JSON is nested too deeply"));
        }
        self.blanks();
        let start = self.at;
        let value = match self.rest().chars().next() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => JsonValue::Text(self.string()?),
            _ if self.take("null") => JsonValue::Null,
            _ if self.take("true") => JsonValue::Bool(true),
            _ if self.take("false") => JsonValue::Bool(false),
            _ => self.number()?,
        };
        Ok(Json {
            value,
            at: At::new(self.file, start..self.at),
        })
    }

    fn object(&mut self, depth: usize) -> Outcome<JsonValue> {
        self.take("{");
        let mut entries = Vec::new();
        if self.take("}") {
            return Ok(JsonValue::Object(entries));
        }
        loop {
            self.blanks();
            let start = self.at;
            let name = self.string()?;
            let at = At::new(self.file, start..self.at);
            if !self.take(":") {
                return Err(self.fault("a colon is missing"));
            }
            entries.push((name, at, self.value(depth + 1)?));
            if self.take("}") {
                return Ok(JsonValue::Object(entries));
            }
            if !self.take(",") {
                return Err(self.fault("a comma or a brace is missing"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Outcome<JsonValue> {
        self.take("[");
        let mut items = Vec::new();
        if self.take("]") {
            return Ok(JsonValue::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take("]") {
                return Ok(JsonValue::List(items));
            }
            if !self.take(",") {
                return Err(self.fault("a comma or a bracket is missing"));
            }
        }
    }

    /// A string: its end is found here, its escapes are left to the JSON library.
    fn string(&mut self) -> Outcome<Rc<str>> {
        let bytes = self.rest().as_bytes();
        let mut escaped = false;
        let end = bytes.iter().enumerate().skip(1).find_map(|(index, byte)| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends.then_some(index + 1)
        });
        let written = end.and_then(|end| self.rest().get(..end));
        let text: Option<String> = written.and_then(|text| serde_json::from_str(text).ok());
        match (written, text) {
            (Some(written), Some(text)) => {
                self.at += written.len();
                Ok(clean(&text).as_ref().into())
            }
            _ => Err(self.fault("a string is expected, or does not end")),
        }
    }

    fn number(&mut self) -> Outcome<JsonValue> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')))
            .unwrap_or(rest.len());
        let written = rest.get(..end).unwrap_or_default();
        match serde_json::from_str::<f64>(written) {
            Ok(number) => {
                self.at += end;
                Ok(JsonValue::Number(number))
            }
            Err(_) => Err(self.fault("a JSON value is expected")),
        }
    }
}
