//! One reader a file format: from a parsed document to facts.

pub mod ci;
pub mod compose;
pub mod drone;
pub mod github;
pub mod goreleaser;
pub mod helm;
pub mod kubernetes;
pub mod kustomize;

mod gitops;
mod memory;
mod uses;

use crate::eval::goreleaser::Config;
use crate::facts::ImageUse;
use crate::source::FileId;
use crate::yaml::Yaml;
use github::workflow::{self, Action, Workflow};

/// What one file says.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// The workflow that it is.
    pub workflow: Option<Workflow>,
    /// The action that it is.
    pub action: Option<Action>,
    /// The pipelines of Drone or Woodpecker that it holds.
    pub pipelines: Option<drone::Pipelines>,
    /// Whether it is a configuration of GoReleaser.
    pub goreleaser: bool,
    /// The images that it runs.
    pub uses: Vec<ImageUse>,
    /// What it takes from other files, where it is a compose file.
    pub compose: Option<compose::Follows>,
}

/// Whether the path or the bytes of a file say that it could matter: asked before it is parsed.
#[must_use]
pub fn is_of_interest(path: &str, text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    path.contains("/workflows/")
        || path.starts_with(".github/")
        || has("image")
        || has("jobs:")
        || (compose::is_named(path) && (has("include") || has("extends")))
        || has("runs:")
        || path.contains("goreleaser")
}

/// Whether a text is written in a template language over YAML, as charts and site generators do;
/// `${{` is GitHub's own and none.
#[must_use]
pub fn is_template(text: &str) -> bool {
    let opens = text.match_indices("{{");
    let mut foreign = opens.filter(|(at, _)| !text.get(..*at).is_some_and(|b| b.ends_with('$')));
    foreign.next().is_some() || text.contains("{%") || text.contains("<%")
}

/// Reads a parsed file as whatever it is.
#[must_use]
pub fn read(file: FileId, path: &str, yaml: &Yaml<'_>) -> FileFacts {
    let mut facts = FileFacts::default();
    if let Some(family) = drone::family(path) {
        let pipelines = drone::read(file, path, family, yaml.documents());
        facts.pipelines = (!pipelines.documents.is_empty()).then_some(pipelines);
        return facts;
    }
    for root in yaml.documents() {
        if kustomize::is_kustomization(path, root) {
            facts.uses.extend(kustomize::read(file, path, root));
        } else if kubernetes::is_object(root) {
            facts.uses.extend(kubernetes::read(file, path, root));
        } else if helm::is_values(path, root) {
            facts.uses.extend(helm::read(file, path, root));
        } else if compose::is_compose(path, root) {
            facts.uses.extend(compose::read(file, path, root));
            let known = facts.compose.unwrap_or_default();
            facts.compose = Some(known.or(compose::Follows::of(root)));
        } else if facts.workflow.is_none() && workflow::is_workflow(root) {
            facts.workflow = Some(workflow::read(file, root));
        } else if workflow::is_action(root) {
            facts.action = Some(workflow::read_action(file, root));
        } else if Config::is(path, root) {
            facts.goreleaser = true;
        }
    }
    facts
}
