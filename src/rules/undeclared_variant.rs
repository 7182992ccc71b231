//! A variant is published that the policy does not know.

use super::published::{chain, quoted};
use super::{Check, Family, Reporter, Rule, rule};
use crate::finding::Level;
use crate::image::Tag;
use crate::policy::{Affix, Scheme, version_tag};
use crate::project::{Push, ResolvedImage};

rule! {
    /// Reports a published suffix or prefix that the scheme in `taglint.yaml` does not declare.
    ///
    /// ## What it does
    /// Where a policy declares the variants of an image, compares the affixes of all version tags
    /// that CI would publish, and of the declared channels, with those of the variants. Tags of
    /// single processors, commits and dates are no variants.
    ///
    /// ## Why it matters
    /// A misspelt suffix is a variant of its own: it is published next to the right one, which stays
    /// behind. And a new variant should be declared, so that its channels are looked after.
    ///
    /// ## Example
    /// The policy declares `slim: "-slim"`, and the matrix has `suffix: ["", "-slmi"]`.
    ///
    /// ## Use instead
    /// `suffix: ["", "-slim"]`
    pub const UNDECLARED_VARIANT: Rule = Rule {
        name: "undeclared-variant",
        family: Family::Scheme,
        level: Level::Warning,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    if image.scheme.declared_variants().is_empty() {
        return;
    }
    let mut told: Vec<Affix> = Vec::new();
    for plan in &image.releases {
        for push in &plan.pushes {
            let Some(affix) = undeclared(image, plan.version.as_deref(), push) else {
                continue;
            };
            if told.contains(&affix) {
                continue;
            }
            tell(image, push, &affix, report);
            told.push(affix);
        }
    }
}

/// The affix of a tag that is no declared variant's.
fn undeclared(image: &ResolvedImage<'_>, version: Option<&str>, push: &Push<'_>) -> Option<Affix> {
    let tag = push.publication.tag.as_str();
    let scheme = &image.scheme;
    let affix = match version.and_then(|version| version_tag(tag, version)) {
        Some(read) => read.affix,
        None => channel_affix(scheme, tag)?,
    };
    let known = scheme.variants.contains(&affix) || affix.is_no_variant();
    // The parts of a declared variant in the wrong order are `malformed-tag`.
    (!known && reordered(scheme, &affix).is_none()).then_some(affix)
}

/// The affix around a declared channel's name.
fn channel_affix(scheme: &Scheme, tag: &str) -> Option<Affix> {
    let Tag::Channel { name, variant } = Tag::parse(tag) else {
        return None;
    };
    scheme.channel(&name)?;
    if variant.is_empty() || scheme.follows(tag).is_some() {
        return None;
    }
    let (prefix, suffix) = tag.split_once(name.as_str())?;
    Some(Affix {
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
    })
}

/// The declared affix whose parts another one has in another order: `full-` for `-full`.
pub(super) fn reordered<'s>(scheme: &'s Scheme, affix: &Affix) -> Option<&'s Affix> {
    let name = affix.name();
    scheme.variants.iter().find(|declared| {
        let turned = declared.prefix.is_empty() != affix.prefix.is_empty()
            && declared.suffix.is_empty() != affix.suffix.is_empty();
        *declared != affix && turned && !declared.is_base() && declared.name() == name
    })
}

fn tell(image: &ResolvedImage<'_>, push: &Push<'_>, affix: &Affix, report: &mut Reporter) {
    let scheme = &image.scheme;
    let written = |affix: &Affix| match affix.prefix.is_empty() {
        true => affix.suffix.clone(),
        false => affix.around("…"),
    };
    let near = scheme.nearest_variant(&affix.name());
    let hint = near.map(|near| format!("; did you mean `{}`?", written(near)));
    let message = format!(
        "`{}` is of a variant `{}` that the policy does not know{}",
        push.publication.shown(),
        written(affix),
        hint.unwrap_or_default()
    );
    let known: Vec<String> = scheme.variants.iter().map(written).collect();
    let affixed = known.iter().filter(|text| !text.is_empty());
    let affixed = quoted(affixed.map(String::as_str));
    let mut finding = report
        .finding(push.publication.at, message)
        .label(format!("pushed by {}", push.build.name()))
        .image(push.publication.shown())
        .help(format!(
            "declare it under `variants` in the policy, or correct it where it is published{}",
            match affixed.is_empty() {
                true => String::new(),
                false => format!(": the policy knows {affixed}"),
            }
        ));
    if let Some(declared) = &scheme.declared {
        finding = finding.related(declared.at, "the scheme of the image");
    }
    if !push.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(chain(finding, push));
}
