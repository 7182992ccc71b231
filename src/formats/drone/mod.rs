//! Drone and Woodpecker: pipelines as written, and what their Docker plugins and commands publish.

mod condition;
mod plugin;
mod run;
mod surroundings;

use super::github::tree::Tree;
use crate::eval::drone::Family;
use crate::source::FileId;
use crate::yaml::NodeRef;

pub use run::plans;

/// A file of pipelines.
#[derive(Debug, Clone)]
pub struct Pipelines {
    /// The file.
    pub file: FileId,
    /// Whose format it is.
    pub family: Family,
    /// The file's name without its extension, which names Woodpecker's workflow.
    pub name: String,
    /// Each document, or the one of Woodpecker.
    pub documents: Vec<Tree>,
}

/// Whose pipelines a file holds, by its path.
#[must_use]
pub fn family(path: &str) -> Option<Family> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    match name {
        ".drone.yml" | ".drone.yaml" | "drone.yml" | "drone.yaml" => Some(Family::Drone),
        ".woodpecker.yml" | ".woodpecker.yaml" | "woodpecker.yml" | "woodpecker.yaml" => {
            Some(Family::Woodpecker)
        }
        _ if folder == ".woodpecker" => Some(Family::Woodpecker),
        _ if folder == ".drone" => Some(Family::Drone),
        _ => None,
    }
}

/// The default branch as the pipelines name it, where they name `master` and nowhere `main`.
#[must_use]
pub fn named_branch(text: &str) -> Option<String> {
    let separates = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let names = |branch: &str| text.split(separates).any(|word| word == branch);
    (names("master") && !names("main")).then(|| "master".to_owned())
}

/// Whether a document has the shape of a pipeline.
#[must_use]
pub fn is_pipeline(root: NodeRef<'_, '_>) -> bool {
    root.get("steps").is_some() || root.get("pipeline").is_some()
}

/// Reads the pipelines of a file.
#[must_use]
pub fn read<'n, 's: 'n>(
    file: FileId,
    path: &str,
    family: Family,
    roots: impl Iterator<Item = NodeRef<'n, 's>>,
) -> Pipelines {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.trim_start_matches('.');
    Pipelines {
        file,
        family,
        name: name.split('.').next().unwrap_or(name).to_owned(),
        documents: roots
            .filter(|root| is_pipeline(*root))
            .map(Tree::read)
            .collect(),
    }
}
