use super::*;
use crate::yaml::Yaml;

/// Each image with who runs it.
fn told(text: &str) -> Vec<String> {
    let yaml = Yaml::parse(text);
    assert_eq!(yaml.errors().len(), 0, "{text}");
    yaml.documents()
        .flat_map(|root| read(FileId(0), "app.yaml", root))
        .map(|found| format!("{}: {} {}", found.holder, found.written, found.pin().name()))
        .collect()
}

#[test]
fn every_place_of_a_pod_is_read() {
    let manifest = r#"
apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          initContainers: [{name: wait, image: busybox}]
          containers:
            - {name: main, image: "acme/report:1.2.3"}
          ephemeralContainers: [{name: shell, image: "acme/shell:edge"}]
          volumes:
            - name: model
              image: {reference: "acme/model:latest", pullPolicy: Always}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec: {containers: [{image: nginx}]}
  - apiVersion: v1
    kind: ConfigMap
    data: {image: "acme/none:1"}
"#;
    assert_eq!(
        told(manifest),
        [
            "CronJob report, container wait: busybox untagged",
            "CronJob report, container main: acme/report:1.2.3 version",
            "CronJob report, container shell: acme/shell:edge channel",
            "CronJob report: acme/model:latest channel",
            "Pod a: nginx untagged",
        ]
    );
}

#[test]
fn custom_resources_are_read_by_their_shape() {
    let manifest = r#"
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  stepTemplate: {image: "acme/base:1.0.0"}
  steps: [{name: go, image: golang}, {name: any, image: "$(params.image)"}]
  sidecars: [{image: "docker:dind"}]
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: run-}
spec:
  templates:
    - {name: a, container: {image: alpine}}
    - {name: b, script: {image: "python:slim"}}
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db}
spec: {imageName: "ghcr.io/cloudnative-pg/postgresql:17.4", other: {image: word}}
"#;
    assert_eq!(
        told(manifest),
        [
            "Task build: acme/base:1.0.0 version",
            "Task build, container go: golang untagged",
            "Task build, container any: $(params.image) unresolved",
            "Task build: docker:dind channel",
            "Workflow: alpine untagged",
            "Workflow: python:slim channel",
            "Cluster db: ghcr.io/cloudnative-pg/postgresql:17.4 partial",
        ]
    );
}

#[test]
fn wrappers_hold_values_and_entries() {
    let manifest = r#"
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: broker}
spec:
  values: {image: {repository: emqx/nanomq, tag: latest-slim}}
  postRenderers:
    - kustomize: {images: [{name: busybox, newTag: 1.37.0}]}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps}
spec: {images: [{name: acme/app, newTag: stable}]}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source:
    helm: {valuesObject: {image: {repository: acme/shop, tag: "2"}}}
    kustomize: {images: ["nginx=mirror.example/nginx:1.27.4", "acme/x:edge", "a=b"]}
"#;
    assert_eq!(
        told(manifest),
        [
            "HelmRelease broker, values.image: emqx/nanomq:latest-slim channel",
            "HelmRelease broker, image busybox: busybox:1.37.0 version",
            "Kustomization apps, image acme/app: acme/app:stable channel",
            "Application shop, values.image: acme/shop:2 partial",
            "Application shop: mirror.example/nginx:1.27.4 version",
            "Application shop: acme/x:edge channel",
        ]
    );
}

#[test]
fn names_tell_the_environment() {
    let manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop-qa}\nspec: {containers: [{image: nginx, imagePullPolicy: Always, resources: {limits: {memory: 64Mi}}}]}\n";
    let yaml = Yaml::parse(manifest);
    let root = yaml.first().unwrap();
    let told = |path| {
        let found = read(FileId(0), path, root).remove(0);
        assert_eq!(found.memory_limit, Some(64 << 20));
        assert_eq!(found.pull_policy.as_deref(), Some("Always"));
        format!("{}, {}", found.environment.name(), found.environment_reason)
    };
    assert_eq!(
        told("a.yaml"),
        "staging, because of the namespace `shop-qa`"
    );
    assert_eq!(
        told("prod/a.yaml"),
        "production, because of the folder `prod`"
    );
}

#[test]
fn deep_objects_end() {
    let deep = format!(
        "apiVersion: v1\nkind: Pod\nspec: {}{}\n",
        "{a: ".repeat(150),
        "}".repeat(150)
    );
    assert!(told(&deep).is_empty());
}
