//! Finds the files of a run: walks folders, honours ignore files, and keeps what could matter.
//!
//! What a file *is* is decided by its path where that says so (a workflow folder, a chart's
//! templates), and otherwise by its first keys, once it is parsed.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use thiserror::Error;

use crate::policy;
use crate::source::is_active;

/// Files larger than this are not read.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// A file that the run looks at. Both texts are held once, however many hold them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Where it is.
    pub path: Arc<Path>,
    /// How it is shown: relative to where the run started, with `/`.
    pub shown: Arc<str>,
    /// Whether the caller named the file itself.
    pub named: bool,
}

/// A path that cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct DiscoverError {
    /// The path as given.
    pub path: String,
    /// Why not.
    pub reason: String,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The files, sorted by path, each once.
    pub files: Vec<Found>,
    /// Files of a chart's `templates`, which are no YAML: they are counted and not read.
    pub skipped_templates: usize,
    /// Dockerfiles met on the way, as shown.
    pub dockerfiles: Vec<String>,
    /// Files and links met on the way that are called as policies are.
    pub policies: Vec<PathBuf>,
    /// The folders that walks began at.
    pub roots: Vec<PathBuf>,
    /// What could not be looked at.
    pub errors: Vec<DiscoverError>,
}

/// Walks the given files and folders; with none, the base. Paths are shown as they are seen from the
/// base; an empty base is the current folder. Hidden folders are walked (workflows live in one), but
/// not those that tools keep for themselves.
#[must_use]
pub fn discover(base: &Path, paths: &[PathBuf], ignore_files: bool) -> Discovered {
    let here = [PathBuf::from(if base == Path::new("") { "." } else { "" })];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut found = Discovered::default();
    for path in paths {
        let whole = if path.as_os_str().is_empty() {
            base.to_owned()
        } else {
            base.join(path)
        };
        match std::fs::metadata(&whole) {
            Ok(meta) if meta.is_dir() => walk(base, &whole, ignore_files, &mut found),
            Ok(meta) if !meta.is_file() && !is_handed_over(&whole) => {
                found.errors.push(DiscoverError {
                    path: shown_from(base, &whole),
                    reason: NO_FILE.to_owned(),
                });
            }
            Ok(_) => found.files.push(Found {
                shown: shown_from(base, &whole).into(),
                path: whole.into(),
                named: true,
            }),
            Err(error) => found.errors.push(DiscoverError {
                path: shown(path),
                reason: plain(&error),
            }),
        }
    }
    found.settle();
    found
}

fn walk(base: &Path, root: &Path, ignore_files: bool, found: &mut Discovered) {
    found.roots.push(root.to_owned());
    let collected = Mutex::new(Vec::new());
    // The walker reads files of patterns to their end, whatever they are.
    let refused = |path: &Path| DiscoverError {
        path: shown_from(base, path),
        reason: format!("{NO_FILE}, and so its folder is left out"),
    };
    let above = root.canonicalize().ok().filter(|_| ignore_files);
    let mut above = above.iter().flat_map(|root| root.ancestors().skip(1));
    let bad =
        bad_patterns(root, ignore_files).or_else(|| above.find_map(|f| bad_patterns(f, true)));
    if let Some(path) = bad {
        found.errors.push(refused(&path));
        return;
    }
    let left_out = Arc::new(Mutex::new(Vec::new()));
    let walker = WalkBuilder::new(root)
        .hidden(false)
        .standard_filters(false)
        .git_ignore(ignore_files)
        .git_global(ignore_files)
        .git_exclude(ignore_files)
        .ignore(ignore_files)
        .parents(ignore_files)
        .require_git(false)
        .add_custom_ignore_filename(".taglintignore")
        .filter_entry({
            let left_out = Arc::clone(&left_out);
            move |entry| {
                if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                    return true;
                }
                if is_foreign(entry) {
                    return false;
                }
                let bad = bad_patterns(entry.path(), ignore_files);
                let fine = bad.is_none();
                if let Some(bad) = bad {
                    let mut left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
                    left_out.push(bad);
                }
                fine
            }
        })
        .build_parallel();
    walker.run(|| {
        let mut own = Collector {
            own: Discovered::default(),
            all: &collected,
        };
        Box::new(move |entry| {
            match entry {
                Ok(entry) => own.own.meet(base, &entry),
                Err(error) => own.own.errors.push(DiscoverError {
                    path: shown_from(base, root),
                    reason: error.to_string(),
                }),
            }
            WalkState::Continue
        })
    });
    let left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
    found
        .errors
        .extend(left_out.iter().map(|path| refused(path)));
    let collected = collected
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    for own in collected {
        found.files.extend(own.files);
        found.skipped_templates += own.skipped_templates;
        found.dockerfiles.extend(own.dockerfiles);
        found.policies.extend(own.policies);
        found.errors.extend(own.errors);
    }
}

