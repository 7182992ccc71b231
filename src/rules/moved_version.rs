//! A version tag was moved.

use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::Audit;
use crate::finding::Level;

rule! {
    /// Reports a version tag that has another digest than at the last audit.
    ///
    /// ## What it does
    /// With `--state FILE`, `taglint audit` notes the digest of every version tag, and compares it with
    /// what it noted the last time. Without that option nothing is kept and nothing is reported.
    ///
    /// ## Why it matters
    /// A version is what production pins to. Where it moves, a restart brings another image than the
    /// one that was tested, and a tag that somebody else moved is an attack.
    ///
    /// ## Example
    /// `1.2.3` was `sha256:1111…`, and is `sha256:2222…`.
    ///
    /// ## Use instead
    /// Release `1.2.4`; let the registry refuse to overwrite version tags.
    pub const MOVED_VERSION: Rule = Rule {
        name: "moved-version",
        family: Family::Registry,
        level: Level::Error,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    let Some(previous) = &audit.previous else {
        return;
    };
    let releases = audit.releases.iter();
    for tag in releases.flat_map(|release| release.tags.iter().flatten()) {
        let (Some(before), Some(now)) = (previous.digest(tag), audit.observed.digest(tag)) else {
            continue;
        };
        if before == now {
            continue;
        }
        let finding = report
            .finding(audit.at, format!("`{tag}` was moved since the last audit"))
            .note(format!("it was {before}"))
            .note(format!("it is {now}"))
            .help("find out who moved it; release a new version in place of moving one")
            .image(audit.reference(tag));
        report.push(finding);
    }
}
