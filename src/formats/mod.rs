//! One reader a file format: from a parsed document to facts.

pub mod bake;
pub mod ci;
pub mod compose;
pub mod containers;
pub mod deploy;
pub mod devcontainer;
pub mod dockerfile;
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
mod json;
mod uses;

use std::ops::Range;
use std::sync::LazyLock;

use crate::discover;
use crate::eval::goreleaser::Config;
use crate::facts::ImageUse;
use crate::source::{FileId, Span};
use crate::words::Words;
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

/// Words of which one is in almost every YAML file that matters, looked for all at once.
static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let words = ["image", "jobs:", "runs:"].into_iter();
    Words::new(words.chain(kustomize::WORDS))
});

/// Whether the path or the bytes of a file say that it could matter: asked before it is parsed.
#[must_use]
pub fn is_of_interest(path: &str, text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let has_all = |words: &[&str]| words.iter().all(|word| has(word));
    let yaml = || {
        WORDS.any_in(text)
            || path.contains("/workflows/")
            || path.contains("gitlab-ci")
            || foreign::system(path).is_some()
            || drone::is_named(path)
            || path.starts_with(".github/")
            || kustomize::is_recognised(path)
            || helm::is_chart(path)
            || (compose::is_named(path) && (has("include") || has("extends")))
            || path.contains("goreleaser")
    };
    match Format::of(path) {
        Format::Dockerfile => true,
        Format::Bake => has(bake::SCHEME),
        Format::Devcontainer => has("image") || has("features"),
        // Few JSON files are manifests or patches, and some are huge.
        Format::Json => {
            has_all(&["\"apiVersion\"", "\"kind\"", "mage"])
                || has_all(&["\"op\"", "\"path\"", "/spec/"])
        }
        Format::Yaml => yaml(),
        Format::Other => false,
    }
}

/// Parses a file, but for documents that would not matter in a file of their own.
#[must_use]
pub fn parse<'s>(path: &str, text: &'s str) -> Yaml<'s> {
    Yaml::parse_where(text, |document| is_of_interest(path, document))
}

/// What a file's name says of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML, and whatever else the caller names.
    Yaml,
    /// JSON that may be a manifest.
    Json,
    /// A development container.
    Devcontainer,
    /// A bake definition, in HCL or in JSON.
    Bake,
    /// A Dockerfile.
    Dockerfile,
    /// A file that only has to do with one of these, such as `Dockerfile.j2`.
    Other,
}

impl Format {
    /// The format of the file at a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending {
            "yaml" | "yml" => Self::Yaml,
            "hcl" => Self::Bake,
            "json" if devcontainer::is_devcontainer(path) => Self::Devcontainer,
            "json" if bake::is_definition(path) => Self::Bake,
            "json" => Self::Json,
            _ if dockerfile::is_dockerfile(path) => Self::Dockerfile,
            _ if discover::is_dockerfile(name) => Self::Other,
            _ => Self::Yaml,
        }
    }
}

/// Reads a file whose format is not YAML; `None` where it is.
#[must_use]
pub fn read_other(file: FileId, path: &str, text: &str) -> Option<Vec<ImageUse>> {
    match Format::of(path) {
        Format::Dockerfile => Some(dockerfile::read(file, path, text)),
        Format::Bake => Some(bake::read(file, path, text)),
        Format::Devcontainer => Some(devcontainer::read(file, text)),
        Format::Json => {
            let values = json::values(text);
            (values.len() > 1).then(|| read_values(file, path, text, &values))
        }
        Format::Yaml => None,
        Format::Other => Some(Vec::new()),
    }
}

/// Reads values in a row, as `kubectl` and loggers write them.
fn read_values(file: FileId, path: &str, text: &str, values: &[Range<usize>]) -> Vec<ImageUse> {
    let mut uses = Vec::new();
    for range in values {
        let yaml = Yaml::parse(text.get(range.clone()).unwrap_or_default());
        for found in read(file, path, &yaml).uses {
            let mut at = found.at;
            at.span = Span::new(at.span.start + range.start, at.span.end + range.start);
            uses.push(ImageUse { at, ..found });
        }
    }
    uses
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
    let mut of_charts = helm::Notes::default();
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
            facts.uses.extend(containers::gitlab::read(file, root));
        } else if kustomize::is_kustomization(path, root) {
            facts.uses.extend(kustomize::read(file, path, root));
        } else if kubernetes::is_object(root) {
            facts.uses.extend(kubernetes::read(file, path, root));
        } else if Format::of(path) != Format::Json && helm::is_values(path, root) {
            facts.uses.extend(helm::read(file, path, root));
        } else if compose::is_compose(path, root) {
            facts.uses.extend(compose::read(file, path, root));
            let known = facts.compose.unwrap_or_default();
            facts.compose = Some(known.or(compose::Follows::of(root)));
        } else if facts.pipeline.is_none() && workflow::is_workflow(root) {
            facts.pipeline = Some(Pipeline::Workflow(workflow::read(file, root)));
            let uses = containers::github::read_workflow(file, root);
            facts.uses.extend(uses);
        } else if workflow::is_action(root) {
            facts.action = Some(workflow::read_action(file, root));
            facts
                .uses
                .extend(containers::github::read_action(file, root));
        } else if Config::is(path, root) {
            facts.goreleaser = true;
        }
        kustomize::note(file, path, root, own, &mut facts);
        helm::note(file, path, root, &mut of_charts);
    }
    // What is kept of each file until the end has no room to spare.
    facts.notes.helm = (!of_charts.is_empty()).then(|| Box::new(of_charts));
    facts.uses.shrink_to_fit();
    facts.notes.kustomize.shrink();
    facts
}
