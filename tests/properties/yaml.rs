//! Documents as libyaml's successor reads them (`yaml_serde`), over all of the real files.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::Deserialize;
use serde_yaml::Value;
use taglint::yaml::{Kind, NodeRef, Typed, Yaml};

use crate::{say, shared};

/// What both readers see.
#[derive(Debug, PartialEq)]
enum View {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<View>),
    Map(Vec<(View, View)>),
}

impl View {
    fn ours(node: NodeRef<'_, '_>) -> Self {
        let node = node.resolved();
        match node.kind() {
            Kind::Missing => Self::Null,
            Kind::Sequence => Self::List(node.items().map(Self::ours).collect()),
            Kind::Mapping => Self::Map(
                node.pairs()
                    .map(|(key, value)| (Self::ours(key), Self::ours(value)))
                    .collect(),
            ),
            Kind::Scalar => match node.scalar().unwrap().typed() {
                Typed::Null => Self::Null,
                Typed::Bool(value) => Self::Bool(value),
                Typed::Number(value) => Self::Number(value),
                Typed::Text(text) => Self::Text(text.to_owned()),
            },
        }
    }

    fn theirs(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number.as_f64().unwrap()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Sequence(items) => Self::List(items.iter().map(Self::theirs).collect()),
            Value::Mapping(pairs) => Self::Map(
                pairs
                    .iter()
                    .map(|(key, value)| (Self::theirs(key), Self::theirs(value)))
                    .collect(),
            ),
            Value::Tagged(tagged) => Self::theirs(&tagged.value),
        }
    }
}

/// Each place at which two views differ, with what is there.
fn differences<'v>(
    a: &'v View,
    b: &'v View,
    at: &str,
    out: &mut Vec<(String, &'v View, &'v View)>,
) {
    match (a, b) {
        (View::List(a), View::List(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(a, b, &format!("{at}[{index}]"), out);
            }
        }
        (View::Map(a), View::Map(b)) if a.len() == b.len() => {
            for ((key, a), (other, b)) in a.iter().zip(b) {
                differences(key, other, &format!("a key of {at}"), out);
                differences(a, b, &format!("{at}.{key:?}"), out);
            }
        }
        _ if a != b => out.push((at.to_owned(), a, b)),
        _ => {}
    }
}

/// Why two readers may see different things at one place; `None` where there is no reason.
fn reason(a: &View, b: &View, text: &str) -> Option<&'static str> {
    match (a, b) {
        // By the core schema, `0644` is a number; the other takes it for text.
        (View::Number(a), View::Text(b)) if b.starts_with('0') && b.parse() == Ok(*a) => {
            Some("zeros before a number")
        }
        // An alias means the last anchor before it; to the other, the last one of the document.
        (View::Text(_), View::Text(_)) if has_an_anchor_twice(text) => Some("an anchor twice"),
        (View::Null, View::Text(b)) if b.is_empty() && text.contains("!!python/") => {
            Some("nothing, under a tag")
        }
        _ => None,
    }
}

fn has_an_anchor_twice(text: &str) -> bool {
    let mut anchors = HashSet::new();
    text.split_whitespace()
        .filter(|word| word.starts_with('&') && word.len() > 1 && !word.starts_with("&&"))
        .any(|anchor| !anchors.insert(anchor))
}

/// The documents that hold something; `Err` with the reason where a reader refuses the text.
fn ours(text: &str) -> Result<Vec<View>, String> {
    let yaml = Yaml::parse(text);
    match yaml.errors().first() {
        Some(error) => Err(error.message.clone()),
        None => Ok(yaml
            .documents()
            .map(View::ours)
            .filter(|view| *view != View::Null)
            .collect()),
    }
}

fn theirs(text: &str) -> Result<Vec<View>, String> {
    let mut views = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let value = Value::deserialize(document).map_err(|error| error.to_string())?;
        views.push(View::theirs(&value));
    }
    views.retain(|view| *view != View::Null);
    Ok(views)
}

fn compare(path: &Path, text: &str, counts: &mut BTreeMap<&str, usize>) -> Vec<String> {
    let (ours, theirs) = (ours(text), theirs(text));
    let path = path.display();
    let mut unexplained = Vec::new();
    let outcome = match (&ours, &theirs) {
        (Ok(a), Ok(b)) if a == b => {
            *counts.entry("documents in files that agree").or_default() += a.len();
            "agree"
        }
        (Ok(a), Ok(b)) if a.len() != b.len() => {
            unexplained.push(format!("{path}: {} and {} documents", a.len(), b.len()));
            "differ"
        }
        (Ok(a), Ok(b)) => {
            let mut found = Vec::new();
            for (a, b) in a.iter().zip(b) {
                differences(a, b, "", &mut found);
            }
            for (at, a, b) in found {
                match reason(a, b, text) {
                    Some(reason) => *counts.entry(reason).or_default() += 1,
                    None => unexplained.push(format!("{path} at {at}: {a:?} and {b:?}")),
                }
            }
            "differ"
        }
        (Err(_), Err(_)) => "refused by both",
        // A key that stands twice is a finding of ours, not an end of reading.
        (Ok(_), Err(error)) if error.contains("duplicate entry") => "with a key twice",
        (Ok(_), Err(error)) => {
            unexplained.push(format!("{path}: refused by the other: {error}"));
            "read by us alone"
        }
        (Err(error), Ok(_)) => {
            unexplained.push(format!("{path}: refused by us: {error}"));
            "read by the other alone"
        }
    };
    *counts.entry(outcome).or_default() += 1;
    unexplained
}

#[test]
fn real_files_are_read_as_another_reader_reads_them() {
    let Some(corpus) = shared("corpus") else {
        return;
    };
    let mut counts = BTreeMap::new();
    let mut differences = Vec::new();
    for entry in walkdir::WalkDir::new(&corpus).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path();
        if !path
            .extension()
            .is_some_and(|end| end == "yml" || end == "yaml")
            || !path.is_file()
        {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(path) else {
            *counts.entry("not UTF-8").or_default() += 1;
            continue;
        };
        differences.extend(compare(path, &text, &mut counts));
    }
    say(&format!("yaml: {counts:?}"));
    assert!(counts["agree"] > 2_000);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
