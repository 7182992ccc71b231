//! docker/metadata-action: the tags that its inputs come to for an event, without running it.
//!
//! [`evaluate`] reads the lists of the inputs (`input`, then `image`, `flavor` and `entry`), takes
//! the entries in the order of their priority (`order`), and finds what each yields for the event
//! (`evaluate`, over `event`, `template`, `version`, `pattern` and `date`). The first entry that
//! yields a tag decides the version and whether `latest` is added (`yielding`). The [`Metadata`]
//! that results can be written as the outputs of the step (`output`).
//!
//! Inputs and event may hold unknown parts. What depends on one is a pattern, or is not certain;
//! nothing becomes false or empty for being unknown.

mod attributes;
mod commit;
mod csv;
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
pub(crate) mod pattern;
mod result;
pub(crate) mod template;
mod version;
mod yielding;

use super::memo::Memo;
use super::unknown::Unknowns;
use evaluate::{Evaluator, Verdict};
use event::Event;
use expressions::Expressions;
use yielding::Yielding;

pub use entry::{Attribute, EntryKind, RefEvent};
pub use error::{Input, MetadataError};
pub use flavor::{Affix, Flavor, Latest};
pub use image::Image;
pub use output::{BAKE_TARGET, Reference};
pub use result::{Entry, EntryOutcome, Metadata, Tag, TagSource, Warning};

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

/// More references than any step could push.
const MOST: usize = 200_000;

impl Metadata {
    /// What stands between the items of a list output.
    #[must_use]
    pub fn separator(&self) -> &str {
        &self.separator
    }
}

type Read<T> = Result<T, MetadataError>;

thread_local! {
    static IMAGES: Memo<String, Read<Vec<image::Image>>> = Memo::default();
    static RECORDS: Memo<String, Read<Vec<entry::Record>>> = Memo::default();
    static FLAVORS: Memo<String, Read<flavor::Flavor>> = Memo::default();
}

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
    let images = IMAGES.with(|known| known.of(inputs.images, inputs.images.len(), image::read))?;
    let records = RECORDS.with(|known| known.of(inputs.tags, inputs.tags.len(), entry::read))?;
    let flavor =
        FLAVORS.with(|known| known.of(inputs.flavor, inputs.flavor.len(), flavor::read))?;

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

#[cfg(test)]
mod tests;
