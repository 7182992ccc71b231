//! A channel is no version.

use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::{Audit, Standing};
use crate::finding::Level;

rule! {
    /// Reports a channel whose digest no version has.
    ///
    /// ## What it does
    /// Looks for the digest of each channel among all version tags, of every variant. It is reported
    /// only where every one of them was looked up. A channel that follows a branch, as the policy may
    /// say, is left out.
    ///
    /// ## Why it matters
    /// What the channel brings cannot be pinned, and nobody can tell which version it is. It may be
    /// the build of a branch, or a version tag that was moved afterwards.
    ///
    /// ## Example
    /// `latest` has a digest that none of `1.2.3`, `1.2.2`, … has.
    ///
    /// ## Use instead
    /// Push the channel and the version from one build; write `latest: { follows: branch }` in the
    /// policy where it is meant to follow a branch.
    pub const ORPHAN_CHANNEL: Rule = Rule {
        name: "orphan-channel",
        family: Family::Registry,
        level: Level::Info,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    for channel in &audit.channels {
        let (Some(tag), Standing::Orphan) = (&channel.tag, audit.standing(channel)) else {
            continue;
        };
        let finding = report
            .finding(
                audit.at,
                format!("`{tag}` is no version that the registry has"),
            )
            .help("push it from the build that pushes the version")
            .image(audit.reference(tag));
        report.push(finding);
    }
}
