//! What a tag says: a version, a channel, a commit, a date, or nothing that can be told.

use super::Version;

/// A tag, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// A version, with the variant that stands beside it.
    Version {
        /// The version.
        version: Version,
        /// The variant: `alpine3.20-slim`; empty for none.
        variant: String,
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
    /// Anything else.
    Other,
}

/// Names that move with each release or each build.
const CHANNELS: &[&str] = &[
    "latest",
    "stable",
    "edge",
    "nightly",
    "main",
    "master",
    "dev",
    "devel",
    "develop",
    "development",
    "rolling",
    "lts",
    "current",
    "canary",
    "next",
    "unstable",
    "testing",
    "mainline",
    "head",
    "trunk",
    "snapshot",
    "insiders",
    "preview",
    "experimental",
    "tip",
    "beta",
    "alpha",
    "rc",
    "release",
    "prod",
    "production",
    "staging",
];

/// Names of distributions, their releases and sizes: by themselves they are the newest version's
/// variant, and move with it.
const VARIANTS: &[&str] = &[
    "alpine",
    "slim",
    "full",
    "bookworm",
    "bullseye",
    "buster",
    "stretch",
    "trixie",
    "sid",
    "jammy",
    "noble",
    "focal",
    "bionic",
    "xenial",
    "trusty",
    "debian",
    "ubuntu",
    "fedora",
    "centos",
    "ubi",
    "ubi8",
    "ubi9",
    "distroless",
    "scratch",
    "busybox",
    "musl",
    "glibc",
    "perl",
    "fpm",
    "apache",
    "cli",
    "rootless",
    "minimal",
    "debug",
    "nonroot",
    "windowsservercore",
    "nanoserver",
    "ltsc2019",
    "ltsc2022",
    "cuda",
    "cpu",
    "gpu",
    "rocm",
    "management",
    "jre",
    "jdk",
    "onbuild",
    "wolfi",
    "lite",
];

/// Whether a text can be a tag at all.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    super::reference::is_tag(text)
}

impl Tag {
    /// Reads a tag.
    #[must_use]
    pub fn parse(tag: &str) -> Self {
        let lower = tag.to_ascii_lowercase();
        if is_commit(&lower) {
            return Self::Commit;
        }
        if has_date(&lower) {
            return Self::Date;
        }
        if let Some((version, rest)) = Version::read(tag) {
            return Self::with_version(tag, version, rest);
        }
        if let Some(channel) = channel(&lower) {
            return channel;
        }
        // A version after a word: `release-1.6.0`, `cuda-1.2.3`, `debug-v0.16.0`.
        for (at, _) in tag.match_indices(['-', '_']) {
            let (before, after) = (tag.get(..at), tag.get(at + 1..));
            if let (Some(before), Some((version, rest))) = (before, after.and_then(Version::read))
                && version.numbers().len() >= 3
            {
                let rest = rest.trim_start_matches(['-', '_', '.']);
                let joint = if rest.is_empty() { "" } else { "-" };
                return Self::Version {
                    version,
                    variant: format!("{before}{joint}{rest}"),
                };
            }
        }
        Self::Other
    }

    fn with_version(tag: &str, version: Version, rest: &str) -> Self {
        let bare = version.numbers().len() == 1 && rest.is_empty();
        // Long numbers count builds; nothing moves them.
        if bare && tag.len() >= 5 {
            return Self::Other;
        }
        if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) || rest.starts_with('+') {
            return Self::Other;
        }
        // `1.27-edge`, `v1-latest` move as their channel does.
        let variant = rest.trim_start_matches(['-', '.', '_']);
        Self::Version {
            version,
            variant: variant.to_owned(),
        }
    }

    /// The variant that the tag names.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        match self {
            Self::Version { variant, .. } | Self::Channel { variant, .. }
                if !variant.is_empty() =>
            {
                Some(variant)
            }
            _ => None,
        }
    }
}

/// 7 to 40 hexadecimal digits, not all of them decimal, by themselves or as the last part.
fn is_commit(tag: &str) -> bool {
    let hex = |text: &str| {
        (7..=40).contains(&text.len())
            && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            && text.bytes().any(|b| b.is_ascii_digit())
            && text.bytes().any(|b| b.is_ascii_alphabetic())
    };
    let last = tag.rsplit(['-', '_', '.']).next().unwrap_or(tag);
    hex(last)
}

