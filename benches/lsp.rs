//! From a keystroke to its findings: a client types into a file and waits for what the server says of
//! that very text. Run by `cargo bench --bench lsp`; prints one row a case, in milliseconds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code
)]

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::json;

#[path = "../tests/lsp/client.rs"]
mod client;

use client::Client;

/// Keystrokes that count, and those before that do not.
const KEYS: usize = 300;
const WARM: usize = 20;

fn main() {
    println!(
        "{:48} {:>7} {:>7} {:>7} {:>7}",
        "case", "p50", "p90", "p99", "most"
    );
    let path = ".github/workflows/release.yml";
    // One job in eight publishes, as in large workflows that are about; and all of them, as in none.
    for every in [8, 1] {
        let flow = workflow(2000, every);
        let files = [(path.to_owned(), flow.clone())];
        let lines = flow.lines().count();
        let jobs = flow.matches("    runs-on:").count();
        let publish = jobs.div_ceil(every);
        let case = format!("{lines} lines of workflow, {publish} of {jobs} jobs publish");
        measure(&case, &files, path, 0);
    }
    for count in [100, 1000, 5000] {
        let files: Vec<(String, String)> = (0..count).map(manifest).collect();
        let (path, text) = files[count / 2].clone();
        let line = text
            .lines()
            .position(|line| line.contains("image:"))
            .unwrap();
        measure(&format!("one of {count} manifests"), &files, &path, line);
    }
    let mut files: Vec<(String, String)> = (0..1000).map(manifest).collect();
    files.push((path.to_owned(), workflow(300, 1)));
    let case = "300 lines of workflow beside 1000 manifests";
    measure(case, &files, path, 0);
}

/// Types at the end of a line, letter by letter, and takes every tenth back.
fn measure(case: &str, files: &[(String, String)], path: &str, line: usize) {
    let borrowed: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    let mut client = Client::start(&borrowed);
    client.open_saved(path);
    let text = &files.iter().find(|(own, _)| own == path).unwrap().1;
    let end = text.lines().nth(line).unwrap().len();
    let mut typed = 0;
    let mut times: Vec<Duration> = Vec::new();
    for key in 0..WARM + KEYS {
        let (from, to, letter) = match typed {
            10 => (end, end + 10, ""),
            typed => (end + typed, end + typed, "x"),
        };
        typed = if letter.is_empty() { 0 } else { typed + 1 };
        let range = json!({ "start": { "line": line, "character": from },
                            "end": { "line": line, "character": to } });
        let started = Instant::now();
        let version = client.change(path, json!([{ "range": range, "text": letter }]));
        loop {
            let told = client.heard("textDocument/publishDiagnostics");
            if told["version"] == version {
                break;
            }
        }
        if key >= WARM {
            times.push(started.elapsed());
        }
    }
    times.sort();
    let at = |share: usize| {
        times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0
    };
    println!(
        "{case:48} {:7.2} {:7.2} {:7.2} {:7.2}",
        at(50),
        at(90),
        at(99),
        at(100)
    );
    client.stop();
}

/// A manifest of a deployment with two containers; one in ten floats.
fn manifest(index: usize) -> (String, String) {
    let tag = if index.is_multiple_of(10) {
        "latest"
    } else {
        "1.27.4"
    };
    let text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-{index}\n  namespace: team-{}\n\
         spec:\n  replicas: 3\n  selector:\n    matchLabels: {{ app: app-{index} }}\n  template:\n    \
         metadata:\n      labels: {{ app: app-{index} }}\n    spec:\n      containers:\n        - name: main\n          \
         image: registry.example.org/team/app-{index}:{tag}\n          ports:\n            - containerPort: 8080\n          \
         resources:\n            limits: {{ memory: 256Mi, cpu: 500m }}\n          env:\n            - name: MODE\n              \
         value: production\n        - name: proxy\n          image: envoyproxy/envoy:v1.30.1\n---\n\
         apiVersion: v1\nkind: Service\nmetadata:\n  name: app-{index}\nspec:\n  selector: {{ app: app-{index} }}\n",
        index % 20
    );
    (format!("deploy/team-{}/app-{index}.yaml", index % 20), text)
}

