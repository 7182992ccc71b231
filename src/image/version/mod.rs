//! Versions as tags carry them: lenient, any number of components, with an optional pre-release and
//! an optional build. What stands beside a version in its tag, its variant, is read elsewhere.

mod order;
mod prerelease;

use prerelease::Prerelease;

/// How much of a version a tag names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// `1`
    Major,
    /// `1.2`
    Minor,
    /// `1.2.3` or more
    Full,
}

/// A version: numbers and, where there are any, a pre-release and a build.
///
/// Versions are ordered by their numbers, then a pre-release before what it leads to, then by
/// build. Equal numbers of other length (`1.0`, `1.0.0`) are two versions, the shorter first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    numbers: Vec<u64>,
    prerelease: Option<Prerelease>,
    build: Option<Box<str>>,
}

impl Version {
    /// Reads a version at the start of a text; gives what follows it. A leading `v` belongs to it.
    #[must_use]
    pub fn read(text: &str) -> Option<(Self, &str)> {
        let mut rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut numbers = Vec::new();
        loop {
            let (number, after) = number(rest)?;
            numbers.push(number);
            rest = after;
            match rest.strip_prefix('.') {
                Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
                _ => break,
            }
        }
        // Java's updates: `8u392` is 1.8.0_392.
        if let ([_], Some(update)) = (numbers.as_slice(), rest.strip_prefix('u'))
            && let Some((update, after)) = number(update)
        {
            numbers.extend([0, update]);
            rest = after;
        }
        // `1.x` is `1`.
        if let Some(after) = rest.strip_prefix(".x")
            && is_boundary(after)
        {
            rest = after;
        }
        let (prerelease, rest) = match Prerelease::read(rest) {
            Some((prerelease, rest)) => (Some(prerelease), rest),
            None => (None, rest),
        };
        let version = Self {
            numbers,
            prerelease,
            build: None,
        };
        Some((version, rest))
    }

    pub(super) fn with_build(mut self, build: &str) -> Self {
        self.build = (!build.is_empty()).then(|| build.into());
        self
    }

    /// The numbers in order, one at least.
    #[must_use]
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// How many numbers it has: 3 for `1.2.3`.
    #[must_use]
    pub fn components(&self) -> usize {
        self.numbers.len()
    }

    /// The pre-release, such as `rc.1`, where there is one.
    #[must_use]
    pub fn prerelease(&self) -> Option<&str> {
        self.prerelease.as_ref().map(Prerelease::as_str)
    }

    /// What tells two builds of one version apart, where it is named: `r5`, `9`, `20240311`, a
    /// commit.
    #[must_use]
    pub fn build(&self) -> Option<&str> {
        self.build.as_deref()
    }

    /// How much of a version it names. A numbered pre-release and a build are whole: no release
    /// moves them. `3.14-rc` is not, since the next candidate moves it.
    #[must_use]
    pub fn precision(&self) -> Precision {
        let candidate = self
            .prerelease
            .as_ref()
            .is_some_and(Prerelease::is_numbered);
        match self.numbers.len() {
            _ if candidate || self.build.as_deref().is_some_and(|b| self.is_settled_by(b)) => {
                Precision::Full
            }
            0 | 1 => Precision::Major,
            2 => Precision::Minor,
            _ => Precision::Full,
        }
    }

    /// Whether a build pins a version that is not whole: `8.9-1160` and `1-34.1599745032` name one
    /// build, `16-3.4` only a second version that is not whole either.
    fn is_settled_by(&self, build: &str) -> bool {
        let last = build.rsplit('.').next().unwrap_or(build);
        let numeric = build.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        !numeric || last.len() >= 4 || (self.numbers.len() >= 2 && !build.contains('.'))
    }
}

/// A number at the start of a text, and what follows it.
fn number(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, rest))
}

/// Whether a word ends before this text.
fn is_boundary(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, number) in self.numbers.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{number}")?;
        }
        if let Some(prerelease) = self.prerelease() {
            write!(f, "-{prerelease}")?;
        }
        match self.build() {
            Some(build) => write!(f, "-{build}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
