//! A version lacks a variant that its neighbours have.

use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::{Audit, Standing, in_words};
use crate::finding::Level;

rule! {
    /// Reports a version without a variant that its neighbours have, or that the policy declares.
    ///
    /// ## What it does
    /// `taglint audit` lays out the version tags of a registry by version and variant. A variant that
    /// is missing between two versions that have it, or from the newest versions on, is reported. One
    /// that no policy declares, and that is missing from more than five versions in a row, counts as
    /// given up (`retired-variant`). Pre-releases are left out, and nothing is said where the list
    /// of tags is not whole.
    ///
    /// ## Why it matters
    /// One job of a matrix failed and the others went on. Whoever runs that variant gets no update
    /// any more, and no word of it: `latest-slim` is still there, and stays what it was.
    ///
    /// ## Example
    /// `0.24.9`, `0.24.9-full`, `0.24.8`, `0.24.8-full`, `0.24.8-slim`
    ///
    /// ## Use instead
    /// Publish `0.24.9-slim` too, and let the release fail as a whole where a variant fails.
    pub const ABSENT_VARIANT: Rule = Rule {
        name: "absent-variant",
        family: Family::Registry,
        level: Level::Error,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    for (index, affix) in audit.scheme.variants.iter().enumerate() {
        let name = audit.variant_name(index);
        let Some(presence) = audit.presence(index) else {
            never(audit, &name, report);
            continue;
        };
        let newest = audit.stable().next();
        if let Some(newest) = newest.filter(|_| !presence.since.is_empty() && !presence.given_up) {
            let message = match presence.since.as_slice() {
                [one] => format!("the newest version {} has no `{name}`", one.spelled),
                all => {
                    let first = all.last().map_or("", |release| release.spelled.as_str());
                    format!("`{name}` is missing since {first} ({} versions)", all.len())
                }
            };
            let wanted = audit.reference(&newest.tag_of(affix));
            let last = presence.newest.tag_of(affix);
            let mut finding = report
                .finding(audit.at, message)
                .note(format!("the last one is `{last}`"));
            // The channel is where it belongs, and stays behind all the same.
            for channel in audit.channels.iter().filter(|one| one.variant == index) {
                if let (Some(tag), Standing::Newest(_)) = (&channel.tag, audit.standing(channel)) {
                    finding = finding.note(format!("`{tag}` still is `{last}`"));
                }
            }
            finding = finding
                .help(format!(
                    "publish `{wanted}`, or say in the policy which variants there are"
                ))
                .image(wanted);
            report.push(finding);
        }
        if let Some(first) = presence.gaps.first() {
            let message = format!("`{name}` is missing from {}", in_words(&presence.gaps));
            let wanted = audit.reference(&first.tag_of(affix));
            let finding = report
                .finding(audit.at, message)
                .help(format!("publish `{wanted}`: the versions around have it"))
                .image(wanted);
            report.push(finding);
        }
    }
}

/// A declared variant that no version has.
fn never(audit: &Audit, name: &str, report: &mut Reporter) {
    let declared = !audit.scheme.declared_variants().is_empty();
    if !declared || !audit.observed.complete || audit.stable().next().is_none() {
        return;
    }
    let message = format!("no version has `{name}`, which the policy declares");
    let finding = report
        .finding(audit.at, message)
        .help("publish it, or take it out of the policy")
        .image(audit.name());
    report.push(finding);
}
