//! Values of Helm charts: images by the conventions of charts, since only a chart's templates decide.
//!
//! An image is a mapping with `repository` and perhaps `registry`, `tag` and `digest`, or a scalar
//! under a key that ends in `image`. A tag that is empty or absent usually stands for the chart's
//! `appVersion`, which another file holds: such an image is not resolved.

mod note;
pub(super) mod resolve;
mod values;

pub(super) use note::is_chart;
pub use note::{Chart, Dependency, Layer, Notes, Release, note};
pub use values::{ImageValue, Part};

use super::uses::{Holder, path_environment, resolve};
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::policy::Evidence;
use crate::source::{FileId, Span};
use crate::yaml::{Kind, NodeRef, Scalar};

/// Values nested deeper than this are not walked.
const MAX_DEPTH: usize = 64;

/// Whether a file's name is that of chart values: `values.yaml`, `values-prod.yaml`,
/// `prod.values.yaml`.
#[must_use]
pub fn is_values(path: &str, root: NodeRef<'_, '_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut words = stem.split(['.', '-', '_']);
    root.kind() == Kind::Mapping && words.any(|word| word.eq_ignore_ascii_case("values"))
}

/// Reads a file of values.
#[must_use]
pub fn read(file: FileId, path: &str, root: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let (environment, reason) = path_environment(path);
    let holder = Holder {
        file,
        kind: UseKind::Helm,
        name: String::new(),
        environment,
        reason,
        evidence: Evidence::default(),
    };
    read_values(&holder, root)
}

/// Reads values, in a file of their own or inside a release.
pub(super) fn read_values(holder: &Holder, values: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let mut reader = Reader {
        holder: Holder {
            kind: UseKind::Helm,
            ..holder.clone()
        },
        global_registry: values
            .path(&["global", "imageRegistry"])
            .and_then(filled)
            .map(|scalar| scalar.text),
        path: Vec::new(),
        uses: Vec::new(),
    };
    reader.walk(values, 0);
    reader.uses
}

struct Reader<'d> {
    holder: Holder,
    /// What replaces the registry of every image that names one apart.
    global_registry: Option<&'d str>,
    /// The keys that lead to the node being read.
    path: Vec<&'d str>,
    uses: Vec<ImageUse>,
}

impl<'d> Reader<'d> {
    fn walk(&mut self, node: NodeRef<'d, '_>, depth: usize) {
        if depth > MAX_DEPTH || node.is_alias() {
            return;
        }
        let listed = self.path.last().is_some_and(|key| lists_containers(key));
        for item in node.items() {
            // A chart passes containers on as they are: what is written is what runs.
            let image = item.get("image").filter(|_| listed);
            if let Some(found) = image.and_then(|image| self.holder.scalar(image)) {
                let name = item.get("name").and_then(NodeRef::text);
                let holder = self.named(&format!("container {}", name.unwrap_or_default()));
                self.uses.push(ImageUse { holder, ..found });
            } else {
                self.walk(item, depth + 1);
            }
        }
        if self.mapping(node) {
            return;
        }
        for (key, value) in node.pairs() {
            let key = key.text().unwrap_or_default();
            self.path.push(key);
            match value.kind() {
                Kind::Scalar if names_image(key) => self.scalar(value, node),
                Kind::Mapping | Kind::Sequence => self.walk(value, depth + 1),
                Kind::Scalar | Kind::Missing => {}
            }
            self.path.pop();
        }
    }

