//! Brings a file into the form in which it is merged: builds written out, paths seen from the root.

use std::rc::Rc;

use super::load::services_mut;
use super::path::{context, joined};
use super::tree::{Content, Node};
use super::{Value, merge};

/// Builds in their long form.
pub(super) fn canonical(root: &mut Node) {
    for service in services_mut(root).into_iter().flatten() {
        let builds = service.value.entries_mut().into_iter().flatten();
        for build in builds.filter(|entry| &*entry.name == "build") {
            let at = build.value.at;
            let content = Content::Null;
            let written = std::mem::replace(&mut build.value, Node { content, at });
            build.value = merge::long_build(written);
        }
    }
}

/// Turns the paths of a file, which are relative to a folder, into paths from the root.
pub(super) fn place(root: &mut Node, folder: &str) {
    for service in services_mut(root).into_iter().flatten() {
        for entry in service.value.entries_mut().into_iter().flatten() {
            match &*entry.name {
                "build" if entry.value.is_map() => {
                    place_key(&mut entry.value, "context", context, folder)
                }
                "build" => place_path(&mut entry.value, context, folder),
                "extends" => place_key(&mut entry.value, "file", joined, folder),
                "env_file" => {
                    let at = entry.value.at;
                    let content = Content::Null;
                    let files = std::mem::replace(&mut entry.value, Node { content, at });
                    entry.value = merge::list(files);
                    for file in entry.value.items_mut() {
                        place_path(file, joined, folder);
                        place_key(file, "path", joined, folder);
                    }
                }
                _ => {}
            }
        }
    }
}

/// How a path is seen from the root, given the folder that it is relative to.
type Place = fn(&str, &str) -> String;

fn place_key(node: &mut Node, name: &str, place: Place, folder: &str) {
    let mut entries = node.entries_mut().into_iter().flatten();
    if let Some(entry) = entries.find(|entry| &*entry.name == name) {
        place_path(&mut entry.value, place, folder);
    }
}

fn place_path(node: &mut Node, place: Place, folder: &str) {
    let Content::Text(value) = &mut node.content else {
        return;
    };
    let moved = Value {
        text: place(folder, &value.text),
        variables: Vec::new(),
        ..(**value).clone()
    };
    *value = Rc::new(moved);
}

/// A build that names no context takes the project's folder.
pub(super) fn default_context(service: &mut Node, folder: &str) {
    for build in service.entries_mut().into_iter().flatten() {
        let is_build = &*build.name == "build" && build.value.is_map();
        if is_build && build.value.get("context").is_none() {
            let at = build.value.at;
            let value = Value {
                text: joined("", folder),
                at,
                variables: Vec::new(),
                problem: None,
            };
            let content = Content::Text(Rc::new(value));
            build.value.set("context", Node { content, at });
        }
    }
}
