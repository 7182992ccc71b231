//! The order of versions.

use std::cmp::Ordering;

use super::Version;
use super::prerelease::Prerelease;

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let longest = self.numbers.len().max(other.numbers.len());
        let number = |version: &Self, at: usize| version.numbers.get(at).copied().unwrap_or(0);
        (0..longest)
            .map(|at| number(self, at).cmp(&number(other, at)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
            .then_with(|| match (&self.prerelease, &other.prerelease) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(one), Some(two)) => prereleases(one, two),
            })
            .then_with(|| self.numbers.len().cmp(&other.numbers.len()))
            .then_with(|| match (self.build(), other.build()) {
                (Some(one), Some(two)) => natural(one, two),
                (one, two) => one.cmp(&two),
            })
            // What differs in spelling alone still differs: `rc1`, `rc.1`.
            .then_with(|| self.prerelease().cmp(&other.prerelease()))
            .then_with(|| self.build.cmp(&other.build))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By stage, then by the numbers of their rounds.
fn prereleases(one: &Prerelease, two: &Prerelease) -> Ordering {
    one.stage()
        .cmp(&two.stage())
        .then_with(|| numbers(one.as_str()).cmp(numbers(two.as_str())))
}

/// Numbers as numbers, and what stands between them as text.
fn natural(one: &str, two: &str) -> Ordering {
    numbers(one).cmp(numbers(two)).then_with(|| one.cmp(two))
}

/// The numbers of a text, each as the digits that count: longer is more.
fn numbers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.trim_start_matches('0'))
        .map(|digits| (digits.len(), digits))
}
