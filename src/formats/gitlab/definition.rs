//! A pipeline file of GitLab with all that it brings together: includes, `extends`, `!reference`.

use std::collections::HashMap;
use std::rc::Rc;

use crate::files::Files;
use crate::formats::ci::tree::{REFERENCE, TOO_LARGE, Template, Tree};
use crate::source::{FileId, Span};
use crate::yaml::{Kind, NodeRef, Yaml};

/// How many files may be included, one by the other or beside each other.
const MAX_INCLUDES: usize = 40;
/// How deep one job may extend another; GitLab allows 11.
const MAX_EXTENDS: usize = 12;
/// How deep references may lead on to one another; GitLab allows 10.
const MAX_REFERENCES: usize = 11;

/// Keys of the root that are no jobs.
const RESERVED: &[&str] = &[
    "default",
    "include",
    "stages",
    "types",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "spec",
];

/// One file as it is written.
#[derive(Debug)]
pub struct Definition {
    /// The file.
    pub file: FileId,
    root: Tree,
    /// Where the first part stands that was left out.
    cut: Option<Span>,
}

/// Something that cannot be seen.
#[derive(Debug)]
pub struct Foreign {
    /// What it is.
    pub what: String,
    /// Why.
    pub reason: &'static str,
    /// Where it stands, or what brings it in.
    pub at: Span,
}

impl Foreign {
    fn cut(at: Span) -> Self {
        Self {
            what: "the rest of the file".to_owned(),
            reason: TOO_LARGE,
            at,
        }
    }
}

/// All of a pipeline, brought together.
#[derive(Debug)]
pub struct Whole {
    /// The root, included files merged in.
    pub root: Tree,
    /// The jobs in order: the name, and all that it extends merged in.
    pub jobs: Vec<(Template, Tree)>,
    /// What cannot be seen: what, why, and where.
    pub foreign: Vec<Foreign>,
}

/// Whether a document is a pipeline of GitLab, by its path.
#[must_use]
pub fn is_pipeline(path: &str, root: NodeRef<'_, '_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = name.ends_with(".gitlab-ci.yml") || name.ends_with(".gitlab-ci.yaml");
    named && root.kind() == Kind::Mapping
}

/// Reads a file.
#[must_use]
pub fn read(file: FileId, root: NodeRef<'_, '_>) -> Definition {
    let (root, cut) = Tree::read_whole(root);
    Definition { file, root, cut }
}

impl Definition {
    /// Brings all of it together.
    #[must_use]
    pub fn whole(&self, files: &dyn Files) -> Whole {
        let mut foreign: Vec<Foreign> = self.cut.map(Foreign::cut).into_iter().collect();
        let mut budget = MAX_INCLUDES;
        let root = included(&self.root, None, files, &mut budget, &mut foreign);
        let root = resolved(&root, &root, 0);
        let mut jobs = Vec::new();
        let mut extending = Extending::new(&root);
        for (name, job) in root.pairs() {
            let text = name.text.as_str();
            if RESERVED.contains(&text) || text.starts_with('.') {
                continue;
            }
            let job = extending.whole(job, MAX_EXTENDS);
            if job.get("script").is_some() || job.get("trigger").is_some() {
                jobs.push((name.clone(), job));
            }
        }
        Whole {
            root,
            jobs,
            foreign,
        }
    }
}

/// A file with those that it includes below it: what it says itself wins.
fn included(
    root: &Tree,
    moved: Option<Span>,
    files: &dyn Files,
    budget: &mut usize,
    foreign: &mut Vec<Foreign>,
) -> Tree {
    let mut whole = Tree::Mapping(Vec::new(), root.span());
    if let Some(list) = root.get("include") {
        let entries = match list {
            Tree::Mapping(..) => std::slice::from_ref(list),
            list => list.items(),
        };
        for entry in entries {
            let at = moved.unwrap_or(entry.span());
            let scalar = |name: &str| Some(entry.get(name)?.scalar()?.text.as_str());
            let plain = entry.scalar().map(|path| path.text.as_str());
            let local = scalar("local").or_else(|| plain.filter(|path| !path.contains("://")));
            let file = local.filter(|_| *budget > 0).and_then(|path| {
                *budget -= 1;
                files.read(path.trim_start_matches('/'))
            });
            if let Some(text) = file {
                let yaml = Yaml::parse(&text);
                if let Some(node) = yaml.documents().last() {
                    let (tree, cut) = Tree::read_whole(node);
                    foreign.extend(cut.map(|_| Foreign::cut(at)));
                    let tree = tree.moved_to(at);
                    let tree = included(&tree, Some(at), files, budget, foreign);
                    whole = merged(&whole, &tree);
                }
                continue;
            }
            // What GitLab keeps for checks of the code builds no image.
            let template = scalar("template").unwrap_or_default();
            if template.starts_with("Security/") || template.starts_with("Workflows/") {
                continue;
            }
            let names = ["project", "remote", "template", "component", "artifact"];
            let what = local
                .or(plain)
                .or_else(|| names.into_iter().find_map(scalar));
            foreign.push(Foreign {
                what: format!("include: {}", what.unwrap_or("…")),
                reason: "the file is not in this repository",
                at,
            });
        }
    }
    merged(&whole, root)
}

