//! whoan/docker-build-with-cache-action.

use super::classic::{self, Image};
use super::{Given, Names};
use crate::eval::unknown;
use crate::eval::value::{Object, Truth, Value};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::world::Effect;

/// Runs the step; what it pushes of stages is its cache.
pub fn whoan(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let Some(image) = given.text("image_name") else {
        let message = "the step fails: it has no `image_name`";
        return Effect::Failed(Some((message.to_owned(), given.at())));
    };
    let registry = given.text("registry").unwrap_or_default();
    let google = registry == "gcr.io" || registry.ends_with(".gcr.io");
    let hub = registry.is_empty()
        || ["docker.io", "docker.com"]
            .iter()
            .any(|host| registry.contains(host));
    let note = |what: &str, reason: &str| {
        let mark = given.frame.unknowns.note_at(what, reason, Some(given.at()));
        mark.as_char().to_string()
    };
    let namespace = if image.contains('/') {
        String::new()
    } else if hub || registry == "ghcr.io" {
        given.text("username").unwrap_or_default()
    } else if registry == "docker.pkg.github.com" {
        given.github("repository")
    } else if google {
        note("the project", "it stands in the registry's password")
    } else if registry == "public.ecr.aws" {
        note("the registry's alias", "the registry says it")
    } else {
        String::new()
    };
    let parts = [registry, namespace.to_lowercase(), image];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join("/");
    let mut names: Names = Vec::new();
    let tags = given.names("image_tag", true);
    for (tag, at) in tags {
        names.push((format!("{name}:{tag}"), at));
    }
    if names.is_empty() {
        names.push((format!("{name}:latest"), given.place("image_name")));
    }
    if let (Some("true"), Some(tag)) =
        (given.text("push_git_tag").as_deref(), given.run.event.tag())
    {
        names.push((format!("{name}:{tag}"), given.place("push_git_tag")));
    }
    let event = given.run.event.name.as_str();
    let push = match given.text("push_image_and_stages").as_deref() {
        None | Some("true") => Truth::True,
        Some("false") => Truth::False,
        Some("on:push") => Truth::from(event == "push"),
        Some("on:pull_request") => Truth::from(event == "pull_request"),
        Some(command) => match unknown::first_mark(command) {
            Some(mark) => Truth::Unknown(mark),
            None => {
                let reason = "a command that decides whether to push";
                let at = given.place("push_image_and_stages");
                Truth::Unknown(given.frame.unknowns.note_at(command, reason, Some(at)))
            }
        },
    };
    let built = Image {
        names,
        context: given.text("context"),
        dockerfile: "dockerfile",
        push,
    };
    classic::enter(given, built, ledger);
    let mut outputs = Object::default();
    outputs.insert("FULL_IMAGE_NAME", Value::text(name));
    Effect::Done(outputs)
}
