//! A tree of manifests as a repository of many services has it: made from numbers alone, the same on
//! every machine, about as large a file as those of real repositories (2.6 KB).
//!
//! A service has ten files, of which four or five name images; a fourth of the services is a chart, and
//! another fourth is what Flux takes up. Of forty services three run on a floating tag.

use std::fmt::Write as _;
use std::path::Path;

/// Files of one service.
const OF_A_SERVICE: usize = 10;

/// One file: its path below the root, and its text.
pub struct File {
    pub path: String,
    pub text: String,
}

/// The first `count` files.
pub fn files(count: usize) -> impl Iterator<Item = File> {
    (0..count).map(file)
}

/// Writes the first `count` files below a folder, which is made.
pub fn write(folder: &Path, count: usize) -> std::io::Result<()> {
    for file in files(count) {
        let path = folder.join(file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, file.text)?;
    }
    Ok(())
}

/// The file of a number.
pub fn file(index: usize) -> File {
    let service = index / OF_A_SERVICE;
    let name = format!("svc-{service:05}");
    let root = format!("services/team-{:03}/{name}", service / 25);
    let (path, text) = match index % OF_A_SERVICE {
        0 => ("base/deployment.yaml", deployment(&name, service)),
        1 => ("base/service.yaml", service_of(&name, service)),
        2 => ("base/configmap.yaml", config_map(&name, service)),
        3 => ("base/kustomization.yaml", base(&name)),
        4 => ("overlays/prod/kustomization.yaml", overlay(&name, service)),
        5 => ("overlays/prod/resources.yaml", patch(&name, service)),
        6 => ("jobs/cronjob.yaml", cron_job(&name, service)),
        7 => ("access/role.yaml", role(&name, service)),
        8 if service % 4 == 3 => ("chart/Chart.yaml", chart(&name, service)),
        8 => ("release/helmrelease.yaml", helm_release(&name, service)),
        _ => other(&name, service),
    };
    File {
        path: format!("{root}/{path}"),
        text,
    }
}

fn version(service: usize) -> String {
    format!("{}.{}.{}", 1 + service % 4, service % 23, service % 7)
}

/// The tag that a service runs: most name a version, some float.
fn tag(service: usize) -> String {
    match service % 40 {
        7 => "latest".to_owned(),
        19 => "latest-slim".to_owned(),
        31 => "stable".to_owned(),
        _ => version(service),
    }
}

fn variables(count: usize, name: &str, indent: &str) -> String {
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(text, "{indent}- name: SETTING_{number:02}");
        let _ = writeln!(text, "{indent}  value: \"{name}-{}\"", number * 37 % 101);
    }
    text
}

fn deployment(name: &str, service: usize) -> String {
    let (tag, version) = (tag(service), version(service + 3));
    let settings = variables(18, name, "            ");
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
    app.kubernetes.io/part-of: shop
spec:
  replicas: {}
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
    spec:
      # The migration has to be through before the first request.
      initContainers:
        - name: migrate
          image: registry.example.com/shop/{name}-migrate:{version}
          command: [\"/bin/migrate\", \"--wait\"]
      containers:
        - name: {name}
          image: registry.example.com/shop/{name}:{tag}
          imagePullPolicy: IfNotPresent
          ports:
            - containerPort: 8080
              name: http
          env:
{settings}          readinessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
          resources:
            requests:
              cpu: 100m
              memory: {}Mi
            limits:
              memory: 512Mi
        - name: proxy
          image: envoyproxy/envoy:v1.31.{}
          args:
            - --config-path
            - /etc/envoy/envoy.yaml
          volumeMounts:
            - name: config
              mountPath: /etc/envoy
      volumes:
        - name: config
          configMap:
            name: {name}
",
        1 + service % 5,
        64 + service % 64,
        service % 6,
    )
}

fn service_of(name: &str, service: usize) -> String {
    let mut text = format!(
        "apiVersion: v1
kind: Service
metadata:
  name: {name}
  annotations:
    prometheus.io/scrape: \"true\"
    prometheus.io/port: \"{}\"
spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: {name}
  ports:
",
        9000 + service % 100
    );
    for port in 0..service % 8 + 1 {
        let _ = writeln!(text, "    - name: port-{port}");
        let _ = writeln!(text, "      port: {}", 8080 + port);
        let _ = writeln!(text, "      targetPort: {}", 18080 + port);
        let _ = writeln!(text, "      protocol: TCP");
    }
    text
}

fn config_map(name: &str, service: usize) -> String {
    let mut text = format!(
        "apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  application.properties: |
"
    );
    for line in 0..60 + service % 90 {
        let _ = writeln!(
            text,
            "    {name}.section{:02}.setting{line:03}=value of number {}",
            line / 10,
            line * 7919 % 1009
        );
    }
    text
}

