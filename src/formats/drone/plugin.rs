//! The plugins that build and push images, and their settings.

use super::surroundings::Surroundings;
use crate::eval::drone::{AutoTag, Family};
use crate::eval::unknown;
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::event::Event;
use crate::formats::github::tree::Tree;
use crate::source::{FileId, Place};

/// What a plugin does with its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Builds an image and pushes it.
    Build {
        /// Whose `auto_tag` it has.
        family: Family,
        /// The registry that it puts before a repository without one; empty for none, `?` for one
        /// that the settings have to name.
        registry: &'static str,
    },
    /// Joins images of several platforms.
    Manifest,
}

/// The plugin of an image, by its name without tag.
pub(super) fn kind(image: &str) -> Option<Kind> {
    let name = image.split('@').next().unwrap_or(image);
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    };
    let mut parts = name.rsplit('/');
    let last = parts.next().unwrap_or(name);
    let owner = parts.next().unwrap_or_default();
    let build = |family, registry| Some(Kind::Build { family, registry });
    match (owner, last) {
        ("plugins", "manifest") => Some(Kind::Manifest),
        ("plugins", "docker" | "buildx" | "kaniko" | "heroku" | "drone-docker") => {
            build(Family::Drone, "")
        }
        ("plugins", "gcr" | "kaniko-gcr") => build(Family::Drone, "gcr.io"),
        ("plugins", "ecr" | "acr" | "gar" | "kaniko-ecr" | "kaniko-acr") => {
            build(Family::Drone, "?")
        }
        (
            _,
            "plugin-docker-buildx" | "plugin-docker" | "wp-docker-buildx" | "drone-docker-buildx",
        ) => build(Family::Woodpecker, ""),
        (_, "plugin-kaniko" | "drone-kaniko") => build(Family::Woodpecker, ""),
        ("techknowlogick", "drone-docker") => build(Family::Drone, ""),
        _ => None,
    }
}

/// One step that uses a plugin.
pub(super) struct Plugin<'a> {
    pub(super) event: &'a Event,
    pub(super) around: &'a Surroundings<'a>,
    pub(super) file: FileId,
    /// The settings: those under `settings`, or the step itself in older files.
    pub(super) settings: &'a Tree,
    pub(super) step: usize,
    pub(super) at: Place,
}

