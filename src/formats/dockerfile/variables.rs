//! The variables that `FROM` sees: those of `ARG` before the first stage, and the builder's own.

use super::expand::{Expanded, Variable, Variables, expand};
use super::lines::Lines;

/// What the builder sets for every build.
const GIVEN: &[&str] = &[
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
];

/// The variables in scope of every `FROM`.
pub(super) fn global(lines: &Lines) -> Variables {
    let given = GIVEN
        .iter()
        .map(|name| ((*name).to_owned(), Variable::Given));
    let mut variables: Variables = given.collect();
    let mut global = true;
    for instruction in &lines.instructions {
        match instruction.keyword().as_str() {
            "from" => global = false,
            "arg" if global => declare(&instruction.text, lines.escape, &mut variables),
            // An `ARG` of a stage is out of scope of every `FROM`, where it is empty.
            "arg" => {
                for (name, _) in assignments(&instruction.text) {
                    variables
                        .entry(name)
                        .or_insert_with(|| Variable::Default(String::new()));
                }
            }
            _ => {}
        }
    }
    variables
}

fn declare(text: &str, escape: char, variables: &mut Variables) {
    for (name, value) in assignments(text) {
        let variable = match value.map(|value| expand(&value, escape, variables)) {
            Some(Expanded::Known(text)) => Variable::Default(text),
            Some(Expanded::Unknown(_)) => Variable::Given,
            Some(Expanded::Refused(_)) | None => Variable::Open,
        };
        // The builder's own stay unknown where they are declared without a default.
        let own = variables.get(&name) == Some(&Variable::Given);
        if !(own && variable == Variable::Open) {
            variables.insert(name, variable);
        }
    }
}

/// The names that an `ARG` declares, with their defaults as written.
fn assignments(text: &str) -> Vec<(String, Option<String>)> {
    let rest = text.get("arg".len()..).unwrap_or_default();
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, None) if c.is_whitespace() => {
                words.push(String::new());
                continue;
            }
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
        let escaped = if c == '\\' { chars.next() } else { None };
        if let Some(word) = words.last_mut() {
            word.push(c);
            word.extend(escaped);
        }
    }
    words.retain(|word| !word.is_empty());
    words
        .into_iter()
        .map(|word| match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        })
        .collect()
}
