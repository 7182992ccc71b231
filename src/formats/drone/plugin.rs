//! Plugins that build and push images: what each is told, and what it publishes for that.

use super::definition::Pipeline;
use super::manifest;
use super::settings::Told;
use super::tags;
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::Truth;
use crate::files::Files;
use crate::formats::ci::event::Event;
use crate::formats::ci::ledger::Ledger;
use crate::formats::ci::text::Text;
use crate::source::Place;

/// A step that uses a plugin, and what is around it.
pub struct Use<'a> {
    /// The settings.
    pub told: Told<'a>,
    /// The pipeline of the step.
    pub pipeline: &'a Pipeline,
    /// What happens.
    pub event: &'a Event,
    /// The repository.
    pub files: &'a dyn Files,
    /// Where the step stands.
    pub at: Place,
}

/// What is known of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plugin {
    /// Drone's docker plugin and those made after it.
    Docker,
    /// The one that puts Amazon's registry before the image.
    Ecr,
    /// Google's container registry.
    Gcr,
    /// Google's artifact registry.
    Gar,
    /// Azure's registry.
    Acr,
    /// Woodpecker's buildx plugin: several repositories, tags of its own beside the automatic ones.
    Buildx,
    /// Builds by kaniko.
    Kaniko,
    /// Joins images of several processors.
    Manifest,
}

/// The plugin that an image is, by the last two parts of its name.
fn plugin(image: &str) -> Option<Plugin> {
    let name = image.split('@').next().unwrap_or_default();
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    let end = name.get(slash..)?.find(':').map(|at| slash + at);
    let name = name.get(..end.unwrap_or(name.len()))?;
    let mut parts = name.rsplit('/');
    let (last, owner) = (parts.next()?, parts.next().unwrap_or_default());
    Some(match (owner, last) {
        ("plugins", "docker" | "heroku" | "buildx") => Plugin::Docker,
        ("plugins", "ecr" | "buildx-ecr") => Plugin::Ecr,
        ("plugins", "gcr" | "buildx-gcr") => Plugin::Gcr,
        ("plugins", "gar" | "buildx-gar") => Plugin::Gar,
        ("plugins", "acr" | "buildx-acr") => Plugin::Acr,
        ("plugins", "kaniko") | (_, "drone-kaniko") => Plugin::Kaniko,
        ("plugins", "kaniko-ecr") => Plugin::Ecr,
        ("plugins", "kaniko-gcr") => Plugin::Gcr,
        ("plugins", "kaniko-gar") => Plugin::Gar,
        ("plugins", "kaniko-acr") => Plugin::Acr,
        ("plugins", "manifest") | (_, "drone-manifest") => Plugin::Manifest,
        ("woodpeckerci", "plugin-docker-buildx") | ("woodpecker-plugins", "docker-buildx") => {
            Plugin::Buildx
        }
        ("woodpeckerci", "plugin-kaniko") | ("woodpecker-plugins", "kaniko") => Plugin::Kaniko,
        ("woodpeckerci", "plugin-docker")
        | (_, "drone-docker" | "drone-docker-buildx" | "drone-buildx" | "drone-podman") => {
            Plugin::Docker
        }
        _ => return None,
    })
}

/// Whether an image that is no plugin known here may publish images, by its name.
fn may_publish(image: &str) -> bool {
    let name = image.split(['@', ':']).next().unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    [
        "docker", "kaniko", "buildah", "buildx", "manifest", "ecr", "gcr",
    ]
    .iter()
    .any(|word| last.split(['-', '_', '.']).any(|part| part == *word))
}

/// Enters what the plugin of a step publishes. The error says why the step fails.
///
/// # Errors
/// What the plugin says where it refuses its settings.
pub fn publish(image: &str, used: &Use<'_>, ledger: &mut Ledger<'_>) -> Result<(), String> {
    match plugin(image) {
        Some(Plugin::Manifest) => manifest::publish(used, ledger),
        Some(plugin) => build(plugin, used, ledger),
        None => {
            if may_publish(image) && used.told.one(&["repo"]).is_some() {
                let reason = "it may publish images, and is not evaluated";
                let what = format!("the plugin `{image}`");
                let unknowns: &Unknowns = used.told.unknowns;
                let mark = unknowns.note_at(what, reason, Some(used.at));
                ledger.opaque(mark);
            }
            Ok(())
        }
    }
}

fn build(plugin: Plugin, used: &Use<'_>, ledger: &mut Ledger<'_>) -> Result<(), String> {
    let told = &used.told;
    let dry = told.flag(&["dry_run"]).or(told.flag(&["no_push"]));
    if dry == Truth::True {
        return Ok(());
    }
    let Some(tags) = tags_of(plugin, used)? else {
        return Ok(());
    };
    let doubts = ledger.doubts();
    if let Truth::Unknown(mark) = dry {
        ledger.doubt(mark);
    }
    let mut build = ledger.blank_build(told.step.number, used.at);
    let shown = |names: &[&str]| told.one(names).map(|text| unknown::pattern(&text.text));
    build.context = Some(shown(&["context"]).unwrap_or_else(|| ".".to_owned()));
    let dockerfile = told.one(&["dockerfile"]);
    build.dockerfile_at = dockerfile.as_ref().and_then(Text::start);
    let name = dockerfile.map_or_else(|| "Dockerfile".to_owned(), |text| text.text);
    build.dockerfile_exists = unknown::is_known(&name)
        .then(|| used.files.holds(name.trim_start_matches("./")))
        .flatten();
    build.dockerfile = Some(unknown::pattern(&name));
    build.target = shown(&["target"]);
    let platforms = told.several(&["platforms", "platform"]);
    build.platforms = platforms
        .iter()
        .map(|p| unknown::pattern(&p.text))
        .collect();
    let number = ledger.build(build);
    for repository in repositories(plugin, used) {
        for tag in &tags {
            let at = tag.start().unwrap_or(used.at);
            let reference = format!("{repository}:{}", tag.text);
            ledger.tag_locally(&reference, Some(number), at, true);
            ledger.publish(&reference, number, at, true);
        }
    }
    for extra in told.several(&["extra_tags", "destinations"]) {
        ledger.publish(&extra.text, number, extra.start().unwrap_or(used.at), true);
    }
    ledger.restore_doubts(doubts);
    Ok(())
}

