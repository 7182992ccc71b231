//! Finds the policy of each file: the one that is named, or the nearest one upwards.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::Governing;
use super::disk::Disk;
use super::folders::{Folder, Folders};
use crate::discover::{self, DiscoverError, Discovered, Found};
use crate::policy::{self, FILE_NAMES, Policy};
use crate::project::{Fault, Governed, Policies};
use crate::rules::RULES;
use crate::source::{FileId, Place, Source, Span};

/// What a policy is called, and what it may be called as well.
const NAME: &str = FILE_NAMES[0];
const OTHER_NAME: &str = FILE_NAMES[1];

/// Policies larger than this are refused.
const MAX_BYTES: u64 = 1024 * 1024;

/// What was found of policies.
#[derive(Debug, Clone, Default)]
pub struct FoundPolicies {
    /// The policies and what they govern.
    pub policies: Policies,
    /// Files of policies that are not among the run's own, in the order of their ids.
    pub sources: Vec<Source>,
    /// What is wrong with them.
    pub faults: Vec<Fault>,
    /// Policies that cannot be read.
    pub errors: Vec<DiscoverError>,
}

/// Whether a path is called as policies are.
#[must_use]
pub fn is_policy(shown: &str) -> bool {
    policy::is_file_name(Path::new(shown))
}

/// Finds and reads the policies of all files.
#[must_use]
pub fn find(discovered: &Discovered, governing: &Governing, disk: &Disk) -> FoundPolicies {
    let files = discovered.files.as_slice();
    let config = match governing {
        Governing::Nearest => None,
        Governing::Named(path) => Some(disk.base().join(path)),
        Governing::None => return FoundPolicies::default(),
    };
    let of_files = files.iter().filter(|file| file.named);
    let mut of_files: Vec<&Path> = of_files.map(|file| parent(&file.path)).collect();
    of_files.dedup_by_key(|folder| folder.as_os_str());
    let mut search = Search {
        files,
        disk,
        here: disk.absolute_base(),
        folders: Folders::new(disk, of_files, discovered),
        named: config.is_some(),
        known: BTreeMap::new(),
        found: FoundPolicies::default(),
    };
    let named = config.map(|path| {
        let path = path.as_path();
        let folder = parent(path).canonicalize();
        let folder = folder.unwrap_or_else(|_| parent(path).to_owned());
        folder.join(path.file_name().unwrap_or_default())
    });
    if let Some(path) = &named {
        // A policy that is asked for is read even where there is nothing to govern.
        search.policy(path);
    }
    search.found.policies.governed.reserve_exact(files.len());
    // Files come in order, so most lie where the one before lies.
    let mut last: Option<(&Path, Arc<Folder>)> = None;
    for file in files {
        let own = parent(&file.path);
        let folder = match last.take() {
            Some((path, folder)) if path.as_os_str() == own.as_os_str() => folder,
            _ => search.folders.folder(own, !file.named),
        };
        last = Some((own, Arc::clone(&folder)));
        let governed = match named.as_ref().or(folder.policy.as_ref()) {
            None => Governed::Nobody,
            Some(path) => match search.policy(path) {
                None => Governed::Refused,
                Some(policy) => Governed::By {
                    policy,
                    inside: search.inside(file, &folder.real, path),
                },
            },
        };
        search.found.policies.governed.push(governed);
    }
    search.found
}

/// The folder of a path, `.` where it names none.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

struct Search<'a> {
    files: &'a [Found],
    disk: &'a Disk,
    here: PathBuf,
    folders: Folders<'a>,
    /// Whether the policy was named on the command line.
    named: bool,
    /// Policies read, with their index where they are sound.
    known: BTreeMap<PathBuf, Option<usize>>,
    found: FoundPolicies,
}

