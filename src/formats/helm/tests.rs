use super::*;
use crate::yaml::Yaml;

/// What values come to: the resolved or written image, its pin, and the line it stands on.
fn told(text: &str) -> Vec<String> {
    let yaml = Yaml::parse(text);
    let root = yaml.first().unwrap();
    read(FileId(0), "chart/values.yaml", root)
        .into_iter()
        .map(|found| {
            let before = text.get(..found.at.span.start).unwrap();
            let line = before.matches('\n').count() + 1;
            format!("{line} {} {}", found.written, found.pin().name())
        })
        .collect()
}

#[test]
fn images_are_mappings_and_scalars() {
    let values = r#"
image:
  registry: quay.io
  repository: acme/broker
  tag: 1.2.3
sidecar:
  image: acme/agent:latest
  thanosImage: {repository: quay.io/thanos/thanos, tag: v0.34.0, sha: ""}
images:
  worker: {repository: acme/worker, tag: edge}
pinned:
  image:
    repository: acme/pinned
    tag: latest
    digest: sha256:3f9b9b3c5b1d1b0a4c7d8e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b
old:
  image: acme/old
  imageTag: "2"
extraContainers:
  - name: proxy
    image: nginx
"#;
    assert_eq!(
        told(values),
        [
            "5 quay.io/acme/broker:1.2.3 version",
            "7 acme/agent:latest channel",
            "8 quay.io/thanos/thanos:v0.34.0 version",
            "10 acme/worker:edge channel",
            "14 acme/pinned:latest@sha256:\
             3f9b9b3c5b1d1b0a4c7d8e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b digest",
            "18 acme/old:2 partial",
            "21 nginx untagged",
        ]
    );
}

#[test]
fn an_empty_tag_is_the_charts_own() {
    let values =
        "image:\n  repository: acme/a\n  tag: \"\"\nother:\n  image:\n    repository: acme/b\n";
    assert_eq!(told(values), ["3 acme/a unresolved", "6 acme/b unresolved"]);
    let values = "image:\n  repository: acme/a\n  tag:\n  pullPolicy: Always\n";
    assert_eq!(told(values), ["3 acme/a unresolved"]);
}

#[test]
fn what_is_no_image_is_left_alone() {
    let values = r#"
imagePullPolicy: Always
imagePullSecrets: [a/b:c]
image: helper
chart: {repository: https://charts.example, tag: 1}
git: {repository: https://git.example/a.git, tag: v1, pullPolicy: x}
volume: {name: data, tag: x}
"#;
    assert!(told(values).is_empty());
}

#[test]
fn a_global_registry_replaces_those_that_stand_apart() {
    let values = "global: {imageRegistry: mirror.example}\nimage: {registry: docker.io, repository: a/b, tag: 1.2.3}\nx: {image: {repository: quay.io/c/d, tag: 1.2.3}}\n";
    assert_eq!(
        told(values),
        [
            "2 mirror.example/a/b:1.2.3 version",
            "3 quay.io/c/d:1.2.3 version"
        ]
    );
}

#[test]
fn files_are_told_by_their_name() {
    let yaml = Yaml::parse("a: 1\n");
    let root = yaml.first().unwrap();
    for path in [
        "values.yaml",
        "x/values-prod.yml",
        "prod.values.yaml",
        "Values.yaml",
    ] {
        assert!(is_values(path, root), "{path}");
    }
    for path in ["revalues.yaml", "values/app.yaml"] {
        assert!(!is_values(path, root), "{path}");
    }
}
