//! One reader a file format: from a parsed document to facts.

pub mod ci;
pub mod compose;
pub mod deploy;
pub mod github;
pub mod helm;
pub mod kubernetes;
pub mod kustomize;

mod gitops;
mod memory;
mod uses;

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
    /// The images that it runs.
    pub uses: Vec<ImageUse>,
    /// What it says of how other files are deployed.
    pub notes: deploy::Notes,
}

/// Whether the path or the bytes of a file say that it could matter: asked before it is parsed.
#[must_use]
pub fn is_of_interest(path: &str, text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    path.contains("/workflows/")
        || path.starts_with(".github/")
        || has("image")
        || kustomize::is_of_interest(path, &has)
        || helm::is_chart(path)
        || has("jobs:")
        || has("runs:")
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
    for root in yaml.documents() {
        let own = facts.uses.len();
        if kustomize::is_kustomization(path, root) {
            facts.uses.extend(kustomize::read(file, path, root));
        } else if kubernetes::is_object(root) {
            facts.uses.extend(kubernetes::read(file, path, root));
        } else if helm::is_values(path, root) {
            facts.uses.extend(helm::read(file, path, root));
        } else if compose::is_compose(root) {
            facts.uses.extend(compose::read(file, path, root));
        } else if facts.workflow.is_none() && workflow::is_workflow(root) {
            facts.workflow = Some(workflow::read(file, root));
        } else if workflow::is_action(root) {
            facts.action = Some(workflow::read_action(file, root));
        }
        kustomize::note(file, path, root, own, &mut facts);
        helm::note(file, path, root, &mut facts.notes.helm);
    }
    facts
}
