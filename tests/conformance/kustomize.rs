//! The image transformer against kustomize's own: names and images, and whole documents.

use taglint::formats::kustomize::field::{self, FieldSpec};
use taglint::formats::kustomize::image::{Change, Transformer, split};
use taglint::yaml::{Kind, NodeRef, Yaml};

use crate::vectors::{self, Tally};

#[test]
fn names_meet_images() {
    let Some(data) = vectors::json("kustomize-images.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["match_vectors"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap();
        let entry = Transformer::new(text("match"), Change::default());
        let matched = entry.transform(text("image")).is_some();
        let parts = split(text("image"));
        let wanted = &case["expected"];
        let agrees = wanted["matched"] == matched
            && wanted["name"] == parts.name
            && wanted["tag"] == parts.tag
            && wanted["digest"] == parts.digest;
        tally.case(agrees, || format!("{case}: got {matched}, {parts:?}"));
    }
    tally.finish("kustomize-images, names");
}

/// What kustomize writes for a document, by the filter of a vector: the fields that it is given, or
/// the older search where it is given none.
fn transformed(case: &serde_json::Value) -> String {
    let input = case["input"].as_str().unwrap();
    let image = &case["filter"]["ImageTag"];
    let text =
        |value: &serde_json::Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let entry = Transformer::new(
        &text(image, "Name"),
        Change {
            name: text(image, "NewName"),
            tag: text(image, "NewTag"),
            suffix: text(image, "TagSuffix"),
            digest: text(image, "Digest"),
        },
    );
    let specs: Option<Vec<FieldSpec>> = case.get("fsSlice").and_then(|list| {
        let spec = |spec: &serde_json::Value| FieldSpec {
            path: text(spec, "Path"),
            group: text(spec, "Group"),
            version: text(spec, "Version"),
            kind: text(spec, "Kind"),
        };
        Some(list.as_array()?.iter().map(spec).collect())
    });
    let yaml = Yaml::parse(input);
    let mut edits = Vec::new();
    for root in yaml.documents() {
        let of = |key: &str| root.get(key).and_then(NodeRef::text).unwrap_or_default();
        let (version, kind) = (of("apiVersion"), of("kind"));
        if kind == "CustomResourceDefinition" {
            continue;
        }
        field::scalars(root, &mut |path, scalar| {
            let path: Vec<field::Step> = path.iter().map(field::Step::kept).collect();
            let reached = match &specs {
                Some(specs) => specs.iter().any(|spec| spec.reaches(version, kind, &path)),
                None => field::is_container_image(&path),
            };
            if let Some(new) = entry.transform(scalar.text).filter(|_| reached) {
                edits.push((scalar.span, new));
            }
        });
    }
    let mut output = input.to_owned();
    for (span, new) in edits.into_iter().rev() {
        output.replace_range(span.start..span.end, &format!("{new:?}"));
    }
    output
}

/// A document without its form; kustomize writes an empty list for a list that is not there.
fn plain(node: NodeRef<'_, '_>) -> serde_json::Value {
    match node.kind() {
        Kind::Mapping => node
            .entries()
            .into_iter()
            .map(|(key, _, value)| (key.to_owned(), plain(value)))
            .collect(),
        Kind::Sequence => match node.items().map(plain).collect::<Vec<_>>() {
            list if list.is_empty() => serde_json::Value::from(""),
            list => list.into(),
        },
        _ => node
            .text()
            .filter(|text| *text != "~")
            .unwrap_or_default()
            .into(),
    }
}

#[test]
fn documents_are_changed_where_kustomize_changes_them() {
    let Some(data) = vectors::json("kustomize-images.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["yaml_vectors"].as_array().unwrap() {
        let output = transformed(case);
        let documents = |text: &str| Yaml::parse(text).documents().map(plain).collect::<Vec<_>>();
        let agrees = documents(&output) == documents(case["expectedOutput"].as_str().unwrap());
        tally.case(agrees, || format!("{}: {output}", case["name"]));
    }
    tally.finish("kustomize-images, documents");
}
