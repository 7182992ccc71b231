//! What goes wrong in the wild, injected before a real registry: nothing panics, nothing is reported
//! that was not seen, and what is partial says so.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use taglint::audit::{Audit, Observed};
use taglint::image::ImageRef;
use taglint::project::Project;
use taglint::registry::{Client, Depth, Options, RegistryError, observe};
use taglint::rules::{Selection, run_audits};
use taglint::source::{FileId, Place, Source, Span};

use super::proxy::{Act, Answer, Proxy, Request};
use super::push::{Repository, nanomq};
use super::server::Server;

/// A registry in which the slim variant is missing from the newest version and `latest-full` stays
/// behind, so that there is something to be found.
fn faulty() -> Option<Server> {
    let server = Server::start()?;
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, &["0.24.7", "0.24.8"], &["", "-slim", "-full"]);
    nanomq(&repository, &["0.24.9"], &["", "-full"]);
    repository.copy("0.24.8-full", "latest-full");
    Some(server)
}

pub fn options() -> Options {
    Options {
        docker_config: None,
        timeout: Duration::from_secs(20),
        first_wait: Duration::from_millis(5),
        ..Options::default()
    }
}

pub fn look(host: &str, options: Options) -> Result<(Observed, usize), RegistryError> {
    let client = Client::new(options).unwrap();
    let image = ImageRef::parse_normalized(&format!("{host}/emqx/nanomq")).unwrap();
    let depth = Depth {
        versions: 2,
        all_digests: false,
        signatures: false,
    };
    let observed = observe(&client, &image, None, depth)?;
    Ok((observed, client.requests()))
}

/// The rules that report something of what was seen.
fn found(observed: &Observed) -> Vec<&'static str> {
    let at = Place {
        file: FileId(0),
        span: Span::default(),
    };
    let mut project = Project::default();
    project
        .sources
        .push(Source::new(observed.image.clone(), ""));
    let audits = [Audit::new(observed.clone(), None, at)];
    let findings = run_audits(&project, &audits, &Selection::default());
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules
}

/// Looks through a proxy: what was seen, what is found in it, and the proxy.
fn through(
    server: &Server,
    options: Options,
    script: impl Fn(&Request, usize) -> Act + Send + Sync + 'static,
) -> (Result<(Observed, usize), RegistryError>, Proxy) {
    let proxy = Proxy::start(&server.host(), script);
    (look(&proxy.host(), options), proxy)
}

const BOTH: [&str; 2] = ["absent-variant", "stale-channel"];

#[test]
fn without_faults_both_are_found() {
    let Some(server) = faulty() else { return };
    let (seen, proxy) = through(&server, options(), |_, _| Act::Forward);
    let (observed, requests) = seen.unwrap();
    assert_eq!(found(&observed), BOTH);
    assert!(observed.is_whole());
    assert_eq!(requests, proxy.requests().len());
}

#[test]
fn what_passes_is_asked_for_again() {
    let Some(server) = faulty() else { return };
    let faults: [fn() -> Act; 4] = [
        || Act::Answer(Answer::new(500, "")),
        || Act::Answer(Answer::new(429, "").with("retry-after", "0")),
        || Act::Answer(Answer::new(503, "<html>")),
        || Act::Cut,
    ];
    for fault in faults {
        let (seen, _) = through(&server, options(), move |_, before| match before {
            0 => fault(),
            _ => Act::Forward,
        });
        let (observed, _) = seen.unwrap();
        assert_eq!(found(&observed), BOTH);
        assert!(observed.is_whole(), "{:?}", observed.partial);
    }
}

#[test]
fn retry_after_is_waited_for() {
    let Some(server) = faulty() else { return };
    let started = Instant::now();
    let (seen, proxy) = through(&server, options(), |request, before| {
        match request.is("GET", "tags/list") && before == 0 {
            true => Act::Answer(Answer::new(429, "").with("retry-after", "1")),
            false => Act::Forward,
        }
    });
    assert!(seen.unwrap().0.is_whole());
    assert!(started.elapsed() >= Duration::from_secs(1));
    let lists = proxy
        .requests()
        .iter()
        .filter(|one| one.is("GET", "tags/list"))
        .count();
    assert_eq!(lists, 2);
}