/// The tags; `None` where the plugin does nothing here.
fn tags_of(plugin: Plugin, used: &Use<'_>) -> Result<Option<Vec<Text>>, String> {
    let told = &used.told;
    let named = told.several(&["tag", "tags"]);
    let unset = named.is_empty() && told.one(&["tag", "tags"]).is_none();
    let own = || {
        if !unset {
            return named.clone();
        }
        let text = match tags_file(used) {
            Some(mark) => mark.to_string(),
            None => "latest".to_owned(),
        };
        vec![Text::at(text, used.at)]
    };
    let automatic = match told.flag(&["auto_tag", "default_tags"]) {
        Truth::False => return Ok(Some(own())),
        Truth::Unknown(mark) => {
            return Ok(Some(vec![Text::at(mark.as_char().to_string(), used.at)]));
        }
        Truth::True => told.one(&["auto_tag", "default_tags"]),
    };
    let event = used.event;
    if !tags::applies(&event.reference, &event.default_branch) {
        return Ok(None);
    }
    let suffix = told
        .one(&["default_suffix", "auto_tag_suffix"])
        .unwrap_or_default();
    let found = if plugin == Plugin::Buildx {
        let default = told.one(&["default_tag"]).map(|text| text.text);
        let default = default.unwrap_or_else(|| "latest".to_owned());
        tags::of_woodpecker(&event.reference, &default, &suffix.text)
    } else {
        tags::of_drone(&event.reference, &suffix.text)
    };
    let at = automatic.and_then(|text| text.start()).unwrap_or(used.at);
    let mut all: Vec<Text> = found?.into_iter().map(|tag| Text::at(tag, at)).collect();
    if plugin == Plugin::Buildx {
        let texts: Vec<String> = all.iter().map(|tag| tag.text.clone()).collect();
        all.extend(own().into_iter().filter(|tag| !texts.contains(&tag.text)));
    }
    Ok(Some(all))
}

/// A mark for tags that an earlier step writes to the file `.tags`.
fn tags_file(used: &Use<'_>) -> Option<char> {
    let before = used.pipeline.steps.iter();
    let mut before = before.filter(|step| step.number < used.told.step.number);
    let writes = before.any(|step| {
        let commands = step.commands().into_iter();
        commands
            .flat_map(|commands| commands.texts())
            .any(|text| text.contains(".tags"))
    });
    let unknowns: &Unknowns = used.told.unknowns;
    writes.then(|| {
        let mark = unknowns.note_at("`.tags`", "a step writes the file", Some(used.at));
        mark.as_char()
    })
}

/// The images without their tags.
fn repositories(plugin: Plugin, used: &Use<'_>) -> Vec<String> {
    let told = &used.told;
    let names = if plugin == Plugin::Buildx {
        told.several(&["repo"])
    } else {
        told.one(&["repo"]).into_iter().collect()
    };
    let registry = told.one(&["registry"]).map(|text| text.text);
    let registry = match plugin {
        Plugin::Docker | Plugin::Buildx => None,
        Plugin::Gcr => Some(registry.unwrap_or_else(|| "gcr.io".to_owned())),
        Plugin::Acr => Some(registry.unwrap_or_else(|| "azurecr.io".to_owned())),
        Plugin::Gar => Some(registry.unwrap_or_else(|| {
            let location = told.one(&["location"]).unwrap_or_default().text;
            format!("{location}-docker.pkg.dev")
        })),
        Plugin::Ecr => Some(registry.unwrap_or_else(|| {
            let reason = "the registry is the account's";
            let mark = told
                .unknowns
                .note_at("variables.registry", reason, Some(used.at));
            mark.as_char().to_string()
        })),
        Plugin::Kaniko => registry.filter(|registry| {
            told.flag(&["expand_repo"]) == Truth::True && !registry.contains("index.docker.io")
        }),
        Plugin::Manifest => None,
    };
    let whole = |name: Text| match &registry {
        Some(registry) if !name.text.starts_with(registry.as_str()) => {
            format!("{registry}/{}", name.text)
        }
        _ => name.text,
    };
    names.into_iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_are_known_by_name() {
        for (image, known) in [
            ("plugins/docker", Some(Plugin::Docker)),
            ("plugins/docker:linux-arm64", Some(Plugin::Docker)),
            ("docker.io/plugins/ecr@sha256:abc", Some(Plugin::Ecr)),
            (
                "docker.io/woodpeckerci/plugin-docker-buildx:6",
                Some(Plugin::Buildx),
            ),
            (
                "codeberg.org/woodpecker-plugins/docker-buildx",
                Some(Plugin::Buildx),
            ),
            ("thegeeklab/drone-docker-buildx:24", Some(Plugin::Docker)),
            ("plugins/manifest", Some(Plugin::Manifest)),
            ("docker:dind", None),
            ("golang:1.24", None),
        ] {
            assert_eq!(plugin(image), known, "{image}");
        }
    }
}
