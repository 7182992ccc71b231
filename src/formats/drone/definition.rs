//! Pipelines of Drone and Woodpecker as they are written.

use crate::formats::ci::tree::{Template, Tree};
use crate::source::{FileId, Span};
use crate::yaml::{Kind, NodeRef};

/// Whose pipelines they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Drone and what is compatible with it.
    Drone,
    /// Woodpecker.
    Woodpecker,
}

/// The pipelines of one file.
#[derive(Debug)]
pub struct Definition {
    /// The file.
    pub file: FileId,
    /// Whose they are.
    pub system: System,
    /// In the order of the file.
    pub pipelines: Vec<Pipeline>,
}

/// One pipeline, or workflow.
#[derive(Debug)]
pub struct Pipeline {
    /// Its name.
    pub name: String,
    /// All of it.
    pub tree: Tree,
    /// Where the first part stands that was left out.
    pub cut: Option<Span>,
    /// `trigger`, or `when`.
    pub when: Option<Tree>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// Whether its commands are no shell's.
    pub windows: bool,
}

/// One step.
#[derive(Debug)]
pub struct Step {
    /// Its number, from 0.
    pub number: usize,
    /// Where it is declared.
    pub at: Span,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// All of it.
    pub tree: Tree,
}

impl Step {
    /// The commands, where it has some.
    #[must_use]
    pub fn commands(&self) -> Option<&Tree> {
        self.tree.get("commands")
    }

    /// What a plugin is told. Steps of the old form hold that beside everything else.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Tree> {
        match self.tree.get("settings") {
            Some(settings) => settings.get(name),
            None => self.tree.get(name),
        }
    }
}

/// The name of a file, without the folders above it.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a path says that Woodpecker reads the file.
fn is_woodpecker(path: &str) -> bool {
    let name = base(path);
    let folder = path.rsplit('/').nth(1);
    matches!(name, ".woodpecker.yml" | ".woodpecker.yaml") || folder == Some(".woodpecker")
}

/// Whether a path is one that Drone or Woodpecker reads by itself.
#[must_use]
pub fn is_named(path: &str) -> bool {
    is_woodpecker(path) || base(path).starts_with(".drone")
}

/// Whether a document is a pipeline of Drone or Woodpecker.
#[must_use]
pub fn system(path: &str, root: NodeRef<'_, '_>) -> Option<System> {
    let has = |name: &str| root.get(name).is_some();
    if root.kind() != Kind::Mapping || has("apiVersion") {
        return None;
    }
    if is_woodpecker(path) {
        return (has("steps") || has("pipeline")).then_some(System::Woodpecker);
    }
    let named = base(path).starts_with(".drone");
    let kind = root
        .get("kind")
        .and_then(|kind| kind.text().map(str::to_owned));
    let pipeline = kind.as_deref() == Some("pipeline")
        && has("steps")
        && root.get("steps").map(NodeRef::kind) == Some(Kind::Sequence);
    // Before there were kinds, one map held the steps.
    let old = named && kind.is_none() && (has("pipeline") || has("steps"));
    (pipeline && (named || has("name")) || old).then_some(System::Drone)
}

/// Reads one pipeline.
#[must_use]
pub fn read(path: &str, root: NodeRef<'_, '_>) -> Pipeline {
    let (tree, cut) = Tree::read_whole(root);
    let text = |name: &str| tree.get(name)?.scalar().map(|name| name.text.clone());
    let name = base(path);
    let stem = name
        .strip_suffix(".yml")
        .or_else(|| name.strip_suffix(".yaml"));
    let stem = stem.unwrap_or(name).trim_start_matches('.');
    let steps = tree.get("steps").or_else(|| tree.get("pipeline"));
    let steps = match steps {
        Some(Tree::Mapping(pairs, _)) => pairs
            .iter()
            .map(|(key, step)| (key.span, Some(key.text.clone()), step.clone()))
            .collect(),
        Some(Tree::Sequence(items, _)) => items
            .iter()
            .map(|step| {
                let at = first_key(step).map_or(step.span(), |key| key.span);
                let name = step.get("name").and_then(Tree::scalar);
                (at, name.map(|name| name.text.clone()), step.clone())
            })
            .collect(),
        _ => Vec::new(),
    };
    let step = |(number, (at, name, tree))| Step {
        number,
        at,
        name,
        tree,
    };
    let os = tree.get("platform").and_then(|platform| {
        let os = platform.get("os").unwrap_or(platform);
        Some(os.scalar()?.text.clone())
    });
    Pipeline {
        name: text("name").unwrap_or_else(|| stem.to_owned()),
        when: tree.get("trigger").or_else(|| tree.get("when")).cloned(),
        steps: steps.into_iter().enumerate().map(step).collect(),
        windows: os.is_some_and(|os| os.starts_with("windows")),
        tree,
        cut,
    }
}

fn first_key(tree: &Tree) -> Option<&Template> {
    tree.pairs().first().map(|(key, _)| key)
}
