//! An image lacks a platform that its siblings have.

use std::collections::BTreeSet;

use super::published::quoted;
use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::{Audit, Release};
use crate::finding::Level;

rule! {
    /// Reports an image that lacks a platform which its siblings in the registry have.
    ///
    /// ## What it does
    /// Compares the platforms of the newest stable versions (`--versions`): of each variant with the
    /// other variants of the same version, and with the version before. What CI is told to build is
    /// looked at by `uneven-platforms`; here it is what arrived.
    ///
    /// ## Why it matters
    /// An update or a change of variant fails on one kind of machine, with "no matching manifest" as
    /// the only word of it.
    ///
    /// ## Example
    /// `0.24.9` is for `linux/amd64` and `linux/arm64`, `0.24.9-slim` for `linux/amd64` alone.
    ///
    /// ## Use instead
    /// Build every variant for the same platforms, and let a release fail where one is missing.
    pub const ABSENT_PLATFORM: Rule = Rule {
        name: "absent-platform",
        family: Family::Registry,
        level: Level::Warning,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    let stable: Vec<&Release> = audit.stable().collect();
    for (index, release) in stable.iter().enumerate() {
        let older = stable.get(index + 1);
        for (variant, tag) in release.tags.iter().enumerate() {
            let Some(tag) = tag else { continue };
            let Some(own) = platforms(audit, tag) else {
                continue;
            };
            let siblings = release.tags.iter().flatten().filter(|other| *other != tag);
            let before = older.and_then(|older| older.tag(variant));
            let others = siblings.map(String::as_str).chain(before);
            let Some((other, missing)) = lacking(audit, &own, others) else {
                continue;
            };
            let finding = report
                .finding(
                    audit.at,
                    format!(
                        "`{tag}` is not for {}, and `{other}` is",
                        quoted(missing.into_iter())
                    ),
                )
                .help(format!(
                    "build `{}` for the same platforms",
                    audit.reference(tag)
                ))
                .image(audit.reference(tag));
            report.push(finding);
        }
    }
}

/// The sibling that has most of what is missing, with that.
fn lacking<'a>(
    audit: &'a Audit,
    own: &BTreeSet<&str>,
    others: impl Iterator<Item = &'a str>,
) -> Option<(&'a str, Vec<&'a str>)> {
    let compared = others.filter_map(|other| {
        let theirs = platforms(audit, other)?;
        let missing: Vec<&str> = theirs
            .into_iter()
            .filter(|one| !own.contains(one))
            .collect();
        (!missing.is_empty()).then_some((other, missing))
    });
    // Of several with as much, the first.
    compared.reduce(|best, next| {
        if next.1.len() > best.1.len() {
            next
        } else {
            best
        }
    })
}

fn platforms<'a>(audit: &'a Audit, tag: &str) -> Option<BTreeSet<&'a str>> {
    let platforms = audit.seen(tag)?.platforms.as_ref()?;
    Some(platforms.iter().map(String::as_str).collect())
}
