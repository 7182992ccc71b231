//! The variant scheme of one image: which affixes its version tags carry, and what the channels of
//! each variant may be called.

use super::Declared;

/// What stands before and after the version in a tag: `("", "-slim")` in `1.2.3-slim`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Affix {
    /// Before the version, without a leading `v` of the version itself.
    pub prefix: String,
    /// After the version.
    pub suffix: String,
}

/// How much of the version a tag names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `1`
    Major,
    /// `1.2`
    Minor,
    /// `1.2.3`
    Full,
}

/// A tag read against the version that its release carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionTag {
    /// How much of the version it names.
    pub form: Form,
    /// What stands around it.
    pub affix: Affix,
}

/// The variants of one image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scheme {
    /// The affixes that full version tags carry: as declared, or the base first, then sorted.
    pub variants: Vec<Affix>,
    /// What a policy declares of it, where one does.
    pub declared: Option<Declared>,
}

impl Affix {
    /// The variant without affix.
    #[must_use]
    pub fn is_base(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty()
    }

    /// The bare name: `slim` for `-slim`, `cuda` for `cuda-`, `base` for nothing.
    #[must_use]
    pub fn name(&self) -> String {
        let bare = |text: &str| {
            text.trim_matches(|c: char| matches!(c, '-' | '_' | '.'))
                .to_owned()
        };
        match (bare(&self.prefix), bare(&self.suffix)) {
            (prefix, suffix) if prefix.is_empty() && suffix.is_empty() => "base".to_owned(),
            (prefix, suffix) if prefix.is_empty() => suffix,
            (prefix, suffix) if suffix.is_empty() => prefix,
            (prefix, suffix) => format!("{prefix}-{suffix}"),
        }
    }

    /// A channel or version around which this affix stands: `latest-slim`.
    #[must_use]
    pub fn around(&self, word: &str) -> String {
        format!("{}{word}{}", self.prefix, self.suffix)
    }

    /// All names that a channel of this variant goes by in the wild: with the affix around it, with
    /// the words in the other order, and for `latest` the bare variant.
    #[must_use]
    pub fn channel_names(&self, channel: &str) -> Vec<String> {
        let mut names = vec![self.around(channel)];
        if self.is_base() {
            return names;
        }
        let name = self.name();
        for separator in ["-", "_", "."] {
            names.push(format!("{channel}{separator}{name}"));
            names.push(format!("{name}{separator}{channel}"));
        }
        if channel == "latest" {
            names.push(name);
        }
        names
    }

    /// Whether a tag is one of the names of a channel of this variant, see
    /// [`Affix::channel_names`].
    #[must_use]
    pub fn goes_by(&self, tag: &str, channel: &str) -> bool {
        let inner = tag.strip_prefix(self.prefix.as_str());
        if inner.and_then(|inner| inner.strip_suffix(self.suffix.as_str())) == Some(channel) {
            return true;
        }
        if self.is_base() {
            return false;
        }
        let separators = ['-', '_', '.'];
        let before = tag.strip_prefix(channel);
        let before = before.and_then(|rest| rest.strip_prefix(separators));
        let after = tag.strip_suffix(channel);
        let after = after.and_then(|rest| rest.strip_suffix(separators));
        let bare = (channel == "latest").then_some(tag);
        let mut names = [before, after, bare].into_iter().flatten();
        names.any(|name| self.is_called(name))
    }

    /// Whether this is its [`Affix::name`].
    fn is_called(&self, name: &str) -> bool {
        let bare = |text| str::trim_matches(text, ['-', '_', '.']);
        match (bare(&self.prefix), bare(&self.suffix)) {
            ("", "") => name == "base",
            (one, "") | ("", one) => name == one,
            (prefix, suffix) => {
                let rest = name.strip_prefix(prefix);
                rest.and_then(|rest| rest.strip_prefix('-')) == Some(suffix)
            }
        }
    }

    /// Whether this names a processor, a commit, a date or something unknown, and no variant.
    #[must_use]
    pub fn is_no_variant(&self) -> bool {
        let text = format!("{}-{}", self.prefix, self.suffix);
        let mut parts = text.split(['-', '_', '.', '+']);
        text.contains("{?}")
            || parts.any(|part| {
                let digits = part.len() >= 6 && part.bytes().all(|b| b.is_ascii_digit());
                let commit = part.len() >= 7
                    && part.bytes().all(|b| b.is_ascii_hexdigit())
                    && part.bytes().any(|b| b.is_ascii_digit());
                digits || commit || names_processor(part)
            })
    }
}

/// Words that name a processor.
const PROCESSORS: &[&str] = &[
    "amd64", "arm64", "arm", "armv5", "armv6", "armv7", "armhf", "armel", "arm64v8", "arm32v6",
    "arm32v7", "aarch64", "x86", "386", "i386", "ppc64le", "s390x", "riscv64", "mips64le",
    "loong64", "x64", "armv6l", "armv7l", "armv8",
];

