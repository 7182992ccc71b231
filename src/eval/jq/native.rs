//! Functions that make one value of another and of the values of their arguments.

use super::evaluate::Stop;
use super::json::{self, Fault};
use super::operator::{add, describe, fail};
use super::value::{Fields, Value, sorted_keys};
use super::{array, format, iterate, number, path, pattern, text, time};

/// Calls a function; what is not there is not evaluated.
pub(super) fn call(name: &str, value: &Value, arguments: &[Value]) -> Result<Value, Stop> {
    match arguments {
        [] => plain(name, value),
        [argument] => with_one(name, value, argument),
        [first, second] => match name {
            "_match" => pattern::find(value, first, second, false),
            "test" => pattern::find(value, first, second, true),
            "pow" => number::two(name, first, second),
            "atan2" | "fmod" | "ldexp" | "fmin" | "fmax" => number::two(name, first, second),
            _ => Err(Stop::Unknown),
        },
        _ => Err(Stop::Unknown),
    }
}

fn plain(name: &str, value: &Value) -> Result<Value, Stop> {
    Ok(match name {
        "length" => length(value)?,
        "utf8bytelength" => match value {
            Value::String(text) if value.is_known() => Value::count(text.len()),
            Value::String(_) => return Err(Stop::Unknown),
            other => {
                return fail(format!(
                    "{} only strings have UTF-8 byte length",
                    describe(other)
                ));
            }
        },
        "keys" | "keys_unsorted" => keys(value, name == "keys")?,
        "to_entries" => to_entries(value)?,
        "from_entries" => from_entries(value)?,
        "type" => Value::text(value.type_name()),
        "add" => sum(value)?,
        "tostring" => Value::text(format::text(value)?),
        "tojson" => Value::text(json::compact(value).ok_or(Stop::Unknown)?),
        "fromjson" => from_json(value)?,
        "tonumber" => number::parse(value)?,
        "infinite" => Value::number(f64::INFINITY),
        "nan" => Value::number(f64::NAN),
        "null" => Value::Null,
        "isinfinite" => Value::Bool(number::of(value)?.is_infinite()),
        "isnan" => Value::Bool(number::of(value)?.is_nan()),
        "isnormal" => Value::Bool(number::of(value)?.is_normal()),
        "sort" => array::sorted(value)?,
        "unique" => array::by_itself("unique_by", value)?,
        "min" => array::by_itself("min_by", value)?,
        "max" => array::by_itself("max_by", value)?,
        "reverse" => array::reverse(value)?,
        "flatten" => array::flatten(value, 1e9)?,
        "transpose" => iterate::transpose(value)?,
        "toarray" => match value {
            Value::Array(_) => value.clone(),
            other => Value::array(vec![other.clone()]),
        },
        "ascii_downcase" | "ascii_upcase" | "explode" | "implode" | "trim" | "ltrim" | "rtrim" => {
            text::plain(name, value)?
        }
        "todate" | "mktime" | "gmtime" => time::plain(name, value)?,
        _ => number::plain(name, value)?,
    })
}

fn with_one(name: &str, value: &Value, argument: &Value) -> Result<Value, Stop> {
    Ok(match name {
        "has" => Value::Bool(has(value, argument)?),
        "contains" => Value::Bool(array::contains(value, argument)?),
        "index" | "rindex" | "indices"
            if !matches!(value, Value::Null | Value::String(_) | Value::Array(_)) =>
        {
            return Err(Stop::Unknown);
        }
        "index" | "rindex" | "indices" => {
            let found = array::indices(value, argument)?;
            match name {
                _ if matches!(value, Value::Null) => Value::Null,
                "index" => found.first().cloned().unwrap_or(Value::Null),
                "rindex" => found.last().cloned().unwrap_or(Value::Null),
                _ => Value::array(found),
            }
        }
        "flatten" => array::flatten(value, number::of(argument)?)?,
        "delpaths" => match argument {
            Value::Array(paths) => path::delete_all(value, &paths.items)?,
            _ => return fail("Paths must be specified as an array".to_owned()),
        },
        "strftime" | "strptime" => time::formatted(name, value, argument)?,
        "test" | "_match" => match argument {
            Value::Array(parts) => {
                let part = |at| parts.items.get(at).cloned().unwrap_or(Value::Null);
                pattern::find(value, &part(0), &part(1), name == "test")?
            }
            _ => pattern::find(value, argument, &Value::Null, name == "test")?,
        },
        "ltrimstr" | "rtrimstr" | "trimstr" | "startswith" | "endswith" | "split" | "join" => {
            text::with_one(name, value, argument)?
        }
        _ => return Err(Stop::Unknown),
    })
}

fn length(value: &Value) -> Result<Value, Stop> {
    Ok(match value {
        Value::Null => Value::number(0.0),
        Value::Bool(_) => return fail(format!("{} has no length", describe(value))),
        Value::Number(number, _) => Value::number(number.abs()),
        Value::String(text) if value.is_known() => Value::count(text.chars().count()),
        Value::String(_) => return Err(Stop::Unknown),
        Value::Array(array) => Value::count(array.items.len()),
        Value::Object(object) if object.named => Value::count(object.fields.len()),
        Value::Object(_) => return Err(Stop::Unknown),
    })
}

