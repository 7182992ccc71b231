//! Charts with the values over them: files of values beside a chart, subcharts, and what Flux and
//! Argo CD install from the same repository.
//!
//! Templates decide what becomes of values, and nobody reads those here: this goes by convention.

use std::collections::BTreeMap;

use super::note::{Chart, Layer, Notes, Release};
use super::values::{ImageValue, Part};
use super::{UseKind, holds_tag};
use crate::facts::{Deployment, ImageUse, Resolved};
use crate::formats::deploy::Deployed;
use crate::formats::kustomize::resolve::Uses;
use crate::formats::kustomize::tree::{Tree, below, folder_of, join};
use crate::formats::uses::{Holder, path_environment, resolve as resolved};
use crate::policy::{Environment, Evidence, Reason};
use crate::source::FileId;

/// Charts within charts are followed this deep.
const MAX_DEPTH: usize = 8;

/// An image of a chart with its values.
#[derive(Clone)]
struct Effective<'a> {
    image: ImageValue,
    /// The chart whose version stands in for a tag; nobody knows for one that lies elsewhere.
    chart: Option<&'a Chart>,
    /// Whether the values looked at give any of it.
    touched: bool,
}

/// Judges every chart with the values over it.
pub(in crate::formats) fn resolve(
    tree: &Tree<'_>,
    notes: &[(&str, &Notes)],
    uses: &Uses<'_>,
    deployed: &mut Deployed,
) {
    let mut charts = Charts {
        folders: BTreeMap::new(),
        values: BTreeMap::new(),
    };
    for (path, notes) in notes {
        if let Some(chart) = &notes.chart {
            charts.folders.insert(folder_of(path), chart);
        }
        if !notes.values.is_empty() {
            charts.values.insert(path, &notes.values);
        }
    }
    let mut judge = Judge { uses, deployed };
    for folder in charts.folders.keys() {
        if charts.parent(folder).is_none() {
            charts.alone(folder, &mut judge);
        }
    }
    for (path, notes) in notes {
        for release in &notes.releases {
            charts.release(tree, path, release, &mut judge);
        }
    }
}

struct Charts<'a> {
    folders: BTreeMap<&'a str, &'a Chart>,
    values: BTreeMap<&'a str, &'a [ImageValue]>,
}

