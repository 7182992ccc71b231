//! A variant that existed was given up.

use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::{Audit, Standing};
use crate::finding::Level;

rule! {
    /// Reports a variant that was given up while its channel is still there.
    ///
    /// ## What it does
    /// Looks for variants that more than five of the newest versions lack, and whose channel
    /// (`latest-slim`) the registry still has. A variant that the policy declares is never given up,
    /// see `absent-variant`; one that another has succeeded (`alpine3.20` by `alpine3.21`) is meant
    /// to end.
    ///
    /// ## Why it matters
    /// Whoever follows the channel runs an old version for ever, and believes it to be the newest.
    ///
    /// ## Example
    /// `latest-slim` is `0.21.4-slim`, and none of the versions after it has a slim variant.
    ///
    /// ## Use instead
    /// Remove the channel, or say in the notes of a release what takes its place.
    pub const RETIRED_VARIANT: Rule = Rule {
        name: "retired-variant",
        family: Family::Registry,
        level: Level::Info,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    for channel in &audit.channels {
        let Some(tag) = &channel.tag else { continue };
        let Some(presence) = audit.presence(channel.variant) else {
            continue;
        };
        if !presence.given_up || presence.since.is_empty() || audit.is_over(channel.variant) {
            continue;
        }
        let newest = &presence.newest.spelled;
        let message = format!(
            "`{}` ends at {newest}, {} versions ago, and `{tag}` is still there",
            audit.variant_name(channel.variant),
            presence.since.len(),
        );
        let mut finding = report
            .finding(audit.at, message)
            .help(format!(
                "remove `{}`, or say what takes its place",
                audit.reference(tag)
            ))
            .image(audit.reference(tag));
        if let Some(release) = audit.standing(channel).release()
            && !matches!(audit.standing(channel), Standing::Crossed(..))
        {
            finding = finding.note(format!("it is {}", release.spelled));
        }
        report.push(finding);
    }
}
