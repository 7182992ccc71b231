//! States of a real registry, each with exactly what is found in it.

use super::push::{INDEX, MANIFEST, Repository, configuration, digest, image, nanomq};
use super::run::{Audited, Place};
use super::server::Server;

const VERSIONS: &[&str] = &["0.24.6", "0.24.7", "0.24.8", "0.24.9"];
const SUFFIXES: &[&str] = &["", "-slim", "-full"];

/// A registry with NanoMQ's images and what a test changes in it, audited.
fn audited(change: impl Fn(&Repository), arguments: &[&str]) -> Option<Audited> {
    let server = Server::start()?;
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, VERSIONS, SUFFIXES);
    change(&repository);
    let image = repository.image();
    let place = Place::new();
    Some(place.audit(&[&[image.as_str()], arguments].concat()))
}

fn exactly(audited: &Audited, findings: &[&str]) {
    assert_eq!(audited.findings(), findings, "{}", audited.json);
    assert_eq!(audited.partial(), Vec::<String>::new());
    assert_eq!(
        audited.status,
        i32::from(!findings.is_empty()),
        "{}",
        audited.error
    );
}

#[test]
fn a_good_registry_has_no_findings() {
    let Some(audited) = audited(|_| {}, &[]) else {
        return;
    };
    exactly(&audited, &[]);
    assert_eq!(audited.channel("latest"), "newest 0.24.9");
    assert_eq!(audited.channel("latest-slim"), "newest 0.24.9-slim");
    assert_eq!(audited.json["images"][0]["tags"], 15);
    let newest = &audited.json["images"][0]["versions"][0];
    assert_eq!(newest["version"], "0.24.9");
    assert_eq!(newest["tags"]["full"]["platforms"][0], "linux/amd64");
}

#[test]
fn latest_is_the_slim_image() {
    let change = |repository: &Repository| repository.copy("0.24.9-slim", "latest");
    let Some(audited) = audited(change, &[]) else {
        return;
    };
    exactly(&audited, &["crossed-channel nanomq:latest"]);
    assert_eq!(audited.channel("latest"), "crossed 0.24.9-slim");
}

#[test]
fn a_variant_stops_appearing() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, &["0.24.5", "0.24.6"], SUFFIXES);
    nanomq(&repository, &["0.24.7", "0.24.8", "0.24.9"], &["", "-full"]);
    let audited = Place::new().audit(&[&repository.image()]);
    exactly(&audited, &["absent-variant nanomq:0.24.9-slim"]);
    let finding = &audited.json["findings"][0];
    assert_eq!(
        finding["message"],
        "`slim` is missing since 0.24.7 (3 versions)"
    );
    assert_eq!(finding["notes"][1], "`latest-slim` still is `0.24.6-slim`");
}

#[test]
fn a_variant_is_missing_from_one_version() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, &["0.24.6"], SUFFIXES);
    nanomq(&repository, &["0.24.7"], &["", "-full"]);
    nanomq(&repository, &["0.24.8"], SUFFIXES);
    let audited = Place::new().audit(&[&repository.image()]);
    exactly(&audited, &["absent-variant nanomq:0.24.7-slim"]);
}

#[test]
fn a_channel_stays_behind() {
    let change = |repository: &Repository| repository.copy("0.24.7-full", "latest-full");
    let Some(audited) = audited(change, &[]) else {
        return;
    };
    exactly(&audited, &["stale-channel nanomq:latest-full"]);
    assert_eq!(audited.channel("latest-full"), "other 0.24.7-full");
}

#[test]
fn a_prerelease_and_a_backport_are_never_newest() {
    let change = |repository: &Repository| {
        for suffix in SUFFIXES {
            repository.push(&format!("0.25.0-rc.1{suffix}"), &format!("rc{suffix}"));
            repository.push(&format!("0.23.12{suffix}"), &format!("backport{suffix}"));
        }
    };
    let Some(good) = audited(change, &[]) else {
        return;
    };
    exactly(&good, &[]);
    let moved = |repository: &Repository| {
        change(repository);
        repository.copy("0.25.0-rc.1", "latest");
    };
    let Some(bad) = audited(moved, &[]) else {
        return;
    };
    exactly(&bad, &["stale-channel nanomq:latest"]);
    let message = bad.json["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("a pre-release"), "{message}");
}

#[test]
fn a_channel_is_no_version_and_another_is_absent() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, VERSIONS, &["", "-slim"]);
    repository.push("latest", "built from a branch");
    for version in VERSIONS {
        repository.push(&format!("{version}-full"), &format!("{version}-full"));
    }
    let audited = Place::new().audit(&[&repository.image()]);
    exactly(
        &audited,
        &[
            "absent-channel nanomq:latest-full",
            "orphan-channel nanomq:latest",
        ],
    );
}

#[test]
fn platforms_are_compared_between_siblings() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    let both = &["linux/amd64", "linux/arm64"];
    for version in ["0.24.8", "0.24.9"] {
        repository.push_index(version, version, both);
        repository.push_index(&format!("{version}-full"), &format!("{version}-full"), both);
    }
    repository.push_index("0.24.8-slim", "0.24.8-slim", both);
    // One platform, and no index around it.
    repository.push("0.24.9-slim", "0.24.9-slim");
    for suffix in SUFFIXES {
        repository.copy(&format!("0.24.9{suffix}"), &format!("latest{suffix}"));
    }
    let audited = Place::new().audit(&[&repository.image()]);
    exactly(&audited, &["absent-platform nanomq:0.24.9-slim"]);
    let message = audited.json["findings"][0]["message"].as_str().unwrap();
    assert_eq!(
        message,
        "`0.24.9-slim` is not for `linux/arm64`, and `0.24.9` is"
    );
}

