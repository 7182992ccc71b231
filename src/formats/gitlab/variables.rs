//! Variables of a pipeline: those that GitLab sets for an event, and those of the file, in which
//! others are replaced.

use std::collections::HashMap;

use crate::eval::unknown::Unknowns;
use crate::files::Files;
use crate::formats::ci::event::{Event, Kind};
use crate::formats::ci::settings::Settings;
use crate::formats::ci::tree::Tree;
use crate::formats::ci::variables::{Elsewhere, Variables};

/// How often one variable may lead to another.
const DEPTH: usize = 12;
/// How many variables are followed for one job, so that none doubles the others without end.
const LOOKUPS: usize = 20_000;
/// Longer values are left as they are.
const LONGEST: usize = 16 * 1024;

/// The variables that GitLab sets for an event.
#[must_use]
pub fn predefined<'a>(
    event: &Event,
    settings: &Settings,
    files: &'a dyn Files,
    unknowns: &'a Unknowns,
) -> Variables<'a> {
    let mut all = Variables::new(event, settings, files, unknowns, Elsewhere::Settings);
    let merge = event.kind == Kind::PullRequest;
    let source = match event.kind {
        Kind::PullRequest => "merge_request_event",
        Kind::Schedule => "schedule",
        Kind::Manual => "web",
        _ => "push",
    };
    let mut set = |name: &str, text: &str| all.set_default(name, text);
    set("CI", "true");
    set("GITLAB_CI", "true");
    set("CI_PIPELINE_SOURCE", source);
    set("CI_COMMIT_SHA", &event.sha);
    set(
        "CI_COMMIT_SHORT_SHA",
        event.sha.get(..8).unwrap_or(&event.sha),
    );
    set("CI_DEFAULT_BRANCH", &event.default_branch);
    if let Some(path) = settings.repository.as_deref() {
        set("CI_PROJECT_PATH", path);
        if let Some((namespace, name)) = path.rsplit_once('/') {
            set("CI_PROJECT_NAMESPACE", namespace);
            set("CI_PROJECT_NAME", name);
        }
        set("CI_PROJECT_PATH_SLUG", &slug(path));
    }
    if merge {
        set("CI_MERGE_REQUEST_IID", event.pull_request().unwrap_or("1"));
        set("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", &event.default_branch);
        set("CI_MERGE_REQUEST_EVENT_TYPE", "detached");
        all.set_none(&["CI_COMMIT_TAG", "CI_COMMIT_BRANCH"]);
        for name in [
            "CI_COMMIT_REF_NAME",
            "CI_COMMIT_REF_SLUG",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
            "CI_MERGE_REQUEST_*",
        ] {
            if !name.ends_with('*') {
                all.set_unknown(name, "it is the merge request's");
            }
        }
    } else if let Some(tag) = event.tag() {
        set("CI_COMMIT_TAG", tag);
        set("CI_COMMIT_REF_NAME", tag);
        set("CI_COMMIT_REF_SLUG", &slug(tag));
        all.set_none(&["CI_COMMIT_BRANCH", "CI_MERGE_REQUEST_*"]);
    } else {
        let branch = event.branch().unwrap_or_default();
        set("CI_COMMIT_BRANCH", branch);
        set("CI_COMMIT_REF_NAME", branch);
        set("CI_COMMIT_REF_SLUG", &slug(branch));
        all.set_none(&["CI_COMMIT_TAG", "CI_COMMIT_TAG_*", "CI_MERGE_REQUEST_*"]);
    }
    all.set_none(&["CI_EXTERNAL_PULL_REQUEST_*", "CI_OPEN_MERGE_REQUESTS"]);
    for name in [
        "CI_REGISTRY",
        "CI_REGISTRY_IMAGE",
        "CI_PROJECT_PATH",
        "CI_PROJECT_NAME",
    ] {
        all.set_unknown(name, "it is the project's");
    }
    for name in [
        "CI_PIPELINE_ID",
        "CI_PIPELINE_IID",
        "CI_JOB_ID",
        "CI_COMMIT_TIMESTAMP",
    ] {
        all.set_unknown(name, "it differs from run to run");
    }
    all
}

