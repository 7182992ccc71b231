//! A call evaluated: what it builds, what it names it, and whether it pushes that.

use super::command::{Command, Verb};
use super::config::{Config, Text};
use super::scene::{Fault, Scene, Situation, Tag, joined};
use super::{docker, ko};
use crate::eval::unknown::{self, Mark};
use crate::eval::value::Truth;
use crate::source::Place;

/// A name that an image gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The whole reference.
    pub text: String,
    /// The template that gives it.
    pub at: Place,
    /// What is not known and decides over it.
    pub doubts: Vec<Mark>,
}

/// One image.
#[derive(Debug, Clone)]
pub struct Image {
    /// The entry of the configuration.
    pub at: Place,
    /// The Dockerfile, and where it is named.
    pub dockerfile: Option<(String, Place)>,
    /// The platforms, as far as they are given.
    pub platforms: Vec<String>,
    /// Its names.
    pub names: Vec<Name>,
    /// The images that it joins, where it builds none itself.
    pub joins: Option<Vec<String>>,
    /// Whether it is pushed.
    pub push: Truth,
    /// Whether it lies on the machine under its names.
    pub local: bool,
}

/// What a call does.
#[derive(Debug, Clone, Default)]
pub struct Definition {
    /// The images, in the order of the configuration.
    pub images: Vec<Image>,
    /// What makes it fail.
    pub faults: Vec<Fault>,
}

/// Evaluates a call; `at` is where it stands.
#[must_use]
pub fn evaluate(
    config: &Config,
    command: &Command,
    situation: &Situation<'_>,
    at: Place,
) -> Definition {
    let mut definition = Definition::default();
    let released = situation.tag != Tag::None || situation.snapshot || situation.nightly;
    if command.verb == Verb::Other || !config.has_images() || !released {
        return definition;
    }
    let scene = match Scene::new(config, situation, at) {
        Ok(scene) => scene,
        Err(fault) => {
            definition.faults.push(fault);
            return definition;
        }
    };
    let publishes =
        command.verb == Verb::Release && !situation.snapshot && !command.skips("publish");
    if !command.skips("docker") {
        for entry in &config.dockers {
            match docker::image(&scene, entry, publishes) {
                Ok(image) => definition.images.extend(image),
                // Images are built before anything is pushed.
                Err(fault) => definition.faults.push(fault),
            }
        }
        if !definition.faults.is_empty() {
            definition.images.clear();
            return definition;
        }
    }
    if publishes && !command.skips("docker") {
        for entry in &config.manifests {
            match docker::manifest(&scene, entry) {
                Ok(image) => definition.images.extend(image),
                Err(fault) => definition.faults.push(fault),
            }
        }
        for entry in &config.dockers_v2 {
            match docker::of_platforms(&scene, entry) {
                Ok(image) => definition.images.extend(image),
                Err(fault) => definition.faults.push(fault),
            }
        }
    }
    if publishes && !command.skips("ko") {
        for entry in &config.kos {
            match ko::images(&scene, config, entry) {
                Ok(images) => definition.images.extend(images),
                Err(fault) => definition.faults.push(fault),
            }
        }
    }
    definition
}

/// The names that templates give; those that give nothing are dropped.
pub(super) fn names(scene: &Scene<'_>, templates: &[Text]) -> Result<Vec<Name>, Fault> {
    let mut names = Vec::new();
    for template in templates {
        for way in scene.render(template)? {
            if way.text.trim().is_empty() {
                continue;
            }
            names.push(Name {
                text: way.text,
                at: template.at,
                doubts: way.doubts,
            });
        }
    }
    Ok(names)
}

/// Whether `skip_push` lets an image through.
pub(super) fn pushes(scene: &Scene<'_>, skip: Option<&Text>) -> Result<Truth, Fault> {
    let Some(skip) = skip else {
        return Ok(Truth::True);
    };
    let rendered = scene.render(skip)?;
    let truths = rendered.iter().map(|way| match way.text.trim() {
        "true" => Truth::False,
        "auto" => !scene.prerelease,
        other => match unknown::first_mark(other) {
            Some(mark) => Truth::Unknown(mark),
            None => Truth::True,
        },
    });
    Ok(joined(truths, &rendered))
}