fn base(name: &str) -> String {
    format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources:
  - deployment.yaml
  - service.yaml
  - configmap.yaml
labels:
  - pairs:
      app.kubernetes.io/instance: {name}
"
    )
}

fn overlay(name: &str, service: usize) -> String {
    format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop-prod
resources:
  - ../../base
patches:
  - path: resources.yaml
images:
  - name: registry.example.com/shop/{name}
    newTag: \"{}\"
",
        tag(service)
    )
}

fn patch(name: &str, service: usize) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: {}
  template:
    spec:
      containers:
        - name: {name}
          resources:
            requests:
              cpu: 500m
              memory: {}Mi
            limits:
              memory: 1Gi
",
        3 + service % 5,
        256 + service % 256
    )
}

fn cron_job(name: &str, service: usize) -> String {
    let settings = variables(24, name, "                ");
    format!(
        "apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}-report
  namespace: shop-prod
spec:
  schedule: \"{} {} * * *\"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: report
              image: registry.example.com/shop/{name}-report:{}
              env:
{settings}              resources:
                limits:
                  memory: 256Mi
",
        service % 60,
        service % 24,
        version(service)
    )
}

fn role(name: &str, service: usize) -> String {
    let mut text = format!(
        "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {name}
rules:
"
    );
    for rule in 0..6 + service % 12 {
        let _ = writeln!(text, "  - apiGroups: [\"group{rule}.example.com\"]");
        let _ = writeln!(text, "    resources: [\"things\", \"things/status\"]");
        let _ = writeln!(text, "    verbs: [\"get\", \"list\", \"watch\", \"patch\"]");
    }
    let _ = write!(
        text,
        "---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {name}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {name}
subjects:
  - kind: ServiceAccount
    name: {name}
"
    );
    text
}

fn helm_release(name: &str, service: usize) -> String {
    let settings = variables(16, name, "      ");
    format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}-cache
  namespace: shop-prod
spec:
  interval: 30m
  chart:
    spec:
      chart: cache
      version: 4.1.{}
      sourceRef:
        kind: HelmRepository
        name: charts
        namespace: flux-system
  values:
    image:
      repository: docker.io/bitnami/valkey
      tag: 8.0.{}
    persistence:
      enabled: true
      size: 8Gi
    extraEnv:
{settings}",
        service % 9,
        service % 5
    )
}

/// The tenth file of a service: what it is built from, run with, deployed or published by.
fn other(name: &str, service: usize) -> (&'static str, String) {
    match service % 4 {
        0 if service.is_multiple_of(48) => (".github/workflows/release.yml", workflow(name)),
        0 => ("Dockerfile", dockerfile(service)),
        1 => ("compose.yaml", compose(name, service)),
        2 => ("flux/kustomization-prod.yaml", flux(name, service)),
        _ => ("chart/values.yaml", values(name, service)),
    }
}

fn chart(name: &str, service: usize) -> String {
    format!(
        "apiVersion: v2
name: {name}
description: What runs {name}.
type: application
version: 0.{}.0
appVersion: \"{}\"
",
        service % 17,
        version(service)
    )
}

fn flux(name: &str, service: usize) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  path: ./services/team-{:03}/{name}/overlays/prod
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
",
        service / 25
    )
}

fn workflow(name: &str) -> String {
    format!(
        "name: release
on:
  push:
    tags: [\"v*\"]
jobs:
  image:
    runs-on: ubuntu-24.04
    strategy:
      matrix:
        suffix: [\"\", -slim]
    steps:
      - uses: actions/checkout@v5
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: registry.example.com/shop/{name}
          tags: |
            type=semver,pattern={{{{version}}}}
          flavor: |
            latest=auto
            suffix=${{{{ matrix.suffix }}}},onlatest=true
      - uses: docker/build-push-action@v6
        with:
          push: true
          file: Dockerfile${{{{ matrix.suffix }}}}
          tags: ${{{{ steps.meta.outputs.tags }}}}
"
    )
}

fn dockerfile(service: usize) -> String {
    format!(
        "FROM golang:1.23.{} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /out/app ./cmd/app

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/app /app
ENTRYPOINT [\"/app\"]
",
        service % 5
    )
}

fn compose(name: &str, service: usize) -> String {
    format!(
        "services:
  {name}:
    build: .
    image: shop/{name}:dev
    ports:
      - \"{}:8080\"
    depends_on:
      - database
  database:
    image: postgres:${{POSTGRES_VERSION:-16.{}}}
    environment:
      POSTGRES_PASSWORD: example
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data:
",
        8000 + service % 1000,
        service % 5
    )
}

fn values(name: &str, service: usize) -> String {
    let settings = variables(20, name, "  ");
    format!(
        "replicaCount: 2
image:
  repository: registry.example.com/shop/{name}
  tag: \"{}\"
  pullPolicy: IfNotPresent
sidecar:
  image: fluent/fluent-bit:3.1.{}
env:
{settings}",
        tag(service),
        service % 8
    )
}
