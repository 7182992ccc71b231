//! The structured parts of a service's build: caches, attestations, secrets, keys, limits.

use super::service::{local, texts};
use super::tree::Node;
use crate::eval::bake::attribute::Field;
use crate::eval::bake::check;
use crate::eval::bake::config::Fields;
use crate::eval::bake::entry::{self, Entry, Family};
use crate::eval::bake::error::{Fault, Outcome};
use crate::eval::bake::value::Text;
use crate::eval::unknown;

pub(super) fn entries(family: Family, texts: Vec<Text>) -> Outcome<Vec<Entry>> {
    let mut all = Vec::new();
    for text in texts {
        let found = entry::from_text(family, &text.text).map_err(|why| {
            let at = text.at.unwrap_or_default();
            Fault::at(at, why)
        })?;
        all.extend(found);
    }
    Ok(all)
}

/// Adds entries to those that are there.
pub(super) fn set_entries(
    fields: &mut Fields,
    name: &'static str,
    family: Family,
    more: Vec<Entry>,
) {
    if more.is_empty() {
        return;
    }
    let mut all = match fields.0.remove(name) {
        Some(Field::Entries(entries)) => entries,
        _ => Vec::new(),
    };
    all.extend(more);
    let all = entry::without_doubles(family, all);
    fields.set(name, Field::Entries(all));
}

pub(super) fn attestations(build: &Node) -> Outcome<Vec<Entry>> {
    let mut all = Vec::new();
    for kind in ["sbom", "provenance"] {
        let Some(text) = build.get(kind).and_then(Node::text) else {
            continue;
        };
        let line = match &*text.text {
            "" => continue,
            "true" | "1" | "t" | "T" | "TRUE" | "True" => format!("type={kind},disabled=false"),
            "false" | "0" | "f" | "F" | "FALSE" | "False" => format!("type={kind},disabled=true"),
            other => format!("type={kind},{other}"),
        };
        all.extend(entry::from_text(Family::Attest, &line)?);
    }
    Ok(all)
}

pub(super) fn secrets_of(name: &str, build: &Node, secrets: &Node) -> Outcome<Vec<Entry>> {
    let mut all = Vec::new();
    for item in build.get("secrets").map(Node::items).unwrap_or_default() {
        let source = item
            .text()
            .or_else(|| item.get("source").and_then(Node::text));
        let Some(source) = source else { continue };
        let known = secrets
            .entries()
            .iter()
            .find(|pair| pair.name == source.text);
        let Some(known) = known else {
            let message = format!(
                "`{name}` needs the secret `{}`, which is not there",
                source.text
            );
            return Err(Fault::at(item.at, message));
        };
        if known
            .value
            .get("external")
            .and_then(Node::text)
            .is_some_and(|t| &*t.text == "true")
        {
            let message = format!("the secret `{}` comes from elsewhere", source.text);
            return Err(Fault::at(item.at, message));
        }
        let mut entry = Entry::new();
        entry.insert("id".to_owned(), (&*source.text).into());
        for (key, field) in [("file", "src"), ("environment", "env")] {
            if let Some(text) = known.value.get(key).and_then(Node::text) {
                let path = if key == "file" {
                    local(&text.text)
                } else {
                    text.text.to_string()
                };
                entry.insert(field.to_owned(), path.into());
            }
        }
        all.push(entry);
    }
    Ok(all)
}

pub(super) fn keys(build: &Node) -> Outcome<Vec<Entry>> {
    let Some(node) = build.get("ssh") else {
        return Ok(Vec::new());
    };
    let mut lines = texts(node);
    for pair in node.entries() {
        let line = match pair.value.text() {
            Some(path) => format!("{}={}", pair.name, path.text),
            None => pair.name.to_string(),
        };
        lines.push(Text {
            text: line.into(),
            at: Some(pair.at),
        });
    }
    lines.sort_by(|a, b| a.text.cmp(&b.text));
    entries(Family::Ssh, lines)
}

/// A size in the form in which it is printed: four digits and a binary unit.
pub(super) fn memory(size: Text) -> Outcome<Text> {
    if !unknown::is_known(&size.text) {
        return Ok(size);
    }
    let bytes = check::bytes(&size.text)
        .ok_or_else(|| Fault::at(size.at.unwrap_or_default(), "this is no size"))?;
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut scaled = bytes.trunc();
    let mut unit = 0;
    while scaled >= 1024.0 && unit + 1 < units.len() {
        scaled /= 1024.0;
        unit += 1;
    }
    let places = match scaled {
        0.0..10.0 => 3,
        10.0..100.0 => 2,
        100.0..1000.0 => 1,
        _ => 0,
    };
    let digits = format!("{scaled:.places$}");
    let digits = match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => &digits,
    };
    let unit = units.get(unit).copied().unwrap_or_default();
    Ok(Text {
        text: format!("{digits}{unit}").into(),
        at: size.at,
    })
}

/// `name=soft:hard` for each limit.
pub(super) fn limits_of(limits: &Node) -> Outcome<Vec<Text>> {
    let mut all = Vec::new();
    for pair in limits.entries() {
        let both = pair.value.text();
        let one = |name: &str| both.clone().or_else(|| pair.value.get(name)?.text());
        let (Some(soft), Some(hard)) = (one("soft"), one("hard")) else {
            return Err(Fault::at(pair.at, "a limit needs `soft` and `hard`"));
        };
        all.push(Text {
            text: format!("{}={}:{}", pair.name, soft.text, hard.text).into(),
            at: Some(pair.at),
        });
    }
    all.sort_by(|a, b| a.text.cmp(&b.text));
    Ok(all)
}
