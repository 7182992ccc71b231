//! `type=semver`: a strict semantic version, with a `v` in front if need be.

use semver::Version;

use super::super::javascript::{number_text, trim};
use super::super::template::{Arguments, Names, Value};

/// The longest version, and the greatest number in one, that is accepted.
const LONGEST: usize = 256;
const GREATEST: u64 = (1 << 53) - 1;

/// A version, as templates see it.
#[derive(Debug)]
pub(crate) struct Semver {
    raw: String,
    version: Version,
}

/// Reads a version; `None` for what is none.
pub(crate) fn parse(text: &str) -> Option<Semver> {
    if text.encode_utf16().count() > LONGEST {
        return None;
    }
    let trimmed = trim(text);
    let version = Version::parse(trimmed.strip_prefix('v').unwrap_or(trimmed)).ok()?;
    let numbers = [version.major, version.minor, version.patch];
    numbers.iter().all(|n| *n <= GREATEST).then(|| Semver {
        raw: text.to_owned(),
        version,
    })
}

/// Whether a text with unknown parts might be a version, as far as what is known in front tells.
pub(crate) fn may_begin(known: &str) -> bool {
    let known = known.trim_start();
    let rest = known.strip_prefix('v').unwrap_or(known);
    rest.starts_with(|c: char| c.is_ascii_digit()) || rest.is_empty()
}

impl Semver {
    pub(crate) fn is_prerelease(&self) -> bool {
        !self.version.pre.is_empty()
    }

    /// The version without what is built into it.
    pub(crate) fn plain(&self) -> String {
        let Version {
            major,
            minor,
            patch,
            pre,
            ..
        } = &self.version;
        if pre.is_empty() {
            return format!("{major}.{minor}.{patch}");
        }
        let pre: Vec<String> = pre.split('.').map(identifier_text).collect();
        format!("{major}.{minor}.{patch}-{}", pre.join("."))
    }
}

fn identifier(text: &str) -> Value {
    let number = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<f64>() {
        #[allow(clippy::cast_precision_loss)]
        Ok(value) if number && value < GREATEST as f64 => Value::Number(value),
        _ => Value::text(text),
    }
}

fn identifier_text(text: &str) -> String {
    match identifier(text) {
        Value::Number(value) => number_text(value),
        _ => text.to_owned(),
    }
}

fn list(text: &str, item: fn(&str) -> Value) -> Value {
    let items = text.split('.').filter(|item| !item.is_empty());
    Value::List(items.map(item).collect())
}

impl Names for Semver {
    fn names(&self) -> &'static [&'static str] {
        &[
            "options",
            "loose",
            "includePrerelease",
            "raw",
            "major",
            "minor",
            "patch",
            "prerelease",
            "build",
            "version",
        ]
    }

    fn get(&self, name: &str) -> Value {
        #[allow(clippy::cast_precision_loss)]
        let number = |value: u64| Value::Number(value as f64);
        match name {
            "options" => Value::Object([("loose", Value::Bool(true))].into()),
            "loose" => Value::Bool(true),
            "includePrerelease" => Value::Bool(false),
            "raw" => Value::text(self.raw.as_str()),
            "major" => number(self.version.major),
            "minor" => number(self.version.minor),
            "patch" => number(self.version.patch),
            "prerelease" => list(&self.version.pre, identifier),
            "build" => list(&self.version.build, |item| Value::text(item)),
            "version" => Value::text(self.plain()),
            _ => Value::Undefined,
        }
    }

    fn call(&self, function: &str, _: &Arguments) -> Result<Value, String> {
        Err(format!("`{function}` is no helper"))
    }

    fn text(&self) -> String {
        self.plain()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strict_versions_pass() {
        for text in [
            "1.2.3",
            "v1.2.3",
            " v1.2.3 ",
            "1.2.3+x.01",
            "1.2.3-0",
            "1.2.3--.x",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "=1.2.3",
            "V1.2.3",
            "vv1.2.3",
            "v1.2",
            "1.2.3.4",
            "v01.2.3",
            "1.2.3-01",
            "v1.2.3rc1",
            "9007199254740992.0.0",
            "1.2.3-",
            "1.2.3+",
            "1.2.3-a..b",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn plain_has_no_build() {
        assert_eq!(parse("v1.2.3-rc.1+b.5").unwrap().plain(), "1.2.3-rc.1");
    }
}
