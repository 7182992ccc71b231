//! Versions as tags carry them: lenient, any number of components, with an optional pre-release.

use std::cmp::Ordering;

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

/// A version: numbers and, where there is one, a pre-release.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    numbers: Vec<u64>,
    prerelease: Option<String>,
}

/// Words that begin a pre-release.
const PRERELEASES: &[&str] = &[
    "alpha",
    "beta",
    "rc",
    "pre",
    "preview",
    "dev",
    "snapshot",
    "milestone",
    "ea",
    "canary",
    "nightly",
    "next",
    "cr",
    "a",
    "b",
    "m",
];

impl Version {
    /// Reads a version at the start of a text; gives what follows it. A leading `v` belongs to it.
    #[must_use]
    pub fn read(text: &str) -> Option<(Self, &str)> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut numbers = Vec::new();
        let mut rest = text;
        loop {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at_checked(digits)?;
            numbers.push(number.parse().ok()?);
            rest = after;
            let next = rest.strip_prefix('.');
            match next {
                Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
                _ => break,
            }
        }
        let (prerelease, rest) = match prerelease(rest) {
            Some((prerelease, rest)) => (Some(prerelease), rest),
            None => (None, rest),
        };
        Some((
            Self {
                numbers,
                prerelease,
            },
            rest,
        ))
    }

    /// The numbers in order.
    #[must_use]
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// The pre-release, such as `rc.1`, where there is one.
    #[must_use]
    pub fn prerelease(&self) -> Option<&str> {
        self.prerelease.as_deref()
    }

    /// How much of a version it names; a pre-release is always whole.
    #[must_use]
    pub fn precision(&self) -> Precision {
        match self.numbers.len() {
            _ if self.prerelease.is_some() => Precision::Full,
            0 | 1 => Precision::Major,
            2 => Precision::Minor,
            _ => Precision::Full,
        }
    }
}

/// A pre-release at the start of a text: `-rc.1`, `rc1`, `.beta2`, `-SNAPSHOT`.
fn prerelease(text: &str) -> Option<(String, &str)> {
    let body = text.strip_prefix(['-', '.', '_']).unwrap_or(text);
    let lower = body.to_ascii_lowercase();
    // The longest word first, so that `beta` is not read as `b`.
    let word = PRERELEASES
        .iter()
        .filter(|word| lower.starts_with(**word))
        .max_by_key(|word| word.len())?;
    let mut end = word.len();
    let after = body.get(end..)?;
    let separated = after.strip_prefix(['.', '-', '_']);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let number = digits(after);
    match separated {
        _ if number > 0 => end += number,
        Some(tail) if digits(tail) > 0 => end += 1 + digits(tail),
        _ if word.len() <= 2 && *word != "rc" && *word != "ea" => return None,
        _ => {}
    }
    // Further numbers, as in `rc.1.2`.
    while let Some(tail) = body.get(end..).and_then(|rest| rest.strip_prefix('.')) {
        match digits(tail) {
            0 => break,
            count => end += 1 + count,
        }
    }
    let (prerelease, rest) = body.split_at_checked(end)?;
    let complete = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    complete.then(|| (prerelease.to_owned(), rest))
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let longest = self.numbers.len().max(other.numbers.len());
        let number =
            |version: &Self, index: usize| version.numbers.get(index).copied().unwrap_or(0);
        let numbers = (0..longest)
            .map(|index| number(self, index).cmp(&number(other, index)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal);
        numbers
            .then_with(|| match (&self.prerelease, &other.prerelease) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(a), Some(b)) => compare_prereleases(a, b),
            })
            // Equal numbers of other length (`1.0`, `1.0.0`) still are two versions.
            .then_with(|| self.numbers.len().cmp(&other.numbers.len()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Word by word and number by number.
fn compare_prereleases(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| -> Vec<(u64, String)> {
        let mut parts = Vec::new();
        let mut word = String::new();
        let mut digits = String::new();
        for c in text.chars() {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if !digits.is_empty() {
                parts.push((
                    digits.parse().unwrap_or(u64::MAX),
                    std::mem::take(&mut word),
                ));
                digits.clear();
            }
            if c.is_ascii_alphabetic() {
                word.push(c.to_ascii_lowercase());
            }
        }
        parts.push((digits.parse().unwrap_or(0), word));
        parts
    };
    let (a, b) = (parts(a), parts(b));
    let order = |(number, word): &(u64, String)| (word.clone(), *number);
    a.iter().map(order).cmp(b.iter().map(order))
}
