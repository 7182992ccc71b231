//! Which stable versions have a variant, and which lack it: between two that have it, and since the
//! newest that has it.

use super::layout::Audit;
use super::release::Release;

/// A variant that is missing from more versions than this is given up, unless a policy asks for it;
/// a gap that is longer is no slip.
const GIVEN_UP: usize = 5;

/// Where a variant is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence<'a> {
    /// The newest version that has it.
    pub newest: &'a Release,
    /// The newer versions that lack it, newest first.
    pub since: Vec<&'a Release>,
    /// Older versions that lack it while their neighbours have it, newest first.
    pub gaps: Vec<&'a Release>,
    /// Whether it was given up, and not forgotten.
    pub given_up: bool,
}

impl Audit {
    /// Where a variant is missing; `None` where no stable version has it, or where not all tags are
    /// known.
    #[must_use]
    pub fn presence(&self, variant: usize) -> Option<Presence<'_>> {
        if !self.observed.complete {
            return None;
        }
        let stable: Vec<&Release> = self.stable().collect();
        let has = |release: &&Release| release.tag(variant).is_some();
        let newest = stable.iter().position(has)?;
        let oldest = stable.iter().rposition(has)?;
        let since: Vec<&Release> = stable.iter().take(newest).copied().collect();
        let declared = !self.scheme.declared_variants().is_empty();
        let mut gaps = Vec::new();
        let mut above = newest;
        for at in (newest..=oldest).filter(|at| stable.get(*at).is_some_and(&has)) {
            let gap = stable.get(above + 1..at).unwrap_or_default();
            let around = [stable.get(above), stable.get(at)].into_iter().flatten();
            let slip = gap.len() <= GIVEN_UP && is_one_line(around.chain(gap));
            if declared || slip {
                gaps.extend(gap.iter().copied());
            }
            above = at;
        }
        let last = *stable.get(newest)?;
        let ended = || {
            since.len() > GIVEN_UP
                || since.last().is_some_and(|first| opens_major(first, last))
                || self.is_succeeded(variant)
        };
        Some(Presence {
            given_up: !declared && ended(),
            newest: last,
            since,
            gaps,
        })
    }

    /// Whether the newest version lacks a variant, because another one has taken its place.
    #[must_use]
    pub fn is_over(&self, variant: usize) -> bool {
        let presence = self.presence(variant);
        let ended = presence.is_some_and(|one| one.given_up && !one.since.is_empty());
        ended && self.is_succeeded(variant)
    }

    /// Whether another variant has taken the place of one: `alpine3.21` that of `alpine3.20`, or one
    /// that begins where this one ends, as `trixie` does after `bookworm`.
    #[must_use]
    pub fn is_succeeded(&self, variant: usize) -> bool {
        let stable: Vec<&Release> = self.stable().collect();
        let has = |variant: usize| move |release: &&Release| release.tag(variant).is_some();
        let (Some(end), Some(newest)) = (stable.iter().position(has(variant)), stable.first())
        else {
            return false;
        };
        let own = stem(&self.variant_name(variant));
        (0..self.scheme.variants.len())
            .filter(|other| *other != variant)
            .any(|other| {
                let name = self.variant_name(other);
                let alike = stem(&name) == own && newest.tag(other).is_some();
                let begin = stable.iter().rposition(has(other));
                // The oldest version of all begins every variant that it has.
                let follows = begin.is_some_and(|begin| {
                    begin + 1 < stable.len() && (begin == end || begin + 1 == end)
                });
                (alike && own != self.variant_name(variant)) || follows
            })
    }
}

/// The name of a variant without the version in it.
fn stem(name: &str) -> String {
    let kept = name.chars().filter(|c| !c.is_ascii_digit() && *c != '.');
    kept.collect()
}

/// Whether versions follow each other in one line: all of one minor version, or none of them a patch.
/// Across lines the order of versions is not that in which they were released.
fn is_one_line<'r>(releases: impl Iterator<Item = &'r &'r Release>) -> bool {
    let numbers: Vec<&[u64]> = releases.map(|release| release.version.numbers()).collect();
    let minor = |numbers: &&[u64]| numbers.get(..2).map(<[u64]>::to_vec);
    let first = numbers.first().and_then(minor);
    let same = numbers.iter().all(|numbers| minor(numbers) == first);
    let patchless = || {
        numbers
            .iter()
            .all(|numbers| numbers.iter().skip(2).all(|number| *number == 0))
    };
    same || patchless()
}

/// Whether a version begins a new major one after another.
fn opens_major(first: &Release, last: &Release) -> bool {
    let (first, last) = (first.version.numbers(), last.version.numbers());
    first.first() != last.first() && first.iter().skip(1).all(|number| *number == 0)
}

/// Versions in words: `0.24.7`, `0.24.7 and 0.24.9`, `0.24.7 to 0.24.9 (3 versions)`; they are given
/// newest first.
#[must_use]
pub fn in_words(releases: &[&Release]) -> String {
    match releases {
        [] => String::new(),
        [one] => one.spelled.clone(),
        [new, old] => format!("{} and {}", old.spelled, new.spelled),
        [new, .., old] => format!(
            "{} to {} ({} versions)",
            old.spelled,
            new.spelled,
            releases.len()
        ),
    }
}