fn keys(value: &Value, sorted: bool) -> Result<Value, Stop> {
    match value {
        Value::Object(object) => {
            let keys = if sorted {
                if !object.named {
                    return Err(Stop::Unknown);
                }
                sorted_keys(&object.fields)
            } else {
                object.fields.keys().cloned().collect()
            };
            Ok(Value::array(keys.into_iter().map(Value::String).collect()))
        }
        Value::Array(array) => Ok(Value::array(
            (0..array.items.len()).map(Value::count).collect(),
        )),
        other => fail(format!("{} has no keys", describe(other))),
    }
}

fn to_entries(value: &Value) -> Result<Value, Stop> {
    if let Value::Array(array) = value {
        let entries = array.items.iter().enumerate().map(|(at, value)| {
            Value::record([("key", Value::count(at)), ("value", value.clone())])
        });
        return Ok(Value::array(entries.collect()));
    }
    let Value::Object(object) = value else {
        return fail(format!("{} has no keys", describe(value)));
    };
    let entries = object.fields.iter().map(|(name, value)| {
        Value::record([
            ("key", Value::String(name.clone())),
            ("value", value.clone()),
        ])
    });
    Ok(Value::array(entries.collect()))
}

fn from_entries(value: &Value) -> Result<Value, Stop> {
    let Value::Array(array) = value else {
        return fail(format!("Cannot iterate over {}", describe(value)));
    };
    let mut fields = Fields::new();
    for entry in &array.items {
        let Value::Object(entry) = entry else {
            return path::element(entry, &Value::text("key"));
        };
        let mut key = Value::Null;
        for name in ["key", "k", "name", "Name", "K", "Key"] {
            match entry.fields.get(name) {
                None | Some(Value::Null) => {}
                Some(Value::Bool(false)) if name == "key" => {
                    key = Value::Bool(false);
                    break;
                }
                Some(Value::Bool(false)) => {}
                Some(own) => {
                    key = own.clone();
                    break;
                }
            }
        }
        let name = match &key {
            Value::String(name) => name.clone(),
            // Versions differ in what is a key besides text.
            Value::Number(..) | Value::Null | Value::Bool(_) => return Err(Stop::Unknown),
            other => {
                return fail(format!("Cannot use {} as object key", describe(other)));
            }
        };
        let own = ["value", "v", "Value", "V"]
            .iter()
            .find_map(|name| entry.fields.get(*name));
        fields.insert(name, own.cloned().unwrap_or(Value::Null));
    }
    Ok(Value::object(fields))
}

fn sum(value: &Value) -> Result<Value, Stop> {
    let items: Vec<&Value> = match value {
        Value::Array(array) => array.items.iter().collect(),
        Value::Object(object) => object.fields.values().collect(),
        other => return fail(format!("Cannot iterate over {}", describe(other))),
    };
    // Long rows of texts and arrays are put together at once.
    if let Some(texts) = items
        .iter()
        .map(|item| match item {
            Value::String(text) => Some(&**text),
            _ => None,
        })
        .collect::<Option<Vec<&str>>>()
        && !texts.is_empty()
    {
        return Ok(Value::text(texts.concat()));
    }
    if items.len() > 1 && items.iter().all(|item| matches!(item, Value::Array(_))) {
        let parts = items.iter().filter_map(|item| match item {
            Value::Array(array) => Some(array.items.iter().cloned()),
            _ => None,
        });
        return Ok(Value::array(parts.flatten().collect()));
    }
    let mut total = Value::Null;
    for item in items {
        total = add(&total, item)?;
    }
    Ok(total)
}

fn from_json(value: &Value) -> Result<Value, Stop> {
    let Value::String(text) = value else {
        return fail(format!("{} cannot be parsed as JSON", describe(value)));
    };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    match json::Reader::only(text) {
        Ok(value) => Ok(value),
        Err(Fault::Unknown) => Err(Stop::Unknown),
        Err(Fault::Broken) => fail(format!("{text} (while parsing '{text}')")),
    }
}

fn has(value: &Value, key: &Value) -> Result<bool, Stop> {
    match (value, key) {
        (Value::Object(object), Value::String(name)) => {
            if !object.named || !key.is_known() {
                return Err(Stop::Unknown);
            }
            Ok(object.fields.contains_key(name))
        }
        (Value::Array(array), Value::Number(at, _)) => {
            #[allow(clippy::cast_precision_loss)]
            let length = array.items.len() as f64;
            Ok(*at >= 0.0 && *at < length)
        }
        (Value::Null, _) => Ok(false),
        _ => fail(format!(
            "Cannot check whether {} has a {} key",
            value.type_name(),
            match key {
                Value::String(_) => "string",
                other => other.type_name(),
            }
        )),
    }
}
