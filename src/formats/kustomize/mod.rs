//! Kustomizations: what each says by itself, and what they come to over their bases.
//!
//! [`read`] gives the entries of `images` at their places; [`note`] keeps what a build needs of a
//! file, and `resolve` builds.

pub mod definition;
pub mod field;
pub mod image;
pub mod object;
pub mod patch;
pub mod tree;

mod build;
mod live;
mod note;
mod pattern;
pub(super) mod resolve;

pub(super) use note::WORDS;
pub use note::{Notes, note};
pub(super) use tree::is_recognised;

use super::uses::{Holder, cluster_evidence, resolve};
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef, Scalar};

/// Whether a document is a kustomization: by its kind, or by the file's name, since neither kind nor
/// version need be written.
#[must_use]
pub fn is_kustomization(path: &str, root: NodeRef<'_, '_>) -> bool {
    let text = |key| root.get(key).and_then(NodeRef::text);
    match text("apiVersion") {
        Some(version) => version.starts_with("kustomize.config.k8s.io/"),
        None => {
            let name = path.rsplit('/').next().unwrap_or(path);
            let named = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
            named.contains(&name) && root.kind() == Kind::Mapping
        }
    }
}

/// Reads the `images` of a kustomization.
#[must_use]
pub fn read(file: FileId, path: &str, root: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let namespace = root.get("namespace").and_then(NodeRef::text);
    let labels = root.get("commonLabels");
    let evidence = cluster_evidence(namespace, labels);
    let (environment, reason) = evidence.judge(path);
    let holder = Holder {
        file,
        kind: UseKind::Kustomize,
        name: "kustomization".to_owned(),
        environment,
        reason,
        evidence,
    };
    // `imageTags` is what `images` was called at first.
    let lists = ["images", "imageTags"];
    let entries = lists.iter().filter_map(|key| root.get(key));
    entries
        .flat_map(|list| read_entries(&holder, list))
        .collect()
}

/// Reads a list of entries, in a kustomization or wherever else one may stand.
pub(super) fn read_entries(holder: &Holder, list: NodeRef<'_, '_>) -> Vec<ImageUse> {
    list.items()
        .filter_map(|entry| read_entry(holder, entry))
        .collect()
}

fn read_entry(holder: &Holder, entry: NodeRef<'_, '_>) -> Option<ImageUse> {
    let text = |key: &str| -> Option<Scalar<'_>> {
        let scalar = entry.get(key)?.scalar()?;
        (!scalar.text.trim().is_empty()).then_some(scalar)
    };
    let name = text("name")?;
    let (new_name, tag, digest) = (text("newName"), text("newTag"), text("digest"));
    let suffix = text("tagSuffix");
    let mut written = new_name.unwrap_or(name).text.to_owned();
    for (separator, part) in [(':', tag), ('@', digest)] {
        if let Some(part) = part {
            written.push(separator);
            written.push_str(part.text);
        }
    }
    // Without a new tag or digest the resources keep theirs, and those are in other files.
    let resolved = match tag.or(digest) {
        Some(_) => resolve(&written),
        None => Resolved::Unresolved(format!("the tag of `{}` in the resources", name.text)),
    };
    let holder = Holder {
        kind: UseKind::Kustomize,
        name: format!("{}, image {}", holder.name, name.text),
        ..holder.clone()
    };
    let at = tag.or(digest).or(suffix).or(new_name).unwrap_or(name);
    Some(holder.found(at, written, resolved))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Yaml;

    fn told(text: &str) -> Vec<String> {
        let yaml = Yaml::parse(text);
        let root = yaml.first().unwrap();
        assert!(is_kustomization("app/kustomization.yaml", root));
        read(FileId(0), "app/kustomization.yaml", root)
            .into_iter()
            .map(|found| {
                let at = text.get(found.at.span.start..found.at.span.end).unwrap();
                format!("{} {} at {at}", found.written, found.pin().name())
            })
            .collect()
    }

    #[test]
    fn entries_give_names_tags_and_digests() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let text = format!(
            "images:\n\
             - {{name: nginx, newTag: latest}}\n\
             - {{name: app, newName: ghcr.io/acme/app, newTag: \"1.2.3\"}}\n\
             - {{name: db, digest: '{digest}'}}\n\
             - {{name: cache, newTag: stable, digest: '{digest}'}}\n\
             - {{name: moved, newName: mirror.example/moved}}\n\
             - {{name: empty, newTag: ''}}\n\
             - {{name: flux, newTag: '${{TAG}}'}}\n\
             - {{newTag: nameless}}\n"
        );
        assert_eq!(
            told(&text),
            [
                "nginx:latest channel at latest".to_owned(),
                "ghcr.io/acme/app:1.2.3 version at \"1.2.3\"".to_owned(),
                format!("db@{digest} digest at '{digest}'"),
                format!("cache:stable@{digest} digest at stable"),
                "mirror.example/moved unresolved at mirror.example/moved".to_owned(),
                "empty unresolved at empty".to_owned(),
                "flux:${TAG} unresolved at '${TAG}'".to_owned(),
            ]
        );
    }

    #[test]
    fn other_kinds_are_none() {
        let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";
        let yaml = Yaml::parse(flux);
        let root = yaml.first().unwrap();
        assert!(!is_kustomization("kustomization.yaml", root));
        let plain = Yaml::parse("resources: []\n");
        let root = plain.first().unwrap();
        assert!(is_kustomization("a/kustomization.yml", root));
        assert!(!is_kustomization("a/app.yml", root));
    }
}
