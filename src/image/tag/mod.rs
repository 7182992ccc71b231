//! What a tag says: a version, a channel, a commit, a date, or nothing that can be told.
//!
//! A registry gives tags no meaning; people do, by conventions that most of them share. The words
//! of these conventions stand in `words.rs`, the shapes of what is fixed in `fixed.rs`.

mod fixed;
mod words;

use super::{Version, is_tag};

/// A tag, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// A version, with what stands around it.
    Version {
        /// The version.
        version: Version,
        /// Whether a `v` stands before its first number.
        leading_v: bool,
        /// What stands before it: `cuda` in `cuda-1.2.3`; empty for nothing.
        prefix: String,
        /// What stands after it, its build aside: `alpine3.20-slim`; empty for nothing.
        suffix: String,
    },
    /// A name that moves: `latest`, `stable`, `slim`.
    Channel {
        /// The channel: `latest` also where only a variant is named (`slim`).
        name: String,
        /// The variant; empty for none.
        variant: String,
    },
    /// A commit, fixed by convention.
    Commit,
    /// A date, fixed by convention.
    Date,
    /// Anything else: a pull request, a build's number, a word that says nothing.
    Other,
}

/// Single numbers from this length on count builds, and are no major versions.
const BUILD_DIGITS: usize = 5;

impl Tag {
    /// Reads a tag. A text that cannot be one is [`Tag::Other`].
    #[must_use]
    pub fn parse(tag: &str) -> Self {
        if !is_tag(tag) {
            return Self::Other;
        }
        if fixed::is_commit(tag) {
            return Self::Commit;
        }
        if let Some((version, rest)) = Version::read(tag) {
            // `1.2.3-20240311` is a build of that version, `3.20-20240311` the day.
            if version.components() < 3 && fixed::has_date(tag) {
                return Self::Date;
            }
            return Self::versioned(tag, "", version, rest);
        }
        if fixed::has_date(tag) {
            return Self::Date;
        }
        if let Some(found) = Self::prefixed(tag) {
            return found;
        }
        if fixed::ends_in_commit(tag) {
            return Self::Commit;
        }
        Self::channel(tag).unwrap_or(Self::Other)
    }

    /// A tag that begins, after its prefix, with a version.
    fn versioned(tag: &str, prefix: &str, version: Version, rest: &str) -> Self {
        if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            // `1a`, `3scale2.10`: no version, but perhaps a commit behind it.
            return match fixed::ends_in_commit(tag) {
                true => Self::Commit,
                false => Self::Other,
            };
        }
        let single = version.components() == 1 && version.prerelease().is_none();
        let whole = tag.get(prefix.len()..tag.len() - rest.len());
        let digits = whole.map_or(0, |text| text.bytes().filter(u8::is_ascii_digit).count());
        if single && digits >= BUILD_DIGITS {
            return Self::Other;
        }
        if version.components() < 3 && fixed::ends_in_commit(tag) {
            return Self::Commit;
        }
        let (build, suffix) = fixed::cut_build(rest);
        Self::Version {
            leading_v: whole.is_some_and(|text| text.contains(['v', 'V'])),
            version: version.with_build(build),
            prefix: prefix.to_owned(),
            suffix: suffix.trim_end_matches(['-', '_', '.']).to_owned(),
        }
    }

    /// A version after a word: `release-1.6.0`, `cuda-1.2.3`, `debug-v0.16.0`. With less than three
    /// numbers it may be anything (`main-15`, `pr-3`), unless the word leads versions.
    fn prefixed(tag: &str) -> Option<Self> {
        let cuts = tag.match_indices(['-', '_']);
        cuts.filter_map(|(at, _)| {
            let (before, after) = (tag.get(..at)?, tag.get(at + 1..)?);
            let (version, rest) = Version::read(after)?;
            let lower = before.to_ascii_lowercase();
            let leads = words::leads_a_version(&lower) || words::is_variant(&lower);
            let enough = version.components() >= 3 || leads;
            let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
            (enough && ends).then(|| Self::versioned(tag, before, version, rest))
        })
        .find(|found| matches!(found, Self::Version { .. } | Self::Commit))
    }

    /// A known word that moves, with or without a variant, or the words of a variant alone.
    fn channel(tag: &str) -> Option<Self> {
        let lower = tag.to_ascii_lowercase();
        let (first, after) = match lower.find(['-', '_']) {
            Some(at) => (lower.get(..at)?, tag.get(at + 1..)?),
            None => (lower.as_str(), ""),
        };
        let (before, last) = match lower.rfind(['-', '_']) {
            Some(at) => (tag.get(..at)?, lower.get(at + 1..)?),
            None => ("", lower.as_str()),
        };
        let found = |name: &str, variant: &str| {
            Some(Self::Channel {
                name: name.to_owned(),
                variant: variant.to_owned(),
            })
        };
        // `main-15` is that build, and `release-candidate-2` that candidate.
        let numbered = |text: &str| {
            text.split(['-', '_']).any(|part| {
                let part = part.strip_prefix('v').unwrap_or(part);
                part.starts_with(|c: char| c.is_ascii_digit())
            })
        };
        if words::is_channel(first) {
            return if numbered(after) {
                None
            } else {
                found(first, after)
            };
        }
        if words::is_channel(last) {
            return if numbered(before) {
                None
            } else {
                found(last, before)
            };
        }
        let variant = lower.split(['-', '_']).all(words::is_variant);
        if variant { found("latest", tag) } else { None }
    }

    /// The variant that the tag names: `cuda-slim` in `cuda-1.2.3-slim`.
    #[must_use]
    pub fn variant(&self) -> Option<String> {
        let variant = match self {
            Self::Channel { variant, .. } => variant.clone(),
            Self::Version { prefix, suffix, .. } => {
                let plain = words::is_plain_prefix(&prefix.to_ascii_lowercase());
                match (prefix.as_str(), suffix.as_str()) {
                    (_, suffix) if plain || prefix.is_empty() => suffix.to_owned(),
                    (prefix, "") => prefix.to_owned(),
                    (prefix, suffix) => format!("{prefix}-{suffix}"),
                }
            }
            Self::Commit | Self::Date | Self::Other => String::new(),
        };
        (!variant.is_empty()).then_some(variant)
    }
}

#[cfg(test)]
mod tests;
