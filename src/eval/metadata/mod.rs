//! docker/metadata-action: the tags that its inputs come to for an event, without running it.
//!
//! [`evaluate`] reads the lists of the inputs (`input`, then `image`, `flavor` and `entry`), takes
//! the entries in the order of their priority (`order`), and finds what each yields for the event
//! (`evaluate`, over `event`, `template`, `version`, `pattern` and `date`). The first entry that
//! yields a tag decides the version and whether `latest` is added; this module joins the verdicts
//! into a [`Metadata`], and `output` writes that as the outputs of the step.
//!
//! Inputs and event may hold unknown parts. What depends on one is a pattern, or is not certain;
//! nothing becomes false or empty for being unknown.

mod date;
mod entry;
mod error;
mod evaluate;
mod event;
mod expressions;
mod flavor;
mod image;
mod input;
mod javascript;
mod order;
mod output;
mod pattern;
mod template;
mod version;

use std::collections::HashMap;
use std::ops::Range;

use super::unknown::Unknowns;
use evaluate::{Evaluator, Verdict, sanitize};
use event::Event;
use expressions::Expressions;

pub use entry::{Attribute, EntryKind, RefEvent};
pub use error::{Input, MetadataError};
pub use flavor::{Affix, Flavor, Latest};
pub use image::Image;
pub use output::{BAKE_TARGET, Reference};

/// The inputs of the action, expressions expanded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs<'a> {
    /// `images`.
    pub images: &'a str,
    /// `tags`.
    pub tags: &'a str,
    /// `flavor`.
    pub flavor: &'a str,
    /// `labels`: they change no tag, but a wrong template in them fails the run.
    pub labels: &'a str,
    /// `annotations`, likewise.
    pub annotations: &'a str,
    /// `sep-tags`; a line end by default.
    pub sep_tags: Option<&'a str>,
    /// `bake-target`.
    pub bake_target: Option<&'a str>,
}

/// The JSON of the event.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    /// The JSON, an object.
    pub json: &'a serde_json::Value,
    /// Whether it is all of a real event, so that what it lacks does not exist. Of a sample, what
    /// it lacks is unknown.
    pub complete: bool,
}

/// The event and the surroundings of the run.
pub struct Context<'a> {
    /// The name of the event.
    pub event_name: &'a str,
    /// The full reference: `refs/heads/main`.
    pub reference: &'a str,
    /// The commit.
    pub sha: &'a str,
    /// The event itself.
    pub payload: Payload<'a>,
    /// The default branch of the repository.
    pub default_branch: &'a str,
    /// The time of the run, if it is known.
    pub now: Option<jiff::Timestamp>,
    /// The time of the commit, if it is known; the event's own word for it comes first.
    pub commit_time: Option<jiff::Timestamp>,
    /// The environment of the step.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Where unknown parts are noted.
    pub unknowns: &'a Unknowns,
}

/// What the action comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// The output `version`: empty where there is none.
    pub version: String,
    /// The enabled images, in order.
    pub images: Vec<Image>,
    /// The tag names, in order, `latest` at the end.
    pub tags: Vec<Tag>,
    /// The entries in the order they are written.
    pub entries: Vec<Entry>,
    /// The flavor.
    pub flavor: Flavor,
    /// What the action would warn of.
    pub warnings: Vec<Warning>,
    separator: String,
    bake_target: String,
    revision: String,
}

/// One tag name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The name; it may hold unknown parts.
    pub name: String,
    /// Whether it surely is published.
    pub certain: bool,
    /// Where it comes from.
    pub source: TagSource,
}

/// What makes a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagSource {
    /// The entry of this index.
    Entry(usize),
    /// The automatic `latest`.
    Latest {
        /// The entry that decided that it is added.
        decided_by: usize,
    },
}

/// One entry of the `tags` input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its bytes in the raw `tags` input; empty for an entry of the default list.
    pub range: Range<usize>,
    /// Its type.
    pub kind: EntryKind,
    /// `enable=…`, where it is there.
    pub enable: Option<Attribute>,
    /// `value=…` or the bare field.
    pub value: Option<Attribute>,
    /// `pattern=…`.
    pub pattern: Option<Attribute>,
    /// `match=…` of semver and pep440.
    pub matches: Option<Attribute>,
    /// `prefix=…`, or the prefix that the type has of its own.
    pub prefix: Option<Attribute>,
    /// `suffix=…`.
    pub suffix: Option<Attribute>,
    /// What it comes to for this event.
    pub outcome: EntryOutcome,
    /// Whether it adds `latest` if it is the first that yields; `None` where that is not known or
    /// it yields nothing.
    pub latest: Option<bool>,
}

