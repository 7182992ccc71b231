//! `kos`: images that ko builds from Go packages.

use super::config::{Config, Entry, Text};
use super::definition::{Image, Name, names};
use super::docker::product;
use super::scene::{Fault, Scene};
use crate::eval::go_template::Value;
use crate::eval::ko::{self, Naming};
use crate::eval::value::Truth;

pub(super) fn images(
    scene: &Scene<'_>,
    config: &Config,
    entry: &Entry,
) -> Result<Option<Image>, Fault> {
    let disabled = scene.truth(entry.text("disable"))?;
    if disabled == Truth::True {
        return Ok(None);
    }
    let usual = [entry.usual("latest")];
    let written = entry.list("tags");
    let tags = names(scene, if written.is_empty() { &usual } else { written })?;
    let repositories = repositories(scene, entry)?;
    let usual = [entry.usual("linux/amd64")];
    let given = entry.list("platforms");
    let platforms = names(scene, if given.is_empty() { &usual } else { given })?;
    let mut images = repositories;
    // The image is built for the first one; the others get copies under their plain name.
    if let Some(first) = images.first_mut() {
        first.text = named(scene, config, entry, &first.text);
    }
    Ok(Some(Image {
        at: entry.at,
        dockerfile: None,
        platforms: platforms
            .into_iter()
            .map(|platform| platform.text)
            .collect(),
        names: product(&images, &tags),
        joins: None,
        push: !disabled,
        local: false,
    }))
}

/// Where to; the environment's word counts more than the configuration's.
fn repositories(scene: &Scene<'_>, entry: &Entry) -> Result<Vec<Name>, Fault> {
    let of_environment = scene.variable("KO_DOCKER_REPO");
    let written = entry.list("repositories").iter();
    let written: Vec<Text> = written
        .chain(entry.text("repository"))
        .filter(|text| !text.text.is_empty())
        .cloned()
        .collect();
    // A variable that something may have set is none that one counts on.
    let counts = |value: &Value| written.is_empty() || !matches!(value, Value::Unknown(_));
    if let Some(value) = of_environment.filter(counts)
        && !value.print().is_empty()
    {
        return Ok(vec![Name {
            text: value.print(),
            at: entry.at,
            doubts: Vec::new(),
        }]);
    }
    if written.is_empty() {
        let message = "GoReleaser fails: ko has no repository, and $KO_DOCKER_REPO is not set";
        return Err((message.to_owned(), entry.at));
    }
    names(scene, &written)
}

fn named(scene: &Scene<'_>, config: &Config, entry: &Entry, repository: &str) -> String {
    let naming = Naming::of(
        entry.is("bare"),
        entry.is("base_import_paths"),
        entry.is("preserve_import_paths"),
    );
    if naming == Naming::Bare {
        return repository.to_owned();
    }
    let path = import_path(scene, config, entry).unwrap_or_else(|| {
        let reason = "the path of the Go module";
        let unknowns = scene.situation.unknowns;
        let mark = unknowns.note_at("an import path", reason, Some(entry.at));
        mark.as_char().to_string()
    });
    ko::name(repository, &path, naming, scene.situation.unknowns)
}

/// The path of the package: the module's, and the folder in it.
fn import_path(scene: &Scene<'_>, config: &Config, entry: &Entry) -> Option<String> {
    let project = match &scene.project {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    let own = entry.text("build").or_else(|| entry.text("id"));
    let wanted = own
        .map(|text| text.text.clone())
        .or_else(|| project.clone());
    let mut builds = config.builds.iter();
    let build = builds.find(|build| {
        let id = build.id.as_ref().map(|id| id.text.clone());
        id.or_else(|| project.clone()) == wanted && wanted.is_some()
    });
    let of_build = |field: fn(&super::config::Build) -> Option<&Text>| build.and_then(field);
    let main = entry
        .text("main")
        .or_else(|| of_build(|build| build.main.as_ref()));
    let folder = entry
        .text("working_dir")
        .or_else(|| of_build(|build| build.dir.as_ref()));
    let folder = folder.map_or("", |text| text.text.as_str());
    let module = (scene.situation.module)(folder.trim_start_matches("./").trim_matches('/'))?;
    let main = main.map_or(".", |text| text.text.as_str());
    Some(ko::import_path(&module, main))
}
