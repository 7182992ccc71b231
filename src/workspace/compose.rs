//! Gives the compose files of a run the repositories that they lie in, so that each image is judged
//! with its `.env`, and with the files that are loaded together.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::checkout::{Checkout, Index};
use super::disk::Disk;
use super::policies::FoundPolicies;
use super::read::Loaded;
use crate::discover;
use crate::files::Files;
use crate::formats::compose::{self, Follows, Member};
use crate::policy::{Environment, Reason};
use crate::project::{Fault, Project};
use crate::source::{FileId, Place, Source};

/// The compose files of one repository, and the projects that they make.
struct Composed<'d> {
    root: String,
    files: Checkout<'d>,
    members: Vec<Member>,
    projects: Vec<compose::Loaded>,
}

/// The repositories with compose files, and what is wrong with sets that policies declare.
#[derive(Default)]
pub(super) struct Repositories<'d> {
    composed: Vec<Composed<'d>>,
    faults: Vec<Fault>,
}

/// Loads the projects of the compose files of a run.
pub(super) fn load<'d>(
    loaded: &[Loaded],
    policies: &FoundPolicies,
    paths: &[PathBuf],
    disk: &'d Disk,
    index: &'d Index<'d>,
) -> Repositories<'d> {
    let mut repositories = Repositories::default();
    let takes = |follows: &Follows| follows.variables || follows.files;
    let found = loaded.iter().zip(0..);
    let found: Vec<_> = found
        .filter_map(|(file, id)| Some((FileId(id), file.source.path(), file.compose?)))
        .collect();
    let mut folders: HashMap<&str, usize> = HashMap::new();
    let mut any = false;
    for (_, path, follows) in &found {
        let count = folders.entry(folder(path)).or_default();
        *count += 1;
        any |= takes(follows) || *count > 1;
    }
    let sets = sets(loaded, policies);
    if !any && sets.is_empty() {
        return repositories;
    }
    let mut members: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    let mut roots: HashMap<&str, String> = HashMap::new();
    for (file, path, follows) in found {
        let root = roots
            .entry(folder(path))
            .or_insert_with_key(|folder| root(folder, paths, disk));
        members.entry(root.clone()).or_default().push(Member {
            path: path.strip_prefix(root.as_str()).unwrap_or(path).to_owned(),
            file,
            follows,
        });
    }
    for (root, members) in members {
        let files = Checkout::new(&root, disk, index);
        let of_root = sets_below(&root, &sets, &files, &mut repositories.faults);
        let of_root: Vec<_> = of_root.into_iter().map(Arc::new).collect();
        let projects = compose::projects(&files, &members, &of_root);
        repositories.composed.push(Composed {
            root,
            files,
            members,
            projects,
        });
    }
    repositories
}

/// Judges the images of the compose files of a run.
pub(super) fn resolve(project: &mut Project, repositories: Repositories<'_>) {
    project.faults.extend(repositories.faults);
    // Most runs ask for none of these.
    let mut known: Option<HashMap<String, FileId>> = None;
    for composed in repositories.composed {
        let mut uses = std::mem::take(&mut project.uses);
        let mut number = |path: &str| {
            let shown = format!("{}{path}", composed.root);
            let known = known.get_or_insert_with(|| by_path(project));
            if let Some(file) = known.get(&shown) {
                return Some(*file);
            }
            let text = composed.files.read(path)?;
            let file = FileId(u32::try_from(project.sources.len()).ok()?);
            project.sources.push(Source::new(shown.as_str(), text));
            known.insert(shown, file);
            Some(file)
        };
        let (members, projects) = (&composed.members, &composed.projects);
        compose::resolve(&composed.files, members, projects, &mut uses, &mut number);
        project.uses = uses;
    }
}

/// A set of a policy: its paths are as the run shows them.
struct Declared {
    files: Vec<(String, Place)>,
    env_files: Vec<(String, Place)>,
    environment: Option<(Environment, Reason)>,
}

/// The sets that the policies of the run declare.
fn sets(loaded: &[Loaded], policies: &FoundPolicies) -> Vec<Declared> {
    let mut all = Vec::new();
    for policy in &policies.policies.sound {
        // Those of policies come after the files of the run.
        let at = policy.file.0 as usize;
        let own = loaded.get(at).map(|file| &file.source);
        let source = own.or_else(|| policies.sources.get(at.checked_sub(loaded.len())?));
        let above = folder(source.map_or("", Source::path)).to_owned();
        let shown = |list: &[(String, Place)]| {
            let each = list.iter();
            each.map(|(path, at)| (format!("{above}{path}"), *at))
                .collect()
        };
        all.extend(policy.compose.iter().map(|set| Declared {
            files: shown(&set.files),
            env_files: shown(&set.env_files),
            environment: set.environment.map(|environment| {
                let what = "the set of compose files".to_owned();
                let file = policy.shown.clone();
                (environment, Reason::Policy { file, what })
            }),
        }));
    }
    all
}

/// The sets whose files lie in a repository, by their paths in it. A file that there is not is a
/// fault of the policy.
fn sets_below(
    root: &str,
    sets: &[Declared],
    files: &dyn Files,
    faults: &mut Vec<Fault>,
) -> Vec<compose::Set> {
    let mut below = Vec::new();
    for set in sets {
        let mut inside = |list: &[(String, Place)]| {
            let mut paths = Vec::new();
            for (shown, at) in list {
                let path = shown.strip_prefix(root)?;
                if files.read(path).is_none() {
                    faults.push(Fault {
                        rule: "invalid-policy",
                        message: format!("there is no file `{shown}`"),
                        at: *at,
                        help: None,
                    });
                }
                paths.push(path.to_owned());
            }
            Some(paths)
        };
        let (Some(files), Some(env_files)) = (inside(&set.files), inside(&set.env_files)) else {
            continue;
        };
        below.push(compose::Set {
            files,
            env_files,
            environment: set.environment.clone(),
        });
    }
    below
}

fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("")
}

/// The root of the repository that a folder lies in: the nearest folder with `.git`, or else the
/// path that the run was asked to look at, as shown and with its `/`.
fn root(start: &str, paths: &[PathBuf], disk: &Disk) -> String {
    let mut at = start;
    loop {
        if disk.path(at).join(".git").exists() {
            return at.to_owned();
        }
        if at.is_empty() || at == "/" {
            break;
        }
        at = folder(at.trim_end_matches('/'));
    }
    let asked = paths.iter().map(|path| match discover::shown(path) {
        path if path == "." || path.is_empty() => String::new(),
        path => format!("{}/", path.trim_end_matches('/')),
    });
    let around = asked.filter(|path| start.starts_with(path.as_str()));
    let around = around.max_by_key(String::len);
    around.unwrap_or_else(|| if paths.is_empty() { "" } else { start }.to_owned())
}

/// The numbers of all files, by their paths; of two with one path, that of the first.
fn by_path(project: &Project) -> HashMap<String, FileId> {
    let mut known = HashMap::new();
    for (source, id) in project.sources.iter().zip(0..) {
        let path = source.path().to_owned();
        known.entry(path).or_insert(FileId(id));
    }
    known
}
