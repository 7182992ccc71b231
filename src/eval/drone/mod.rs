//! What the Docker plugins of Drone and Woodpecker make of a ref under `auto_tag`.
//!
//! The two families differ: Drone's takes a version of exactly three numbers and keeps their
//! leading zeros, Woodpecker's takes shorter ones and dates.

mod version;

use version::{Lenient, Strict};

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `plugins/docker` and its kin.
    Drone,
    /// `woodpeckerci/plugin-docker-buildx` and its kin.
    Woodpecker,
}

/// What decides over the tags.
#[derive(Debug, Clone, Copy)]
pub struct AutoTag<'a> {
    /// Whose rules apply.
    pub family: Family,
    /// The full git ref.
    pub reference: &'a str,
    /// The repository's default branch; empty where none is told.
    pub default_branch: &'a str,
    /// What stands after each tag, and in place of the default tag.
    pub suffix: &'a str,
    /// The tag of the default branch; Drone's is always `latest`.
    pub default_tag: &'a str,
}

impl AutoTag<'_> {
    /// Whether the step builds at all: on tags and on the default branch.
    #[must_use]
    pub fn builds(&self) -> bool {
        let branch = self.reference.strip_prefix("refs/heads/");
        self.reference.starts_with("refs/tags/")
            || branch.unwrap_or(self.reference) == self.default_branch
    }

    /// The tags, in order.
    ///
    /// # Errors
    /// The git tag is no version, so that the step fails: what the plugin says of it.
    pub fn tags(&self) -> Result<Vec<String>, String> {
        let mut tags = self.plain()?;
        if !self.suffix.is_empty() {
            for tag in &mut tags {
                if tag == self.default_tag {
                    self.suffix.clone_into(tag);
                } else {
                    tag.push('-');
                    tag.push_str(self.suffix);
                }
            }
        }
        Ok(tags)
    }

    fn plain(&self) -> Result<Vec<String>, String> {
        let Some(tag) = self.reference.strip_prefix("refs/tags/") else {
            return Ok(vec![self.default_tag.to_owned()]);
        };
        match self.family {
            Family::Drone => Ok(Strict::parse(tag.strip_prefix('v').unwrap_or(tag))?.tags()),
            Family::Woodpecker if is_date(tag) => Ok(vec![tag.to_owned()]),
            Family::Woodpecker => Ok(Lenient::parse(tag)?.tags()),
        }
    }
}

/// `20240203` or `2024-02-03`.
fn is_date(tag: &str) -> bool {
    let digits = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    };
    let parts: Vec<&str> = tag.split('-').collect();
    match parts.as_slice() {
        [whole] => digits(whole, 8),
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn woodpecker(reference: &str) -> Result<Vec<String>, String> {
        let auto = AutoTag {
            family: Family::Woodpecker,
            reference,
            default_branch: "main",
            suffix: "",
            default_tag: "latest",
        };
        auto.tags()
    }

    #[test]
    fn woodpecker_takes_dates_and_short_versions() {
        let tags = |reference| woodpecker(reference).map(|tags| tags.join(" "));
        assert_eq!(tags("refs/tags/2024-02-03").as_deref(), Ok("2024-02-03"));
        assert_eq!(tags("refs/tags/v1.2").as_deref(), Ok("1 1.2 1.2.0"));
        assert_eq!(tags("refs/tags/v1.2.3").as_deref(), Ok("1 1.2 1.2.3"));
        assert_eq!(tags("refs/tags/0.2.3").as_deref(), Ok("0.2 0.2.3"));
        assert_eq!(tags("refs/tags/v1.2.3-rc.1").as_deref(), Ok("1.2.3-rc.1"));
        assert_eq!(tags("refs/tags/2024").as_deref(), Ok("2024"));
        assert_eq!(tags("refs/heads/main").as_deref(), Ok("latest"));
        assert!(tags("refs/tags/latest").is_err());
    }
}