/// Whether a word names a processor.
#[must_use]
pub fn names_processor(word: &str) -> bool {
    PROCESSORS.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether a tag names a processor as one of its parts (`1.2.3-amd64`, `linux-x86_64`).
#[must_use]
pub fn tag_names_processor(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    lower.contains("x86_64") || lower.split(['-', '_', '.', '+']).any(names_processor)
}

/// Reads a tag against the version being released; `None` where the tag does not name it.
#[must_use]
pub fn version_tag(tag: &str, version: &str) -> Option<VersionTag> {
    let mut forms = vec![(Form::Full, version)];
    let numbers = version.split(['-', '+']).next().unwrap_or(version);
    let mut dots = numbers.match_indices('.').map(|(at, _)| at);
    if let (Some(major), Some(minor)) = (dots.next(), dots.next()) {
        forms.extend(numbers.get(..minor).map(|text| (Form::Minor, text)));
        forms.extend(numbers.get(..major).map(|text| (Form::Major, text)));
    }
    forms.into_iter().find_map(|(form, text)| {
        let affix = around(tag, text)?;
        Some(VersionTag { form, affix })
    })
}

/// What stands around the first occurrence of a version that is not part of a longer number.
fn around(tag: &str, version: &str) -> Option<Affix> {
    tag.match_indices(version).find_map(|(at, _)| {
        let before = tag.get(..at)?;
        let after = tag.get(at + version.len()..)?;
        let number = |c: char| c.is_ascii_digit();
        let glued_before = before.ends_with(number)
            || (before.ends_with('.') && before.trim_end_matches('.').ends_with(number));
        let glued_after = after.starts_with(number)
            || (after.starts_with('.')
                && after.get(1..).is_some_and(|rest| rest.starts_with(number)));
        // `alpine3` names an Alpine, not version 3.
        let word_before = before
            .strip_suffix('v')
            .unwrap_or(before)
            .ends_with(|c: char| c.is_ascii_alphabetic());
        if glued_before || glued_after || word_before {
            return None;
        }
        let prefix = before.strip_suffix('v').unwrap_or(before);
        Some(Affix {
            prefix: prefix.to_owned(),
            suffix: after.to_owned(),
        })
    })
}

impl Scheme {
    /// The scheme that a release's tags show: pairs of the version released and a tag.
    #[must_use]
    pub fn infer<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut variants: Vec<Affix> = Vec::new();
        for (version, tag) in tags {
            let full = version_tag(tag, version).filter(|read| read.form == Form::Full);
            if let Some(read) = full
                && !read.affix.is_no_variant()
                && !variants.contains(&read.affix)
            {
                variants.push(read.affix);
            }
        }
        variants.sort_by(|a, b| (!a.is_base(), a).cmp(&(!b.is_base(), b)));
        Self {
            variants,
            declared: None,
        }
    }

    /// The same with what a policy declares: declared variants take the place of inferred ones.
    #[must_use]
    pub fn with_declared(mut self, declared: Option<Declared>) -> Self {
        let Some(declared) = declared else {
            return self;
        };
        if !declared.variants.is_empty() {
            let affixes = declared.variants.iter();
            self.variants = affixes.map(|variant| variant.affix.clone()).collect();
        }
        self.declared = Some(declared);
        self
    }

    /// The variant that a channel tag belongs to, by name: `latest-slim` is slim's.
    #[must_use]
    pub fn variant_of_channel(&self, tag: &str, channel: &str) -> Option<&Affix> {
        self.variants
            .iter()
            .find(|variant| self.is_channel_of(variant, tag, channel))
    }

    /// Whether there is a variant without affix.
    #[must_use]
    pub fn has_base(&self) -> bool {
        self.variants.iter().any(Affix::is_base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str) -> Option<(Form, String, String)> {
        let read = version_tag(tag, "1.2.3")?;
        Some((read.form, read.affix.prefix, read.affix.suffix))
    }

    #[test]
    fn tags_are_read_against_the_version() {
        let row =
            |form, prefix: &str, suffix: &str| Some((form, prefix.to_owned(), suffix.to_owned()));
        assert_eq!(read("v1.2.3-slim"), row(Form::Full, "", "-slim"));
        assert_eq!(read("cuda-1.2.3"), row(Form::Full, "cuda-", ""));
        assert_eq!(read("1.2-alpine3.20"), row(Form::Minor, "", "-alpine3.20"));
        assert_eq!(read("1"), row(Form::Major, "", ""));
        assert_eq!(read("11.2.3"), None);
        assert_eq!(read("1.2.3.4"), None);
        assert_eq!(read("latest"), None);
        assert_eq!(read("alpine1"), None);
        assert_eq!(read("rel-v1.2.3"), row(Form::Full, "rel-", ""));
    }

    #[test]
    fn schemes_are_inferred_from_full_versions() {
        let tags = [
            "1.2.3-slim",
            "1.2.3",
            "1.2-slim",
            "latest",
            "1.2.3-amd64",
            "1.2.3-abcdef1",
        ];
        let scheme = Scheme::infer(tags.iter().map(|tag| ("1.2.3", *tag)));
        let names: Vec<_> = scheme.variants.iter().map(Affix::name).collect();
        assert_eq!(names, ["base", "slim"]);
        let of = |tag| scheme.variant_of_channel(tag, "latest").map(Affix::name);
        assert_eq!(of("slim"), Some("slim".to_owned()));
        assert_eq!(of("slim-latest"), Some("slim".to_owned()));
        assert_eq!(of("latest"), Some("base".to_owned()));
        assert_eq!(of("latest-full"), None);
    }

    #[test]
    fn a_variant_goes_by_the_names_of_its_channels() {
        let parts = ["", "-", "-slim", "cuda-", "slim", "_a.b-"];
        let affixes = parts.iter().flat_map(|prefix| {
            parts.iter().map(move |suffix| Affix {
                prefix: (*prefix).to_owned(),
                suffix: (*suffix).to_owned(),
            })
        });
        let affixes: Vec<Affix> = affixes.collect();
        for channel in ["latest", "stable"] {
            for tag in affixes
                .iter()
                .flat_map(|affix| affix.channel_names(channel))
            {
                for affix in &affixes {
                    let named = affix.channel_names(channel).contains(&tag);
                    assert_eq!(affix.goes_by(&tag, channel), named, "{tag} {affix:?}");
                }
            }
        }
    }
}
