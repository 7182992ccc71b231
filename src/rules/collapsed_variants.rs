//! Variants that differ on a release become one tag on a pre-release.

use super::published::{chain, collapsed, quoted};
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::Scenario;
use crate::finding::Level;
use crate::policy::Affix;
use crate::project::{ImagePlan, Push, ResolvedImage};

rule! {
    /// Reports variants that have tags of their own on a release and one and the same tag on a
    /// pre-release.
    ///
    /// ## What it does
    /// Compares what each build pushes on the release of `1.2.3` with what it pushes on that of
    /// `1.2.3-rc.1`.
    ///
    /// ## Why it matters
    /// docker/metadata-action gives a pre-release its whole version and nothing else: whatever the
    /// pattern of a `type=semver` entry says around `{{version}}` is gone. The variants then
    /// overwrite one another, and only on the day of the first release candidate.
    ///
    /// ## Example
    /// ```yaml
    ///     tags: |
    ///       type=semver,pattern={{version}}-slim
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    ///     tags: |
    ///       type=semver,pattern={{version}},suffix=-slim
    /// ```
    pub const COLLAPSED_VARIANTS: Rule = Rule {
        name: "collapsed-variants",
        family: Family::Scheme,
        level: Level::Error,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    let mut told = Vec::new();
    for plan in image.plans_of(Scenario::Prerelease) {
        let mut tags: Vec<&str> = plan
            .pushes
            .iter()
            .map(|push| push.publication.tag_key.as_str())
            .collect();
        tags.sort_unstable();
        tags.dedup();
        for tag in tags {
            let Some(variants) = collapsed(image, plan, tag) else {
                continue;
            };
            let Some((_, first)) = variants.first() else {
                continue;
            };
            if !told.contains(&first.publication.at) {
                told.push(first.publication.at);
                tell(plan, &variants, report);
            }
        }
    }
}

fn tell(plan: &ImagePlan<'_>, variants: &[(Affix, Push<'_>)], report: &mut Reporter) {
    // The entry of a variant with an affix is the one to mend.
    let adorned = variants.iter().find(|(affix, _)| !affix.is_base());
    let Some((affix, first)) = adorned.or(variants.first()) else {
        return;
    };
    let names: Vec<String> = variants.iter().map(|(affix, _)| affix.name()).collect();
    let reference = first.publication.shown();
    let message = format!(
        "on the pre-release `{}` the variants {} all become `{reference}`",
        plan.version.as_deref().unwrap_or_default(),
        quoted(names.iter().map(String::as_str)),
    );
    let help = match (affix.prefix.is_empty(), affix.suffix.is_empty()) {
        (true, _) => format!("write `pattern={{{{version}}}},suffix={}`", affix.suffix),
        (false, true) => format!("write `pattern={{{{version}}}},prefix={}`", affix.prefix),
        (false, false) => format!(
            "write `pattern={{{{version}}}},prefix={},suffix={}`",
            affix.prefix, affix.suffix
        ),
    };
    let mut finding = report
        .finding(first.publication.at, message)
        .label("a pre-release takes the whole version, and nothing of the pattern around it")
        .image(reference)
        .help(format!(
            "{help}: an affix of the entry stays on pre-releases"
        ));
    for (affix, push) in variants {
        if push.publication.at != first.publication.at {
            let label = format!("the variant `{}`, from {}", affix.name(), push.build.name());
            finding = finding.related(push.publication.at, label);
        }
    }
    if let Some(matrix) = first.build.matrix_at {
        finding = finding.related(matrix, format!("{} builds", variants.len()));
    }
    if variants.iter().any(|(_, push)| !push.publication.certain) {
        finding =
            finding.uncertain("whether all of them are pushed depends on something not known");
    }
    report.push(chain(finding, first));
}
