//! What a project as a whole must have: an image or a build for each service, and whatever a service
//! refers to.

use std::collections::HashMap;

use super::loader::Loader;
use super::tree::{Content, Node};
use super::{ComposeError, Service};

/// Checks the services that the active profiles want.
pub(super) fn check(
    root: &Node,
    services: &[Service],
    loader: &Loader<'_>,
) -> Result<(), ComposeError> {
    let enabled = services.iter().filter(|service| service.enabled);
    let enabled: HashMap<&str, &Service> = enabled
        .map(|service| (service.name.as_str(), service))
        .collect();
    for service in enabled.values() {
        let Some(node) = root.path(&["services", &service.name]) else {
            continue;
        };
        let problem = unmade(service, node)
            .or_else(|| unmet(services, &enabled, node))
            .or_else(|| unread(loader, node))
            .or_else(|| undefined(root, node));
        if let Some(problem) = problem {
            let message = format!("the service `{}` {problem}", service.name);
            return Err(ComposeError::at(message, service.at));
        }
    }
    cycle(root, &enabled)
}

/// What is wrong with where a service's image comes from.
fn unmade(service: &Service, node: &Node) -> Option<String> {
    let image = service.image.as_ref();
    let image = image.is_some_and(|image| !image.text.is_empty());
    if service.build.is_none() && !image && node.get("provider").is_none() {
        return Some("has neither image nor build".to_owned());
    }
    let build = service.build.as_ref()?;
    let both = build.inline && build.dockerfile.is_some();
    both.then(|| "has a Dockerfile and an inline one".to_owned())
}

/// A service that it waits for and that is not there.
fn unmet(services: &[Service], enabled: &HashMap<&str, &Service>, node: &Node) -> Option<String> {
    let mut missing = names(node.get("depends_on")).filter(|(name, required)| {
        let known = services.iter().any(|service| service.name == *name);
        !enabled.contains_key(name) && (*required || !known)
    });
    let (name, _) = missing.next()?;
    Some(format!("depends on `{name}`, which is not there"))
}

/// A file of variables that is not there.
fn unread(loader: &Loader<'_>, node: &Node) -> Option<String> {
    let files = node.get("env_file").map(Node::items).unwrap_or_default();
    let mut missing = files.iter().filter_map(|file| {
        let required = file.get("required").map(|flag| &flag.content);
        let path = file.text().or_else(|| file.get("path")?.text())?;
        let wanted = !matches!(required, Some(Content::Bool(false)));
        (wanted && loader.text(path).is_none()).then_some(path)
    });
    let path = missing.next()?;
    Some(format!("takes variables from `{path}`, which is not there"))
}

/// What it refers to and the project does not define.
fn undefined(root: &Node, node: &Node) -> Option<String> {
    let networks: Vec<&str> = names(node.get("networks")).map(|(name, _)| name).collect();
    if node.get("network_mode").is_some() && !networks.is_empty() {
        return Some("has a network mode and networks".to_owned());
    }
    let items = |kind: &str| node.get(kind).map(Node::items).unwrap_or_default().iter();
    let source = |item: &'static str| items(item).filter_map(mounted);
    let networks = networks.into_iter().filter(|name| *name != "default");
    let volumes = items("volumes").filter_map(volume);
    let mut wanted = networks
        .map(|name| ("networks", name))
        .chain(source("secrets").map(|name| ("secrets", name)))
        .chain(source("configs").map(|name| ("configs", name)))
        .chain(volumes.map(|name| ("volumes", name)));
    let (kind, name) = wanted.find(|(kind, name)| root.path(&[kind, name]).is_none())?;
    Some(format!("refers to `{name}` of {kind}, which is not there"))
}

/// The secret or the configuration that an entry mounts.
fn mounted(entry: &Node) -> Option<&str> {
    entry.text().or_else(|| entry.get("source")?.text())
}

/// The named volume that an entry of `volumes` mounts.
fn volume(entry: &Node) -> Option<&str> {
    let named = |name: &&str| !name.is_empty() && !name.starts_with(['.', '/', '~', '\\']);
    if entry.is_map() {
        let kind = entry.get("type")?.text()?;
        let source = (kind == "volume").then(|| entry.get("source")?.text());
        return source.flatten().filter(named);
    }
    let (source, _) = entry.text()?.split_once(':')?;
    // A letter alone is a drive.
    Some(source).filter(named).filter(|source| source.len() > 1)
}

/// The names of a list or a mapping, and whether each is required.
fn names(node: Option<&Node>) -> impl Iterator<Item = (&str, bool)> {
    let items = node.map(Node::items).unwrap_or_default().iter();
    let entries = node.map(Node::entries).unwrap_or_default().iter();
    let required = |node: &Node| {
        let flag = node.get("required").map(|flag| &flag.content);
        !matches!(flag, Some(Content::Bool(false)))
    };
    items
        .filter_map(|item| Some((item.text()?, true)))
        .chain(entries.map(move |entry| (&*entry.name, required(&entry.value))))
}

/// Services must not wait for each other.
fn cycle(root: &Node, enabled: &HashMap<&str, &Service>) -> Result<(), ComposeError> {
    let needs = |name: &str| {
        let node = root.path(&["services", name, "depends_on"]);
        names(node).map(|(name, _)| name).collect::<Vec<_>>()
    };
    let mut waiting: HashMap<&str, Vec<&str>> =
        enabled.keys().map(|name| (*name, needs(name))).collect();
    loop {
        let ready: Vec<&str> = waiting
            .iter()
            .filter(|(_, needs)| !needs.iter().any(|need| waiting.contains_key(need)))
            .map(|(name, _)| *name)
            .collect();
        if ready.is_empty() {
            break;
        }
        ready.iter().for_each(|name| drop(waiting.remove(name)));
    }
    match waiting.keys().min() {
        Some(name) => {
            let message = format!("the service `{name}` waits for itself");
            Err(ComposeError::new(message))
        }
        None => Ok(()),
    }
}