#[test]
fn a_wait_longer_than_the_run_ends_it_at_once() {
    let Some(server) = faulty() else { return };
    let started = Instant::now();
    let two = Options {
        width: 2,
        ..options()
    };
    let under_way = AtomicUsize::new(0);
    let (seen, proxy) = through(&server, two, move |request, _| {
        if !request.is("HEAD", "manifests") {
            return Act::Forward;
        }
        // Neither is answered before both have come.
        under_way.fetch_add(1, Ordering::SeqCst);
        let patience = Instant::now() + Duration::from_secs(4);
        while under_way.load(Ordering::SeqCst) < 2 && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(2));
        }
        Act::Answer(Answer::new(429, "").with("retry-after", "3600"))
    });
    let (observed, _) = seen.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5));
    // The names alone tell that a variant is absent, and nothing of channels.
    assert_eq!(found(&observed), ["absent-variant"]);
    assert!(observed.complete && !observed.is_whole());
    assert!(
        observed.partial[0].contains("asks to wait 3600 s"),
        "{:?}",
        observed.partial
    );
    // The list, and the two that were under way together.
    assert_eq!(proxy.requests().len(), 3);
}

#[test]
fn a_registry_that_stays_down_is_an_error() {
    let Some(server) = faulty() else { return };
    let (seen, proxy) = through(&server, options(), |_, _| {
        Act::Answer(Answer::new(502, "no"))
    });
    assert!(
        matches!(seen, Err(RegistryError::Status { status: 502, .. })),
        "{seen:?}"
    );
    assert_eq!(proxy.requests().len(), 4);
}

#[test]
fn one_tag_that_fails_is_left_out() {
    let Some(server) = faulty() else { return };
    for tag in ["latest-full", "0.24.9-full"] {
        let path = format!("manifests/{tag}");
        let (seen, _) = through(&server, options(), move |request, _| {
            match request.path.ends_with(&path) {
                true => Act::Answer(Answer::new(500, "")),
                false => Act::Forward,
            }
        });
        let (observed, _) = seen.unwrap();
        assert_eq!(found(&observed), ["absent-variant"], "{tag}");
        assert!(observed.partial[0].contains(tag), "{:?}", observed.partial);
    }
}

#[test]
fn bad_json_is_an_error_or_partial() {
    let Some(server) = faulty() else { return };
    for bad in [
        "",
        "{",
        "[1]",
        "<html></html>",
        r#"{"tags": 5}"#,
        r#"{"tags": [1]}"#,
        "\u{0}\u{1}",
    ] {
        let (seen, _) = through(&server, options(), move |request, _| {
            match request.is("GET", "tags/list") {
                true => Act::Answer(Answer::new(200, bad)),
                false => Act::Forward,
            }
        });
        assert!(
            matches!(seen, Err(RegistryError::Malformed { .. })),
            "{bad}: {seen:?}"
        );
    }
    // A manifest by its digest has to have that digest, whatever it says.
    let (seen, _) = through(&server, options(), |request, _| {
        match request.is("GET", "manifests/") {
            true => Act::Answer(Answer::new(200, "{}")),
            false => Act::Forward,
        }
    });
    let (observed, _) = seen.unwrap();
    assert_eq!(found(&observed), BOTH);
    assert!(
        observed
            .partial
            .iter()
            .any(|line| line.contains("none of it is used"))
    );
    assert!(observed.tags.values().all(|seen| seen.platforms.is_none()));
}

#[test]
fn odd_tags_are_left_out() {
    let Some(server) = faulty() else { return };
    let (seen, _) = through(&server, options(), |request, _| {
        match request.is("GET", "tags/list") {
            true => Act::Answer(Answer::new(
                200,
                r#"{"tags": ["../../x", "", "a b", "latest\u001b[31m", "0.24.9"]}"#,
            )),
            false => Act::Forward,
        }
    });
    let (observed, _) = seen.unwrap();
    assert_eq!(observed.tags.keys().collect::<Vec<_>>(), ["0.24.9"]);
}

