//! Structured entries of `output`, `cache-from`, `attest`, `secret`, `ssh`: written as a line of CSV
//! or as an object.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;

use super::csv;
use super::value::Value;
use crate::eval::unknown;

/// The fields of an entry: texts, and where the form asks for it a truth or a list.
pub(super) type Entry = BTreeMap<String, Json>;

/// Which attribute an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Output,
    Cache,
    Attest,
    Secret,
    Ssh,
    Policy,
}

fn one(fields: &[(&str, &str)]) -> Entry {
    fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Json::from(*text)))
        .collect()
}

/// The entries that a text stands for: none where it is empty.
pub(super) fn from_text(family: Family, text: &str) -> Result<Vec<Entry>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let refused = || format!("`{}` is no valid entry", unknown::pattern(text));
    if family == Family::Ssh {
        return Ok(vec![ssh(text)]);
    }
    let fields = csv::fields(text).ok_or_else(refused)?;
    match (family, fields.as_slice()) {
        (Family::Output, [single]) if single == text && !text.starts_with("type=") => {
            // What is not known may be a whole entry.
            let open =
                unknown::first_mark(text).is_some_and(|mark| text.starts_with(mark.as_char()));
            return Ok(vec![match (text, open) {
                (_, true) => one(&[("type", text)]),
                ("-", _) => one(&[("type", "tar"), ("dest", "-")]),
                _ => one(&[("type", "local"), ("dest", text)]),
            }]);
        }
        (Family::Cache, fields) if !text.contains('=') => {
            let entry = |field: &String| one(&[("type", "registry"), ("ref", field)]);
            return Ok(fields.iter().map(entry).collect());
        }
        _ => {}
    }
    let mut entry = Entry::new();
    for field in &fields {
        let (name, value) = match field.split_once('=') {
            Some(pair) => pair,
            None if unknown::first_mark(field).is_some() => (field.as_str(), ""),
            None => return Err(refused()),
        };
        let lower = name.trim().to_lowercase();
        let name = match (family, lower.as_str()) {
            (Family::Secret, "source") => "src".to_owned(),
            (Family::Attest, "type" | "disabled") => lower,
            (Family::Attest, _) => name.to_owned(),
            _ => lower,
        };
        entry.insert(name, Json::from(value));
    }
    finish(family, entry).map(|entry| vec![entry])
}

/// `id` or `id=path,path`.
fn ssh(text: &str) -> Entry {
    let (id, paths) = text.split_once('=').unwrap_or((text, ""));
    let mut entry = one(&[("id", id)]);
    if !paths.is_empty() {
        let paths: Vec<&str> = paths.split(',').collect();
        entry.insert("paths".to_owned(), Json::from(paths));
    }
    entry
}

/// The entry that an object stands for.
pub(super) fn from_value(family: Family, value: &Value) -> Result<Entry, String> {
    let entries = match value {
        Value::Unknown(mark) => return Ok(one(&[("type", &mark.as_char().to_string())])),
        Value::Map(_, entries) => entries,
        other => return Err(format!("an entry cannot be {}", other.kind_name())),
    };
    let mut entry = Entry::new();
    for (name, value) in entries.iter() {
        let json = match value {
            Value::Null(_) => continue,
            Value::List(_, items) => {
                let texts = items.iter().filter_map(Value::to_text);
                Json::from(texts.map(|text| text.to_string()).collect::<Vec<_>>())
            }
            value => match value.to_text() {
                Some(text) => Json::from(&*text),
                None => return Err(format!("`{name}` of an entry must be a string")),
            },
        };
        entry.insert(name.to_string(), json);
    }
    finish(family, entry)
}

fn finish(family: Family, mut entry: Entry) -> Result<Entry, String> {
    let has_type = entry
        .get("type")
        .and_then(Json::as_str)
        .is_some_and(|kind| !kind.is_empty());
    match family {
        Family::Output | Family::Cache | Family::Attest if !has_type => {
            let open = entry.keys().any(|name| !unknown::is_known(name));
            if !open {
                return Err("an entry needs a type".to_owned());
            }
        }
        Family::Output if entry.get("dest").and_then(Json::as_str) == Some("") => {
            entry.remove("dest");
        }
        Family::Attest => match entry.get("disabled").and_then(Json::as_str) {
            Some("1" | "t" | "T" | "true" | "TRUE" | "True") => {
                entry.insert("disabled".to_owned(), Json::from(true));
            }
            Some("0" | "f" | "F" | "false" | "FALSE" | "False") => {
                entry.remove("disabled");
            }
            Some(text) if unknown::is_known(text) => {
                return Err(format!("`{text}` is no bool"));
            }
            _ => {}
        },
        Family::Secret => {
            let kind = entry.remove("type");
            if kind.as_ref().and_then(Json::as_str) == Some("env")
                && !entry.contains_key("env")
                && let Some(source) = entry.remove("src")
            {
                entry.insert("env".to_owned(), source);
            }
        }
        _ => {}
    }
    Ok(entry)
}

/// Each entry once; of attestations, the last of each type, at the place of the first.
pub(super) fn without_doubles(family: Family, entries: Vec<Entry>) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let key = match family {
            Family::Attest => entry.get("type").map(Json::to_string),
            _ => serde_json::to_string(&entry).ok(),
        };
        let key = key.unwrap_or_default();
        match places.get(&key).and_then(|place| kept.get_mut(*place)) {
            Some(known) => *known = entry,
            None => {
                places.insert(key, kept.len());
                kept.push(entry);
            }
        }
    }
    kept
}

/// The entry as an expression sees it.
pub(super) fn to_value(entry: &Entry) -> Value {
    let value = |json: &Json| match json {
        Json::String(text) => Value::text(text),
        Json::Bool(value) => Value::text(if *value { "true" } else { "false" }),
        Json::Array(items) => Value::list(
            items
                .iter()
                .filter_map(|item| item.as_str().map(Value::text))
                .collect(),
        ),
        _ => Value::NULL,
    };
    let entries = entry
        .iter()
        .map(|(name, json)| (Rc::from(name.as_str()), value(json)));
    Value::Map(true, Rc::new(entries.collect()))
}
