//! One service of a compose file as a target.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::tree::{Content, Entry as Pair, Node};
use crate::eval::bake::attribute::Field;
use crate::eval::bake::config::Fields;
use crate::eval::bake::entry::{self, Entry, Family};
use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::path;
use crate::eval::bake::value::Text;
use crate::eval::unknown::{self, Mark};

type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

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
            "context" | "dockerfile" | "dockerfile_inline" | "target" | "network" => {
                if !matches!(pair.value.content, Content::Text(_) | Content::Null) {
                    let message = format!("`{}` must be a string", pair.name);
                    return Err(Fault::at(pair.value.at, message));
                }
            }
            "tags" | "platforms" | "cache_from" | "cache_to" => {
                let texts = pair.value.items().iter();
                let texts = texts.map(|item| matches!(item.content, Content::Text(_)));
                let list = matches!(pair.value.content, Content::List(_) | Content::Null);
                if !list || !texts.fold(true, |all, one| all && one) {
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

/// A service of which nothing is known, to be extended.
pub(super) fn unknown_base(mark: Mark, at: At) -> Node {
    let text = Node::new(Content::Text(mark.as_char().to_string().into()), at);
    let map = |name: &str, value: Node| {
        let name = name.into();
        Node::new(Content::Map(vec![Pair { name, at, value }]), at)
    };
    let tags = Node::new(Content::List(vec![text.clone()]), at);
    map("image", text).merged(map("build", map("tags", tags)))
}

/// The target that a service is, if it has a build.
pub(super) fn build(
    name: &str,
    service: &Node,
    secrets: &Node,
    environment: Environment<'_>,
) -> Outcome<Option<Fields>> {
    let refused = |message: String| Fault::at(service.at, message);
    let image = service.get("image").and_then(Node::text);
    let Some(build) = service.get("build") else {
        if image.as_ref().is_none_or(|image| image.text.is_empty()) {
            return Err(refused(format!(
                "the service `{name}` has neither image nor build"
            )));
        }
        return Ok(None);
    };
    let mut fields = Fields::default();
    for (key, field) in [
        ("dockerfile", "dockerfile"),
        ("dockerfile_inline", "dockerfile-inline"),
        ("target", "target"),
        ("network", "network"),
    ] {
        let text = build.get(key).and_then(Node::text);
        if let Some(text) = text.filter(|text| !text.text.is_empty()) {
            fields.set(field, Field::Text(text));
        }
    }
    if fields.get("dockerfile").is_some() && fields.get("dockerfile-inline").is_some() {
        let message = "a build has either a Dockerfile or an inline one";
        return Err(Fault::at(build.at, message));
    }
    if let Some(mut context) = build.get("context").and_then(Node::text) {
        context.text = local(&context.text).into();
        fields.set("context", Field::Text(context));
    }
    if let Some(contexts) = build.get("additional_contexts") {
        let mut map = strings(contexts);
        for value in map.values_mut().flatten() {
            *value = context_of(&local(value)).into();
        }
        fields.set("contexts", Field::Map(map));
    }
    if let Some(args) = build.get("args") {
        fields.set("args", Field::Map(arguments(args, service, environment)));
    }
    for (key, field) in [("labels", "labels"), ("extra_hosts", "extra-hosts")] {
        if let Some(node) = build.get(key) {
            fields.set(field, Field::Map(strings(node)));
        }
    }
    for (key, field) in [("tags", "tags"), ("platforms", "platforms")] {
        let texts: Vec<Text> = build.get(key).map(texts).unwrap_or_default();
        if !texts.is_empty() {
            fields.set(field, Field::Texts(texts));
        }
    }
    for (key, field) in [("no_cache", "no-cache"), ("pull", "pull")] {
        if build
            .get(key)
            .and_then(Node::text)
            .is_some_and(|text| &*text.text == "true")
        {
            fields.set(field, Field::Flag(Ok(true)));
        }
    }
    for (key, field) in [("cache_from", "cache-from"), ("cache_to", "cache-to")] {
        let found = entries(Family::Cache, build.get(key).map(texts).unwrap_or_default())?;
        set_entries(&mut fields, field, Family::Cache, found);
    }
    set_entries(&mut fields, "attest", Family::Attest, attestations(build)?);
    set_entries(
        &mut fields,
        "secret",
        Family::Secret,
        secrets_of(name, build, secrets)?,
    );
    set_entries(&mut fields, "ssh", Family::Ssh, keys(build)?);
    if let Some(size) = build.get("shm_size").and_then(Node::text) {
        fields.set("shm-size", Field::Text(size));
    }
    if let Some(extension) = build.get("x-bake") {
        extend(&mut fields, extension)?;
    }
    if fields.texts("tags").is_empty()
        && let Some(image) = image.filter(|image| !image.text.is_empty())
    {
        fields.set("tags", Field::Texts(vec![image]));
    }
    Ok(Some(fields))
}

/// Build arguments; one without a value takes it from the service's environment or the outer one.
fn arguments(
    args: &Node,
    service: &Node,
    environment: Environment<'_>,
) -> BTreeMap<Rc<str>, Option<Rc<str>>> {
    let own = |name: &str| service.get("environment")?.get(name)?.text();
    strings(args)
        .into_iter()
        .filter_map(|(name, value)| {
            let value = value
                .or_else(|| own(&name).map(|text| text.text))
                .or_else(|| environment(&name).map(Rc::from))?;
            Some((name, Some(value)))
        })
        .collect()
}

fn strings(node: &Node) -> BTreeMap<Rc<str>, Option<Rc<str>>> {
    let pairs = node.entries().iter();
    pairs
        .map(|pair| {
            let text = match &pair.value.content {
                Content::List(items) => {
                    let texts = items.iter().filter_map(Node::text);
                    let texts: Vec<Rc<str>> = texts.map(|text| text.text).collect();
                    Some(texts.join(",").into())
                }
                _ => pair.value.text().map(|text| text.text),
            };
            (Rc::clone(&pair.name), text)
        })
        .collect()
}

/// Texts of a list, or the words of a text.
fn texts(node: &Node) -> Vec<Text> {
    if let Content::List(items) = &node.content {
        return items.iter().filter_map(Node::text).collect();
    }
    let Some(text) = node.text() else {
        return Vec::new();
    };
    let words = text.text.split_whitespace();
    words
        .map(|word| Text {
            text: word.into(),
            at: text.at,
        })
        .collect()
}

/// A local path in its short form; whatever is fetched from elsewhere stays as it is.
fn local(path: &str) -> String {
    let elsewhere = path.contains("://")
        || ["service:", "target:", "github.com/", "git@"]
            .iter()
            .any(|start| path.starts_with(start))
        || unknown::first_mark(path).is_some_and(|mark| path.starts_with(mark.as_char()));
    if elsewhere || path.is_empty() {
        return path.to_owned();
    }
    path::clean(path)
}

/// A named context: another service is another target.
fn context_of(context: &str) -> String {
    let name = context
        .strip_prefix("service:")
        .or_else(|| context.strip_prefix("target:"));
    match name {
        Some(name) => format!("target:{}", name.replace('.', "_")),
        None => context.to_owned(),
    }
}

fn entries(family: Family, texts: Vec<Text>) -> Outcome<Vec<Entry>> {
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
fn set_entries(fields: &mut Fields, name: &'static str, family: Family, more: Vec<Entry>) {
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

fn attestations(build: &Node) -> Outcome<Vec<Entry>> {
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

fn secrets_of(name: &str, build: &Node, secrets: &Node) -> Outcome<Vec<Entry>> {
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

fn keys(build: &Node) -> Outcome<Vec<Entry>> {
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

/// What `x-bake` adds to a build.
fn extend(fields: &mut Fields, extension: &Node) -> Outcome<()> {
    let listed = |name: &str| extension.get(name).map(texts).unwrap_or_default();
    for name in ["tags", "platforms", "no-cache-filter"] {
        let more = listed(name);
        if more.is_empty() {
            continue;
        }
        let mut all = fields.take_texts(name);
        all.extend(more);
        fields.set(name, Field::Texts(all));
    }
    for (name, family) in [
        ("cache-from", Family::Cache),
        ("cache-to", Family::Cache),
        ("secret", Family::Secret),
        ("ssh", Family::Ssh),
        ("output", Family::Output),
    ] {
        let more = entries(family, listed(name))?;
        set_entries(fields, name, family, more);
    }
    for name in ["pull", "no-cache"] {
        match extension.get(name).map(|node| &node.content) {
            Some(Content::Bool(flag)) => fields.set(name, Field::Flag(Ok(*flag))),
            Some(_) => {
                let message = format!("`{name}` must be a bool");
                return Err(Fault::at(extension.at, message));
            }
            None => {}
        }
    }
    if let Some(contexts) = extension.get("contexts") {
        let mut map = fields.map("contexts").cloned().unwrap_or_default();
        for (name, value) in strings(contexts) {
            let value = value.map(|value| Rc::from(context_of(&value)));
            map.entry(name).or_insert(value);
        }
        fields.set("contexts", Field::Map(map));
    }
    Ok(())
}
