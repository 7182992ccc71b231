//! A variant has no channel of its own.

use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::{Audit, Standing};
use crate::finding::Level;

rule! {
    /// Reports a variant of the newest version without the channel that other variants have.
    ///
    /// ## What it does
    /// Looks for `latest` of each variant that the newest version has: by the name that the policy
    /// declares, or by any that is usual (`latest-slim`, `slim`, `slim-latest`). Where no variant has
    /// the channel and no policy asks for it, the image is taken to have none.
    ///
    /// ## Why it matters
    /// Users of that variant can follow no tag: they pin by hand, or fall back to another variant's
    /// `latest`.
    ///
    /// ## Example
    /// `0.24.9`, `0.24.9-full`, `latest`
    ///
    /// ## Use instead
    /// `0.24.9`, `0.24.9-full`, `latest`, `latest-full`
    pub const ABSENT_CHANNEL: Rule = Rule {
        name: "absent-channel",
        family: Family::Registry,
        level: Level::Warning,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    let Some(newest) = audit.stable().next() else {
        return;
    };
    for channel in &audit.channels {
        let same = |other: &&crate::audit::ChannelTag| other.channel == channel.channel;
        let used = audit
            .channels
            .iter()
            .filter(same)
            .any(|other| other.tag.is_some());
        let asked = used || audit.scheme.declared.is_some();
        let Some(version) = newest.tag(channel.variant) else {
            continue;
        };
        if !asked || audit.standing(channel) != Standing::Absent {
            continue;
        }
        let wanted = audit.reference(&channel.wanted);
        let message = format!("`{version}` is there, and no `{}`", channel.wanted);
        let finding = report
            .finding(audit.at, message)
            .help(format!(
                "publish `{wanted}` with each release of `{}`",
                audit.variant_name(channel.variant)
            ))
            .image(wanted);
        report.push(finding);
    }
}
