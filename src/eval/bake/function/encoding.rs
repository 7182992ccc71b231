//! JSON, CSV, Base64 and URLs.

use std::rc::Rc;

use super::{Call, Named, Returned, Stop, exactly, with_nulls};
use crate::eval::bake::csv;
use crate::eval::bake::value::{Entries, Value, print_number};
use crate::eval::unknown::clean;

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "jsonencode",
        with_nulls(1, 1, |call| {
            let text = to_json(call, call.value(0))?;
            call.give(&text)
        }),
    ),
    (
        "jsondecode",
        exactly(1, |call| {
            let text = call.known_text(0)?;
            call.budget.spend(text.len())?;
            match serde_json::from_str::<serde_json::Value>(&text) {
                Ok(json) => Ok(from_json(json)),
                Err(_) => Err(call.fault("the text is no JSON")),
            }
        }),
    ),
    ("csvdecode", exactly(1, csv_decode)),
    (
        "base64encode",
        exactly(1, |call| call.give(&encode(call.known_text(0)?.as_bytes()))),
    ),
    (
        "base64decode",
        exactly(1, |call| {
            let text = call.known_text(0)?;
            let bytes = decode(&text).and_then(|bytes| String::from_utf8(bytes).ok());
            match bytes {
                Some(text) => call.give(&clean(&text)),
                None => Err(call.fault("the text is no Base64 of text")),
            }
        }),
    ),
    (
        "urlencode",
        exactly(1, |call| call.give(&url_encode(&call.known_text(0)?))),
    ),
];

/// A value as JSON text; unknown texts keep their marks.
pub(super) fn to_json(call: &Call<'_>, value: &Value) -> Result<String, Stop> {
    fn json(call: &Call<'_>, value: &Value) -> Result<serde_json::Value, Stop> {
        use serde_json::Value as Json;
        call.budget.spend(1)?;
        let deeper = |value: &Value| {
            call.budget
                .deeper(|| Ok(json(call, value)))
                .unwrap_or_else(|fault| Err(Stop::Fault(fault)))
        };
        Ok(match value {
            Value::Null(_) => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(value) => print_number(*value)
                .parse()
                .map_or(Json::Null, Json::Number),
            Value::Text(text) => Json::String(text.text.to_string()),
            Value::Unknown(mark) => Json::String(mark.as_char().to_string()),
            Value::List(_, items) => items.iter().map(deeper).collect::<Result<_, _>>()?,
            Value::Map(_, entries) => {
                let mut object = serde_json::Map::new();
                for (name, value) in entries.iter() {
                    object.insert(name.to_string(), deeper(value)?);
                }
                Json::Object(object)
            }
        })
    }
    if let Value::Unknown(mark) = value {
        return Err(Stop::Unknown(*mark));
    }
    Ok(json(call, value)?.to_string())
}

/// JSON as a value.
pub(in crate::eval::bake) fn from_json(json: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::NULL,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::text(&clean(&text)),
        Json::Array(items) => Value::tuple(items.into_iter().map(from_json).collect()),
        Json::Object(entries) => Value::object(
            entries
                .into_iter()
                .map(|(name, value)| (Rc::from(&*clean(&name)), from_json(value)))
                .collect(),
        ),
    }
}

fn csv_decode(call: &Call<'_>) -> Returned {
    let text = call.known_text(0)?;
    call.budget.spend(text.len())?;
    let mut rows = csv::rows(&text).ok_or_else(|| call.fault("the text is no CSV"))?;
    if rows.is_empty() {
        return Err(call.fault("the header is missing"));
    }
    let header = rows.remove(0);
    let mut all = Vec::new();
    for row in rows {
        if row.len() != header.len() {
            return Err(call.fault("the rows differ in length"));
        }
        let entries: Entries = header
            .iter()
            .zip(row)
            .map(|(name, cell)| (Rc::from(name.as_str()), Value::text(&cell)))
            .collect();
        all.push(Value::object(entries));
    }
    Ok(Value::list(all))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, index| {
            bits << 8 | usize::from(chunk.get(index).copied().unwrap_or(0))
        });
        for index in 0..4 {
            let digit = DIGITS.get(bits >> (18 - 6 * index) & 63).copied();
            let digit = if index <= chunk.len() { digit } else { None };
            text.push(char::from(digit.unwrap_or(b'=')));
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        bits = bits << 6 | u32::try_from(digit).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 255).ok()?);
        }
    }
    Some(bytes)
}

fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