fn inside(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

impl<'a> Charts<'a> {
    /// The chart in whose `charts` a folder lies.
    fn parent(&self, folder: &str) -> Option<&str> {
        let charts = folder_of(folder);
        let parent = match charts {
            "charts" => "",
            charts => charts.strip_suffix("/charts")?,
        };
        self.folders.get_key_value(parent).map(|(key, _)| *key)
    }

    /// The chart that a file of values belongs to: that of the nearest folder with one.
    fn chart_of(&self, path: &str) -> Option<&'a str> {
        let mut folder = folder_of(path);
        loop {
            if let Some((folder, _)) = self.folders.get_key_value(folder) {
                return Some(folder);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    /// The files of values in a folder and below.
    fn values_below(&self, folder: &str) -> Vec<(&'a str, &'a [ImageValue])> {
        let all = self.values.iter();
        match folder {
            "" => all.map(|(path, values)| (*path, *values)).collect(),
            folder => below(&self.values, folder)
                .map(|(path, values)| (path, *values))
                .collect(),
        }
    }

    /// The charts that one brings along: the key of their values, and their folder where they lie
    /// in the repository.
    fn subcharts(&self, folder: &str, chart: &'a Chart) -> Vec<(String, Option<&'a str>)> {
        let known = |path: Option<String>| {
            let (folder, _) = self.folders.get_key_value(path?.as_str())?;
            Some(*folder)
        };
        let mut all: Vec<(String, Option<&'a str>)> = Vec::new();
        for dependency in &chart.dependencies {
            let vendored = inside(folder, &format!("charts/{}", dependency.name));
            let local = dependency
                .folder
                .as_ref()
                .and_then(|path| join(folder, path));
            let found = known(Some(vendored)).or_else(|| known(local));
            all.push((dependency.key.clone(), found));
        }
        let vendored = inside(folder, "charts");
        let inside = below(&self.folders, &vendored).map(|(child, _)| child);
        for child in inside.filter(|child| folder_of(child) == vendored) {
            let name = child.rsplit('/').next().unwrap_or(child);
            if !all.iter().any(|(_, known)| *known == Some(child)) {
                all.push((name.to_owned(), Some(child)));
            }
        }
        all
    }

    /// The images of a chart as its own values have them, those of its subcharts included.
    fn effective(&self, folder: &str, depth: usize) -> Vec<Effective<'a>> {
        let Some(chart) = self.folders.get(folder).copied() else {
            return Vec::new();
        };
        let mut all = Vec::new();
        if depth < MAX_DEPTH {
            for (key, child) in self.subcharts(folder, chart) {
                let Some(child) = child else { continue };
                for mut found in self.effective(child, depth + 1) {
                    found.image.keys.insert(0, key.clone());
                    all.push(found);
                }
            }
        }
        if let Some(values) = self.values.get(inside(folder, "values.yaml").as_str()) {
            self.overlay(folder, &mut all, values);
        }
        all
    }

    /// Lays values over those of a chart.
    fn overlay(&self, folder: &str, all: &mut Vec<Effective<'a>>, values: &[ImageValue]) {
        let chart = self.folders.get(folder).copied();
        let subcharts = chart
            .map(|chart| self.subcharts(folder, chart))
            .unwrap_or_default();
        for value in values {
            let same = |found: &&mut Effective<'_>| found.image.keys == value.keys;
            if let Some(found) = all.iter_mut().find(same) {
                found.image.overlay(value);
                found.touched = true;
                continue;
            }
            let first = value.keys.first();
            let sub = subcharts.iter().find(|(key, _)| Some(key) == first);
            let chart = match sub {
                Some((_, child)) => child.and_then(|child| self.folders.get(child).copied()),
                None => chart,
            };
            all.push(Effective {
                image: value.clone(),
                chart,
                touched: true,
            });
        }
    }

    /// Judges a chart that no release of the repository need install, with the files of values
    /// beside it and below.
    fn alone(&self, folder: &'a str, judge: &mut Judge<'_>) {
        let base = self.effective(folder, 0);
        let own = inside(folder, "values.yaml");
        let others = self.values_below(folder).into_iter();
        let others = others.filter(|(path, _)| *path != own && self.chart_of(path) == Some(folder));
        for (path, values) in others {
            let mut all = base.clone();
            all.iter_mut().for_each(|found| found.touched = false);
            self.overlay(folder, &mut all, values);
            let (environment, reason) = path_environment(path);
            judge.all(path, &all, environment, &reason);
        }
        let (environment, reason) = path_environment(&own);
        for found in &base {
            judge.by_chart_version(&own, found, environment, &reason);
        }
    }

    fn release(&self, tree: &Tree<'_>, path: &str, release: &Release, judge: &mut Judge<'_>) {
        let Some(folder) = tree.outer_folder(path, &release.folder) else {
            return;
        };
        if !self.folders.contains_key(folder.as_str()) {
            return;
        }
        let root = folder
            .strip_suffix(
                release
                    .folder
                    .trim_start_matches("./")
                    .trim_end_matches('/'),
            )
            .unwrap_or_default();
        let mut all = self.effective(&folder, 0);
        all.iter_mut().for_each(|found| found.touched = false);
        for layer in &release.layers {
            match layer {
                Layer::Values(values) => self.overlay(&folder, &mut all, values),
                Layer::File(file) => {
                    let path = match file.strip_prefix("//") {
                        Some(file) => join(root, file),
                        None => join(&folder, file),
                    };
                    if let Some(values) = path.and_then(|path| self.values.get(path.as_str())) {
                        self.overlay(&folder, &mut all, values);
                    }
                }
            }
        }
        let before = judge.deployed.uses.len();
        judge.all(path, &all, release.environment, &release.reason);
        for judged in judge.deployed.uses.iter_mut().skip(before) {
            judged.evidence = release.evidence.clone();
        }
    }
}

struct Judge<'j> {
    uses: &'j Uses<'j>,
    deployed: &'j mut Deployed,
}

impl Judge<'_> {
    /// Judges a chart with values over it: all of it in production, and elsewhere what the values
    /// give.
    fn all(
        &mut self,
        root: &str,
        all: &[Effective<'_>],
        environment: Environment,
        reason: &Reason,
    ) {
        let production = environment == Environment::Production;
        for found in all.iter().filter(|found| production || found.touched) {
            let Some(mut judged) = self.judge(found, None) else {
                continue;
            };
            judged.environment = environment;
            judged.environment_reason = reason.clone();
            let deployment = judged.deployment.get_or_insert_default();
            deployment.root = root.to_owned();
            let places = found.image.parts().map(|part| part.at);
            self.deployed.governed.extend(places);
            self.deployed.uses.push(judged);
        }
    }

    /// Judges an image that has no tag of its own by its chart's version.
    fn by_chart_version(
        &mut self,
        root: &str,
        found: &Effective<'_>,
        environment: Environment,
        reason: &Reason,
    ) {
        let Some(place) = found.image.place() else {
            return;
        };
        if self.deployed.governed.contains(&place) {
            return;
        }
        let Some(own) = self.uses.get(&place) else {
            return;
        };
        let Some(mut judged) = self.judge(found, Some(own)) else {
            return;
        };
        if judged.resolved == own.resolved {
            return;
        }
        judged.environment = environment;
        judged.environment_reason = reason.clone();
        judged.deployment.get_or_insert_default().root = root.to_owned();
        self.deployed.governed.insert(place);
        self.deployed.uses.push(judged);
    }

    /// What an image has come to; nothing where no repository is known.
    fn judge(&self, found: &Effective<'_>, own: Option<&ImageUse>) -> Option<ImageUse> {
        let image = &found.image;
        let full = |part: &&Part| !part.text.is_empty();
        let repository = image.repository.as_ref().filter(full)?;
        let registry = image.registry.as_ref().filter(full);
        let digest = image.digest.as_ref().filter(full);
        let tag = image.tag.as_ref().filter(full);
        let place = image.place()?;
        let own = own.or_else(|| self.uses.get(&place).copied());
        let mut related = Vec::new();
        let mut version = tag;
        if tag.or(digest).is_none() && !holds_tag(&repository.text) {
            version = found.chart.and_then(|chart| chart.app_version.as_ref());
            let label = "`appVersion` stands in for the tag";
            related.extend(version.map(|version| (version.at, label.to_owned())));
        }
        if repository.at.file != place.file {
            related.push((
                repository.at,
                "the repository that it is a tag of".to_owned(),
            ));
        }
        let deployment = Some(Box::new(Deployment {
            related,
            ..Deployment::default()
        }));
        // What one file says by itself was read with all that it says.
        let apart = image.parts().any(|part| part.at.file != place.file);
        if let Some(own) = own.filter(|_| !apart && (tag.or(digest).is_some() || version.is_none()))
        {
            return Some(ImageUse {
                deployment,
                ..own.clone()
            });
        }
        let mut written = match registry {
            Some(registry) => format!(
                "{}/{}",
                registry.text.trim_end_matches('/'),
                repository.text
            ),
            None => repository.text.clone(),
        };
        if let Some(version) = version {
            written.push(':');
            written.push_str(&version.text);
        }
        if let Some(digest) = digest {
            let algorithm = if digest.text.contains(':') {
                "@"
            } else {
                "@sha256:"
            };
            written.push_str(algorithm);
            written.push_str(&digest.text);
        }
        let pinned = version.or(digest).is_some() || holds_tag(&written);
        let resolution = if pinned {
            resolved(&written)
        } else {
            Resolved::Unresolved("the chart's own version".to_owned())
        };
        let (policy, limit) = own.map_or((None, None), |own| {
            (own.pull_policy.clone(), own.memory_limit)
        });
        let keys = std::iter::once("values").chain(image.keys.iter().map(String::as_str));
        let holder = Holder {
            file: FileId(place.file.0),
            kind: UseKind::Helm,
            name: keys.collect::<Vec<_>>().join("."),
            environment: Environment::Unknown,
            reason: Reason::Nothing,
            evidence: Evidence::default(),
        };
        Some(ImageUse {
            pull_policy: policy,
            memory_limit: limit,
            deployment,
            ..holder.found_at(place, written, resolution)
        })
    }
}
