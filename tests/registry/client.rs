//! The cache, the limits of Docker Hub, and proxies.

use super::faults::{look, options};
use super::proxy::{Act, Proxy};
use super::push::{Repository, nanomq};
use super::run::Place;
use super::server::Server;
use taglint::registry::{Cache, Options};

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
    let proxy = Proxy::start(&server.host(), |_, _| {
        Act::Answer(super::proxy::Answer::new(404, ""))
    });
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
