//! A channel stays behind the newest version of its own variant.

use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::{Audit, Standing};
use crate::finding::Level;

rule! {
    /// Reports a channel that is not the newest stable version of its own variant.
    ///
    /// ## What it does
    /// Compares the digest of `latest`, `latest-slim` and so on with those of the version tags of
    /// the same variant. A variant that another one has succeeded (`alpine3.20` by `alpine3.21`) is left
    /// out. The newest is the highest stable version: a pre-release never is, and
    /// neither is a release of an older line, whenever it was published. Nothing is said where a
    /// digest was not seen.
    ///
    /// ## Why it matters
    /// `docker pull app:latest-slim` succeeds, and brings a version without the last fixes.
    ///
    /// ## Example
    /// `latest-full` has the digest of `0.24.6-full`, while `0.24.9-full` is there.
    ///
    /// ## Use instead
    /// Let the release of a variant move the channel of that variant, from the same build.
    pub const STALE_CHANNEL: Rule = Rule {
        name: "stale-channel",
        family: Family::Registry,
        level: Level::Error,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    for channel in &audit.channels {
        let (Some(tag), Standing::Other(release, stands)) = (&channel.tag, audit.standing(channel))
        else {
            continue;
        };
        // What another variant has taken the place of is kept as it is.
        if audit.is_over(channel.variant) {
            continue;
        }
        let Some((newest, wanted)) = audit.newest(channel.variant) else {
            continue;
        };
        // A part of the list may lack the newest, but not what is newer than what was seen.
        if release.is_stable() && release.version >= newest.version {
            continue;
        }
        let message = match release.is_stable() {
            true => format!("`{tag}` still is `{stands}`; the newest is `{wanted}`"),
            false => format!(
                "`{tag}` is `{stands}`, a pre-release; the newest stable version is `{wanted}`"
            ),
        };
        let finding = report
            .finding(audit.at, message)
            .help(format!(
                "give `{}` the digest of `{}`",
                audit.reference(tag),
                audit.reference(wanted)
            ))
            .image(audit.reference(tag));
        report.push(finding);
    }
}
