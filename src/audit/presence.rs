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
        let between = stable.get(newest..=oldest).unwrap_or_default();
        let declared = !self.scheme.declared_variants().is_empty();
        let mut gaps = Vec::new();
        for gap in between.split(has) {
            if declared || gap.len() <= GIVEN_UP {
                gaps.extend(gap.iter().copied());
            }
        }
        let given_up = !declared && (since.len() > GIVEN_UP || self.is_succeeded(variant));
        Some(Presence {
            newest: stable.get(newest)?,
            since,
            gaps,
            given_up,
        })
    }

    /// Whether another variant has taken the place of one: `alpine3.21` that of `alpine3.20`.
    #[must_use]
    pub fn is_succeeded(&self, variant: usize) -> bool {
        let stem = |variant: usize| {
            let name = self.variant_name(variant);
            let kept = name.chars().filter(|c| !c.is_ascii_digit() && *c != '.');
            kept.collect::<String>()
        };
        let Some(newest) = self.stable().next() else {
            return false;
        };
        let own = stem(variant);
        let mut others = newest.tags.iter().enumerate();
        own != self.variant_name(variant)
            && others.any(|(other, tag)| tag.is_some() && other != variant && stem(other) == own)
    }
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
