//! The entries that yield a tag, joined: the list of tags, the version, and the automatic `latest`.

use std::collections::HashMap;

use super::evaluate::{Verdict, sanitize};
use super::flavor::{Affix, Flavor};
use super::result::{EntryOutcome, Tag, TagSource};
use crate::eval::unknown::{Unknowns, pattern};

/// The entries that yield a tag, in the order they are taken.
pub(super) struct Yielding<'a> {
    all: Vec<Yield<'a>>,
    /// Whether that order is known.
    ordered: bool,
}

struct Yield<'a> {
    entry: usize,
    tag: &'a str,
    certain: bool,
    latest: Option<bool>,
}

impl<'a> Yielding<'a> {
    pub(super) fn of(verdicts: &'a [(usize, Verdict)], ordered: bool) -> Self {
        let all = verdicts
            .iter()
            .filter_map(|(entry, verdict)| match &verdict.outcome {
                EntryOutcome::Yields { tag, certain } => Some(Yield {
                    entry: *entry,
                    tag,
                    certain: *certain,
                    latest: verdict.latest,
                }),
                _ => None,
            });
        Self {
            all: all.collect(),
            ordered,
        }
    }

    /// The entries that may be the first to yield, and whether one surely is.
    fn firsts(&self) -> (&[Yield<'a>], bool) {
        let sure = self.all.iter().position(|found| found.certain);
        match sure {
            Some(at) if self.ordered => (self.all.get(..=at).unwrap_or_default(), true),
            sure => (&self.all, sure.is_some()),
        }
    }

    pub(super) fn version(&self, unknowns: &Unknowns) -> String {
        let (firsts, sure) = self.firsts();
        match firsts {
            [] => String::new(),
            [first, rest @ ..] if sure && rest.iter().all(|other| other.tag == first.tag) => {
                first.tag.to_owned()
            }
            _ => {
                let what = "version of docker/metadata-action";
                let reason = "it is not known which entry is the first to yield a tag";
                unknowns.note(what, reason).as_char().to_string()
            }
        }
    }

    pub(super) fn tags(&self) -> Vec<Tag> {
        let mut tags: Vec<Tag> = Vec::new();
        let mut places = HashMap::new();
        for found in &self.all {
            let place = *places.entry(found.tag).or_insert(tags.len());
            match tags.get_mut(place) {
                Some(tag) => tag.certain |= found.certain,
                None => tags.push(Tag {
                    name: found.tag.to_owned(),
                    certain: found.certain,
                    source: TagSource::Entry(found.entry),
                }),
            }
        }
        tags
    }

    /// The automatic `latest`, if it may be added.
    pub(super) fn latest(&self, flavor: &Flavor, unknowns: &Unknowns) -> Option<Tag> {
        let (firsts, sure) = self.firsts();
        let decides = |found: &&Yield| found.latest != Some(false);
        let decider = firsts.iter().find(decides)?;
        let agreed = firsts.iter().all(|found| found.latest == Some(true));
        let affix = |affix: &Affix| match affix.on_latest {
            Some(true) => affix.text.clone(),
            Some(false) => String::new(),
            None if affix.text.is_empty() => String::new(),
            None => {
                let what = format!("`{}` around `latest`", pattern(&affix.text));
                let mark = unknowns.note(what, "`onlatest` is not known");
                mark.as_char().to_string()
            }
        };
        let name = format!("{}latest{}", affix(&flavor.prefix), affix(&flavor.suffix));
        Some(Tag {
            name: sanitize(&name, |_| true),
            certain: sure && agreed,
            source: TagSource::Latest {
                decided_by: decider.entry,
            },
        })
    }
}
