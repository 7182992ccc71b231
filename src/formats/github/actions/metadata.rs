//! docker/metadata-action: its inputs evaluated, its outputs set, each tag traced to its line.

use super::{input, value};
use crate::eval::metadata::{
    self, Context, Entry, EntryOutcome, Input, Inputs, Metadata, MetadataError, Payload, TagSource,
};
use crate::eval::unknown;
use crate::eval::value::Object;
use crate::facts::{Declaration, TagEntry, Yields};
use crate::formats::ci::ledger::{DeclaredTag, Ledger};
use crate::formats::github::context::Frame;
use crate::formats::github::render::Rendered;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::Effect;
use crate::formats::github::world::Run;
use crate::source::Place;

/// Runs the step.
pub fn run(
    run: &Run<'_>,
    step: &Step,
    frame: &Frame<'_>,
    written: &mut Object,
    ledger: &mut Ledger<'_>,
) -> Effect {
    let at = Place {
        file: run.workflow.file,
        span: step.uses.as_ref().map_or(step.at, |uses| uses.span),
    };
    let text = |name: &str| input(run, step, frame, name);
    let given = Given {
        images: text("images"),
        tags: text("tags"),
        flavor: text("flavor"),
        step: step.id.clone(),
        at,
    };
    let read = |rendered: &Option<Rendered>| {
        rendered
            .as_ref()
            .map_or_else(String::new, |rendered| rendered.text.clone())
    };
    let (images, tags, flavor) = (read(&given.images), read(&given.tags), read(&given.flavor));
    let (labels, annotations) = (text("labels"), text("annotations"));
    let (labels, annotations) = (read(&labels), read(&annotations));
    let separator = text("sep-tags").map(|rendered| rendered.text);
    let bake_target = text("bake-target").map(|rendered| rendered.text);
    let inputs = Inputs {
        images: &images,
        tags: &tags,
        flavor: &flavor,
        labels: &labels,
        annotations: &annotations,
        sep_tags: separator.as_deref(),
        bake_target: bake_target.as_deref(),
    };
    let event = run.event;
    let environment = |name: &str| {
        let value = frame.env.get(name)?;
        Some(value.to_text().to_string())
    };
    frame.unknowns.set_place(Some(at));
    let context = Context {
        event_name: &event.name,
        reference: &event.reference,
        sha: &event.sha,
        payload: Payload {
            json: &event.payload,
            complete: event.payload_is_whole,
        },
        default_branch: &event.default_branch,
        now: run.settings.time,
        commit_time: None,
        environment: &environment,
        unknowns: frame.unknowns,
    };
    match metadata::evaluate(&inputs, &context) {
        Ok(metadata) => {
            for entry in &metadata.entries {
                ledger.entry(given.entry(entry));
            }
            declare(&metadata, &given, ledger);
            outputs(&metadata, frame, written)
        }
        Err(error) => {
            let message = format!("docker/metadata-action fails: {error}");
            Effect::Failed(Some((message, given.place_of_error(&error))))
        }
    }
}

/// The inputs as evaluated, with the way back to the file.
struct Given {
    images: Option<Rendered>,
    tags: Option<Rendered>,
    flavor: Option<Rendered>,
    /// The step's id.
    step: Option<String>,
    at: Place,
}

impl Given {
    fn in_tags(&self, entry: &Entry) -> Place {
        match &self.tags {
            Some(tags) if !entry.range.is_empty() => tags.place(entry.range.clone()),
            _ => self.at,
        }
    }

    fn in_flavor(&self, range: &std::ops::Range<usize>) -> Option<Place> {
        Some(self.flavor.as_ref()?.place(range.clone()))
    }

    fn place_of_error(&self, error: &MetadataError) -> Place {
        let input = match error.input {
            Input::Images => &self.images,
            Input::Tags => &self.tags,
            Input::Flavor => &self.flavor,
            Input::Labels | Input::Annotations => &None,
        };
        match input {
            Some(input) if !error.range.is_empty() => input.place(error.range.clone()),
            Some(input) => input.whole(),
            None => self.at,
        }
    }

