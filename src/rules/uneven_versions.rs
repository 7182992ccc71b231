//! One variant publishes shorter versions than another.

use super::published::{Versioned, chain, quoted, versions};
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::Scenario;
use crate::finding::Level;
use crate::policy::{Affix, Form};
use crate::project::ResolvedImage;

rule! {
    /// Reports a variant without the `X.Y` or `X` that another variant of the image has.
    ///
    /// ## What it does
    /// Compares the forms of the version (`1.2.3`, `1.2`, `1`) that each variant is published
    /// under on a release. One variant that has a form obliges all others.
    ///
    /// ## Why it matters
    /// Whoever follows `1.2` and changes to the slim variant expects `1.2-slim`, and finds nothing,
    /// or an old image of a time when it was still published.
    ///
    /// ## Example
    /// `1.2.3`, `1.2`, `1.2.3-slim`
    ///
    /// ## Use instead
    /// `1.2.3`, `1.2`, `1.2.3-slim`, `1.2-slim`
    pub const UNEVEN_VERSIONS: Rule = Rule {
        name: "uneven-versions",
        family: Family::Scheme,
        level: Level::Info,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    if image.opaque {
        return;
    }
    for plan in image.plans_of(Scenario::Release) {
        let version = plan.version.as_deref().unwrap_or_default();
        let released = versions(plan);
        let open = plan
            .pushes
            .iter()
            .any(|push| push.publication.tag.contains("{?}"));
        let mut lacking: Vec<(&Versioned<'_>, Vec<String>)> = Vec::new();
        for own in released.iter().filter(|own| own.form == Form::Full) {
            let known = lacking.iter().any(|(other, _)| other.affix == own.affix);
            let missing = missing(&released, &own.affix, version);
            if !known && !missing.is_empty() {
                lacking.push((own, missing));
            }
        }
        if let (Some((first, _)), false) = (lacking.first(), open) {
            let missing = lacking.iter().flat_map(|(_, missing)| missing);
            let message = format!(
                "a release of `{}` publishes no {}, which other variants have",
                image.name,
                quoted(missing.map(String::as_str))
            );
            let variants: Vec<String> = lacking.iter().map(|(own, _)| own.affix.name()).collect();
            let label = format!("variant {}", quoted(variants.iter().map(String::as_str)));
            let finding = report
                .finding(first.push.publication.at, message)
                .label(label)
                .image(first.push.publication.shown())
                .help("publish the same forms of the version for every variant");
            report.push(chain(finding, &first.push));
            return;
        }
    }
}

/// The shorter versions that a variant lacks and another one has.
fn missing(released: &[Versioned<'_>], affix: &Affix, version: &str) -> Vec<String> {
    let mut missing = Vec::new();
    for (form, parts) in [(Form::Minor, 2), (Form::Major, 1)] {
        let has = |affix: &Affix| {
            let mut all = released.iter();
            all.any(|other| other.form == form && other.affix == *affix)
        };
        let others = released
            .iter()
            .filter(|other| other.form == form && other.affix != *affix);
        // A shorter version counts only for variants that have the full one too.
        let obliged = others.into_iter().any(|other| {
            let mut full = released.iter().filter(|full| full.form == Form::Full);
            full.any(|full| full.affix == other.affix)
        });
        if obliged && !has(affix) {
            let short: Vec<&str> = version.split('.').take(parts).collect();
            missing.push(affix.around(&short.join(".")));
        }
    }
    missing
}
