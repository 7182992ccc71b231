//! `include`: other projects, each with its own folder and variables, whose services are there
//! beneath those of the file that includes them.

use std::cell::RefCell;

use super::load::{Model, empty, services_mut};
use super::path::{folder, joined};
use super::tree::{Content, Node, Path};
use super::{ComposeError, merge};

/// How deep includes nest.
const MAX_DEPTH: usize = 50;

/// Adds what a document includes to it.
pub(super) fn included(
    model: &Model<'_, '_>,
    path: &str,
    document: &mut Node,
    resets: &[Path],
) -> Result<(), ComposeError> {
    let Some(list) = document.remove("include") else {
        return Ok(());
    };
    let at = list.at;
    let Content::List(entries) = &list.content else {
        if list.is_null() {
            return Ok(());
        }
        return model
            .loader
            .unread(ComposeError::at("`include` must be a list", at), at);
    };
    for entry in entries {
        match Include::read(entry).and_then(|include| include.load(model, path)) {
            Ok(imported) => import(document, imported, resets)?,
            Err(error) => model.loader.unread(error, entry.at)?,
        }
    }
    Ok(())
}

struct Include<'n> {
    paths: Vec<&'n str>,
    folder: Option<&'n str>,
    env_files: Vec<&'n str>,
}

impl<'n> Include<'n> {
    fn read(entry: &'n Node) -> Result<Self, ComposeError> {
        let refused = || ComposeError::at("an include names a path", entry.at);
        if let Some(path) = entry.text() {
            return Ok(Self {
                paths: vec![path],
                folder: None,
                env_files: Vec::new(),
            });
        }
        let texts = |name: &str| match entry.get(name) {
            None => Some(Vec::new()),
            Some(node) => match &node.content {
                Content::Null => Some(Vec::new()),
                Content::List(items) => items.iter().map(Node::text).collect(),
                _ => node.text().map(|text| vec![text]),
            },
        };
        if !entry.is_map() {
            return Err(refused());
        }
        Ok(Self {
            paths: texts("path").ok_or_else(refused)?,
            folder: entry.get("project_directory").and_then(Node::text),
            env_files: texts("env_file").ok_or_else(refused)?,
        })
    }

    fn load(&self, model: &Model<'_, '_>, path: &str) -> Result<Node, ComposeError> {
        let missing = |path: &str| ComposeError::new(format!("`{path}` cannot be read"));
        let files = self.paths.iter().map(|path| joined(model.folder, path));
        let files: Vec<String> = files.collect();
        let Some(main) = files.first().map(String::as_str) else {
            return Ok(empty());
        };
        let project = match self.folder.filter(|folder| !folder.is_empty()) {
            Some(project) => joined(model.folder, project),
            None => folder(main).to_owned(),
        };
        let mut way = model.included.to_vec();
        way.push(path.to_owned());
        if way.iter().any(|file| file == main) || way.len() > MAX_DEPTH {
            return Err(ComposeError::new(format!("`{main}` includes itself")));
        }
        let mut texts = Vec::new();
        if self.env_files.is_empty() {
            texts.extend(model.loader.text(&joined(&project, ".env")));
        }
        for file in self.env_files.iter().filter(|file| **file != "/dev/null") {
            let file = joined(model.folder, file);
            texts.push(model.loader.text(&file).ok_or_else(|| missing(&file))?);
        }
        let mut environment = model.environment.clone();
        environment.read(&texts)?;
        let inner = Model {
            loader: model.loader,
            environment: &environment,
            folder: &project,
            included: &way,
            bases: RefCell::default(),
        };
        inner.load(&files)
    }
}

/// Adds the services of an included project; one that the document has as well lies over it.
fn import(document: &mut Node, mut imported: Node, resets: &[Path]) -> Result<(), ComposeError> {
    let Some(services) = imported.remove("services") else {
        return Ok(());
    };
    if !document.get("services").is_some_and(Node::is_map) {
        let known = document.get("services").is_some_and(|node| !node.is_null());
        if known {
            return Ok(());
        }
        document.set("services", empty());
    }
    let Some(own) = services_mut(document) else {
        return Ok(());
    };
    let Content::Map(entries) = services.content else {
        return Ok(());
    };
    for mut entry in entries {
        let known = own.iter_mut().find(|known| known.name == entry.name);
        let Some(known) = known else {
            own.push(entry);
            continue;
        };
        for path in resets {
            if let [root, name, rest @ ..] = path.as_slice()
                && &**root == "services"
                && *name == entry.name
            {
                entry.value.reset(rest);
            }
        }
        let over = std::mem::replace(&mut known.value, empty());
        known.value = merge::services(entry.value, over)?;
    }
    Ok(())
}