/// What one thread of a walk finds: handed over once, at its end.
struct Collector<'a> {
    own: Discovered,
    all: &'a Mutex<Vec<Discovered>>,
}

impl Drop for Collector<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(std::mem::take(&mut self.own));
    }
}

/// Folders that version control, package managers and caches keep for themselves.
const FOREIGN: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".venv",
    ".tox",
    ".terraform",
    ".terragrunt-cache",
    ".cache",
    ".direnv",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".nox",
    ".yarn",
    ".pnpm-store",
    ".gradle",
    ".idea",
    ".vscode",
    "node_modules",
    "__pycache__",
];

fn is_foreign(entry: &DirEntry) -> bool {
    FOREIGN.iter().any(|name| entry.file_name() == *name)
}

impl Discovered {
    /// Puts everything in order, each file once.
    fn settle(&mut self) {
        self.files
            .sort_by(|a, b| (&a.shown, !a.named).cmp(&(&b.shown, !b.named)));
        // Different files may be shown alike: names that are no text, or that would act on a terminal.
        self.files.dedup_by(|a, b| {
            let plain = |path: &Path| path.strip_prefix(".").unwrap_or(path).to_owned();
            a.shown == b.shown && plain(&a.path) == plain(&b.path)
        });
        self.dockerfiles.sort();
        self.dockerfiles.dedup();
        self.errors.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Takes up files below the base that are not on disk yet.
    pub fn add(&mut self, base: &Path, paths: &[&Path]) {
        for path in paths {
            self.take_policy(path);
            self.take(base, path);
        }
        self.settle();
    }

    /// Takes up what a walk meets.
    fn meet(&mut self, base: &Path, entry: &DirEntry) {
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else {
            return;
        };
        self.take_policy(entry.path());
        if kind.is_file() {
            self.take(base, entry.path());
        }
    }

    fn take_policy(&mut self, path: &Path) {
        if policy::is_file_name(path) {
            self.policies.push(path.to_owned());
        }
    }

    fn take(&mut self, base: &Path, path: &Path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let dockerfile = is_dockerfile(&name);
        if dockerfile {
            self.dockerfiles.push(shown_from(base, path));
        }
        if !is_taken(&name) {
            return;
        }
        let shown = shown_from(base, path);
        if is_chart_template(path) {
            self.skipped_templates += 1;
            return;
        }
        self.files.push(Found {
            path: path.into(),
            shown: shown.into(),
            named: false,
        });
    }
}

/// Why a pipe, a device or a socket is not read: it may have no end, or nobody who writes to it.
const NO_FILE: &str = "it is no regular file";

/// Whether a path is that of something that whoever started the run has opened for it, as `<(…)` of a
/// shell does.
fn is_handed_over(path: &Path) -> bool {
    let known = ["/dev/stdin", "/dev/fd", "/proc"];
    known.iter().any(|known| path.starts_with(known))
}

/// What a file that is named holds, where that is not more than so many bytes.
///
/// # Errors
/// As the system says; what is no regular file is not read, unless it was handed over.
pub fn read_named(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let meta = std::fs::metadata(path)?;
    if !meta.is_file() && !meta.is_dir() && !is_handed_over(path) {
        return Err(std::io::Error::other(NO_FILE));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(std::io::Error::other(format!(
            "more than {} MiB are not read",
            most >> 20
        ))),
        false => Ok(bytes),
    }
}

/// The same for a text.
///
/// # Errors
/// As [`read_named`]; what is no UTF-8 is no text.
pub fn read_named_text(path: &Path, most: u64) -> std::io::Result<String> {
    String::from_utf8(read_named(path, most)?)
        .map_err(|_| std::io::Error::other("it is no UTF-8 text"))
}

/// The files that a walk takes its patterns from, in each folder.
const IGNORE_FILES: [&str; 3] = [".gitignore", ".ignore", ".taglintignore"];

/// A file of patterns of a folder that cannot be one: a pipe, a device, or larger than any is.
fn bad_patterns(folder: &Path, ignore_files: bool) -> Option<PathBuf> {
    let names = IGNORE_FILES.iter().skip(if ignore_files { 0 } else { 2 });
    let mut paths = names.map(|name| folder.join(name));
    paths.find(|path| {
        let meta = std::fs::metadata(path);
        meta.is_ok_and(|meta| !meta.is_dir() && (!meta.is_file() || meta.len() > MAX_FILE_BYTES))
    })
}

/// Whether a walk takes up a file of this name.
#[must_use]
pub fn is_taken(name: &str) -> bool {
    // Makefiles are looked at where they are run or named, and not wherever they lie.
    is_dockerfile(name) || is_candidate(name) || name.starts_with("Jenkinsfile")
}

/// Whether a file of this name is read: what is in it decides whether it is parsed.
fn is_candidate(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(OsStr::to_str);
    matches!(extension, Some("yaml" | "yml" | "json" | "hcl")) || name == "Kustomization"
}

/// Whether a file is called like a Dockerfile: `Dockerfile`, `app.Dockerfile`, `Dockerfile.j2`.
#[must_use]
pub fn is_dockerfile(name: &str) -> bool {
    let holds = |word: &str| {
        let mut parts = name.as_bytes().windows(word.len());
        parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    holds("dockerfile") || holds("containerfile")
}

/// Files under `templates/` beside a `Chart.yaml` are Go templates.
fn is_chart_template(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    memchr::memmem::find(bytes, b"templates").is_some()
        && path.ancestors().skip(1).any(|folder| {
            folder.file_name().is_some_and(|name| name == "templates")
                && folder
                    .parent()
                    .is_some_and(|chart| chart.join("Chart.yaml").is_file())
        })
}

/// A path as it is seen from a folder.
#[must_use]
pub fn shown_from(base: &Path, path: &Path) -> String {
    shown(path.strip_prefix(base).unwrap_or(path))
}

/// A path as people see it: `/` between its parts, no leading `./`.
#[must_use]
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text
        .bytes()
        .all(|b| (b' '..0x7f).contains(&b) && b != b'\\')
    {
        return text.strip_prefix("./").unwrap_or(&text).to_owned();
    }
    // Where it parts nothing, a backslash is a character of the name.
    let text = match std::path::MAIN_SEPARATOR {
        '\\' => text.replace('\\', "/").into(),
        _ => text,
    };
    let text = text.strip_prefix("./").unwrap_or(&text);
    // What acts on a terminal must not reach it, nor must a name break a line.
    text.chars()
        .map(|c| match c.is_control() || is_active(c) {
            true => '\u{fffd}',
            false => c,
        })
        .collect()
}

/// An error of the operating system without its number.
#[must_use]
pub fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(at) => text.get(..at).unwrap_or(&text).to_lowercase(),
        None => text,
    }
}