/// What an entry comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryOutcome {
    /// A tag; others may have yielded the same before.
    Yields {
        /// The tag's name.
        tag: String,
        /// Whether it surely does.
        certain: bool,
    },
    /// `enable` is false.
    Disabled,
    /// The type takes no part in this event.
    WrongEvent,
    /// The event is about another branch than that of `type=edge`.
    WrongBranch,
    /// The pattern does not match.
    NoMatch {
        /// The text that was looked at.
        text: String,
    },
    /// The pattern matches and has no such group, or the group matched nothing.
    NoGroup,
    /// What should be a version is none.
    InvalidVersion {
        /// The text that was looked at.
        text: String,
    },
    /// The value is empty.
    Empty,
    /// It would fail the run, and it is not known whether it is enabled.
    Fails {
        /// Why.
        message: String,
    },
}

/// Something that the action warns of and goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The entry it is about, by index.
    pub entry: usize,
    /// What it says.
    pub message: String,
}

/// More references than any step could push.
const MOST: usize = 200_000;

/// What the inputs come to for the event.
///
/// # Errors
/// What makes the run of the action fail.
pub fn evaluate(inputs: &Inputs, context: &Context) -> Result<Metadata, MetadataError> {
    let event = Event::new(context);
    let labels = [
        (Input::Labels, input::lines(Input::Labels, inputs.labels)?),
        (
            Input::Annotations,
            input::lines(Input::Annotations, inputs.annotations)?,
        ),
    ];
    let images = image::read(inputs.images)?;
    let records = entry::read(inputs.tags)?;
    let flavor = flavor::read(inputs.flavor)?;

    let priorities: Vec<f64> = records.iter().map(|record| record.priority).collect();
    let order = order::by_priority(&priorities);
    let mut evaluator = Evaluator {
        event: &event,
        flavor: &flavor,
        unknowns: context.unknowns,
        warnings: Vec::new(),
    };
    let mut verdicts: Vec<(usize, Verdict)> = Vec::new();
    for index in order {
        if let Some(record) = records.get(index) {
            verdicts.push((index, evaluator.entry(index, record)?));
        }
    }
    let warnings = evaluator.warnings;
    for (input, lines) in labels {
        let names = Expressions {
            event: &event,
            times_only: false,
        };
        for line in lines {
            template::render(&line.text(), &names, context.unknowns)
                .map_err(|message| MetadataError::new(input, line.range(), message))?;
        }
    }

    let ordered = !records.iter().any(|record| record.unknown_priority);
    let yielding = Yielding::of(&verdicts, ordered);
    let version = yielding.version(context.unknowns);
    let mut tags = yielding.tags();
    tags.extend(yielding.latest(&flavor, context.unknowns));
    if images.len().saturating_mul(tags.len()) > MOST {
        let message = "images and tags come to more references than are evaluated";
        return Err(MetadataError::new(
            Input::Tags,
            0..inputs.tags.len(),
            message,
        ));
    }
    verdicts.sort_by_key(|(index, _)| *index);
    let entries = records.into_iter().zip(verdicts);
    let target = inputs.bake_target.map_or("", javascript::trim);
    Ok(Metadata {
        version,
        images,
        tags,
        entries: entries
            .map(|(record, (_, verdict))| joined(record, verdict))
            .collect(),
        flavor,
        warnings,
        separator: inputs
            .sep_tags
            .filter(|s| !s.is_empty())
            .unwrap_or("\n")
            .to_owned(),
        bake_target: if target.is_empty() {
            BAKE_TARGET
        } else {
            target
        }
        .to_owned(),
        revision: event.sha.clone(),
    })
}

fn joined(record: entry::Record, verdict: Verdict) -> Entry {
    Entry {
        range: record.range,
        kind: record.kind,
        enable: record.enable,
        value: record.value,
        pattern: record.pattern,
        matches: record.matches,
        prefix: record.prefix,
        suffix: record.suffix,
        outcome: verdict.outcome,
        latest: verdict.latest,
    }
}

/// The entries that yield a tag, in the order they are taken.
struct Yielding<'a> {
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
    fn of(verdicts: &'a [(usize, Verdict)], ordered: bool) -> Self {
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

    fn version(&self, unknowns: &Unknowns) -> String {
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

    fn tags(&self) -> Vec<Tag> {
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
    fn latest(&self, flavor: &Flavor, unknowns: &Unknowns) -> Option<Tag> {
        let (firsts, sure) = self.firsts();
        let decides = |found: &&Yield| found.latest != Some(false);
        let decider = firsts.iter().find(decides)?;
        let agreed = firsts.iter().all(|found| found.latest == Some(true));
        let affix = |affix: &Affix| match affix.on_latest {
            Some(true) => affix.text.clone(),
            Some(false) => String::new(),
            None if affix.text.is_empty() => String::new(),
            None => {
                let what = format!("`{}` around `latest`", super::unknown::pattern(&affix.text));
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

#[cfg(test)]
mod tests;