/// A day written as `20240910`, `2024-09-10` or `2024.09.10`, anywhere between separators.
fn has_date(tag: &str) -> bool {
    let parts: Vec<&str> = tag.split(['-', '_', '.', 't']).collect();
    let number = |text: &str, low: u32, high: u32| {
        text.len() >= 2
            && text.bytes().all(|b| b.is_ascii_digit())
            && text
                .parse()
                .is_ok_and(|value: u32| (low..=high).contains(&value))
    };
    let compact = |text: &&&str| {
        let cut = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        text.len() == 8
            && number(cut(0, 4), 1990, 2099)
            && number(cut(4, 6), 1, 12)
            && number(cut(6, 8), 1, 31)
    };
    let spread = parts.windows(3).any(|window| match window {
        [year, month, day] => {
            year.len() == 4
                && number(year, 1990, 2099)
                && month.len() == 2
                && number(month, 1, 12)
                && day.get(..2).is_some_and(|day| number(day, 1, 31))
        }
        _ => false,
    });
    // With dots it is a version by date, which is one as well.
    parts.iter().any(|part| compact(&part))
        || (spread && !tag.contains('.'))
        || (spread && tag.contains('-'))
}

/// A known word that moves, with or without a variant, or the words of a variant alone.
fn channel(tag: &str) -> Option<Tag> {
    let parts: Vec<&str> = tag.split(['-', '_']).collect();
    let (first, last) = (parts.first()?, parts.last()?);
    let known = |part: &str| CHANNELS.contains(&part);
    let named = if known(first) {
        Some((first, parts.get(1..).unwrap_or_default()))
    } else if known(last) {
        Some((last, parts.get(..parts.len() - 1).unwrap_or_default()))
    } else {
        None
    };
    // `release-1.6.0` is that version, not a channel.
    let numbered = |part: &&str| {
        part.trim_start_matches('v')
            .starts_with(|c: char| c.is_ascii_digit())
    };
    if let Some((name, variant)) = named
        && !variant.iter().any(numbered)
    {
        return Some(Tag::Channel {
            name: (*name).to_owned(),
            variant: variant.join("-"),
        });
    }
    // `alpine3.20` and `ubi9` are variants with a version of their own.
    let word = |part: &&str| {
        let stem = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        VARIANTS.contains(part) || VARIANTS.contains(&stem)
    };
    parts.iter().all(word).then(|| Tag::Channel {
        name: "latest".to_owned(),
        variant: tag.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Precision;

    fn told(tag: &str) -> String {
        match Tag::parse(tag) {
            Tag::Version { version, variant } => {
                let precision = match version.precision() {
                    Precision::Full => "version",
                    _ => "partial",
                };
                let pre = version.prerelease().map(|pre| format!(" pre {pre}"));
                format!("{precision}{} [{variant}]", pre.unwrap_or_default())
            }
            Tag::Channel { name, variant } => format!("{name} [{variant}]"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn tags_say_what_they_say() {
        for (tag, expected) in [
            ("1.27.4", "version []"),
            ("v1.27.4-alpine3.20-slim", "version [alpine3.20-slim]"),
            ("1.2.3-rc.1-full", "version pre rc.1 [full]"),
            ("1.2.3rc1", "version pre rc1 []"),
            ("2.0.0-beta2", "version pre beta2 []"),
            ("1.0.0-SNAPSHOT", "version pre SNAPSHOT []"),
            ("1.2.3-bookworm", "version [bookworm]"),
            ("3.0.0-M1", "version pre M1 []"),
            ("1.2.3-debian-12-r5", "version [debian-12-r5]"),
            ("1", "partial []"),
            ("1.27-alpine", "partial [alpine]"),
            ("22.04", "partial []"),
            ("latest", "latest []"),
            ("latest-slim", "latest [slim]"),
            ("slim-latest", "latest [slim]"),
            ("slim", "latest [slim]"),
            ("lts-alpine", "lts [alpine]"),
            ("alpine3.20", "latest [alpine3.20]"),
            ("nightly", "nightly []"),
            ("main-1a2b3c4", "Commit"),
            ("sha-1a2b3c4", "Commit"),
            ("v1beta1-45c5727", "Commit"),
            ("20240910", "Date"),
            ("2024-09-10", "Date"),
            ("bookworm-20240311", "Date"),
            ("RELEASE.2022-07-17T15-43-14Z", "Date"),
            ("release-1.6.0", "version [release]"),
            ("cuda-1.2.3", "version [cuda]"),
            ("debug-v0.16.0", "version [debug]"),
            ("17.0.9_9-jre", "version [9-jre]"),
            ("1234567", "Other"),
            ("homelab", "Other"),
            ("dummy", "Other"),
            ("k8s", "Other"),
            ("pr-15", "Other"),
            ("2024.03.1", "version []"),
        ] {
            assert_eq!(told(tag), expected, "{tag}");
        }
    }

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let mut tags = [
            "1.10.0",
            "1.9.0",
            "1.10.0-rc.2",
            "1.10.0-rc.10",
            "2",
            "1.10",
        ];
        let version = |tag: &str| Version::read(tag).unwrap().0;
        tags.sort_by_key(|tag| version(tag));
        assert_eq!(
            tags,
            [
                "1.9.0",
                "1.10.0-rc.2",
                "1.10.0-rc.10",
                "1.10",
                "1.10.0",
                "2"
            ]
        );
    }
}