impl Search<'_> {
    /// A file's path as patterns see it: from the policy's folder, or, where a policy that was named
    /// lies elsewhere, from where the run started.
    fn inside(&self, file: &Found, folder: &Path, policy: &Path) -> Option<String> {
        let real = folder.join(file.path.file_name()?);
        let inside = real.strip_prefix(parent(policy));
        let inside = inside.or_else(|_| real.strip_prefix(&self.here)).ok()?;
        Some(inside.to_string_lossy().replace('\\', "/"))
    }

    /// The index of a policy among the sound ones; it is read when first met.
    fn policy(&mut self, path: &Path) -> Option<usize> {
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let index = self.read(path).map(|policy| {
            self.found.policies.sound.push(policy);
            self.found.policies.sound.len() - 1
        });
        self.known.insert(path.to_owned(), index);
        index
    }

    fn read(&mut self, path: &Path) -> Option<Policy> {
        let shown = self.shown(path);
        let text = match self
            .leads_out(path)
            .map_or_else(|| text(path, self.disk), Err)
        {
            Ok(text) => text,
            Err(reason) => {
                let path = shown;
                self.found.errors.push(DiscoverError { path, reason });
                return None;
            }
        };
        let file = self.source(&shown, &text);
        let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let parsed = policy::parse(file, &name, &text, &names);
        let other = parent(path).join(OTHER_NAME);
        let twice = name == NAME && self.disk.is_file(&other);
        if twice {
            let shown = self.shown(&other);
            let text = match self.leads_out(&other) {
                Some(_) => String::new(),
                None => self::text(&other, self.disk).unwrap_or_default(),
            };
            let span = Span::new(0, text.lines().next().unwrap_or_default().len());
            let file = self.source(&shown, &text);
            let message = format!("`{}` lies beside it and would win", NAME);
            let help = "keep one of the two".to_owned();
            self.fault(Place { file, span }, message, Some(help));
        }
        match parsed {
            Ok(policy) if !twice => Some(policy),
            Ok(_) => None,
            Err(faults) => {
                for fault in faults {
                    let span = fault.span;
                    self.fault(Place { file, span }, fault.message, fault.help);
                }
                None
            }
        }
    }

    /// Why a policy that nobody named is not read: a link in a repository that is looked at leads to a
    /// file that is none of its business, and what is wrong with that would be quoted.
    fn leads_out(&self, path: &Path) -> Option<String> {
        let link = path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
        if !link || self.named || self.disk.overlay.get(path).is_some() {
            return None;
        }
        let folder = parent(path);
        let root = folder.ancestors().find(|above| above.join(".git").exists());
        let root = root.unwrap_or(folder).canonicalize().ok()?;
        let real = path.canonicalize().ok()?;
        let reason = "the link leads out of the repository; name the policy with `--config`";
        (!real.starts_with(root)).then(|| reason.to_owned())
    }

    fn fault(&mut self, at: Place, message: String, help: Option<String>) {
        self.found.faults.push(Fault {
            rule: "invalid-policy",
            message,
            at,
            help,
        });
    }

    /// The id of a policy's file: that which it has in the run, or a new one.
    fn source(&mut self, shown: &str, text: &str) -> FileId {
        let id = |index: usize| FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if let Some(index) = self.files.iter().position(|file| *file.shown == *shown) {
            return id(index);
        }
        self.found.sources.push(Source::new(shown, text));
        id(self.files.len() + self.found.sources.len() - 1)
    }

    /// How a policy's path is shown: as the run's own file where it is one, else from where the run
    /// started.
    fn shown(&self, path: &Path) -> String {
        let same = |file: &&Found| {
            is_policy(&file.shown) && file.path.file_name() == path.file_name() && {
                let folder = self.folders.known(parent(&file.path));
                let real = folder.map(|folder| folder.real.clone());
                let real = real.or_else(|| parent(&file.path).canonicalize().ok());
                real.as_deref() == Some(parent(path))
            }
        };
        if let Some(file) = self.files.iter().find(same) {
            return file.shown.to_string();
        }
        let here = self
            .here
            .canonicalize()
            .unwrap_or_else(|_| self.here.clone());
        if let Ok(below) = path.strip_prefix(&here) {
            return discover::shown(below);
        }
        match here.strip_prefix(parent(path)) {
            Ok(above) => {
                let normal = |part: &Component<'_>| matches!(part, Component::Normal(_));
                let up = "../".repeat(above.components().filter(normal).count());
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                format!("{up}{name}")
            }
            Err(_) => discover::shown(path),
        }
    }
}

/// The day on which the run takes place, as given or by the clock.
///
/// # Errors
/// What is given is no day.
pub fn today(given: Option<&str>) -> Result<Date, String> {
    match given {
        Some(text) => text
            .parse()
            .map_err(|error| format!("`--today {text}`: {error}")),
        None => Ok(jiff::tz::Offset::UTC
            .to_datetime(jiff::Timestamp::now())
            .date()),
    }
}

fn text(path: &Path, disk: &Disk) -> Result<String, String> {
    if disk.size(path).is_some_and(|bytes| bytes > MAX_BYTES) {
        return Err("a policy of more than 1 MiB is not read".to_owned());
    }
    let bytes = disk.bytes(path).map_err(|error| discover::plain(&error))?;
    String::from_utf8(bytes).map_err(|_| "the policy is not UTF-8 text".to_owned())
}