    /// Takes a mapping that is an image; tells whether it was one.
    fn mapping(&mut self, node: NodeRef<'d, '_>) -> bool {
        let under_image = self.path.last().is_some_and(|key| names_image(key));
        let get = |key: &str| node.get(key).and_then(filled);
        let Some(repository) = get("repository").or_else(|| get("name").filter(|_| under_image))
        else {
            return false;
        };
        let tells = ["tag", "digest", "pullPolicy", "registry"];
        // A chart's or a git repository is none.
        if (!under_image && !tells.iter().any(|key| node.get(key).is_some()))
            || repository.text.contains("://")
        {
            return false;
        }
        let registry = get("registry").map(|own| self.global_registry.unwrap_or(own.text));
        let mut written = match registry {
            Some(registry) => format!("{}/{}", registry.trim_end_matches('/'), repository.text),
            None => repository.text.to_owned(),
        };
        let tag = get("tag");
        let digest = get("digest").or_else(|| get("sha"));
        if let Some(tag) = tag {
            written.push(':');
            written.push_str(tag.text);
        }
        if let Some(digest) = digest {
            let algorithm = if digest.text.contains(':') {
                "@"
            } else {
                "@sha256:"
            };
            written.push_str(algorithm);
            written.push_str(digest.text);
        }
        let pinned = tag.or(digest).is_some() || holds_tag(repository.text);
        let at = tag_place(node).or(digest).unwrap_or(repository);
        let policy = get("pullPolicy").map(|policy| policy.text.to_owned());
        self.push(at, written, pinned, policy);
        true
    }

    /// Takes a scalar under a key that names an image; `imageTag` or `tag` may stand beside it.
    fn scalar(&mut self, value: NodeRef<'d, '_>, around: NodeRef<'d, '_>) {
        let Some(image) = filled(value) else { return };
        let mut siblings = ["imageTag", "tag"]
            .iter()
            .filter_map(|key| filled(around.get(key)?));
        match siblings.next().filter(|_| !holds_tag(image.text)) {
            Some(tag) => {
                let written = format!("{}:{}", image.text, tag.text);
                self.push(tag, written, true, None);
            }
            // A bare word may be anything: the name of a template, of a file, of a helper.
            None if image.text.contains(['/', ':']) => {
                let written = image.text.to_owned();
                self.push(image, written, holds_tag(image.text), None);
            }
            None => {}
        }
    }

    fn push(&mut self, at: Scalar<'d>, written: String, pinned: bool, policy: Option<String>) {
        let resolved = if pinned {
            resolve(&written)
        } else {
            Resolved::Unresolved("the chart's own version".to_owned())
        };
        let keys: Vec<&str> = std::iter::once("values")
            .chain(self.path.iter().copied())
            .collect();
        let keys = keys.join(".");
        self.uses.push(ImageUse {
            pull_policy: policy,
            holder: self.named(&keys),
            ..self.holder.found(at, written, resolved)
        });
    }

    /// Who runs the image: within a release, where there is one.
    fn named(&self, part: &str) -> String {
        match self.holder.name.as_str() {
            "" => part.trim_end().to_owned(),
            name => format!("{name}, {}", part.trim_end()),
        }
    }
}

/// Where a mapping's tag stands, or is to be written: behind the colon of an empty `tag:`.
fn tag_place<'d>(node: NodeRef<'d, '_>) -> Option<Scalar<'d>> {
    let (key, value) = node.entry("tag")?;
    let mut scalar = value.scalar()?;
    if scalar.span.is_empty() {
        scalar.span = Span::at(key.span().end + 1);
    }
    Some(scalar)
}

/// A scalar that says something.
fn filled<'d>(node: NodeRef<'d, '_>) -> Option<Scalar<'d>> {
    let scalar = node.scalar()?;
    let blank = matches!(scalar.text.trim(), "" | "~" | "null");
    (!blank).then_some(scalar)
}

/// `image`, `thanosImage`, `image_name`; not `imagePullPolicy`.
fn names_image(key: &str) -> bool {
    let names = |word: &&str| key.eq_ignore_ascii_case(word);
    ends_with(key, "image") || ["imagename", "image_name"].iter().any(names)
}

/// `containers`, `extraInitContainers`, `sidecars`.
fn lists_containers(key: &str) -> bool {
    ends_with(key, "containers") || ends_with(key, "sidecars")
}

/// Whether a key ends with a word, in capitals or not.
fn ends_with(key: &str, word: &str) -> bool {
    let start = key.len().checked_sub(word.len());
    let end = start.and_then(|start| key.as_bytes().get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
}

fn holds_tag(reference: &str) -> bool {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    last.contains([':', '@'])
}

#[cfg(test)]
mod tests;
