//! GitHub Actions: the container of a job, its services, steps and actions that are an image.

use super::super::uses::{Holder, resolve};
use super::holder;
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef, Scalar};

/// What may stand before an image.
const SCHEME: &str = "docker://";

/// Reads a workflow.
#[must_use]
pub fn read_workflow(file: FileId, root: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let mut uses = Vec::new();
    let jobs = root.get("jobs").map(NodeRef::entries).unwrap_or_default();
    for (id, _, job) in jobs {
        let mut holder = holder(file, UseKind::Github);
        let matrix = job.path(&["strategy", "matrix"]);
        holder.name = format!("job {id}");
        if let Some(image) = job.get("container").and_then(image_of) {
            uses.extend(read_image(&holder, image, matrix));
        }
        steps(&holder, job.get("steps"), matrix, &mut uses);
        let services = job.get("services").map(NodeRef::entries);
        for (name, _, service) in services.unwrap_or_default() {
            holder.name = format!("job {id}, service {name}");
            if let Some(image) = image_of(service) {
                uses.extend(read_image(&holder, image, matrix));
            }
        }
    }
    uses
}

/// Reads an action.
#[must_use]
pub fn read_action(file: FileId, root: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let mut holder = holder(file, UseKind::Github);
    holder.name = "action".to_owned();
    let mut uses = Vec::new();
    if let Some(image) = root.path(&["runs", "image"]).and_then(NodeRef::scalar)
        && image.text.starts_with(SCHEME)
    {
        uses.extend(plain(&holder, image));
    }
    steps(&holder, root.path(&["runs", "steps"]), None, &mut uses);
    uses
}

/// The steps that are an image.
fn steps(
    holder: &Holder,
    list: Option<NodeRef<'_, '_>>,
    matrix: Option<NodeRef<'_, '_>>,
    uses: &mut Vec<ImageUse>,
) {
    for step in list.into_iter().flat_map(NodeRef::items) {
        let action = step.get("uses").filter(|node| {
            let scheme = |text: &str| text.trim_start().starts_with(SCHEME);
            node.text().is_some_and(scheme)
        });
        if let Some(action) = action {
            uses.extend(read_image(holder, action, matrix));
        }
    }
}

/// The image of a container or service: the text itself, or its field.
fn image_of<'d, 's>(node: NodeRef<'d, 's>) -> Option<NodeRef<'d, 's>> {
    match node.kind() {
        Kind::Scalar => Some(node),
        Kind::Mapping => node.get("image"),
        Kind::Sequence | Kind::Missing => None,
    }
}

/// One image, or those that the matrix gives where it is a value of it; no text is no container.
fn read_image(
    holder: &Holder,
    image: NodeRef<'_, '_>,
    matrix: Option<NodeRef<'_, '_>>,
) -> Vec<ImageUse> {
    let Some(scalar) = image.scalar().filter(|s| !s.text.trim().is_empty()) else {
        return Vec::new();
    };
    let Some(expression) = expression(scalar.text) else {
        return plain(holder, scalar).into_iter().collect();
    };
    let values = matrix.and_then(|matrix| values(expression?, matrix));
    match values {
        Some(values) => values
            .into_iter()
            .filter_map(|value| plain(holder, value))
            .collect(),
        None => {
            let what = expression.map_or(scalar.text.trim(), |inner| inner);
            let unresolved = Resolved::Unresolved(what.to_owned());
            vec![holder.found(scalar, scalar.text.to_owned(), unresolved)]
        }
    }
}

/// The inside of a text that is one expression; `Some(None)` where expressions are a part of it.
fn expression(text: &str) -> Option<Option<&str>> {
    let start = text.find("${{")?;
    let inner = text.trim().strip_prefix("${{");
    let inner = inner.and_then(|rest| rest.strip_suffix("}}"));
    let whole = inner.filter(|inner| start == 0 && !inner.contains("}}"));
    Some(whole.map(str::trim))
}

/// The values that a matrix written out gives a name such as `matrix.image` or `matrix.os.image`.
fn values<'d>(expression: &str, matrix: NodeRef<'d, '_>) -> Option<Vec<Scalar<'d>>> {
    let mut names = expression.strip_prefix("matrix.")?.split('.');
    let axis = names.next()?;
    let names: Vec<&str> = names.collect();
    let mut values = Vec::new();
    if let Some(list) = matrix.get(axis) {
        if list.kind() != Kind::Sequence {
            return None;
        }
        for item in list.items() {
            values.push(item.path(&names)?.scalar()?);
        }
    }
    if let Some(list) = matrix.get("include") {
        if list.kind() != Kind::Sequence {
            return None;
        }
        let items = list.items().filter_map(|item| item.get(axis));
        values.extend(items.filter_map(|item| item.path(&names)?.scalar()));
    }
    values.dedup_by(|a, b| a.span == b.span);
    (!values.is_empty()).then_some(values)
}

/// An image without expressions; it stands behind its scheme, where there is one.
fn plain(holder: &Holder, scalar: Scalar<'_>) -> Option<ImageUse> {
    let text = scalar.text.trim();
    if text.is_empty() {
        return None;
    }
    let Some(image) = text.strip_prefix(SCHEME) else {
        return Some(holder.found(scalar, scalar.text.to_owned(), resolve(text)));
    };
    let end = scalar.text.trim_end().len();
    let span = scalar.source_map().span(end - image.len()..end);
    Some(holder.at(span, image.to_owned(), resolve(image)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Yaml;

    fn told(text: &str, read: fn(FileId, NodeRef<'_, '_>) -> Vec<ImageUse>) -> Vec<String> {
        let yaml = Yaml::parse(text);
        let uses = read(FileId(0), yaml.first().unwrap());
        uses.into_iter()
            .map(|found| {
                let at = text.get(found.at.span.start..found.at.span.end).unwrap();
                format!("{} | {at} | {}", found.holder, found.pin().name())
            })
            .collect()
    }

    #[test]
    fn containers_services_and_steps() {
        let text = r#"
on: push
jobs:
  a:
    container: node:20
    services:
      db: {image: "postgres:16.3"}
      none: {image: ""}
    steps:
      - uses: docker://alpine:3.20.1
      - uses: actions/checkout@v4
      - uses: 'docker://ghcr.io/acme/lint'
  b:
    strategy:
      matrix:
        image: [debian:bookworm, ""]
        os: [{image: fedora:41}]
        include: [{image: acme/x:1.2.3}]
    container: {image: "${{ matrix.image }}"}
    services:
      x: {image: "${{ matrix.os.image }}"}
      y: {image: "redis:${{ matrix.v }}"}
      z: {image: "${{ inputs.image }}"}
"#;
        assert_eq!(
            told(text, read_workflow),
            [
                "job a | node:20 | partial",
                "job a | alpine:3.20.1 | version",
                "job a | ghcr.io/acme/lint | untagged",
                "job a, service db | \"postgres:16.3\" | partial",
                "job b | debian:bookworm | channel",
                "job b | acme/x:1.2.3 | version",
                "job b, service x | fedora:41 | partial",
                "job b, service y | \"redis:${{ matrix.v }}\" | unresolved",
                "job b, service z | \"${{ inputs.image }}\" | unresolved",
            ]
        );
    }

    #[test]
    fn actions() {
        let text = "runs: {using: docker, image: \"docker://acme/act:1.2.3\"}";
        assert_eq!(
            told(text, read_action),
            ["action | acme/act:1.2.3 | version"]
        );
        assert!(told("runs: {using: docker, image: Dockerfile}", read_action).is_empty());
    }
}
