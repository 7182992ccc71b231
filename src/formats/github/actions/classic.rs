//! Actions that build and push by a few inputs and the event: docker/build-push-action in its first
//! version, mr-smithers-excellent/docker-build-push, aevea/action-kaniko.

use super::{Given, Names, boolean};
use crate::eval::unknown;
use crate::eval::value::{Object, Truth, Value};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::world::Effect;

/// What one of these actions builds and pushes.
pub(super) struct Image {
    pub(super) names: Names,
    pub(super) context: Option<String>,
    /// The input that names the Dockerfile.
    pub(super) dockerfile: &'static str,
    pub(super) push: Truth,
}

/// Enters it.
pub(super) fn enter(given: &Given<'_>, image: Image, ledger: &mut Ledger<'_>) {
    let mut build = ledger.blank_build(given.step.number, given.at());
    build.context = image.context.map(|context| unknown::pattern(&context));
    build.target = given.text("target").map(|target| unknown::pattern(&target));
    build.platforms = given.texts("platform", true);
    if let Some(file) = given.text(image.dockerfile) {
        build.dockerfile = Some(unknown::pattern(&file));
        build.dockerfile_at = Some(given.place(image.dockerfile));
    }
    let number = ledger.build(build);
    let doubts = ledger.doubts();
    if let Truth::Unknown(mark) = image.push {
        ledger.doubt(mark);
    }
    for (name, at) in &image.names {
        ledger.tag_locally(name, Some(number), *at, true);
        if image.push != Truth::False {
            ledger.publish(name, number, *at, true);
        }
    }
    ledger.restore_doubts(doubts);
}

/// Whether a step means the first version of docker/build-push-action.
pub fn is_first(given: &Given<'_>) -> bool {
    let version = given.step.action_version().unwrap_or_default();
    version == "v1" || version.starts_with("v1.")
}

/// docker/build-push-action@v1
pub fn first(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let event = given.run.event;
    let repository = match given.text("repository") {
        Some(repository) => repository,
        None => given.github("repository").to_lowercase(),
    };
    let name = match given.text("registry") {
        Some(registry) => format!("{registry}/{repository}"),
        None => repository,
    };
    let mut names: Names = Vec::new();
    for (tag, at) in given.names("tags", true) {
        names.push((format!("{name}:{tag}"), at));
    }
    let on = |name: &str| boolean(given.run, given.step, given.frame, name) == Ok(Truth::True);
    if on("tag_with_ref") {
        let pull = event.reference.strip_prefix("refs/pull/");
        let tag = match (event.branch(), event.tag(), pull) {
            (Some("master"), ..) => Some("latest".to_owned()),
            (Some(own), ..) | (None, Some(own), _) => Some(own.to_owned()),
            (None, None, Some(pull)) => Some(format!("pr-{pull}")),
            _ => None,
        };
        let at = given.place("tag_with_ref");
        let tag = tag.map(|tag| (format!("{name}:{}", tag.replace('/', "-")), at));
        names.extend(tag);
    }
    if on("tag_with_sha") {
        let short: String = event.sha.chars().take(7).collect();
        names.push((format!("{name}:sha-{short}"), given.place("tag_with_sha")));
    }
    let push = match given.step.input("push") {
        None => Truth::True,
        Some(_) => boolean(given.run, given.step, given.frame, "push").unwrap_or(Truth::True),
    };
    let image = Image {
        names,
        context: given.text("path"),
        dockerfile: "dockerfile",
        push,
    };
    enter(given, image, ledger);
    Effect::Done(Object::default())
}

