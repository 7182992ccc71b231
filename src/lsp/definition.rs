//! Go to definition: from an image that something runs to the entries that publish it, and from the
//! name of a Dockerfile to the Dockerfile.

use std::path::Path;

use gen_lsp_types::{DefinitionParams, Location, Range};
use serde_json::Value;

use super::diagnostics::Drawing;
use super::lines::Lines;
use super::published::{Push, holds, pushes};
use super::server::Server;
use super::uri;
use crate::facts::{ImageUse, Resolved};
use crate::image::{ImageRef, Tag};
use crate::project::{Project, repository_root};
use crate::source::{FileId, Place};

/// Where what stands at a place comes from.
pub fn answer(server: &Server, path: &Path, params: &DefinitionParams) -> Value {
    let places = places(server, path, params).unwrap_or_default();
    serde_json::to_value(places).unwrap_or_default()
}

fn places(server: &Server, path: &Path, params: &DefinitionParams) -> Option<Vec<Location>> {
    let document = server.documents.get(path)?;
    let folder = server.folder_of(path)?;
    let project = &folder.view.project;
    let file = folder.view.file(path)?;
    let lines = Lines::new(&document.text, server.client.encoding);
    let offset = lines.offset(params.text_document_position_params.position);
    let mut drawing = Drawing::new(&folder.view, &server.client, &folder.root);
    if let Some(found) = use_at(project, file, offset)
        && let Resolved::Reference(reference) = &found.resolved
    {
        let mut places: Vec<Place> = Vec::new();
        for push in publishing(project, reference) {
            if !places.contains(&push.publication.at) {
                places.push(push.publication.at);
            }
        }
        return Some(places.into_iter().map(|at| drawing.location(at)).collect());
    }
    let builds = project.plans.iter().flat_map(|plan| &plan.builds);
    let mut named = builds.filter(|build| {
        let at = build.dockerfile_at;
        at.is_some_and(|at| holds(at, file, offset)) && build.dockerfile_exists == Some(true)
    });
    let dockerfile = named.next()?.dockerfile.as_deref()?;
    let root = folder
        .view
        .source(file)
        .and_then(|source| repository_root(source.path()))?;
    let target = folder
        .root
        .join(root)
        .join(dockerfile.trim_start_matches("./"));
    target.is_file().then(|| {
        vec![Location {
            uri: uri::of(&target),
            range: Range::default(),
        }]
    })
}

/// The image use at a place, as rules judge it.
pub fn use_at(project: &Project, file: FileId, offset: usize) -> Option<&ImageUse> {
    let here = |found: &&ImageUse| holds(found.at, file, offset);
    let judged = project.judged().find(here);
    judged.or_else(|| project.uses.iter().find(here))
}

/// What publishes an image: the very tag, else versions of the same variant, else anything of its
/// repository.
pub fn publishing<'p>(project: &'p Project, reference: &ImageRef) -> Vec<Push<'p>> {
    let all = of_repository(project, reference);
    let tag = reference.tag().unwrap_or("latest");
    let exact = |push: &&Push<'_>| push.publication.tag == tag;
    let wanted = Tag::parse(tag);
    let alike = |push: &&Push<'_>| {
        let tag = Tag::parse(&push.publication.tag);
        let versions = matches!((&wanted, &tag), (Tag::Version { .. }, Tag::Version { .. }));
        versions && tag.variant() == wanted.variant()
    };
    let exact: Vec<Push<'p>> = all.iter().filter(exact).copied().collect();
    if !exact.is_empty() {
        return exact;
    }
    let alike: Vec<Push<'p>> = all.iter().filter(alike).copied().collect();
    if alike.is_empty() { all } else { alike }
}

/// Everything that is published of an image's repository.
pub fn of_repository<'p>(project: &'p Project, reference: &ImageRef) -> Vec<Push<'p>> {
    let name = reference.normalized();
    let same = |push: &Push<'_>| {
        let image = ImageRef::parse_normalized(&push.publication.image);
        image.is_ok_and(|image| image.name() == name.name())
    };
    pushes(project).filter(same).collect()
}