#[test]
fn a_moved_version_is_found_by_the_state_of_the_last_audit() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, VERSIONS, SUFFIXES);
    let image = repository.image();
    let place = Place::new();
    let first = place.audit(&[&image, "--state", "state.json"]);
    exactly(&first, &[]);
    repository.push("0.24.7-full", "another one");
    let read = place.audit(&[&image, "--since", "state.json"]);
    exactly(&read, &["moved-version nanomq:0.24.7-full"]);
    let again = place.audit(&[&image, "--state", "state.json"]);
    exactly(&again, &["moved-version nanomq:0.24.7-full"]);
    let after = place.audit(&[&image, "--state", "state.json"]);
    exactly(&after, &[]);
    let offline = place.audit(&["--from", "state.json"]);
    exactly(&offline, &[]);
    assert_eq!(offline.requests(), 0);
}

#[test]
fn signatures_are_asked_for_where_the_policy_does() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, &["0.24.8", "0.24.9"], SUFFIXES);
    let place = Place::new();
    place.write(
        "taglint.yaml",
        &format!(
            "version: 1\nschemes:\n  - image: {}\n    variants: {{ base: '', slim: '-slim', full: '-full' }}\n    signed: true\n",
            repository.image()
        ),
    );
    let name = |tag: &str| repository.digest_of(tag).replace(':', "-");
    let config = configuration("linux/amd64");
    for tag in ["0.24.8", "0.24.8-slim", "0.24.8-full", "0.24.9"] {
        let signature = image(&config, &format!("signature of {tag}"));
        repository.manifest(&format!("{}.sig", name(tag)), MANIFEST, &signature);
    }
    // By the fallback tag of registries without the API of referrers, as this one is.
    let signature = image(&config, "an attestation");
    repository.manifest("attestation", MANIFEST, &signature);
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{{"mediaType":"{MANIFEST}","size":{},"digest":"{}","artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json"}}]}}"#,
        signature.len(),
        digest(signature.as_bytes())
    );
    repository.manifest(&name("0.24.9-full"), INDEX, &index);
    // The policy of the folder names the image.
    let audited = place.audit(&[]);
    exactly(&audited, &["unsigned nanomq:0.24.9-slim"]);
    assert_eq!(audited.json["images"][0]["declared"], true);
}

#[test]
fn the_policy_decides_over_levels_exceptions_and_variants() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, VERSIONS, &["", "-slim"]);
    repository.copy("0.24.9-slim", "latest");
    let image = repository.image();
    let place = Place::new();
    let policy = |more: &str| {
        place.write(
            "taglint.yaml",
            &format!("version: 1\nschemes:\n  - image: {image}\n    variants: {{ base: '', slim: '-slim', full: '-full' }}\n{more}"),
        );
    };
    policy("rules: { crossed-channel: warning }\n");
    let declared = place.audit(&[&image]);
    assert_eq!(
        declared.findings(),
        ["absent-variant nanomq", "crossed-channel nanomq:latest"]
    );
    assert_eq!(declared.json["findings"][1]["level"], "warning");
    assert_eq!(
        place.audit(&[&image, "--ignore", "registry"]).findings(),
        Vec::<String>::new()
    );
    let only = place.audit(&[&image, "--select", "crossed-channel", "--fail-on", "error"]);
    assert_eq!((only.findings().len(), only.status), (1, 0));
    policy(&format!(
        "allow:\n  - {{ image: '{image}', rules: [crossed-channel, absent-variant], reason: known }}\n"
    ));
    exactly(&place.audit(&[&image]), &[]);
    policy("rules: { crossed-chanel: warning }\n");
    let refused = place.audit(&[&image]);
    assert_eq!(refused.status, 2);
    assert!(
        refused.error.contains("crossed-chanel"),
        "{}",
        refused.error
    );
    assert_eq!(refused.requests(), 0);
}

const WORKFLOW: &str = r#"on: { push: { tags: ["v*"] } }
jobs:
  image:
    runs-on: ubuntu-24.04
    strategy: { matrix: { suffix: ["", "-slim"] } }
    steps:
      - run: |
          docker build -t emqx/nanomq:${GITHUB_REF_NAME#v}${{ matrix.suffix }} .
          docker push emqx/nanomq:${GITHUB_REF_NAME#v}${{ matrix.suffix }}
"#;

#[test]
fn the_images_that_workflows_publish_are_audited() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, VERSIONS, SUFFIXES);
    repository.copy("0.24.8-slim", "latest-slim");
    let place = Place::new();
    place.write(".github/workflows/release.yml", WORKFLOW);
    let audited = place.audit(&["--registry-mirror", &server.host()]);
    exactly(&audited, &["stale-channel nanomq:latest-slim"]);
    assert_eq!(audited.json["images"][0]["image"], "docker.io/emqx/nanomq");
    assert_eq!(audited.json["images"].as_array().unwrap().len(), 1);
    // Findings of code scanning stand in a file.
    let mirror = server.host();
    let output = place.taglint(&["audit", "--registry-mirror", &mirror, "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let at = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(
        at["artifactLocation"]["uri"],
        ".github/workflows/release.yml"
    );
    // The `-t` of the build.
    assert_eq!(at["region"]["startLine"], 8);
}
