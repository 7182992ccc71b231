//! docker/metadata-action: its inputs evaluated, its outputs set, each tag traced to its line.

use super::{input, value};
use crate::eval::metadata::{
    self, Context, Entry, EntryOutcome, Inputs, Metadata, Payload, TagSource,
};
use crate::eval::unknown;
use crate::eval::value::Object;
use crate::facts::{Declaration, TagEntry, Yields};
use crate::formats::github::context::Frame;
use crate::formats::github::ledger::{DeclaredTag, Ledger};
use crate::formats::github::render::Rendered;
use crate::formats::github::run::Run;
use crate::formats::github::step::Effect;
use crate::formats::github::workflow::Step;
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
        at,
    };
    let read = |rendered: &Option<Rendered>| {
        rendered.as_ref().map_or_else(String::new, |rendered| rendered.text.clone())
    };
    let (images, tags, flavor) = (read(&given.images), read(&given.tags), read(&given.flavor));
    let separator = text("sep-tags").map(|rendered| rendered.text);
    let bake_target = text("bake-target").map(|rendered| rendered.text);
    let inputs = Inputs {
        images: &images,
        tags: &tags,
        flavor: &flavor,
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
            value: &event.payload,
            whole: event.payload_is_whole,
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
            declare(&metadata, &given, step, ledger);
            outputs(&metadata, &inputs, written)
        }
        Err(error) => {
            let message = format!("docker/metadata-action fails: {error}");
            Effect::Failed(message, given.place_of_error(&error))
        }
    }
}

/// The inputs as evaluated, with the way back to the file.
struct Given {
    images: Option<Rendered>,
    tags: Option<Rendered>,
    flavor: Option<Rendered>,
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

    fn place_of_error(&self, error: &metadata::MetadataError) -> Place {
        let input = match error.input {
            metadata::InputName::Images => &self.images,
            metadata::InputName::Tags => &self.tags,
            metadata::InputName::Flavor => &self.flavor,
            metadata::InputName::Other => &None,
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
        let fixed = !entry.value.is_empty()
            && unknown::is_known(&entry.value)
            && !entry.value.contains("{{");
        TagEntry {
            text: unknown::pattern(text),
            at: self.in_tags(entry),
            yields: match &entry.outcome {
                EntryOutcome::Yielded { certain: true } => Yields::Tag,
                EntryOutcome::Yielded { certain: false } => Yields::Maybe,
                EntryOutcome::Refused(reason) if fixed => Yields::Never(reason.clone()),
                EntryOutcome::Disabled
                | EntryOutcome::OtherRef
                | EntryOutcome::Empty
                | EntryOutcome::Refused(_) => Yields::NotHere,
            },
        }
    }
}

fn declare(metadata: &Metadata, given: &Given, step: &Step, ledger: &mut Ledger<'_>) {
    let job = ledger.job().to_owned();
    let certain = ledger.is_certain();
    for tag in &metadata.tags {
        let (at, declaration) = match &tag.source {
            TagSource::Entry(index) => {
                let at = metadata.entries.get(*index).map(|entry| given.in_tags(entry));
                (at.unwrap_or(given.at), Declaration::MetadataEntry)
            }
            TagSource::Latest { decided_by } => latest(metadata, given, *decided_by),
        };
        let references: Vec<(String, bool)> = if metadata.images.is_empty() {
            vec![(tag.name.clone(), true)]
        } else {
            let images = metadata.images.iter();
            images
                .map(|image| (format!("{}:{}", image.name, tag.name), image.certain))
                .collect()
        };
        for (reference, image_certain) in references {
            ledger.declared.push(DeclaredTag {
                reference,
                certain: certain && tag.certain && image_certain,
                at,
                declaration: declaration.clone(),
                step_id: step.id.clone(),
                job: job.clone(),
            });
        }
    }
}

fn latest(metadata: &Metadata, given: &Given, decided_by: usize) -> (Place, Declaration) {
    let decided = metadata.entries.get(decided_by);
    let decided = decided.map_or(given.at, |entry| given.in_tags(entry));
    let flavor = &metadata.flavor;
    let line = flavor.latest_range.as_ref().and_then(|range| given.in_flavor(range));
    let unreached_affixes = flavor
        .affixes
        .iter()
        .filter(|affix| !affix.onlatest)
        .filter_map(|affix| {
            let place = given.in_flavor(&affix.range)?;
            let rendered = given.flavor.as_ref()?;
            Some((place, rendered.written(affix.range.clone())))
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

fn outputs(metadata: &Metadata, inputs: &Inputs<'_>, written: &mut Object) -> Effect {
    let mut outputs = Object::default();
    for (name, text) in metadata.outputs(inputs) {
        let variable = format!(
            "DOCKER_METADATA_OUTPUT_{}",
            name.to_ascii_uppercase().replace('-', "_")
        );
        written.insert(&variable, value(&text));
        outputs.insert(&name, value(&text));
    }
    Effect::Done(outputs)
}

