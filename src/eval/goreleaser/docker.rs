//! `dockers`, `docker_manifests` and `dockers_v2`.

use super::config::{Entry, Text};
use super::definition::{Image, Name, names, pushes};
use super::scene::{Fault, Scene};
use crate::eval::value::Truth;

/// `os/arch`, as images name a platform.
fn platform(entry: &Entry) -> String {
    let field = |name: &str, usual: &str| {
        let given = entry.text(name);
        given.map_or_else(|| usual.to_owned(), |text| text.text.clone())
    };
    let (os, arch) = (field("goos", "linux"), field("goarch", "amd64"));
    match (arch.as_str(), entry.text("goarm")) {
        ("arm", Some(version)) => format!("{os}/arm/v{}", version.text),
        ("arm", None) => format!("{os}/arm/v6"),
        _ => format!("{os}/{arch}"),
    }
}

fn dockerfile(
    scene: &Scene<'_>,
    entry: &Entry,
) -> Result<Option<(String, crate::source::Place)>, Fault> {
    let named = ["templated_dockerfile", "dockerfile"];
    match named.iter().find_map(|name| entry.text(name)) {
        Some(template) => Ok(Some((scene.one(template)?, template.at))),
        None => Ok(Some(("Dockerfile".to_owned(), entry.at))),
    }
}

/// An entry of `dockers`: one image for one platform.
pub(super) fn image(
    scene: &Scene<'_>,
    entry: &Entry,
    publishes: bool,
) -> Result<Option<Image>, Fault> {
    let names = names(scene, entry.list("image_templates"))?;
    for flag in entry.list("build_flag_templates") {
        scene.render(flag)?;
    }
    if names.is_empty() {
        return Ok(None);
    }
    let packs = entry
        .text("use")
        .is_some_and(|with| with.text == "buildpacks");
    let dockerfile = if packs {
        None
    } else {
        dockerfile(scene, entry)?
    };
    let push = if publishes {
        pushes(scene, entry.text("skip_push"))?
    } else {
        Truth::False
    };
    Ok(Some(Image {
        at: entry.at,
        dockerfile,
        platforms: vec![platform(entry)],
        names,
        joins: None,
        push,
        local: true,
    }))
}

/// An entry of `docker_manifests`: images of several platforms under one name.
pub(super) fn manifest(scene: &Scene<'_>, entry: &Entry) -> Result<Option<Image>, Fault> {
    let push = pushes(scene, entry.text("skip_push"))?;
    if push == Truth::False {
        return Ok(None);
    }
    let templates = entry.text("name_template").map(std::slice::from_ref);
    let own = names(scene, templates.unwrap_or_default())?;
    let written = entry.list("image_templates");
    if own.is_empty() || written.iter().all(|text| text.text.trim().is_empty()) {
        return Ok(None);
    }
    let sources = names(scene, written)?;
    Ok(Some(Image {
        at: entry.at,
        dockerfile: None,
        platforms: Vec::new(),
        names: own,
        joins: Some(sources.into_iter().map(|name| name.text).collect()),
        push,
        local: false,
    }))
}

/// An entry of `dockers_v2`: one image of several platforms, each name with each tag.
pub(super) fn of_platforms(scene: &Scene<'_>, entry: &Entry) -> Result<Option<Image>, Fault> {
    let given = entry.list("platforms");
    let usual = ["linux/amd64", "linux/arm64"].map(|platform| entry.usual(platform));
    let platforms = if given.is_empty() { &usual[..] } else { given };
    let platforms = names(scene, platforms)?;
    if platforms.is_empty() {
        return Ok(None);
    }
    let disabled = scene.truth(entry.text("disable"))?;
    if disabled == Truth::True {
        return Ok(None);
    }
    let dockerfile = dockerfile(scene, entry)?;
    let images = names(scene, entry.list("images"))?;
    if images.is_empty() {
        return Ok(None);
    }
    let usual = [entry.usual("{{ .Tag }}")];
    let written = entry.list("tags");
    let written: &[Text] = if written.is_empty() { &usual } else { written };
    let tags = names(scene, written)?;
    if tags.is_empty() {
        let at = written.first().map_or(entry.at, |text| text.at);
        return Err(("GoReleaser fails: no tags provided".to_owned(), at));
    }
    Ok(Some(Image {
        at: entry.at,
        dockerfile,
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

/// Each image with each tag; a name stands where its tag does.
pub(super) fn product(images: &[Name], tags: &[Name]) -> Vec<Name> {
    let mut all: Vec<Name> = Vec::new();
    for image in images {
        for tag in tags {
            let text = format!("{}:{}", image.text, tag.text);
            let doubts = image.doubts.iter().chain(&tag.doubts).copied();
            all.push(Name {
                text,
                at: tag.at,
                doubts: doubts.collect(),
            });
        }
    }
    all
}