/// A workflow of so many lines: jobs with a matrix that tag and push, and jobs that run scripts.
///
/// One job in `every` publishes; the others check and test.
fn workflow(lines: usize, every: usize) -> String {
    let mut text = "# note\nname: release\non:\n  push: { tags: [\"v*\"], branches: [main] }\n  pull_request:\njobs:\n".to_owned();
    let mut job: usize = 0;
    while text.lines().count() < lines {
        if !job.is_multiple_of(every) {
            let _ = write!(text, "{}", tested(job));
        } else if job % 3 == 2 {
            let _ = write!(text, "{}", scripted(job));
        } else {
            let _ = write!(text, "{}", tagged(job));
        }
        job += 1;
    }
    text
}

fn tagged(job: usize) -> String {
    format!(
        r#"  image-{job}:
    runs-on: ubuntu-24.04
    permissions: {{ contents: read, packages: write }}
    strategy:
      fail-fast: false
      matrix:
        suffix: ["", "-slim", "-full"]
    steps:
      - uses: actions/checkout@v5
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${{{{ github.actor }}}}
          password: ${{{{ secrets.GITHUB_TOKEN }}}}
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: ghcr.io/acme/app-{job}
          flavor: |
            latest=auto
            suffix=${{{{ matrix.suffix }}}},onlatest=true
          tags: |
            type=semver,pattern={{{{version}}}}
            type=semver,pattern={{{{major}}}}.{{{{minor}}}}
            type=ref,event=branch
      - uses: docker/build-push-action@v6
        with:
          context: app-{job}
          push: ${{{{ github.event_name != 'pull_request' }}}}
          platforms: linux/amd64,linux/arm64
          tags: ${{{{ steps.meta.outputs.tags }}}}
          labels: ${{{{ steps.meta.outputs.labels }}}}
"#
    )
}

fn tested(job: usize) -> String {
    format!(
        r#"  test-{job}:
    runs-on: ${{{{ matrix.os }}}}
    strategy:
      matrix:
        os: [ubuntu-24.04, macos-15, windows-2025]
    env:
      RUST_BACKTRACE: 1
      FEATURES: ${{{{ github.event_name == 'pull_request' && 'fast' || 'all' }}}}
    steps:
      - uses: actions/checkout@v5
      - uses: actions/cache@v4
        with:
          path: ~/.cache/app-{job}
          key: ${{{{ runner.os }}}}-${{{{ hashFiles('**/Cargo.lock') }}}}
      - name: Build
        run: |
          set -euo pipefail
          cargo build --locked --features "$FEATURES"
          if [ -n "${{CI:-}}" ]; then
            echo "version=$(git describe --tags)" >>"$GITHUB_OUTPUT"
          fi
      - name: Test
        run: cargo test --locked --features "$FEATURES" -- --test-threads 4
      - uses: actions/upload-artifact@v4
        if: failure()
        with:
          name: logs-{job}-${{{{ matrix.os }}}}
          path: target/logs
"#
    )
}

fn scripted(job: usize) -> String {
    format!(
        r#"  script-{job}:
    runs-on: ubuntu-24.04
    needs: [image-{}]
    steps:
      - uses: actions/checkout@v5
      - name: Test
        run: |
          make test
          ./scripts/check --all
      - name: Push
        if: startsWith(github.ref, 'refs/tags/')
        env:
          IMAGE: acme/tool-{job}
        run: |
          version="${{GITHUB_REF#refs/tags/v}}"
          docker build -t "$IMAGE:$version" -t "$IMAGE:latest" tool-{job}
          if [[ "$version" != *-* ]]; then
            docker push "$IMAGE:latest"
          fi
          docker push "$IMAGE:$version"
"#,
        job - 1
    )
}