/// A ref's name as it may stand in a host name.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let plain: String = lower
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                c
            } else {
                '-'
            }
        })
        .take(63)
        .collect();
    plain.trim_matches('-').to_owned()
}

/// The variables of a `variables` block, as they are written.
#[must_use]
pub fn block(tree: Option<&Tree>) -> Vec<(String, String)> {
    let pairs = tree.map(Tree::pairs).unwrap_or_default().iter();
    pairs
        .filter_map(|(name, value)| {
            let text = value.scalar().or_else(|| value.get("value")?.scalar())?;
            Some((name.text.clone(), text.text.clone()))
        })
        .collect()
}

/// Sets variables of the file, the later over the earlier, each with others replaced in it. What
/// the caller gives wins over all of them, as settings of the project do.
pub fn set_all(
    variables: &mut Variables<'_>,
    settings: &Settings,
    blocks: &[Vec<(String, String)>],
) {
    let given = |name: &str| {
        let mut all = settings.vars.iter().chain(&settings.env);
        all.any(|(own, _)| own == name)
    };
    let written: Vec<(String, String)> = blocks.concat();
    let before = variables.clone();
    let mut values = Values {
        written: written
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect(),
        before: &before,
        known: HashMap::new(),
        path: Vec::new(),
        left: LOOKUPS,
    };
    for (name, _) in &written {
        if !given(name) {
            variables.set(name, values.of(name).0);
        }
    }
}

/// Variables of the file on their way to their values.
struct Values<'v, 'a> {
    written: HashMap<&'v str, &'v str>,
    before: &'v Variables<'a>,
    /// Values that nothing was cut from.
    known: HashMap<&'v str, String>,
    path: Vec<&'v str>,
    left: usize,
}

impl<'v> Values<'v, '_> {
    /// The value of a variable, and whether all of it is there: it leads too far, or back to itself,
    /// where it is not.
    fn of(&mut self, name: &str) -> (String, bool) {
        if let Some(known) = self.known.get(name) {
            return (known.clone(), true);
        }
        let Some((name, text)) = self.written.get_key_value(name) else {
            return (self.before.value(name).unwrap_or_default(), true);
        };
        let (name, text) = (*name, *text);
        if self.path.len() >= DEPTH || self.path.contains(&name) || self.left == 0 {
            return (self.before.value(name).unwrap_or_default(), false);
        }
        self.left -= 1;
        self.path.push(name);
        let mut whole = true;
        let value = expanded(text, &mut |name| {
            let (value, all) = self.of(name);
            whole &= all;
            value
        });
        self.path.pop();
        if whole {
            self.known.insert(name, value.clone());
        }
        (value, whole)
    }
}

/// Text with `$NAME` and `${NAME}` replaced; `$$` is a dollar.
pub fn expanded(text: &str, lookup: &mut dyn FnMut(&str) -> String) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        done.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('$') {
            done.push('$');
            rest = after;
            continue;
        }
        let braced = rest.strip_prefix('{');
        let inner = braced.unwrap_or(rest);
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, after) = inner
            .split_at_checked(end.unwrap_or(inner.len()))
            .unwrap_or((inner, ""));
        match (name.is_empty(), braced, after.strip_prefix('}')) {
            (false, Some(_), Some(after)) => {
                done.push_str(&lookup(name));
                rest = after;
            }
            (false, None, _) => {
                done.push_str(&lookup(name));
                rest = after;
            }
            _ => done.push('$'),
        }
        if done.len() > LONGEST {
            break;
        }
    }
    done.push_str(rest);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_fit_host_names() {
        assert_eq!(slug("Feature/New_Thing!"), "feature-new-thing");
        assert_eq!(slug("v1.2.3"), "v1-2-3");
        assert_eq!(slug(&"x".repeat(70)).len(), 63);
    }

    #[test]
    fn text_is_expanded_once() {
        let mut lookup = |name: &str| format!("<{name}>");
        assert_eq!(expanded("$A/${B}:$$C$", &mut lookup), "<A>/<B>:$C$");
    }
}
