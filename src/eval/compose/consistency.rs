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
    let enabled: HashMap<&str, &Service> = services
        .iter()
        .filter(|service| service.enabled)
        .map(|service| (service.name.as_str(), service))
        .collect();
    for service in enabled.values() {
        let refused = |message: String| {
            let message = format!("the service `{}` {message}", service.name);
            Err(ComposeError::at(message, service.at))
        };
        let Some(node) = root.path(&["services", &service.name]) else {
            continue;
        };
        let image = service
            .image
            .as_ref()
            .is_some_and(|image| !image.text.is_empty());
        if service.build.is_none() && !image && node.get("provider").is_none() {
            return refused("has neither image nor build".to_owned());
        }
        if let Some(build) = node.get("build")
            && build.get("dockerfile").is_some()
            && build.get("dockerfile_inline").is_some()
        {
            return refused("has a Dockerfile and an inline one".to_owned());
        }
        for (name, required) in names(node.get("depends_on")) {
            let known = services.iter().any(|service| service.name == name);
            if !enabled.contains_key(name) && (required || !known) {
                return refused(format!("depends on `{name}`, which is not there"));
            }
        }
        let networks: Vec<(&str, bool)> = names(node.get("networks")).collect();
        if node.get("network_mode").is_some() && !networks.is_empty() {
            return refused("has a network mode and networks".to_owned());
        }
        for (name, _) in networks {
            if name != "default" && root.path(&["networks", name]).is_none() {
                return refused(format!(
                    "refers to the network `{name}`, which is not there"
                ));
            }
        }
        for kind in ["secrets", "configs"] {
            for item in node.get(kind).map(Node::items).unwrap_or_default() {
                let source = item.text().or_else(|| item.get("source")?.text());
                if let Some(name) = source
                    && root.path(&[kind, name]).is_none()
                {
                    return refused(format!("refers to `{name}` of {kind}, which is not there"));
                }
            }
        }
        for file in node.get("env_file").map(Node::items).unwrap_or_default() {
            let required = file.get("required").map(|flag| &flag.content);
            let path = file.text().or_else(|| file.get("path")?.text());
            if let Some(path) = path
                && !matches!(required, Some(Content::Bool(false)))
                && loader.text(path).is_none()
            {
                return refused(format!("takes variables from `{path}`, which is not there"));
            }
        }
        for name in node.get("volumes").map(Node::items).unwrap_or_default() {
            if let Some(name) = volume(name)
                && root.path(&["volumes", name]).is_none()
            {
                return refused(format!("refers to the volume `{name}`, which is not there"));
            }
        }
    }
    cycle(root, &enabled)
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
