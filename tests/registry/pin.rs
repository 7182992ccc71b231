//! References rewritten by what a real registry holds.

use std::process::Output;

use super::proxy::{Act, Answer, Proxy};
use super::push::{Repository, nanomq};
use super::run::Place;
use super::server::Server;

/// A registry that stands in for Docker Hub.
fn hub() -> Option<Server> {
    let server = Server::start()?;
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(
        &repository,
        &["0.23.9", "0.24.8", "0.24.9"],
        &["", "-slim", "-full"],
    );
    repository.copy("0.24.8-full", "latest-full");
    repository.push("1.0.0-rc.1", "candidate");
    repository.push("edge", "built from a branch");
    repository.copy("0.24.9", "0.24");
    let nginx = Repository::new(&server.host(), "library/nginx");
    nanomq(&nginx, &["1.27.4", "1.28.0"], &["", "-alpine"]);
    Some(server)
}

fn taglint(place: &Place, server: &Server, arguments: &[&str]) -> Output {
    let mirror = server.host();
    place.taglint(&[arguments, &["--registry-mirror", &mirror]].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const MANIFEST: &str = r#"# The broker.
apiVersion: apps/v1
kind: Deployment
metadata: { name: broker }
spec:
  template:
    spec:
      containers:
        - name: a # the slim one
          image: emqx/nanomq:latest-slim # follows the slim image
        - {name: b, image: "docker.io/emqx/nanomq"}
        - name: c
          image: &full 'emqx/nanomq:latest-full'
        - name: d
          image: *full
        - name: e
          image: nginx:1.27.4
        - name: f
          image: emqx/nanomq:0.24
        - name: g
          image: emqx/nanomq:edge
"#;

#[test]
fn references_become_the_versions_that_they_stand_for() {
    let Some(server) = hub() else { return };
    let place = Place::new();
    place.write("prod/broker.yaml", MANIFEST);
    place.write(
        "prod/Dockerfile",
        "FROM nginx AS web\nFROM emqx/nanomq:slim\nRUN true # nginx:latest\n",
    );
    place.write(
        "prod/kustomization.yaml",
        "resources: [broker.yaml]\nimages:\n  - name: nginx\n    newTag: \"latest\" # the tag\n",
    );
    place.write("dev/compose.yml", "services: {web: {image: nginx}}\n");
    let diff = taglint(&place, &server, &["pin", "--diff"]);
    assert_eq!(diff.status.code(), Some(1));
    assert!(
        text(&diff.stdout)
            .contains("+          image: emqx/nanomq:0.24.9-slim # follows the slim image")
    );
    let check = taglint(&place, &server, &["pin", "--check"]);
    assert_eq!(check.status.code(), Some(1));
    assert_eq!(place.read("prod/broker.yaml"), MANIFEST);
    let pinned = taglint(&place, &server, &["pin"]);
    assert_eq!(pinned.status.code(), Some(0), "{}", text(&pinned.stderr));
    assert!(text(&pinned.stderr).contains("`emqx/nanomq:edge` is left as it is: no version"));
    let wanted = MANIFEST
        .replace("nanomq:latest-slim", "nanomq:0.24.9-slim")
        .replace(
            "\"docker.io/emqx/nanomq\"",
            "\"docker.io/emqx/nanomq:0.24.9\"",
        )
        .replace("nanomq:latest-full", "nanomq:0.24.8-full");
    assert_eq!(place.read("prod/broker.yaml"), wanted);
    assert_eq!(
        place.read("prod/Dockerfile"),
        "FROM nginx:1.28.0 AS web\nFROM emqx/nanomq:slim\nRUN true # nginx:latest\n"
    );
    // The registry has no `slim`, whatever that may stand for elsewhere.
    assert!(
        text(&pinned.stderr)
            .contains("`emqx/nanomq:slim` is left as it is: the registry has no such tag")
    );
    assert!(
        place
            .read("prod/kustomization.yaml")
            .contains("newTag: \"1.28.0\" # the tag")
    );
    assert_eq!(
        place.read("dev/compose.yml"),
        "services: {web: {image: nginx}}\n"
    );
    let again = taglint(&place, &server, &["pin", "--check"]);
    assert_eq!(
        (again.status.code(), text(&again.stdout)),
        (Some(0), String::new())
    );
    let everywhere = taglint(&place, &server, &["pin", "--all", "dev"]);
    assert_eq!(everywhere.status.code(), Some(0));
    assert_eq!(
        place.read("dev/compose.yml"),
        "services: {web: {image: nginx:1.28.0}}\n"
    );
    let partial = taglint(&place, &server, &["pin", "--partial", "--image", "emqx/*"]);
    assert_eq!(partial.status.code(), Some(0));
    assert!(
        place
            .read("prod/broker.yaml")
            .contains("image: emqx/nanomq:0.24.9\n        - name: g")
    );
}

#[test]
fn digests_come_and_go() {
    let Some(server) = hub() else { return };
    let nanomq = Repository::new(&server.host(), "emqx/nanomq");
    let place = Place::new();
    let before = "services:\n  a: { image: emqx/nanomq:latest-slim } # a\n  b: { image: 'nginx:1.27.4' }\n  c: { image: emqx/nanomq:edge }\n";
    place.write("prod/compose.yml", before);
    let pinned = taglint(&place, &server, &["pin", "--digest"]);
    assert_eq!(pinned.status.code(), Some(0), "{}", text(&pinned.stderr));
    let nginx = Repository::new(&server.host(), "library/nginx").digest_of("1.27.4");
    let (slim, edge) = (nanomq.digest_of("0.24.9-slim"), nanomq.digest_of("edge"));
    let wanted = format!(
        "services:\n  a: {{ image: \"emqx/nanomq:0.24.9-slim@{slim}\" }} # a\n  b: {{ image: 'nginx:1.27.4@{nginx}' }}\n  c: {{ image: \"emqx/nanomq:edge@{edge}\" }}\n"
    );
    let unquoted = wanted.replace('"', "");
    let now = place.read("prod/compose.yml");
    assert!(now == wanted || now == unquoted, "{now}");
    let again = taglint(&place, &server, &["pin", "--digest", "--check"]);
    assert_eq!(again.status.code(), Some(0));
    // An update takes the digest of the new version along.
    let updated = taglint(&place, &server, &["update", "--minor"]);
    assert_eq!(updated.status.code(), Some(0), "{}", text(&updated.stderr));
    let newest = Repository::new(&server.host(), "library/nginx").digest_of("1.28.0");
    assert!(
        place
            .read("prod/compose.yml")
            .contains(&format!("nginx:1.28.0@{newest}'"))
    );
    let let_go = taglint(&place, &server, &["unpin"]);
    assert_eq!(let_go.status.code(), Some(0));
    let now = place.read("prod/compose.yml").replace('"', "");
    assert_eq!(
        now,
        "services:\n  a: { image: emqx/nanomq:0.24.9-slim } # a\n  b: { image: 'nginx:1.28.0' }\n  c: { image: emqx/nanomq:edge }\n"
    );
    // A digest by itself is given the version that has it.
    place.write(
        "prod/compose.yml",
        &format!("services:\n  a:\n    image: emqx/nanomq@{slim}\n"),
    );
    assert_eq!(taglint(&place, &server, &["unpin"]).status.code(), Some(0));
    assert_eq!(
        place.read("prod/compose.yml"),
        "services:\n  a:\n    image: emqx/nanomq:0.24.9-slim\n"
    );
}

#[test]
fn updates_keep_the_variant_and_stay_within_their_bound() {
    let Some(server) = hub() else { return };
    let place = Place::new();
    let write = || {
        place.write("prod/compose.yml", "services:\n  a: { image: emqx/nanomq:0.23.9-slim }\n  b: { image: nginx:1.27.4-alpine }\n")
    };
    for (arguments, nanomq, nginx) in [
        (&["update", "--patch"][..], "0.23.9-slim", "1.27.4-alpine"),
        (&["update", "--minor"], "0.24.9-slim", "1.28.0-alpine"),
        (&["pin", "--update"], "0.24.9-slim", "1.28.0-alpine"),
    ] {
        write();
        let output = taglint(&place, &server, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let now = place.read("prod/compose.yml");
        assert_eq!(
            now,
            format!(
                "services:\n  a: {{ image: emqx/nanomq:{nanomq} }}\n  b: {{ image: nginx:{nginx} }}\n"
            )
        );
    }
}

#[test]
fn a_registry_that_does_not_answer_changes_nothing() {
    let Some(server) = hub() else { return };
    let place = Place::new();
    let before = "services:\n  a: { image: emqx/nanomq:latest }\n  b: { image: nginx:latest }\n";
    place.write("prod/compose.yml", before);
    let proxy = Proxy::start(&server.host(), |request, _| {
        match request.path.contains("nanomq") {
            true => Act::Answer(Answer::new(404, "{}")),
            false => Act::Answer(Answer::new(429, "").with("retry-after", "3600")),
        }
    });
    let output = place.taglint(&["pin", "--registry-mirror", &proxy.host()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("asks to wait 3600 s"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(place.read("prod/compose.yml"), before);
    // One that lists half of the tags: the version may be in the other half.
    let proxy = Proxy::start(&server.host(), |request, _| {
        match request.path.contains("tags/list") {
            true if request.path.contains("last") => Act::Answer(Answer::new(404, "")),
            true => Act::Answer(
                Answer::new(200, r#"{"tags":["0.23.9"]}"#).with("link", "<?last=x>; rel=next"),
            ),
            false => Act::Forward,
        }
    });
    let output = place.taglint(&[
        "pin",
        "--image",
        "emqx/nanomq",
        "--registry-mirror",
        &proxy.host(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("not all tags were listed"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(place.read("prod/compose.yml"), before);
}

#[test]
fn bad_usage_is_refused() {
    let place = Place::new();
    for arguments in [
        &["pin", "--minor"][..],
        &["pin", "--image", "a["],
        &["pin", "--check", "--diff"],
        &["audit", "nginx:1.27"],
        &["audit", "a b"],
        &[
            "audit",
            "nginx",
            "--registry-mirror",
            "https://mirror.example",
        ],
        &["audit", "nginx", "--insecure-registry", "a/b"],
        &["audit", "nginx", "--timeout", "18446744073709551615"],
        &["audit", "nginx", "--timeout", "0"],
    ] {
        let output = place.taglint(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
    let output = place.taglint(&["audit"]);
    assert!(
        text(&output.stderr).contains("name one"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn check_online_proposes_what_the_registry_has() {
    let Some(server) = hub() else { return };
    let place = Place::new();
    let before = "services:\n  a: { image: emqx/nanomq:latest-slim } # a\n  b: { image: nginx }\n  c: { image: emqx/nanomq:edge }\n  d: { image: 'nginx:1.28.0' }\n  e: { image: emqx/nanomq:0.24 }\n";
    place.write("prod/compose.yml", before);
    let offline = place.taglint(&["check", "--fix", "--quiet"]);
    assert_eq!(offline.status.code(), Some(1));
    let online = taglint(&place, &server, &["check", "--online", "--quiet"]);
    let told = text(&online.stdout);
    assert!(
        told.contains("the registry has `emqx/nanomq:0.24.9-slim` under the same digest now"),
        "{told}"
    );
    assert!(
        told.contains("no version of its variant has its digest"),
        "{told}"
    );
    assert_eq!(told.matches("fix: safe, --fix").count(), 2, "{told}");
    let fixed = taglint(&place, &server, &["check", "--online", "--fix", "--quiet"]);
    assert_eq!(fixed.status.code(), Some(1), "{}", text(&fixed.stderr));
    let wanted = before
        .replace("latest-slim", "0.24.9-slim")
        .replace("image: nginx }", "image: nginx:1.28.0 }");
    assert_eq!(place.read("prod/compose.yml"), wanted);
    let unsafely = taglint(
        &place,
        &server,
        &["check", "--online", "--fix", "--unsafe-fixes", "--quiet"],
    );
    assert_eq!(
        unsafely.status.code(),
        Some(1),
        "{}",
        text(&unsafely.stderr)
    );
    assert!(
        place
            .read("prod/compose.yml")
            .contains("e: { image: emqx/nanomq:0.24.9 }")
    );
    // A registry that is not there is a fault of the run, and the findings are told all the same.
    place.write("prod/compose.yml", before);
    let gone = place.taglint(&[
        "check",
        "--online",
        "--quiet",
        "--registry-mirror",
        "127.0.0.1:1",
    ]);
    assert_eq!(gone.status.code(), Some(2));
    assert!(
        text(&gone.stderr).contains("cannot be reached"),
        "{}",
        text(&gone.stderr)
    );
    assert_eq!(text(&gone.stdout).matches("warning[").count(), 3);
}

#[test]
fn the_policy_says_which_variant_a_channel_is() {
    let Some(server) = hub() else { return };
    Repository::new(&server.host(), "emqx/nanomq").copy("0.24.9-slim", "tiny");
    let place = Place::new();
    place.write(
        "prod/compose.yml",
        "services: {a: {image: 'emqx/nanomq:tiny'}}\n",
    );
    let unknown = taglint(&place, &server, &["pin", "--check"]);
    assert_eq!(unknown.status.code(), Some(0));
    place.write(
        "taglint.yaml",
        "version: 1\nschemes:\n  - image: emqx/nanomq\n    variants: { base: '', slim: '-slim' }\n    channels: { latest: { variants: { slim: tiny } } }\nenvironments: { production: { require: version } }\n",
    );
    let known = taglint(&place, &server, &["pin"]);
    assert_eq!(known.status.code(), Some(0), "{}", text(&known.stderr));
    assert_eq!(
        place.read("prod/compose.yml"),
        "services: {a: {image: 'emqx/nanomq:0.24.9-slim'}}\n"
    );
}

#[test]
fn a_tag_apart_is_pinned_where_it_stands() {
    let Some(server) = hub() else { return };
    let place = Place::new();
    let values =
        "# values\r\nimage:\r\n  repository: emqx/nanomq\r\n  tag: 'latest-slim' # the tag\r\n";
    place.write(
        "chart/Chart.yaml",
        "apiVersion: v2\nname: broker\nversion: 1.0.0\n",
    );
    place.write("chart/values-prod.yaml", values);
    let digest = taglint(&place, &server, &["pin", "--digest"]);
    assert_eq!(digest.status.code(), Some(0), "{}", text(&digest.stderr));
    assert!(
        text(&digest.stderr).contains("its tag stands apart"),
        "{}",
        text(&digest.stderr)
    );
    assert_eq!(place.read("chart/values-prod.yaml"), values);
    let pinned = taglint(&place, &server, &["pin"]);
    assert_eq!(pinned.status.code(), Some(0), "{}", text(&pinned.stderr));
    assert_eq!(
        text(&pinned.stdout),
        "chart/values-prod.yaml:4:8: emqx/nanomq:latest-slim -> emqx/nanomq:0.24.9-slim\n"
    );
    assert_eq!(
        place.read("chart/values-prod.yaml"),
        values.replace("latest-slim", "0.24.9-slim")
    );
}
