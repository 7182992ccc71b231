//! Exceptions: findings that a policy does not want to be told, each with its reason and perhaps a
//! last day.

use jiff::civil::Date;

use super::Pattern;
use super::glob::without_tag;
use crate::source::Place;

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    /// The image that findings are about.
    pub image: Option<Pattern>,
    /// The files that findings are in; empty for all.
    pub paths: Vec<Pattern>,
    /// The rules that are meant; empty for all.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is declared: its last day where it has one.
    pub at: Place,
}

impl Allow {
    /// Whether its last day is past.
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether it speaks of a finding: by the rule, the path from the policy's folder, and the
    /// images that the finding is about, as references.
    #[must_use]
    pub fn covers(&self, rule: &str, path: Option<&str>, images: &[&str]) -> bool {
        let by_rule = self.rules.is_empty() || self.rules.iter().any(|name| name == rule);
        let by_path = self.paths.is_empty()
            || path.is_some_and(|path| self.paths.iter().any(|glob| glob.matches(path)));
        let by_image = self.image.as_ref().is_none_or(|glob| {
            images
                .iter()
                .any(|image| glob.matches(image) || glob.matches_image(without_tag(image)))
        });
        by_rule && by_path && by_image
    }

    /// What it is about, for messages.
    #[must_use]
    pub fn subject(&self) -> String {
        let paths = self.paths.iter();
        let globs = self.image.iter().chain(paths).map(Pattern::text);
        let globs: Vec<String> = globs.map(|glob| format!("`{glob}`")).collect();
        globs.join(", ")
    }
}
