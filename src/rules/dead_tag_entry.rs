//! A tags entry that can never yield a tag.

use std::collections::BTreeMap;

use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::{TagEntry, Yields};
use crate::finding::Level;
use crate::project::Project;

rule! {
    /// Reports an entry of docker/metadata-action's `tags` that yields nothing on any event.
    ///
    /// ## What it does
    /// Evaluates each entry for every event that starts the workflow, and reports those whose own
    /// text keeps them from ever giving a tag: a fixed `value` that is no version, or that the
    /// pattern does not match.
    ///
    /// ## Why it matters
    /// The action only warns in its log. The tag that the entry was written for does not exist.
    ///
    /// ## Example
    /// ```yaml
    ///     tags: |
    ///       type=semver,pattern={{version}},value=latest
    /// ```
    /// `latest` is no semantic version.
    ///
    /// ## Use instead
    /// ```yaml
    ///     tags: |
    ///       type=raw,value=latest
    /// ```
    pub const DEAD_TAG_ENTRY: Rule = Rule {
        name: "dead-tag-entry",
        family: Family::Scheme,
        level: Level::Warning,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let mut entries: BTreeMap<_, Vec<&TagEntry>> = BTreeMap::new();
    for entry in project.plans.iter().flat_map(|plan| &plan.tag_entries) {
        entries.entry(entry.at).or_default().push(entry);
    }
    for (at, runs) in entries {
        let alive = runs
            .iter()
            .any(|run| matches!(run.yields, Yields::Tag | Yields::Maybe));
        let reason = runs.iter().find_map(|run| match &run.yields {
            Yields::Never(reason) => Some((reason, &run.text)),
            _ => None,
        });
        let (Some((reason, text)), false) = (reason, alive) else {
            continue;
        };
        report.push(
            report
                .finding(at, format!("`{text}` never yields a tag: {reason}"))
                .label("evaluated on every event that starts the workflow")
                .help(
                    "a tag of fixed text is `type=raw,value=…`; drop the entry if it is not needed",
                ),
        );
    }
}
