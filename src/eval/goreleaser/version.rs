//! Versions as GoReleaser reads them off a tag: one to three numbers, with or without `v`.

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) major: i64,
    pub(super) minor: i64,
    pub(super) patch: i64,
    pub(super) prerelease: String,
    pub(super) metadata: String,
}

/// Identifiers between dots; numbers without leading zeros, where that is asked for.
fn identifiers(text: &str, strict: bool) -> bool {
    text.split('.').all(|part| {
        let number = part.chars().all(|c| c.is_ascii_digit());
        let zero = strict && number && part.len() > 1 && part.starts_with('0');
        let letters = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        !part.is_empty() && letters && !zero
    })
}

impl Version {
    pub(super) fn read(tag: &str) -> Option<Self> {
        let text = tag.strip_prefix('v').unwrap_or(tag);
        let (text, metadata) = text.split_once('+').unwrap_or((text, ""));
        let (core, prerelease) = text.split_once('-').unwrap_or((text, ""));
        let valid = |part: &str, whole: bool, strict| whole || identifiers(part, strict);
        if !valid(metadata, !tag.contains('+'), false)
            || !valid(prerelease, !text.contains('-'), true)
        {
            return None;
        }
        let mut numbers = Vec::new();
        for part in core.split('.') {
            if part.is_empty() || !part.chars().all(|c| c.is_ascii_digit()) {
                return None;
            }
            numbers.push(part.parse::<i64>().ok()?);
        }
        let (major, minor, patch) = match numbers.as_slice() {
            [major] => (*major, 0, 0),
            [major, minor] => (*major, *minor, 0),
            [major, minor, patch] => (*major, *minor, *patch),
            _ => return None,
        };
        Some(Self {
            major,
            minor,
            patch,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
        })
    }

    /// The three numbers.
    pub(super) fn core(&self) -> String {
        format!("{}.{}.{}", self.major, self.minor, self.patch)
    }

    /// The next version by one of its numbers; a pre-release goes to its own release.
    pub(super) fn next(&self, part: &str) -> String {
        let (major, minor, patch) = (self.major, self.minor, self.patch);
        match part {
            "incmajor" => format!("{}.0.0", major.saturating_add(1)),
            "incminor" => format!("{major}.{}.0", minor.saturating_add(1)),
            _ if !self.prerelease.is_empty() || !self.metadata.is_empty() => self.core(),
            _ => format!("{major}.{minor}.{}", patch.saturating_add(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn tags_are_read_leniently() {
        let shown = |tag: &str| {
            Version::read(tag).map(|version| format!("{} {}", version.core(), version.prerelease))
        };
        for (tag, wanted) in [
            ("v1.2.3", Some("1.2.3 ")),
            ("1.2", Some("1.2.0 ")),
            ("v1", Some("1.0.0 ")),
            ("v1.2.3-rc.1+x", Some("1.2.3 rc.1")),
            ("v1.2.3-01", None),
            ("v1.2.3-", None),
            ("v1.2.3rc1", None),
            ("app/v1.2.3", None),
            ("1.2.3.4", None),
        ] {
            assert_eq!(shown(tag).as_deref(), wanted, "{tag}");
        }
        let next = |tag: &str, part| Version::read(tag).map(|version| version.next(part));
        assert_eq!(next("v1.2.3", "incpatch").as_deref(), Some("1.2.4"));
        assert_eq!(next("v1.2.3-rc.1", "incpatch").as_deref(), Some("1.2.3"));
        assert_eq!(next("v1.2.3", "incminor").as_deref(), Some("1.3.0"));
    }
}
