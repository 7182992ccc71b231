//! A version is not signed, where the policy asks for it.

use super::published::quoted;
use super::{Check, Family, Reporter, Rule, rule};
use crate::audit::Audit;
use crate::finding::Level;

rule! {
    /// Reports a new version without signature or attestation, where the policy asks for one.
    ///
    /// ## What it does
    /// For an image whose scheme says `signed: true`, looks at the newest stable versions
    /// (`--versions`): for the tags that cosign writes (`sha256-….sig`, `sha256-….att`), and for what
    /// refers to the image by the API of OCI 1.1 or its fallback tag. That something is there is
    /// checked, and not who signed it.
    ///
    /// ## Why it matters
    /// A cluster that admits signed images only refuses the update, and one that does not runs what
    /// nobody vouches for.
    ///
    /// ## Example
    /// The job that signs the images failed for `0.24.9-slim`.
    ///
    /// ## Use instead
    /// `cosign sign` in the job that pushes, by digest, before any channel is moved.
    pub const UNSIGNED: Rule = Rule {
        name: "unsigned",
        family: Family::Registry,
        level: Level::Warning,
        check: Check::Audit(check),
    };
}

fn check(audit: &Audit, report: &mut Reporter) {
    if !audit
        .scheme
        .declared
        .as_ref()
        .is_some_and(|declared| declared.signed)
    {
        return;
    }
    for release in audit.stable() {
        let tags = release.tags.iter().flatten();
        let unsigned =
            tags.filter(|tag| audit.seen(tag).and_then(|seen| seen.signed) == Some(false));
        let unsigned: Vec<&str> = unsigned.map(String::as_str).collect();
        let Some(first) = unsigned.first() else {
            continue;
        };
        let verb = if unsigned.len() == 1 { "has" } else { "have" };
        let names = quoted(unsigned.iter().copied());
        let finding = report
            .finding(
                audit.at,
                format!("{names} {verb} no signature and no attestation"),
            )
            .help(format!(
                "sign them by digest: `cosign sign {}@…`",
                audit.name()
            ))
            .image(audit.reference(first));
        report.push(finding);
    }
}
