//! `extends`: a service laid over another one, of the same file or of a further one.

use super::load::{Model, services_mut};
use super::tree::{Node, Path};
use super::{ComposeError, merge};

/// How long a chain of services may be.
const MAX_CHAIN: usize = 100;

/// The services of a file, where they are looked up.
struct Siblings<'s> {
    file: &'s str,
    services: &'s Node,
    resets: &'s [Path],
}

/// Lays each service of a document over the one that it extends.
pub(super) fn resolve(
    model: &Model<'_, '_>,
    file: &str,
    document: &mut Node,
    resets: &[Path],
) -> Result<(), ComposeError> {
    let Some(services) = document.get("services") else {
        return Ok(());
    };
    if !services.is_map() {
        let error = ComposeError::at("services must be a mapping", services.at);
        return model.loader.unread(error, services.at);
    }
    let extends = |node: &Node| node.get("extends").is_some();
    let mut entries = services.entries().iter();
    if !entries.any(|entry| extends(&entry.value)) {
        return Ok(());
    }
    let services = services.clone();
    let siblings = Siblings {
        file,
        services: &services,
        resets,
    };
    for entry in services_mut(document).into_iter().flatten() {
        let Some(extends) = entry.value.get("extends") else {
            continue;
        };
        let at = extends.at;
        match resolved(model, &siblings, &entry.name, &mut Vec::new()) {
            Ok(Some(merged)) => entry.value = merged,
            Ok(None) => {}
            Err(error) => model.loader.unread(error, at)?,
        }
    }
    Ok(())
}

/// A service over all that it extends; `None` for one without any attributes.
fn resolved(
    model: &Model<'_, '_>,
    siblings: &Siblings<'_>,
    name: &str,
    way: &mut Vec<(String, String)>,
) -> Result<Option<Node>, ComposeError> {
    let missing = || {
        let file = siblings.file;
        ComposeError::new(format!("`{file}` has no service `{name}` to extend"))
    };
    let own = siblings.services.get(name).ok_or_else(missing)?;
    if own.is_null() {
        return Ok(None);
    }
    if !own.is_map() {
        return Err(ComposeError::at("a service must be a mapping", own.at));
    }
    let Some(extends) = own.get("extends") else {
        return Ok(Some(own.clone()));
    };
    model.loader.budget.spend(own.entries().len())?;
    let service = extends.text().or_else(|| extends.get("service")?.text());
    let service =
        service.ok_or_else(|| ComposeError::at("`extends` names no service", extends.at))?;
    let file = extends.get("file").filter(|file| !file.is_null());
    let base = match file {
        Some(file) => {
            let file = file
                .text()
                .ok_or_else(|| ComposeError::at("`file` must be a path", file.at))?;
            Some((file, model.base(file)?))
        }
        None => None,
    };
    let there = match &base {
        Some((file, base)) => Siblings {
            file,
            services: &base.services,
            resets: &base.resets,
        },
        None => Siblings { ..*siblings },
    };
    let step = (there.file.to_owned(), name.to_owned());
    if way.contains(&step) || way.len() > MAX_CHAIN {
        return Err(ComposeError::at("services extend each other", extends.at));
    }
    if base.is_some() {
        let mut extended = model.loader.extended.borrow_mut();
        extended.insert((there.file.to_owned(), service.into()));
    }
    way.push(step);
    let Some(mut source) = resolved(model, &there, service, way)? else {
        return Ok(Some(own.clone()));
    };
    for path in siblings.resets {
        if let [root, service, rest @ ..] = path.as_slice()
            && &**root == "services"
            && &**service == name
        {
            source.reset(rest);
        }
    }
    let mut merged = merge::services(source, own.clone())?;
    merged.remove("extends");
    Ok(Some(merged))
}