/// mr-smithers-excellent/docker-build-push
pub fn mr_smithers(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let (Some(image), Some(registry)) = (given.text("image"), given.text("registry")) else {
        let message = "the step fails: it wants `image` and `registry`";
        return Effect::Failed(Some((message.to_owned(), given.at())));
    };
    let name = match registry.as_str() {
        "ghcr.io" | "docker.pkg.github.com" => {
            let owner = given.text("githubOrg");
            let owner = owner.unwrap_or_else(|| given.github("repository_owner"));
            format!("{registry}/{}/{image}", owner.to_lowercase())
        }
        _ => format!("{registry}/{image}"),
    };
    let event = given.run.event;
    let mut tags = given.names("tags", true);
    if tags.is_empty() {
        let short: String = event.sha.chars().take(7).collect();
        let own = match (event.tag(), event.branch()) {
            (Some(tag), _) => tag.to_lowercase(),
            (None, Some(branch)) => {
                let mut safe = String::new();
                for c in branch.to_lowercase().chars() {
                    if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') {
                        safe.push(c);
                    } else if !safe.ends_with('-') {
                        safe.push('-');
                    }
                }
                let word = |c: char| !c.is_ascii_alphanumeric() && c != '_';
                let safe: String = safe.trim_start_matches(word).chars().take(120).collect();
                let mut tag = format!("{safe}-{short}");
                if given.text("addTimestamp").as_deref() == Some("true") {
                    let at = given.place("addTimestamp");
                    let reason = "the time of the run";
                    let mark = given
                        .frame
                        .unknowns
                        .note_at("a timestamp", reason, Some(at));
                    tag = format!("{tag}-{}", mark.as_char());
                }
                tag
            }
            (None, None) => {
                let message = "the step fails: it knows pushes of branches and tags only";
                return Effect::Failed(Some((message.to_owned(), given.at())));
            }
        };
        tags.push((own, given.place("image")));
        if given.text("addLatest").as_deref() == Some("true") {
            tags.push(("latest".to_owned(), given.place("addLatest")));
        }
    }
    let mut outputs = Object::default();
    let written: Vec<&str> = tags.iter().map(|(tag, _)| tag.as_str()).collect();
    outputs.insert("imageFullName", Value::text(name.as_str()));
    outputs.insert("imageName", Value::text(image));
    outputs.insert("tags", Value::text(written.join(",")));
    let names = tags
        .into_iter()
        .map(|(tag, at)| (format!("{name}:{tag}"), at));
    let image = Image {
        names: names.collect(),
        context: given.text("directory"),
        dockerfile: "dockerfile",
        push: Truth::from(given.text("pushImage").as_deref() != Some("false")),
    };
    enter(given, image, ledger);
    Effect::Done(outputs)
}

/// aevea/action-kaniko
pub fn aevea(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let Some(image) = given.text("image") else {
        let message = "the step fails: it has no `image`";
        return Effect::Failed(Some((message.to_owned(), given.at())));
    };
    let event = given.run.event;
    let own = event.tag().or(event.branch()).unwrap_or(&event.reference);
    let own = own.replace('/', "-");
    let (tag, at) = match given.text("tag") {
        Some(tag) => (tag, given.place("tag")),
        None if own == "master" => ("latest".to_owned(), given.place("image")),
        None => (own, given.place("image")),
    };
    let prefix = given.text("strip_tag_prefix").unwrap_or_default();
    let tag = tag.strip_prefix(prefix.as_str()).unwrap_or(&tag).to_owned();
    let registry = given
        .text("registry")
        .unwrap_or_else(|| "docker.io".to_owned());
    let name = match registry.as_str() {
        "docker.io" => image,
        "ghcr.io" => {
            let repository = given.github("repository").to_lowercase();
            format!("{registry}/{repository}/{image}")
        }
        _ => format!("{registry}/{image}"),
    };
    let mut names = vec![(format!("{name}:{tag}"), at)];
    if given.text("tag_with_latest").as_deref() == Some("true") {
        names.push((format!("{name}:latest"), given.place("tag_with_latest")));
    }
    let image = Image {
        names,
        context: given.text("path"),
        dockerfile: "build_file",
        push: Truth::True,
    };
    enter(given, image, ledger);
    Effect::Done(Object::default())
}
