//! Services in one form, so that those of several files can be laid over each other.

use super::tree::{Content, Entry as Pair, Node};
use crate::eval::bake::error::{Fault, Outcome};

/// What `build` may hold, beside extensions.
const BUILD: [&str; 27] = [
    "additional_contexts",
    "args",
    "cache_from",
    "cache_to",
    "context",
    "dockerfile",
    "dockerfile_inline",
    "entitlements",
    "extra_hosts",
    "isolation",
    "labels",
    "network",
    "no_cache",
    "no_cache_filter",
    "platforms",
    "privileged",
    "provenance",
    "pull",
    "sbom",
    "secrets",
    "shm_size",
    "ssh",
    "tags",
    "target",
    "ulimits",
    "image",
    "deploy",
];

/// Services in one form, so that they can be laid over each other: `build: .` is a map with a
/// context, lists of `KEY=value` are maps.
pub(super) fn canonical(services: &Node) -> Outcome<Node> {
    let mut all = Vec::new();
    for entry in services.entries() {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if entry.name.is_empty() || !entry.name.chars().all(fits) {
            let message = format!("`{}` is no name of a service", entry.name);
            return Err(Fault::at(entry.at, message));
        }
        let mut pairs = Vec::new();
        match &entry.value.content {
            Content::Null => {}
            Content::Map(given) => {
                for pair in given {
                    let mut pair = pair.clone();
                    match &*pair.name {
                        "build" => pair.value = canonical_build(pair.value)?,
                        "environment" => pair.value = mapped(pair.value, &['='])?,
                        "image" if !matches!(pair.value.content, Content::Text(_)) => {
                            return Err(Fault::at(pair.value.at, "an image must be a string"));
                        }
                        _ => {}
                    }
                    pairs.push(pair);
                }
            }
            _ => {
                let message = format!("the service `{}` must be a mapping", entry.name);
                return Err(Fault::at(entry.value.at, message));
            }
        }
        all.push(Pair {
            value: Node::new(Content::Map(pairs), entry.value.at),
            ..entry.clone()
        });
    }
    Ok(Node::new(Content::Map(all), services.at))
}

fn canonical_build(build: Node) -> Outcome<Node> {
    let at = build.at;
    let pairs = match build.content {
        Content::Text(_) => vec![Pair {
            name: "context".into(),
            at,
            value: build,
        }],
        Content::Map(pairs) => pairs,
        Content::Null => return Ok(build),
        _ => return Err(Fault::at(at, "`build` must be a string or a mapping")),
    };
    let pairs = pairs.into_iter().map(|mut pair| {
        let known = BUILD.contains(&&*pair.name) || pair.name.starts_with("x-");
        if !known {
            let message = format!("`build` has no `{}`", pair.name);
            return Err(Fault::at(pair.at, message));
        }
        match &*pair.name {
            "args" | "labels" | "additional_contexts" => pair.value = mapped(pair.value, &['='])?,
            "extra_hosts" => pair.value = mapped(pair.value, &['=', ':'])?,
            "context" | "dockerfile" | "dockerfile_inline" | "target" | "network"
                if !matches!(pair.value.content, Content::Text(_) | Content::Null) =>
            {
                let message = format!("`{}` must be a string", pair.name);
                return Err(Fault::at(pair.value.at, message));
            }
            "tags" | "platforms" | "cache_from" | "cache_to" => {
                let mut items = pair.value.items().iter();
                let texts = items.all(|item| matches!(item.content, Content::Text(_)));
                let list = matches!(pair.value.content, Content::List(_) | Content::Null);
                if !list || !texts {
                    let message = format!("`{}` must be a list of strings", pair.name);
                    return Err(Fault::at(pair.value.at, message));
                }
            }
            _ => {}
        }
        Ok(pair)
    });
    let pairs = pairs.collect::<Outcome<_>>()?;
    Ok(Node::new(Content::Map(pairs), at))
}

/// A list of `KEY=value` as a map; one without a value is null.
fn mapped(node: Node, separators: &[char]) -> Outcome<Node> {
    let at = node.at;
    let items = match node.content {
        Content::List(items) => items,
        Content::Map(_) | Content::Null => return Ok(node),
        _ => return Err(Fault::at(at, "a list or a mapping is expected")),
    };
    let mut pairs: Vec<Pair> = Vec::new();
    for item in items {
        let Some(text) = item.text() else {
            return Err(Fault::at(item.at, "a string is expected"));
        };
        let (name, content) = match text.text.split_once(separators) {
            Some((name, value)) => (name, Content::Text(value.into())),
            None => (&*text.text, Content::Null),
        };
        pairs.retain(|pair| &*pair.name != name);
        pairs.push(Pair {
            name: name.into(),
            at: item.at,
            value: Node::new(content, item.at),
        });
    }
    Ok(Node::new(Content::Map(pairs), at))
}
