//! Compose files as bake definitions: each service with a `build` is a target, whatever its profile.

mod canonical;
mod entries;
mod service;
mod tree;

use std::rc::Rc;

use super::BakeFile;
use super::asked::Asked;
use super::config::{Config, Draft};
use super::error::{At, Fault, Outcome};
use crate::yaml::{Kind, Yaml};
use tree::{Content, Node};

/// How often `extends` is followed.
const MAX_EXTENDS: usize = 50;

/// Whether a file is read as a compose file: by its ending, and without one that says so, by what
/// it holds.
pub(super) fn is_compose(file: &BakeFile<'_>) -> bool {
    let name = file.name.to_ascii_lowercase();
    if name.ends_with(".yml") || name.ends_with(".yaml") {
        return true;
    }
    if name.ends_with(".json") || name.ends_with(".hcl") {
        return false;
    }
    let yaml = Yaml::parse(file.text);
    let services = yaml.first().and_then(|root| root.get("services"));
    yaml.errors().is_empty() && services.is_some_and(|services| services.kind() == Kind::Mapping)
}

/// Reads the compose files of a request, merged in order.
pub(super) fn read(request: &Asked<'_>, files: &[usize], config: &mut Config) -> Outcome<()> {
    let environment = |name: &str| {
        let set = request.environment(name);
        match name {
            "COMPOSE_PROJECT_NAME" => set.filter(|name| !name.is_empty()).or(Some("bake".into())),
            _ => set,
        }
    };
    let mut services = Node::empty();
    let mut secrets = Node::empty();
    for index in files {
        let Some(file) = request.files.get(*index) else {
            continue;
        };
        let mut reader = tree::Reader::new(*index, &environment);
        let yaml = Yaml::parse(file.text);
        if let Some(error) = yaml.errors().first() {
            let at = At::new(*index, error.span.start..error.span.end);
            return Err(Fault::at(at, error.message.clone()));
        }
        let mut said = false;
        for document in yaml.documents() {
            let root = reader.read(document)?;
            if let Some(given) = root.entry("services").map(|entry| &entry.value) {
                if !matches!(given.content, Content::Map(_)) {
                    return Err(Fault::at(given.at, "services must be a mapping"));
                }
                services = services.merged(canonical::canonical(given)?);
                said = true;
            }
            if let Some(given) = root.get("secrets") {
                secrets = secrets.merged(given.clone());
                said = true;
            }
            if let Some(include) = root.get("include") {
                let mark = request.note("include", "other compose files, which are not read");
                config
                    .open
                    .push((mark.as_char().to_string().into(), include.at));
            }
        }
        if !said {
            let at = At::new(*index, 0..0);
            return Err(Fault::at(at, "the compose file is empty"));
        }
    }
    let Content::Map(entries) = &services.content else {
        return Ok(());
    };
    if entries.is_empty() {
        return Ok(());
    }
    let mut names: Vec<&Rc<str>> = entries.iter().map(|entry| &entry.name).collect();
    names.sort();
    let mut members = Vec::new();
    for name in names {
        let own = extended(&services, name, request, 0)?;
        let build = service::build(name, &own, &secrets, &environment)?;
        let Some(fields) = build else { continue };
        let target: Rc<str> = name.replace('.', "_").into();
        super::instance::check_name(&target).map_err(|fault| fault.or_at(own.at))?;
        members.push(Rc::clone(&target));
        let entry = entries.iter().find(|entry| entry.name == *name);
        config.add_target(Draft {
            name: target,
            fields,
            at: entry.map_or(own.at, |entry| entry.at),
        });
    }
    config.add_group(&"default".into(), members);
    Ok(())
}

/// A service over the ones that it extends.
fn extended(services: &Node, name: &str, request: &Asked<'_>, depth: usize) -> Outcome<Node> {
    let Some(own) = services.get(name) else {
        return Err(Fault::new(format!("there is no service named `{name}`")));
    };
    let Some(extends) = own.get("extends") else {
        return Ok(own.clone());
    };
    if depth > MAX_EXTENDS {
        return Err(Fault::at(extends.at, "services extend each other"));
    }
    let base = match &extends.content {
        Content::Text(base) => Rc::clone(base),
        _ if extends.get("file").is_some() => {
            // What stands in the other file is not known: tags, and whether there is a build at all.
            let mark = request.note("extends", "a service of another file, which is not read");
            let base = service::unknown_base(mark, extends.at);
            return Ok(base.merged(own.clone()));
        }
        _ => match extends.get("service").map(|node| &node.content) {
            Some(Content::Text(base)) => Rc::clone(base),
            _ => return Err(Fault::at(extends.at, "`extends` names no service")),
        },
    };
    let base =
        extended(services, &base, request, depth + 1).map_err(|fault| fault.or_at(extends.at))?;
    Ok(base.merged(own.clone()))
}
