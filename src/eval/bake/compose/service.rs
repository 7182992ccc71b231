//! One service of a compose file as a target.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::entries::{attestations, entries, keys, limits_of, memory, secrets_of, set_entries};
use super::tree::{Content, Entry as Pair, Node};
use crate::eval::bake::attribute::Field;
use crate::eval::bake::config::Fields;
use crate::eval::bake::entry::Family;
use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::path;
use crate::eval::bake::value::Text;
use crate::eval::unknown::{self, Mark};

type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

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
        fields.set("shm-size", Field::Text(memory(size)?));
    }
    if let Some(limits) = build.get("ulimits") {
        fields.set("ulimits", Field::Texts(limits_of(limits)?));
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
pub(super) fn texts(node: &Node) -> Vec<Text> {
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
pub(super) fn local(path: &str) -> String {
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
