//! JSON as `jq` reads and prints it: several texts in a row, numbers kept as they are written.

use std::rc::Rc;

use super::value::{Fields, Value, sorted_keys};
use crate::eval::unknown;

/// How deep values may nest.
pub(super) const DEEPEST: u32 = 200;
/// How long printed text may grow.
const LONGEST: usize = 1_000_000;

/// Why a text is not read.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is no JSON.
    Broken,
    /// An unknown part decides what it is, or it is larger than what is evaluated here.
    Unknown,
}

/// Reads values one by one.
pub(super) struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            rest: text.strip_prefix('\u{feff}').unwrap_or(text),
        }
    }

    /// The next value; nothing at the end.
    pub(super) fn next(&mut self) -> Option<Result<Value, Fault>> {
        self.blanks();
        if self.rest.is_empty() {
            return None;
        }
        let value = self.value(0);
        if value.is_err() {
            self.rest = "";
        }
        Some(value)
    }

    /// The only value of a text.
    pub(super) fn only(text: &str) -> Result<Value, Fault> {
        let mut reader = Reader::new(text);
        let value = reader.next().unwrap_or(Err(Fault::Broken))?;
        match reader.next() {
            None => Ok(value),
            Some(Err(Fault::Unknown)) => Err(Fault::Unknown),
            Some(_) => Err(Fault::Broken),
        }
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, c: char) -> bool {
        self.blanks();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// What stands here is wrong, or not known.
    fn fault(&self) -> Fault {
        match self.rest.chars().next() {
            Some(c) if unknown::Mark::from_char(c).is_some() => Fault::Unknown,
            _ => Fault::Broken,
        }
    }

    fn value(&mut self, depth: u32) -> Result<Value, Fault> {
        if depth >= DEEPEST {
            return Err(Fault::Unknown);
        }
        self.blanks();
        if self.rest.starts_with('"') {
            return Ok(Value::String(self.string()?));
        }
        if self.take('[') {
            let mut items = Vec::new();
            if self.take(']') {
                return Ok(Value::array(items));
            }
            loop {
                items.push(self.value(depth + 1)?);
                if self.take(']') {
                    return Ok(Value::array(items));
                }
                if !self.take(',') {
                    return Err(self.fault());
                }
            }
        }
        if self.take('{') {
            let mut fields = Fields::new();
            if self.take('}') {
                return Ok(Value::object(fields));
            }
            loop {
                self.blanks();
                if !self.rest.starts_with('"') {
                    return Err(self.fault());
                }
                let name = self.string()?;
                if !self.take(':') {
                    return Err(self.fault());
                }
                let value = self.value(depth + 1)?;
                fields.insert(name, value);
                if self.take('}') {
                    return Ok(Value::object(fields));
                }
                if !self.take(',') {
                    return Err(self.fault());
                }
            }
        }
        self.word()
    }

    fn word(&mut self) -> Result<Value, Fault> {
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).ok_or(Fault::Broken)?;
        if rest.starts_with(|c| unknown::Mark::from_char(c).is_some()) {
            return Err(Fault::Unknown);
        }
        if word.is_empty() {
            return Err(self.fault());
        }
        self.rest = rest;
        Ok(match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "nan" | "NaN" | "-NaN" => Value::number(f64::NAN),
            _ => number(word).ok_or(Fault::Broken)?,
        })
    }

    fn string(&mut self) -> Result<Rc<str>, Fault> {
        let rest = self.rest.strip_prefix('"').ok_or(Fault::Broken)?;
        let end = rest.find(['"', '\\']).ok_or(Fault::Broken)?;
        let (plain, after) = rest.split_at_checked(end).ok_or(Fault::Broken)?;
        if let Some(after) = after.strip_prefix('"') {
            self.rest = after;
            return Ok(plain.into());
        }
        let mut text = String::from(plain);
        let mut chars = after.chars();
        loop {
            match chars.next().ok_or(Fault::Broken)? {
                '"' => break,
                '\\' => match chars.next().ok_or(Fault::Broken)? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    c @ ('"' | '\\' | '/') => text.push(c),
                    'u' => text.push(escaped(&mut chars).ok_or(Fault::Broken)?),
                    _ => return Err(Fault::Broken),
                },
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(text.into())
    }
}

/// The character of `\uXXXX` after its `u`, of a pair of them where two make one. What passes for
/// an unknown part is none.
pub(super) fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let unit = |chars: &mut std::str::Chars<'_>| {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + chars.next()?.to_digit(16)?;
        }
        Some(unit)
    };
    let first = unit(chars)?;
    let mut code = first;
    if (0xD800..0xDC00).contains(&first) {
        let mut ahead = chars.clone();
        if ahead.next() == Some('\\')
            && ahead.next() == Some('u')
            && let Some(second) = unit(&mut ahead)
            && (0xDC00..0xE000).contains(&second)
        {
            code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            *chars = ahead;
        }
    }
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(unknown::Mark::from_char(c).map_or(c, |_| char::REPLACEMENT_CHARACTER))
}

