//! Production runs one image at several versions.

use std::collections::BTreeMap;

use super::published::quoted;
use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::{ImageUse, Resolved};
use crate::finding::Level;
use crate::image::{Pin, Tag};
use crate::policy::Environment;
use crate::project::Project;

rule! {
    /// Reports an image that production runs at more than one version.
    ///
    /// ## What it does
    /// Gathers the whole versions at which everything that counts as production names an image, with
    /// all its variants, and reports an image that has several: once, where the least used one
    /// stands.
    ///
    /// ## Why it matters
    /// One of them was often forgotten at the last update, and lacks its fixes. Where several are
    /// meant, an exception in the policy says so.
    ///
    /// ## Example
    /// ```yaml
    /// # prod/shop.yaml
    /// image: nginx:1.27.4
    /// # prod/blog.yaml
    /// image: nginx:1.25.1
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// # prod/shop.yaml and prod/blog.yaml
    /// image: nginx:1.27.4
    /// ```
    pub const VERSION_DRIFT: Rule = Rule {
        name: "version-drift",
        family: Family::Pin,
        level: Level::Info,
        check: Check::Project(check),
    };
}

/// As many further places are named.
const SHOWN: usize = 5;

/// The uses of one image, by version.
type Versions<'p> = BTreeMap<String, Vec<&'p ImageUse>>;

fn check(project: &Project, report: &mut Reporter) {
    let mut images: BTreeMap<String, Versions<'_>> = BTreeMap::new();
    for found in project.judged() {
        if found.environment != Environment::Production || !pins::runs(found) {
            continue;
        }
        let Resolved::Reference(image) = &found.resolved else {
            continue;
        };
        let Some(Tag::Version { version, .. }) = image.tag().map(Tag::parse) else {
            continue;
        };
        if matches!(found.pin(), Pin::Version | Pin::Digest) {
            let name = image.normalized_repository().name().to_owned();
            let version = version.to_string();
            images
                .entry(name)
                .or_default()
                .entry(version)
                .or_default()
                .push(found);
        }
    }
    for versions in images.values().filter(|versions| versions.len() > 1) {
        tell(versions, report);
    }
}

fn tell(versions: &Versions<'_>, report: &mut Reporter) {
    let rarest = versions.iter().min_by_key(|(_, uses)| uses.len());
    let Some((version, found)) = rarest.and_then(|(v, uses)| Some((v, *uses.first()?))) else {
        return;
    };
    let Resolved::Reference(image) = &found.resolved else {
        return;
    };
    let message = format!(
        "production runs `{}` at {} versions: {}",
        image.familiar_name(),
        versions.len(),
        quoted(versions.keys().map(String::as_str))
    );
    let label = format!("version `{version}`");
    let help = "bring them to one version, or allow it in the policy where several are meant";
    let others = versions.iter().filter(|(other, _)| *other != version);
    let others: Vec<_> = others
        .filter_map(|(other, uses)| Some((other, uses.first()?.at)))
        .take(SHOWN)
        .collect();
    let words = (label, help.to_owned());
    pins::push_with(found, report, message, words, |finding, _| {
        others.iter().fold(finding, |finding, (other, at)| {
            finding.related(*at, format!("version `{other}`"))
        })
    });
}
