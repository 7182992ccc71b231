//! One reader a file format: from a parsed document to facts.

pub mod ci;
pub mod compose;
pub mod deploy;
pub mod drone;
pub mod foreign;
pub mod github;
pub mod gitlab;
pub mod goreleaser;
pub mod helm;
pub mod kubernetes;
pub mod kustomize;
pub mod makefile;
pub mod pipeline;

mod gitops;
mod memory;
mod uses;

use crate::eval::goreleaser::Config;
use crate::facts::ImageUse;
use crate::source::FileId;
use crate::yaml::Yaml;
use github::workflow::{self, Action};
use pipeline::Pipeline;

/// What one file says.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// The definition of CI that it is.
    pub pipeline: Option<Pipeline>,
    /// The action that it is.
    pub action: Option<Action>,
    /// Whether it is a configuration of GoReleaser.
    pub goreleaser: bool,
    /// The images that it runs.
    pub uses: Vec<ImageUse>,
    /// What it takes from other files, where it is a compose file.
    pub compose: Option<compose::Follows>,
    /// What it says of how other files are deployed.
    pub notes: deploy::Notes,
}

/// Whether the path or the bytes of a file say that it could matter: asked before it is parsed.
#[must_use]
pub fn is_of_interest(path: &str, text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    path.contains("/workflows/")
        || path.contains(".gitlab-ci.")
        || foreign::system(path).is_some()
        || path.starts_with(".github/")
        || has("image")
        || kustomize::is_of_interest(path, &has)
        || helm::is_chart(path)
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

/// Whether a path is that of a file that is no YAML, though it may define CI.
#[must_use]
pub fn is_plain_text(path: &str) -> bool {
    let yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    makefile::is_makefile(path) || foreign::system(path).is_some() && !yaml
}

/// Reads a file that is no YAML, or not read as such: what its path says it is.
#[must_use]
pub fn read_text(file: FileId, path: &str, text: &str) -> Option<Pipeline> {
    if makefile::is_makefile(path) {
        return Some(Pipeline::Makefile(makefile::read(file, text)));
    }
    let system = foreign::system(path)?;
    foreign::read(file, system, text).map(Pipeline::Foreign)
}

/// Reads a parsed file as whatever it is.
#[must_use]
pub fn read(file: FileId, path: &str, yaml: &Yaml<'_>) -> FileFacts {
    let mut facts = FileFacts::default();
    for root in yaml.documents() {
        let own = facts.uses.len();
        if let Some(system) = drone::system(path, root) {
            let pipeline = drone::read(path, root);
            match &mut facts.pipeline {
                Some(Pipeline::Containers(definition)) => definition.pipelines.push(pipeline),
                _ => {
                    facts.pipeline = Some(Pipeline::Containers(drone::Definition {
                        file,
                        system,
                        pipelines: vec![pipeline],
                    }));
                }
            }
        } else if gitlab::is_pipeline(path, root) {
            facts.pipeline = Some(Pipeline::Gitlab(gitlab::read(file, root)));
        } else if kustomize::is_kustomization(path, root) {
            facts.uses.extend(kustomize::read(file, path, root));
        } else if kubernetes::is_object(root) {
            facts.uses.extend(kubernetes::read(file, path, root));
        } else if helm::is_values(path, root) {
            facts.uses.extend(helm::read(file, path, root));
        } else if compose::is_compose(path, root) {
            facts.uses.extend(compose::read(file, path, root));
            let known = facts.compose.unwrap_or_default();
            facts.compose = Some(known.or(compose::Follows::of(root)));
        } else if facts.pipeline.is_none() && workflow::is_workflow(root) {
            facts.pipeline = Some(Pipeline::Workflow(workflow::read(file, root)));
        } else if workflow::is_action(root) {
            facts.action = Some(workflow::read_action(file, root));
        } else if Config::is(path, root) {
            facts.goreleaser = true;
        }
        kustomize::note(file, path, root, own, &mut facts);
    }
    facts
}
