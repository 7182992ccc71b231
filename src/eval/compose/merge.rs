//! Laying one compose file over another: maps by key, lists one after the other, and the keys that
//! are merged in ways of their own.

use std::rc::Rc;

use super::tree::{Content, Entry, Node};
use super::{ComposeError, Value};

/// Attributes of a service whose later value replaces the earlier, or which come in several forms;
/// what they come to is nobody's question here.
const LOOSE: &[&str] = &[
    "annotations",
    "command",
    "dns",
    "dns_opt",
    "dns_search",
    "entrypoint",
    "environment",
    "extra_hosts",
    "label_file",
    "labels",
    "logging",
    "sysctls",
    "tmpfs",
    "ulimits",
];

/// Lists of a build that may be maps of `KEY=value` as well.
const BUILD_PAIRS: &[&str] = &["additional_contexts", "args", "extra_hosts", "labels"];

/// Lists in which each entry stands once: a later one takes the place of its like.
const UNIQUE: &[&[&str]] = &[&["build", "tags"], &["profiles"]];

/// Where in a file a merge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Services,
    Service,
    Build,
    Below,
}

/// The root of a file over that of an earlier one.
///
/// # Errors
/// A list or a map is overridden by something else.
pub(super) fn files(earlier: Node, later: Node) -> Result<Node, ComposeError> {
    let mut merged = over(earlier, later, Level::Root)?;
    if let Some(services) = child(&mut merged, "services").and_then(Node::entries_mut) {
        services
            .iter_mut()
            .for_each(|entry| deduplicate(&mut entry.value));
    }
    Ok(merged)
}

/// A service over the one that it extends, or that was included under its name.
///
/// # Errors
/// A list or a map is overridden by something else.
pub(super) fn services(base: Node, own: Node) -> Result<Node, ComposeError> {
    over(base, own, Level::Service)
}

fn over(earlier: Node, later: Node, level: Level) -> Result<Node, ComposeError> {
    let at = later.at;
    match (earlier.content, later.content) {
        (Content::Map(entries), Content::Map(more)) => Ok(Node {
            content: Content::Map(maps(entries, more, level)?),
            at: earlier.at,
        }),
        (Content::List(mut items), Content::List(more)) => {
            items.extend(more);
            let content = Content::List(items);
            let at = earlier.at;
            Ok(Node { content, at })
        }
        (content @ (Content::Map(_) | Content::List(_)), Content::Null) => {
            let at = earlier.at;
            Ok(Node { content, at })
        }
        (Content::Map(_) | Content::List(_), _) if level != Level::Below => Err(ComposeError::at(
            "this cannot override what stands earlier",
            at,
        )),
        (_, content) => Ok(Node { content, at }),
    }
}

fn maps(
    mut entries: Vec<Entry>,
    more: Vec<Entry>,
    level: Level,
) -> Result<Vec<Entry>, ComposeError> {
    for entry in more {
        let index = entries.iter().position(|known| known.name == entry.name);
        let Some(known) = index.and_then(|index| entries.get_mut(index)) else {
            entries.push(entry);
            continue;
        };
        let at = known.value.at;
        let content = Content::Null;
        let earlier = std::mem::replace(&mut known.value, Node { content, at });
        known.value = pair(earlier, entry.value, level, &entry.name)?;
        known.at = entry.at;
    }
    Ok(entries)
}

fn pair(earlier: Node, later: Node, level: Level, name: &str) -> Result<Node, ComposeError> {
    let next = match (level, name) {
        (Level::Root, "services") => Level::Services,
        (Level::Services, _) => Level::Service,
        (Level::Service, "build") => Level::Build,
        _ => Level::Below,
    };
    match (level, name) {
        (Level::Service, "build") => over(long_build(earlier), long_build(later), next),
        (Level::Service, name) if LOOSE.contains(&name) => Ok(later),
        (Level::Service, "env_file") => over(list(earlier), list(later), next),
        (Level::Service, "depends_on" | "models" | "networks") => {
            over(named(earlier), named(later), next)
        }
        (Level::Build, name) if BUILD_PAIRS.contains(&name) => {
            over(pairs(earlier), pairs(later), next)
        }
        _ => over(earlier, later, next),
    }
}

fn child<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    let mut entries = node.entries_mut()?.iter_mut();
    entries.find_map(|entry| (&*entry.name == name).then_some(&mut entry.value))
}

fn deduplicate(service: &mut Node) {
    for path in UNIQUE {
        let list = path
            .iter()
            .try_fold(&mut *service, |node, name| child(node, name));
        let Some(Content::List(items)) = list.map(|list| &mut list.content) else {
            continue;
        };
        let mut places = std::collections::HashMap::new();
        let mut unique: Vec<Node> = Vec::with_capacity(items.len());
        for item in items.drain(..) {
            let key = item.value().map(|value| {
                let key = value.text.split('=').next();
                key.unwrap_or_default().to_owned()
            });
            let Some(key) = key else {
                unique.push(item);
                continue;
            };
            let place = *places.entry(key).or_insert(unique.len());
            match unique.get_mut(place) {
                Some(known) => *known = item,
                None => unique.push(item),
            }
        }
        *items = unique;
    }
}

/// `build: .` as a map with a context.
pub(super) fn long_build(build: Node) -> Node {
    if build.value().is_none() {
        return build;
    }
    let at = build.at;
    let entry = Entry {
        name: "context".into(),
        at,
        value: build,
    };
    let content = Content::Map(vec![entry]);
    Node { content, at }
}

/// A scalar or a mapping as a list of one.
pub(super) fn list(node: Node) -> Node {
    if matches!(node.content, Content::List(_) | Content::Null) {
        return node;
    }
    let at = node.at;
    let content = Content::List(vec![node]);
    Node { content, at }
}

/// A list of names as a map without values.
fn named(node: Node) -> Node {
    listed(node, |value| (value.text.clone(), None))
}

/// A list of `KEY=value` as a map.
pub(super) fn pairs(node: Node) -> Node {
    listed(node, |value| match value.text.split_once('=') {
        Some((key, text)) => {
            let text = text.to_owned();
            let variables = Vec::new();
            let rest = Value {
                text,
                variables,
                ..value.clone()
            };
            (key.to_owned(), Some(rest))
        }
        None => (value.text.clone(), None),
    })
}

fn listed(node: Node, split: impl Fn(&Value) -> (String, Option<Value>)) -> Node {
    let Content::List(items) = &node.content else {
        return node;
    };
    let mut entries: Vec<Entry> = Vec::new();
    for item in items {
        let Some(value) = item.value() else { continue };
        let (name, value) = split(value);
        let content = value.map_or(Content::Null, |value| Content::Text(Rc::new(value)));
        let at = item.at;
        entries.retain(|entry| *entry.name != *name);
        entries.push(Entry {
            name: name.into(),
            at,
            value: Node { content, at },
        });
    }
    let content = Content::Map(entries);
    Node {
        content,
        at: node.at,
    }
}
