//! The cache, the limits of Docker Hub, and proxies.

use super::faults::{look, options};
use super::proxy::{Act, Answer, Proxy};
use super::push::{INDEX, MANIFEST, Repository, nanomq};
use super::run::Place;
use super::server::Server;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use taglint::image::ImageRef;
use taglint::registry::{Cache, Client, Depth, Options, observe};

fn good() -> Option<Server> {
    let server = Server::start()?;
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, &["0.24.8", "0.24.9"], &["", "-slim"]);
    Some(server)
}

#[test]
fn what_is_cached_is_checked_and_not_asked_for_again() {
    let Some(server) = good() else { return };
    let folder = tempfile::tempdir().unwrap();
    let with_cache = || Options {
        cache: Some(Cache::at(folder.path())),
        ..options()
    };
    let (first, cold) = look(&server.host(), with_cache()).unwrap();
    let (second, warm) = look(&server.host(), with_cache()).unwrap();
    assert_eq!(first, second);
    // The list, two channels and two versions of two variants.
    assert_eq!(warm, 7);
    assert!(cold > warm + 4, "{cold}");
    let mut spoiled = 0;
    for entry in walkdir::WalkDir::new(folder.path()) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            std::fs::write(entry.path(), r#"{"config":{"digest":"sha256:00"}}"#).unwrap();
            spoiled += 1;
        }
    }
    assert_eq!(spoiled, 5);
    let (third, again) = look(&server.host(), with_cache()).unwrap();
    assert_eq!(first, third);
    assert!(again > warm + 4, "{again}");
}

#[test]
fn the_cache_of_the_user_can_be_left_alone() {
    let Some(server) = good() else { return };
    let image = format!("{}/emqx/nanomq", server.host());
    let place = Place::new();
    let files = || walkdir::WalkDir::new(place.cache()).into_iter().count();
    assert_eq!(place.audit(&[&image, "--no-cache"]).status, 0);
    assert_eq!(files(), 1);
    assert_eq!(place.audit(&[&image]).status, 0);
    assert!(files() > 5);
    assert!(place.cache().join("taglint/registry/sha256").is_dir());
}

#[test]
fn the_limits_of_the_registry_are_told() {
    let Some(server) = good() else { return };
    let proxy = Proxy::start(&server.host(), |request, _| {
        let left = if request.method == "GET" {
            "41;w=21600"
        } else {
            "76;w=21600"
        };
        Act::Edit(Box::new(move |answer| {
            answer
                .with("ratelimit-limit", "100;w=21600")
                .with("ratelimit-remaining", left)
        }))
    });
    let image = format!("{}/emqx/nanomq", proxy.host());
    let place = Place::new();
    let limit = &place.audit(&[&image]).json["summary"]["rate_limit"];
    assert_eq!(limit["remaining"], 41);
    assert_eq!(limit["window_seconds"], 21600);
    let output = place.taglint(&["audit", &image]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("41 of 100 pulls left"), "{text}");
}

#[test]
fn a_proxy_is_used_unless_the_host_is_exempt() {
    let Some(server) = good() else { return };
    // It is asked for the whole address, which is all that this test needs to see.
    let proxy = Proxy::start(&server.host(), |_, _| Act::Answer(Answer::new(404, "")));
    let image = format!("{}/emqx/nanomq", server.host());
    let place = Place::new();
    let run = |exempt: &str| {
        let mut command = place.command(&["audit", &image]);
        command.env("HTTP_PROXY", format!("http://{}", proxy.host()));
        command.env("ALL_PROXY", format!("http://{}", proxy.host()));
        command.env("NO_PROXY", exempt);
        command.output().unwrap().status.code()
    };
    assert_eq!(run("127.0.0.1"), Some(0));
    assert_eq!(proxy.requests().len(), 0);
    assert_eq!(run("other.example"), Some(2));
    assert!(!proxy.requests().is_empty());
}

#[test]
fn nothing_is_asked_of_any_registry_without_being_told_to() {
    let Some(server) = good() else { return };
    let proxy = Proxy::start(&server.host(), |_, _| Act::Forward);
    let place = Place::new();
    place.write(
        "prod/compose.yml",
        &format!(
            "services: {{web: {{image: '{}/emqx/nanomq:latest'}}}}\n",
            proxy.host()
        ),
    );
    place.write(
        "taglint.yaml",
        &format!(
            "version: 1\nschemes: [{{image: '{}/emqx/nanomq'}}]\n",
            proxy.host()
        ),
    );
    for arguments in [
        &["check"][..],
        &["check", "--fix"],
        &["plan"],
        &["init", "--force"],
    ] {
        place.taglint(arguments);
    }
    assert_eq!(proxy.requests().len(), 0);
}

#[test]
fn no_more_requests_are_under_way_than_allowed() {
    let Some(server) = good() else {
        return;
    };
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, seen) = (Arc::clone(&now), Arc::clone(&most));
    let proxy = Proxy::start(&server.host(), move |_, _| {
        let under_way = counted.fetch_add(1, Ordering::SeqCst) + 1;
        seen.fetch_max(under_way, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(40));
        counted.fetch_sub(1, Ordering::SeqCst);
        Act::Forward
    });
    for width in [1, 3] {
        most.store(0, Ordering::SeqCst);
        let some = Options { width, ..options() };
        assert!(look(&proxy.host(), some).unwrap().0.is_whole());
        assert_eq!(most.load(Ordering::SeqCst), width);
    }
}

/// A registry with the API of referrers, which the real one of these tests does not have.
#[test]
fn signatures_are_found_by_the_api_of_referrers() {
    let Some(server) = good() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    let signed = format!("/referrers/{}", repository.digest_of("0.24.9"));
    let broken = format!("/referrers/{}", repository.digest_of("0.24.8"));
    let proxy = Proxy::start(&server.host(), move |request, _| {
        let index = |entries: &str| {
            let text =
                format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{entries}]}}"#);
            Act::Answer(Answer::new(200, &text).with("content-type", INDEX))
        };
        let entry = |kind: &str| {
            let hex = "ab".repeat(32);
            format!(
                r#"{{"mediaType":"{MANIFEST}","size":1,"digest":"sha256:{hex}","artifactType":"{kind}"}}"#
            )
        };
        match request.path.contains("/referrers/") {
            true if request.path.ends_with(&signed) => {
                let (other, own) = (
                    entry("text/plain"),
                    entry("application/vnd.dev.cosign.artifact.sig.v1+json"),
                );
                index(&format!("{other},{own}"))
            }
            true if request.path.ends_with(&broken) => Act::Answer(Answer::new(200, "[")),
            true => index(&entry("application/spdx+json")),
            false => Act::Forward,
        }
    });
    let client = Client::new(options()).unwrap();
    let image = ImageRef::parse_normalized(&format!("{}/emqx/nanomq", proxy.host())).unwrap();
    let depth = Depth {
        versions: 2,
        all_digests: false,
        signatures: true,
    };
    let observed = observe(&client, &image, None, depth).unwrap();
    let signed = |tag: &str| observed.tags[tag].signed;
    assert_eq!(signed("0.24.9"), Some(true));
    assert_eq!(signed("0.24.9-slim"), Some(false));
    assert_eq!(signed("0.24.8"), None);
    assert!(
        observed.partial[0].starts_with("the signatures of `0.24.8`"),
        "{:?}",
        observed.partial
    );
}
