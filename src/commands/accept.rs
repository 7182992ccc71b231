//! `check --baseline`, `--write-baseline` and `--add-ignore`: findings that are accepted as they are.

use std::path::{Component, Path, PathBuf};

use super::check::Looked;
use super::write;
use crate::baseline::{Baseline, Compared};
use crate::discover::{MAX_FILE_BYTES, plain, read_named_text};
use crate::finding::Finding;
use crate::project::Project;
use crate::report::counted;
use crate::suppress;

/// A baseline, and the folder that its paths start from.
pub struct Known {
    baseline: Baseline,
    folder: PathBuf,
}

impl Known {
    /// Takes out what it accepts.
    pub fn compare(&self, project: &Project, findings: Vec<Finding>) -> Compared {
        let path = |finding: &Finding| inside(&self.folder, project.path(finding.at));
        self.baseline.compare(findings, path)
    }
}

/// Reads a baseline.
///
/// # Errors
/// The file cannot be read, or is no baseline.
pub fn read(path: &Path) -> Result<Known, String> {
    let shown = path.display();
    let text = read_named_text(path, MAX_FILE_BYTES);
    let text = text.map_err(|error| format!("{shown}: {}", plain(&error)))?;
    let baseline = Baseline::parse(&text).map_err(|error| format!("{shown}: {error}"))?;
    Ok(Known {
        baseline,
        folder: folder(path),
    })
}

/// Writes all findings of a run as a baseline; gives what to say about it.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, looked: &Looked) -> Result<String, String> {
    let folder = folder(path);
    let project = &looked.loaded.project;
    let of = |finding: &Finding| inside(&folder, project.path(finding.at));
    let text = Baseline::of(&looked.findings, of).render();
    let shown = path.display();
    write::put(path, &text).map_err(|error| format!("{shown}: {}", plain(&error)))?;
    let findings = counted(looked.findings.len(), "finding");
    Ok(format!("{findings} written to {shown}"))
}

/// Writes a suppression for each finding; gives what went wrong, file by file.
pub fn add_ignore(looked: &Looked, reason: &str) -> Vec<String> {
    let project = &looked.loaded.project;
    let (texts, count) = suppress::insert(project, &looked.findings, reason);
    let mut failed = Vec::new();
    let files = texts.len();
    for (file, after) in texts {
        let index = file.0 as usize;
        if let (Some(source), Some(path)) =
            (project.sources.get(index), looked.loaded.paths.get(index))
        {
            failed.extend(write::replace(path, source.text(), &after).err());
        }
    }
    let left = looked.findings.len() - count;
    let mut note = format!(
        "{} suppressed in {}",
        counted(count, "finding"),
        counted(files - failed.len(), "file")
    );
    if left > 0 {
        note.push_str(&format!("; {left} left that no comment can suppress"));
    }
    super::terminal::complain(&note);
    failed
}

/// The folder of a file, from the root on.
fn folder(path: &Path) -> PathBuf {
    absolute(path.parent().unwrap_or(Path::new("")))
}

fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path)
        .or_else(|_| std::env::current_dir())
        .unwrap_or_else(|_| path.to_owned());
    let mut out = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// A path as it is seen from a folder above it, so that it is the same wherever a run starts.
fn inside(folder: &Path, shown: &str) -> String {
    let whole = absolute(Path::new(shown));
    match whole.strip_prefix(folder) {
        Ok(inside) => inside.to_string_lossy().replace('\\', "/"),
        Err(_) => shown.to_owned(),
    }
}
