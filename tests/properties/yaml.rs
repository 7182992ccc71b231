//! Documents as libyaml's successor reads them (`yaml_serde`), over all of the real files.

use std::collections::BTreeMap;
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

/// The first place at which two views differ, with what is there.
fn difference(a: &View, b: &View, at: &str) -> Option<String> {
    match (a, b) {
        (View::List(a), View::List(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(index, (a, b))| difference(a, b, &format!("{at}[{index}]"))),
        (View::Map(a), View::Map(b)) if a.len() == b.len() => {
            a.iter().zip(b).find_map(|((key, a), (other, b))| {
                difference(key, other, &format!("a key of {at}"))
                    .or_else(|| difference(a, b, &format!("{at}.{key:?}")))
            })
        }
        _ => (a != b).then(|| format!("{at}: {a:?} and {b:?}")),
    }
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

fn compare(path: &Path, text: &str, counts: &mut BTreeMap<&str, usize>) -> Option<String> {
    let (ours, theirs) = (ours(text), theirs(text));
    let (outcome, differs) = match (&ours, &theirs) {
        (Ok(a), Ok(b)) if a == b => {
            *counts.entry("documents").or_default() += a.len();
            ("agree", None)
        }
        (Ok(a), Ok(b)) => {
            let mut pairs = a.iter().zip(b);
            let first = pairs.find_map(|(a, b)| difference(a, b, ""));
            let why = first.unwrap_or_else(|| format!("{} and {} documents", a.len(), b.len()));
            ("differ", Some(why))
        }
        (Err(_), Err(_)) => ("refused by both", None),
        // A key that stands twice is a finding of ours, not an end of reading.
        (Ok(_), Err(error)) if error.contains("duplicate entry") => ("with a key twice", None),
        (Ok(_), Err(error)) => ("read by us alone", Some(error.clone())),
        (Err(error), Ok(_)) => ("read by the other alone", Some(error.clone())),
    };
    *counts.entry(outcome).or_default() += 1;
    differs.map(|why| format!("{}: {outcome}: {why}", path.display()))
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
            continue;
        };
        differences.extend(compare(path, &text, &mut counts));
    }
    say(&format!("yaml: {counts:?}"));
    assert!(counts["agree"] > 2_000);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
