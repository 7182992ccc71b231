//! Formats: `@csv`, `@sh` and their like.

use super::evaluate::Stop;
use super::json;
use super::operator::{describe, fail};
use super::value::Value;
use crate::eval::unknown;

/// A value as text, as `tostring` gives it.
pub(super) fn text(value: &Value) -> Result<String, Stop> {
    match value {
        Value::String(text) => Ok(text.to_string()),
        other => json::compact(other).ok_or(Stop::Unknown),
    }
}

/// A value by a format.
pub(super) fn apply(name: &str, value: &Value) -> Result<String, Stop> {
    match name {
        "text" => text(value),
        "json" => json::compact(value).ok_or(Stop::Unknown),
        "csv" => row(value, ",", "csv", |text| {
            Some(format!("\"{}\"", text.replace('"', "\"\"")))
        }),
        "tsv" => row(value, "\t", "tsv", |text| {
            Some(
                text.replace('\\', "\\\\")
                    .replace('\t', "\\t")
                    .replace('\n', "\\n")
                    .replace('\r', "\\r"),
            )
        }),
        "html" => Ok(escape(&text(value)?, |c| match c {
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            '&' => Some("&amp;"),
            '\'' => Some("&#39;"),
            '"' => Some("&quot;"),
            _ => None,
        })),
        "sh" => shell(value),
        "uri" => {
            let mut out = String::new();
            for byte in known(value)?.bytes() {
                match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                        out.push(char::from(byte));
                    }
                    _ => out.push_str(&format!("%{byte:02X}")),
                }
            }
            Ok(out)
        }
        "base64" => Ok(encode(known(value)?.as_bytes())),
        "base64d" => {
            let text = known(value)?;
            match decode(&text) {
                Some(bytes) => Ok(unknown::clean(&String::from_utf8_lossy(&bytes)).into_owned()),
                None => fail(format!("{} is not valid base64 data", describe(value))),
            }
        }
        _ => Err(Stop::Unknown),
    }
}

/// The text of a value of which all is known.
fn known(value: &Value) -> Result<String, Stop> {
    if !value.is_known() {
        return Err(Stop::Unknown);
    }
    text(value)
}

fn escape(text: &str, with: impl Fn(char) -> Option<&'static str>) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match with(c) {
            Some(escaped) => out.push_str(escaped),
            None => out.push(c),
        }
    }
    out
}

fn row(
    value: &Value,
    between: &str,
    name: &str,
    quote: impl Fn(&str) -> Option<String>,
) -> Result<String, Stop> {
    let Value::Array(array) = value else {
        return fail(format!(
            "{} cannot be {name}-formatted, only array",
            describe(value)
        ));
    };
    let mut cells = Vec::new();
    for item in &array.items {
        cells.push(match item {
            Value::Null => String::new(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(..) => text(item)?,
            Value::String(text) => quote(text).ok_or(Stop::Unknown)?,
            _ => {
                return fail(format!("{} is not valid in a csv row", describe(item)));
            }
        });
    }
    Ok(cells.join(between))
}

fn shell(value: &Value) -> Result<String, Stop> {
    let one = std::slice::from_ref(value);
    let items = match value {
        Value::Array(array) => array.items.as_slice(),
        _ => one,
    };
    let mut words = Vec::new();
    for item in items {
        words.push(match item {
            Value::String(text) => format!("'{}'", text.replace('\'', "'\\''")),
            Value::Array(_) | Value::Object(_) => {
                return fail(format!("{} can not be escaped for shell", describe(item)));
            }
            other => text(other)?,
        });
    }
    Ok(words.join(" "))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4u32 {
            let digit = bits >> (18 - 6 * at) & 63;
            let digit = DIGITS.get(digit as usize).copied().unwrap_or(b'=');
            out.push(if at as usize > chunk.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes() {
        let digit = DIGITS.iter().position(|own| *own == byte)?;
        bits = bits << 6 | u32::try_from(digit).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xFF).ok()?);
        }
    }
    (text.len() % 4 != 1).then_some(out)
}
