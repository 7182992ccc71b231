//! `check --fix` and `--diff`: rounds of fixes over texts in memory, then one write a file.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use similar::TextDiff;

use super::check::Looked;
use super::write;
use crate::finding::{Applicability, Finding, Fix};
use crate::fix;
use crate::source::FileId;
use crate::workspace::Overlay;

/// A fix may uncover another finding that has one; past this many rounds it is left.
const MAX_ROUNDS: usize = 10;

/// One file before and after.
pub struct Change {
    /// Where it lies.
    pub path: PathBuf,
    /// How it is shown.
    pub shown: String,
    /// Its text as it was read.
    pub before: String,
}

/// What the rounds came to.
pub struct Fixed {
    /// What is left after the last round.
    pub looked: Looked,
    /// The files touched.
    pub changes: BTreeMap<PathBuf, Change>,
    /// Their texts afterwards.
    pub overlay: Overlay,
    /// How many findings were mended.
    pub findings: usize,
}

/// Looks, applies what may be applied, and looks again, until nothing changes.
pub fn rounds(look: impl Fn(&Overlay) -> Looked, unsafe_too: bool) -> Fixed {
    let mut fixed = Fixed {
        looked: look(&Overlay::default()),
        changes: BTreeMap::new(),
        overlay: Overlay::default(),
        findings: 0,
    };
    // A fix that does not make its finding go away must not be applied again and again.
    let mut spent = HashSet::new();
    for _ in 0..MAX_ROUNDS {
        let before = fixed.overlay.clone();
        fixed.round(unsafe_too, &mut spent);
        if fixed.overlay == before {
            break;
        }
        fixed.looked = look(&fixed.overlay);
    }
    fixed
        .changes
        .retain(|path, change| fixed.overlay.get(path).map(|text| &**text) != Some(&change.before));
    fixed
}

/// What a fix is known by from round to round: places move.
fn key(path: &str, finding: &Finding, fix: &Fix) -> String {
    let texts: Vec<&str> = fix.edits.iter().map(|edit| edit.text.as_str()).collect();
    let image = finding.image.as_deref().unwrap_or(&finding.message);
    format!("{path}\n{}\n{image}\n{}", finding.rule, texts.join("\n"))
}

impl Fixed {
    fn round(&mut self, unsafe_too: bool, spent: &mut HashSet<String>) {
        let project = &self.looked.loaded.project;
        let mut by_file: BTreeMap<FileId, Vec<(&Fix, String)>> = BTreeMap::new();
        for finding in &self.looked.findings {
            let fix = finding.fix.as_ref();
            let Some(fix) =
                fix.filter(|fix| unsafe_too || fix.applicability == Applicability::Safe)
            else {
                continue;
            };
            let key = key(project.path(finding.at), finding, fix);
            if !spent.contains(&key) {
                by_file.entry(finding.at.file).or_default().push((fix, key));
            }
        }
        for (file, fixes) in by_file {
            let index = file.0 as usize;
            let (Some(source), Some(path)) = (
                project.sources.get(index),
                self.looked.loaded.paths.get(index),
            ) else {
                continue;
            };
            let only: Vec<&Fix> = fixes.iter().map(|(fix, _)| *fix).collect();
            let applied = fix::apply(source.path(), source.text(), &only);
            if applied.text == source.text() {
                continue;
            }
            self.findings += applied.done.len();
            spent.extend(
                applied
                    .done
                    .iter()
                    .filter_map(|done| fixes.get(*done).map(|(_, key)| key.clone())),
            );
            self.changes
                .entry(path.to_path_buf())
                .or_insert_with(|| Change {
                    path: path.to_path_buf(),
                    shown: source.path().to_owned(),
                    before: source.text().to_owned(),
                });
            self.overlay.insert(path, applied.text);
        }
    }

    /// Writes every file that changed; gives what went wrong, file by file.
    pub fn write(&self) -> Vec<String> {
        let changes = self.changes.values().filter_map(|change| {
            let after = self.overlay.get(&change.path)?;
            write::replace(&change.path, &change.before, after).err()
        });
        changes.collect()
    }

    /// What would change, as one unified diff.
    #[must_use]
    pub fn diff(&self) -> String {
        let mut text = String::new();
        for change in self.changes.values() {
            let after = self.overlay.get(&change.path).map_or("", |text| &**text);
            text.push_str(&diff(&change.shown, &change.before, after));
        }
        text
    }
}

/// A unified diff that `patch` and `git apply` take.
#[must_use]
pub fn diff(shown: &str, before: &str, after: &str) -> String {
    let (old, new) = match shown.starts_with('/') {
        true => (shown.to_owned(), shown.to_owned()),
        false => (format!("a/{shown}"), format!("b/{shown}")),
    };
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(&old, &new)
        .to_string()
}
