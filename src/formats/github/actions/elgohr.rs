//! elgohr/Publish-Docker-Github-Action.

use super::Given;
use crate::eval::unknown;
use crate::eval::value::{Object, Value};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::world::Effect;
use crate::source::Place;

/// A version as the action looks for it: `1.2.3`, `v1.2.3-rc.1`.
fn is_version(tag: &str) -> bool {
    let text = tag.strip_prefix('v').unwrap_or(tag);
    let (core, pre) = text.split_once('-').unwrap_or((text, "a"));
    let number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let (word, count) = pre.split_once('.').unwrap_or((pre, "0"));
    let letters = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic());
    core.split('.').count() == 3 && core.split('.').all(number) && letters && number(count)
}

/// The tags that follow the event.
fn of_event(given: &Given<'_>) -> Vec<String> {
    let event = given.run.event;
    let on = |name: &str| given.text(name).as_deref() == Some("true");
    let usual = match given.text("default_branch") {
        Some(branch) => event.branch().map(|own| own.replace('/', "-")) == Some(branch),
        None => matches!(event.branch(), Some("master" | "main")),
    };
    if usual {
        return vec!["latest".to_owned()];
    }
    if let Some(tag) = event.tag() {
        if on("tag_semver") && is_version(tag) {
            let version = tag.strip_prefix('v').unwrap_or(tag);
            // The action looks for a `-` in the whole reference.
            if event.reference.contains('-') {
                return vec![version.to_owned()];
            }
            let parts: Vec<&str> = version.split('.').collect();
            let prefixes = (1..=parts.len())
                .rev()
                .filter_map(|count| parts.get(..count));
            return prefixes.map(|parts| parts.join(".")).collect();
        }
        let named = on("tag_names").then(|| tag.to_owned());
        return vec![named.unwrap_or_else(|| "latest".to_owned())];
    }
    match event.branch() {
        Some(branch) => vec![branch.replace('/', "-")],
        None => vec![event.sha.clone()],
    }
}

/// Runs the step.
pub fn run(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let Some(name) = given.text("name") else {
        let message = "the step fails: it has no `name`";
        return Effect::Failed(Some((message.to_owned(), given.at())));
    };
    let mut name = name.to_lowercase();
    let registry = given.text("registry").unwrap_or_default().to_lowercase();
    let registry = registry.strip_prefix("https://").unwrap_or(&registry);
    if !registry.is_empty() && !name.contains(registry) {
        name = format!("{registry}/{name}");
    }
    let whole = given.place("name");
    let mut tags: Vec<(String, Place)> = match given.input("tags") {
        Some(written) if !written.text.trim().is_empty() => {
            let items = super::list(&written.text, true).into_iter();
            items
                .map(|(tag, range)| (tag, written.place(range)))
                .collect()
        }
        _ => match name
            .split_once(':')
            .map(|(image, tag)| (image.to_owned(), tag.to_owned()))
        {
            Some((image, tag)) => {
                name = image;
                vec![(tag, whole)]
            }
            None => of_event(given)
                .into_iter()
                .map(|tag| (tag, whole))
                .collect(),
        },
    };
    let first = tags.first().map(|(tag, _)| tag.clone()).unwrap_or_default();
    let mut outputs = Object::default();
    if given.text("snapshot").as_deref() == Some("true") {
        let short: String = given.run.event.sha.chars().take(6).collect();
        let reason = "the time of the run";
        let at = given.place("snapshot");
        let mark = given
            .frame
            .unknowns
            .note_at("the snapshot's time", reason, Some(at));
        let tag = format!("{}{short}", mark.as_char());
        outputs.insert("snapshot-tag", Value::text(tag.as_str()));
        tags.push((tag, at));
    }
    let mut build = ledger.blank_build(given.step.number, given.at());
    build.context = given
        .text("context")
        .map(|context| unknown::pattern(&context));
    if let Some(file) = given.text("dockerfile") {
        build.dockerfile = Some(unknown::pattern(&file));
        build.dockerfile_at = Some(given.place("dockerfile"));
    }
    let number = ledger.build(build);
    let keeps = given.text("no_push").as_deref() == Some("true");
    for (tag, at) in &tags {
        let reference = format!("{name}:{tag}");
        ledger.tag_locally(&reference, Some(number), *at, true);
        if !keeps {
            ledger.publish(&reference, number, *at, true);
        }
    }
    outputs.insert("tag", Value::text(first));
    outputs.open = Some(given.output());
    Effect::Done(outputs)
}
