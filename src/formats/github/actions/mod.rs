//! What the actions that matter for publishing do with their inputs.

mod bake;
mod build_push;
mod cached;
mod classic;
mod container;
mod elgohr;
mod given;
mod goreleaser;
mod index;
mod metadata;
mod redhat;
mod setup_ko;
mod slug;
mod text;

use given::{Given, Names};

use super::call;
use super::context::Frame;
use super::render::{self, Rendered};
use super::workflow::Step;
use super::world::Effect;
use super::world::Run;
use crate::eval::value::{Object, Truth, Value};
use crate::formats::ci::ledger::Ledger;
use crate::source::Place;

/// Actions that neither publish images nor set variables for later steps.
const HARMLESS: &[&str] = &[
    "actions/",
    "docker/",
    "crazy-max/ghaction-docker-buildx",
    "redhat-actions/podman-login",
    "redhat-actions/podman-install",
    "github/codeql-action/",
    "sigstore/cosign-installer",
    "anchore/",
    "aquasecurity/trivy-action",
    "codecov/codecov-action",
    "softprops/action-gh-release",
    "step-security/harden-runner",
    "aws-actions/",
    "azure/login",
    "azure/docker-login",
    "google-github-actions/",
    "depot/setup-action",
    "peter-evans/dockerhub-description",
    "dtolnay/rust-toolchain",
    "pnpm/action-setup",
    "oven-sh/setup-bun",
];

/// Runs a step that uses an action.
pub fn run(
    run: &Run<'_>,
    step: &Step,
    frame: &Frame<'_>,
    written: &mut Object,
    ledger: &mut Ledger<'_>,
) -> Effect {
    let Some(action) = step.action() else {
        return Effect::Done(Object::default());
    };
    let given = Given { run, step, frame };
    match action.as_str() {
        "docker/metadata-action" | "crazy-max/ghaction-docker-meta" => {
            metadata::run(run, step, frame, written, ledger)
        }
        "docker/build-push-action" if classic::is_first(&given) => classic::first(&given, ledger),
        "docker/build-push-action"
        | "depot/build-push-action"
        | "useblacksmith/build-push-action" => build_push::run(run, step, frame, ledger),
        "docker/bake-action" => bake::run(run, step, frame, ledger),
        image if container::is_kaniko(image) => container::kaniko(&given, ledger),
        "elgohr/publish-docker-github-action" => elgohr::run(&given, ledger),
        "redhat-actions/buildah-build" => redhat::build(&given, ledger),
        "redhat-actions/push-to-registry" => redhat::push(&given, ledger),
        "akhilerm/tag-push-action" => index::tag_push(&given, ledger),
        "int128/docker-manifest-create-action" => index::int128(&given, ledger),
        "noelware/docker-manifest-action" => index::noelware(&given, ledger),
        "mr-smithers-excellent/docker-build-push" => classic::mr_smithers(&given, ledger),
        "whoan/docker-build-with-cache-action" => cached::whoan(&given, ledger),
        "aevea/action-kaniko" => classic::aevea(&given, ledger),
        "imjasonh/setup-ko" | "ko-build/setup-ko" => setup_ko::run(frame, written),
        "goreleaser/goreleaser-action" => goreleaser::run(run, step, frame, ledger),
        "rlespinasse/github-slug-action" => slug::run(run, step, frame, written),
        _ => text::run(run, step, frame, &action)
            .or_else(|| call::action(run, step, frame, written, ledger))
            .unwrap_or_else(|| other(run, step, &action, frame, written, ledger)),
    }
}

/// An action that is not evaluated: its outputs are unknown, and so may be variables.
fn other(
    run: &Run<'_>,
    step: &Step,
    action: &str,
    frame: &Frame<'_>,
    written: &mut Object,
    ledger: &mut Ledger<'_>,
) -> Effect {
    let place = Place {
        file: run.workflow.file,
        span: step.uses.as_ref().map_or(step.at, |uses| uses.span),
    };
    let reason = format!("an output of `{action}`, which is not evaluated");
    let id = step.id.as_deref().unwrap_or("step");
    let outputs = format!("steps.{id}.outputs");
    let mut object = Object::default();
    object.open = Some(frame.unknowns.note_at(outputs, reason, Some(place)));
    if !HARMLESS.iter().any(|known| action.starts_with(known)) {
        ledger.go_blind();
        let reason = format!("a variable that `{action}` may have set");
        written.open = Some(frame.unknowns.note_at("env", reason, Some(place)));
    }
    Effect::Done(object)
}

/// An input of an action as text; `None` where it is not given.
fn input(run: &Run<'_>, step: &Step, frame: &Frame<'_>, name: &str) -> Option<Rendered> {
    let template = step.input(name)?.scalar()?;
    Some(render::text(frame, run.workflow.file, template))
}

/// An input that says yes or no, by the rule of the actions' own toolkit.
fn boolean(run: &Run<'_>, step: &Step, frame: &Frame<'_>, name: &str) -> Result<Truth, String> {
    let Some(rendered) = input(run, step, frame, name) else {
        return Ok(Truth::False);
    };
    if let Some(mark) = crate::eval::unknown::first_mark(&rendered.text) {
        return Ok(Truth::Unknown(mark));
    }
    match rendered.text.trim() {
        "true" | "True" | "TRUE" => Ok(Truth::True),
        "false" | "False" | "FALSE" | "" => Ok(Truth::False),
        other => Err(format!("`{name}: {other}` is neither true nor false")),
    }
}

/// A list input: separated by line breaks and, where the action wants it, commas; quotes of CSV
/// taken away. Each item comes with its range in the text.
fn list(text: &str, commas: bool) -> Vec<(String, std::ops::Range<usize>)> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let mut push = |from: usize, to: usize| {
        let raw = text.get(from..to).unwrap_or_default();
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            return;
        }
        let lead = raw.len() - raw.trim_start().len();
        let inner = trimmed
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .map_or_else(|| trimmed.to_owned(), |inner| inner.replace("\"\"", "\""));
        items.push((inner, from + lead..from + lead + trimmed.len()));
    };
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '\n' => {
                push(start, at);
                start = at + 1;
                quoted = false;
            }
            ',' if commas && !quoted => {
                push(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    push(start, text.len());
    items
}

/// The words of an input that is run as a command: apart at blanks, unless in double quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// A text value.
fn value(text: &str) -> Value {
    super::context::text(text)
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn lists_split_at_lines_and_commas_outside_quotes() {
        let items = |text, commas| {
            let items = list(text, commas).into_iter();
            items.map(|(item, _)| item).collect::<Vec<_>>()
        };
        assert_eq!(items("a:1, b:2\n\n c:3\n", true), ["a:1", "b:2", "c:3"]);
        assert_eq!(
            items("type=image,push=true", false),
            ["type=image,push=true"]
        );
        assert_eq!(items("\"a,b\",c", true), ["a,b", "c"]);
    }
}