impl Plugin<'_> {
    fn place(&self, tree: &Tree) -> Place {
        Place {
            file: self.file,
            span: tree.span(),
        }
    }

    fn setting(&self, names: &[&str]) -> Option<&Tree> {
        let spelled = |name: &&str| {
            self.settings
                .get(name)
                .or_else(|| self.settings.get(&name.replace('_', "-")))
        };
        names.iter().find_map(spelled)
    }

    /// A setting as text; one that comes from a secret is not known.
    fn text(&self, names: &[&str]) -> Option<String> {
        let tree = self.setting(names)?;
        match tree.scalar() {
            Some(scalar) => Some(self.around.substitute(&scalar.text, self.place(tree))),
            None => {
                let secret = tree.get("from_secret").and_then(Tree::scalar)?;
                let what = format!("secrets.{}", secret.text);
                let at = Some(self.place(tree));
                let mark = self.around.unknowns.note_at(what, "a secret", at);
                Some(mark.as_char().to_string())
            }
        }
    }

    fn flag(&self, names: &[&str]) -> bool {
        self.text(names)
            .is_some_and(|text| text == "true" || text == "1")
    }

    /// A list setting: a sequence, or text with commas; each item with its place.
    fn list(&self, names: &[&str]) -> Vec<(String, Place)> {
        let Some(tree) = self.setting(names) else {
            return Vec::new();
        };
        if tree.get("from_secret").is_some() {
            return self
                .text(names)
                .map(|text| (text, self.place(tree)))
                .into_iter()
                .collect();
        }
        let scalars = tree.items().iter().filter(|item| item.scalar().is_some());
        let mut list = Vec::new();
        for item in scalars {
            let at = self.place(item);
            let text = item.scalar().map_or("", |scalar| scalar.text.as_str());
            let text = self.around.substitute(text, at);
            let parts = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            list.extend(parts.map(|part| (part.to_owned(), at)));
        }
        list
    }

    /// Builds and pushes; `false` where the plugin fails for certain.
    pub(super) fn build(&self, family: Family, registry: &str, ledger: &mut Ledger<'_>) -> bool {
        let mut build = ledger.blank_build(self.step, self.at);
        let shown = |names: &[&str]| self.text(names).map(|text| unknown::pattern(&text));
        build.context = shown(&["context"]);
        build.target = shown(&["target"]);
        if let (Some(file), Some(tree)) = (shown(&["dockerfile"]), self.setting(&["dockerfile"])) {
            build.dockerfile = Some(file);
            build.dockerfile_at = Some(self.place(tree));
        }
        let platforms = self.list(&["platforms", "platform"]).into_iter();
        build.platforms = platforms
            .map(|(platform, _)| unknown::pattern(&platform))
            .collect();
        if self.flag(&["dry_run", "no_push"]) {
            ledger.build(build);
            return true;
        }
        let tags = match self.tags(family, ledger) {
            Ok(Some(tags)) => tags,
            Ok(None) => return true,
            Err(message) => {
                let at = self
                    .setting(&["auto_tag"])
                    .map_or(self.at, |tree| self.place(tree));
                ledger.fault(format!("the step fails: {message}"), at);
                return false;
            }
        };
        let number = ledger.build(build);
        for (repository, at) in self.list(&["repo"]) {
            let image = self.full_name(&repository, registry, at);
            for (tag, place) in &tags {
                let reference = format!("{image}:{tag}");
                ledger.tag_locally(&reference, Some(number), *place, true);
                ledger.publish(&reference, number, *place, true);
            }
        }
        true
    }

    /// The tags; `None` where the step builds nothing on this event.
    fn tags(
        &self,
        family: Family,
        ledger: &mut Ledger<'_>,
    ) -> Result<Option<Vec<(String, Place)>>, String> {
        let given = self.list(&["tags", "tag"]);
        let mut tags = Vec::new();
        if self.flag(&["auto_tag"]) {
            let suffix = self
                .text(&["auto_tag_suffix", "default_suffix"])
                .unwrap_or_default();
            let default = match family {
                Family::Drone => None,
                Family::Woodpecker => self.text(&["default_tag"]),
            };
            let auto = AutoTag {
                family,
                reference: &self.event.reference,
                default_branch: &self.event.default_branch,
                suffix: &suffix,
                default_tag: default.as_deref().unwrap_or("latest"),
            };
            if !auto.builds() {
                return Ok(None);
            }
            let names = ["auto_tag"];
            let at = self
                .setting(&names)
                .map_or(self.at, |tree| self.place(tree));
            tags.extend(auto.tags()?.into_iter().map(|tag| (tag, at)));
            if family == Family::Drone {
                return Ok(Some(tags));
            }
        }
        if given.is_empty() && tags.is_empty() {
            // Without tags, the plugin reads a file that an earlier step may have made.
            if self.setting(&["tags_file"]).is_some()
                || self.around.files.holds(".tags") == Some(true)
            {
                let reason = "the tags are those of a file that a step makes";
                let mark =
                    self.around
                        .unknowns
                        .note_at("the tags of a step", reason, Some(self.at));
                ledger.opaque(mark);
                return Ok(None);
            }
            return Ok(Some(vec![("latest".to_owned(), self.at)]));
        }
        tags.extend(given);
        Ok(Some(tags))
    }

    /// The image with the registry that the plugin puts before it.
    fn full_name(&self, repository: &str, registry: &str, at: Place) -> String {
        let own = self.text(&["registry"]);
        let registry = match registry {
            "" => return repository.to_owned(),
            "?" => own.unwrap_or_else(|| {
                let reason = "the registry of the account";
                let mark = self.around.unknowns.note_at("$REGISTRY", reason, Some(at));
                mark.as_char().to_string()
            }),
            default => own.unwrap_or_else(|| default.to_owned()),
        };
        let registry = registry.trim_end_matches('/');
        if repository.starts_with(registry) {
            return repository.to_owned();
        }
        format!("{registry}/{repository}")
    }

    /// Joins images: `target` names the index; a `spec` is a file of templates.
    pub(super) fn manifest(&self, ledger: &mut Ledger<'_>) {
        let target = self.text(&["target"]);
        let (Some(target), Some(tree)) = (target, self.setting(&["target"])) else {
            let reason = "its specification is a file of templates, which is not evaluated";
            let mark = self
                .around
                .unknowns
                .note_at("`plugins/manifest`", reason, Some(self.at));
            ledger.opaque(mark);
            return;
        };
        let at = self.place(tree);
        let mut build = ledger.blank_build(self.step, self.at);
        build.joins = true;
        let number = ledger.build(build);
        let template = self.text(&["template"]).unwrap_or_default();
        for (platform, _) in self.list(&["platforms"]) {
            let mut parts = platform.split('/');
            let (os, processor) = (
                parts.next().unwrap_or_default(),
                parts.next().unwrap_or_default(),
            );
            let source = template.replace("OS", os).replace("ARCH", processor);
            let source = source.replace("VARIANT", parts.next().unwrap_or_default());
            ledger.joined(&target, &source);
        }
        ledger.publish(&target, number, at, true);
    }
}