#[test]
fn digests_that_do_not_match_are_not_used() {
    let Some(server) = faulty() else { return };
    let other = format!("sha256:{}", "ab".repeat(32));
    // Without a digest beside the headers the manifest is read, and told another one it is refused.
    let (seen, _) = through(&server, options(), move |request, _| {
        let other = other.clone();
        match (
            request.method.as_str(),
            request.path.contains("manifests/latest"),
        ) {
            ("HEAD", true) => Act::Edit(Box::new(|mut answer| {
                answer
                    .headers
                    .retain(|(name, _)| name != "docker-content-digest");
                answer
            })),
            ("GET", true) => Act::Edit(Box::new(move |answer| {
                answer.with("docker-content-digest", &other)
            })),
            _ => Act::Forward,
        }
    });
    let (observed, _) = seen.unwrap();
    assert!(observed.digest("latest").is_none() && observed.digest("latest-full").is_none());
    assert_eq!(found(&observed), ["absent-variant"]);
    assert!(
        observed
            .partial
            .iter()
            .any(|line| line.contains("none of it is used"))
    );
}

#[test]
fn without_digests_in_headers_they_are_made_from_manifests() {
    let Some(server) = faulty() else { return };
    for status in [200, 405] {
        let (seen, _) = through(&server, options(), move |request, _| {
            match request.is("HEAD", "manifests/") {
                true => Act::Answer(Answer::new(status, "")),
                false => Act::Edit(Box::new(|mut answer| {
                    answer
                        .headers
                        .retain(|(name, _)| name != "docker-content-digest");
                    answer
                })),
            }
        });
        let (observed, _) = seen.unwrap();
        assert_eq!(found(&observed), BOTH, "{status}");
    }
}