    fn entry(&self, entry: &Entry) -> TagEntry {
        let text = self
            .tags
            .as_ref()
            .and_then(|tags| tags.text.get(entry.range.clone()))
            .unwrap_or_default();
        // Only text that no event changes makes an entry dead for good.
        let value = entry.value.as_ref().map(|value| value.text.as_str());
        let fixed = value.is_some_and(|value| {
            !value.is_empty() && unknown::is_known(value) && !value.contains("{{")
        });
        TagEntry {
            text: unknown::pattern(text),
            at: self.in_tags(entry),
            yields: match &entry.outcome {
                EntryOutcome::Yields { certain: true, .. } => Yields::Tag,
                EntryOutcome::Yields { .. } | EntryOutcome::Fails { .. } => Yields::Maybe,
                EntryOutcome::InvalidVersion { text } if fixed => {
                    Yields::Never(format!("`{text}` is no version"))
                }
                EntryOutcome::NoMatch { text } if fixed => {
                    Yields::Never(format!("the pattern does not match `{text}`"))
                }
                EntryOutcome::NoGroup if fixed => {
                    Yields::Never("the pattern has no such group".to_owned())
                }
                EntryOutcome::Disabled
                | EntryOutcome::WrongEvent
                | EntryOutcome::WrongBranch
                | EntryOutcome::NoMatch { .. }
                | EntryOutcome::NoGroup
                | EntryOutcome::InvalidVersion { .. }
                | EntryOutcome::Empty => Yields::NotHere,
            },
        }
    }
}

fn declare(metadata: &Metadata, given: &Given, ledger: &mut Ledger<'_>) {
    let certain = ledger.is_certain();
    let lines = metadata.tags_output(ledger.unknowns());
    let separator = metadata.separator().to_owned();
    let lines: Vec<&str> = lines.split(separator.as_str()).collect();
    for (index, reference) in metadata.references().into_iter().enumerate() {
        let Some(tag) = metadata.tags.get(reference.tag) else {
            continue;
        };
        let (at, declaration) = match tag.source {
            TagSource::Entry(index) => {
                let entry = metadata.entries.get(index).filter(|_| !reference.certain);
                let enable = entry.and_then(|entry| entry.enable.as_ref());
                ledger.meet_all(enable.map_or("", |enable| enable.text.as_str()));
                let at = metadata
                    .entries
                    .get(index)
                    .map(|entry| given.in_tags(entry));
                (at.unwrap_or(given.at), Declaration::MetadataEntry)
            }
            TagSource::Latest { decided_by } => latest(metadata, given, decided_by),
        };
        ledger.declare(DeclaredTag {
            line: lines
                .get(index)
                .map_or_else(String::new, |line| (*line).to_owned()),
            reference: reference.name,
            certain: certain && reference.certain,
            at,
            declaration,
            job: ledger.job().to_owned(),
            step: given.step.clone(),
        });
    }
}

fn latest(metadata: &Metadata, given: &Given, decided_by: usize) -> (Place, Declaration) {
    let decided = metadata.entries.get(decided_by);
    let decided = decided.map_or(given.at, |entry| given.in_tags(entry));
    let flavor = &metadata.flavor;
    let line = flavor
        .latest_range
        .as_ref()
        .and_then(|range| given.in_flavor(range));
    let unreached_affixes = [&flavor.prefix, &flavor.suffix]
        .into_iter()
        .filter(|affix| affix.on_latest == Some(false))
        .filter_map(|affix| {
            let range = affix.range.clone()?;
            let rendered = given.flavor.as_ref()?;
            Some((rendered.place(range.clone()), rendered.written(range)))
        })
        .collect();
    (
        decided,
        Declaration::MetadataLatest {
            decided_by: decided,
            unreached_affixes,
            flavor: line,
        },
    )
}

fn outputs(metadata: &Metadata, frame: &Frame<'_>, written: &mut Object) -> Effect {
    let unknowns = frame.unknowns;
    let bake = metadata.bake_file_tags(unknowns).to_string();
    let mut outputs = Object::default();
    for (name, text) in [
        ("version", metadata.version.clone()),
        ("tags", metadata.tags_output(unknowns)),
        ("tag-names", metadata.tag_names_output(unknowns)),
        ("json", metadata.json_output(unknowns).to_string()),
        ("bake-file-tags", bake.clone()),
        ("bake-file", bake),
    ] {
        let variable = name.to_ascii_uppercase().replace('-', "_");
        written.insert(format!("DOCKER_METADATA_OUTPUT_{variable}"), value(&text));
        outputs.insert(name, value(&text));
    }
    let reason = "labels and annotations are not evaluated";
    outputs.open = Some(unknowns.note("an output of docker/metadata-action", reason));
    Effect::Done(outputs)
}