/// A number as written, which is kept.
pub(super) fn number(word: &str) -> Option<Value> {
    if !word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '+')) {
        return None;
    }
    let value: f64 = word.parse().ok()?;
    if !value.is_finite() {
        return Some(Value::number(value));
    }
    Some(Value::Number(value, canonical(word).map(Rc::from)))
}

/// How a decimal number prints that nothing was calculated with: all its digits stay.
fn canonical(word: &str) -> Option<String> {
    let (sign, digits) = match word.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", word.strip_prefix('+').unwrap_or(word)),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_start_matches('0');
    let coefficient = if kept.is_empty() { "0" } else { kept };
    let length = i64::try_from(coefficient.len()).ok()?;
    let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let adjusted = exponent.checked_add(length - 1)?;
    let mut out = String::from(sign);
    if exponent <= 0 && adjusted >= -6 {
        let point = length + exponent;
        if exponent == 0 {
            out.push_str(coefficient);
        } else if point > 0 {
            let (whole, fraction) = coefficient.split_at_checked(usize::try_from(point).ok()?)?;
            out.push_str(&format!("{whole}.{fraction}"));
        } else {
            let zeros = "0".repeat(usize::try_from(-point).ok()?);
            out.push_str(&format!("0.{zeros}{coefficient}"));
        }
    } else {
        let (first, more) = coefficient.split_at_checked(1)?;
        out.push_str(first);
        if !more.is_empty() {
            out.push_str(&format!(".{more}"));
        }
        out.push_str(&format!("E{adjusted:+}"));
    }
    Some(out)
}

/// A calculated number.
pub(super) fn print_number(number: f64) -> String {
    if number.is_nan() {
        return "null".to_owned();
    }
    let number = number.clamp(-f64::MAX, f64::MAX);
    let shown = format!("{number:e}");
    let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let exponent: i64 = exponent.parse().unwrap_or_default();
    let digits = mantissa.chars().filter(char::is_ascii_digit).count();
    let digits = i64::try_from(digits).unwrap_or(i64::MAX);
    if exponent < -5 || exponent + 1 > digits + 15 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    format!("{number}")
}

/// How values are laid out.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// What indents one level; nothing for all on one line.
    pub(super) indent: Option<String>,
    pub(super) sorted: bool,
    pub(super) ascii: bool,
}

/// Prints a value; nothing where that grows too long.
pub(super) fn print(value: &Value, layout: &Layout) -> Option<String> {
    let mut out = String::new();
    write(value, layout, 0, &mut out)?;
    Some(out)
}

/// A value on one line.
pub(super) fn compact(value: &Value) -> Option<String> {
    print(value, &Layout::default())
}

fn write(value: &Value, layout: &Layout, level: usize, out: &mut String) -> Option<()> {
    if out.len() > LONGEST {
        return None;
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(_, Some(literal)) => out.push_str(literal),
        Value::Number(number, None) => out.push_str(&print_number(*number)),
        Value::String(text) => quote(text, layout.ascii, out),
        Value::Array(array) if array.items.is_empty() => out.push_str("[]"),
        Value::Array(array) => {
            out.push('[');
            for (at, item) in array.items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(layout, level + 1, out);
                write(item, layout, level + 1, out)?;
            }
            line(layout, level, out);
            out.push(']');
        }
        Value::Object(object) if object.fields.is_empty() => out.push_str("{}"),
        Value::Object(object) => {
            out.push('{');
            let names = if layout.sorted {
                if !object.named {
                    return None;
                }
                sorted_keys(&object.fields)
            } else {
                object.fields.keys().cloned().collect()
            };
            for (at, name) in names.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(layout, level + 1, out);
                quote(name, layout.ascii, out);
                out.push(':');
                if layout.indent.is_some() {
                    out.push(' ');
                }
                write(object.fields.get(name)?, layout, level + 1, out)?;
            }
            line(layout, level, out);
            out.push('}');
        }
    }
    Some(())
}

fn line(layout: &Layout, level: usize, out: &mut String) {
    if let Some(indent) = &layout.indent {
        out.push('\n');
        for _ in 0..level {
            out.push_str(indent);
        }
    }
}

fn quote(text: &str, ascii: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if u32::from(c) < 0x20 || c == '\u{7f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c if ascii && !c.is_ascii() && unknown::Mark::from_char(c).is_none() => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