/// A registry that gives its tags in pages, with what a test makes of the link.
fn paged(tags: &[&str], page: usize, link: fn(&str) -> Option<String>) -> Proxy {
    let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Proxy::start("127.0.0.1:1", move |request, _| {
        if !request.path.contains("tags/list") {
            return Act::Answer(Answer::new(404, ""));
        }
        let last = request.path.split("last=").nth(1).unwrap_or_default();
        let last = last.split('&').next().unwrap_or_default();
        let left: Vec<&String> = tags.iter().filter(|tag| tag.as_str() > last).collect();
        let shown: Vec<String> = left
            .iter()
            .take(page)
            .map(|tag| format!("{tag:?}"))
            .collect();
        let mut answer = Answer::new(
            200,
            &format!(r#"{{"name":"x","tags":[{}]}}"#, shown.join(",")),
        );
        if let Some(tag) = left.get(page.wrapping_sub(1))
            && left.len() > page
            && let Some(link) = link(tag)
        {
            answer = answer.with("link", &link);
        }
        Act::Answer(answer)
    })
}

fn listed(proxy: &Proxy) -> (Vec<String>, Option<String>) {
    let client = Client::new(options()).unwrap();
    let image = ImageRef::parse_normalized(&format!("{}/emqx/nanomq", proxy.host())).unwrap();
    let listing = client.tags(&image).unwrap();
    (listing.tags, listing.partial)
}

#[test]
fn pages_are_followed_by_link_and_by_last() {
    let five = ["a", "b", "c", "d", "e"];
    let by_link = paged(&five, 2, |last| {
        Some(format!(
            "</v2/emqx/nanomq/tags/list?n=2&last={last}>; rel=\"next\""
        ))
    });
    assert_eq!(listed(&by_link), (five.map(str::to_owned).to_vec(), None));
    assert_eq!(by_link.requests().len(), 3);
    // Cut at a hundred without a word of it, as some registries do.
    let many: Vec<String> = (0..250).map(|number| format!("t{number:03}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let silent = paged(&many, 100, |_| None);
    let (tags, partial) = listed(&silent);
    assert_eq!((tags.len(), partial), (250, None));
}

#[test]
fn pages_that_lead_nowhere_are_partial() {
    let five = ["a", "b", "c", "d", "e"];
    for (link, why) in [
        (
            (|_| Some("</v2/emqx/nanomq/tags/list?n=1000>; rel=next".to_owned())) as fn(&str) -> _,
            "again",
        ),
        (
            |_| Some("</v2/emqx/nanomq/tags/list?last=>; rel=next".to_owned()),
            "again",
        ),
        (
            |_| Some("<http://127.0.0.2:1/v2/emqx/nanomq/tags/list?last=b>; rel=next".to_owned()),
            "elsewhere",
        ),
        (
            |_| Some("</v2/other/tags/list?last=b>; rel=next".to_owned()),
            "elsewhere",
        ),
        (|_| Some("<http://[>; rel=next".to_owned()), "elsewhere"),
    ] {
        let proxy = paged(&five, 2, link);
        let client = Client::new(options()).unwrap();
        let image = ImageRef::parse_normalized(&format!("{}/emqx/nanomq", proxy.host())).unwrap();
        match client.tags(&image) {
            Ok(listing) => {
                let partial = listing.partial.unwrap();
                assert!(partial.contains(why), "{partial}");
            }
            Err(error) => assert!(error.to_string().contains(why), "{error}"),
        }
        assert!(proxy.requests().len() < 5);
    }
}

#[test]
fn pages_without_end_come_to_an_end() {
    // Each page is empty, and names another one.
    let proxy = Proxy::start("127.0.0.1:1", |request, _| {
        let number = request.path.len();
        Act::Answer(Answer::new(200, r#"{"tags":[]}"#).with(
            "link",
            &format!(
                "</v2/emqx/nanomq/tags/list?last={}>; rel=next",
                "x".repeat(number)
            ),
        ))
    });
    let (tags, partial) = listed(&proxy);
    assert!(tags.is_empty() && partial.unwrap().contains("empty page"));
    assert!(proxy.requests().len() < 20);
    // The second page fails: what the first one showed is kept, and nothing counts as absent.
    let Some(server) = faulty() else { return };
    let (seen, _) = through(&server, options(), |request, _| {
        match (
            request.path.contains("tags/list"),
            request.path.contains("last="),
        ) {
            (true, true) => Act::Answer(Answer::new(404, "")),
            (true, false) => Act::Edit(Box::new(|answer| {
                answer.with("link", "</v2/emqx/nanomq/tags/list?last=m>; rel=next")
            })),
            _ => Act::Forward,
        }
    });
    let (observed, _) = seen.unwrap();
    assert!(!observed.complete && !observed.tags.is_empty());
    assert_eq!(found(&observed), ["stale-channel"]);
}

#[test]
fn bodies_have_an_end() {
    let Some(server) = faulty() else { return };
    let huge = format!("{{\"config\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    let (seen, _) = through(&server, options(), move |request, _| {
        match request.is("GET", "manifests/") {
            true => Act::Answer(Answer::new(200, &huge)),
            false => Act::Forward,
        }
    });
    let (observed, _) = seen.unwrap();
    assert!(
        observed.partial[0].contains("more than 4096 KiB"),
        "{:?}",
        observed.partial
    );
    assert_eq!(found(&observed), BOTH);
}

#[test]
fn a_slow_registry_is_waited_for_as_long_as_the_run_may_take() {
    let Some(server) = faulty() else { return };
    let slow = |_: &Request, _: usize| Act::Slow(Duration::from_millis(300));
    let (seen, _) = through(&server, options(), slow);
    assert_eq!(found(&seen.unwrap().0), BOTH);
    let short = Options {
        timeout: Duration::from_millis(500),
        ..options()
    };
    let started = Instant::now();
    let (seen, _) = through(&server, short, slow);
    assert!(started.elapsed() < Duration::from_secs(3));
    let (observed, _) = seen.unwrap();
    assert!(observed.complete && !observed.is_whole());
    assert_eq!(found(&observed), ["absent-variant"]);
    let none = Options {
        timeout: Duration::from_millis(100),
        ..options()
    };
    let (seen, _) = through(&server, none, slow);
    assert!(matches!(seen, Err(RegistryError::OutOfTime)), "{seen:?}");
}

#[test]
fn redirects_without_end_are_left() {
    let Some(server) = faulty() else { return };
    let (seen, proxy) = through(&server, options(), |request, _| {
        let path = format!("{}x", request.path);
        Act::Answer(Answer::new(307, "").with("location", &path))
    });
    assert!(
        matches!(seen, Err(RegistryError::Malformed { .. })),
        "{seen:?}"
    );
    assert_eq!(proxy.requests().len(), 6);
}
