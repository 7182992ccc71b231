//! The scheme that a policy declares for an image: its variants, its channels, the versions that
//! each release publishes.

use super::{Affix, Pattern};
use crate::source::Place;

/// Who is given less memory than this is taken to be short of it, where a policy does not say.
pub const CONSTRAINED_MEMORY: u64 = 256 << 20;

/// A scheme as a policy declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredScheme {
    /// The images that it is for.
    pub images: Vec<Pattern>,
    /// The variants, in the order of the file; `None` where the policy leaves them to be inferred.
    pub variants: Option<Vec<Variant>>,
    /// The channels, in the order of the file.
    pub channels: Vec<Channel>,
    /// The version tags that each release publishes.
    pub versions: Vec<String>,
    /// Whether each version has to be signed.
    pub signed: bool,
    /// Where it is declared.
    pub at: Place,
}

/// A declared variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What stands around the version in its tags.
    pub affix: Affix,
    /// The image of its own, where it has one; `{image}` stands for the scheme's.
    pub repository: Option<String>,
    /// The Dockerfile that it is built from.
    pub dockerfile: Option<String>,
    /// The stage that it is built to.
    pub target: Option<String>,
    /// Where it is meant for places with little memory: who is given less should run it.
    pub constrained: Option<u64>,
    /// Where it is declared.
    pub at: Place,
}

/// A declared channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// How its tags are made, where that is declared.
    pub pattern: Option<String>,
    /// Tags of single variants, by the variant's name.
    pub variants: Vec<(String, String)>,
    /// What moves it.
    pub follows: Follows,
}

/// What moves a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// Each release.
    Releases,
    /// Each push to a branch.
    Branch,
}

impl Channel {
    /// A channel by its name alone.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            pattern: None,
            variants: Vec::new(),
            follows: Follows::Releases,
        }
    }

    /// Its tag of a variant. A pattern that needs the name of a variant gives the variant without
    /// affix the channel's own name: `{variant}` is `slim` and, for the base, `latest`.
    #[must_use]
    pub fn tag(&self, name: &str, affix: &Affix) -> String {
        let own = self.variants.iter().find(|(variant, _)| variant == name);
        if let Some((_, tag)) = own {
            return filled(tag, name, affix);
        }
        match &self.pattern {
            None => affix.around(&self.name),
            Some(pattern) if affix.is_base() && pattern.contains("{variant}") => self.name.clone(),
            Some(pattern) => filled(pattern, name, affix),
        }
    }
}

impl DeclaredScheme {
    /// Whether it is for this image, and which of its variants are published under that name: all
    /// without a repository of their own, or those whose repository it is.
    #[must_use]
    pub fn variants_of(&self, image: &str) -> Option<Option<Vec<Variant>>> {
        let own = |variant: &&Variant| {
            let repository = variant.repository.as_deref();
            repository.is_some_and(|repository| self.is_repository(repository, image))
        };
        let variants = self.variants.as_deref().unwrap_or_default();
        let apart: Vec<Variant> = variants.iter().filter(own).cloned().collect();
        if !apart.is_empty() {
            return Some(Some(apart));
        }
        if !self.images.iter().any(|glob| glob.matches_image(image)) {
            return None;
        }
        Some(self.variants.as_ref().map(|variants| {
            let together = variants.iter().filter(|one| one.repository.is_none());
            together.cloned().collect()
        }))
    }

    /// Whether an image is the repository of a variant.
    fn is_repository(&self, repository: &str, image: &str) -> bool {
        let Some((before, after)) = repository.split_once("{image}") else {
            return Pattern::name(repository).is_ok_and(|glob| glob.matches_image(image));
        };
        let names = super::glob::image_names(image);
        names.iter().any(|name| {
            let inner = name
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after));
            inner.is_some_and(|inner| self.images.iter().any(|glob| glob.matches_image(inner)))
        })
    }
}

/// What a variant's placeholders stand for in a text.
#[must_use]
pub fn filled(pattern: &str, name: &str, affix: &Affix) -> String {
    pattern
        .replace("{prefix}", &affix.prefix)
        .replace("{suffix}", &affix.suffix)
        .replace("{variant}", name)
}

/// The tag of a version form: the placeholders of the version and of the variant filled in, and the
/// affix around it where the form names none of the variant's.
#[must_use]
pub fn version_form(form: &str, version: &str, name: &str, affix: &Affix) -> String {
    let numbers = version.split(['-', '+']).next().unwrap_or(version);
    let mut numbers = numbers.split('.');
    let mut number = || numbers.next().unwrap_or_default();
    let (major, minor, patch) = (number(), number(), number());
    let written = form
        .replace("{version}", version)
        .replace("{major}", major)
        .replace("{minor}", minor)
        .replace("{patch}", patch);
    let placed = ["{prefix}", "{suffix}", "{variant}"];
    match placed.iter().any(|part| form.contains(part)) {
        true => filled(&written, name, affix),
        false => affix.around(&written),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slim() -> Affix {
        Affix {
            prefix: String::new(),
            suffix: "-slim".to_owned(),
        }
    }

    #[test]
    fn channels_have_a_tag_a_variant() {
        let mut latest = Channel::named("latest");
        assert_eq!(latest.tag("slim", &slim()), "latest-slim");
        assert_eq!(latest.tag("base", &Affix::default()), "latest");
        latest.pattern = Some("{variant}".to_owned());
        assert_eq!(latest.tag("slim", &slim()), "slim");
        assert_eq!(latest.tag("base", &Affix::default()), "latest");
        latest.pattern = Some("{variant}-latest".to_owned());
        assert_eq!(latest.tag("slim", &slim()), "slim-latest");
        latest.variants = vec![("slim".to_owned(), "tiny".to_owned())];
        assert_eq!(latest.tag("slim", &slim()), "tiny");
    }

    #[test]
    fn version_forms_are_filled_in() {
        let of = |form: &str| version_form(form, "1.2.3", "slim", &slim());
        assert_eq!(of("{version}"), "1.2.3-slim");
        assert_eq!(of("v{version}"), "v1.2.3-slim");
        assert_eq!(of("{major}.{minor}"), "1.2-slim");
        assert_eq!(of("{variant}-{version}"), "slim-1.2.3");
        assert_eq!(of("{version}{suffix}-x"), "1.2.3-slim-x");
    }
}
