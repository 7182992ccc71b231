//! A channel is another variant's image.

use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::{Audit, Standing};
use crate::finding::Level;

rule! {
    /// Reports a channel that has the digest of another variant.
    ///
    /// ## What it does
    /// Looks for the digest of each channel among the version tags. Where only tags of another
    /// variant have it, the channel is crossed. Two variants with the same digest are one image, and
    /// nothing is said of them.
    ///
    /// ## Why it matters
    /// `latest` is the image that most people run. Where it is the slim one, what they need is missing
    /// from it, and an update takes away what the last version had.
    ///
    /// ## Example
    /// `latest` and `0.24.9-slim` have one digest, and `0.24.9` another.
    ///
    /// ## Use instead
    /// Let the base variant alone push `latest`; see `contested-tag` for how it comes about.
    pub const CROSSED_CHANNEL: Rule = Rule {
        name: "crossed-channel",
        family: Family::Registry,
        level: Level::Error,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    for channel in &audit.channels {
        let (Some(tag), Standing::Crossed(_, variant, stands)) =
            (&channel.tag, audit.standing(channel))
        else {
            continue;
        };
        let message = format!(
            "`{tag}` is `{stands}`: the variant `{}`, and not `{}`",
            audit.variant_name(variant),
            audit.variant_name(channel.variant)
        );
        let mut finding = report
            .finding(audit.at, message)
            .image(audit.reference(tag));
        if let Some((_, wanted)) = audit.newest(channel.variant) {
            finding = finding.help(format!(
                "give `{}` the digest of `{}`",
                audit.reference(tag),
                audit.reference(wanted)
            ));
        }
        report.push(finding);
    }
}
