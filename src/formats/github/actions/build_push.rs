//! docker/build-push-action and those with the same inputs.

use super::{boolean, input, list};
use crate::eval::unknown;
use crate::eval::value::{Object, Truth};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::context::Frame;
use crate::formats::github::dockerfile;
use crate::formats::github::render::Rendered;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::Effect;
use crate::formats::github::world::Run;
use crate::source::Place;

/// What the `outputs` input asks for.
#[derive(Default)]
struct Outputs {
    pushes: bool,
    by_digest: bool,
    /// Names that `name=` gives to what is pushed.
    names: Vec<(String, Place)>,
    /// Names under which only a digest is pushed.
    digest_names: Vec<(String, Place)>,
    unknown: Option<unknown::Mark>,
}

/// Runs the step.
pub fn run(run: &Run<'_>, step: &Step, frame: &Frame<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let at = Place {
        file: run.workflow.file,
        span: step.uses.as_ref().map_or(step.at, |uses| uses.span),
    };
    let mut pushes = match boolean(run, step, frame, "push") {
        Ok(pushes) => pushes,
        Err(message) => {
            let place = step.input("push").map_or(at, |tree| Place {
                file: at.file,
                span: tree.span(),
            });
            return Effect::Failed(Some((format!("the build step fails: {message}"), place)));
        }
    };
    let outputs = input(run, step, frame, "outputs").map(|text| read_outputs(&text));
    let outputs = outputs.unwrap_or_default();
    if outputs.pushes {
        pushes = Truth::True;
    } else if let (Some(mark), Truth::False) = (outputs.unknown, pushes) {
        pushes = Truth::Unknown(mark);
    }
    let mut build = ledger.blank_build(step.number, at);
    let text = |name| input(run, step, frame, name);
    build.context = text("context").map(|context| shown(&context));
    build.target = text("target")
        .map(|target| shown(&target))
        .filter(|t| !t.is_empty());
    if let Some(file) = text("file").filter(|file| !file.text.trim().is_empty()) {
        build.dockerfile = Some(shown(&file));
        build.dockerfile_at = Some(file.whole());
        build.dockerfile_exists = dockerfile::exists(run, step, ledger.job(), &build);
    }
    build.platforms = text("platforms")
        .map(|platforms| list(&platforms.text, true))
        .unwrap_or_default()
        .into_iter()
        .map(|(platform, _)| unknown::pattern(&platform))
        .collect();
    let build = ledger.build(build);

    let names = outputs.names.into_iter();
    let mut references: Vec<(String, Place, String)> = names
        .map(|(name, place)| (name, place, String::new()))
        .collect();
    if let Some(tags) = text("tags") {
        for (reference, range) in list(&tags.text, true) {
            references.push((reference, tags.place(range.clone()), tags.written(range)));
        }
    }
    let doubts = ledger.doubts();
    match pushes {
        Truth::True => {}
        Truth::Unknown(mark) => ledger.doubt(mark),
        Truth::False => {
            for (reference, place, _) in references {
                ledger.tag_locally(&reference, Some(build), place, true);
            }
            return Effect::Done(built(frame, step, at));
        }
    }
    for (reference, place, written) in references {
        ledger.tag_locally(&reference, Some(build), place, true);
        if outputs.by_digest {
            ledger.publish_digest(&reference, build, place);
        } else {
            ledger.publish_written(&reference, build, place, true, &written);
        }
    }
    for (name, place) in outputs.digest_names {
        ledger.publish_digest(&name, build, place);
    }
    ledger.restore_doubts(doubts);
    Effect::Done(built(frame, step, at))
}

fn shown(text: &Rendered) -> String {
    unknown::pattern(text.text.trim())
}

/// `digest`, `imageid` and `metadata` are known only once the image is built.
fn built(frame: &Frame<'_>, step: &Step, at: Place) -> Object {
    let id = step.id.as_deref().unwrap_or("step");
    let what = format!("steps.{id}.outputs.digest");
    let mut object = Object::default();
    let mark = frame
        .unknowns
        .note_at(what, "known only once the image is built", Some(at));
    object.open = Some(mark);
    object
}

fn read_outputs(text: &Rendered) -> Outputs {
    let mut outputs = Outputs::default();
    for (entry, range) in list(&text.text, false) {
        let place = text.place(range);
        outputs.unknown = outputs.unknown.or(unknown::first_mark(&entry));
        let fields = list(&entry, true);
        let mut names = Vec::new();
        let (mut pushes, mut digest) = (false, false);
        for (field, _) in fields {
            let (key, value) = field.split_once('=').unwrap_or((field.as_str(), ""));
            match (key.trim(), value.trim()) {
                ("type", "registry") => pushes = true,
                ("push", "true") => pushes = true,
                ("push-by-digest", "true") => digest = true,
                ("name", list) => names.extend(list.split(',').map(str::to_owned)),
                _ => {}
            }
        }
        outputs.pushes |= pushes;
        outputs.by_digest |= digest;
        let names = names.into_iter().map(|name| (name, place));
        match (pushes, digest) {
            (true, false) => outputs.names.extend(names),
            (true, true) => outputs.digest_names.extend(names),
            (false, _) => {}
        }
    }
    outputs
}
