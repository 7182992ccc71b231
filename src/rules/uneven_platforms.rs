//! Variants of one image are built for different platforms.

use std::collections::{BTreeMap, BTreeSet};

use super::published::{chain, quoted, versions};
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::Scenario;
use crate::finding::Level;
use crate::policy::{Affix, Form};
use crate::project::{Push, ResolvedImage};

rule! {
    /// Reports a variant that is built for fewer platforms than another variant of the image.
    ///
    /// ## What it does
    /// Compares the platforms that the builds of each variant ask for on a release. A variant that
    /// names none, or whose platforms are not known, is left out.
    ///
    /// ## Why it matters
    /// Changing from one variant to another works on one machine and fails on the next, with
    /// "no matching manifest" as the only word of it.
    ///
    /// ## Example
    /// `1.2.3` for `linux/amd64,linux/arm64` and `1.2.3-slim` for `linux/amd64`
    ///
    /// ## Use instead
    /// One list of platforms for every variant, or a page that says why one lacks some.
    pub const UNEVEN_PLATFORMS: Rule = Rule {
        name: "uneven-platforms",
        family: Family::Scheme,
        level: Level::Info,
        check: Check::Image(check),
    };
}

/// The platforms of a variant, and a build that asks for them.
struct Platforms<'p> {
    all: BTreeSet<&'p str>,
    push: Push<'p>,
    known: bool,
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    for plan in image.plans_of(Scenario::Release) {
        let mut variants: BTreeMap<Affix, Platforms<'_>> = BTreeMap::new();
        let full = versions(plan).into_iter();
        for version in full.filter(|version| version.form == Form::Full) {
            let build = version.push.build;
            let own = variants.entry(version.affix).or_insert(Platforms {
                all: BTreeSet::new(),
                push: version.push,
                known: true,
            });
            own.known &= !build.joins && !build.platforms.is_empty();
            own.known &= !build
                .platforms
                .iter()
                .any(|platform| platform.contains("{?}"));
            own.all.extend(build.platforms.iter().map(String::as_str));
        }
        variants.retain(|_, own| own.known);
        let union: BTreeSet<&str> = variants
            .values()
            .flat_map(|own| own.all.iter().copied())
            .collect();
        let lacking: Vec<(&Affix, &Platforms<'_>)> = variants
            .iter()
            .filter(|(_, own)| own.all.len() < union.len())
            .collect();
        if let Some((_, first)) = lacking.first() {
            tell(image, &lacking, first, &union, report);
        }
        if !variants.is_empty() {
            return;
        }
    }
}

fn tell(
    image: &ResolvedImage<'_>,
    lacking: &[(&Affix, &Platforms<'_>)],
    first: &Platforms<'_>,
    union: &BTreeSet<&str>,
    report: &mut Reporter,
) {
    let names: Vec<String> = lacking.iter().map(|(affix, _)| affix.name()).collect();
    let (noun, verb) = match names.len() {
        1 => ("variant", "is"),
        _ => ("variants", "are"),
    };
    let message = format!(
        "the {noun} {} of `{}` {verb} not built for all the platforms that others are",
        quoted(names.iter().map(String::as_str)),
        image.name
    );
    let missing = quoted(union.difference(&first.all).copied());
    let finding = report
        .finding(first.push.publication.at, message)
        .label(format!(
            "`{}` is not built for {missing}",
            first.push.publication.tag
        ))
        .image(first.push.publication.shown())
        .help("build every variant for the same platforms");
    report.push(chain(finding, &first.push));
}