/// Both, key by key; the second wins, and only mappings go into one another.
#[must_use]
pub fn merged(below: &Tree, above: &Tree) -> Tree {
    let (Tree::Mapping(low, _), Tree::Mapping(high, span)) = (below, above) else {
        return above.clone();
    };
    if low.len() == 1 && below.get(REFERENCE).is_some() || above.get(REFERENCE).is_some() {
        return above.clone();
    }
    let mut pairs = low.clone();
    for (key, value) in high {
        match pairs.iter_mut().find(|(own, _)| own.text == key.text) {
            Some((own, old)) => {
                *old = merged(old, value);
                *own = key.clone();
            }
            None => pairs.push((key.clone(), value.clone())),
        }
    }
    Tree::Mapping(pairs, *span)
}

/// Jobs over all that they extend, each made once: a job may be led to by many ways.
struct Extending<'t> {
    jobs: HashMap<&'t str, &'t Tree>,
    made: HashMap<(&'t str, usize), Rc<Tree>>,
}

impl<'t> Extending<'t> {
    fn new(root: &'t Tree) -> Self {
        let mut jobs = HashMap::new();
        for (name, job) in root.pairs() {
            jobs.entry(name.text.as_str()).or_insert(job);
        }
        Self {
            jobs,
            made: HashMap::new(),
        }
    }

    fn whole(&mut self, job: &Tree, depth: usize) -> Tree {
        let (Some(extends), Some(depth)) = (job.get("extends"), depth.checked_sub(1)) else {
            return job.clone();
        };
        let mut base = Tree::Mapping(Vec::new(), job.span());
        for name in extends.texts().take(16) {
            let Some((name, other)) = self.jobs.get_key_value(name) else {
                continue;
            };
            let (name, other) = (*name, *other);
            let made = match self.made.get(&(name, depth)) {
                Some(made) => Rc::clone(made),
                None => {
                    let made = Rc::new(self.whole(other, depth));
                    self.made.insert((name, depth), Rc::clone(&made));
                    made
                }
            };
            base = merged(&base, &made);
        }
        merged(&base, job)
    }
}

/// A tree in which each reference is what it leads to; inside of a list, its items.
fn resolved(tree: &Tree, root: &Tree, depth: usize) -> Tree {
    match tree {
        Tree::Scalar(_) => tree.clone(),
        Tree::Mapping(pairs, span) => match tree.get(REFERENCE) {
            Some(path) => match target(path, root) {
                Some(found) if depth < MAX_REFERENCES => resolved(found, root, depth + 1),
                _ => Tree::Sequence(Vec::new(), *span),
            },
            None => {
                let pairs = pairs.iter();
                let each = pairs.map(|(key, value)| (key.clone(), resolved(value, root, depth)));
                Tree::Mapping(each.collect(), *span)
            }
        },
        Tree::Sequence(items, span) => {
            let mut flat = Vec::new();
            for item in items {
                let led = item.get(REFERENCE).is_some();
                match resolved(item, root, depth) {
                    Tree::Sequence(inner, _) if led => flat.extend(inner),
                    other => flat.push(other),
                }
            }
            Tree::Sequence(flat, *span)
        }
    }
}

fn target<'t>(path: &Tree, root: &'t Tree) -> Option<&'t Tree> {
    let mut at = root;
    for name in path.texts() {
        let mut pairs = at.pairs().iter();
        at = pairs.find(|(key, _)| key.text == name).map(|(_, v)| v)?;
    }
    Some(at)
}
