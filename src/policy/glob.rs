//! The globs of a policy: of paths and of names. `*` stays within one part of a path, `**` does not.

use globset::{GlobBuilder, GlobMatcher};

use crate::image::ImageRef;

/// A glob, with the text that people wrote.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// A glob over names: of images, of namespaces.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn name(text: &str) -> Result<Self, String> {
        Self::build(text, text)
    }

    /// A glob over paths, relative to the policy's folder; one that ends in `/` means all below.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn path(text: &str) -> Result<Self, String> {
        let inside = text.strip_prefix("./").unwrap_or(text);
        if inside.split('/').any(|part| part == "..") {
            return Err("a policy speaks of its own folder only: `..` leads out of it".to_owned());
        }
        if inside.starts_with('/') {
            return Err(
                "paths are relative to the policy's folder: leave out the first `/`".to_owned(),
            );
        }
        match inside.ends_with('/') {
            true => Self::build(text, &format!("{inside}**")),
            false => Self::build(text, inside),
        }
    }

    fn build(text: &str, glob: &str) -> Result<Self, String> {
        let built = GlobBuilder::new(glob).literal_separator(true).build();
        let glob = built.map_err(|error| error.kind().to_string())?;
        Ok(Self {
            text: text.to_owned(),
            matcher: glob.compile_matcher(),
        })
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a path or a name is one that is meant.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.text == text || self.matcher.is_match(text)
    }

    /// Whether an image is one that is meant: by its name as written, as short as people write it,
    /// or in full with its registry.
    #[must_use]
    pub fn matches_image(&self, name: &str) -> bool {
        image_names(name).iter().any(|name| self.matches(name))
    }
}

/// The names that an image goes by, without tag and digest: as written (`{secrets.USER}/app`
/// included), as short as people write it, and in full.
#[must_use]
pub fn image_names(name: &str) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    if let Ok(image) = ImageRef::parse_normalized(name) {
        for other in [image.familiar_name(), image.name()] {
            if !names.iter().any(|known| known == other) {
                names.push(other.to_owned());
            }
        }
    }
    names
}

/// The name of a reference, without tag and digest; names with parts in braces are cut as well.
#[must_use]
pub fn without_tag(reference: &str) -> &str {
    let name = reference.split('@').next().unwrap_or(reference);
    let last = name.rfind(['/', '}']).map_or(0, |at| at + 1);
    match name.get(last..).and_then(|rest| rest.find(':')) {
        Some(at) => name.get(..last + at).unwrap_or(name),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_policys_folder() {
        let matches = |glob: &str, path: &str| Pattern::path(glob).unwrap().matches(path);
        assert!(matches("deploy/prod/**", "deploy/prod/eu/web.yaml"));
        assert!(matches("deploy/prod/", "deploy/prod/web.yaml"));
        assert!(matches("./*.yml", "compose.yml"));
        assert!(matches("**/*.dev.yml", "web.dev.yml"));
        assert!(!matches("*.yml", "deploy/compose.yml"));
        assert!(!matches("deploy/prod", "deploy/production.yaml"));
        for bad in ["../other/**", "/etc/**", "a[", "{a,b"] {
            assert!(Pattern::path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn images_go_by_all_their_names() {
        let matches = |glob: &str, image: &str| Pattern::name(glob).unwrap().matches_image(image);
        assert!(matches("nginx", "docker.io/library/nginx"));
        assert!(matches("docker.io/library/*", "nginx"));
        assert!(matches("emqx/nanomq", "docker.io/emqx/nanomq"));
        assert!(matches("*/app", "{secrets.USER}/app"));
        assert!(matches("{secrets.USER}/app", "{secrets.USER}/app"));
        assert!(matches("registry.local/**", "registry.local/team/app"));
        assert!(!matches("registry.local/*", "registry.local/team/app"));
    }

    #[test]
    fn tags_are_cut_off() {
        assert_eq!(without_tag("localhost:5000/app:1.2"), "localhost:5000/app");
        assert_eq!(without_tag("app@sha256:00"), "app");
        assert_eq!(without_tag("{env.R}:5000/app"), "{env.R}:5000/app");
        assert_eq!(without_tag("{secrets.USER}:1"), "{secrets.USER}");
        assert_eq!(without_tag("${A:-b}/app:1"), "${A:-b}/app");
    }
}
