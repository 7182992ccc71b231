//! redhat-actions/buildah-build and redhat-actions/push-to-registry.

use super::{Given, Names};
use crate::eval::unknown;
use crate::eval::value::{Object, Value};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::world::Effect;

/// The input `tags`, apart at blanks, in lower case.
fn tags(given: &Given<'_>) -> Names {
    let Some(tags) = given
        .input("tags")
        .filter(|tags| !tags.text.trim().is_empty())
    else {
        return vec![("latest".to_owned(), given.at())];
    };
    let mut names = Vec::new();
    let mut start = 0;
    for part in tags.text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if !word.is_empty() {
            let at = tags.place(start..start + word.len());
            names.push((word.to_lowercase(), at));
        }
        start += part.len();
    }
    names
}

/// A tag that is a whole reference.
fn is_whole(tag: &str) -> bool {
    tag.find(':').is_some_and(|at| at > 0)
}

fn mixed(given: &Given<'_>, tags: &Names) -> Option<Effect> {
    let whole = tags.iter().filter(|(tag, _)| is_whole(tag)).count();
    let known = tags.iter().all(|(tag, _)| unknown::is_known(tag));
    let mixed = known && whole > 0 && whole < tags.len();
    mixed.then(|| {
        let message = "the step fails: some of `tags` are whole references, and others are not";
        Effect::Failed(Some((message.to_owned(), given.place("tags"))))
    })
}

/// Builds; nothing is pushed.
pub fn build(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let image = given.text("image").unwrap_or_default().to_lowercase();
    let tags = tags(given);
    if let Some(failed) = mixed(given, &tags) {
        return failed;
    }
    let mut build = ledger.blank_build(given.step.number, given.at());
    build.context = given
        .text("context")
        .map(|context| unknown::pattern(&context));
    for name in ["containerfiles", "dockerfiles"] {
        if let Some((file, at)) = given.names(name, false).into_iter().next() {
            build.dockerfile = Some(unknown::pattern(&file));
            build.dockerfile_at = Some(at);
        }
    }
    let shown = |platform: &String| unknown::pattern(platform.trim());
    build.platforms = given.texts("platforms", true).iter().map(shown).collect();
    for arch in given.texts("archs", true) {
        build
            .platforms
            .push(format!("linux/{}", unknown::pattern(arch.trim())));
    }
    let number = ledger.build(build);
    let mut first = None;
    for (tag, at) in &tags {
        let name = if is_whole(tag) {
            tag.clone()
        } else {
            format!("{image}:{tag}")
        };
        ledger.tag_locally(&name, Some(number), *at, true);
        first.get_or_insert(name);
    }
    let mut outputs = Object::default();
    let written: Vec<&str> = tags.iter().map(|(tag, _)| tag.as_str()).collect();
    outputs.insert("image", Value::text(image));
    outputs.insert(
        "tags",
        match given.input("tags") {
            Some(own) => Value::text(own.text.trim()),
            None => Value::text(written.join(" ")),
        },
    );
    outputs.insert("image-with-tag", Value::text(first.unwrap_or_default()));
    outputs.open = Some(given.output());
    Effect::Done(outputs)
}

/// Pushes what lies on the machine.
pub fn push(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let image = given.text("image").unwrap_or_default().to_lowercase();
    let registry = given.text("registry").unwrap_or_default();
    let registry = registry.strip_suffix('/').unwrap_or(&registry);
    let tags = tags(given);
    if let Some(failed) = mixed(given, &tags) {
        return failed;
    }
    let mut paths = Vec::new();
    for (tag, at) in &tags {
        let (source, target) = if is_whole(tag) {
            (tag.clone(), tag.clone())
        } else {
            (
                format!("{image}:{tag}"),
                format!("{registry}/{image}:{tag}"),
            )
        };
        let number = match ledger.local(&source) {
            Some((Some(number), ..)) => number,
            _ => {
                let build = ledger.blank_build(given.step.number, given.at());
                ledger.build(build)
            }
        };
        ledger.publish(&target, number, *at, true);
        paths.push(target);
    }
    let mut outputs = Object::default();
    let first = paths.first().map_or("", String::as_str);
    outputs.insert("registry-path", Value::text(first));
    let all = serde_json::to_string(&paths).unwrap_or_default();
    outputs.insert("registry-paths", Value::text(all));
    outputs.open = Some(given.output());
    Effect::Done(outputs)
}
